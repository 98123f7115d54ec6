"""The life of a report in real browsers: frozen, worded, approved by a second person, published, read, corrected."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from cast import dispatched, handled
from lives import Citizen
from persons import DESK, LONG, Person, Town, town, visited

from jieban.people.roles import Role
from live_database import OpenDatabase

pytestmark = [pytest.mark.slow(40), pytest.mark.once, pytest.mark.live, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def opened(open_database: OpenDatabase) -> Iterator[Town]:
    with town(open_database, "changji") as made:
        yield made


@pytest.fixture
def city(opened: Town) -> Iterator[Town]:
    """The platform with its people; in the end nobody's page complained."""
    with visited(opened):
        yield opened


def begun(analyst: Person, correction: str = "") -> None:
    """A report of April is begun, and its preview is there."""
    page = analyst.at("分析报告").page
    page.get_by_label("时段", exact=True).select_option(label="2025年4月")
    page.get_by_label("更正了什么").fill(correction)
    page.get_by_role("button", name="冻结数据并编写").click()
    page.wait_for_url("**/desk/studio/*/")
    previewed(analyst)


def previewed(analyst: Person) -> None:
    """The report is shown as it will look, which the page comes to by itself."""
    analyst.page.locator("iframe[name=preview]").wait_for(timeout=LONG)


def proposed(analyst: Person, remark: str = "") -> None:
    """It is given to somebody else to approve."""
    analyst.page.get_by_label("附言").fill(remark)
    analyst.page.get_by_role("button", name="送审").click()
    analyst.page.get_by_text("自己编写的报告不能由自己批准").wait_for()


def approved(leader: Person) -> None:
    """The second person looks at the preview and the checks, and approves."""
    leader.at("分析报告").page.locator("tbody a", has_text="2025年4月").first.click()
    previewed(leader)
    leader.page.get_by_role("button", name="批准").click()
    leader.page.locator(".way [aria-current]", has_text="批准").wait_for()


def published(analyst: Person, version: int) -> None:
    """It is published, which takes a while."""
    analyst.page.reload()
    analyst.page.get_by_role("button", name="发布").click()
    analyst.page.get_by_text(f"已发布为第 {version} 版").wait_for(timeout=LONG)


def test_a_report_goes_from_freezing_to_publication_and_is_corrected(city: Town) -> None:
    for _ in range(3):
        dispatched()
    handled()
    city.clock("2025-05-06 09:30")
    analyst, leader = city.person("陈晨", Role.ANALYST), city.person("周书记", Role.LEADER)
    begun(analyst)
    frame = analyst.page.frame_locator("iframe[name=preview]")
    frame.get_by_role("heading").first.wait_for()
    analyst.picture("6-draft")
    first = analyst.page.locator("textarea[name=text]").first
    first.fill(first.input_value() + "请各单位于五月底前报送情况。")
    analyst.page.get_by_role("button", name="保存这一稿").click()
    analyst.page.get_by_text("第 2 稿").first.wait_for()
    analyst.page.get_by_role("button", name="送审").wait_for(timeout=LONG)
    frame.get_by_text("请各单位于五月底前报送情况").first.wait_for()
    proposed(analyst, "请审阅")
    approved(leader)
    leader.picture("6-approved")
    published(analyst, 1)
    analyst.picture("6-published")

    reader = Citizen.in_window(city, "读者")
    page = reader.goes("/reports/").page
    reader.picture("6-reports")
    page.get_by_role("link", name="2025年4月", exact=True).click()
    files = {name: reader.downloads(page.get_by_role("link", name=name)) for name in ("PDF", "Word", "Excel")}
    assert files["PDF"].startswith(b"%PDF-")
    for name, part in (("Word", "word/document.xml"), ("Excel", "xl/workbook.xml")):
        assert part in zipfile.ZipFile(io.BytesIO(files[name])).namelist()
    reader.picture("6-report")
    page.get_by_role("link", name="在线阅读").click()
    page.get_by_text("请各单位于五月底前报送情况").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK["width"]
    reader.picture("6-web")

    city.clock("2025-05-07 09:30")
    begun(analyst, "补计一件工单")
    proposed(analyst)
    approved(leader)
    published(analyst, 2)
    reader.goes("/reports/2025-04/1/")
    assert "这一版已被更正" in reader.page.locator("main").inner_text()
    reader.picture("6-corrected")
    reader.follow(reader.page.get_by_role("link", name="第 2 版").first)
    assert "补计一件工单" in reader.page.locator("main").inner_text()
