"""Taking back a file that was brought by mistake, at the desks and on a telephone: offered, done once, and told."""

import io
import re
from collections.abc import Iterator

import pytest
from browsers import Sign
from cast import ALICE, MINUTE, MONDAY, RUTH, handler, lead, reply, row, signed, units
from django.conf import settings
from django.test import Client, override_settings
from full_house import picture

from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import reject_review
from jieban.orders.models import Event, Evidence
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SOON, LATER = MONDAY + 5 * MINUTE, MONDAY + 10 * MINUTE
WHY = "这是另一件工单的照片,里面有别人的身份证。"


@pytest.fixture(autouse=True)
def _memory() -> Iterator[None]:
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        yield


def bring(
    number: str,
    *,
    kind: str = "photo_after",
    shade: int = 1,
    handling: int | None = 1,
    unit: str | None = None,
) -> str:
    """Where a piece is taken back that a unit brought, or an operator to the order itself."""
    actor = handler(unit or lead()) if handling is not None else ALICE
    upload = Upload(stream=io.BytesIO(picture(shade)), kind=kind)
    attach_evidence(order=number, handling=handling, upload=upload, actor=actor, now=SOON)
    serial = Evidence.objects.filter(order__number=number).latest("serial").serial
    return f"/desk/orders/{number}/evidence/{serial}/withdraw/"


def page_of(browser: Client, number: str) -> str:
    return browser.get(f"/desk/orders/{number}/").content.decode()


def done() -> int:
    return Event.objects.filter(act="withdraw_evidence").count()


@pytest.mark.usefixtures("each_city")
@pytest.mark.parametrize("role", [Role.LIAISON, Role.HANDLER, Role.HEAD])
def test_a_file_goes_with_its_reason_and_the_trail_says_so(role: Role, sign_in: Sign) -> None:
    number = signed()
    where, other = bring(number), bring(number, shade=2)
    browser = sign_in(role, lead())
    page = page_of(browser, number)
    assert f'href="{where}?back=' in page
    assert f'href="{other}?back=' in page
    asked = browser.get(where).content.decode()
    assert WHY not in asked
    assert f"文件留存 {city().workflow.retention.withdrawn_days} 天" in asked
    answer = browser.post(where, {"reason": WHY})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/orders/{number}/")
    page = page_of(browser, number)
    assert f"/desk/orders/{number}/evidence/1/" not in page
    assert f"/desk/orders/{number}/evidence/2/" in page
    assert "已撤下" in page
    name = next(each.name for each in city().workflow.evidence.kinds if each.code == "photo_after")
    for reader in (browser, sign_in(Role.SUPERVISOR), sign_in(Role.REVIEWER)):
        trail = page_of(reader, number).split("留痕</h2>")[1]
        told = trail.split("撤下证据</strong>")[1].split("</div></div>")[0]
        assert role.value in told
        assert name in told
        assert WHY.split(",", maxsplit=1)[0] in told
        assert reader.get(f"/desk/orders/{number}/evidence/1/").status_code == 404


def test_a_reason_is_asked_for_and_what_was_typed_stays(sign_in: Sign) -> None:
    number = signed()
    where, browser = bring(number), sign_in(Role.HANDLER, lead())
    for given in ("", "  ", "\u200b"):
        answer = browser.post(where, {"reason": given})
        assert answer.status_code == 422
        assert "<h1" in answer.content.decode()
    assert done() == 0


def test_a_second_click_and_a_second_tab_are_told_and_do_nothing(sign_in: Sign) -> None:
    number = signed()
    where, browser = bring(number), sign_in(Role.HANDLER, lead())
    colleague = sign_in(Role.LIAISON, lead())
    assert [browser.post(where, {"reason": WHY}).status_code for _ in range(2)] == [302, 302]
    assert "这件证据此前已经撤下" in page_of(browser, number)
    assert colleague.get(where).status_code == 302
    assert "这件证据此前已经撤下" in page_of(colleague, number)
    beside = colleague.post(where, {"reason": WHY}, headers={"HX-Request": "true"})
    assert "这件证据此前已经撤下" in beside.content.decode()
    assert beside.headers["HX-Retarget"] == "#order"
    assert done() == 1


def test_what_a_reply_rests_on_is_not_offered_and_refused_with_what_to_do(sign_in: Sign) -> None:
    number = signed()
    where = bring(number)
    reply_to_order(order=number, handling=1, reply=reply(), actor=handler(lead()), now=SOON)
    browser = sign_in(Role.HANDLER, lead())
    assert "/withdraw/" not in page_of(browser, number)
    for answer in (browser.get(where), browser.post(where, {"reason": WHY})):
        assert answer.status_code == 409
        assert "请先撤回答复" in answer.content.decode()
    reject_review(order=number, handling=1, reason="照片不对", actor=RUTH, now=LATER)
    assert where in page_of(browser, number)
    assert browser.post(where, {"reason": WHY}).status_code == 302


def test_each_side_is_offered_its_own_and_nobody_elses(sign_in: Sign) -> None:
    first, second = units(2)
    number = signed(to=first, assisting=[second])
    mine, theirs = bring(number, unit=first), bring(number, handling=2, shade=2, unit=second)
    centre = bring(number, handling=None, shade=3)
    seen = {
        "handler": sign_in(Role.HANDLER, first),
        "helper": sign_in(Role.LIAISON, second),
        "operator": sign_in(Role.OPERATOR),
        "reviewer": sign_in(Role.REVIEWER),
        "supervisor": sign_in(Role.SUPERVISOR),
    }
    every = (mine, theirs, centre)
    pages = {name: page_of(browser, number) for name, browser in seen.items()}
    offered = {name: {each for each in every if each in page} for name, page in pages.items()}
    nobodys: set[str] = set()
    assert offered == {
        "handler": {mine}, "helper": {theirs}, "operator": {centre}, "reviewer": nobodys, "supervisor": nobodys,
    }  # fmt: skip
    assert seen["operator"].post(mine, {"reason": WHY}).status_code == 403
    assert seen["handler"].post(centre, {"reason": WHY}).status_code == 403
    assert seen["handler"].post(theirs, {"reason": WHY}).status_code == 404
    assert seen["reviewer"].post(mine, {"reason": WHY}).status_code == 404
    assert done() == 0


def test_what_was_taken_back_is_missing_from_the_reply_again(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    kind = next(each for each in city().workflow.evidence.kinds if each.code == "photo_after")

    def there() -> bool:
        page = browser.get(f"/desk/orders/{number}/do/reply/?handling=1").content.decode()
        need = re.search(rf"<li [^>]*>证据[:：]{kind.name}</li>", page)
        assert need is not None
        return "data-there" in need[0]

    assert not there()
    where = bring(number)
    assert there()
    browser.post(where, {"reason": WHY})
    assert not there()


def test_the_page_for_photos_offers_it_and_leads_back(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    where, scene = bring(number), f"/desk/unit/{number}/scene/?handling=1"
    link = re.search(rf'href="({where}\?back=[^"]+)"', browser.get(scene).content.decode())
    assert link is not None
    asked = browser.get(link[1].replace("&amp;", "&")).content.decode()
    back = re.search(r'name="back" value="([^"]+)"', asked)
    assert back is not None
    answer = browser.post(where, {"reason": WHY, "back": back[1].replace("&amp;", "&")})
    assert answer.headers["Location"].startswith(scene)
    after = browser.get(answer.headers["Location"]).content.decode()
    assert "/evidence/1/" not in after
    assert "已撤下" in after, "and it is said"


def test_what_a_telephone_sent_says_where_it_is_taken_back(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    sent = {"kind": "photo_after", "handling": 1}
    address = f"/desk/orders/{number}/attach/"
    for place in (1, 2):
        file = io.BytesIO(picture(place))
        file.name = "a.jpg"
        told = browser.post(address, {**sent, "files": file}, headers={"Accept": "application/json"}).json()
        assert told["files"][0]["withdraw"] == f"/desk/orders/{number}/evidence/{place}/withdraw/"
    assert row(number).events == Event.objects.filter(order__number=number).count()
