"""Guides: what of the knowledge base citizens read, look through and are offered while they write."""

from datetime import timedelta

import pytest
from articles import REVIEWER, TODAY, published, submitted
from browsers import OPENED
from django.conf import settings
from django.test import Client, override_settings

from jieban.desks.citizen.limits import LOOK_BY_ADDRESS
from jieban.desks.knowledge.articles import acts

pytestmark = pytest.mark.django_db


def text(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("each_city")
def test_citizens_see_what_is_public_and_holds_and_nothing_else() -> None:
    shown = published(title="公开的", public=True)
    hidden = [
        published(title="内部的"),
        published(
            title="过期的", public=True, valid_to=TODAY - timedelta(days=1), now=OPENED - timedelta(days=9)
        ),
        published(title="未生效的", public=True, valid_from=TODAY + timedelta(days=1)),
        submitted(),
    ]
    gone = published(title="撤下的", public=True)
    acts.withdraw(gone.pk, reason="废止", actor=REVIEWER, now=OPENED)
    page = text("/guides/")
    assert "公开的" in page
    assert f'href="/guides/{shown.pk}/"' in page
    assert "公开的" in text(f"/guides/{shown.pk}/")
    for each in (*hidden, gone):
        assert f'href="/guides/{each.pk}/"' not in page
        assert Client().get(f"/guides/{each.pk}/").status_code == 404
    assert "还没有公开的指南" not in page
    assert "话务员" not in text(f"/guides/{shown.pk}/")


def test_words_find_them_and_finding_none_says_what_to_do() -> None:
    published(title="停水怎么查", public=True)
    assert "<mark>停</mark>" in text("/guides/?q=停")
    assert "没有找到" in text("/guides/?q=鲸鱼")
    assert Client().get("/guides/?page=2").status_code == 404
    assert Client().post("/guides/").status_code == 405
    assert "没有找到" in text("/guides/?q=%00%ED%A0%80鲸")


def test_an_empty_page_leads_on() -> None:
    assert "还没有公开的指南" in text("/guides/")


def test_what_one_writes_brings_what_there_is() -> None:
    guide = published(title="停水怎么查", questions=("家里没水",), public=True)
    published(title="停水内部口径")
    got = Client().post("/guides/like/", {"content": "我家停水了,怎么查什么时候来水"})
    assert f'href="/guides/{guide.pk}/"' in got.content.decode()
    assert "内部口径" not in got.content.decode()
    assert got.headers["Cache-Control"] == "private, no-store"
    for nothing in ("", "水", "鲸鱼在唱歌", "\0停水了怎么办"):
        assert "<a" not in Client().post("/guides/like/", {"content": nothing}).content.decode()
    assert Client().get("/guides/like/").status_code == 405


def test_that_something_is_broken_is_said_of_anything_and_brings_no_guide() -> None:
    lift = published(title="电梯停运", questions=("电梯坏了没人修",), public=True)
    for said, there in (("三盏路灯坏了一周没人修,请派人修", False), ("电梯坏了三天没人修", True)):
        page = Client().post("/guides/like/", {"content": said}).content.decode()
        assert (f'href="/guides/{lift.pk}/"' in page) is there, said


def test_the_first_page_and_the_form_lead_there() -> None:
    assert 'href="/guides/"' in text("/")
    assert 'data-like="/guides/like/"' in text("/file/")


def test_an_address_that_asks_too_often_gets_nothing_and_others_do() -> None:
    published(title="停水怎么查", questions=("家里没水",), public=True)
    asked, here, there = {"content": "家里没水了"}, {"REMOTE_ADDR": "10.1.1.1"}, {"REMOTE_ADDR": "10.1.1.2"}
    most = LOOK_BY_ADDRESS[0].most
    answers = [Client().post("/guides/like/", asked, **here) for _ in range(most + 1)]
    assert [each.status_code for each in answers] == [200] * most + [429]
    assert answers[-1].content == b""
    assert "停水怎么查" in Client().post("/guides/like/", asked, **there).content.decode()
    later = settings.JIEBAN_CLOCK_SHIFT + timedelta(minutes=2)
    with override_settings(JIEBAN_CLOCK_SHIFT=later):
        assert Client().post("/guides/like/", asked, **here).status_code == 200
