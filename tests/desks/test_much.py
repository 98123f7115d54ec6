"""Much of everything: an order of many units, and what was done many times over, are seen at a glance."""

import re
from datetime import UTC, datetime

import pytest
from browsers import Sign
from cast import BOB, MINUTE, MONDAY, clock, dispatched, handlings, liaison, signed, units
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from jieban.desks.shell.long import MOST, MOST_LINES, folded
from jieban.orders.actions.progress import report_progress
from jieban.orders.actions.sign import sign_handling
from jieban.orders.actions.supervise import urge_order
from jieban.orders.secrets import Matter
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
MANY = 8
_TEXT = re.compile(r'<p class="matter">(?:<span class="quiet">[^<]*</span>)?([^<]*)</p>')
FOLD = re.compile(r"<details[^>]*>(.*?)</details>", re.DOTALL)


def _order() -> str:
    first, *others = units(MANY)
    return dispatched(to=first, assisting=others)


def _page(browser: Client, number: str, desk: str = "dispatch") -> str:
    return browser.get(f"/desk/{desk}/{number}/").content.decode()


def _card(page: str, name: str) -> str:
    return page.split(f"<h2>{name}</h2>")[1].split("</section>", maxsplit=1)[0]


def test_an_act_that_may_be_done_to_each_of_many_units_stands_folded(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    page = _page(browser, _order())
    acts = page.split('class="acts" aria-label')[1].split('id="act"')[0]
    [folded] = [each for each in FOLD.findall(acts) if "/do/remove_unit/" in each]
    assert folded.count('<a class="button') == MANY - 1
    assert f"{MANY - 1} 个单位" in folded
    assert "/do/remove_unit/" not in FOLD.sub("", acts)
    few = _page(browser, signed(assisting=units(3)[1:]))
    assert "/do/remove_unit/" in FOLD.sub("", few)


def test_of_many_units_those_whose_time_presses_stand_open(sign_in: Sign) -> None:
    number = _order()
    late, *in_time = handlings(number)
    for each in in_time:
        sign_handling(order=number, handling=each.serial, actor=liaison(each.unit), now=MONDAY + 2 * MINUTE)
    # A moment after the first should have signed; what the others owe is days away.
    moment = clock(number, "sign", late.serial).due_at + MINUTE
    with override_settings(JIEBAN_CLOCK_SHIFT=moment - datetime.now(UTC)):
        clocks = _card(_page(sign_in(Role.DISPATCHER), number), "时限")
    [folded] = FOLD.findall(clocks)
    shown = FOLD.sub("", clocks)
    assert f"还有 {MANY - 1} 个单位" in folded
    names = {each.serial: f">{city().units[each.unit].short_name}<" for each in (late, *in_time)}
    assert [serial for serial, name in names.items() if name in shown] == [late.serial]
    assert [serial for serial, name in names.items() if name in folded] == [each.serial for each in in_time]


def test_a_line_names_few_units_and_says_how_many_there_are(sign_in: Sign) -> None:
    number = _order()
    page = sign_in(Role.DISPATCHER).get("/desk/dispatch/?queue=unsigned").content.decode()
    entry = page.split(f'data-number="{number}"')[1].split("</a>")[0]
    assert f"等 {MANY} 个单位" in entry
    shown = FOLD.sub("", re.sub(r'title="[^"]*"', "", entry))
    assert sum(f"<span>{city().units[each].short_name}</span>" in shown for each in units(MANY)) == 3


def test_what_somebody_did_over_and_over_stands_in_the_trail_once(sign_in: Sign) -> None:
    number = signed()
    later = MONDAY + 10 * MINUTE
    for at in (later, later, later, later + 2 * MINUTE):
        urge_order(order=number, actor=BOB, now=at)
    trail = _card(_page(sign_in(Role.DISPATCHER), number), "留痕")
    assert trail.count("<strong>催办</strong>") == 2
    assert trail.count("3 次") == 1


def test_the_units_that_an_order_is_sent_to_stand_in_one_line_of_the_trail(sign_in: Sign) -> None:
    many = 12
    first, *others = units(many)
    trail = _card(_page(sign_in(Role.DISPATCHER), dispatched(to=first, assisting=others)), "留痕")
    names = [city().units[each].short_name for each in (first, *others)]
    told = re.sub(r"<[^>]+>|\s", "", trail)
    assert f"主办：{names[0]}协办：{'、'.join(names[1:])}" in told


def test_a_long_text_stands_folded_and_is_there_whole(sign_in: Sign) -> None:
    said = "".join(f"第{n}处路灯不亮，晚上看不清路。" for n in range(60))
    done = "".join(f"{n}时到达现场，逐一检查。" for n in range(80))
    number = signed(matter=Matter(content=said, summary="路灯不亮"))
    later = MONDAY + 5 * MINUTE
    report_progress(order=number, handling=1, progress=done, actor=liaison(units()[0]), now=later)
    browser = sign_in(Role.DISPATCHER)
    page = _page(browser, number)
    for card, text in (("诉求内容", said), ("留痕", done)):
        shown = _card(page, card)
        [rest] = FOLD.findall(shown)
        assert f"共 {len(text)} 字" in rest
        begin = _TEXT.findall(FOLD.sub("", shown))[0]
        assert begin + _TEXT.findall(rest)[0] == text
        assert len(begin) < MOST
    assert 'class="rest"' not in _page(browser, signed())


@given(st.text(alphabet="灯亮。，\n a", max_size=3 * MOST))
def test_nothing_of_a_folded_text_is_lost(text: str) -> None:
    begin, rest = folded(text)
    assert text.startswith(begin)
    assert text.endswith(rest)
    assert not text[len(begin) : len(text) - len(rest)].strip("\n"), "between them is a line's end at most"
    if len(text) <= MOST and text.count("\n") < MOST_LINES:
        assert rest == ""


def test_a_text_of_many_lines_stands_folded() -> None:
    begin, rest = folded("一行\n" * 40)
    assert begin.count("\n") < MOST_LINES < rest.count("\n")
