"""Merging several orders on a page: one of those that were ticked remains, the others go into it one by one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django import forms

from jieban.desks.bulk.effect import effect, standing
from jieban.desks.bulk.line import Line
from jieban.desks.bulk.picks import Pick
from jieban.desks.bulk.rehearse import ChangedSince, if_unchanged, rehearsed
from jieban.desks.order.acting import fields
from jieban.desks.order.otherwise import filled_otherwise, not_done_otherwise, remember
from jieban.desks.order.since import Done, done_since, since
from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.actions.merge import merge_order
from jieban.orders.engine.perform import no_such_order
from jieban.orders.models import Order
from jieban.people.acts import Act


def form_of(lines: Sequence[Line]) -> type[forms.Form]:
    """Which of the orders remains, the longest there unless another is chosen, and why."""
    there = [each for each in lines if each.row is not None]
    choices = [(each.pick.order, f"{each.pick.order} {each.row.summary}") for each in there if each.row]
    first = min(there, key=_received)
    asked: dict[str, forms.Field] = {
        "into": fields.choice(tr("保留哪一件"), choices, hint=tr("其余的并入这一件,时限照它的走。")),
        "reason": fields.text(tr("原因")),
    }
    asked["into"].initial = first.pick.order
    return type("merge_form", (forms.Form,), asked)


def _received(line: Line) -> tuple[datetime, str]:
    if line.row is None:
        raise ValueError("an order that is there was meant")
    return line.row.received_at, line.pick.order


def tried(
    visit: Visit, lines: Sequence[Line], orders: Mapping[str, Order], given: Mapping[str, Any]
) -> list[Line]:
    """What each merge would do after those before it; none of it stays."""

    def one(line: Line) -> Line:
        order = orders.get(line.pick.order)
        pick = Pick(order=line.pick.order, seen=order.events if order is not None else None)
        if line.pick.order == given["into"]:
            return Line(pick=pick, row=line.row, kept=True)
        try:
            if order is None:
                raise no_such_order(line.pick.order)
            before = standing(order.number)
            _merge(visit, order.number, given)
            told = effect(before, standing(order.number))
        except JiebanError as refused:
            return Line(pick=pick, row=line.row, refused=refused)
        return Line(pick=pick, row=line.row, told=(*told, tr("原时限不再计,撤销并单即恢复")))

    return rehearsed(lambda: None, lambda: [one(line) for line in lines])


def done(visit: Visit, lines: Sequence[Line], orders: Mapping[str, Order], form: forms.Form) -> list[Line]:
    """Merge those that nothing was done to since the preview, into the one that nobody but we changed meanwhile."""
    into = form.cleaned_data["into"]
    seen_into = next((each.pick.seen for each in lines if each.pick.order == into), None) or 0
    merged = 0
    result: list[Line] = []
    for line in lines:
        pick, order = line.pick, orders.get(line.pick.order)
        if pick.order == into:
            result.append(Line(pick=pick, row=line.row, kept=True))
            continue
        before = done_since(order, pick.seen or 0, Act.MERGE, None, visit.actor) if order is not None else ()
        if order is not None and before:
            result.append(_done_before(visit, line, order, form, before))
            continue
        # What we merged before this one is told to the order that remains, an event each.
        seen = {pick.order: pick.seen or 0, into: seen_into + merged}
        try:
            if_unchanged(seen, partial(_merged, visit, line, order, form))
        except ChangedSince as changed:
            others = since(order, pick.seen or 0, visit.actor) if order is not None else ()
            result.append(Line(pick=pick, row=line.row, refused=changed, others=others))
        except JiebanError as refused:
            result.append(Line(pick=pick, row=line.row, refused=refused))
        else:
            merged += 1
            result.append(Line(pick=pick, row=line.row, told=(tr("已并入 {number}", number=into),)))
    return result


def _merge(visit: Visit, number: str, given: Mapping[str, Any]) -> None:
    merge_order(order=number, into=given["into"], reason=given["reason"], actor=visit.actor, now=visit.now)


def _merged(visit: Visit, line: Line, order: Order | None, form: forms.Form) -> None:
    _merge(visit, line.pick.order, form.cleaned_data)
    if order is not None:
        remember(order, order.events, form)


def _done_before(visit: Visit, line: Line, order: Order, form: forms.Form, before: Sequence[Done]) -> Line:
    if filled_otherwise(order, before, visit.actor, form):
        return Line(pick=line.pick, row=line.row, refused=not_done_otherwise(words.act(Act.MERGE.value)))
    return Line(pick=line.pick, row=line.row, told=(tr("刚才已经办过"),))
