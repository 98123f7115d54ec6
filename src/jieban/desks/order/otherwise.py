"""What somebody did before they send the same form again, from another tab, with something else in it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django import forms
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from jieban.desks.order.since import Done
from jieban.desks.order.trail import TrailLine
from jieban.kernel.i18n import tr
from jieban.orders.errors import WrongState
from jieban.orders.face import face_of
from jieban.orders.models import Order
from jieban.orders.secrets import matter_texts
from jieban.people.actor import Actor

_KEPT = 24 * 3600
"""For how many seconds it is known what a form said that was done."""
_TOLD, _LONGEST = 4, 40


def remember(order: Order, seen: int, form: forms.Form) -> None:
    """Keep what a form said whose act was done to an order of so many events, within the act's transaction.

    Of what was filled in only a keyed digest is kept.
    """
    cache.add(_key(order, seen + 1), _digest(form), _KEPT)


def filled_otherwise(order: Order, done: Sequence[Done], actor: Actor, form: forms.Form) -> bool:
    """Whether a form says something else than what `actor` did by the events `done`.

    Then it was sent twice with two contents: who is told that it is done would lose the second without a word. Of what
    was done by no form that is known (a day ago, or by another page), what was written is looked at alone.
    """
    known = [cache.get(_key(order, each.seq)) for each in done]
    if _digest(form) in known:
        return False
    return None not in known or _said_otherwise(order, done, actor, form)


def not_done_otherwise(act: str) -> WrongState:
    """Says so of one of several orders."""
    return WrongState(
        tr("您刚才已经办过“{act}”,与这次填的不同;这次的没有办。", act=act), fix=tr("请看工单现状。")
    )


def told_of(trail: Iterable[TrailLine], act: str, done: Sequence[Done]) -> str:
    """What was done the last of these times, in the words of the trail and as short as a line; "" for nothing said."""
    at = done[-1].at
    lines = [each.written for each in trail if (each.at, each.act) == (at, act)]
    said = (
        [tr("{name}:{text}", name=name, text=text) if name else text for name, text in lines[-1]]
        if lines
        else []
    )
    return "；".join(_short(" ".join(each.split())) for each in said[:_TOLD])


def _said_otherwise(order: Order, done: Sequence[Done], actor: Actor, form: forms.Form) -> bool:
    # What takes several lines.
    lines = [name for name, field in form.fields.items() if isinstance(field.widget, forms.Textarea)]
    wanted = {text for name in lines for text in _filled(form, name)}
    if not wanted:
        return False
    face = face_of(actor, order.number)
    said = {_plain(text) for each in done for text in _texts(face.words.get(each.seq, {}))}
    # What classifies or corrects an order writes into the request itself.
    said |= {_plain(text) for text in (matter_texts(face.matter) if face.matter is not None else ()) if text}
    return not wanted <= said


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for each in said.values():
            yield from _texts(each)


def _digest(form: forms.Form) -> str:
    """The same for two forms that say the same, valid or not: what is left empty says nothing."""
    filled = {name: said for name in form.fields if (said := _filled(form, name))}
    return salted_hmac(__name__, json.dumps(filled, sort_keys=True), algorithm="sha256").hexdigest()


def _filled(form: forms.Form, name: str) -> list[str]:
    given: list[str] = form.data.getlist(name)  # type: ignore[attr-defined]  # a QueryDict, which is what was posted
    return sorted(filter(None, map(_plain, given)))


def _key(order: Order, seq: int) -> str:
    return f"jieban.form/{order.pk}/{seq}"


def _plain(text: str) -> str:
    """As it is compared: browsers and acts set blanks and lines each in their way."""
    return "".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
