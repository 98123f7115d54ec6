"""What acts read by statements that are made once is what a queryset finds."""

import pytest
from cast import dispatched, recorded, replied, units
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.transaction import TransactionManagementError

from jieban.orders.engine.perform import locked
from jieban.orders.engine.rows import select
from jieban.orders.models import Clock, Handling, Order, OrderSecret
from live_database import LiveDatabase


def own(model: type[Model], order: Order) -> "QuerySet[Model]":
    return model._default_manager.filter(order=order).order_by("pk")


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Handling, Clock, OrderSecret])
def test_the_rows_of_each_order_are_what_its_queryset_finds(model: type[Model]) -> None:
    _, helper, other = units(3)
    numbers = recorded(), dispatched(assisting=[helper, other]), replied()
    found = {}
    for order in Order.objects.all():
        rows = select(model, "in a test", lambda order=order: own(model, order), order.pk)  # type: ignore[misc]
        assert [row.__dict__.keys() for row in rows] == [row.__dict__.keys() for row in own(model, order)]
        assert [vars(row) | {"_state": 0} for row in rows] == [
            vars(row) | {"_state": 0} for row in own(model, order)
        ]
        assert not any(row._state.adding for row in rows)
        found[order.number] = len(rows)
    assert found == dict(
        zip(numbers, {Handling: (0, 3, 1), Clock: (2, 8, 4), OrderSecret: (1, 1, 1)}[model], strict=True)
    )


@pytest.mark.django_db
def test_a_question_that_asks_with_other_values_is_refused() -> None:
    with pytest.raises(ValueError, match="asks with"):
        select(Handling, "one more", lambda: Handling.objects.filter(order=1, serial=2), 1)
    with pytest.raises(ValueError, match="more than rows"):
        select(Handling, "two", lambda: Handling.objects.filter(order=1).select_related("order"), 1)


def test_nothing_is_locked_outside_of_a_transaction(database: LiveDatabase) -> None:
    del database
    number = recorded()
    with pytest.raises(TransactionManagementError):
        locked([number])
    with transaction.atomic():
        assert list(locked([number, number, "no such order"])) == [number]
        assert locked([]) == {}
