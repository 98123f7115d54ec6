"""What somebody does on a page before a picture of it is taken (`pictures.py`)."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from PIL import Image
from playwright.sync_api import Page

Step = Callable[[Page, str], object]
"""Something done on a page; the second is the demonstration's password."""
_THERE = "() => document.querySelector('#act > *') || !document.querySelector('.order > .acts')"
"""An act's form stands below the buttons, or on a page of its own."""
_QUIET = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"
_LONGEST_WORK = 120_000
"""Milliseconds that a report may take to be made."""


def settled(page: Page) -> None:
    """What was asked of the server has come."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    page.wait_for_function(_QUIET)


def click(what: str) -> Step:
    """The first such piece is clicked, and what comes of it awaited."""

    def done(page: Page, _password: str) -> None:
        page.locator(what).first.click()
        settled(page)

    return done


def fill(**words: str) -> Step:
    """Words are typed into fields by name; a double underscore stands for a dash."""

    def done(page: Page, _password: str) -> None:
        for name, said in words.items():
            page.locator(f"[name='{name.replace('__', '-')}']:visible").first.fill(said)

    return done


def chosen(name: str, index: int = 1) -> Step:
    """Of a list, what stands there so many lines down; the list may be hidden behind a field to type into."""

    def done(page: Page, _password: str) -> None:
        page.locator(f"select[name='{name}']").first.evaluate(
            "(list, at) => { list.selectedIndex = at; list.dispatchEvent(new Event('set'));"
            " list.dispatchEvent(new Event('change', {bubbles: true})); }",
            index,
        )

    return done


def pressed(*keys: str) -> Step:
    """Keys, one after the other."""

    def done(page: Page, _password: str) -> None:
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(400)
        settled(page)

    return done


def unhindered(page: Page, _password: str) -> None:
    """The browser lets forms go as they are, so that the server's words are seen."""
    page.evaluate("() => { for (const each of document.forms) each.noValidate = true; }")


def unfolded(page: Page, _password: str) -> None:
    """Everything that folds stands open."""
    page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")


def unless(there: str, *steps: Step) -> Step:
    """Only where such a piece isn't there yet: of what the first window does for all."""

    def done(page: Page, password: str) -> None:
        if not page.locator(there).count():
            for step in steps:
                step(page, password)

    return done


def ticked(count: int) -> Step:
    """So many of a queue are ticked."""

    def done(page: Page, _password: str) -> None:
        for box in page.locator("input[name=pick]").all()[:count]:
            box.check()

    return done


def act(name: str) -> Step:
    """An act of the order that is open; the seldom ones stand folded."""

    def done(page: Page, password: str) -> None:
        unfolded(page, password)
        # Some are for one size only.
        page.locator(f".order .acts a[href*='{name}']").first.evaluate("each => each.click()")
        page.wait_for_function(_THERE)
        settled(page)

    return done


def photographed(page: Page, _password: str) -> None:
    """A photo is picked for the first place that takes one."""
    place = Path(gettempdir()) / "jieban-picture.jpg"
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(place)
    page.locator("input[type=file]").first.set_input_files(place)
    page.wait_for_timeout(1200)


def into_another(page: Page, _password: str) -> None:
    """The order is to go into one that is offered, or else into the next that waits."""
    offered = page.locator("a[href*='into=']")
    if offered.count():
        offered.first.click()
    else:
        here = page.url
        page.goto(f"{root_of(page)}/desk/dispatch/")
        other = page.locator(".entry").nth(1).get_attribute("data-number")
        page.goto(f"{here}{'&' if '?' in here else '?'}into={other}")
    settled(page)


def another_article(page: Page, password: str) -> None:
    """An article waits to be reviewed: where none does, an operator writes one."""
    if page.locator("input[name=pick]").count():
        return
    become(page, "operator", password, "/desk/knowledge/new/")
    fill(title="井盖松动怎么反映", body="请说清路名和最近的门牌。")(page, password)
    click("button[value=submit]")(page, password)
    become(page, "administrator", password, "/desk/knowledge/?queue=review")


def to(where: str) -> Step:
    """On to another address of this place."""

    def done(page: Page, _password: str) -> None:
        page.goto(root_of(page) + where)

    return done


def signed_in(page: Page, who: str, password: str) -> None:
    """The sign-in is filled in and sent."""
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    settled(page)


def signed_out(page: Page, _password: str) -> None:
    """As somebody who never was here."""
    page.context.clear_cookies()


def followed(page: Page, password: str) -> None:
    """The citizen of the first answered order looks at it: its number and telephone are read at a desk."""
    root = root_of(page)
    signed_out(page, password)
    page.goto(f"{root}/account/login/")
    signed_in(page, "callback-agent", password)
    page.goto(f"{root}/desk/callback/")
    number = page.locator(".entry").first.get_attribute("data-number")
    page.goto(f"{root}/desk/orders/{number}/contact/")
    page.locator("select[name=purpose]").select_option(index=1)
    page.click("button.main")
    phone = page.locator("a[href^='tel:']").inner_text()
    signed_out(page, password)
    page.goto(f"{root}/my/")
    page.fill("[name=number]", str(number))
    page.fill("[name=proof]", phone)
    page.press("[name=proof]", "Enter")
    settled(page)


def confirmed(page: Page, password: str) -> None:
    """The password once more, where a page asks for it."""
    if "reauthenticate" in page.url:
        page.fill("[name=password]", password)
        with page.expect_navigation():
            page.press("[name=password]", "Enter")
        settled(page)


def made(page: Page, _password: str) -> None:
    """The list that was asked for is ready to be fetched."""
    page.wait_for_selector("#lists a[download]", timeout=_LONGEST_WORK)


class LongOrder:
    """An order that is much of everything, told of by the operator and sent out by the dispatcher: made once."""

    MATTER = ("延安北路与建国东路交叉口的路灯坏了三盏晚上漆黑一片老人孩子过马路很不安全" * 60)[:2000]
    FILES = 20
    OTHERS = 12

    def __init__(self) -> None:
        self._number = ""

    def seen(self, page: Page, password: str) -> None:
        """The dispatcher has it open."""
        if not self._number:
            self._make(page, password)
            become(page, "dispatcher", password, "/desk/dispatch/")
        page.goto(f"{root_of(page)}/desk/dispatch/{self._number}/?queue=unsigned")
        settled(page)

    def _make(self, page: Page, password: str) -> None:
        become(page, "operator", password, "/desk/intake/")
        fill(phone="13900000077", content=self.MATTER)(page, password)
        chosen("topic", 3)(page, password)
        click("label.chip:has([name=request_type])")(page, password)
        pressed("Control+Enter")(page, password)
        address = str(page.locator(".taken a[href*='/desk/orders/']").first.get_attribute("href"))
        self._number = address.rstrip("/").rpartition("/")[2]
        page.goto(f"{root_of(page)}{address}attach/")
        pictures = page.locator("select[name=kind] option[data-accept*='image/jpeg']").first
        page.select_option("[name=kind]", pictures.get_attribute("value"))
        with TemporaryDirectory() as place:
            files = [
                Path(place) / f"群众反映路灯损坏的现场照片及情况说明材料之第{n:02}份.jpg"
                for n in range(self.FILES)
            ]
            for n, file in enumerate(files):
                Image.new("RGB", (320, 240), (60 + 6 * n, 90, 120)).save(file)
            page.set_input_files("[name=files]", files)
            click("form.fields button.main")(page, password)
        become(page, "dispatcher", password, f"{address}do/dispatch/")
        chosen("lead")(page, password)
        page.locator("select[name=assisting]").evaluate(
            "(list, most) => { const lead = document.querySelector('select[name=lead]').value;"
            " const others = [...list.options].filter((each) => each.value !== lead);"
            " for (const one of others.slice(0, most)) one.selected = true; }",
            self.OTHERS,
        )
        click("form.fields button.main")(page, password)


def root_of(page: Page) -> str:
    """The address of the place that is looked at."""
    return "/".join(page.url.split("/")[:3])


def become(page: Page, who: str, password: str, where: str) -> None:
    """Somebody else sits down at this window and opens an address of the place."""
    root = root_of(page)
    # A page that is still open would notice that nobody is signed in, and go to the sign-in by itself meanwhile.
    page.goto("about:blank")
    signed_out(page, password)
    page.goto(f"{root}/account/login/")
    signed_in(page, who, password)
    page.goto(root + where)
    settled(page)
