"""`jieban order clock` and `jieban order show`: what somebody reads who wants to count along."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from by_hand import CLOSE_DAYS, due
from cast import (
    BEIJING,
    BOB,
    MINUTE,
    MONDAY,
    at,
    clock,
    dispatched,
    handled,
    handler,
    lead,
    liaison,
    recorded,
    signed,
    units,
)
from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.errors import Exit
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.clocks import Change, ChangeKind, Run, changes_text, due_of
from jieban.orders.explain import account_of, accounts_of
from jieban.orders.models import Clock, Order
from jieban.people.city import city, forget
from jieban.people.city_changes import propose
from jieban.profile.documents.changes import ValueChange
from jieban.profile.load import load_profile
from jieban.site.cli.columns import aligned, width
from jieban.site.cli.frame import run
from jieban.worktime import Basis, Span
from live_database import LiveDatabase

pytestmark = pytest.mark.usefixtures("database")


def said(capsys: pytest.CaptureFixture[str], *words: str, code: Exit = Exit.OK) -> str:
    capsys.readouterr()
    assert run(words) == code
    return capsys.readouterr().out


def a_long_story(begin: datetime) -> str:
    order = signed(now=begin, assisting=units(2)[1:])
    pause_handling(
        order=order, handling=1, reason="等照片", actor=handler(lead()), now=begin + timedelta(hours=4)
    )
    resumed = begin + timedelta(days=8)
    resume_handling(order=order, handling=1, actor=handler(lead()), now=resumed)
    ask_extension(
        order=order, handling=1, days=2, reason="要施工", actor=liaison(lead()), now=resumed + MINUTE
    )
    decide_extension(
        order=order, handling=1, granted=True, reason="同意", actor=BOB, now=resumed + 2 * MINUTE
    )
    return order


def test_every_step_is_counted_with_rule_source_and_the_deadline_between(
    each_city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    begin = at("2025-04-28 10:30")
    order = a_long_story(begin)
    text = said(capsys, "order", "clock", order)
    own = text.split("■")[4]
    days = CLOSE_DAYS[each_city]["handling"]
    deadlines = [
        due(each_city, begin, days),
        due(each_city, begin + timedelta(days=8), days),
        due(each_city, begin + timedelta(days=8), days + 2),
    ]
    lines = [line.strip() for line in own.splitlines()]
    assert [line for line in lines if line.startswith("→")] == [
        f"→ 期限 {moment:%Y-%m-%d} 周{'一二三四五六日'[moment.weekday()]} {moment:%H:%M}"
        for moment in deadlines
    ]
    rule = next(each for each in city().deadline_rules if each.id == clock(order, "close", 1).rule)
    assert f"规则 {rule.id}：" in own
    assert re.sub(r"\W", "", rule.source) in re.sub(r"\W", "", own)
    assert f"暂停时还剩 {days} 个工作日" in own
    assert own.count("起始当日") == 1
    assert "延期 2 个工作日" in own
    assert any("与重算一致" in line for line in lines)
    if each_city == "changji":
        assert own.count("节假日（劳动节）") == 5, (
            "the first count goes through the holiday, the second does not"
        )


@pytest.mark.usefixtures("each_city")
def test_programs_read_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    order = a_long_story(at("2025-09-28 10:30"))
    told = json.loads(said(capsys, "order", "clock", order, "--json"))
    assert told["equal"] is True
    assert [(each["handling"], each["stage"]) for each in told["clocks"]] == [
        (None, "sign"),
        (None, "close"),
        (1, "sign"),
        (1, "close"),
        (2, "sign"),
        (2, "close"),
    ]
    for each in told["clocks"]:
        stored = clock(order, each["stage"], each["handling"])
        assert datetime.fromisoformat(each["due"]) == stored.due_at
        assert datetime.fromisoformat(each["parts"][-1]["due"]) == stored.due_at
    assert [part["kind"] for part in told["clocks"][1]["parts"]] == ["start", "restart", "pause", "extend"]


@pytest.mark.usefixtures("each_city")
def test_a_deadline_that_was_altered_behind_our_back_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    order = signed()
    Clock.objects.filter(order__number=order, handling__serial=1, stage="close").update(
        due_at=clock(order, "close", 1).due_at + timedelta(seconds=1)
    )
    text = said(capsys, "order", "clock", order, code=Exit.CHECK_FAILED)
    assert text.count("与重算不一致") == 2
    assert "有 1 个期限与重算不一致" in text
    told = json.loads(said(capsys, "order", "clock", order, "--json", code=Exit.CHECK_FAILED))
    assert [each["equal"] for each in told["clocks"]] == [True, True, True, False]
    # Under which profile the clock was made is told by the event that made it.
    assert [each["made_under"] for each in told["clocks"]] == [None, None, None, city().version]
    assert city().version[:12] in text


def test_a_deadline_that_waits_for_its_calendar_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    order = recorded(now=at("2026-12-31 16:00"))
    text = said(capsys, "order", "clock", order)
    assert "期限待定" in text
    assert "暂定，待日历" in text
    told = json.loads(said(capsys, "order", "clock", order, "--json"))
    assert [(each["provisional"], each["recomputed"]) for each in told["clocks"]] == [(True, None)] * 2


def test_an_unknown_number_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["order", "clock", "2504210009X"]) == Exit.FAULTS_FOUND
    assert "没有编号为 2504210009X 的工单" in capsys.readouterr().err


@pytest.mark.usefixtures("each_city")
def test_columns_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    order = handled(now=at("2025-04-28 10:30"), assisting=units(3)[1:])
    shown = said(capsys, "order", "show", order).splitlines()
    table = shown[shown.index("承办") + 2 : shown.index("时限") - 1]
    assert len(table) == 3
    starts = {tuple(width(line[: line.index(day)]) for day in ["2025-04-28"]) for line in table}
    assert len(starts) == 1
    trail = shown[shown.index("留痕") + 1 :]
    assert len({width(line[: line.index("account:")]) for line in trail}) == 1
    assert [int(line.split()[0]) for line in trail] == list(range(1, len(trail) + 1))


@pytest.mark.usefixtures("each_city")
def test_the_order_is_shown_without_its_words_and_its_requester_masked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain, hidden = dispatched(), dispatched(confidential=True)
    for words in (["order", "show", plain], ["order", "show", plain, "--json"]):
        text = said(capsys, *words)
        assert "139****0001" in text
        assert "买*" in text
        for secret in ("13900000001", "艾力", "路灯", "一号楼"):
            assert secret not in text
    text = said(capsys, "order", "show", hidden)
    assert "保密" in text
    assert not re.search(r"139.{4}0001", text)
    assert "买" not in text
    assert json.loads(said(capsys, "order", "show", hidden, "--json"))["requester"] is None


def test_it_is_a_command_of_its_own_and_so_is_the_job(database: LiveDatabase) -> None:
    order = signed()

    def do(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "jieban", *words],
            env={**database.environ, "LANG": "zh_CN.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )

    counted = do("order", "clock", order)
    assert (counted.returncode, counted.stderr) == (0, "")
    assert counted.stdout.count("与重算一致") == 4
    done = do("clocks", "run", "--now", "2025-07-01 10:00")
    assert (done.returncode, done.stdout) == (0, "重算了 0 件工单的期限，提醒了 1 件工单。\n")
    assert json.loads(do("clocks", "run", "--now", "2025-07-01 10:00", "--json").stdout) == {
        "recomputed": 0,
        "warned": 0,
        "escalated": 0,
        "left": [],
    }


def test_wide_characters_take_two_columns() -> None:
    assert aligned([["工单", "a"], ["x", "b"]]) == ["工单  a", "x     b"]
    assert aligned([["a", "", "b"], ["c", "", "d"]]) == ["a  b", "c  d"]
    assert aligned([]) == []


PROFILES = {name: load_profile(name) for name in ("changji", "yunting")}
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2025, 11, 30)).map(lambda day: day.replace(tzinfo=UTC))  # noqa: DTZ001  # made aware at once
SPANS = st.one_of(
    st.builds(Span, amount=st.integers(1, 12), basis=st.just(Basis.WORKING_DAYS)),
    st.builds(
        Span, amount=st.integers(1, 60), basis=st.sampled_from([Basis.CLOCK_HOURS, Basis.WORKING_HOURS])
    ),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[datetime, Span, tuple[Change, ...]]:
    begun, span = draw(MOMENTS), draw(SPANS)
    changes, now = [], begun
    for kind in draw(st.lists(st.sampled_from(ChangeKind), max_size=6)):
        now += timedelta(minutes=draw(st.integers(0, 6000)))
        new = draw(SPANS) if kind in {ChangeKind.RESTART, ChangeKind.RECLASSIFY} else None
        until = now + timedelta(minutes=draw(st.integers(0, 9000))) if kind is ChangeKind.PAUSE else None
        changes.append(
            Change(
                kind=kind,
                at=now,
                until=until,
                days=draw(st.integers(1, 10)) if kind is ChangeKind.EXTEND else None,
                rule="r" if new else None,
                amount=new.amount if new else None,
                basis=new.basis if new else None,
                why="dispatch" if new else None,
            )
        )
        now = until or now
    return begun, span, tuple(changes)


@given(history=histories(), name=st.sampled_from(sorted(PROFILES)))
def test_counting_line_by_line_comes_to_what_is_stored_whatever_happened(
    history: tuple[datetime, Span, tuple[Change, ...]], name: str
) -> None:
    begun, span, changes = history
    profile = PROFILES[name]
    stored = due_of(Run(rule="r", span=span, started_at=begun, changes=changes), profile.clock)
    kept = Clock(
        level="order",
        stage="close",
        rule="r",
        amount=span.amount,
        basis=span.basis.value,
        started_at=begun,
        due_at=stored,
        changes=changes_text(changes),
    )
    account = account_of(kept, None, profile)
    assert account.equal
    assert account.recomputed == stored
    assert len(account.parts) == 1 + len(changes)
    kept.due_at = stored + timedelta(microseconds=1)
    assert not account_of(kept, None, profile).equal


def test_late_is_late_to_the_microsecond(each_city: str) -> None:
    order = handled()
    found = {(each.handling, each.stage): each for each in accounts_of(Order.objects.get(), city())}
    assert all(each.late is False for each in found.values())
    last = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    mine = Clock.objects.filter(order__number=order, handling__serial=1, stage="close")
    mine.update(stopped_at=last + timedelta(microseconds=1))
    assert [each.late for each in accounts_of(Order.objects.get(), city())] == [False, False, False, True]
    mine.update(stopped_at=last.astimezone(BEIJING))
    assert [each.late for each in accounts_of(Order.objects.get(), city())] == [False] * 4


def test_what_was_counted_before_the_city_was_changed_is_counted_by_the_city_as_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = handled()
    stored = clock(number, "close", 1)
    assert stored.stopped_at is not None
    was = city().clock.hours.intervals
    change = ValueChange(
        document="calendar.toml",
        path=("hours", "intervals"),
        was=[str(each).replace("–", "-") for each in was],
        now=["09:00-11:00"],
    )
    try:
        yesterday = datetime.now(BEIJING).date() - timedelta(days=1)
        # An act takes the city in force: this one is recorded under what holds before the change.
        propose(
            by=None,
            changes=[change],
            title="办公时间",
            why="通知",
            first_day=yesterday,
            now=datetime.now(UTC),
        )
        told = said(capsys, "order", "clock", number)
        assert "与按当时的配置重算一致" in told
        assert "不一致" not in told
        assert str(city().clock.hours.intervals[0]) == "09:00–11:00"
    finally:
        forget()
