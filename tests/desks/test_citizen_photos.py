"""A citizen's own photos on their page: seen by nobody else there, taken back while nothing was answered to them."""

from collections.abc import Iterator
from typing import Any

import pytest
from cast import ALICE, plain_type
from citizens import Citizen, photo
from django.conf import settings
from django.test import Client, override_settings

from jieban.desks.shell.moment import now as moment
from jieban.orders.actions.desk import answer_order
from jieban.orders.models import Evidence

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _memory() -> Iterator[None]:
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        yield


def _taken_back(citizen: Citizen, number: str, serial: int, **more: str) -> Any:
    return citizen.browser.post(f"/my/{number}/withdraw/", {"photo": serial, "reason": "", **more})


@pytest.mark.usefixtures("each_city")
def test_one_sees_ones_photos_and_takes_back_the_wrong_one() -> None:
    citizen, other = Citizen(), Citizen()
    number = citizen.file(photos=[photo(), photo("blue")], kind=plain_type())
    other.file(phone="139 0000 0003")
    page = citizen.page(number)
    for serial in (1, 2):
        where = f"/my/{number}/photos/{serial}/"
        assert f'src="{where}"' in page
        shown = citizen.browser.get(where)
        assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
        assert shown.headers["Cache-Control"] == "private, no-store"
        assert other.browser.get(where).status_code == 302
        assert Client().get(where).status_code == 302
    assert _taken_back(other, number, 1).status_code == 302
    assert _taken_back(citizen, number, 9).status_code == 404
    assert not Evidence.objects.filter(removed_at__isnull=False).exists()
    for _ in range(2):
        answer = _taken_back(citizen, number, 1, reason="拍错了")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/my/{number}/?done=withdraw")
    after = citizen.browser.get(f"/my/{number}/?done=withdraw").content.decode()
    assert "照片已撤下" in after
    assert f"/my/{number}/photos/1/" not in after
    assert f"/my/{number}/photos/2/" in after
    assert citizen.browser.get(f"/my/{number}/photos/1/").status_code == 404
    assert _taken_back(citizen, number, 2).status_code == 302, "and nobody owes a reason for their own"
    assert "您交的照片" not in citizen.page(number)


def test_what_was_answered_keeps_the_photos_that_it_was_given_to() -> None:
    citizen = Citizen()
    number = citizen.file(photos=[photo()])
    answer_order(order=number, answer="请拨打供电热线。", actor=ALICE, now=moment())
    page = citizen.page(number)
    assert f"/my/{number}/photos/1/" in page
    assert "撤下" not in page
    answer = _taken_back(citizen, number, 1)
    assert answer.status_code == 409
    assert "以这件材料为据" in answer.content.decode()
