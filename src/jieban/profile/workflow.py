"""How a city works its orders, as typed, frozen values. `procedure.py` makes them from workflow.toml.

Coded conditions are enumerations here: a profile names one, the rooms above hold what it means.
"""

from dataclasses import dataclass
from enum import StrEnum

from jieban.kernel.numbering import NumberPattern
from jieban.profile.model import Label, Level, Stage
from jieban.worktime import Span

__all__ = [
    "CallbackRules",
    "CloseWhen",
    "CoHandling",
    "Condition",
    "Counting",
    "Escalation",
    "EvidenceDemand",
    "EvidenceKind",
    "EvidenceRules",
    "Ground",
    "HeadCase",
    "KnowledgeRules",
    "LadderStep",
    "OnlineDoor",
    "ReopeningRules",
    "RepeatRules",
    "ReplyField",
    "Requester",
    "Retention",
    "ReturnRules",
    "ReviewRules",
    "Severity",
    "WarningStep",
    "Workflow",
]


class Requester(StrEnum):
    """Requesters with whom units don't speak: what needs speaking with them is not asked for (ruling 15)."""

    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyField:
    """One field of the reply template. With `choices` it holds one of their codes, else a text.

    Not asked for where the requester is one of `not_for`. `min_chars` is the least length of a text that is given.
    """

    code: str
    name: str
    hint: str
    required: bool
    not_for: tuple[Requester, ...] = ()
    choices: tuple[Label, ...] = ()
    min_chars: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """A lawful ground on which a request is refused, or found unreasonable. `source` says in words what it rests on."""

    code: str
    name: str
    source: str
    needs_attachment: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceKind:
    """What a file can be evidence of. `media_types` are those that its content may have; `max_mib` bounds one file."""

    code: str
    name: str
    media_types: tuple[str, ...]
    max_mib: int


class Condition(StrEnum):
    """When a piece of evidence is demanded: by what a reply states to have been done."""

    ALWAYS = "always"
    SITE_VISIT = "site_visit"
    PHONE_CONTACT = "phone_contact"


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceDemand:
    """A reply passes only with all `kinds`, where `when` holds; `request_types` empty: for all of them."""

    id: str
    kinds: tuple[str, ...]
    when: Condition
    request_types: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceRules:
    """What may be attached, how many files to a handling, and what must be.

    `after_close` are the kinds that an ended case still takes: a call is recorded while it is made, and filed after it.
    """

    kinds: tuple[EvidenceKind, ...]
    per_handling_max: int
    after_close: tuple[str, ...]
    demands: tuple[EvidenceDemand, ...]

    def demanded(self, request_type: str) -> tuple[tuple[Condition, EvidenceKind], ...]:
        """What a reply to a request of this type must bring, and when, in the order of the demands."""
        known = {kind.code: kind for kind in self.kinds}
        return tuple(
            (demand.when, known[code])
            for demand in self.demands
            if not demand.request_types or request_type in demand.request_types
            for code in demand.kinds
        )


class Severity(StrEnum):
    """The colour in which a warning is shown."""

    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, kw_only=True, slots=True)
class WarningStep:
    """A warning on the way to a deadline and past it, to the roles in `tells`.

    `hours` by the clock: so many before the deadline if positive, at it if 0, after it if negative. A step that lies
    before the clock began is none of that clock's.
    """

    id: str
    name: str
    hours: int
    severity: Severity
    tells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderStep(WarningStep):
    """A warning on the way to the deadline of a clock of its kind."""

    stage: Stage
    level: Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalation:
    """An order escalates at so many returns to rework, or when so many units have declined it."""

    reworks: int
    declining_units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnRules:
    """A unit may ask to return a handling within `ask_within` of its dispatch, at most `max_asks` times.

    What it asks is decided within `decide_within`; `ladder` are the warnings on the way there, sorted by time.
    """

    ask_within: Span
    decide_within: Span
    max_asks: int
    ladder: tuple[WarningStep, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CallbackRules:
    """Whether citizens are called back, how often it is tried, who is left out, and whether it comes before closing.

    Who wasn't reached is called again `again_after` the last try: of working days, when the office opens on that day.
    """

    tries: int
    again_after: Span
    needed: bool
    exempt: tuple[Requester, ...]
    before_close: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReopeningRules:
    """A closed order may be reopened within so many calendar days of its closing, so many times."""

    within_days: int
    times: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """Calendar days from an order's closing until its persons are redacted, and its evidence is deleted.

    `withdrawn_days` is how long the file of withdrawn evidence is kept from that day on, which nobody sees any more.
    """

    person_days: int
    evidence_days: int
    withdrawn_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KnowledgeRules:
    """Calendar days in which an article of the knowledge base is confirmed again, if nobody says otherwise.

    `longest_days` is how far away a day may be chosen, `remind_days` how long before it the unit is reminded.
    """

    confirm_days: int
    longest_days: int
    remind_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatRules:
    """A request is a repeat of one of the last `days` calendar days by the same person, or on the same matter."""

    days: int
    same_person: bool
    same_matter: bool


class Counting(StrEnum):
    """What a co-handled order counts for: every unit's handling, or only the lead's."""

    EACH_UNIT = "each_unit"
    LEAD_ONLY = "lead_only"


class CloseWhen(StrEnum):
    """When a co-handled order is closed (ruling 3)."""

    ALL_CLOSED = "all_closed"


@dataclass(frozen=True, kw_only=True, slots=True)
class CoHandling:
    """How several units share an order."""

    counting: Counting
    close_when: CloseWhen


class HeadCase(StrEnum):
    """What can be made to need the signature of the unit's head."""

    UNREASONABLE = "unreasonable"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewRules:
    """What the head of a unit signs before it is reviewed."""

    head_signs: tuple[HeadCase, ...]


class Finds(StrEnum):
    """What else than words is looked for in a reply: numbers of seven digits and more, as telephones and cards have."""

    NUMBERS = "numbers"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewPoint:
    """Something that a reviewer looks at in a reply.

    Its `words` and what it `finds` are pointed out where the reply has them; without either the reviewer reads for it.
    """

    code: str
    name: str
    words: tuple[str, ...]
    finds: Finds | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OnlineDoor:
    """What a citizen's own filing on the web counts as: its channel, and the topic where nothing tells a better one.

    `unoffered` are topics that the centre alone gives: nobody files a request that they call invalid.
    """

    channel: str
    topic: str
    unoffered: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """Everything of workflow.toml. The ladder is sorted by level, stage and time; the rest stands as written.

    `online` None: the city takes no requests on the web.
    """

    numbering: NumberPattern
    reply: tuple[ReplyField, ...]
    refusal_grounds: tuple[Ground, ...]
    unreasonable_grounds: tuple[Ground, ...]
    evidence: EvidenceRules
    ladder: tuple[LadderStep, ...]
    escalation: Escalation
    returns: ReturnRules
    callbacks: CallbackRules
    reopening: ReopeningRules
    retention: Retention
    knowledge: KnowledgeRules
    repeats: RepeatRules
    co_handling: CoHandling
    reviewing: ReviewRules
    review_points: tuple[ReviewPoint, ...] = ()
    online: OnlineDoor | None = None
