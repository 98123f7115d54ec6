"""The day of publication, the periods that can be reported, persons named in words, and what is withdrawn."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from browsers import Sign
from django.core.cache import cache
from django.test import Client
from lxml import etree

from jieban.desks.shell.words import local
from jieban.desks.studio.issue import issued_of
from jieban.desks.studio.make import note_of
from jieban.desks.studio.models import Draft, Edit, Stage, Step, Version, VersionFile
from jieban.desks.studio.periods import offered
from jieban.desks.studio.place import keep, preview, snapshots
from jieban.desks.studio.preview import CHECKS
from jieban.desks.work.models import Job, Task, TaskState
from jieban.desks.work.run import run_waiting
from jieban.people.roles import Role
from live_database import override_settings

AFTER = datetime.fromisoformat("2025-05-06T09:30+08:00")
ADVICE = "## 督促\n\n请办理[3件](handlings.late_sign)。\n"
STUDIO = "/desk/studio/"
ATOM = "{http://www.w3.org/2005/Atom}"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> Iterator[None]:
    with override_settings(JIEBAN_VAR=tmp_path, JIEBAN_CLOCK_SHIFT=AFTER - datetime.now(UTC)):
        yield
        cache.clear()


def begun(period: str = "2025-04", stage: Stage = Stage.OPEN) -> Draft:
    """A report that has been frozen, with its first wording and a preview without faults."""
    made = Draft.objects.create(period=period, stage=stage, made_by="account:1", made_at=AFTER)
    Step.objects.create(draft=made, what="begin", by="account:1", at=AFTER)
    Edit.objects.create(draft=made, serial=0, text=ADVICE, made_by="system", made_at=AFTER)
    previewed(made, 0)
    return made


def previewed(draft: Draft, serial: int, *checks: dict[str, str]) -> None:
    place = preview(draft.pk, serial)
    place.mkdir(parents=True)
    (place / CHECKS).write_text(json.dumps(checks))


def published(tmp_path: Path, number: int = 1, correction: str = "", period: str = "2025-04") -> Version:
    """A version with a workbook of its own."""
    draft = begun(period, Stage.PUBLISHED)
    made = Version.objects.create(
        period=period,
        number=number,
        draft=draft,
        edit=0,
        title="分析报告",
        issued=AFTER + timedelta(days=number),
        published_by="account:1",
        approved_by="account:2",
        snapshot="0" * 64,
        correction=correction,
    )
    for edition in ("public", "internal"):
        file = tmp_path / f"{number}-{edition}"
        file.write_text(f"{period} {number} {edition}")
        VersionFile.objects.create(version=made, edition=edition, form="xlsx", digest=keep(file), size=1)
    return made


def approved(draft: Draft, serial: int, at: datetime) -> None:
    Step.objects.create(draft=draft, what="approved", by="account:2", at=at, edit=serial)


def test_a_report_is_dated_the_day_of_its_approval_or_the_one_chosen(sign_in: Sign) -> None:
    draft, browser = begun(), sign_in(Role.ANALYST)
    first = draft.edits.get()
    assert local(issued_of(draft, first, AFTER)).isoformat() == "2025-05-06T00:00:00+08:00", (
        "today, till then"
    )
    approved(draft, 0, AFTER - timedelta(days=1))
    later = AFTER + timedelta(days=3)
    assert local(issued_of(draft, first, later)).date() == date(2025, 5, 5), "the day of approval"

    form = {"base": 0, "text": ["请办理〔3件〕。"], "issue": "2025-05-08"}
    assert browser.post(f"{STUDIO}{draft.pk}/wording/", form).status_code == 302
    second = draft.edits.get(serial=1)
    assert second.issue_on == local(issued_of(draft, second, later)).date() == date(2025, 5, 8)
    shown = browser.get(f"{STUDIO}{draft.pk}/").content.decode()
    assert 'name="issue" type="date" value="2025-05-08"' in shown
    assert "发布日期：批准当日" in shown, "the history says what it was"
    # A form without the day leaves it; an empty one takes it back, and the approval of wording 0 isn't one of this.
    assert (
        browser.post(f"{STUDIO}{draft.pk}/wording/", {"base": 1, "text": ["请尽快办理〔3件〕。"]}).status_code
        == 302
    )
    assert draft.edits.get(serial=2).issue_on == date(2025, 5, 8)
    again = {"base": 2, "text": ["请尽快办理〔3件〕。"], "issue": ""}
    assert browser.post(f"{STUDIO}{draft.pk}/wording/", again).status_code == 302
    third = draft.edits.get(serial=3)
    assert third.issue_on is None
    assert local(issued_of(draft, third, later)).date() == date(2025, 5, 9)


@pytest.mark.parametrize("day", ["2025-04-30", "2025-07-06", "五月六日", "2025-02-30"])
def test_a_day_that_can_not_be_is_refused_and_kept_in_the_form(sign_in: Sign, day: str) -> None:
    draft, browser = begun(), sign_in(Role.ANALYST)
    told = browser.post(
        f"{STUDIO}{draft.pk}/wording/", {"base": 0, "text": ["请办理〔3件〕。"], "issue": day}
    )
    assert told.status_code == 422
    assert f'value="{day}"' in told.content.decode()
    assert draft.edits.count() == 1


def test_an_approved_report_waits_for_its_day(sign_in: Sign) -> None:
    draft, browser = begun(stage=Stage.APPROVED), sign_in(Role.ANALYST)
    Edit.objects.create(
        draft=draft, serial=1, text=ADVICE, issue_on=date(2025, 5, 8), made_by="account:1", made_at=AFTER
    )
    previewed(draft, 1)
    told = browser.post(f"{STUDIO}{draft.pk}/do/publish/")
    assert (told.status_code, Task.objects.count()) == (422, 0)
    assert "还没有到" in told.content.decode()
    with override_settings(JIEBAN_CLOCK_SHIFT=AFTER + timedelta(days=2) - datetime.now(UTC)):
        assert browser.post(f"{STUDIO}{draft.pk}/do/publish/").status_code == 302
    assert Task.objects.count() == 1
    # Another day is another report, to be approved again.
    form = {"base": 1, "text": ["请办理〔3件〕。"], "issue": "2025-05-06"}
    assert browser.post(f"{STUDIO}{draft.pk}/wording/", form).status_code == 302
    assert Draft.objects.get().stage == Stage.OPEN


def test_a_correction_says_what_it_corrects_and_when(sign_in: Sign, tmp_path: Path) -> None:
    before, browser = published(tmp_path), sign_in(Role.ANALYST)
    again = begun()
    again.corrects, again.correction = before, "补计一件工单"
    again.save()
    assert note_of(again, AFTER + timedelta(days=2)) == (
        "更正说明：本报告为第 2 版，2025年5月8日发布，代替2025年5月7日发布的第 1 版。更正内容：补计一件工单"
    )
    form = {"base": 0, "text": ["请办理〔3件〕。"], "issue": "2025-05-06"}
    told = browser.post(f"{STUDIO}{again.pk}/wording/", form)
    assert told.status_code == 422, "a correction isn't older than what it corrects"
    assert browser.post(f"{STUDIO}{again.pk}/wording/", {**form, "issue": "2025-05-07"}).status_code == 302


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"period": "2025-04"}, "2025-04"),
        ({"period": "2025-Q1"}, "2025-Q1"),
        ({"period": "2024"}, "2024"),
        ({"period": "2025-W18"}, "2025-W18"),
        ({"period": "days", "first": "2025-04-01", "last": "2025-04-15"}, "2025-04-01..2025-04-15"),
        ({"period": "2025-04", "first": "2025-04-01", "last": "2025-04-15"}, "2025-04"),
        ({"period": "2025-05"}, None),
        ({"period": "2025-W19"}, None),
        ({"period": "2025"}, None),
        ({"period": "days", "first": "2025-05-01", "last": "2025-05-06"}, None),
        ({"period": "days", "first": "2025-04-15", "last": "2025-04-01"}, None),
        ({"period": "days", "first": "2025-04-15"}, None),
        ({"period": "days"}, None),
        ({"period": "2025-04-31"}, None),
        ({}, None),
    ],
)
def test_a_report_is_begun_of_any_days_that_are_over(
    sign_in: Sign, form: dict[str, str], code: str | None
) -> None:
    told = sign_in(Role.ANALYST).post(f"{STUDIO}new/", form)
    assert [each.period for each in Draft.objects.all()] == ([code] if code else [])
    assert told.status_code == (302 if code else 422)
    if not code:
        assert "2025-04" in told.content.decode()


def test_what_is_offered_has_ended_and_each_can_be_begun() -> None:
    kinds = offered(AFTER)
    assert [(kind.periods[0].code, len(kind.periods)) for kind in kinds] == [
        *(("2025-04", 24), ("2025-Q1", 8), ("2024", 3), ("2025-W18", 12))
    ]
    assert all(each.last < AFTER.date() for kind in kinds for each in kind.periods)


def test_a_report_that_came_to_nothing_can_be_given_up(sign_in: Sign) -> None:
    browser = sign_in(Role.ANALYST)
    browser.post(f"{STUDIO}new/", {"period": "2025-03"})
    key = Draft.objects.get().pk
    assert f'action="{STUDIO}{key}/do/discard/"' in browser.get(f"{STUDIO}{key}/").content.decode()


def test_who_publishes_is_warned_of_persons_in_the_words(sign_in: Sign) -> None:
    draft, browser = begun(stage=Stage.APPROVED), sign_in(Role.ANALYST)
    Edit.objects.create(draft=draft, serial=1, text=ADVICE, made_by="account:1", made_at=AFTER)
    said = {
        "id": "words.persons",
        "title": "个人信息",
        "result": "warning",
        "detail": "疑有 1 处：138****1234。",
        "explanation": "",
    }
    previewed(draft, 1, said)
    page = f"{STUDIO}{draft.pk}/"
    shown = browser.get(page).content.decode()
    assert "138****1234" in shown
    assert 'name="persons-seen"' in shown
    assert browser.post(f"{page}do/publish/").status_code == 422
    assert Task.objects.count() == 0
    assert browser.post(f"{page}do/publish/", {"persons-seen": "1"}).status_code == 302


def test_a_withdrawn_version_is_told_of_and_not_given_out(sign_in: Sign, tmp_path: Path) -> None:
    version, stranger = published(tmp_path), Client()
    files = f"/reports/2025-04/{version.number}/xlsx/"
    assert stranger.get(files).status_code == 200
    analyst, leader = sign_in(Role.ANALYST), sign_in(Role.LEADER)
    page = analyst.get(f"{STUDIO}{version.draft_id}/").content.decode()
    assert re.findall(r'<li aria-current="step">([^<]*)', page) == ["已发布"]
    act = f"{STUDIO}{version.draft_id}/withdraw/"
    assert sign_in(Role.SUPERVISOR).post(act, {"remark": "试试"}).status_code == 403
    assert analyst.post(act, {"remark": " "}).status_code == 422
    assert leader.post(act, {"remark": "含个人信息"}).status_code == 302
    assert analyst.post(act, {"remark": "再撤"}).status_code == 422
    assert analyst.post(f"{STUDIO}{begun('2025-03').pk}/withdraw/", {"remark": "没有"}).status_code == 404

    gone = stranger.get(files)
    assert (gone.status_code, "含个人信息" in gone.content.decode()) == (410, True)
    for path in ("/reports/", "/reports/2025-04/", "/reports/2025-04/1/", "/reports/feed.xml"):
        shown = stranger.get(path).content.decode()
        assert "含个人信息" in shown, path
        assert f'href="{files}"' not in shown, path
    internal = version.files.get(edition="internal")
    assert analyst.get(f"{STUDIO}files/{internal.pk}/").status_code == 200
    assert Step.objects.filter(what="withdrawn", remark="含个人信息").count() == 1
    listed = analyst.get(STUDIO).content.decode()
    assert "已撤下" in listed
    assert f'href="{files}"' not in listed
    page = analyst.get(f"{STUDIO}{version.draft_id}/").content.decode()
    assert re.findall(r'<li aria-current="step">([^<]*)', page) == ["已撤下"]


def test_what_lacks_on_the_server_is_told_without_its_path(
    sign_in: Sign, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = begun()
    Draft.objects.filter(pk=draft.pk).update(snapshot="0" * 64)
    Task.objects.create(job=Job.PREVIEW, subject=str(draft.pk), asked_by="account:1", asked_at=AFTER)
    run_waiting(patience=0)
    task = Task.objects.get()
    assert task.state == TaskState.FAILED
    assert "请告知系统管理员" in task.said
    assert str(snapshots()) not in task.said
    assert str(snapshots()) in capsys.readouterr().err
    assert "请告知系统管理员" in sign_in(Role.ANALYST).get(f"{STUDIO}{draft.pk}/").content.decode()


def test_behind_a_withdrawn_correction_the_version_before_it_can_still_be_read(
    sign_in: Sign, tmp_path: Path
) -> None:
    published(tmp_path)
    correction = published(tmp_path, 2, "补计一件工单")
    before = "第 1 版仍可查看"
    assert before not in Client().get("/reports/").content.decode()
    sign_in(Role.LEADER).post(f"{STUDIO}{correction.draft_id}/withdraw/", {"remark": "误发"})
    shown = Client().get("/reports/").content.decode()
    assert f'<a href="/reports/2025-04/1/">{before}</a>' in shown
    assert Client().get("/reports/2025-04/1/").status_code == 200


def test_the_feed_tells_of_reports_and_corrections(tmp_path: Path) -> None:
    empty = Client().get("/reports/feed.xml")
    assert empty.headers["Content-Type"].startswith("application/atom+xml")
    assert etree.fromstring(empty.content).findall(f"{ATOM}entry") == []
    published(tmp_path)
    published(tmp_path, 2, "补计<一件>工单")
    entries = etree.fromstring(Client().get("/reports/feed.xml").content).findall(f"{ATOM}entry")
    told = [(each.findtext(f"{ATOM}id"), each.findtext(f"{ATOM}summary")) for each in entries]
    assert told == [
        ("http://testserver/reports/2025-04/2/", "更正：补计<一件>工单"),
        ("http://testserver/reports/2025-04/1/", "第 1 版。"),
    ]
    for address, _ in told:
        assert Client().get(str(address)).status_code == 200
    assert 'type="application/atom+xml"' in Client().get("/reports/").content.decode()


def test_the_list_says_what_there_is_not(tmp_path: Path) -> None:
    stranger = Client()
    assert "还没有发布过报告" in stranger.get("/reports/").content.decode()
    published(tmp_path)
    published(tmp_path, period="2024-12")
    missing = stranger.get("/reports/2025-03/")
    assert missing.status_code == 404
    assert "2025年3月的报告还没有发布" in missing.content.decode()
    other = stranger.get("/reports/2025-04/7/")
    assert (other.status_code, "没有这一版" in other.content.decode()) == (404, True)
    shown = stranger.get("/reports/").content.decode()
    places = [shown.index(words) for words in ("2025 年", "2025年4月", "2024 年", "2024年12月")]
    assert places == sorted(places)


def test_a_saved_file_says_what_it_is(sign_in: Sign, tmp_path: Path) -> None:
    version = published(tmp_path, 2, "补计一件工单")
    named = Client().get("/reports/2025-04/2/xlsx/").headers["Content-Disposition"]
    assert unquote(named).endswith("分析报告-第2版（更正）.xlsx")
    internal = version.files.get(edition="internal")
    inside = sign_in(Role.ANALYST).get(f"{STUDIO}files/{internal.pk}/").headers["Content-Disposition"]
    assert unquote(inside).endswith("（更正）-内部版.xlsx")
