"""Review: four eyes; what passes is closed as of the reply, what doesn't goes back."""

from dataclasses import replace

import pytest
from cast import (
    ALICE,
    BOB,
    MINUTE,
    MONDAY,
    RUTH,
    at,
    clock,
    handler,
    handlings,
    lead,
    liaison,
    refused,
    replied,
    reply,
    row,
    signed,
    units,
    words,
)

from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.errors import Missing, NoSuchOrder, NotAllowed, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 60 * MINUTE
REPLIED = MONDAY + 3 * MINUTE


def test_what_passes_is_closed_when_it_was_replied_and_not_when_it_was_read() -> None:
    order = replied()
    pass_review(order=order, handling=1, actor=RUTH, now=LATER, remark="规范")
    (handling,) = handlings(order)
    assert (handling.state, handling.closed_at) == ("closed", REPLIED)
    assert (row(order).state, row(order).closed_at) == ("handled", REPLIED)
    assert clock(order).stopped_at == clock(order, "close", 1).stopped_at == REPLIED
    assert words(order) == {"remark": "规范"}


def test_an_order_is_closed_with_the_last_of_its_units() -> None:
    first, second = units(2)
    order = signed(to=first, assisting=[second])
    for serial, unit in ((2, second), (1, first)):
        now = REPLIED + (6 if serial == 1 else 2) * MINUTE
        reply_to_order(order=order, handling=serial, reply=reply(), actor=handler(unit), now=now)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)
    assert (row(order).state, row(order).closed_at) == ("handling", None)
    pass_review(order=order, handling=2, actor=RUTH, now=LATER)
    assert (row(order).state, row(order).closed_at) == ("handled", REPLIED + 6 * MINUTE)


def test_what_goes_back_is_counted_and_the_clock_runs_on() -> None:
    order = replied()
    before = clock(order, "close", 1)
    with refused(Missing):
        reject_review(order=order, handling=1, reason="", actor=RUTH, now=LATER)
    reject_review(order=order, handling=1, reason="没有写明后续", actor=RUTH, now=LATER)
    (handling,) = handlings(order)
    assert (handling.state, handling.reworks, handling.replied_at) == ("handling", 1, None)
    after = clock(order, "close", 1)
    assert (after.stopped_at, after.due_at, after.changes) == (None, before.due_at, before.changes)
    assert words(order) == {"reason": "没有写明后续"}
    with refused(WrongState):
        reject_review(order=order, handling=1, reason="再退", actor=RUTH, now=LATER)


def test_a_reply_in_time_that_goes_back_and_comes_late_is_late() -> None:
    order = replied()
    reject_review(order=order, handling=1, reason="不实", actor=RUTH, now=LATER)
    late = at("2025-06-30 10:00")
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=late)
    pass_review(order=order, handling=1, actor=RUTH, now=late + MINUTE)
    close = clock(order, "close", 1)
    assert close.stopped_at == late > close.due_at


def test_nobody_passes_their_own_reply_in_whatever_post() -> None:
    both = replace(handler(lead()), posts=handler(lead()).posts | RUTH.posts)
    order = signed()
    reply_to_order(order=order, handling=1, reply=reply(), actor=both, now=REPLIED)
    with refused(NotAllowed):
        pass_review(order=order, handling=1, actor=both, now=LATER)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)


def test_whose_reply_was_sent_back_passes_a_colleagues() -> None:
    both = replace(handler(lead()), posts=handler(lead()).posts | RUTH.posts)
    order = signed()
    reply_to_order(order=order, handling=1, reply=reply(), actor=both, now=REPLIED)
    reject_review(order=order, handling=1, reason="重写", actor=RUTH, now=LATER)
    reply_to_order(order=order, handling=1, reply=reply(), actor=liaison(lead()), now=LATER)
    pass_review(order=order, handling=1, actor=both, now=LATER)


def test_only_reviewers_and_only_what_was_replied() -> None:
    order = replied()
    for actor in (ALICE, BOB, handler(lead())):
        with refused(NotAllowed):
            pass_review(order=order, handling=1, actor=actor, now=LATER)
        with refused(NotAllowed):
            reject_review(order=order, handling=1, reason="退回", actor=actor, now=LATER)
    with refused(NoSuchOrder):
        pass_review(order=order, handling=2, actor=RUTH, now=LATER)
    fresh = signed()
    with refused(WrongState):
        pass_review(order=fresh, handling=1, actor=RUTH, now=LATER)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)
    with refused(WrongState):
        pass_review(order=order, handling=1, actor=RUTH, now=LATER)
