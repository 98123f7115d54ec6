"""What somebody did before they send the same form again, from another tab, with other words in it."""

from collections.abc import Iterable, Iterator, Mapping

from django import forms
from django.http import QueryDict

from jieban.orders.face import face_of
from jieban.orders.models import Event, Order
from jieban.orders.secrets import matter_texts
from jieban.people.actor import Actor


def texts_typed(kind: type[forms.Form], given: QueryDict) -> tuple[str, ...]:
    """What was written into the fields of a form that take several lines, whether it is valid or not."""
    lines = (name for name, field in kind.base_fields.items() if isinstance(field.widget, forms.Textarea))
    return tuple(text for name in lines if (text := given.get(name, "")).strip())


def said_otherwise(order: Order, seen: int, actor: Actor, typed: Iterable[str]) -> bool:
    """Whether something of what is typed isn't in what `actor` did to the order after its first `seen` events.

    Then a form was sent twice with two contents: who is told that it is done would lose the second without a word.
    """
    wanted = {_plain(text) for text in typed}
    if not wanted:
        return False
    face = face_of(actor, order.number)
    mine = Event.objects.filter(order=order, seq__gt=seen, actor=actor.ref).values_list("seq", flat=True)
    said = {_plain(text) for seq in mine for text in _texts(face.words.get(seq, {}))}
    # What classifies or corrects an order writes into the request itself.
    said |= {_plain(text) for text in (matter_texts(face.matter) if face.matter is not None else ()) if text}
    return not wanted <= said


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for each in said.values():
            yield from _texts(each)


def _plain(text: str) -> str:
    """As it is compared: browsers and acts set blanks and lines each in their way."""
    return "".join(text.split())
