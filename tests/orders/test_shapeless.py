"""Signs that nobody sees: they say nothing where something is to be said, and hide no word from who looks for it."""

import pytest
from cast import (
    ALICE,
    BOB,
    MINUTE,
    MONDAY,
    NUR,
    dispatched,
    handler,
    lead,
    recorded,
    refused,
    reply,
    request,
    signed,
)

from jieban.orders.actions.desk import answer_order
from jieban.orders.actions.dispatch import recall_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.errors import Missing
from jieban.orders.search.box import Sought
from jieban.orders.search.find import search_orders
from jieban.orders.secrets import Matter
from jieban.orders.texts import written
from jieban.people.city import city

pytestmark = pytest.mark.django_db

NOTHING = "\u200b\u2060 \u3000\ufeff\u202e"
LATER = MONDAY + 30 * MINUTE


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), (NOTHING, 0), ("路\u200b灯 。", 3), ("𠮷㐂", 2), ("\ue5e5", 1), ("👍🏽", 2)]
)
def test_what_can_be_seen_is_counted(text: str, count: int) -> None:
    assert written(text) == count


def test_nothing_to_be_seen_is_nothing_said() -> None:
    new, out, begun = recorded(), dispatched(), signed()
    required = next(each.code for each in city().workflow.reply if each.required and not each.choices)
    with refused(Missing):
        record_order(request=request(matter=Matter(content=NOTHING)), actor=NUR, now=MONDAY)
    with refused(Missing):
        answer_order(order=new, answer=NOTHING, actor=ALICE, now=LATER)
    with refused(Missing):
        recall_order(order=out, reason=NOTHING, actor=BOB, now=LATER)
    told = reply(**{required: NOTHING})
    with refused(Missing):
        reply_to_order(order=begun, handling=1, reply=told, actor=handler(lead()), now=LATER)


@pytest.mark.parametrize(
    ("said", "typed"), [("小区\u200b路\u200c灯坏了", "路灯"), ("小区路灯坏了", "路\u200b灯")]
)
def test_a_word_is_found_whatever_of_no_width_stands_in_it(said: str, typed: str) -> None:
    order = recorded(matter=Matter(content=said))
    assert [hit.order for hit in search_orders(ALICE, Sought(text=typed)).hits] != [], order
