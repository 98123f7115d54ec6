"""What the ledger tells of letters and orders that nobody has decided yet, or that never went to a unit."""

from collections import Counter
from datetime import timedelta

import pytest
from cast import (
    ALICE,
    BOB,
    MINUTE,
    MONDAY,
    RUTH,
    handler,
    lead,
    liaison,
    recorded,
    reply,
)
from django.test import override_settings

from jieban.indicators.compute import compute
from jieban.indicators.period import Period
from jieban.ledger.schema import Disposition, LetterDisposition
from jieban.orders.actions.desk import answer_order, refuse_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order, recall_order
from jieban.orders.actions.merge import merge_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.export import export_ledger
from jieban.people.city import city

pytestmark = pytest.mark.django_db
LATER = MONDAY + 10 * MINUTE
_WAYS = ("transferred", "answered", "refused", "pending")


def topic(box: str) -> str:
    return next(iter(city().schemes[city().mailboxes[box].scheme]))


def letter(box: str = "mayor") -> str:
    return recorded(mailbox=box, channel=box, topic=topic(box))


def dispatched(order: str) -> str:
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=LATER)
    return order


def closed(order: str) -> str:
    dispatched(order)
    sign_handling(order=order, handling=1, actor=liaison(lead()), now=LATER)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=LATER)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)
    return order


def answered(order: str) -> str:
    answer_order(order=order, answer="已答复。", actor=ALICE, now=LATER)
    return order


def not_taken(order: str) -> str:
    ground = city().workflow.refusal_grounds[0].code
    refuse_order(order=order, ground=ground, explanation="请走诉讼。", actor=BOB, now=LATER)
    return order


def parted(order: str, topic: str) -> str:
    kind = next(iter(city().request_types))
    parts = [SplitPart(request_type=kind, topic=topic, summary="一事") for _ in range(2)]
    split_order(order=order, parts=parts, actor=BOB, now=LATER)
    return order


def recalled(order: str) -> str:
    dispatched(order)
    recall_order(order=order, reason="派错单位", actor=BOB, now=LATER + MINUTE)
    return order


@pytest.fixture
def letters() -> dict[str, str]:
    """What a letter of each fate must be called, by number; two more come from the split one."""
    with override_settings(JIEBAN_PROFILE="changji"):
        fates = {
            letter(): "pending",
            recalled(letter()): "pending",
            dispatched(letter()): "transferred",
            closed(letter("governor")): "transferred",
            answered(letter("governor")): "answered",
            not_taken(letter()): "refused",
            parted(letter(), topic("mayor")): "split",
        }
        merged = dispatched(letter())
        merge_order(order=merged, into=next(iter(fates)), reason="同一封信", actor=BOB, now=LATER + MINUTE)
        yield {**fates, merged: "merged"}


def test_a_letter_is_called_what_it_became(letters: dict[str, str]) -> None:
    told = {row["letter_no"]: row for row in export_ledger().letters.to_pylist()}
    assert {number: told[number]["disposition"] for number in letters} == letters
    others = [row for number, row in told.items() if number not in letters]
    assert [row["disposition"] for row in others] == ["pending", "pending"]
    for row in told.values():
        in_units = row["disposition"] == "transferred"
        assert (row["unit"] is not None) == in_units
        assert (row["closed_at"] is None) or row["disposition"] in {"transferred", "answered"}


def test_what_was_received_is_the_sum_of_what_became_of_it(letters: dict[str, str]) -> None:
    assert letters
    ledger = export_ledger()
    figures = compute(ledger, city(), Period.parse("2025-04"), cutoff=LATER + timedelta(days=30))
    counts = Counter(row["disposition"] for row in ledger.letters.to_pylist())
    assert set(counts) == set(LetterDisposition)
    for cut in ({}, {"mailbox": "mayor"}, {"mailbox": "governor"}):
        numbers = {
            name: figures.get(f"letters.{name}", **cut).value for name in (*_WAYS, "received", "closed")
        }
        assert numbers["received"] == sum(numbers[name] for name in _WAYS)
    for name in _WAYS:
        assert figures.get(f"letters.{name}").value == counts[name]
    # The split letter goes on as two, the merged one as another that is there.
    assert figures.get("letters.received").value == ledger.letters.num_rows - 2
    assert figures.get("letters.closed").value == 2


def test_an_order_that_nobody_has_decided_is_pending(each_city: str) -> None:
    plain = next(iter(city().order_topics))
    fates = {
        recorded(): Disposition.PENDING,
        dispatched(recorded()): Disposition.DISPATCHED,
        answered(recorded()): Disposition.ANSWERED,
        not_taken(recorded()): Disposition.REFUSED,
        parted(recorded(), plain): Disposition.SPLIT,
    }
    told = {row["order_no"]: row for row in export_ledger().orders.to_pylist()}
    assert {number: told[number]["disposition"] for number in fates} == fates
    ledger = export_ledger()
    assert ledger.letters.num_rows == 0
    figures = compute(ledger, city(), Period.parse("2025-04"), cutoff=LATER)
    assert figures.get("orders.received").value == 3, each_city
    assert not figures.has("letters.received"), "a city without letters has no figures of them"
