"""A part of a document as pages edit it, and what its fields may be chosen from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jieban.desks.administration.declared.fields import Choices, Field, Kind
from jieban.desks.administration.words.names import WORDS
from jieban.desks.evidence.media import type_choices
from jieban.kernel.i18n import tr, tr_later
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, ROLE_NAMES

Item = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A part of a document: the values of a table; with `key` a list of tables known by that key.

    With `keyed` it is a table of tables, each known by its own key, which stands in the form as `key`. A field's key
    may go deeper ("ask_within.amount"). `more` are the fields that one thing has besides, by what it is, under the
    heading `more_called`; `first` those that are asked for of a new one only. What is `fixed` has codes of its own
    that none is added to. `part` is the part of the desk whose page shows it.
    """

    id: str
    title: str
    document: str
    path: tuple[str, ...]
    fields: tuple[Field, ...]
    part: str = "templates/"
    key: str = ""
    keyed: bool = False
    fixed: bool = False
    lead: str = ""
    more: Callable[[Item], tuple[Field, ...]] | None = None
    more_called: str = ""
    first: tuple[Field, ...] = ()

    @property
    def path_of_page(self) -> str:
        """The address of the page that shows it."""
        return f"/desk/administration/{self.part}"

    def fields_of(self, one: Item) -> tuple[Field, ...]:
        """All fields of one thing of a list."""
        return self.fields if self.more is None else (*self.fields, *self.more(one))


def span(key: str, label: str) -> tuple[Field, ...]:
    """An amount and what it is counted in."""
    basis = tr("{label}(计时单位)", label=label)
    return (
        Field(key=f"{key}.amount", label=label, kind=Kind.NUMBER, required=True, least=1),
        Field(key=f"{key}.basis", label=basis, kind=Kind.ONE, required=True, choices=words_of("basis")),
    )


def words_of(name: str) -> Callable[[], Choices]:
    """The values of a key that is a code."""
    return lambda: [(code, tr_later(word)) for code, word in WORDS[name].items()]


def requesters() -> Choices:
    """Requesters of whom something isn't asked."""
    return [(code, tr_later(word)) for code, word in WORDS["requester"].items() if code != "named"]


def evidence_kinds() -> Choices:
    """Kinds of evidence."""
    return [(each.code, each.name) for each in city().workflow.evidence.kinds]


def media_types() -> Choices:
    """The formats that evidence can have."""
    kinds = city().workflow.evidence.kinds
    return type_choices(sorted({each for kind in kinds for each in kind.media_types}))


def request_types() -> Choices:
    """Request types."""
    return [(each.code, each.name) for each in city().request_types.values()]


def roles() -> Choices:
    """Roles that can be told of something."""
    return [(role.value, tr_later(ROLE_NAMES[role])) for role in POST_ROLES]


def channels() -> Choices:
    """Channels that haven't ended for good."""
    return [(each.code, each.name) for each in city().channels.values() if each.successor is None]


def order_topics() -> Choices:
    """Topics of ordinary orders that haven't ended for good."""
    return [(each.code, each.name) for each in city().order_topics.values() if each.successor is None]
