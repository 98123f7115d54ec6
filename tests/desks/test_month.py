"""The month at a glance: counted beforehand and never by a page, exact, and open to whoever answers for the city."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from browsers import OPENED, Sign
from cast import MONDAY, dispatched, handled, lead, recorded, replied, row, units
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.month.behind import numbers_behind
from jieban.desks.month.count import behind_of, count, state_of_orders, summary_of
from jieban.desks.month.spans import chosen, next_of
from jieban.desks.month.summary import Line, Summary
from jieban.desks.shell.desks import BY_ID
from jieban.desks.work.lock import somebody_works, working
from jieban.desks.work.models import Task, TaskState
from jieban.desks.work.run import run_waiting
from jieban.indicators.period import Period
from jieban.orders.models import Handling, Order
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from live_database import override_settings

pytestmark = pytest.mark.django_db
APRIL = Period.month(2025, 4)
PAGE = "/desk/month/?period=2025-04"
WALL = "/desk/month/wall/?period=2025-04"
LIST = "/desk/month/orders/?period=2025-04&of=orders.total"
PIECE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "figures"}


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> Iterator[None]:
    with override_settings(JIEBAN_VAR=tmp_path):
        yield


def _lines(summary: Summary) -> Iterator[Line]:
    for grid in summary.grids:
        for line in grid.lines:
            yield line
            yield from line.deeper


def _tile(summary: Summary, name: str) -> str:
    return next(tile.text for tile in (*summary.tiles, *summary.more) if tile.id == name)


def _counted(period: Period = APRIL, *, at: datetime = OPENED) -> Summary:
    count(period, at)
    summary = summary_of(period)
    assert summary is not None
    return summary


@pytest.mark.usefixtures("each_city")
def test_figures_are_those_of_the_orders_and_each_list_is_as_long_as_its_figure() -> None:
    first, second = units(2)
    for unit in (first, first, second):
        dispatched(to=unit)
    handled()
    recorded()  # not dispatched: nothing was decided yet, and nothing is counted
    summary = _counted()
    sent = Order.objects.filter(dispatched_at__isnull=False)
    assert _tile(summary, "orders.total") == str(sent.count()) == "4"
    assert _tile(summary, "orders.received") == "4"
    by_unit = Counter(Handling.objects.values_list("unit", flat=True))
    of_units = next(grid for grid in summary.grids if grid.id == "units")
    assert sorted(int(line.cells[0].text) for line in of_units.lines) == sorted(by_unit.values())
    listed = 0
    for cell in (cell for line in _lines(summary) for cell in line.cells if cell.behind):
        cut = dict(parse_qsl(cell.behind))
        assert len(numbers_behind(behind_of(APRIL), cut.pop("of"), cut)) == int(cell.text), cell
        listed += 1
    assert listed


@pytest.mark.usefixtures("each_city")
def test_each_figure_opens_the_orders_that_it_counts() -> None:
    first = dispatched()
    dispatched(repeat_of=first)
    replied()
    handled()
    letters = list(city().mailboxes.values())[:1]
    for box in letters:
        recorded(mailbox=box.code, topic=next(iter(city().schemes[box.scheme])))
    summary = _counted(at=OPENED + timedelta(days=9))
    tiles = {tile.id: tile for tile in (*summary.tiles, *summary.more)}
    behind = {name: dict(parse_qsl(tile.behind)) for name, tile in tiles.items() if tile.behind}
    lengths = {name: len(numbers_behind(behind_of(APRIL), cut["of"], {})) for name, cut in behind.items()}
    assert all(lengths.values()), "no figure opens an empty list"
    known = {
        "orders.total": 4,
        "orders.received": 4,
        "orders.on_time_sign": 2,  # those that keep it from the whole
        "handlings.total": 4,
        "handlings.on_time_sign": 2,
        "orders.in_hand": 3,
        "orders.repeat_rate": 1,
        **({"letters.received": 1} if letters else {}),
    }
    assert {name: length for name, length in lengths.items() if "close" not in name} == known
    for name in ("orders.total", "orders.in_hand", "handlings.total"):
        assert tiles[name].text == str(known[name])
    assert "orders.close_hours_median" not in lengths
    groups = next(grid for grid in summary.grids if grid.id == "groups")
    for line in groups.lines:
        cut = dict(parse_qsl(line.cells[0].behind))
        assert len(numbers_behind(behind_of(APRIL), cut.pop("of"), cut)) == int(line.cells[0].text)
        assert cut.keys() == {"unit_group"}


@pytest.mark.usefixtures("each_city")
def test_the_map_has_every_street_with_its_number_and_is_darkest_where_most_is() -> None:
    standing = [each for each in city().streets.valid_on(APRIL.last) if each.tile is not None]
    assert len(standing) == len(city().streets.valid_on(APRIL.last)) > 3
    busy, calm, *_ = (each.code for each in standing)
    for street in (*[busy] * 5, calm, None):
        dispatched(street=street)
    summary = _counted()
    by_name = {place.name: place for place in summary.places}
    assert {(place.column, place.row) for place in summary.places} == {each.tile for each in standing}
    counted = Counter(Order.objects.values_list("street", flat=True))
    for each in standing:
        place = by_name[each.short_name]
        assert place.cell.text == str(counted[each.code]), each.code
        assert place.heat == counted[each.code], "five are the most, and there are five shades"
        if place.cell.behind:
            cut = dict(parse_qsl(place.cell.behind))
            assert len(numbers_behind(behind_of(APRIL), cut.pop("of"), cut)) == counted[each.code]


def test_values_stand_beside_their_bars_and_none_upon_another() -> None:
    for each in (MONDAY, MONDAY, MONDAY - timedelta(days=30)):
        dispatched(now=each)
    for chart in _counted().charts:
        for option in (chart.light, chart.dark):
            own, *beside = option["series"]
            if not beside:
                continue
            names, values = option["yAxis"]
            assert values["data"] == [str(item["value"]) for item in own["data"]]
            assert len(values["data"]) == len(names["data"])
            assert not any(item["label"]["show"] for each in option["series"] for item in each["data"])


def test_last_month_and_last_year_stand_beside() -> None:
    for _ in range(3):
        dispatched()
    for _ in range(2):
        dispatched(now=MONDAY - timedelta(days=31))
    summary = _counted()
    before, year = next(tile for tile in summary.tiles if tile.id == "orders.total").against
    assert (before.text, before.change) == ("2 件", "+50.00%")
    assert (year.text, year.change) == ("", "")
    topics = next(grid for grid in summary.grids if grid.id == "topics")
    assert [cell.text for cell in topics.lines[0].cells[2:]] == ["2", "+50.00%"]


@override_settings(JIEBAN_PROFILE="changji")
def test_a_list_behind_handlings_says_how_many_there_are_of_each(sign_in: Sign) -> None:
    dispatched(assisting=units(2)[1:])
    dispatched()
    summary = _counted()
    assert _tile(summary, "handlings.total") == "3"
    browser = sign_in(Role.SUPERVISOR)
    told = browser.get("/desk/month/orders/?period=2025-04&of=handlings.total").content.decode()
    assert "2025年4月，3 件承办，分属 2 件工单" in told
    assert "2025年4月，2 件工单" in browser.get(LIST).content.decode()


@override_settings(JIEBAN_PROFILE="changji")
def test_a_topic_that_is_called_as_its_type_is_not_said_twice(sign_in: Sign) -> None:
    number = dispatched(request_type="praise", topic="government", subtopic="praise")
    _counted()
    browser = sign_in(Role.SUPERVISOR)
    for path in (LIST, f"/desk/search/?q={number}"):
        page = browser.get(path).content.decode()
        entry = next(each for each in page.split('class="entry"') if f">{number}<" in each)
        assert re.sub(r"<[^>]*>", "", entry.partition("</a>")[0]).count("表扬") == 1, path


def test_hours_differ_by_hours_be_they_whole_or_not() -> None:
    handled()
    handled(now=MONDAY - timedelta(days=31))
    median = next(tile for tile in _counted().more if tile.id == "orders.close_hours_median")
    assert [each.change for each in median.against] == ["±0.0 小时", ""]


@pytest.mark.parametrize("each_city", ["yunting"], indirect=True)
def test_what_another_code_carries_on_now_is_compared_with_what_it_was(each_city: str) -> None:
    assert each_city == city().name
    topics = city().order_topics
    ended, lasting = next(
        (code, now) for code in topics if (now := topics.carried_on_by(code, APRIL.last)) != code
    )
    for topic, day in ((ended, MONDAY - timedelta(days=365)), (lasting, MONDAY)):
        dispatched(topic=topic, now=day)
    grid = next(each for each in _counted().grids if each.id == "topics")
    told = [(line.name, line.cells[0].text, line.cells[2].text) for line in grid.lines]
    assert told == [(topics[lasting].name, "1", "1")]


@pytest.mark.parametrize("path", ["/desk/month/", PAGE, WALL])
def test_the_desk_is_open_to_its_roles_and_to_no_others(path: str, sign_in: Sign) -> None:
    for role in POST_ROLES:
        answer = sign_in(role, lead() if role in UNIT_ROLES else None).get(path)
        assert answer.status_code == (200 if role in BY_ID["month"].roles else 403), role


def test_only_who_sees_every_order_comes_from_a_figure_to_its_orders(sign_in: Sign) -> None:
    number = dispatched()
    _counted()
    supervisor = sign_in(Role.SUPERVISOR)
    assert "/desk/month/orders/?period=2025-04&amp;of=orders.total" in supervisor.get(PAGE).content.decode()
    assert number in supervisor.get(LIST).content.decode()
    for role in (Role.LEADER, Role.ANALYST):
        browser = sign_in(role)
        assert "/desk/month/orders/" not in browser.get(PAGE).content.decode(), role
        assert browser.get(LIST).status_code == 403, role
        assert number not in browser.get(PAGE).content.decode(), role
    for query in ("of=orders.nonsense", "of=letters.closed", "page=0", "page=x", "of=orders.total&page=-1"):
        assert supervisor.get(f"/desk/month/orders/?period=2025-04&{query}").status_code == 404, query


def test_no_page_counts_by_itself_and_all_cost_the_same(sign_in: Sign) -> None:
    browser = sign_in(Role.LEADER)
    assert "还没有统计" in browser.get(PAGE).content.decode()
    dispatched()
    _counted()
    browser.get(PAGE)  # the first page of a session writes it down
    costs = []
    for more in (1, 12):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(PAGE).content.decode()
        costs.append(len(queries))
        for _ in range(more):
            dispatched()
    assert costs[0] == costs[1]
    # the city, session, account, posts, one-time codes, the latest work, the last event, and bookkeeping
    assert costs[0] <= 11
    assert "此后工单有变动" in browser.get(PAGE).content.decode()
    assert "此后工单有变动" in page
    assert _tile(_counted(), "orders.total") == "14"
    assert "此后工单有变动" not in browser.get(PAGE).content.decode()


def test_what_did_not_change_is_neither_counted_nor_sent_again(sign_in: Sign) -> None:
    dispatched()
    assert [count(APRIL, OPENED).anew, count(APRIL, OPENED).anew] == [True, False]
    assert count(APRIL, OPENED, again=True).anew
    assert count(APRIL, OPENED + timedelta(days=1)).anew, "what is late changes with the days"
    for path in (PAGE, WALL):
        browser = sign_in(Role.ANALYST if path == PAGE else Role.LEADER)
        first = browser.get(path, **PIECE)
        again = browser.get(path, HTTP_IF_NONE_MATCH=first.headers["ETag"], **PIECE)
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert b"<html" not in first.content


def test_figures_are_counted_again_by_those_who_may_and_once(sign_in: Sign) -> None:
    dispatched()
    refused = sign_in(Role.LEADER).post("/desk/month/count/", {"period": "2025-04"})
    assert (refused.status_code, Task.objects.count()) == (403, 0)
    browser = sign_in(Role.ANALYST)
    for _ in range(2):
        assert browser.post("/desk/month/count/", {"period": "2025-04"}).status_code == 302
    assert Task.objects.count() == 1
    assert "正在统计" in browser.get(PAGE).content.decode()
    assert run_waiting(patience=0) == 1
    assert _tile(_counted(), "orders.total") == "1"
    assert "正在统计" not in browser.get(PAGE).content.decode()
    assert browser.get("/desk/month/count/").status_code == 405


def test_work_whose_process_died_is_taken_up_again(sign_in: Sign) -> None:
    dispatched()
    browser = sign_in(Role.ANALYST)
    browser.post("/desk/month/count/", {"period": "2025-04"})
    Task.objects.update(state=TaskState.RUNNING)
    assert not somebody_works()
    assert "中断" in browser.get(PAGE).content.decode()
    with working() as held:
        assert held
        assert somebody_works()
        assert "正在统计" in browser.get(PAGE).content.decode()
        assert run_waiting(patience=0) == 0, "one at a time"
    assert run_waiting(patience=0) == 1
    assert Task.objects.get().state == TaskState.DONE


def test_work_that_fails_says_so_and_the_next_has_its_turn() -> None:
    for subject in ("nonsense", "2025-04"):
        Task.objects.create(job="figures", subject=subject, asked_by="account:1", asked_at=OPENED)
    assert run_waiting(patience=0) == 2
    assert [(each.state, bool(each.said)) for each in Task.objects.order_by("pk")] == [
        ("failed", True),
        ("done", False),
    ]


@pytest.mark.parametrize(
    "given", ["nonsense", "2025-13", "2026-01", "9999", "2025-05-01..2025-04-01", "../x"]
)
def test_a_period_that_cannot_be_is_not_found(given: str, sign_in: Sign) -> None:
    assert sign_in(Role.LEADER).get("/desk/month/", {"period": given}).status_code == 404


@pytest.mark.parametrize("code", ["2025-03", "2025-W15", "2025-Q1", "2024", "2024-12"])
def test_one_goes_on_from_a_period_to_the_next_of_its_kind(code: str) -> None:
    period = Period.parse(code)
    following = next_of(period, OPENED)
    assert following is not None
    assert (following.previous(), following.kind) == (period, period.kind)
    assert next_of(Period.month(2025, 4), OPENED) is None
    assert chosen(None, OPENED) == Period.month(2025, 3)


def test_a_stranger_is_asked_to_sign_in() -> None:
    for path in (PAGE, WALL, LIST):
        assert Client().get(path).headers["Location"].startswith("/account/login/?next=")


def test_the_state_of_the_orders_changes_with_every_act() -> None:
    before = state_of_orders()
    number = recorded()
    assert state_of_orders() != before
    assert row(number).events


def test_a_summary_is_read_as_it_was_written() -> None:
    dispatched()
    summary = _counted()
    assert Summary.of_json(summary.as_json()) == summary
    assert Summary.of_json('{"format": 0}') is None
