"""Topics edited on pages: their names in time, and the subtopics under them."""

from datetime import timedelta

import pytest
from administrators import DESK, SOON, TODAY, form, now, save, told
from browsers import Sign
from cast import recorded

from jieban.people.city import filed
from jieban.people.roles import Role
from jieban.profile.model import Topic

# Once: what a database does with a change is looked at beside units and deadlines (administration_city, _rules).
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("each_city", "city_as_filed"),
]


def first() -> tuple[str, Topic]:
    """The scheme of ordinary orders, and its first topic with subtopics."""
    scheme = filed().order_scheme
    return scheme, next(each for each in filed().order_topics.values() if each.subtopics)


def test_a_topic_is_corrected_in_all_its_rows(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    scheme, topic = first()
    recorded(topic=topic.code)
    path = f"{DESK}topics/{scheme}/{topic.code}/edit/"
    filled = {**form(browser, path), "name": "改过的事项"}
    assert "用于 1 件工单" in browser.post(path, {**filled, "do": "preview"}).content.decode()
    save(browser, path, name="改过的事项")
    assert now().order_topics[topic.code].name == "改过的事项"
    assert now().order_topics[topic.code].subtopics == topic.subtopics
    assert "改过的事项" in browser.get(f"{DESK}topics/").content.decode()


def test_a_new_topic_and_its_first_subtopic(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    scheme, _ = first()
    save(browser, f"{DESK}topics/{scheme}/new/", code="low-sky", name="低空", valid_from=f"{SOON}")
    save(
        browser, f"{DESK}topics/{scheme}/low-sky/new/", code="noise", name="无人机噪声", aliases="无人机扰民"
    )
    topic = now().order_topics["low-sky"]
    assert (topic.name, topic.validity.first) == ("低空", SOON)
    assert [(each.name, each.aliases) for each in topic.subtopics] == [("无人机噪声", ("无人机扰民",))]
    answer = browser.post(f"{DESK}topics/{scheme}/new/", {"code": "low-sky", "name": "x", "why": "x"})
    assert answer.status_code == 422
    assert "已经用过" in told(answer)


def test_a_renamed_topic_takes_its_subtopics_along(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    scheme, topic = first()
    path = f"{DESK}topics/{scheme}/{topic.code}/rename/"
    save(browser, path, code="renamed-topic", name="新事项名", first=f"{SOON}")
    topics = now().order_topics
    assert now().topic_name(scheme, topic.code, TODAY) == topic.name
    assert topics.carried_on_by(topic.code, SOON) == "renamed-topic"
    kept = [each.code for each in topic.subtopics if each.validity.last is None]
    assert [each.code for each in topics["renamed-topic"].subtopics] == kept
    assert kept


def test_a_subtopic_is_renamed_merged_and_moved(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    scheme, topic = first()
    one, two, three = topic.subtopics[:3]
    base = f"{DESK}topics/{scheme}/{topic.code}/"
    page = browser.get(f"{base}{one.code}/rename/").content.decode()
    assert f"子类“{one.name}”更名" in page
    assert "子类一并" not in page
    save(browser, f"{base}{one.code}/rename/", code="sub-renamed", name="新子类", first=f"{SOON}")
    subtopics = now().subtopics(scheme, topic.code)
    assert subtopics.carried_on_by(one.code, SOON) == "sub-renamed"
    assert now().subtopic_name(scheme, topic.code, one.code, TODAY) == one.name
    save(browser, f"{base}{two.code}/end/", valid_to=f"{SOON}", merged_into="sub-renamed")
    after = SOON + timedelta(days=1)
    assert now().subtopics(scheme, topic.code).carried_on_by(two.code, after) == "sub-renamed"
    goal = next(
        each
        for each in filed().order_topics.values()
        if each.code != topic.code and three.code not in {sub.code for sub in each.subtopics}
    )
    save(browser, f"{base}{three.code}/end/", valid_to=f"{SOON}", to=goal.code)
    here, there = (now().subtopics(scheme, each) for each in (topic.code, goal.code))
    assert here[three.code].validity.last == SOON
    assert (there[three.code].name, there[three.code].validity.first) == (three.name, after)


def test_nothing_is_put_under_what_has_ended(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    scheme, topic = first()
    offer = f'href="{DESK}topics/{scheme}/{topic.code}/new/"'
    assert offer in browser.get(f"{DESK}topics/").content.decode()
    save(browser, f"{DESK}topics/{scheme}/{topic.code}/end/", valid_to=f"{SOON}")
    page = browser.get(f"{DESK}topics/").content.decode()
    assert offer not in page
    assert f'href="{DESK}topics/{scheme}/{topic.code}/edit/"' in page


def test_what_is_not_there_is_not_edited(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    scheme, topic = first()
    for path in ("none/new/", f"{scheme}/none/edit/", f"{scheme}/{topic.code}/none/edit/", "none/x/rename/"):
        assert browser.get(f"{DESK}topics/{path}").status_code == 404, path
    path = f"{DESK}topics/{scheme}/{topic.code}/rename/"
    filled = {**form(browser, path), "code": "x-y", "name": "名", "first": "1990-01-01", "do": "save"}
    answer = browser.post(path, filled)
    code = 422 if topic.validity.first is not None else 302
    assert answer.status_code == code
