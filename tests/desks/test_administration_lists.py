"""Streets, communities, types, channels and mailboxes edited on pages: offered, ended, shown, undone, written out."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from administrators import DESK, SOON, TODAY, accept, form, now, save, second, told
from browsers import Sign
from cast import MONDAY, recorded, request
from citizens import Citizen
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.administration.declared.listings import LISTINGS
from jieban.desks.search.models import SavedView
from jieban.orders.models import Order
from jieban.people.city import city, filed
from jieban.people.models import Account, CityChange
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from jieban.profile.load import load_profile
from jieban.profile.model import Named, Street

# Once: what a database does with a change is looked at beside units and deadlines (administration_city, _rules).
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("each_city", "city_as_filed"),
]
YESTERDAY = TODAY - timedelta(days=1)
INTAKE = "/desk/intake/"
WITH_DAYS = [each for each, about in LISTINGS.items() if about.days]


def street() -> Street:
    """One that nothing has carried on yet."""
    return next(each for each in filed().streets.values() if each.validity.last is None)


def preview(browser: Client, path: str, **said: object) -> str:
    answer = browser.post(path, {**form(browser, path), **said, "do": "preview"})
    assert answer.status_code == 200, told(answer)
    return answer.content.decode()


def offered(browser: Client, name: str) -> list[str]:
    """What an operator may choose, by a field of the form."""
    text = browser.get(INTAKE).content.decode()
    field = re.search(rf'<select[^>]*name="{name}".*?</select>', text, re.DOTALL)
    if field is None:
        return re.findall(rf'name="{name}" value="([^"]*)"', text)
    return re.findall(r'<option value="([^"]*)"', field[0])


def new(listing: str) -> dict[str, object]:
    """What a new row of a list says."""
    first = street()
    more: dict[str, dict[str, object]] = {
        "units": {"kind": filed().unit_kinds[0].code, "group": filed().unit_groups[0].code},
        "streets": {"kind": first.kind},
        "communities": {"street": first.code},
        "mailboxes": {"scheme": f"{filed().order_scheme}/new"},
    }
    return {"code": "brand-new", "name": "全新的名称", **more.get(listing, {})}


def test_a_new_street_is_offered_and_an_ended_one_is_not_while_its_orders_still_show_it(
    sign_in: Sign,
) -> None:
    browser, operator = sign_in(Role.ADMINISTRATOR), sign_in(Role.OPERATOR)
    gone = street()
    number = recorded(street=gone.code, now=MONDAY)
    assert gone.code in offered(operator, "place")
    save(browser, f"{DESK}streets/new/", **new("streets"), tile="")
    assert "brand-new" in offered(operator, "place")
    text = preview(browser, f"{DESK}streets/{gone.code}/end/", valid_to=f"{YESTERDAY}", merged_into="")
    assert "用于 1 件工单" in text
    assert "在办 1 件" in text
    assert "那些月份的数字也不变" in text
    save(browser, f"{DESK}streets/{gone.code}/end/", valid_to=f"{YESTERDAY}", merged_into="")
    left = offered(operator, "place")
    assert not [each for each in left if each.split("/")[0] == gone.code]
    assert gone.short_name in operator.get(f"/desk/orders/{number}/").content.decode()
    page = browser.get(f"{DESK}streets/").content.decode()
    assert f"至 {YESTERDAY}" in page
    assert Order.objects.get().street == gone.code


def test_a_renamed_street_hands_its_communities_on_and_old_orders_keep_the_name(sign_in: Sign) -> None:
    browser, operator = sign_in(Role.ADMINISTRATOR), sign_in(Role.OPERATOR)
    old = next(
        each for each in filed().streets.values() if filed().communities_of(each.code) and each == street()
    )
    community = filed().communities_of(old.code)[0].name
    number = recorded(street=old.code, community=community)
    save(
        browser,
        f"{DESK}streets/{old.code}/rename/",
        code="renamed",
        name="改了名的街道",
        short_name="",
        aliases="",
        first=f"{TODAY}",
    )
    choices = offered(operator, "place")
    assert f"renamed/{community}" in choices
    assert old.code not in choices
    assert now().streets["renamed"].tile == old.tile
    shown = operator.get(f"/desk/orders/{number}/").content.decode()
    assert old.short_name in shown
    assert now().streets.find(old.name, TODAY).code == "renamed"
    assert now().streets.find("改了名的街道", YESTERDAY).code == old.code


def test_communities_are_added_corrected_and_taken_out(sign_in: Sign) -> None:
    browser, operator = sign_in(Role.ADMINISTRATOR), sign_in(Role.OPERATOR)
    where = street().code
    page = browser.get(f"{DESK}communities/?street={where}").content.decode()
    assert f"communities/new/?street={where}" in page
    assert form(browser, f"{DESK}communities/new/?street={where}")["street"] == where
    save(browser, f"{DESK}communities/new/", code="new-village", name="新村", street=where)
    assert f"{where}/新村" in offered(operator, "place")
    number = recorded(street=where, community="新村")
    save(browser, f"{DESK}communities/new-village/edit/", name="新新村")
    assert {f"{where}/新村", f"{where}/新新村"} & set(offered(operator, "place")) == {f"{where}/新新村"}
    save(browser, f"{DESK}communities/new-village/edit/", name="新村")
    assert "用于 1 件工单" in preview(browser, f"{DESK}communities/new-village/end/")
    save(browser, f"{DESK}communities/new-village/end/")
    assert f"{where}/新村" not in offered(operator, "place")
    assert "新村" in operator.get(f"/desk/orders/{number}/").content.decode()
    assert now().version == filed().version
    assert browser.get(f"{DESK}communities/new-village/edit/").status_code == 404


@pytest.mark.parametrize(("listing", "field"), [("types", "request_type"), ("channels", "channel")])
def test_types_and_channels_want_a_second_administrator_and_then_hold(
    sign_in: Sign, listing: str, field: str
) -> None:
    browser, theirs, operator = sign_in(Role.ADMINISTRATOR), second(sign_in), sign_in(Role.OPERATOR)
    wanted = save(browser, f"{DESK}{listing}/new/", **new(listing), valid_from="")
    assert "brand-new" not in offered(operator, field)
    accept(wanted, theirs)
    assert "brand-new" in offered(operator, field)
    number = recorded(**{field: "brand-new"})
    ended = f"{DESK}{listing}/brand-new/end/"
    accept(save(browser, ended, valid_to=f"{YESTERDAY}"), theirs)
    assert "brand-new" not in offered(operator, field)
    assert "全新的名称" in operator.get(f"/desk/orders/{number}/").content.decode()
    forged = operator.post(INTAKE, {"form_id": "x", field: "brand-new"})
    assert forged.status_code == 422


def test_a_type_says_what_confidential_orders_become(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    kind = next(each for each in filed().request_types.values() if not each.confidential)
    before = recorded(request_type=kind.code)
    path = f"{DESK}types/{kind.code}/edit/"
    assert "看不到诉求人" in preview(browser, path, confidential=["on"])
    accept(save(browser, path, confidential=["on"]), theirs)
    now()
    after = recorded(request_type=kind.code)
    assert dict(Order.objects.values_list("number", "confidential")) == {before: False, after: True}


def test_a_mailbox_comes_with_topics_of_its_own_and_an_ended_one_takes_no_letters(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    model = next(iter(filed().mailboxes.values()), None)
    scheme = filed().order_scheme if model is None else model.scheme
    text = preview(browser, f"{DESK}mailboxes/new/", **{**new("mailboxes"), "scheme": f"{scheme}/new"})
    assert "另成一套" in text
    accept(
        save(
            browser, f"{DESK}mailboxes/new/", **{**new("mailboxes"), "scheme": f"{scheme}/new"}, valid_from=""
        ),
        theirs,
    )
    box = now().mailboxes["brand-new"]
    there = [each.code for each in now().schemes[box.scheme].values()]
    assert there == [each.code for each in filed().schemes[scheme].valid_on(TODAY)]
    assert box.scheme not in filed().schemes
    number = Citizen().file("/mailbox/brand-new/", topic=there[0])
    assert Order.objects.get(number=number).mailbox == "brand-new"
    assert "全新的名称" in Client().get("/").content.decode()
    accept(save(browser, f"{DESK}mailboxes/brand-new/end/", valid_to=f"{YESTERDAY}"), theirs)
    assert "/mailbox/brand-new/" not in Client().get("/").content.decode()
    assert Client().get("/mailbox/brand-new/").status_code == 404


def test_the_web_s_channel_can_be_ended_and_nothing_is_taken_by_it_any_more(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    online = filed().workflow.online
    assert online is not None
    path = f"{DESK}channels/{online.channel}/end/"
    text = preview(browser, path, valid_to=f"{YESTERDAY}")
    assert "网上受理" in text
    assert "不能再提交" in text
    assert Client().get("/file/").status_code == 200
    other = next(code for code in filed().channels if code != online.channel)
    merged = preview(browser, path, valid_to=f"{YESTERDAY}", merged_into=other)
    assert "不能再提交" not in merged
    accept(save(browser, path, valid_to=f"{YESTERDAY}"), theirs)
    assert Client().get("/file/").status_code >= 400
    assert 'href="/file/"' not in Client().get("/").content.decode()
    accept(save(browser, f"{DESK}templates/online/edit/", channel=other), theirs)
    assert Order.objects.get(number=Citizen().file()).channel == other


def test_a_successor_takes_what_comes_in_on_the_web(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    online = filed().workflow.online
    assert online is not None
    said = {"code": "renamed", "name": "新网页", "aliases": "", "first": f"{TODAY}"}
    accept(save(browser, f"{DESK}channels/{online.channel}/rename/", **said), theirs)
    assert Order.objects.get(number=Citizen().file()).channel == "renamed"


def test_what_cannot_be_is_told_at_its_field(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    first = street()
    other = next(each for each in filed().streets.values() if each.tile and each.tile != first.tile)
    taken = "{}-{}".format(*(other.tile or (0, 0)))
    wrong = (
        ("streets/new/", {**new("streets"), "code": first.code}, "code", "已经用过"),
        ("streets/new/", {**new("streets"), "code": "Ä"}, "code", "小写英文字母"),
        ("streets/new/", {**new("streets"), "name": first.name}, "name", "既指"),
        (f"streets/{first.code}/edit/", {"tile": "99-99"}, "tile", "列-行"),
        (f"streets/{first.code}/edit/", {"tile": taken}, "tile", "同一格"),
        (f"streets/{first.code}/edit/", {"kind": "none"}, "kind", "请从给出的里面选"),
        (f"streets/{first.code}/end/", {"valid_to": ""}, "valid_to", "填写"),
        (
            f"streets/{first.code}/rename/",
            {"name": "甲", "code": "a", "first": "0001-01-01"},
            "first",
            "1900-01-01",
        ),
        ("communities/new/", {**new("communities"), "name": ""}, "name", "填写"),
        (
            "communities/new/",
            {**new("communities"), "name": filed().communities_of(first.code)[0].name},
            "name",
            "写了两次",
        ),
        (
            "channels/new/",
            {**new("channels"), "name": next(iter(filed().channels.values())).name},
            "name",
            "既指",
        ),
        ("mailboxes/new/", {**new("mailboxes"), "scheme": "none"}, "scheme", "请从给出的里面选"),
    )
    for path, said, key, words in wrong:
        answer = browser.post(DESK + path, {**form(browser, DESK + path), **said, "do": "save"})
        assert answer.status_code == 422, (path, said)
        field = re.search(rf'name="{key}".*?class="wrong">([^<]*)', answer.content.decode(), re.DOTALL)
        assert field, (path, key, told(answer))
        assert words in field[1], (path, key, field[1])
    assert not CityChange.objects.exists()
    for path in ("streets/none/edit/", "communities/none/end/", "channels/none/rename/", "nothing/new/"):
        assert browser.get(DESK + path).status_code == 404, path
    village = filed().communities[0].code
    assert browser.get(f"{DESK}communities/{village}/rename/").status_code == 404


@pytest.mark.parametrize("listing", [each for each in WITH_DAYS if each != "units"])
def test_what_orders_stand_in_is_not_taken_out_again(sign_in: Sign, listing: str) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    change = save(browser, f"{DESK}{listing}/new/", **new(listing), valid_from="")
    waiting = not change.decisions.exists()
    if waiting:
        accept(change, theirs)
    now()
    column = LISTINGS[listing].orders
    more = {"channel": "brand-new"} if column == "mailbox" else {}
    number = recorded(**{column: "brand-new"}, **more)
    answer = browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "undo"})
    assert answer.status_code == 422
    assert "已经用于 1 件工单" in told(answer)
    assert "停用" in told(answer)
    assert "brand-new" in LISTINGS[listing].known(now())
    assert Order.objects.filter(number=number).exists()


def test_what_waits_to_be_taken_out_is_looked_at_again_when_it_is_decided_on(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    change = save(browser, f"{DESK}channels/new/", **new("channels"), valid_from="")
    accept(change, theirs)
    now()
    back = browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "undo"})
    assert back.status_code == 302
    recorded(channel="brand-new")
    undone = CityChange.objects.latest("pk")
    answer = theirs.post(f"{DESK}city/{undone.pk}/decide/", {"do": "accept"})
    assert answer.status_code == 422
    assert "已经用于 1 件工单" in told(answer)
    assert "brand-new" in now().channels


@pytest.mark.parametrize("listing", LISTINGS)
def test_files_that_come_out_load_again_equal(sign_in: Sign, tmp_path: Path, listing: str) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)

    def kept(change: CityChange) -> None:
        if not change.decisions.exists():
            accept(change, theirs)

    versions = {filed().version}
    kept(save(browser, f"{DESK}{listing}/new/", **new(listing)))
    versions.add(now().version)
    kept(save(browser, f"{DESK}{listing}/brand-new/edit/", name="又改了名称"))
    versions.add(now().version)
    if LISTINGS[listing].days:
        renamed = {"code": "newest", "name": "第三个名称", "first": f"{SOON}", "aliases": ""}
        kept(save(browser, f"{DESK}{listing}/brand-new/rename/", **renamed))
        versions.add(now().version)
    last = "newest" if LISTINGS[listing].days else "brand-new"
    said = {"valid_to": f"{SOON + timedelta(days=9)}"} if LISTINGS[listing].days else {}
    kept(save(browser, f"{DESK}{listing}/{last}/end/", **said))
    profile = now()
    packed = b"".join(browser.get(f"{DESK}profile/files/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    again = load_profile(str(tmp_path / filed().name))
    assert again.version == profile.version
    if LISTINGS[listing].days:
        assert len(versions | {again.version}) == 5, "each of them changed something"
        one = LISTINGS[listing].known(again)["newest"]
        assert isinstance(one, Named)
        assert (one.name, one.validity.first) == ("第三个名称", SOON)
    history = browser.get(f"{DESK}city/").content.decode()
    assert "第三个名称" in history or "删去" in history


def test_pages_cost_the_same_however_many_orders_there_are(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    one = street()
    path = f"{DESK}streets/{one.code}/end/"
    SavedView.objects.create(account=Account.objects.first(), name="x", query=f"street={one.code}")
    filled = {**form(browser, path), "valid_to": f"{SOON}", "do": "preview"}
    counts = []
    for _ in range(2):
        recorded(street=one.code)
        browser.get(f"{DESK}streets/")
        for page in (f"{DESK}streets/", f"{DESK}communities/", f"{DESK}doors/", f"{DESK}reports/"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(page).status_code == 200
            counts.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(path, filled)
        assert "1 个保存的查询" in answer.content.decode()
        counts.append(len(queries))
    assert counts[:5] == counts[5:]
    assert max(counts) <= 20, counts


def test_lists_are_the_administrators_alone(sign_in: Sign) -> None:
    sign_in(Role.ADMINISTRATOR)
    unit = next(iter(filed().units))
    for role in set(POST_ROLES) - {Role.ADMINISTRATOR}:
        browser = sign_in(role, unit if role in UNIT_ROLES else None)
        for listing in LISTINGS:
            path = f"{DESK}{listing}/new/"
            assert browser.get(path).status_code == 403, (role, path)
            assert browser.post(path, {**new(listing), "why": "x", "do": "save"}).status_code == 403, role
    assert not CityChange.objects.exists()
    assert city() is filed()
    assert request().street is None
