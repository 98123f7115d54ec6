"""Merging orders on one matter, and undoing it with everything restored."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Field

from jieban.kernel.i18n import tr
from jieban.ledger.schema import Disposition
from jieban.orders.engine.follow import reclassify_clocks
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, finish, perform_on_several
from jieban.orders.engine.petitions import lapse
from jieban.orders.engine.step import Child, Step, entity
from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.errors import BadValue, WrongState
from jieban.orders.models import Event, Order
from jieban.orders.states import OPEN, HandlingState
from jieban.orders.texts import storable
from jieban.people.actor import Actor
from jieban.people.acts import Act

_TIMED = frozenset({"request_type", "urgency"})


def merge_order(*, order: str, into: str, reason: str, actor: Actor, now: datetime) -> Done:
    """Have `order` dealt with as part of `into`: its units are relieved, its clocks stop being owed.

    Raises BadValue for an order merged into itself or into one of another kind, WrongState where a unit has closed its
    part already.
    """
    if order == into:
        raise BadValue(tr("工单不能并入自己。"), fix=tr("请选择另一件工单。"))

    def work(steps: Mapping[str, Step]) -> Done:
        merged, main = steps[order], steps[into]

        def leave(step: Step) -> None:
            if step.order.mailbox != main.order.mailbox:
                raise BadValue(tr("来信与工单、不同信箱的来信不能并单。"), fix=tr("请改用关联重复诉求。"))
            need_reason(step, reason)
            _relieve(step)
            step.set(step.order, merged_into=main.order, disposition=Disposition.MERGED.value)
            step.fact(into=into)

        def absorb(step: Step) -> None:
            step.fact(merged=order)

        done = finish(merged, leave)
        finish(main, absorb)
        return done

    return perform_on_several({order: Act.MERGE, into: Act.ABSORB}, work, actor=actor, now=now)


def _relieve(step: Step) -> None:
    for handling in step.live:
        if HandlingState(handling.state) not in OPEN:
            raise WrongState(tr("已有单位办结,不能并单。"), fix=tr("请改用关联重复诉求。"))
        step.set(handling, state=HandlingState.RECALLED.value)
        lapse(step, handling)


def unmerge_order(*, order: str, reason: str, actor: Actor, now: datetime) -> Done:
    """Undo a merge: the order, its handlings, petitions and clocks stand as they stood; clocks ran on meanwhile."""
    into = _merged_into(order)

    def work(steps: Mapping[str, Step]) -> Done:
        step = steps[order]

        def restore(step: Step) -> None:
            if into is None or step.order.merged_into_id != steps[into].order.pk:
                # It was merged, or unmerged, after we had looked where it went.
                raise WrongState(tr("该工单没有并入其他工单。"), fix=tr("请刷新后按工单现状办理。"))
            need_reason(step, reason)
            merge = Event.objects.filter(order=step.order, act=Act.MERGE.value).latest("seq")
            _undo(step, merge)
            _recount_if_reclassified(step, merge)
            step.fact(out_of=into)

        done = finish(step, restore)
        if into is not None:
            finish(steps[into], lambda main: main.fact(unmerged=order))
        return done

    # Merged into none, it is refused with the sentence that fits: unknown, not allowed, or not merged.
    acts = {order: Act.UNMERGE} | ({into: Act.RELEASE} if into is not None else {})
    return perform_on_several(acts, work, actor=actor, now=now)


def _merged_into(order: str) -> str | None:
    found = Order.objects.filter(number=order) if storable(order) else Order.objects.none()
    with told_of_waiting():
        return found.values_list("merged_into__number", flat=True).first()


def _undo(step: Step, merge: Event) -> None:
    """Give every row the values that it had before the merge, as its event tells them."""
    changed: Mapping[str, Mapping[str, list[object]]] = json.loads(merge.data)["changes"]
    every: list[Order | Child] = [step.order, *step.handlings, *step.clocks, *step.petitions]
    rows = {entity(row): row for row in every}
    for name, columns in changed.items():
        row = rows[name]
        step.set(row, **{column: _value(row, column, old) for column, (old, _) in columns.items()})


def _recount_if_reclassified(step: Step, merge: Event) -> None:
    """Clocks of handlings that come back are counted by what the order was found to be while they were away."""
    since = Event.objects.filter(order=step.order, act=Act.CORRECT.value, seq__gt=merge.seq)
    told = [json.loads(data)["changes"].get("order", {}) for data in since.values_list("data", flat=True)]
    if any(not _TIMED.isdisjoint(columns) for columns in told):
        reclassify_clocks(step, Act.UNMERGE.value)


def _value(row: Order | Child, column: str, told: object) -> object:
    """What an event tells of a column, as the column holds it."""
    field = row._meta.get_field(column)  # noqa: SLF001  # the public name of Django's own
    if not isinstance(field, Field):
        raise TypeError(f"{column} is no column")
    return field.to_python(told)
