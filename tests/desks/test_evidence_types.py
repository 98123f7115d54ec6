"""Formats of evidence on pages: by the names that people know, the media type in small print."""

import re

import pytest
from administrators import DESK, accept, form, now, save, second
from browsers import Sign

from jieban.desks.evidence.media import type_choices, type_words
from jieban.orders.evidence.filetypes import ENDINGS
from jieban.people.city import city
from jieban.people.roles import Role

KINDS = f"{DESK}templates/kinds/"


def test_every_format_that_is_known_by_its_content_has_a_name() -> None:
    for media_type in ENDINGS:
        name = type_words(media_type)
        assert media_type not in name, media_type
        assert re.match("[一-鿿]", name), name
    assert type_words("application/x-own") == "application/x-own"
    assert [each for each, _ in type_choices(["application/x-own"])][-1] == "application/x-own"


@pytest.mark.django_db
@pytest.mark.usefixtures("each_city", "city_as_filed")
def test_administrators_choose_formats_by_name(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    kind = next(each for each in city().workflow.evidence.kinds if "video/mp4" in each.media_types)
    listed = browser.get(f"{DESK}templates/").content.decode()
    for media_type in kind.media_types:
        assert type_words(media_type).replace("(", "（").replace(")", "）") in listed
        assert media_type not in listed
    path = f"{KINDS}items/{kind.code}/"
    page = browser.get(path).content.decode()
    assert '视频（MP4） <span class="quiet small">video/mp4</span>' in page
    assert sorted(form(browser, path)["media_types"]) == sorted(kind.media_types)  # type: ignore[call-overload]
    accept(save(browser, path, media_types=["video/mp4"]), second(sign_in))
    held = next(each for each in now().workflow.evidence.kinds if each.code == kind.code)
    assert held.media_types == ("video/mp4",)
