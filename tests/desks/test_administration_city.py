"""The city edited on pages: previewed, saved, decided on, kept; and whoever comes second is told."""

import io
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import click
import pytest
from administrators import DESK, SOON, TODAY, accept, form, now, save, second, told
from browsers import Sign
from cast import lead, recorded
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from jieban.people import city_changes
from jieban.people.city import city, filed, forget
from jieban.people.models import Account, CityChange, CityDecision
from jieban.people.roles import Role
from jieban.profile.load import load_profile
from jieban.site.cli.commands.live.imported import refuse_other_city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city", "city_as_filed")]


def test_a_unit_is_corrected_with_a_preview_and_holds_at_once(sign_in: Sign) -> None:
    browser, code = sign_in(Role.ADMINISTRATOR), lead()
    path = f"{DESK}units/{code}/edit/"
    filled = {**form(browser, path), "short_name": "甲局", "aliases": "甲\n甲某局"}
    text = browser.post(path, {**filled, "do": "preview"}).content.decode()
    assert "都认作" in text
    assert now() is filed(), "a preview changes nothing"
    change = save(browser, path, short_name="甲局", aliases="甲\n甲某局")
    unit = now().units[code]
    assert (unit.short_name, unit.aliases) == ("甲局", ("甲", "甲某局"))
    assert (change.by.username, change.why, change.first_day) == ("administrator", "市政府通知第 3 号", TODAY)
    page = browser.get(f"{DESK}units/").content.decode()
    assert ">甲局<" in page
    listed = browser.get(f"{DESK}city/").content.decode()
    assert change.title in listed
    assert "已生效" in listed


def test_what_one_administrator_saves_nobody_has_agreed_to(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    mine = save(browser, f"{DESK}units/{lead()}/edit/", short_name="甲局")
    page = browser.get(f"{DESK}city/{mine.pk}/").content.decode()
    assert "保存并生效" in page
    assert "已同意" not in page
    asked = save(browser, f"{DESK}templates/repeats/edit/", days=45)
    accept(asked, second(sign_in))
    page = browser.get(f"{DESK}city/{asked.pk}/").content.decode()
    assert "已同意" in page
    assert "保存并生效" not in page


def test_a_new_unit_stands_with_its_group_and_can_be_undone(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    kind, group = filed().units[lead()].kind, filed().units[lead()].group
    said = {
        "code": "low-altitude",
        "name": "低空经济局",
        "kind": kind,
        "group": group,
        "valid_from": f"{SOON}",
    }
    change = save(browser, f"{DESK}units/new/", **said)
    unit = now().units["low-altitude"]
    assert (unit.name, unit.short_name, unit.validity.first) == ("低空经济局", "低空经济局", SOON)
    groups = [each.group for each in now().units.values()]
    place = list(now().units).index("low-altitude")
    assert group not in groups[place + 1 :], "behind those of its group"
    again = browser.post(f"{DESK}units/new/", {**said, "why": "x", "do": "save"})
    assert again.status_code == 422
    assert "已经用过" in told(again)
    page = browser.get(f"{DESK}city/{change.pk}/").content.decode()
    assert "改回原样" in page
    answer = browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "undo", "why": "写错了"})
    assert answer.status_code == 302
    assert "low-altitude" not in now().units
    assert now().version == filed().version
    assert browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "undo"}).status_code == 409


def test_a_renamed_unit_keeps_its_old_months_and_hands_over(sign_in: Sign) -> None:
    browser, code = sign_in(Role.ADMINISTRATOR), lead()
    old = filed().units[code]
    said = {"code": "renamed-unit", "name": "改了名的局", "first": f"{SOON}", "aliases": "改名局"}
    save(browser, f"{DESK}units/{code}/rename/", **said)
    profile = now()
    assert profile.unit_name(code, TODAY) == old.name
    assert profile.units.carried_on_by(code, SOON) == "renamed-unit"
    assert profile.units["renamed-unit"].group == old.group
    assert code not in [each.code for each in profile.units.valid_on(SOON)]
    inner = {each.code for each in filed().units.values() if each.parent == code}
    assert inner == {each.code for each in profile.units.values() if each.parent == "renamed-unit"}


def test_a_merged_unit_says_what_hangs_on_it(sign_in: Sign) -> None:
    from cast import dispatched, units  # noqa: PLC0415  # the orders' own

    browser, code = sign_in(Role.ADMINISTRATOR), lead()
    into = units(2)[1]
    dispatched()
    sign_in(Role.HANDLER, code)
    path = f"{DESK}units/{code}/end/"
    filled = {**form(browser, path), "valid_to": f"{SOON}", "merged_into": into}
    text = browser.post(path, {**filled, "do": "preview"}).content.decode()
    assert "现有 1 件在办、1 个岗位" in text
    assert filed().units[into].name in text
    save(browser, path, valid_to=f"{SOON}", merged_into=into)
    assert now().units.carried_on_by(code, SOON + timedelta(days=1)) == into
    assert now().units[code].validity.last == SOON


def test_what_cannot_be_is_told_beside_its_field_in_plain_words(sign_in: Sign) -> None:
    browser, code = sign_in(Role.ADMINISTRATOR), lead()
    other = next(each for each in filed().units.values() if each.code != code)
    path = f"{DESK}units/{code}/edit/"
    filled = form(browser, path)
    for said, words in (
        ({"aliases": other.name}, "既指"),
        ({"name": ""}, "请填写"),
        ({"valid_from": "2030-01-01", "valid_to": "2029-01-01"}, "早于"),
        ({"kind": "none"}, "给出的里面选"),
        ({}, "没有任何改动"),
    ):
        answer = browser.post(path, {**filled, **said, "do": "save"})
        assert answer.status_code == 422, said
        assert words in told(answer), (said, told(answer))
    assert browser.post(path, {**filled, "short_name": "甲局", "why": "", "do": "save"}).status_code == 422
    assert not CityChange.objects.exists()
    assert browser.get(f"{DESK}units/none/edit/").status_code == 404


def test_who_saves_second_is_told_what_was_changed_meanwhile(sign_in: Sign) -> None:
    browser, code = sign_in(Role.ADMINISTRATOR), lead()
    theirs = second(sign_in)
    path = f"{DESK}units/{code}/edit/"
    mine = form(browser, path)
    save(theirs, path, short_name="乙局")
    answer = browser.post(path, {**mine, "aliases": "甲", "do": "save"})
    assert answer.status_code == 409
    assert "鲍勃" in told(answer)
    assert now().units[code].short_name == "乙局"
    other = list(filed().units)[1]
    stale = form(browser, f"{DESK}units/{other}/edit/")
    save(theirs, path, short_name="丙局")
    fine = browser.post(f"{DESK}units/{other}/edit/", {**stale, "short_name": "丁局", "do": "save"})
    assert fine.status_code == 302, "another unit is nobody's business"


def test_no_page_and_no_act_is_anybody_elses(sign_in: Sign) -> None:
    save(sign_in(Role.ADMINISTRATOR), f"{DESK}units/{lead()}/edit/", short_name="甲局")
    change = CityChange.objects.get()
    paths = [f"units/{lead()}/edit/", "units/new/", "city/", f"city/{change.pk}/"]
    for role in (Role.DISPATCHER, Role.LEADER, Role.ANALYST, Role.SUPERVISOR):
        browser = sign_in(role)
        for path in paths:
            assert browser.get(DESK + path).status_code == 403, (role, path)
            assert browser.post(DESK + path, {"do": "save"}).status_code in {403, 405}, (role, path)
        assert browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "undo"}).status_code == 403
    assert Client().get(DESK + paths[0]).headers["Location"].startswith("/account/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Account.objects.get(username="administrator"))
    assert strict.post(f"{DESK}city/{change.pk}/decide/", {"do": "undo"}).status_code == 403
    assert CityDecision.objects.count() == 1


def test_the_files_that_come_out_are_the_city_that_is_in_force(sign_in: Sign, tmp_path: Path) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    save(browser, f"{DESK}units/{lead()}/edit/", short_name="甲局")
    answer = browser.get(f"{DESK}profile/files/")
    packed = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    again = load_profile(str(tmp_path / filed().name))
    assert again.version == now().version != filed().version
    assert again.units[lead()].short_name == "甲局"
    assert now().version[:12] in answer.headers["Content-Disposition"]


def test_an_order_knows_the_city_by_which_it_was_recorded(sign_in: Sign) -> None:
    from jieban.orders.models import Order  # noqa: PLC0415  # as above

    first = recorded()
    save(sign_in(Role.ADMINISTRATOR), f"{DESK}units/{lead()}/edit/", short_name="甲局")
    changed = now()
    second_ = recorded()
    versions = dict(Order.objects.values_list("number", "profile_version"))
    assert versions[first] == filed().version
    assert versions[second_] == changed.version == city().version


def test_what_is_taken_back_by_hand_is_refused_in_words(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    change = save(browser, f"{DESK}units/{lead()}/edit/", short_name="甲局")
    for do in ("accept", "refuse", "withdraw"):
        answer = browser.post(f"{DESK}city/{change.pk}/decide/", {"do": do})
        assert answer.status_code == 422, do
        assert told(answer), do
    assert browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "x"}).status_code == 404
    assert browser.get(f"{DESK}city/999/").status_code == 404
    assert city_changes.as_of(TODAY)[0].units[lead()].short_name == "甲局"


def test_lists_and_forms_cost_the_same_however_much_was_changed(sign_in: Sign) -> None:
    browser, code = sign_in(Role.ADMINISTRATOR), lead()
    paths = [
        f"{DESK}city/",
        f"{DESK}units/{code}/edit/",
        f"{DESK}templates/reply/new/",
        f"{DESK}deadlines/new/",
    ]
    counts = []
    for round_ in range(2):
        for index in range(3):
            save(browser, f"{DESK}units/{code}/edit/", short_name=f"第{round_}{index}局")
        browser.get(paths[0])
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:4] == counts[4:]
    # the city, session, account, posts; the changes with decisions and who made them; bookkeeping
    assert max(counts) <= 14, counts


def test_a_file_that_contradicts_a_change_is_told_on_the_page(sign_in: Sign, tmp_path: Path) -> None:
    profiles = Path(filed().directory or "").parent
    for name in ("_base", filed().name):
        shutil.copytree(profiles / name, tmp_path / name)
    with override_settings(JIEBAN_PROFILE=str(tmp_path / filed().name)):
        browser, code = sign_in(Role.ADMINISTRATOR), lead()
        short = filed().units[code].short_name
        save(browser, f"{DESK}units/{code}/edit/", short_name="甲局")
        assert 'role="alert"' not in browser.get(f"{DESK}profile/").content.decode()
        units = tmp_path / filed().name / "units.csv"
        text = units.read_text(encoding="utf-8")
        units.write_text(text.replace(f",{short},", ",乙局,", 1), encoding="utf-8")
        forget()
        page = browser.get(f"{DESK}profile/").content.decode()
        assert "文件为“乙局”" in page
        assert "现用“甲局”" in page
        assert now().units[code].short_name == "甲局"


def test_the_report_of_an_old_month_keeps_its_names(sign_in: Sign) -> None:
    browser, code = sign_in(Role.ADMINISTRATOR), lead()
    old = filed().units[code]
    save(browser, f"{DESK}units/{code}/rename/", code="renamed-unit", name="改了名的局", first=f"{SOON}")
    profile = now()
    march, may = date(2025, 3, 31), date(2025, 5, 31)
    assert (profile.unit_name(code, march), profile.unit_name(code, march, short=True)) == (
        old.name,
        old.short_name,
    )
    assert profile.unit_name(profile.units.carried_on_by(code, may), may) == "改了名的局"
    found = profile.units.find("改了名的局", march), profile.units.find(old.name, may)
    assert [each.code for each in found if each is not None] == [code, "renamed-unit"]


def test_a_ledger_may_still_be_imported_by_the_name_of_the_profile(sign_in: Sign) -> None:
    save(sign_in(Role.ADMINISTRATOR), f"{DESK}units/{lead()}/edit/", short_name="甲局")
    assert now() is city()
    refuse_other_city(filed().name)
    with pytest.raises(click.BadParameter):
        refuse_other_city("yunting" if filed().name == "changji" else "changji")
