"""An administrator at work in tests: forms as browsers send them, previewed and saved."""

import re
from datetime import timedelta

from browsers import OPENED, Sign
from django.test import Client

from jieban.people.accounts import add_account, give_post
from jieban.people.city import filed
from jieban.people.city_in_force import look
from jieban.people.models import CityChange
from jieban.people.roles import Role
from jieban.profile.city import Profile

DESK = "/desk/administration/"
TODAY = OPENED.date()
SOON = TODAY + timedelta(days=10)


def now() -> Profile:
    return look(OPENED).profile


def second(sign_in: Sign) -> Client:
    """Another administrator."""
    account = add_account(username="bob", display_name="鲍勃", now=OPENED)
    give_post(account=account, role=Role.ADMINISTRATOR, unit=None, first=TODAY, last=None, profile=filed())
    browser = sign_in(Role.LEADER)
    browser.force_login(account)
    return browser


def form(browser: Client, path: str) -> dict[str, object]:
    """What stands in the form of a page, as a browser would send it."""
    page = browser.get(path)
    assert page.status_code == 200, path
    text = page.content.decode()
    found: dict[str, object] = {"why": "市政府通知第 3 号"}
    for tag in re.findall(r"<input [^>]*>", text):
        name, kind = _of(tag, "name"), _of(tag, "type")
        if name in {"", "csrfmiddlewaretoken", "why"}:
            continue
        if kind in {"checkbox", "radio"}:
            if " checked" in tag:
                found.setdefault(name, [])
                members = found[name]
                assert isinstance(members, list)
                members.append(_of(tag, "value") or "on")
            continue
        found[name] = _of(tag, "value")
    found.update(re.findall(r'<textarea name="([^"]+)"[^>]*>\s?(.*?)</textarea>', text, re.DOTALL))
    for name, inside in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else re.findall(r'<option value="([^"]*)"', inside)[0]
    return found


def _of(tag: str, attribute: str) -> str:
    found = re.search(rf'{attribute}="([^"]*)"', tag)
    return found[1] if found else ""


def save(browser: Client, path: str, **said: object) -> CityChange:
    """Fill in a form, look at the preview, and save it."""
    filled = {**form(browser, path), **said}
    preview = browser.post(path, {**filled, "do": "preview"})
    text = preview.content.decode()
    assert preview.status_code == 200, re.findall(
        r'class="wrong">([^<]*)|role="alert"[^>]*>(.*?)</div', text, re.DOTALL
    )
    assert "将这样改" in text
    before = CityChange.objects.count()
    answer = browser.post(path, {**filled, "do": "save"})
    assert answer.status_code == 302, answer.content.decode()
    assert CityChange.objects.count() == before + 1
    change = CityChange.objects.order_by("-pk")[0]
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    assert change.title in page.content.decode()
    return change


def accept(change: CityChange, browser: Client) -> None:
    """Let what somebody else wants hold."""
    answer = browser.post(f"{DESK}city/{change.pk}/decide/", {"do": "accept"})
    assert answer.status_code == 302, answer.content.decode()


def told(answer: object) -> str:
    """What is said beside fields and above the form."""
    text = answer.content.decode()  # type: ignore[attr-defined]
    return " ".join(
        re.findall(r'class="wrong">([^<]*)', text)
        + re.findall(r'role="alert"[^>]*>(.*?)</div', text, re.DOTALL)
    )
