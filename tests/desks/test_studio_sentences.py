"""The body's paragraphs in the studio: words change, figures don't; who changed what stays, and the second is told."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import OPENED, Sign
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from jieban.desks.studio.models import Draft, Edit, Stage, Step
from jieban.desks.studio.place import preview
from jieban.desks.studio.preview import CHECKS
from jieban.desks.studio.sentences import changes_of, in_table, rewordings_in
from jieban.desks.studio.wording import Passage, draft_of
from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.report.rewording import Rewording, Sentence
from live_database import override_settings

BODY = (
    Sentence(
        section="summary",
        heading="总体情况",
        text="共〔120件〕，超期〔3件①〕、〔3件②〕。",
        figures=("120件", "3件①", "3件②"),
    ),
    Sentence(section="summary", heading="总体情况", text="没有数字。", figures=()),
    Sentence(section="late", heading="超期情况", text="按期签收率〔98%〕。", figures=("98%",)),
)
ADVICE = "## 督促\n\n请办理[3件](handlings.late_sign)。\n"
TEXTS = [one.text for one in BODY]

# Once: this is about words; drafts and their steps are looked at by test_studio.py.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("each_city")]


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> Iterator[None]:
    with override_settings(JIEBAN_VAR=tmp_path):
        yield
        cache.clear()


@pytest.fixture
def draft() -> Draft:
    """A report that has been frozen and was never edited."""
    made = Draft.objects.create(
        period="2025-04", made_by="account:1", made_at=OPENED, sentences=in_table(BODY)
    )
    Step.objects.create(draft=made, what="begin", by="account:1", at=OPENED)
    Edit.objects.create(draft=made, serial=0, text=ADVICE, made_by="system", made_at=OPENED)
    return made


def colleague() -> Client:
    """A browser in which a second analyst is signed in."""
    account = add_account(username="colleague", display_name="乙", now=OPENED)
    give_post(account=account, role=Role.ANALYST, unit=None, first=OPENED.date(), last=None, profile=city())
    browser = Client()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def saved(browser: Client, draft: Draft, texts: list[str], base: int = 0, **more: object) -> int:
    """The answer to a wording of the body."""
    form = {"base": base, "text": ["请办理〔3件〕。"], "sentence": texts, **more}
    return browser.post(f"/desk/studio/{draft.pk}/wording/", form).status_code


def page_of(browser: Client, draft: Draft) -> str:
    return browser.get(f"/desk/studio/{draft.pk}/").content.decode()


def test_every_paragraph_is_offered_to_who_makes_reports_alone(sign_in: Sign, draft: Draft) -> None:
    shown = page_of(sign_in(Role.ANALYST), draft)
    assert re.findall(r'<textarea[^>]*name="sentence"[^>]*>([^<]*)<', shown) == TEXTS
    leader = sign_in(Role.LEADER)
    assert TEXTS[0] in page_of(leader, draft)
    assert "<textarea" not in page_of(leader, draft)
    assert saved(leader, draft, ["改写。", *TEXTS[1:]]) == 403
    assert draft.edits.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "共〔121件〕。",
        "共〔98%〕。",
        "超期〔3件②〕，共〔120件〕。",
        "共1〔120件〕。",
        "共121件。",
        "共[120件](orders.total)，超期99件。",
        "超期〔3件〕。",
    ],
)
def test_a_crafted_form_alters_no_figure(sign_in: Sign, draft: Draft, text: str) -> None:
    browser = sign_in(Role.ANALYST)
    assert saved(browser, draft, [text, *TEXTS[1:]]) == 422
    assert draft.edits.count() == 1
    assert saved(browser, draft, TEXTS[:2]) == 409, "a form of another report"
    assert saved(browser, draft, ["\x00共\x08〔120件〕。", *TEXTS[1:]]) == 302
    assert rewordings_in(draft.edits.get(serial=1))[0].text == "共〔120件〕。"


def test_what_is_refused_stays_in_the_form_with_its_fault(sign_in: Sign, draft: Draft) -> None:
    browser = sign_in(Role.ANALYST)
    form = {"base": 0, "text": ["请办理〔3件〕。"], "sentence": [TEXTS[0], "另有5件。", "改好的〔98%〕。"]}
    shown = browser.post(f"/desk/studio/{draft.pk}/wording/", form).content.decode()
    assert "改好的〔98%〕。" in shown
    assert re.search(r'<textarea id="words-1"[^>]*aria-invalid="true"[^>]*>另有5件。<', shown)
    assert shown.count('aria-invalid="true"') == 1


def test_figures_and_paragraphs_are_left_out_and_taken_back(sign_in: Sign, draft: Draft) -> None:
    browser = sign_in(Role.ANALYST)
    first = ["共受理〔120件〕，其中超期办结〔3件②〕。", *TEXTS[1:]]
    assert saved(browser, draft, first, **{"sentence-out": [2]}) == 302
    assert rewordings_in(draft.edits.get(serial=1)) == (
        Rewording(section="summary", was=TEXTS[0], text=first[0]),
        Rewording(section="late", was=TEXTS[2], text=""),
    )
    shown = page_of(browser, draft)
    assert re.search(r'name="sentence-out" value="2" checked', shown)
    assert shown.count('name="sentence-reset"') == 2
    # Back as it was made, whatever the form holds besides.
    assert saved(browser, draft, ["乱写9件", *TEXTS[1:]], 1, **{"sentence-reset": [0]}) == 302
    assert draft.edits.get(serial=2).rewordings == []
    # A form without the body leaves it as it was.
    assert saved(browser, draft, first, 2) == 302
    path = f"/desk/studio/{draft.pk}/wording/"
    assert browser.post(path, {"base": 3, "text": ["请尽快办理〔3件〕。"]}).status_code == 302
    assert draft.edits.get(serial=4).rewordings == draft.edits.get(serial=3).rewordings != []


def test_who_changed_what_stays(sign_in: Sign, draft: Draft) -> None:
    one, other = sign_in(Role.ANALYST), colleague()
    assert saved(one, draft, ["甲改的〔120件〕。", *TEXTS[1:]]) == 302
    assert saved(other, draft, ["甲改的〔120件〕。", "乙改的。", TEXTS[2]], 1) == 302
    shown = page_of(sign_in(Role.LEADER), draft)
    assert "analyst改于第 2 稿" in shown.replace("\xa0", " ")
    assert "乙改于第 3 稿" in shown.replace("\xa0", " ")
    history = shown[shown.index("经过") :]
    for words in ("甲改的〔120件〕。", TEXTS[0], "乙改的。", TEXTS[1]):
        assert history.count(words) == 1, words
    assert draft.edits.values("made_by").distinct().count() == 3


def test_advice_that_was_reworded_is_one_change_beside_another_that_was_left_out() -> None:
    theme, first, second, third = (
        "压实责任",
        "加强签收管理，按时签收。",
        "加大督办力度。",
        "优化派单流程，减少退单。",
    )
    now_second = "公布各单位办理时效。"

    def edit(serial: int, *texts: str) -> Edit:
        told = draft_of(tuple(Passage(theme=theme, text=text) for text in texts))
        return Edit(serial=serial, text=told, rewordings=[])

    def changed(*texts: str) -> set[tuple[str, str]]:
        made = changes_of([edit(0, first, second, third), edit(1, *texts)])[1]
        return {(each.before, each.after) for each in made}

    reworded = third.replace("减少", "避免")
    assert changed(first, reworded) == {(second, ""), (third, reworded)}
    assert changed(first, now_second, reworded) == {(second, now_second), (third, reworded)}
    assert changed(first, third, now_second) == {(second, now_second)}
    assert changed(first, second, third) == set()


def test_the_second_to_save_is_told_and_loses_nothing(sign_in: Sign, draft: Draft) -> None:
    one, other = sign_in(Role.ANALYST), colleague()
    assert saved(one, draft, ["先存的〔120件〕。", *TEXTS[1:]]) == 302
    form = {"base": 0, "text": ["请办理〔3件〕。"], "sentence": [TEXTS[0], "后存的。", TEXTS[2]]}
    told = other.post(f"/desk/studio/{draft.pk}/wording/", form)
    assert told.status_code == 409
    shown = told.content.decode()
    notice = shown[shown.index("没有保存") : shown.index("</div>", shown.index("没有保存"))]
    assert "后存的。" in notice
    assert "先存的" not in notice
    assert re.search(r'<textarea id="words-0"[^>]*>先存的〔120件〕。<', shown)
    assert draft.edits.count() == 2


def test_who_reworded_a_paragraph_does_not_approve_it_and_an_edit_takes_the_approval_away(
    sign_in: Sign, draft: Draft
) -> None:
    editor, leader = sign_in(Role.ANALYST), sign_in(Role.LEADER)
    page = f"/desk/studio/{draft.pk}/"
    assert saved(editor, draft, ["改过的〔120件〕。", *TEXTS[1:]]) == 302
    place = preview(draft.pk, 1)
    place.mkdir(parents=True)
    (place / CHECKS).write_text("[]")
    assert editor.post(f"{page}do/propose/").status_code == 302
    assert editor.post(f"{page}do/approve/").status_code == 422
    assert "改过的〔120件〕。" in page_of(leader, draft)
    assert leader.post(f"{page}do/approve/").status_code == 302
    assert Draft.objects.get().stage == Stage.APPROVED
    assert saved(editor, draft, TEXTS, 1, **{"sentence-out": [0]}) == 302
    assert Draft.objects.get().stage == Stage.OPEN
