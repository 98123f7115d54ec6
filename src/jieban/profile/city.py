"""The profile as one value, with the look-ups that the other rooms need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.profile.deadlines import matching
from jieban.profile.frozen import FrozenMap
from jieban.profile.model import (
    Channel,
    Community,
    CountingRules,
    DeadlineRule,
    ExtensionRule,
    Label,
    Level,
    Mailbox,
    Policy,
    Publication,
    RecommendationRule,
    RequestType,
    Section,
    Stage,
    Street,
    Subtopic,
    Topic,
    Unit,
    Urgency,
)
from jieban.profile.register import Register, fold
from jieban.profile.workflow import Workflow
from jieban.worktime import WorkClock

__all__ = ["BadProfile", "Profile", "Register"]


class BadProfile(JiebanError):
    """A profile that can't be used, with the place of the fault."""

    code = "profile.bad"
    exit_code = Exit.BAD_PROFILE


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """A city as an immutable value. `version` is the SM3 of its canonical content; equal versions are equal.

    `name` is the directory's, `directory` where it lies, `sources` the files read, `changed` the texts that were read
    in place of the city's own files: none of them is content.
    """

    name: str
    title: str
    short_title: str
    version: str
    invented: bool
    units: Register[Unit]
    unit_kinds: tuple[Label, ...]
    unit_groups: tuple[Label, ...]
    streets: Register[Street]
    communities: tuple[Community, ...]
    request_types: Register[RequestType]
    topics: tuple[Topic, ...]
    order_scheme: str
    mailboxes: Register[Mailbox]
    channels: Register[Channel]
    labels: Mapping[str, tuple[Label, ...]]
    clock: WorkClock
    deadline_rules: tuple[DeadlineRule, ...]
    extension: ExtensionRule
    workflow: Workflow
    counting: CountingRules
    policies: Mapping[str, Policy]
    publication: Publication
    outline: tuple[Section, ...]
    wording: Mapping[str, str]
    recommendations: tuple[RecommendationRule, ...]
    sources: tuple[str, ...] = field(default=())
    changed: Mapping[str, str] = field(default_factory=FrozenMap)
    directory: Path | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and (self.name, self.version) == (other.name, other.version)

    def __hash__(self) -> int:
        return hash((self.name, self.version))

    def units_within(self, code: str) -> frozenset[str]:
        """A unit and every unit inside it, at any depth. Raises KeyError."""
        return self._units_within[code]

    @cached_property
    def _units_within(self) -> Mapping[str, frozenset[str]]:
        within: dict[str, set[str]] = {code: {code} for code in self.units}
        for code in self.units:
            outer = self.units[code].parent
            while outer is not None:
                within[outer].add(code)
                outer = self.units[outer].parent
        return {code: frozenset(codes) for code, codes in within.items()}

    @cached_property
    def schemes(self) -> Mapping[str, Register[Topic]]:
        """Topics by scheme."""
        names = dict.fromkeys(topic.scheme for topic in self.topics)
        return {name: Register(t for t in self.topics if t.scheme == name) for name in names}

    @cached_property
    def order_topics(self) -> Register[Topic]:
        """The topics of ordinary orders."""
        return self.schemes[self.order_scheme]

    def subtopics(self, scheme: str, topic: str) -> Register[Subtopic]:
        """The subtopics of a topic; an empty register for an unknown topic."""
        return self._subtopics.get((scheme, topic), Register[Subtopic](()))

    @cached_property
    def _subtopics(self) -> Mapping[tuple[str, str], Register[Subtopic]]:
        return {(topic.scheme, topic.code): Register(topic.subtopics) for topic in self.topics}

    def unit_name(self, code: str, on: date, *, short: bool = False) -> str:
        """What the unit `code` was called on a day, e.g. the last of a report's period. Raises KeyError."""
        unit = self.units.as_named_on(code, on)
        return unit.short_name if short else unit.name

    def topic_name(self, scheme: str, code: str, on: date) -> str:
        """What a topic was called on a day. Raises KeyError."""
        return self.schemes[scheme].as_named_on(code, on).name

    def subtopic_name(self, scheme: str, topic: str, code: str, on: date) -> str:
        """What a subtopic was called on a day. Raises KeyError."""
        return self.subtopics(scheme, topic).as_named_on(code, on).name

    def label(self, domain: str, code: str) -> Label:
        """The label of a code in a domain of `labels` (satisfaction, urgency …). Raises KeyError."""
        return self._labels[domain][code]

    def find_label(self, domain: str, spelling: str) -> Label | None:
        """The label that a text means in a domain (whole match after `fold`); None if unknown. Raises KeyError."""
        return self._label_spellings[domain].get(fold(spelling))

    @cached_property
    def _labels(self) -> Mapping[str, Mapping[str, Label]]:
        return {domain: {label.code: label for label in labels} for domain, labels in self.labels.items()}

    @cached_property
    def _label_spellings(self) -> Mapping[str, Mapping[str, Label]]:
        return {
            domain: {fold(spelling): label for label in labels for spelling in label.spellings}
            for domain, labels in self.labels.items()
        }

    @cached_property
    def _communities(self) -> Mapping[str, tuple[Community, ...]]:
        return FrozenMap(
            (street, tuple(c for c in self.communities if c.street == street)) for street in self.streets
        )

    def communities_of(self, street: str, on: date | None = None) -> tuple[Community, ...]:
        """The communities and villages of a street, in profile order. Raises KeyError.

        With a day, those too of the streets that it carries on and that have ended by then.
        """
        own = self._communities[street]
        if on is None:
            return own
        ended = (each for each in self.streets.predecessors(street) if not each.validity.covers(on))
        inherited = (one for each in ended for one in self._communities[each.code])
        known = {each.name for each in own}
        return (*own, *(one for one in inherited if one.name not in known))

    def deadline_rule(
        self,
        level: Level,
        stage: Stage,
        *,
        request_type: str,
        urgency: Urgency,
        channel: str | None = None,
        on: date,
    ) -> DeadlineRule:
        """The rule that sets a deadline for what begins on a day: the most specific one that matches.

        Raises BadProfile for an unknown request type or channel without a rule of its own.
        """
        found = matching(
            self.deadline_rules,
            level=level,
            stage=stage,
            request_type=request_type,
            urgency=urgency,
            channel=channel,
            on=on,
        )
        if len(found) != 1:
            raise BadProfile(
                tr(
                    "配置“{name}”对 {level}/{stage}、类型 {type}、紧急程度 {urgency} 有 {n} 条时限规则。",
                    name=self.name,
                    level=level,
                    stage=stage,
                    type=request_type,
                    urgency=urgency,
                    n=len(found),
                ),
                fix=tr("请在 deadlines.toml 中使每种情形恰有一条最具体的规则。"),
            )
        return found[0]

    def phrase(self, key: str, /, **values: object) -> str:
        """The profile's wording for `key`, filled. Raises BadProfile when the profile lacks it."""
        try:
            return self.wording[key].format(**values)
        except KeyError as missing:
            raise BadProfile(
                tr("配置“{name}”缺少措辞 {key}({missing})。", name=self.name, key=key, missing=missing)
            ) from missing
