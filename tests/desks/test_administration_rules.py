"""Deadlines and calendar edited on pages: what is due, from when, and what happens to what runs already."""

import re
from datetime import datetime, time, timedelta

import pytest
from administrators import DESK, SOON, TODAY, form, now, save, second, told
from browsers import OPENED, Sign
from cast import BOB, MINUTE, MONDAY, dispatched, lead, liaison, plain_type, recorded
from django.test import Client

from jieban.desks.administration.effects import clocks
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.audit.verify import verify
from jieban.orders.clocks import due_of
from jieban.orders.models import Clock, Petition
from jieban.people.city import filed
from jieban.people.models import CityChange
from jieban.people.roles import Role
from jieban.profile.model import Basis, DeadlineRule, Level, Stage, Urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city", "city_as_filed")]


def rule() -> DeadlineRule:
    """The rule by which a plain order's handling has to be closed."""
    return filed().deadline_rule(
        Level.HANDLING,
        Stage.CLOSE,
        request_type=plain_type(),
        urgency=Urgency.NORMAL,
        channel=next(iter(filed().channels)),
        on=TODAY,
    )


def path(name: str = "", act: str = "edit") -> str:
    return f"{DESK}deadlines/rules/{name or rule().id.removeprefix('handling-')}/{act}/"


def accept(change: CityChange, browser: Client) -> None:
    answer = browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "accept", "why": "核对过"})
    assert answer.status_code == 302, answer.content.decode()


def test_another_limit_from_a_day_on_is_decided_by_a_second_and_old_clocks_stay(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    before = rule()
    assert before.basis is Basis.WORKING_DAYS
    order = dispatched()
    clocks = dict(Clock.objects.values_list("pk", "due_at"))
    filled = {**form(browser, path()), "amount": before.amount - 1, "from": f"{SOON}"}
    preview = browser.post(path(), {**filled, "do": "preview"}).content.decode()
    assert "个承办办结时限，1 个会不同，平均缩短 1.0 个工作日" in preview
    assert "已经起算的期限不变" in preview
    change = save(browser, path(), amount=before.amount - 1, **{"from": f"{SOON}"})
    page = theirs.get(f"{DESK}city/{change.pk}/").content.decode()
    assert "平均缩短 1.0 个工作日" in page
    assert 'value="accept"' in page
    assert 'value="accept"' not in browser.get(f"{DESK}city/{change.pk}/").content.decode()
    assert browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "accept"}).status_code == 422
    assert now().deadline_rules == filed().deadline_rules
    accept(change, theirs)
    asked = {"request_type": plain_type(), "urgency": Urgency.NORMAL, "channel": next(iter(filed().channels))}
    old, new = (
        now().deadline_rule(Level.HANDLING, Stage.CLOSE, **asked, on=day)
        for day in (SOON - timedelta(days=1), SOON)
    )
    assert (old.id, old.amount) == (before.id, before.amount)
    assert new.amount == before.amount - 1
    assert new.id.endswith(f"-{SOON:%Y%m%d}")
    assert dict(Clock.objects.values_list("pk", "due_at")) == clocks, order
    shown = browser.get(f"{DESK}deadlines/").content.decode()
    assert f'id="{new.id}"' in shown


def test_a_change_that_waits_is_listed_and_can_be_taken_back_or_refused(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    change = save(browser, path(), source="市热线办法第八条", **{"from": ""})
    assert "待审核" in theirs.get(f"{DESK}city/").content.decode()
    assert "待审核 </span>1</span>" in theirs.get(f"{DESK}units/").content.decode()
    assert (
        theirs.post(f"{DESK}city/{change.pk}/decide/", {"do": "refuse", "why": "文号不对"}).status_code == 302
    )
    page = browser.get(f"{DESK}city/{change.pk}/").content.decode()
    assert "未同意" in page
    assert "文号不对" in page
    assert now() is filed()


def test_a_table_that_leaves_a_case_without_a_rule_is_refused_in_words(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    name = (
        filed()
        .deadline_rule(
            Level.HANDLING, Stage.SIGN, request_type=plain_type(), urgency=Urgency.NORMAL, on=TODAY
        )
        .id.removeprefix("handling-")
    )
    answer = browser.post(path(name, "end"), {**form(browser, path(name, "end")), "do": "save"})
    assert answer.status_code == 422
    assert "没有一条时限规则适用于" in told(answer)
    said = {**form(browser, path()), "amount": "0", "do": "save"}
    assert browser.post(path(), said).status_code == 422
    assert browser.get(path("none")).status_code == 404
    assert not CityChange.objects.exists()


def test_a_new_rule_for_one_channel_is_the_more_specific_one_and_can_end(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    channel = list(filed().channels)[1]
    said = {
        "name": "police-close",
        "stage": "close",
        "amount": 2,
        "basis": "working_days",
        "order_margin": 2,
        "source": "联动协议",
        "urgencies": ["normal"],
        "request_types": [plain_type()],
        "channels": [channel],
        "valid_from": f"{SOON}",
    }
    for name in ("警务", "Police", "a b", "x" * 41, "a--b"):
        answer = browser.post(f"{DESK}deadlines/new/", {**said, "name": name, "why": "x", "do": "save"})
        assert answer.status_code == 422, name
    accept(save(browser, f"{DESK}deadlines/new/", **said), theirs)
    found = now().deadline_rule(
        Level.HANDLING,
        Stage.CLOSE,
        request_type=plain_type(),
        urgency=Urgency.NORMAL,
        channel=channel,
        on=SOON,
    )
    assert (found.id, found.amount, found.source) == ("handling-police-close", 2, "联动协议")
    page = browser.get(f"{DESK}city/").content.decode()
    described = f"办结 · 一般 · {filed().request_types[plain_type()].name} · {filed().channels[channel].name}"
    assert f"新增时限：{described}" in page, "a rule is told in words, not by its code"
    last = SOON + timedelta(days=30)
    accept(save(browser, path("police-close", "end"), valid_to=f"{last}"), theirs)
    ended = next(each for each in now().deadline_rules if each.id == "handling-police-close")
    assert ended.validity.last == last


def test_the_table_goes_from_the_plain_to_the_most_urgent(sign_in: Sign) -> None:
    table = sign_in(Role.ADMINISTRATOR).get(f"{DESK}deadlines/").content.decode()
    rows = re.findall(
        r'<tr[^>]* id="([^"]+)"><td[^>]*>[^<]*</td><td[^>]*>[^<]*</td><td[^>]*>([^<]*)</td>', table
    )
    signing = [said for name, said in rows if name.startswith("handling-sign")]
    assert [said for said in signing if said in ("一般", "紧急", "特急")] == ["一般", "紧急", "特急"]


def test_extensions_change_from_their_day(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    there = filed().extension
    change = save(
        browser, f"{DESK}deadlines/extension/", working_days=there.working_days + 3, first_day=f"{SOON}"
    )
    accept(change, theirs)
    assert now().extension == there
    from jieban.people.city_in_force import look  # noqa: PLC0415  # of another day

    assert look(OPENED + timedelta(days=10)).profile.extension.working_days == there.working_days + 3
    assert "起生效" in browser.get(f"{DESK}city/").content.decode()
    assert browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "withdraw"}).status_code == 302
    assert look(OPENED + timedelta(days=10)).profile.extension == there


def test_a_day_off_moves_what_runs_when_clocks_are_recomputed(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    order = dispatched()
    clock = Clock.objects.get(order__number=order, level="handling", stage="close")
    day = MONDAY.date() + timedelta(days=1)
    where = f"{DESK}calendar/days/"
    filled = {**form(browser, where), "first": f"{day}", "kind": "holidays", "name": "试放假"}
    preview = browser.post(where, {**filled, "do": "preview"}).content.decode()
    assert "个推后、0 个提前" in preview
    save(browser, where, first=f"{day}", kind="holidays", name="试放假")
    assert not now().clock.calendar.day(day).works
    assert "试放假" in browser.get(f"{DESK}calendar/?year=2025").content.decode()
    clock.refresh_from_db()
    before = clock.due_at
    from jieban.orders.jobs.recompute import recompute_moved  # noqa: PLC0415  # the job

    assert recompute_moved(now=OPENED).orders == 1
    clock.refresh_from_db()
    assert clock.due_at > before
    assert recompute_moved(now=OPENED).orders == 0, "once"
    save(browser, where, first=f"{day}", kind="neither", name="")
    assert now().clock.calendar == filed().clock.calendar
    assert recompute_moved(now=OPENED).orders == 1
    clock.refresh_from_db()
    assert clock.due_at == before


def test_a_day_off_moves_the_term_to_decide_on_a_return_too(sign_in: Sign) -> None:
    from jieban.orders.jobs.recompute import recompute_moved, run_of_petition  # noqa: PLC0415  # the job

    browser = sign_in(Role.ADMINISTRATOR)
    order, other = dispatched(), dispatched()
    for each in (order, other):
        ask_return(
            order=each, handling=1, reason="不属我单位", actor=liaison(lead()), now=MONDAY + 10 * MINUTE
        )
    decide_return(
        order=other, handling=1, granted=False, reason="属你单位", next_unit=None, actor=BOB, now=OPENED
    )
    asked, decided = Petition.objects.get(order__number=order), Petition.objects.get(order__number=other)
    where = f"{DESK}calendar/days/"
    day = MONDAY.date() if asked.basis != Basis.WORKING_DAYS else MONDAY.date() + timedelta(days=1)
    filled = {**form(browser, where), "first": f"{day}", "kind": "holidays", "name": "试放假"}
    shown = browser.post(where, {**filled, "do": "preview"}).content.decode()
    whole = Clock.objects.filter(stopped_at=None, dropped=False).count() + 1
    assert f"正在计时的 {whole} 个期限中" in shown
    save(browser, where, first=f"{day}", kind="holidays", name="试放假")
    profile, before = now(), asked.decide_by
    due = due_of(run_of_petition(asked), profile.clock)
    assert due > before
    assert recompute_moved(now=OPENED).orders == 2
    asked.refresh_from_db()
    assert asked.decide_by == due
    old = decided.decide_by
    decided.refresh_from_db()
    assert decided.decide_by == old, "what was decided stays"
    assert recompute_moved(now=OPENED).orders == 0, "once"
    assert verify().clean


def test_what_a_ledger_stated_is_not_counted_anew(sign_in: Sign) -> None:
    from jieban.orders.jobs.recompute import recompute_moved  # noqa: PLC0415  # the job

    browser = sign_in(Role.ADMINISTRATOR)
    order, other = dispatched(), dispatched()
    whose = {"order__number": order, "handling__serial": 1, "stage": "close"}
    counted = Clock.objects.get(**whose).due_at
    Clock.objects.filter(order__number=order).update(due_at=counted + timedelta(minutes=7))
    day = MONDAY.date() + timedelta(days=1)
    where = f"{DESK}calendar/days/"
    save(browser, where, first=f"{day}", kind="holidays", name="试放假")
    now()
    assert recompute_moved(now=OPENED).orders == 1
    assert {each.due_at for each in Clock.objects.filter(order__number=order)} == {
        counted + timedelta(minutes=7)
    }
    assert Clock.objects.get(**{**whose, "order__number": other}).due_at > counted


def test_a_preview_says_what_it_did_not_look_at(sign_in: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "MOVED_AT", 3)
    monkeypatch.setattr(clocks, "LOOKED_AT", 3)
    browser = sign_in(Role.ADMINISTRATOR)
    for _ in range(3):
        dispatched()
    day = MONDAY.date() + timedelta(days=1)
    where = f"{DESK}calendar/days/"
    filled = {**form(browser, where), "first": f"{day}", "kind": "holidays", "name": "试放假"}
    shown = browser.post(where, {**filled, "do": "preview"}).content.decode()
    running = Clock.objects.filter(stopped_at=None, dropped=False)
    over = running.filter(due_at__gte=datetime.combine(day, time.min, tzinfo=filed().clock.tz)).count()
    assert over > 3
    assert (
        f"正在计时的 {running.count()} 个期限中，{over} 个跨过改动的日子；只算了其中到期最早的 3 个" in shown
    )
    filled = {**form(browser, path()), "amount": rule().amount + 1, "do": "preview"}
    shown = browser.post(path(), filled).content.decode()
    assert "近一个月起算的期限不止这些：以上只看了最近起算的 3 个" in shown
    monkeypatch.setattr(clocks, "LOOKED_AT", 1000)
    assert "不止这些" not in browser.post(path(), filled).content.decode()


def test_days_that_cannot_be_are_told(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    where = f"{DESK}calendar/days/"
    filled = {**form(browser, where), "kind": "holidays", "name": "节", "first": "2025-05-10", "do": "save"}
    for said, words in (
        ({"last": "2025-05-09"}, "不能早于"),
        ({"last": "2025-07-09"}, "最多"),
        ({"name": ""}, "名称"),
        ({"first": "x"}, "日期"),
        ({"kind": "neither"}, "没有任何改动"),
    ):
        answer = browser.post(where, {**filled, **said})
        assert answer.status_code == 422, said
        assert words in told(answer), (said, told(answer))


def test_a_base_day_or_value_that_cannot_be_taken_out_is_told(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    holidays = [day for day in filed().clock.calendar.holidays if day >= TODAY.replace(month=1, day=1)]
    if holidays:
        save(browser, f"{DESK}calendar/days/", first=f"{holidays[0]}", kind="neither")
        assert holidays[0] not in now().clock.calendar.holidays
    from jieban.people.city_changes import trial  # noqa: PLC0415  # beneath the pages
    from jieban.people.errors import CityRefused  # noqa: PLC0415
    from jieban.profile.documents.changes import ValueChange  # noqa: PLC0415

    was = filed().workflow.repeats.days
    if filed().name == "changji":
        gone = ValueChange(document="workflow.toml", path=("repeats", "days"), was=was, now=None)
        with pytest.raises(CityRefused, match="_base"):
            trial([gone], TODAY)


def test_office_hours_with_seasons_hold_from_their_day(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    where = f"{DESK}calendar/hours/"
    unchanged = browser.post(where, {**form(browser, where), "do": "save"})
    assert "没有任何改动" in told(unchanged), "what the form shows is what is there"
    wrong = browser.post(where, {**form(browser, where), "seasons": "夏季 五月", "do": "save"})
    assert "看不懂" in told(wrong)
    bad = browser.post(where, {**form(browser, where), "intervals": "14:00-10:00", "do": "save"})
    assert bad.status_code == 422
    assert told(bad)
    save(
        browser,
        where,
        intervals="09:00-12:00\n13:00–17:00",
        seasons="夏季 06-01 08-31 08:00-12:00、15:00-18:00",
        first_day=f"{TODAY}",
    )
    hours = now().clock.hours
    assert [str(each) for each in hours.intervals] == ["09:00–12:00", "13:00–17:00"]
    assert [(each.name, each.first, len(each.intervals)) for each in hours.seasons] == [("夏季", (6, 1), 2)]
    assert recorded()


def test_a_rule_made_from_another_tells_that_its_source_speaks_of_that_one(sign_in: Sign) -> None:
    page = sign_in(Role.ADMINISTRATOR).get(f"{DESK}deadlines/").content.decode()
    ids = {each.id for each in filed().deadline_rules}
    made = [
        each
        for each in filed().deadline_rules
        if f"handling-{each.id.removeprefix('order-')}" in ids - {each.id}
    ]
    assert made
    for each in made:
        assert f"由承办时限放宽得来。承办时限见 {each.source}" in page
