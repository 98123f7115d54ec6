"""A report's life in the studio, from freezing to its withdrawal: each step goes as far as its picture needs.

The first window does what is to be done; the others find it done and look.
"""

import re
import time

from playwright.sync_api import Error, Page

from steps import Step, become, root_of, settled, signed_out, unfolded

STUDIO = "/desk/studio/"
_LONGEST_WORK = 120_000
"""Milliseconds that a report may take to be made."""
_DRAFT = "main table td:first-child a[href^='/desk/studio/']"
_VERSION = "main table td:nth-child(2) a[href^='/desk/studio/']"
_BRACKET = "〔"


def other_days(page: Page, _password: str) -> None:
    """Days of one's own are to be reported on, and none are given."""
    page.select_option("#period", page.locator("#period option").last.get_attribute("value"))
    settled(page)


def begun(page: Page, _password: str) -> None:
    """The studio's report on the first period offered: opened, or frozen and waited for."""
    known = page.locator(_DRAFT)
    if known.count():
        known.first.click()
    else:
        page.click("form.begin button.main")
    page.wait_for_selector("iframe", timeout=_LONGEST_WORK)
    settled(page)


def sentence_wrong(page: Page, password: str) -> None:
    """A figure was changed, which is refused."""
    begun(page, password)
    unfolded(page, password)
    words = page.locator("textarea[name=sentence]").filter(has_text=_BRACKET).first
    words.fill(re.sub(rf"{_BRACKET}(\d)", rf"{_BRACKET}9\1", words.input_value(), count=1))
    page.click(".save button.main")
    settled(page)


def edited(page: Page, password: str) -> None:
    """Words were added to a sentence and to a recommendation, and another recommendation was left out."""
    begun(page, password)
    if "改了" not in page.locator("main").inner_text():
        unfolded(page, password)
        words = page.locator("textarea[name=sentence]").filter(has_text=_BRACKET).first
        words.fill(f"{words.input_value()}总体平稳。")
        advice = page.locator("textarea[name=text]")
        advice.first.fill(f"{advice.first.input_value()}请于月底前反馈。")
        page.locator("input[name=out]").nth(1).check()
        page.click(".save button.main")
        page.wait_for_selector("iframe", timeout=_LONGEST_WORK)
    unfolded(page, password)
    settled(page)


def proposed(page: Page, password: str) -> None:
    """Finished and handed on, as its analyst sees it."""
    become(page, "analyst", password, STUDIO)
    begun(page, password)
    if page.locator("form[action$='/propose/']").count():
        page.click("form[action$='/propose/'] button.main")
        settled(page)


def judged(page: Page, password: str) -> None:
    """As the leader has it who is to approve it."""
    proposed(page, password)
    become(page, "leader", password, _here(page))


def return_wrong(page: Page, password: str) -> None:
    """The leader sends it back and doesn't say why, which is refused."""
    judged(page, password)
    page.click("button[formaction$='/return/']")
    settled(page)


def returned(page: Page, password: str) -> None:
    """Sent back with the reason, as its analyst finds it."""
    become(page, "analyst", password, STUDIO)
    begun(page, password)
    if "退回修改：" in page.locator("main").inner_text():
        return
    judged(page, password)
    page.fill("#remark", "第二部分请再核对,建议写得更具体。".replace(",", "\uff0c"))
    page.click("button[formaction$='/return/']")
    settled(page)
    become(page, "analyst", password, _here(page))


def approved(page: Page, password: str) -> None:
    """Approved by a second person, as its analyst finds it."""
    proposed(page, password)
    where = _here(page)
    if page.locator(".way [aria-current]").inner_text() == "待批准":
        become(page, "leader", password, where)
        page.click("button[formaction$='/approve/']")
        settled(page)
        become(page, "analyst", password, where)


def published(page: Page, password: str) -> None:
    """Made public, and found on the list of reports by anybody."""
    _list(page, password)
    if not page.locator("article.card a").count():
        approved(page, password)
        _publish(page, password, "第 1 版")


def corrected(page: Page, password: str) -> None:
    """A second version that says what it corrects."""
    _list(page, password)
    if not page.locator("article.card .mark").count():
        become(page, "analyst", password, STUDIO)
        page.fill("#correction", "表3中一类诉求的占比,原为17.36%。".replace(",", "\uff0c"))
        page.click("form.begin button.main")
        page.wait_for_selector("iframe", timeout=_LONGEST_WORK)
        approved(page, password)
        _publish(page, password, "第 2 版")


def version(number: int) -> Step:
    """The page of a version, found from the list."""

    def done(page: Page, _password: str) -> None:
        first = page.locator("article.card h3 a").first.get_attribute("href") or ""
        page.goto(root_of(page) + re.sub(r"\d+/$", f"{number}/", first))
        settled(page)

    return done


def made(page: Page, password: str) -> None:
    """The latest version as its analyst finds it in the studio."""
    corrected(page, password)
    become(page, "analyst", password, STUDIO)
    page.locator(_VERSION, has_text="第 2 版").click()
    settled(page)


def withdrawing(page: Page, password: str) -> None:
    """About to be withdrawn."""
    made(page, password)
    unfolded(page, password)


def withdrawn(page: Page, password: str) -> None:
    """No more to be read by anybody, with the reason."""
    made(page, password)
    if page.locator("#why").count():
        unfolded(page, password)
        page.fill("#why", "发布时误附了内部稿。")
        page.click("form[action$='/withdraw/'] button")
        settled(page)


def seen_withdrawn(page: Page, password: str) -> None:
    """The list of reports when that was done."""
    withdrawn(page, password)
    _list(page, password)


def _here(page: Page) -> str:
    return re.sub(r"(do|wording)/.*$", "", page.url.removeprefix(root_of(page)))


def _list(page: Page, password: str) -> None:
    signed_out(page, password)
    page.goto(f"{root_of(page)}/reports/")
    settled(page)


def _publish(page: Page, password: str, until: str) -> None:
    page.click("form[action$='/publish/'] button.main")
    settled(page)
    _list(page, password)
    last = time.monotonic() + _LONGEST_WORK / 1000
    while time.monotonic() < last:
        card = page.locator("article.card")
        told = card.first.inner_text() if card.count() else ""
        # A first version isn't numbered on the list.
        if told and (until in told or until == "第 1 版"):
            return
        page.wait_for_timeout(2000)
        page.reload()
        settled(page)
    # What follows would be pictures of something else.
    raise Error(f"{until} isn't published after {_LONGEST_WORK // 1000} seconds")
