"""Documents edited on pages: how reports read and count, what the platform goes by; and that nothing is left out."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from administrators import DESK, SOON, TODAY, accept, form, now, save, second, told
from browsers import OPENED, Sign
from cast import recorded
from citizens import Citizen
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.administration.declared.filed_only import FILED_ONLY
from jieban.desks.administration.declared.listings import LISTINGS
from jieban.desks.administration.declared.table import sheets
from jieban.desks.administration.words.reports import (
    BUILDERS as BUILDER_NAMES,
)
from jieban.desks.administration.words.reports import (
    COMMON_PLACES,
    OPTIONS,
    PHRASES,
    STRATEGIES,
    THRESHOLDS,
)
from jieban.kernel.typography import fullwidth
from jieban.orders.models import Order
from jieban.people.city import filed
from jieban.people.city_in_force import look, source
from jieban.people.models import CityChange
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from jieban.profile.documents.folding import merged
from jieban.profile.load import load_profile
from jieban.profile.workflow import Counting
from jieban.report.build.registry import BUILDERS
from jieban.report.recommend.rules import STRATEGIES as CODED
from jieban.report.wording import COMMON

# Once: what a database does with a change is looked at beside units and deadlines (administration_city, _rules).
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("each_city", "city_as_filed"),
]
TEMPLATES, WORDING = f"{DESK}templates/", f"{DESK}wording/"
THEN = OPENED.replace(month=6)


def preview(browser: Client, path: str, **said: object) -> str:
    answer = browser.post(path, {**form(browser, path), **said, "do": "preview"})
    assert answer.status_code == 200, told(answer)
    return answer.content.decode()


def refused(browser: Client, path: str, field: str, **said: object) -> str:
    """What is told beside a field."""
    answer = browser.post(path, {**form(browser, path), **said, "do": "save"})
    assert answer.status_code == 422, answer.content.decode()
    found = re.search(rf'name="{field}".*?class="wrong">([^<]*)', answer.content.decode(), re.DOTALL)
    assert found, told(answer)
    return found[1]


def exported(browser: Client, into: Path) -> str:
    """The version of the files that come out."""
    packed = b"".join(browser.get(f"{DESK}profile/files/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(into)
    return load_profile(str(into / filed().name)).version


def test_kinds_and_groups_of_units(sign_in: Sign, tmp_path: Path) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    group = filed().unit_groups[0]
    path = f"{TEMPLATES}unit-groups/items/{group.code}/"
    members = sum(each.group == group.code for each in filed().units.values())
    assert f"{members} 个单位归在这里" in preview(browser, path, name="第一组")
    accept(save(browser, path, name="第一组", place=len(filed().unit_groups)), theirs)
    assert now().unit_groups[-1].name == "第一组"
    assert "第一组" in browser.get(f"{DESK}units/").content.decode()
    assert "不存在" in told(browser.post(path, {**form(browser, path), "gone": ["on"], "do": "save"})), (
        "units stand in it"
    )
    accept(save(browser, f"{TEMPLATES}unit-kinds/new/", code="brand-new", name="新种类"), theirs)
    assert "新种类" in browser.get(f"{DESK}units/new/").content.decode()
    accept(save(browser, f"{TEMPLATES}unit-kinds/items/brand-new/", gone=["on"]), theirs)
    assert now().unit_kinds == filed().unit_kinds
    assert exported(browser, tmp_path) == now().version


def test_what_nobody_says_of_a_communitys_name(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    path = f"{TEMPLATES}committees/edit/"
    assert path in browser.get(f"{DESK}streets/").content.decode()
    before = {each.code: each for each in filed().communities}
    ending = "社区"
    changed = sum(each.name.removesuffix(ending) != each.spoken for each in before.values())
    assert f"{changed} 个社区(村)查找和登记时换了叫法" in preview(browser, path, committees=ending).translate(
        str.maketrans("（）", "()")
    )
    accept(save(browser, path, committees=ending), theirs)
    for each in now().communities:
        known = before[each.code].name
        assert each.spoken == known.removesuffix(ending)
    accept(save(browser, path, committees=""), theirs)
    assert all(each.spoken == each.name for each in now().communities)


def test_terms_of_the_knowledge_base_and_what_contradicts_them(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    path = f"{TEMPLATES}knowledge/edit/"
    before = filed().workflow.knowledge
    assert "remind_days" in refused(browser, path, "confirm_days", remind_days=before.confirm_days + 1)
    accept(save(browser, path, confirm_days=before.confirm_days - 1, first_day=f"{SOON}"), theirs)
    assert now().workflow.knowledge == before
    assert look(THEN).profile.workflow.knowledge.confirm_days == before.confirm_days - 1


def test_numbers_of_another_look_from_a_day_on_and_old_ones_are_still_found(sign_in: Sign) -> None:
    browser, theirs, operator = sign_in(Role.ADMINISTRATOR), second(sign_in), sign_in(Role.OPERATOR)
    old, path = recorded(), f"{TEMPLATES}numbering/edit/"
    assert "serial" in refused(browser, path, "numbering", numbering="{yy}{mm}{dd}")
    text = preview(browser, path, numbering="X{yyyy}{mm}{dd}-{serial:5}{check}")
    example = re.search(r"起的编号如 ([^;；]+)", text)
    assert example
    accept(save(browser, path, numbering="X{yyyy}{mm}{dd}-{serial:5}{check}"), theirs)
    now()
    new = recorded()
    assert new.startswith(f"X{TODAY:%Y}")
    for number in (old, new):
        assert operator.get(f"/desk/orders/{number}/").status_code == 200
        assert Citizen().find(number, "13900000001").status_code == 302


def test_requests_on_the_web_are_closed_and_opened(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    path = f"{TEMPLATES}online/edit/"
    online = filed().workflow.online
    assert online is not None
    topic = next(code for code in filed().order_topics if code != online.topic)
    assert "缺少" in refused(browser, path, "channel", channel="")
    assert "不能在网上提交" in preview(browser, path, channel="", topic="", unoffered=[])
    accept(save(browser, path, topic=topic), theirs)
    assert now().workflow.online.topic == topic
    accept(save(browser, path, unoffered=[topic]), theirs)
    assert now().workflow.online.unoffered == (topic,)
    assert "缺少" in refused(browser, path, "channel", channel="", topic="")
    accept(save(browser, path, channel="", topic="", unoffered=[]), theirs)
    assert now().workflow.online is None
    assert Client().get("/file/").status_code >= 400
    channel = next(iter(filed().channels))
    accept(save(browser, path, channel=channel, topic=topic), theirs)
    now()
    assert Order.objects.get(number=Citizen().file()).channel == channel


def test_how_is_counted_says_what_stays(sign_in: Sign, tmp_path: Path) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    path = f"{TEMPLATES}counting/edit/"
    assert "旧月份也是" in preview(browser, path, satisfaction="weighted_06")
    accept(save(browser, path, satisfaction="weighted_06", share_places=3), theirs)
    assert (now().counting.satisfaction, now().counting.share_places) == ("weighted_06", 3)
    assert refused(browser, path, "share_places", share_places=9)
    shared = f"{TEMPLATES}co-handling/edit/"
    other = next(each for each in Counting if each is not filed().workflow.co_handling.counting)
    accept(save(browser, shared, counting=other.value), theirs)
    assert now().workflow.co_handling.counting is other
    policies = f"{TEMPLATES}policies/edit/"
    accept(save(browser, policies, unknown_unit="flag"), theirs)
    assert now().policies["unknown_unit"] == "flag"
    assert {k: v for k, v in now().policies.items() if k != "unknown_unit"} == {
        k: v for k, v in filed().policies.items() if k != "unknown_unit"
    }
    change = CityChange.objects.latest("pk")
    said = browser.get(f"{DESK}city/{change.pk}/").content.decode()
    assert "承办单位不在配置中" in said
    assert "标记存疑" in said
    assert exported(browser, tmp_path) == now().version


def test_sections_of_the_report_are_moved_left_out_and_their_options_set(
    sign_in: Sign, tmp_path: Path
) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    before = filed().outline
    index = next(i for i, each in enumerate(before) if each.builder == "places")
    path = f"{TEMPLATES}sections/items/{before[index].id}/"
    said = {"title": "在哪里", "options.top": 7, "options.table": "yes", "editions": ["internal"], "place": 1}
    text = preview(browser, path, **said)
    assert "列出前几名 7" in text
    accept(save(browser, path, **said), theirs)
    first = now().outline[0]
    assert (first.title, first.editions, first.options["top"], first.options["table"]) == (
        "在哪里",
        ("internal",),
        7,
        True,
    )
    assert list(now().outline[1:]) == [each for each in before if each.id != first.id]
    accept(save(browser, path, gone=["on"]), theirs)
    assert first.id not in [each.id for each in now().outline]
    again = {"id": first.id, "builder": "places", "title": "区域", "level": 2, "editions": [], "place": 2}
    accept(save(browser, f"{TEMPLATES}sections/new/", **again), theirs)
    assert (now().outline[1].builder, dict(now().outline[1].options)) == ("places", {})
    assert refused(browser, f"{TEMPLATES}sections/new/", "id", **{**again, "id": before[-1].id})
    assert exported(browser, tmp_path) == now().version


def test_sentences_are_shown_as_they_are_printed_and_kept_as_they_are_filed(sign_in: Sign) -> None:
    rule = next(each for each in filed().recommendations if "," in each.text)
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    path = f"{TEMPLATES}recommendations/items/{rule.id}/"
    shown = str(form(browser, path)["text"])
    assert shown == fullwidth(rule.text) != rule.text
    accept(save(browser, path, theme="另一方面"), theirs)
    found = {each.id: each for each in now().recommendations}[rule.id]
    assert (found.theme, found.text) == ("另一方面", rule.text)
    accept(save(browser, path, text=f"{shown}请抓紧。"), theirs)
    assert {each.id: each.text for each in now().recommendations}[rule.id] == f"{shown}请抓紧。"


def test_rules_of_recommendations_are_tuned_switched_off_and_added(sign_in: Sign, tmp_path: Path) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    rule = next(each for each in filed().recommendations if each.strategy == "topic_share")
    path = f"{TEMPLATES}recommendations/items/{rule.id}/"
    accept(save(browser, path, **{"thresholds.share": "33.5"}), theirs)
    found = {each.id: each for each in now().recommendations}[rule.id]
    assert dict(found.thresholds) == {**rule.thresholds, "share": "33.5"}
    assert (found.text, found.theme) == (rule.text, rule.theme)
    assert "{nobody}" in refused(browser, path, "text", text="有{nobody}。")
    assert refused(browser, path, "thresholds.share", **{"thresholds.share": "许多"})
    accept(save(browser, path, enabled=[]), theirs)
    assert rule.id not in [each.id for each in now().recommendations]
    assert form(browser, path).get("enabled") is None
    accept(save(browser, path, enabled=["on"]), theirs)
    new = {
        "id": "more",
        "strategy": "topic_share",
        "theme": "又一个方面",
        "text": "{topics}偏多。",
        "thresholds.minimum": "7",
    }
    add = f"{TEMPLATES}recommendations/new/"
    assert "share" in told(browser.post(add, {**form(browser, add), **new, "do": "save"}))
    accept(save(browser, add, **new, **{"thresholds.share": "1"}), theirs)
    more = now().recommendations[-1]
    assert (more.id, more.theme, dict(more.thresholds)) == (
        "more",
        "又一个方面",
        {"minimum": "7", "share": "1"},
    )
    assert exported(browser, tmp_path) == now().version


def test_a_phrase_is_found_reworded_and_keeps_its_figures(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    page = browser.get(WORDING).content.decode()
    assert f"{WORDING}opening.total/edit/" in page
    assert "{total}" in page
    found = browser.get(f"{WORDING}?q=共转派工单").content.decode()
    assert f"{WORDING}opening.total/edit/" in found
    assert f"{WORDING}period.week.this/edit/" not in found
    assert "没有哪一句" in browser.get(f"{WORDING}?q=绝无此话").content.decode()
    path = f"{WORDING}opening.total/edit/"
    assert "{total}" in refused(browser, path, "text", text="{span},共转派了许多。")
    assert "{nobody}" in refused(browser, path, "text", text="{total}{nobody}")
    change = save(browser, path, text="{span},{centre}转派了{total}。", first_day=f"{SOON}")
    assert "opening.total" in browser.get(f"{DESK}city/{change.pk}/").content.decode()
    accept(change, theirs)
    assert now().wording == filed().wording
    then = look(THEN).profile.wording
    assert then["opening.total"] == "{span},{centre}转派了{total}。"
    assert {k: v for k, v in then.items() if k != "opening.total"} == {
        k: v for k, v in filed().wording.items() if k != "opening.total"
    }
    for wrong in ("?of=none", "none/edit/"):
        assert browser.get(WORDING + wrong).status_code == 404


def test_words_of_the_ledger_and_the_city_s_name(sign_in: Sign, tmp_path: Path) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    label = filed().labels["role"][0]
    accept(save(browser, f"{TEMPLATES}words-role/items/{label.code}/", aliases="领头\n挑头"), theirs)
    assert now().find_label("role", "挑头").code == label.code
    assert browser.get(f"{TEMPLATES}words-role/new/").status_code == 404
    accept(save(browser, f"{TEMPLATES}titles/edit/", title="某市热线"), theirs)
    assert now().title == "某市热线"
    assert "某市热线" in browser.get(f"{DESK}profile/").content.decode()
    assert exported(browser, tmp_path) == now().version


def test_a_phrase_tells_every_place_that_it_may_use_and_has_its_marks_between_them(sign_in: Sign) -> None:
    assert set(COMMON_PLACES) == COMMON
    assert filed().wording["subtitle"] == "({days})"
    browser = sign_in(Role.ADMINISTRATOR)
    page = browser.get(f"{WORDING}?of=title").content.decode()
    assert "（{days}）" in page
    assert "({days})" not in page
    hint = browser.get(f"{WORDING}subtitle/edit/").content.decode()
    for place in (*COMMON, "days"):
        assert f"{{{place}}}" in hint
    for place in COMMON:
        assert f"{{{place}}} " in page
    path = f"{WORDING}name/edit/"
    assert form(browser, path)["text"] == "{year}年{title}（{subtitle}）"
    as_it_was = browser.post(path, {**form(browser, path), "do": "save"})
    assert as_it_was.status_code == 422


def test_each_coded_part_has_its_name() -> None:
    assert set(BUILDER_NAMES) == set(BUILDERS)
    assert set(STRATEGIES) == set(CODED)
    assert set(OPTIONS) == {name for each in BUILDERS.values() for name in each.options}
    assert set(THRESHOLDS) == {name for each in CODED.values() for name in each.thresholds}
    groups = {key.partition(".")[0] for key in filed().wording if "." in key}
    assert groups <= set(PHRASES)


def test_whatever_a_city_s_files_hold_is_edited_on_a_page_or_said_not_to_be(sign_in: Sign) -> None:
    files = source().directory
    columns = {
        f"{path.name}": next(csv.reader(path.open(encoding="utf-8-sig"))) for path in files.glob("*.csv")
    }
    for about in LISTINGS.values():
        asked = {each.key for each in (*about.fields(), *about.first())}
        dated = {"valid_from", "valid_to", "renamed_to", "merged_into"} if about.days else set()
        short = set() if "short_name" in asked else {"short_name"}
        assert set(columns.pop(about.document)) <= asked | dated | short | {"code"}, about.document
    assert set(columns) == {"topics.csv"}
    own = {
        "calendar.toml": {"holidays", "workdays", "hours", "years"},
        "deadlines.toml": {"rules", "extension"},
    }
    left = set()
    for name in sorted({path.name for place in (files, source().base) for path in place.glob("*.toml")}):
        if name in {"demo.toml", "wording.toml"}:
            continue  # the demonstration's, read by nobody else; every phrase has its form
        for path in _leaves(merged(source(), name)):
            if not _declared(name, path) and path[0] not in own.get(name, set()):
                left.add((name, *path))
    said = {(document, *path) for document, path, _ in FILED_ONLY}
    assert {each for each in left if not any(each[: len(one)] == one for one in said)} == set()
    known = load_profile(files)
    assert known.version == filed().version
    page = sign_in(Role.ADMINISTRATOR).get(f"{DESK}profile/").content.decode()
    assert "只在文件里" in page


def _leaves(value: Mapping[str, object], at: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Where values stand; those of a list's tables without their place in it."""
    found: set[tuple[str, ...]] = set()
    for key, member in value.items():
        if isinstance(member, Mapping) and member:
            found |= _leaves(member, (*at, key))
        elif isinstance(member, list) and member and isinstance(member[0], Mapping):
            for each in member:
                found |= _leaves(each, (*at, key))
        else:
            found.add((*at, key))
    return found


def _declared(name: str, path: tuple[str, ...]) -> bool:
    """Whether a declared sheet has a field for a value."""
    for about in sheets().values():
        if about.document != name or path[: len(about.path)] != about.path:
            continue
        rest = path[len(about.path) :]
        if about.keyed:
            rest = rest[1:]
        keys = {each.key for each in (*about.fields, *about.first)} | ({about.key} if about.key else set())
        if about.more is not None:
            keys |= {f"options.{each}" for each in OPTIONS}
        joined = ".".join(rest)
        if joined in keys or any(joined.startswith(f"{key}.") for key in keys):
            return True
    return False


def test_pages_of_documents_cost_few_statements_and_no_more_with_changes(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    paths = (f"{DESK}reports/", WORDING, f"{WORDING}opening.total/edit/", f"{TEMPLATES}policies/edit/")
    counts = []
    for round_ in range(2):
        text = f"{{span}},{{centre}}转派{'了' * (round_ + 1)}{{total}}。"
        accept(save(browser, f"{WORDING}opening.total/edit/", text=text), theirs)
        browser.get(DESK)
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 12, counts


def test_documents_are_the_administrators_alone(sign_in: Sign) -> None:
    paths = (f"{DESK}reports/", WORDING, f"{WORDING}opening.total/edit/", f"{TEMPLATES}counting/edit/")
    for role in set(POST_ROLES) - {Role.ADMINISTRATOR}:
        browser = sign_in(role, next(iter(filed().units)) if role in UNIT_ROLES else None)
        for path in paths:
            assert browser.get(path).status_code == 403, (role, path)
            assert browser.post(path, {"do": "save", "why": "x"}).status_code in {403, 405}, (role, path)
    assert not CityChange.objects.exists()
