"""What happens more than once in the lives of orders: citizens with their telephones, units that reply."""

import io
import re
from collections.abc import Mapping
from typing import Any

from persons import Person, Town
from PIL import Image

from jieban.orders.models import Order
from jieban.people.city import city

REPLY: Mapping[str, str] = {
    "已做工作": "{day}到现场查看,确认三盏路灯线路老化,当场更换了灯具和线路,试灯都亮。",
    "目前进展": "三盏路灯都已恢复照明。",
    "下一步": "已办结,每周巡查一次。",
    "是否告知诉求人": "已告知",
    "诉求人评价": "满意",
}


def photo(shade: int) -> dict[str, Any]:
    """A photo as a camera hands it to a page; another shade is another file."""
    written = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 90, 60)).save(written, "JPEG")
    return {"name": f"IMG_{shade:04}.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def document() -> dict[str, Any]:
    """A policy as a unit attaches it."""
    return {"name": "依据.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj"}


def reply(day: str = "4 月 22 日", **more: str | bool) -> dict[str, str | bool]:
    """A reply that the template takes."""
    return {name: text.format(day=day) for name, text in REPLY.items()} | more


class Citizen(Person):
    """Somebody who signs in nowhere: a telephone, a number, and what was left with it."""

    phone: str = "139 0000 0002"

    def files(self, content: str, *, path: str = "/file/", kind: str = "投诉", **places: str) -> str:
        """A request or a letter by its form; gives its number."""
        self.goes(path)
        page = self.page
        page.get_by_label("发生了什么事").fill(content)
        page.get_by_role("group", name=re.compile("^这(件事|封信)是")).get_by_text(kind, exact=True).click()
        if "street" in places:
            page.get_by_label("在哪里").select_option(label=places["street"])
        if "topic" in places:
            page.get_by_label("属于哪方面").select_option(label=places["topic"])
        if "address" in places:
            page.get_by_label("具体位置").fill(places["address"])
        page.get_by_label("电话", exact=True).fill(self.phone)
        page.get_by_label("怎么称呼您").fill(self.name)
        page.get_by_label("我同意").check()
        page.locator("[data-sum]").wait_for(state="hidden")
        self.picture(f"filing-{self.name}")
        page.get_by_role("button", name=re.compile("提交|寄出")).click()
        page.wait_for_url("**/file/done/")
        spoken = page.locator(".ticket .figure").first.inner_text()
        return city().workflow.numbering.read(spoken)

    def follows(self, number: str) -> "Citizen":
        """Their order by its number and their telephone's."""
        page = self.goes("/my/").page
        page.get_by_label("受理编号").fill(number)
        page.get_by_label("电话或查询码").fill(self.phone)
        page.get_by_role("button", name="查询", exact=True).click()
        page.wait_for_url(f"**/my/{number}/")
        return self

    def reads(self) -> str:
        """All that the page says."""
        return self.page.locator("main").inner_text()

    def presses(self, name: str) -> None:
        """A form's button, until the page says thanks."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.get_by_role("status").wait_for()


def citizen(town: Town, name: str, phone: str) -> Citizen:
    """A citizen with a telephone in hand."""
    made = Citizen.in_window(town, name, phone=True)
    made.phone = phone
    return made


def standing(number: str) -> str:
    """The state in which an order is."""
    return Order.objects.get(number=number).state
