"""What every section builder, recommendation rule and check is given: figures, names, wording and the edition."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from jieban.indicators.period import Period
from jieban.profile.city import Profile
from jieban.report.calendar_words import span_words
from jieban.report.details import Details
from jieban.report.document import Edition, Figure, Text
from jieban.report.facts import Facts
from jieban.report.sentences import Part, Runs, fill, places
from jieban.report.wording import REQUIRED_WORDING

UNKNOWN = ""
"""The key of a cut for rows that lack the dimension, e.g. orders without a street."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """One report in the making. `annexes` gives the number of each annex that has content, by section id."""

    profile: Profile
    period: Period
    edition: Edition
    cutoff: datetime
    issued: datetime
    facts: Facts
    details: Details
    annexes: Mapping[str, int]

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
        }

    def say(self, key: str, /, **values: Part) -> Runs:
        """The phrase `key` filled. Raises BadProfile for one that the profile lacks or that asks for too much."""
        if key not in REQUIRED_WORDING:
            raise ValueError(f"undeclared wording key {key!r}")
        return fill(self.profile.wording, key, **self._common, **values)

    def word(self, key: str, /, **values: str) -> str:
        """A phrase that takes words only, as text: a heading, a caption, a column's name."""
        runs = self.say(key, **values)
        return "".join(run.text for run in runs)

    def title(self, template: str) -> str:
        """A title of the outline with its places filled, e.g. {hotline}."""
        return template.format(**self._common) if places(template) else template

    def unit(self, code: str) -> str:
        """A unit's official name."""
        return unit.name if (unit := self.profile.units.get(code)) else self._unnamed(code)

    def unit_short(self, code: str) -> str:
        """A unit's short name, for lists and tables."""
        return unit.short_name if (unit := self.profile.units.get(code)) else self._unnamed(code)

    def group(self, code: str) -> str:
        """A reporting group's name."""
        return self._groups.get(code) or self._unnamed(code)

    def group_of(self, unit: str) -> str:
        """The name of the group that a unit reports in."""
        found = self.profile.units.get(unit)
        return self.group(found.group) if found else self._unnamed(UNKNOWN)

    def topic(self, code: str, scheme: str | None = None) -> str:
        """A topic's name."""
        topic = self.profile.schemes[scheme or self.profile.order_scheme].get(code)
        return topic.name if topic else self._unnamed(code)

    def subtopic(self, topic: str, code: str, scheme: str | None = None) -> str:
        """A subtopic's name within its topic."""
        found = self.profile.subtopics(scheme or self.profile.order_scheme, topic).get(code)
        return found.name if found else self._unnamed(code)

    def request_type(self, code: str) -> str:
        """A request type's name."""
        return found.name if (found := self.profile.request_types.get(code)) else self._unnamed(code)

    def street(self, code: str) -> str:
        """A street's short name."""
        return found.short_name if (found := self.profile.streets.get(code)) else self._unnamed(code)

    def channel(self, code: str) -> str:
        """A channel's name."""
        return found.name if (found := self.profile.channels.get(code)) else self._unnamed(code)

    def label(self, domain: str, code: str) -> str:
        """The word for a code of a labelled domain."""
        for label in self.profile.labels.get(domain, ()):
            if label.code == code:
                return label.name
        return self._unnamed(code)

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
