"""Signing for an order, and naming who deals with it."""

from datetime import date

import pytest
from cast import (
    BOB,
    MINUTE,
    MONDAY,
    at,
    clock,
    dispatched,
    handler,
    handlings,
    head,
    last_event,
    lead,
    liaison,
    refused,
    row,
    units,
)

from jieban.orders.actions.sign import assign_handler, sign_handling
from jieban.orders.errors import BadValue, NoSuchOrder, NotAllowed, WrongState
from jieban.people.models import Account, Post

pytestmark = pytest.mark.django_db
LATER = MONDAY + 5 * MINUTE


def worker(
    unit: str | None, *, role: str = "handler", first: str = "2025-01-01", last: str | None = None
) -> int:
    account = Account.objects.create_user(
        f"worker{Account.objects.count()}", display_name="阿依古丽", joined_at=at("2024-01-01 10:00")
    )
    if unit is not None or role == "operator":
        Post.objects.create(
            account=account,
            role=role,
            unit=unit,
            valid_from=date.fromisoformat(first),
            valid_to=date.fromisoformat(last) if last else None,
        )
    return account.pk


@pytest.mark.usefixtures("each_city")
def test_an_order_is_signed_when_its_lead_has_signed() -> None:
    first, second = units(2)
    order = dispatched(to=first, assisting=[second])
    sign_handling(order=order, handling=2, actor=handler(second), now=LATER)
    assert (row(order).state, row(order).signed_at) == ("dispatched", None)
    sign_handling(order=order, handling=1, actor=head(first), now=LATER + MINUTE)
    assert (row(order).state, row(order).signed_at) == ("handling", LATER + MINUTE)
    assert clock(order, "sign").stopped_at == clock(order, "sign", 1).stopped_at == LATER + MINUTE
    assert clock(order, "sign", 2).stopped_at == LATER
    assert clock(order).stopped_at is None


@pytest.mark.usefixtures("each_city")
def test_once_and_by_the_unit_itself() -> None:
    first, second = units(2)
    order = dispatched(to=first)
    with refused(NoSuchOrder):
        sign_handling(order=order, handling=1, actor=liaison(second), now=LATER)
    with refused(NotAllowed):
        sign_handling(order=order, handling=1, actor=BOB, now=LATER)
    with refused(NoSuchOrder):
        sign_handling(order=order, handling=2, actor=liaison(first), now=LATER)
    sign_handling(order=order, handling=1, actor=liaison(first), now=LATER)
    with refused(WrongState):
        sign_handling(order=order, handling=1, actor=liaison(first), now=LATER)


@pytest.mark.usefixtures("each_city")
def test_somebody_of_the_unit_is_named() -> None:
    order, account = dispatched(), worker(lead())
    assign_handler(order=order, handling=1, account=account, actor=liaison(lead()), now=LATER)
    assert handlings(order)[0].assignee == account
    assert last_event(order)["changes"] == {"handling:1": {"assignee": [None, account]}}
    with refused(NotAllowed):
        assign_handler(order=order, handling=1, account=account, actor=handler(lead()), now=LATER)


@pytest.mark.usefixtures("each_city")
def test_nobody_is_named_who_isnt_at_work_in_the_unit_that_day() -> None:
    order = dispatched()
    disabled = worker(lead())
    Account.objects.filter(pk=disabled).update(is_active=False)
    strangers = [
        disabled,
        worker(units(2)[1]),
        worker(None),
        worker(None, role="operator"),
        worker(lead(), last="2025-04-20"),
        worker(lead(), first="2025-04-22"),
        424242,
    ]
    for account in strangers:
        with refused(BadValue):
            assign_handler(order=order, handling=1, account=account, actor=liaison(lead()), now=LATER)
    last_day = worker(lead(), last="2025-04-21")
    assign_handler(order=order, handling=1, account=last_day, actor=liaison(lead()), now=LATER)
