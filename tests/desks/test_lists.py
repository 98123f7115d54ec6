"""Lists as workbooks: short ones at once, long ones in the background; for whoever asked, and as long as they may."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from browsers import OPENED, Sign
from cast import MINUTE, MONDAY, dispatched, lead, recorded, signed, units
from django.test import Client

from jieban.desks.lists import make as making
from jieban.desks.lists import views
from jieban.desks.lists.book import write
from jieban.desks.lists.keeping import file_of, opened
from jieban.desks.lists.kinds import KINDS
from jieban.desks.lists.listing import Keys
from jieban.desks.lists.make import KEPT, MOST_AT_ONCE
from jieban.desks.lists.models import Export
from jieban.desks.queues.queue import Entry
from jieban.desks.work.lock import working
from jieban.desks.work.models import Job, Task, TaskState
from jieban.desks.work.run import run_waiting
from jieban.kernel.sealing import BadSeal
from jieban.orders.models import Event
from jieban.orders.secrets import Contact, Matter
from jieban.people.city import city
from jieban.people.models import Account, Post
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from live_database import override_settings

pytestmark = pytest.mark.django_db
EXPORT, HERE = "/desk/lists/export/", "/desk/lists/"
NEW = f"{EXPORT}?kind=queue&desk=dispatch&queue=new"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> Iterator[None]:
    with override_settings(JIEBAN_VAR=tmp_path):
        yield


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has more than two rows is long."""
    monkeypatch.setattr(views, "AT_ONCE", 2)
    monkeypatch.setattr("jieban.desks.lists.book.STEP", 2)


def _rows(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == XLSX
    assert answer.headers["Cache-Control"] == "private, no-store"
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def _asked(browser: Client, **given: str) -> Export:
    answer = browser.post(HERE, {"kind": "queue", "desk": "dispatch", "queue": "new", **given})
    assert answer.headers["Location"] == HERE
    return Export.objects.latest("pk")


# ---- short lists, at once


@pytest.mark.usefixtures("each_city")
def test_a_queue_is_had_as_it_stands(sign_in: Sign) -> None:
    numbers = [recorded(now=MONDAY + at * MINUTE) for at in range(3)]
    head, *rows = _rows(sign_in(Role.DISPATCHER).get(NEW))
    assert head[:3] == ("工单编号", "受理时间", "期限")
    assert [row[0] for row in rows] == numbers
    assert rows[0][1] == "2025-04-21 10:30"
    assert rows[0][2] > rows[0][1]


def test_handlings_of_a_unit_are_numbered_and_are_its_own(sign_in: Sign) -> None:
    mine, other = units(2)
    number, _ = dispatched(to=mine), dispatched(to=other)
    browser = sign_in(Role.LIAISON, mine)
    assert (
        f"{EXPORT}?kind=queue&amp;desk=unit&amp;queue=awaiting"
        in browser.get("/desk/unit/?queue=awaiting").content.decode()
    )
    _, *rows = _rows(browser.get(f"{EXPORT}?kind=queue&desk=unit&queue=awaiting"))
    assert [row[0] for row in rows] == [f"{number}-1"]


def test_a_supervisors_queue_of_one_unit(sign_in: Sign) -> None:
    mine, other = units(2)
    long_ago = MONDAY - timedelta(days=30)
    number, _ = dispatched(to=mine, now=long_ago), dispatched(to=other, now=long_ago)
    browser = sign_in(Role.SUPERVISOR)
    _, *rows = _rows(browser.get(f"{EXPORT}?kind=queue&desk=supervision&queue=unsigned&unit={mine}"))
    assert [row[0] for row in rows] == [f"{number}-1"]


def test_a_units_ledger_has_its_points_of_time_with_their_people(sign_in: Sign) -> None:
    number = signed()
    browser = sign_in(Role.SUPERVISOR)
    assert "kind=ledger" in browser.get(f"/desk/supervision/ledger/?unit={lead()}").content.decode()
    head, row = _rows(browser.get(f"{EXPORT}?kind=ledger&unit={lead()}"))
    told = dict(zip(head, row, strict=True))
    assert told["工单"] == f"{number}-1"
    assert told["签收时间"] == "2025-04-21 10:32"
    assert told["办理答复期限"]
    assert not told["办理答复超期"]


def test_orders_of_a_hot_place(sign_in: Sign) -> None:
    street, topic = next(iter(city().streets)), next(iter(city().order_topics))
    number, _ = recorded(street=street, topic=topic, subtopic=None, community=None), recorded(street=None)
    where = f"{EXPORT}?kind=hot&street={street}&topic={topic}"
    assert [row[0] for row in _rows(sign_in(Role.SUPERVISOR).get(where))[1:]] == [number]


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ("kind=nonsense", 404),
        ("", 404),
        ("kind=queue&desk=nonsense&queue=new", 404),
        ("kind=queue&desk=dispatch&queue=nonsense", 404),
        ("kind=queue&desk=dispatch&queue=new&unit=nonsense", 404),
        ("kind=queue&desk=review&queue=replied", 403),
        ("kind=ledger&unit=nonsense", 403),
        ("kind=month&period=2025-04&of=orders.total", 403),
    ],
)
def test_what_is_no_list_is_not_found_and_anothers_desk_is_refused(
    where: str, status: int, sign_in: Sign
) -> None:
    browser = sign_in(Role.DISPATCHER)
    assert browser.get(f"{EXPORT}?{where}").status_code == status
    given = dict(part.split("=") for part in where.split("&") if part)
    assert browser.post(HERE, given).status_code == status
    assert not Export.objects.exists()


def test_each_kind_is_for_those_who_work_at_its_desk(sign_in: Sign) -> None:
    asked = {
        "search": ("kind=search", {Role.LEADER, Role.ANALYST, Role.ADMINISTRATOR}),
        "queue": ("kind=queue&desk=callback&queue=handled", set(POST_ROLES) - {Role.CALLBACK_AGENT}),
        "ledger": (f"kind=ledger&unit={lead()}", set(POST_ROLES) - {Role.SUPERVISOR}),
        "hot": ("kind=hot&of=1", set(POST_ROLES) - {Role.SUPERVISOR}),
        "month": ("kind=month&period=2025-03&of=orders.total", set(POST_ROLES) - {Role.SUPERVISOR}),
    }
    assert set(asked) == set(KINDS)
    for role in POST_ROLES:
        browser = sign_in(role, lead() if role in UNIT_ROLES else None)
        for kind, (where, closed) in asked.items():
            status = browser.get(f"{EXPORT}?{where}").status_code
            assert (status == 403) == (role in closed), (role, kind, status)
    assert Client().get(NEW).status_code == 302


def test_no_name_and_no_number_to_call_stands_in_any(sign_in: Sign) -> None:
    who = Contact(name="买买提·艾力", phone="13900000001")
    about = Matter(content="路灯", summary="=1+1")
    recorded(matter=about, contact=who)
    signed(contact=who)
    lists = ((Role.DISPATCHER, NEW), (Role.SUPERVISOR, f"{EXPORT}?kind=ledger&unit={lead()}"))
    for role, where in lists:
        said = str(_rows(sign_in(role).get(where)))
        assert "13900000001" not in said
        assert "买买提" not in said
    assert not Event.objects.filter(act="read_contact").exists()


# ---- long lists, in the background


@pytest.mark.usefixtures("long")
def test_a_long_list_is_asked_for_made_and_fetched(sign_in: Sign) -> None:
    numbers = [recorded(now=MONDAY + at * MINUTE) for at in range(5)]
    browser = sign_in(Role.DISPATCHER)
    offer = browser.get(NEW).content.decode()
    assert "这份清单有 5 行" in offer
    assert not Export.objects.exists(), "nothing is begun by looking"
    made = _asked(browser)
    page = browser.get(HERE).content.decode()
    assert "派单" in page
    assert "待派单" in page
    assert 'hx-trigger="every 2s"' in page
    assert run_waiting(patience=0) == 1
    page = browser.get(HERE).content.decode()
    assert "已完成，5 行" in page
    assert 'hx-trigger="every 2s"' not in page
    _, *rows = _rows(browser.get(f"{HERE}{made.pk}.xlsx"))
    assert [row[0] for row in rows] == numbers


@pytest.mark.usefixtures("long")
def test_a_search_is_known_to_be_long_when_it_is(sign_in: Sign) -> None:
    for _ in range(3):
        recorded()
    browser = sign_in(Role.OPERATOR)
    where = f"/desk/search/list.xlsx?q={quote('路灯')}"
    assert "超过 2 行" in browser.get(where).content.decode()
    made = _asked(browser, kind="search", q="路灯")
    assert "路灯" not in made.address, "what was typed is sealed"
    run_waiting(patience=0)
    assert len(_rows(browser.get(f"{HERE}{made.pk}.xlsx"))) == 4


def test_a_search_is_told_from_another_by_what_was_sought(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    unit = city().units[lead()]
    for given in ({"q": "路灯", "unit": unit.code, "since": "2025-04-01"}, {}):
        assert browser.post("/desk/lists/", {"kind": "search", **given}).status_code == 302
    page = browser.get("/desk/lists/").content.decode()
    assert f"查询 “路灯” {unit.short_name} 2025-04-01 起" in page
    assert "<td>查询结果</td>" in page


def test_asked_for_twice_it_is_made_once_and_again_when_it_is_done(sign_in: Sign) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    first, second = _asked(browser), _asked(browser)
    assert first == second
    assert Task.objects.count() == 1
    run_waiting(patience=0)
    assert _asked(browser) != first
    for queue in ("returns", "extensions", "unsigned"):
        _asked(browser, queue=queue)
    assert Export.objects.filter(ended_at__isnull=True).count() == MOST_AT_ONCE - 1
    _asked(browser, kind="search", q="灯")
    refused = browser.post(HERE, {"kind": "search", "q": "水"})
    assert refused.status_code == 409
    assert "取消一份" in refused.content.decode()


def test_it_is_nobody_elses(sign_in: Sign) -> None:
    recorded()
    mine, other = sign_in(Role.DISPATCHER), sign_in(Role.SUPERVISOR)
    made = _asked(mine)
    run_waiting(patience=0)
    assert mine.get(f"{HERE}{made.pk}.xlsx").status_code == 200
    assert other.get(f"{HERE}{made.pk}.xlsx").status_code == 404
    assert other.post(f"{HERE}{made.pk}/cancel/").status_code == 404
    assert other.post(f"{HERE}{made.pk}/again/").status_code == 404
    assert "待派单" not in other.get(HERE).content.decode()
    assert Client().get(f"{HERE}{made.pk}.xlsx").status_code == 302


def test_rights_are_asked_again_at_the_download(sign_in: Sign) -> None:
    mine, other = units(2)
    dispatched(to=mine)
    browser = sign_in(Role.LIAISON, mine)
    made = _asked(browser, desk="unit", queue="awaiting")
    run_waiting(patience=0)
    where = f"{HERE}{made.pk}.xlsx"
    assert browser.get(where).status_code == 200
    Post.objects.update(unit=other)
    assert browser.get(where).status_code == 403, "another unit's liaison by now"
    Post.objects.update(role=Role.LEADER, unit=None)
    assert browser.get(where).status_code == 403
    assert "承办" not in browser.get(HERE).content.decode().partition("<tbody>")[2]


def test_who_lost_their_post_while_it_waited_gets_nothing(sign_in: Sign) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    made = _asked(browser)
    Post.objects.update(role=Role.LEADER)
    run_waiting(patience=0)
    made.refresh_from_db()
    assert made.ready_at is None
    assert made.ended_at is not None
    assert not file_of(made.pk).exists()


def test_it_runs_out_and_is_swept(sign_in: Sign) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    made = _asked(browser)
    run_waiting(patience=0)
    assert file_of(made.pk).exists()
    with override_settings(JIEBAN_CLOCK_SHIFT=OPENED + KEPT + MINUTE - datetime.now(UTC)):
        Account.objects.update(last_login=None)
        assert browser.get(f"{HERE}{made.pk}.xlsx").status_code == 404
        assert "没有导出过清单" in browser.get(HERE).content.decode()
    assert not file_of(made.pk).exists()
    assert not Export.objects.exists()


def test_the_timers_run_sweeps_what_nobody_looked_at(sign_in: Sign) -> None:
    recorded()
    made = _asked(sign_in(Role.DISPATCHER))
    run_waiting(patience=0)
    Export.objects.update(asked_at=OPENED - KEPT - MINUTE)
    assert run_waiting(patience=0) == 0
    assert not file_of(made.pk).exists()
    assert not Export.objects.exists()


def test_on_disk_nobody_reads_it(sign_in: Sign) -> None:
    recorded(matter=Matter(content="独一无二的话"))
    made = _asked(sign_in(Role.DISPATCHER))
    run_waiting(patience=0)
    made.refresh_from_db()
    kept = file_of(made.pk).read_bytes()
    assert b"PK\x03\x04" not in kept
    assert b"sheet1.xml" not in kept
    with pytest.raises(BadSeal):
        b"".join(opened(made.pk, made.size + 1))
    file_of(made.pk).write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(BadSeal):
        b"".join(opened(made.pk, made.size))


# ---- what goes wrong on the way


@pytest.mark.usefixtures("long")
def test_cancelled_while_it_waits_it_is_never_begun(sign_in: Sign) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    made = _asked(browser)
    for _ in range(2):
        assert browser.post(f"{HERE}{made.pk}/cancel/").headers["Location"] == HERE
    assert "已取消" in browser.get(HERE).content.decode()
    run_waiting(patience=0)
    made.refresh_from_db()
    assert (made.done, made.ready_at) == (0, None)
    assert browser.get(f"{HERE}{made.pk}.xlsx").status_code == 404


@pytest.mark.usefixtures("long")
def test_cancelled_midway_it_ends_at_the_next_step_and_leaves_no_file(
    sign_in: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(9):
        recorded()
    browser = sign_in(Role.DISPATCHER)
    made = _asked(browser)
    seen: list[str] = []

    def watched(path: Any, heads: Any, rows: Any, told: Any) -> int:
        def then(count: int) -> None:
            told(count)
            seen.append(browser.get(HERE).content.decode())
            if count == 4:
                browser.post(f"{HERE}{made.pk}/cancel/")

        return write(path, heads, rows, then)

    monkeypatch.setattr(making, "write", watched)
    assert run_waiting(patience=0) == 1
    assert "已写 2 / 9 行" in seen[0]
    assert "已写 4 / 9 行" in seen[1]
    assert len(seen) == 2
    made.refresh_from_db()
    assert (made.done, made.ready_at) == (4, None)
    assert not file_of(made.pk).exists()
    assert Task.objects.get().state == TaskState.DONE, "nothing is wrong with it"


def test_one_that_fails_says_so_and_can_be_asked_for_again(
    sign_in: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    made = _asked(browser)

    def broken(*_given: object) -> int:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(making, "write", broken)
        assert run_waiting(patience=0) == 1
    assert "没有完成，请再导出一次" in browser.get(HERE).content.decode()
    assert Task.objects.get().state == TaskState.FAILED
    again = _asked(browser)
    assert again != made
    run_waiting(patience=0)
    assert browser.get(f"{HERE}{again.pk}.xlsx").status_code == 200


def test_one_whose_process_died_is_seen_and_taken_up_again(sign_in: Sign) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    made = _asked(browser)
    Task.objects.update(state=TaskState.RUNNING, began_at=OPENED)
    Export.objects.update(done=1, total=3)
    with working() as held:
        assert held
        assert "中断" not in browser.get(HERE).content.decode(), "somebody is at it"
    page = browser.get(HERE).content.decode()
    assert "中断了" in page
    assert "再做一次" in page
    assert browser.post(f"{HERE}{made.pk}/again/").headers["Location"] == HERE
    run_waiting(patience=0)
    made.refresh_from_db()
    assert (made.done, made.total) == (1, 1)
    assert "已完成，1 行" in browser.get(HERE).content.decode()


def test_what_others_wait_for_goes_first(sign_in: Sign) -> None:
    recorded()
    _asked(sign_in(Role.DISPATCHER))
    Task.objects.create(job=Job.FIGURES, subject="nonsense", asked_by="account:1", asked_at=OPENED)
    begun = []
    assert run_waiting(patience=0) == 2
    begun = list(Task.objects.order_by("began_at").values_list("job", flat=True))
    assert begun == [Job.FIGURES, Job.EXPORT]


# ---- the workbook itself


def test_a_sheet_that_is_full_is_followed_by_another(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    told: list[int] = []
    rows = ((str(n), f"=行{n}") for n in range(1250))
    assert write(path, [("号", 10), ("话", 20)], rows, told.append, a_sheet=500) == 1250
    book = openpyxl.load_workbook(path)
    assert [sheet.max_row for sheet in book] == [501, 501, 251]
    assert [[cell.value for cell in next(sheet.iter_rows())] for sheet in book] == [["号", "话"]] * 3
    assert book.worksheets[2]["B2"].value == "=行1000"
    assert book.worksheets[2]["B2"].data_type == "s"
    assert told == [500, 1000]


def test_keys_come_back_as_they_went_in() -> None:
    given = [(1, None, MONDAY), (2, 3, None), (4, 5, OPENED)]
    expected = [Entry(order=order, handling=serial, at=at) for order, serial, at in given]
    assert list(Keys(iter(given))) == expected
    assert len(Keys(given)) == 3
