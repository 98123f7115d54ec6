"""A citizen in tests: fills in forms as a browser without scripts would, the sum included."""

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.test import Client
from PIL import Image

from jieban.people.city import city

PHONE = "139 0000 0002"
_HIDDEN = re.compile(r'<input type="hidden" name="form" value="([^"]+)"')
_SUM = re.compile(r"([一二三四五六七八九])加([一二三四五六七八九])等于几")
_FIGURES = "零一二三四五六七八九"
_FILED = "/file/done/"


def photo(colour: str = "red") -> BytesIO:
    """A small photo; another colour is another file."""
    made = BytesIO()
    Image.new("RGB", (8, 8), colour).save(made, "JPEG")
    made.seek(0)
    made.name = "IMG_0001.jpg"
    return made


def form_of(page: HttpResponse) -> dict[str, str]:
    """The token of a form and the answer to its sum."""
    text = page.content.decode()
    first, second = _SUM.search(text).groups()  # type: ignore[union-attr]  # every form has one
    token = _HIDDEN.search(text).group(1)  # type: ignore[union-attr]  # as above
    return {"form": token, "answer": str(_FIGURES.index(first) + _FIGURES.index(second))}


@dataclass
class Citizen:
    """Somebody with a telephone, and the browser in it."""

    browser: Client = field(default_factory=Client)

    def filled(self, path: str = "/file/", **changes: Any) -> dict[str, Any]:
        """A form as it would be sent; `changes` replace what is in it."""
        plain = {
            "content": "小区门口的路灯三天不亮了，晚上看不见路。",
            "kind": next(iter(city().request_types)),
            "street": next(code for code, each in city().streets.items() if each.validity.last is None),
            "address": "五号楼东侧",
            "name": "买买提·艾力",
            "phone": PHONE,
            "agree": "on",
        }
        return plain | form_of(self.browser.get(path)) | changes

    def send(self, given: dict[str, Any], path: str = "/file/") -> HttpResponse:
        """Send a form."""
        return self.browser.post(path, given)

    def file(self, path: str = "/file/", **changes: Any) -> str:
        """File a request; gives its number."""
        answer = self.send(self.filled(path, **changes), path)
        assert answer.status_code == 302, answer.content.decode()
        assert answer.headers["Location"] == _FILED
        return self.told()["number"]

    def told(self) -> dict[str, str]:
        """What the page after filing tells: the number, and the code if there is one."""
        text = self.browser.get(_FILED).content.decode()
        number = re.search(r'href="/my/([^/"]+)/"', text).group(1)  # type: ignore[union-attr]  # the way on
        code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
        return {"number": number, "code": code.group() if code else "", "page": text}

    def find(self, number: str, proof: str) -> HttpResponse:
        """Ask for an order."""
        return self.browser.post("/my/", {"number": number, "proof": proof})

    def page(self, number: str) -> str:
        """The order's page."""
        answer = self.browser.get(f"/my/{number}/")
        assert answer.status_code == 200
        return answer.content.decode()
