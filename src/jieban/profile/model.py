"""The parts of a city profile as typed, frozen values. `load.py` makes them from a directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jieban.worktime import Basis, Span

__all__ = [
    "ALWAYS",
    "Basis",
    "Channel",
    "Community",
    "CountingRules",
    "DeadlineRule",
    "ExtensionRule",
    "Label",
    "Level",
    "Mailbox",
    "Named",
    "Policy",
    "Precedence",
    "PrintedChange",
    "Publication",
    "PublishedDocument",
    "RecommendationRule",
    "RequestType",
    "Section",
    "Stage",
    "Street",
    "Subtopic",
    "Topic",
    "Unit",
    "Urgency",
    "Validity",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Validity:
    """The days on which something exists: both ends included, None for open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` lies within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def overlaps(self, other: "Validity") -> bool:
        """Whether some day lies within both."""
        return not (
            (self.last is not None and other.first is not None and self.last < other.first)
            or (other.last is not None and self.first is not None and other.last < self.first)
        )


ALWAYS = Validity()


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Something with a stable code, an official name, a short name for tables and every other way it is written."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...] = ()
    validity: Validity = ALWAYS
    renamed_to: str | None = None
    merged_into: str | None = None

    @property
    def successor(self) -> str | None:
        """The code that carries on what this did, when it has ended."""
        return self.renamed_to or self.merged_into

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every text that means this, official name first."""
        return tuple(dict.fromkeys((self.name, self.short_name, *self.aliases)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit(Named):
    """A unit that handles orders. `kind` is what it is, `group` is the reporting group it is counted in (ruling 1).

    `parent` is the unit that it lies inside, for who may see what; reports count each unit by itself.
    """

    kind: str
    group: str
    parent: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Street(Named):
    """A street, township, park or farm: where a matter lies.

    `tile` is its column and row on the city's map of tiles, from the north-west; None where it isn't on it.
    """

    kind: str
    tile: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Community:
    """A community or village within a street. `spoken` is it as people call it, without its committee."""

    code: str
    street: str
    name: str
    spoken: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestType(Named):
    """咨询, 投诉 …; `confidential` types hide the requester from units."""

    confidential: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Subtopic(Named):
    """A subtopic within a topic; `last` ones (其他) are printed after all others (ruling 5)."""

    last: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic(Named):
    """A topic of a scheme with its subtopics in profile order. The code is unique within the scheme."""

    scheme: str
    last: bool = False
    subtopics: tuple[Subtopic, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox(Named):
    """A leader's mailbox with its own topic scheme."""

    scheme: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel(Named):
    """A door by which orders come in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A code with the word that users read and every other way in which it is written."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every text that means this, the printed name first."""
        return tuple(dict.fromkeys((self.name, *self.aliases)))


class Urgency(StrEnum):
    """How pressing an order is; each has deadline rules of its own."""

    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Level(StrEnum):
    """Whose clock: the order's towards the dispatching centre, or the handling's towards the city."""

    ORDER = "order"
    HANDLING = "handling"


class Stage(StrEnum):
    """What must be done by the deadline."""

    SIGN = "sign"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadlineRule:
    """One line of the deadline table. Empty tuples match everything; the most specific matching rule wins.

    `id` is stored with every deadline that the rule made. `source` says in words where the rule comes from.
    """

    id: str
    level: Level
    stage: Stage
    amount: int
    basis: Basis
    request_types: tuple[str, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    channels: tuple[str, ...] = ()
    validity: Validity = ALWAYS
    source: str

    @property
    def span(self) -> Span:
        """The time allowed, as `jieban.worktime` counts it."""
        return Span(amount=self.amount, basis=self.basis)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtensionRule:
    """How often and how long a close deadline may be put off.

    `extends_order`: whether an extended handling moves its order's close deadline by as many working days.
    """

    times: int
    working_days: int
    approval_before_deadline: bool
    extends_order: bool


class Policy(StrEnum):
    """What happens to a row with a fault."""

    REJECT = "reject"
    FLAG = "flag"
    LEAVE_OUT = "leave_out"


class Precedence(StrEnum):
    """Which on-time finding counts when a file brings its own (ruling 8)."""

    COMPUTED = "computed"
    STATED = "stated"


@dataclass(frozen=True, kw_only=True, slots=True)
class CountingRules:
    """The declared counting choices that indicators read from the profile (ruling 3 and 8).

    `satisfaction` names the variant that the city calls 满意率; `share_places` are the decimals of printed shares; a
    date more than `latest_plausible_days` after the period's end is implausible (2059).
    """

    deadline_precedence: Precedence
    satisfaction: str
    share_places: int
    latest_plausible_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedChange:
    """A count of a published report with the change printed beside it, as printed: 校核 tells whether it can be.

    `of` is the indicator that counts, `cut` its part; `percent` is signed, with the decimals that were printed;
    `called` is the window that the printed word (环比 previous, 同比 year_before) claims.
    """

    of: str
    cut: Mapping[str, str]
    count: int
    percent: str
    called: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedDocument:
    """What was given to one period's report when it was published, and the changes that it printed."""

    period: str
    index_number: str
    published: datetime
    printed: tuple[PrintedChange, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """The header above the report and who puts it out.

    `city` is the city as titles say it. `index_pattern` has places for {year} and {serial}; `keywords` may have
    places for {year}, {month} and {days}. `documents` holds what is known of reports already published, by the
    period's label (2025-04).
    """

    city: str
    hotline: str
    dispatching_centre: str
    issuing_unit: str
    publisher: str
    index_pattern: str
    keywords: tuple[str, ...]
    documents: Mapping[str, PublishedDocument]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One section of the report's outline: which builder makes it, with which options."""

    id: str
    builder: str
    title: str
    level: int
    options: Mapping[str, object]
    editions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecommendationRule:
    """A declared rule: `strategy` names the coded condition, `thresholds` are its numbers, `text` its wording."""

    id: str
    strategy: str
    theme: str
    thresholds: Mapping[str, str]
    text: str
