"""Names and numbers that people tell in what they say: who may not know whose an order is doesn't read them there."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from browsers import Sign
from cast import BOB, MINUTE, MONDAY, NUR, RUTH, dispatched, handler, lead, liaison, request
from django.test import Client

from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.actions.record import record_order
from jieban.orders.actions.sign import sign_handling
from jieban.orders.face import face_of
from jieban.orders.secrets import Contact, Matter
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db

NAME, PHONE, OTHER, IDENTITY = "艾力江", "13900000001", "0994-2345678", "652301199001011234"
TOLD = (NAME, PHONE, "2345678", IDENTITY)
SAID = f"我是{NAME},电话{PHONE},家里{OTHER},身份证{IDENTITY}。二号楼前违规停了 12 辆车,从 2025-04-03 起。"
PERSON: dict[str, Any] = {
    "contact": Contact(name=NAME, phone=PHONE),
    "matter": Matter(content=SAID, address="二号楼"),
}


def _told(text: str) -> list[str]:
    return [each for each in TOLD if each in text]


@pytest.mark.usefixtures("each_city")
def test_a_confidential_order_names_nobody_to_its_unit_in_its_words_either(sign_in: Sign) -> None:
    order = dispatched(confidential=True, **PERSON)
    matter = face_of(liaison(lead()), order).matter
    assert matter is not None
    assert _told(f"{matter.content}{matter.summary}") == []
    assert "二号楼前违规停了 12 辆车,从 2025-04-03 起" in (matter.content or ""), "what it is about is told"
    assert matter.address == "二号楼", "and where"
    unit, centre = sign_in(Role.LIAISON, lead()), sign_in(Role.DISPATCHER)
    for page in (
        "/desk/unit/?queue=awaiting",
        f"/desk/unit/{order}/",
        f"/desk/orders/{order}/",
        "/desk/search/?q=违规停",
    ):
        assert order in (text := unit.get(page).content.decode()), page
        assert _told(text) == [], page
    assert _told(centre.get(f"/desk/orders/{order}/").content.decode()) == list(TOLD)


def test_who_asked_is_not_learnt_by_looking_for_their_name(sign_in: Sign) -> None:
    order, plain = dispatched(confidential=True, **PERSON), dispatched(**PERSON)
    unit, centre = sign_in(Role.LIAISON, lead()), sign_in(Role.DISPATCHER)
    for words in (NAME, f"我是{NAME}", IDENTITY):
        found = unit.get(f"/desk/search/?q={words}").content.decode()
        assert (order in found, plain in found) == (False, True), words
        assert order in centre.get(f"/desk/search/?q={words}").content.decode(), words


def test_what_a_citizen_answers_names_nobody_either() -> None:
    order = record_order(request=request(confidential=True, **PERSON), actor=NUR, now=MONDAY).order
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=MONDAY + MINUTE)
    told: dict[str, Any] = {"order": order, "handling": 1}
    sign_handling(**told, actor=liaison(lead()), now=MONDAY + 2 * MINUTE)
    pause_handling(**told, reason="请说明车位", actor=handler(lead()), now=MONDAY + 3 * MINUTE)
    resume_handling(**told, remark=f"在东侧,{SAID}", actor=NUR, now=MONDAY + 4 * MINUTE)
    said = [slots["remark"] for slots in face_of(liaison(lead()), order).words.values() if "remark" in slots]
    assert ["在东侧" in each for each in map(str, said)] == [True]
    assert _told(str(said)) == []
    assert all(_told(str(face_of(who, order).words)) == list(TOLD) for who in (NUR, RUTH))


def test_workbooks_have_no_numbers_to_call_whoever_makes_them(sign_in: Sign) -> None:
    order = dispatched(**PERSON)
    supervisor, unit = sign_in(Role.SUPERVISOR), sign_in(Role.LIAISON, lead())
    lists = (
        (supervisor, "/desk/search/list.xlsx?q=违规停"),
        (supervisor, f"/desk/lists/export/?kind=ledger&unit={lead()}"),
        (unit, "/desk/lists/export/?kind=queue&desk=unit&queue=awaiting"),
    )
    for browser, address in lists:
        cells = _cells(browser, address)
        assert order in cells, address
        assert "二号楼前违规停" in cells, address
        assert _told(cells) == [], address


def _cells(browser: Client, address: str) -> str:
    answer = browser.get(address)
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return "\n".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)
