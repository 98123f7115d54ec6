"""What every section builder, recommendation rule and check is given: figures, names, wording and the edition."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from jieban.indicators.model import MISSING
from jieban.indicators.period import Period
from jieban.profile.city import Profile, Register
from jieban.profile.model import Named
from jieban.profile.workflow import Counting
from jieban.report.calendar_words import day_words, span_words
from jieban.report.checks.model import Check
from jieban.report.details import Details
from jieban.report.document import Edition, Figure, Measure, Text
from jieban.report.edited import Edited
from jieban.report.facts import Facts
from jieban.report.recommend.model import Advice
from jieban.report.rewording import Sentence
from jieban.report.sentences import Part, Runs, fill, phrase, places
from jieban.report.wording import REQUIRED_WORDING

N = TypeVar("N", bound=Named)

UNKNOWN = MISSING
"""The key of a cut for rows that lack the dimension, e.g. orders without a street."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What people changed: what was edited, the body's sentences and the advice as they were made, the note before."""

    edited: Edited | None
    sentences: tuple[Sentence, ...]
    found: tuple[Advice, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class Context:
    """One report in the making.

    `annexes` gives the number of each annex that has content, by section id. What is made after the other sections
    stands empty until then: the `advice`, the `checks` that ran, and the ids of the indicators that are printed
    anywhere (`used`) and in the body's sentences (`used_in_text`). `words` are None where nobody edited anything.
    """

    profile: Profile
    period: Period
    edition: Edition
    cutoff: datetime
    issued: datetime
    facts: Facts
    details: Details
    annexes: Mapping[str, int]
    advice: tuple[Advice, ...] = ()
    checks: tuple[Check, ...] = ()
    used: frozenset[str] = frozenset()
    used_in_text: frozenset[str] = frozenset()
    words: Words | None = None

    @cached_property
    def _common(self) -> Mapping[str, str]:
        kind = self.period.kind.value
        publication = self.profile.publication
        return {
            "this": self.profile.wording[f"period.{kind}.this"],
            "previous": self.profile.wording[f"period.{kind}.previous"],
            "year_before": self.profile.wording[f"period.{kind}.year_before"],
            "span": span_words(self.period.first, self.period.last),
            "city": publication.city,
            "hotline": publication.hotline,
            "centre": publication.dispatching_centre,
            "role": self.profile.wording[f"role.{self.profile.workflow.co_handling.counting.value}"],
        }

    @property
    def lead_only(self) -> bool:
        """Whether of an order that several units handle the lead's handling alone counts."""
        return self.profile.workflow.co_handling.counting is Counting.LEAD_ONLY

    def say(self, key: str, /, **values: Part) -> Runs:
        """The phrase `key` filled. Raises BadProfile for one that the profile lacks or that asks for too much."""
        if key not in REQUIRED_WORDING:
            raise ValueError(f"undeclared wording key {key!r}")
        return phrase(self.profile.wording, key, **self._common, **values)

    def fill(self, template: str, name: str, /, **values: Part) -> Runs:
        """A template that isn't part of the wording filled, e.g. a recommendation's text."""
        return fill(template, name, **self._common, **values)

    def word(self, key: str, /, **values: str) -> str:
        """A phrase that takes words only, as text: a heading, a caption, a column's name."""
        runs = self.say(key, **values)
        return "".join(run.text for run in runs)

    def title(self, template: str) -> str:
        """A title of the outline with its places filled, e.g. {hotline}."""
        return template.format(**self._common) if places(template) else template

    def rows(self, number: int, indicator: str) -> Figure:
        """How many rows, where the ledger's own rows are told of and no indicator's count."""
        unit = self.word("counter.row")
        return Figure(text=str(number), unit=unit, value=number, indicator=indicator, measure=Measure.PARTS)

    @property
    def cutoff_words(self) -> str:
        """Up to when the data is known, in local time."""
        local = self.cutoff.astimezone(self.profile.clock.tz)
        return f"{day_words(local.date())}{local:%H:%M}"

    def unit(self, code: str) -> str:
        """A unit's official name at the end of the period: an old month's report uses that month's names."""
        known = code in self.profile.units
        return self.profile.unit_name(code, self.period.last) if known else self._unnamed(code)

    def unit_short(self, code: str) -> str:
        """A unit's short name then, for lists and charts."""
        known = code in self.profile.units
        return self.profile.unit_name(code, self.period.last, short=True) if known else self._unnamed(code)

    def group(self, code: str) -> str:
        """A reporting group's name."""
        return self._groups.get(code) or self._unnamed(code)

    def group_of(self, unit: str) -> str:
        """The name of the group that a unit reports in."""
        found = self.profile.units.get(unit)
        return self.group(found.group) if found else self._unnamed(UNKNOWN)

    def topic(self, code: str, scheme: str | None = None) -> str:
        """A topic's name at the end of the period."""
        scheme = scheme or self.profile.order_scheme
        known = code in self.profile.schemes[scheme]
        return self.profile.topic_name(scheme, code, self.period.last) if known else self._unnamed(code)

    def subtopic(self, topic: str, code: str, scheme: str | None = None) -> str:
        """A subtopic's name within its topic."""
        scheme = scheme or self.profile.order_scheme
        if code not in self.profile.subtopics(scheme, topic):
            return self._unnamed(code)
        return self.profile.subtopic_name(scheme, topic, code, self.period.last)

    def request_type(self, code: str) -> str:
        """A request type's name."""
        return self._of(self.profile.request_types, code)

    def street(self, code: str) -> str:
        """A street's short name."""
        return self._of(self.profile.streets, code)

    def channel(self, code: str) -> str:
        """A channel's name."""
        return self._of(self.profile.channels, code)

    def _of(self, register: Register[N], code: str) -> str:
        if code not in register:
            return self._unnamed(code)
        return register.as_named_on(code, self.period.last).short_name

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        return {label.code: label.name for label in self.profile.unit_groups}

    def _unnamed(self, code: str) -> str:
        return code or self.word("unknown")


def bare(figure: Figure | None) -> Figure | Text:
    """A figure as a table's cell: its unit stands in the heading, its sign is shown; a dash for none."""
    if figure is None or figure.value is None:
        return Text("—")
    sign = "-" if figure.value < 0 and not figure.text.startswith("-") else ""
    return replace(figure, text=sign + figure.text, unit="")
