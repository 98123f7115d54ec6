"""The report studio: bound figures, four eyes, versions that stay, and who may see what on the way."""

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsers import OPENED, Sign
from cast import dispatched, lead
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jieban.desks.shell.desks import BY_ID
from jieban.desks.studio.errors import BoundFigure
from jieban.desks.studio.models import Draft, Edit, Stage, Step, Version, VersionFile
from jieban.desks.studio.place import kept, snapshots
from jieban.desks.studio.wording import Passage, bound, draft_of, left_out, passages_of
from jieban.desks.work.models import Task, TaskState
from jieban.desks.work.rights import RIGHTS, Right
from jieban.desks.work.run import run_waiting
from jieban.indicators.snapshot import open_snapshot
from jieban.kernel.digest import sm3_file
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from jieban.site.month import make_month, prepare
from live_database import override_settings

STUDIO = "/desk/studio/"
AFTER = datetime.fromisoformat("2025-05-06T09:30+08:00")
"""When April's report is made."""
WORDS = st.text("督办按时限承办单位,。0123 #<[]()《》\n", min_size=1).filter(lambda text: bool(text.split()))
BEFORE = st.text("督办按时限承办单位,。 #<[]()《》\n", min_size=1).filter(lambda text: bool(text.split()))
FIGURES = st.tuples(
    st.from_regex(r"[0-9]{1,4}(件|%|个)", fullmatch=True),
    st.from_regex(r"(orders|handlings)\.[a-z]{3,8}(\?unit=[a-z]{3,6})?", fullmatch=True),
)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> Iterator[None]:
    with override_settings(JIEBAN_VAR=tmp_path, JIEBAN_CLOCK_SHIFT=AFTER - datetime.now(UTC)):
        yield
        cache.clear()


def test_who_may_do_what() -> None:
    leader, analyst, supervisor = Role.LEADER, Role.ANALYST, Role.SUPERVISOR
    assert {right: set(roles) for right, roles in RIGHTS.items()} == {
        Right.SEE_FIGURES: {leader, analyst, supervisor},
        Right.COUNT_FIGURES: {analyst, supervisor},
        Right.SEE_REPORTS: {leader, analyst},
        Right.MAKE_REPORT: {analyst},
        Right.APPROVE_REPORT: {leader, analyst},
        Right.PUBLISH_REPORT: {analyst},
        Right.WITHDRAW_REPORT: {leader, analyst},
    }
    assert RIGHTS[Right.SEE_FIGURES] == BY_ID["month"].roles
    assert RIGHTS[Right.SEE_REPORTS] == BY_ID["studio"].roles


@given(st.lists(st.tuples(BEFORE, FIGURES), min_size=1, max_size=4), WORDS)
def test_what_is_typed_back_unchanged_is_bound_as_before(
    parts: list[tuple[str, tuple[str, str]]], end: str
) -> None:
    text = "".join(f"{words}〔{shown}〕" for words, (shown, _) in parts) + end
    own = Passage(theme="方面", text="".join(f"[{shown}]({target})" for _, (shown, target) in parts))
    made = bound("方面", text, own, [own])
    assert made.figures == own.figures
    again = bound(made.theme, made.shown, made, [made])
    assert again == made
    assert passages_of(draft_of([made])) == (made,)


@given(WORDS, FIGURES, st.integers(1, 9))
def test_a_figure_can_be_left_out_and_never_changed(words: str, figure: tuple[str, str], digit: int) -> None:
    own = Passage(theme="方面", text=f"有[{figure[0]}]({figure[1]})。")
    assert bound("方面", words, own, [own]).figures == ()
    with pytest.raises(BoundFigure):
        bound("方面", f"{words}〔{digit}{figure[0]}〕", own, [own])


def test_a_figure_of_two_meanings_is_not_guessed() -> None:
    known = [
        Passage(theme="甲", text="[3件](orders.total)"),
        Passage(theme="乙", text="[3件](handlings.total)"),
    ]
    assert bound("甲", "〔3件〕", known[0], known).figures == (("3件", "orders.total"),)
    with pytest.raises(BoundFigure):
        bound("丙", "〔3件〕", None, known)


def test_what_is_left_out_can_be_taken_back() -> None:
    first = (Passage(theme="甲", text="[3件](orders.total)。"), Passage(theme="甲", text="无数字。"))
    assert left_out(first, first[:1]) == first[1:]
    assert left_out(first, ()) == first
    assert left_out(first, (Passage(theme="甲", text="改写[3件](orders.total)。"),)) == first[1:]


@pytest.mark.django_db
def test_the_studio_is_open_to_its_roles_and_to_no_others(sign_in: Sign) -> None:
    draft = Draft.objects.create(period="2025-03", made_by="account:1", made_at=OPENED)
    Step.objects.create(draft=draft, what="begin", by="account:1", at=OPENED)
    for role in POST_ROLES:
        browser = sign_in(role, lead() if role in UNIT_ROLES else None)
        open_to = role in BY_ID["studio"].roles
        for path in (STUDIO, f"{STUDIO}{draft.pk}/"):
            assert browser.get(path).status_code == (200 if open_to else 403), (role, path)
        began = browser.post(f"{STUDIO}new/", {"period": "2025-02"}).status_code
        assert began == {Role.ANALYST: 302, Role.LEADER: 403}.get(role, 403), role
    assert Client().get(STUDIO).headers["Location"].startswith("/account/login/")


@pytest.mark.django_db
def test_a_period_has_one_report_in_the_making(sign_in: Sign) -> None:
    browser = sign_in(Role.ANALYST)
    assert browser.post(f"{STUDIO}new/", {"period": "2025-03"}).status_code == 302
    again = browser.post(f"{STUDIO}new/", {"period": "2025-03"})
    assert (again.status_code, Draft.objects.count(), Task.objects.count()) == (422, 1, 1)
    assert "正在编写" in again.content.decode()
    assert browser.post(f"{STUDIO}new/", {"period": "nonsense"}).status_code == 422
    key = Draft.objects.get().pk
    for what in ("propose", "approve", "publish"):
        assert browser.post(f"{STUDIO}{key}/do/{what}/").status_code == 422, what
    assert browser.post(f"{STUDIO}{key}/do/nonsense/").status_code == 404
    assert browser.post(f"{STUDIO}{key}/do/discard/").status_code == 302
    assert Draft.objects.get().stage == Stage.DISCARDED
    assert browser.post(f"{STUDIO}new/", {"period": "2025-03"}).status_code == 302


@pytest.mark.django_db
def test_a_period_without_orders_fails_in_words_and_can_be_tried_again(sign_in: Sign) -> None:
    browser = sign_in(Role.ANALYST)
    browser.post(f"{STUDIO}new/", {"period": "2025-03"})
    page = f"{STUDIO}{Draft.objects.get().pk}/"
    assert "正在冻结" in browser.get(page).content.decode()
    assert run_waiting(patience=0) == 1
    told = browser.get(page).content.decode()
    assert "没有2025年3月的工单" in told.replace(" ", "")
    assert browser.post(f"{page}do/again/").status_code == 302
    assert Task.objects.filter(state=TaskState.WAITING).count() == 1


def _passages(edit: Edit) -> dict[str, object]:
    return {"base": edit.serial, "text": [each.shown for each in passages_of(edit.text)]}


@pytest.mark.slow(10)
@pytest.mark.once  # most of it is documents; the tests beside it look at the rows
@pytest.mark.django_db
def test_a_report_goes_from_freezing_to_publication_and_to_its_correction(
    sign_in: Sign, tmp_path: Path
) -> None:
    unit = lead()
    for _ in range(3):
        dispatched(to=unit)
    maker, leader = sign_in(Role.ANALYST), sign_in(Role.LEADER)
    assert maker.post(f"{STUDIO}new/", {"period": "2025-04"}).status_code == 302
    assert run_waiting(patience=0) == 1
    draft = Draft.objects.get()
    page = f"{STUDIO}{draft.pk}/"

    _previewed(maker, leader, page)
    dispatched(to=unit)  # what arrives after freezing changes nothing
    _worded(maker, leader, draft)

    # Four eyes.
    assert maker.post(f"{page}do/propose/").status_code == 302
    assert maker.post(f"{page}do/approve/").status_code == 422
    assert "不能由自己批准" in maker.post(f"{page}do/approve/").content.decode()
    assert leader.post(f"{page}do/return/").status_code == 422, "a return wants its reason"
    assert leader.post(f"{page}do/return/", {"remark": "请再核对"}).status_code == 302
    sent_back = "退回修改：</strong>请再核对"
    assert sent_back in maker.get(page).content.decode(), "said on top, not in the history alone"
    assert maker.post(f"{page}do/propose/").status_code == 302
    assert sent_back not in maker.get(page).content.decode()
    assert leader.post(f"{page}do/approve/").status_code == 302
    assert leader.post(f"{page}do/publish/").status_code == 403

    # An edit takes the approval away.
    second = draft.edits.get(serial=1)
    body = [each["text"] for each in Draft.objects.get().sentences]
    changed = {
        **_passages(second),
        "new": "请各单位及时办理。",
        "out": [len(passages_of(second.text)) - 1],
        "sentence": [f"{body[0]}请关注。", *body[1:]],
    }
    assert maker.post(f"{page}wording/", changed).status_code == 302
    assert maker.post(f"{page}do/publish/").status_code == 422
    assert run_waiting(patience=0) == 1
    for browser, what in ((maker, "propose"), (leader, "approve"), (maker, "publish")):
        assert browser.post(f"{page}do/{what}/").status_code == 302, what
    assert Version.objects.count() == 0
    assert run_waiting(patience=0) == 1

    version = Version.objects.get()
    assert (version.number, version.edit, version.snapshot) == (1, 2, Draft.objects.get().snapshot)
    assert version.approved_by != version.published_by == draft.made_by
    assert version.title == f"{city().publication.city}{city().publication.hotline}2025年4月分析报告"
    assert f'href="{STUDIO}{draft.pk}/"' in maker.get(STUDIO).content.decode(), "the way back, to withdraw it"
    files = {(each.edition, each.form): each for each in version.files.all()}
    assert set(files) == {
        *((edition, form) for edition in ("public", "internal") for form in ("docx", "pdf", "html", "xlsx")),
        ("public", "json"),
    }
    for each in files.values():
        assert sm3_file(kept(each.digest)) == each.digest
    _made_again_by_the_command(maker, page, version, tmp_path)
    _looked_at_by_strangers(files)
    _corrected(maker, leader, version)
    steps = list(draft.steps.order_by("pk").values_list("what", flat=True))
    assert steps == [
        *("begin", "edit", "propose", "returned", "propose", "approved"),
        *("edit", "propose", "approved", "publish", "published"),
    ]


def _previewed(maker: Client, leader: Client, page: str) -> None:
    """The preview is the report, in a sandbox that reaches nothing of ours."""
    shown = leader.get(f"{page}pages/public/")
    assert re.search(r'data-indicator="orders\.total"[^>]*>3', shown.content.decode())
    policy = shown.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "'sha256-" in policy
    assert "frame-src 'self'" in maker.get(page).headers["Content-Security-Policy"]
    assert leader.get(f"{page}pages/nonsense/").status_code == 404


def _worded(maker: Client, leader: Client, draft: Draft) -> None:
    """A wording: figures are bound, everything else is the analyst's."""
    page, first = f"{STUDIO}{draft.pk}/", draft.edits.get()
    assert leader.post(f"{page}wording/", _passages(first)).status_code == 403
    added = {"new-theme": "其他", "new": "请各单位[认真](x)落实<b>。"}
    assert maker.post(f"{page}wording/", {**_passages(first), "new": "共〔999件〕"}).status_code == 422
    assert maker.post(f"{page}wording/", {**_passages(first), **added}).status_code == 302
    stale = maker.post(f"{page}wording/", {**_passages(first), "new": "晚了一步"})
    assert (stale.status_code, draft.edits.count()) == (409, 2)
    assert "晚了一步" in stale.content.decode()
    assert maker.post(f"{page}do/propose/").status_code == 422, "its preview isn't there yet"
    assert run_waiting(patience=0) == 1
    assert "请各单位［认真］(x)落实" in maker.get(f"{page}pages/public/").content.decode().replace(
        "（x）", "(x)"
    )


def _made_again_by_the_command(maker: Client, page: str, version: Version, place: Path) -> None:
    """The words as they are downloaded make the same report from the same snapshot, to the byte."""
    words = place / "words.toml"
    words.write_bytes(b"".join(maker.get(f"{page}wording.toml")))
    assert "请各单位及时办理" in words.read_text("utf-8")
    assert '请关注。"\nby = "analyst"' in words.read_text("utf-8")
    month = prepare(
        city().name,
        version.period,
        out=place / "out",
        forms=("html", "xlsx"),
        edition="both",
        issued=version.issued,
        wording=words,
    )
    made = make_month(month, [snapshots() / version.snapshot])
    digests = {
        path.name.removeprefix(f"{city().name}-2025-04-"): sm3_file(path) for path in made.published.files
    }
    for each in version.files.filter(form__in=("html", "xlsx")):
        assert digests[f"{each.edition}.{each.form}"] == each.digest, each


def _looked_at_by_strangers(files: dict[tuple[str, str], VersionFile]) -> None:
    """Everybody reads the public edition, and nobody the internal one."""
    stranger = Client()
    assert "2025年4月" in stranger.get("/reports/").content.decode()
    for path in ("/reports/2025-04/", "/reports/2025-04/1/"):
        assert "SM3" in stranger.get(path).content.decode()
    pdf = stranger.get("/reports/2025-04/1/pdf/")
    assert b"".join(pdf).startswith(b"%PDF-")
    assert "attachment" in pdf.headers["Content-Disposition"]
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(kept(files["public", "docx"].digest)) as word:
        assert "word/document.xml" in word.namelist()
    figures = json.loads(b"".join(stranger.get("/reports/2025-04/1/json/")))
    total = next(each for each in figures if each["indicator"] == "orders.total" and not each["cut"])
    assert total["value"] == "3", "what came after freezing isn't in it"
    web = stranger.get("/reports/2025-04/1/html/")
    assert "sandbox" in web.headers["Content-Security-Policy"]
    assert web.headers["Cache-Control"] == "public, max-age=600"
    for path in ("/reports/2025-04/2/", "/reports/2025-04/1/exe/", "/reports/2025-05/", "/reports/../x/"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.get(f"{STUDIO}files/{files['internal', 'pdf'].pk}/").status_code == 302


def _corrected(maker: Client, leader: Client, before: Version) -> None:
    """A correction is a version more that says so; the first one stays as it was."""
    digests = set(before.files.values_list("digest", flat=True))
    assert maker.post(f"{STUDIO}new/", {"period": "2025-04"}).status_code == 422
    told = {"period": "2025-04", "correction": "补计一件工单"}
    assert maker.post(f"{STUDIO}new/", told).status_code == 302
    key = Draft.objects.exclude(stage=Stage.PUBLISHED).get().pk
    run_waiting(patience=0)
    for browser, what in ((maker, "propose"), (leader, "approve"), (maker, "publish")):
        assert browser.post(f"{STUDIO}{key}/do/{what}/").status_code == 302, what
    run_waiting(patience=0)
    second = Version.objects.get(number=2)
    assert second.correction == "补计一件工单"
    assert dict(open_snapshot(snapshots() / second.snapshot).rows)["orders"] == 4
    stranger = Client()
    assert "补计一件工单" in b"".join(stranger.get("/reports/2025-04/2/html/")).decode()
    assert "已被更正" in stranger.get("/reports/2025-04/1/").content.decode()
    assert "第 2 版" in stranger.get("/reports/2025-04/").content.decode().replace("\xa0", " ")
    assert stranger.get("/reports/").content.decode().count("<article") == 1
    assert set(before.files.values_list("digest", flat=True)) == digests
