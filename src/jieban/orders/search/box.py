"""What somebody typed into the one box over orders: numbers, names of units, places and states, and words."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from jieban.kernel.i18n import tr_later
from jieban.kernel.numbering import BadNumber
from jieban.ledger.schema import DEMO_PREFIX
from jieban.orders.search.grams import normal
from jieban.orders.states import ORDER_STATE_NAMES, OrderState
from jieban.orders.texts import storable
from jieban.people.city import city
from jieban.profile.model import Named

MOST_TERMS = 12
"""Terms that are looked for; whoever types more means a text (`similar_orders` is for those)."""
MOST_LETTERS = 100
"""Characters of the box that are read."""

_TERM = re.compile(r'["“”]([^"“”]*)["“”]|(\S+)')
_NUMBER = re.compile(r"(?=.*\d)[0-9A-Za-z][0-9A-Za-z-]{5,63}")
_PHONE = re.compile(r"\+?[\d-]{7,20}")
_SPACED = re.compile(r"\+?[\d\s-]{7,24}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """Which orders are wanted: all that is said holds at once. Codes are the profile's; days are the city's, inclusive.

    `text` is what stands in the box.
    """

    text: str = ""
    unit: str | None = None
    state: str | None = None
    topic: str | None = None
    street: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A piece of the box. `word` is it as texts are compared; `number` and `phone` tell what else it may be.

    `whole` marks what stood in quotation marks: a word, whatever it names.
    """

    typed: str
    word: str
    number: bool = False
    phone: bool = False
    whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A piece of the box that is a name, and what is called so: codes, of communities the names."""

    typed: str
    units: frozenset[str]
    states: frozenset[str]
    streets: frozenset[str]
    communities: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether anything is called so."""
        return bool(self.units or self.states or self.streets or self.communities)


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """The box, read: names and terms, all of which hold at once. `nothing`: what was typed can stand in no order."""

    terms: tuple[Term, ...] = ()
    names: tuple[Name, ...] = ()
    nothing: bool = False


def read_box(text: str) -> Box:
    """What the box asks for.

    A piece that is the whole name of a unit, a state, a street or a community asks for that, unless it stands in
    quotation marks; every other is looked for in what was said.
    """
    if not storable(text):
        return Box(nothing=True)
    text = _in_one_piece(text)
    terms: list[Term] = []
    names: list[Name] = []
    for match in list(_TERM.finditer(unicodedata.normalize("NFKC", text[:MOST_LETTERS])))[:MOST_TERMS]:
        quoted, plain = match.groups()
        typed = (quoted if plain is None else plain).strip()
        word = normal(typed)
        if not word:
            continue
        name = _name(typed, word)
        if plain is not None and name.known:
            names.append(name)
        else:
            terms.append(_term(typed, word, whole=plain is None))
    return Box(terms=tuple(terms), names=tuple(names))


def _in_one_piece(text: str) -> str:
    """A telephone number as people write it, or an order's as it is read out to them, without the blanks in it."""
    if _SPACED.fullmatch(text.strip()):
        return "".join(text.split())
    typed = unicodedata.normalize("NFKC", text[:MOST_LETTERS]).strip().upper()
    if len(typed.split()) == 1:
        return text
    mark = DEMO_PREFIX if typed.startswith(DEMO_PREFIX) else ""
    try:
        return mark + city().workflow.numbering.read(typed.removeprefix(mark))
    except BadNumber:
        return text


def _term(typed: str, word: str, *, whole: bool) -> Term:
    if whole:
        return Term(typed=typed, word=word, whole=True)
    return Term(
        typed=typed,
        word=word,
        number=_NUMBER.fullmatch(typed) is not None,
        phone=_PHONE.fullmatch(typed) is not None,
    )


def _name(typed: str, word: str) -> Name:
    profile = city()
    return Name(
        typed=typed,
        units=frozenset(each.code for each in profile.units.values() if _called(each, word)),
        states=frozenset(
            state.value for state in OrderState if normal(tr_later(ORDER_STATE_NAMES[state])) == word
        ),
        # A street's short name is what people write in their words: it stands for itself.
        streets=frozenset(each.code for each in profile.streets.values() if normal(each.name) == word),
        # Orders name a community as whoever wrote them did: officially, or as people call it.
        communities=frozenset(
            spelling
            for each in profile.communities
            if word in {normal(each.name), normal(each.spoken)}
            for spelling in (each.name, each.spoken)
        ),
    )


def _called(unit: Named, word: str) -> bool:
    return word in {normal(name) for name in (unit.name, unit.short_name, *unit.aliases)}
