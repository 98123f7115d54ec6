"""What the demonstration's desks say and show: pictures of what they claim, papers that open, names for everybody."""

import io
import json
import re
from itertools import islice
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from jieban.demo.ledger import make_ledger
from jieban.profile.load import load_profile
from jieban.site.desk_papers import paper
from jieban.site.desk_scenery import SCENES, Scenery
from jieban.site.desk_script import script_of, staff_names

CITIES = ["changji", "yunting"]
_ROLES_IN_A_UNIT = 4


def _script(city: str) -> Any:
    return script_of(load_profile(city))


def _opened(picture: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(picture))
    assert found.format == "JPEG"
    return found.convert("RGB")


@pytest.mark.parametrize("city", CITIES)
def test_pictures_show_what_the_request_is_about_before_and_after(city: str) -> None:
    script = _script(city)
    scenery = Scenery(script)
    assert {each["shows"] for each in script["scenes"]} == SCENES.keys()
    for words in [*(each["words"][0] for each in script["scenes"]), "工资一直没发"]:
        before, after = (_opened(scenery.picture(words, done=done, seed="1")) for done in (False, True))
        assert min(before.size) >= 600
        for picture in (before, after):
            assert min(ImageStat.Stat(picture.convert("L")).stddev) > 10, f"{words}: something is to be seen"
        changed = ImageChops.difference(before, after).getbbox()
        assert changed is not None, f"{words}: what was done is to be seen"
    again = scenery.picture("路灯", done=True, seed="1", again=1)
    assert again != scenery.picture("路灯", done=True, seed="1"), "the same file isn't taken twice"


def test_a_picture_is_chosen_by_what_is_asked() -> None:
    scenery = Scenery(_script("changji"))
    assert scenery.scene_of("小区门口的路灯不亮了") == "lamp"
    assert scenery.scene_of("出入口被违停车辆堵住，消防通道无法通行") == "cars"
    assert scenery.scene_of("路面塌陷，坑里积水") == "road"
    assert scenery.scene_of("老板拖欠四个月工资") is None


@pytest.mark.parametrize("city", CITIES)
def test_each_scene_is_asked_for_in_the_citys_month(city: str) -> None:
    profile = load_profile(city)
    scenery = Scenery(script_of(profile))
    said = make_ledger(profile, ["2025-04"])[0].orders["content"].to_pylist()
    assert {scenery.scene_of(each) for each in said} >= SCENES.keys() - {"lamp", "stalls"}


@pytest.mark.parametrize("city", CITIES)
def test_there_are_names_enough_for_all_units_and_none_twice(city: str) -> None:
    profile, script = load_profile(city), _script(city)
    wanted = len(profile.units) * _ROLES_IN_A_UNIT
    names = list(islice(staff_names(script["staff"], set(script["people"].values())), wanted))
    assert len(set(names)) == wanted
    assert not set(names) & set(script["people"].values())
    assert all(re.fullmatch(r"[\u4e00-\u9fff·]{2,12}", name) for name in names)


@pytest.mark.parametrize("city", CITIES)
def test_what_is_found_unreasonable_has_a_ground_of_the_city_and_none_is_called_malicious(city: str) -> None:
    profile, script = load_profile(city), _script(city)
    grounds = {each.code for each in profile.workflow.unreasonable_grounds}
    found = [each["ground"] for each in script["unreasonable"]]
    assert set(found) <= grounds - {"malicious"}
    assert len(found) == 2, "one waits for the head's signature, one for the decision"


def test_papers_are_pdfs_of_one_page() -> None:
    made = paper("情况说明", ("演示文件，内容为虚构。",))
    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


@pytest.mark.parametrize("city", CITIES)
def test_nothing_is_said_that_only_some_orders_would_bear_out(city: str) -> None:
    said = json.dumps(_script(city)["said"], ensure_ascii=False)
    for claim in ("多次来电", "再次来电", "没有处理后的照片"):
        assert claim not in said
