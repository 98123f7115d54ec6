"""Templates and rules edited on pages: what is asked, shown before it holds, and decided by a second."""

import re

import pytest
from administrators import DESK, SOON, accept, form, now, save, second, told
from browsers import OPENED, Sign
from django.test import Client

from jieban.desks.administration.declared.table import sheets
from jieban.people.city import filed
from jieban.people.city_in_force import look
from jieban.people.models import CityChange
from jieban.people.roles import Role

# Once: what a database does with a change is looked at beside units and deadlines (administration_city, _rules).
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("each_city", "city_as_filed"),
]

TEMPLATES = f"{DESK}templates/"


def items(sheet: str) -> list[str]:
    """The paths of a list's things, as the page links them."""
    return re.findall(rf'href="({TEMPLATES}{sheet}/items/[^"]+)"', PAGE[0])


PAGE: list[str] = [""]


@pytest.fixture
def browser(sign_in: Sign) -> Client:
    found = sign_in(Role.ADMINISTRATOR)
    PAGE[0] = "".join(
        found.get(DESK + part).content.decode() for part in ("templates/", "reports/", "units/", "doors/")
    )
    return found


def test_every_form_shows_what_is_there_and_saves_nothing_unchanged(browser: Client) -> None:
    for sheet in sheets().values():
        paths = items(sheet.id) if sheet.key else [f"{TEMPLATES}{sheet.id}/edit/"]
        for path in paths:
            answer = browser.post(path, {**form(browser, path), "do": "save"})
            assert answer.status_code == 422, (path, answer.headers)
            assert "没有任何改动" in told(answer), (path, told(answer))
    assert items("reply")
    assert not CityChange.objects.exists()


def test_a_field_of_the_reply_is_changed_shown_and_holds_from_its_day(browser: Client, sign_in: Sign) -> None:
    theirs = second(sign_in)
    path = items("reply")[0]
    field = filed().workflow.reply[0]
    said = {"name": "做了什么", "min_chars": 33, "first_day": f"{SOON}"}
    text = browser.post(path, {**form(browser, path), **said, "do": "preview"}).content.decode()
    assert "承办单位将看到的答复表" in text
    assert "至少 33 字" in text
    change = save(browser, path, **said)
    assert "承办单位将看到的答复表" in theirs.get(f"{DESK}city/{change.pk}/").content.decode()
    accept(change, theirs)
    assert now().workflow.reply[0] == field
    then = look(OPENED.replace(month=6)).profile.workflow.reply
    assert (then[0].code, then[0].name, then[0].min_chars) == (field.code, "做了什么", 33)
    assert then[1:] == filed().workflow.reply[1:]


def test_a_field_is_added_at_its_place_moved_and_taken_out(browser: Client, sign_in: Sign) -> None:
    theirs = second(sign_in)
    new = {
        "code": "photos",
        "name": "照片说明",
        "required": ["on"],
        "choices": "good 清楚\nbad 不清楚",
        "place": 2,
    }
    accept(save(browser, f"{TEMPLATES}reply/new/", **new), theirs)
    reply = now().workflow.reply
    assert [each.code for each in reply][1] == "photos"
    assert [(each.code, each.name) for each in reply[1].choices] == [("good", "清楚"), ("bad", "不清楚")]
    path = f"{TEMPLATES}reply/items/photos/"
    accept(save(browser, path, place=1), theirs)
    assert now().workflow.reply[0].code == "photos"
    accept(save(browser, path, gone=["on"]), theirs)
    assert now().workflow.reply == filed().workflow.reply
    assert browser.get(path).status_code == 404


def test_what_the_check_finds_is_told_at_the_field(browser: Client) -> None:
    path = items("reply")[-1]
    answer = browser.post(
        path, {**form(browser, path), "min_chars": 5, "choices": "a 甲\nb 乙", "do": "save"}
    )
    assert answer.status_code == 422
    assert "选择项,不能规定字数" in told(answer).replace("，", ",")
    warning = items("warnings")[0]
    answer = browser.post(warning, {**form(browser, warning), "tells": [], "do": "save"})
    assert answer.status_code == 422
    doubled = f"{TEMPLATES}reply/new/"
    code = filed().workflow.reply[0].code
    answer = browser.post(doubled, {**form(browser, doubled), "code": code, "name": "x", "do": "save"})
    assert "已经用过" in told(answer)


def test_rules_of_the_procedure_are_changed(browser: Client, sign_in: Sign) -> None:
    theirs = second(sign_in)
    returns, retention = filed().workflow.returns, filed().workflow.retention
    path = f"{TEMPLATES}returns/edit/"
    said = {"max_asks": returns.max_asks + 1, "ask_within.amount": returns.ask_within.amount + 1}
    accept(save(browser, path, **said), theirs)
    after = now().workflow.returns
    assert (after.max_asks, after.ask_within.amount) == (returns.max_asks + 1, returns.ask_within.amount + 1)
    assert (after.ask_within.basis, after.decide_within) == (returns.ask_within.basis, returns.decide_within)
    path = f"{TEMPLATES}retention/edit/"
    filled = {**form(browser, path), "person_days": retention.person_days - 30, "do": "preview"}
    assert "销毁不可撤销" in browser.post(path, filled).content.decode()
    callbacks = f"{TEMPLATES}callbacks/edit/"
    accept(save(browser, callbacks, exempt=[]), theirs)
    assert now().workflow.callbacks.exempt == ()


def test_warnings_are_told_by_the_deadline_on_pages_and_kept_in_hours(browser: Client, sign_in: Sign) -> None:
    theirs = second(sign_in)
    said = {each.hours: f"到期前 {each.hours} 小时" for each in filed().workflow.ladder if each.hours > 0}
    assert said
    for words in (*said.values(), "到期时"):
        assert f">{words}</td>" in PAGE[0]
    path = items("warnings")[0]
    late = save(browser, path, hours=-24)
    page = theirs.get(f"{DESK}city/{late.pk}/").content.decode()
    assert ">何时</td>" in page
    assert ">到期后 24 小时</td>" in page
    assert ">-24<" not in page
    accept(late, theirs)
    assert {each.id: each.hours for each in now().workflow.ladder}[path.rstrip("/").rpartition("/")[2]] == -24
    assert ">到期后 24 小时</td>" in browser.get(TEMPLATES).content.decode()
    assert 'value="-24"' in browser.get(path).content.decode()


def test_grounds_and_evidence_are_changed(browser: Client, sign_in: Sign) -> None:
    theirs = second(sign_in)
    new = {"code": "local", "name": "本地规定的情形", "source": "市规定", "needs_attachment": ["on"]}
    accept(save(browser, f"{TEMPLATES}refusals/new/", **new), theirs)
    ground = now().workflow.refusal_grounds[-1]
    assert (ground.code, ground.name, ground.needs_attachment) == ("local", "本地规定的情形", True)
    gone = save(browser, f"{TEMPLATES}refusals/items/local/", gone=["on"])
    assert "不能再选" in browser.get(f"{DESK}city/{gone.pk}/").content.decode()
    demand = items("demands")[0]
    kind = filed().workflow.evidence.kinds[0].code
    accept(save(browser, demand, kinds=[kind]), theirs)
    assert now().workflow.evidence.demands[0].kinds == (kind,)


def test_the_header_of_reports_and_the_words_are_changed(browser: Client, sign_in: Sign) -> None:
    theirs = second(sign_in)
    accept(save(browser, f"{TEMPLATES}publication/edit/", issuing_unit="数据局"), theirs)
    assert now().publication.issuing_unit == "数据局"
    assert now().publication.documents == filed().publication.documents
    path = items("words-satisfaction")[0]
    accept(save(browser, path, name="十分满意的"), theirs)
    label = now().labels["satisfaction"][0]
    assert (label.code, label.name) == (filed().labels["satisfaction"][0].code, "十分满意的")
    assert now().labels["urgency"] == filed().labels["urgency"]
    assert browser.get(f"{TEMPLATES}words-urgency/new/").status_code == 404
    for wrong in ("none/edit/", "reply/edit/", "returns/new/", "reply/items/none/"):
        assert browser.get(TEMPLATES + wrong).status_code == 404, wrong
    bad = {**form(browser, f"{TEMPLATES}publication/edit/"), "index_pattern": "X{no}", "do": "save"}
    answer = browser.post(f"{TEMPLATES}publication/edit/", bad)
    assert answer.status_code == 422
    assert "index_pattern" in told(answer)
    assert look(OPENED).profile.publication.index_pattern == filed().publication.index_pattern
