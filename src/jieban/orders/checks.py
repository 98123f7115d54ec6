"""What a request must say, checked at the door against the profile."""

import re
from datetime import datetime
from typing import Protocol

from jieban.kernel.i18n import tr
from jieban.orders.errors import BadValue, Missing
from jieban.orders.secrets import Contact, Matter
from jieban.orders.texts import check_text, written
from jieban.profile.city import Profile

MOST_NAME = 100
MOST_ADDRESS = 500
MOST_CHARACTERS = 20_000
"""Of what a citizen says: more is a file, and belongs to the evidence."""


MOST_COMMUNITY = 100
MOST_REFERENCE = 200
"""Characters that the columns hold."""

_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")
_MOST_EAST, _MOST_NORTH = 180, 90


class Coded(Protocol):
    """The codes of a request, and who and what it is about."""

    @property
    def channel(self) -> str: ...  # noqa: D102
    @property
    def request_type(self) -> str: ...  # noqa: D102
    @property
    def topic(self) -> str: ...  # noqa: D102
    @property
    def subtopic(self) -> str | None: ...  # noqa: D102
    @property
    def mailbox(self) -> str | None: ...  # noqa: D102
    @property
    def street(self) -> str | None: ...  # noqa: D102
    @property
    def anonymous(self) -> bool: ...  # noqa: D102
    @property
    def community(self) -> str | None: ...  # noqa: D102
    @property
    def channel_ref(self) -> str | None: ...  # noqa: D102
    @property
    def contact(self) -> Contact: ...  # noqa: D102
    @property
    def matter(self) -> Matter: ...  # noqa: D102


def check_codes(profile: Profile, request: Coded, now: datetime) -> None:
    """Raises BadValue for a code that the profile doesn't have, Missing for what a request can't be without."""
    if request.mailbox is not None:
        known(request.mailbox in profile.mailboxes, tr("信箱"), request.mailbox)
    # A mailbox is a channel of its own.
    known(
        request.channel in profile.channels or request.channel == request.mailbox, tr("渠道"), request.channel
    )
    known(request.request_type in profile.request_types, tr("诉求类型"), request.request_type)
    check_topic(profile, request.mailbox, request.topic, request.subtopic)
    if request.street is not None:
        known(request.street in profile.streets, tr("街道乡镇"), request.street)
    check_short(request.community, tr("社区(村)"), MOST_COMMUNITY)
    check_short(request.channel_ref, tr("渠道编号"), MOST_REFERENCE)
    if request.channel_ref is not None and not request.channel_ref.strip():
        # As an id it would make one order of all deliveries that have none.
        raise Missing(tr("没有写{what}。", what=tr("渠道编号")), fix=tr("请填写后再提交。"))
    check_lengths(request.contact, request.matter)
    check_place(request.matter)
    if not written(request.matter.content or ""):
        raise Missing(tr("没有写诉求内容。"), fix=tr("请写明诉求人说了什么。"))
    if not request.anonymous and request.contact.empty:
        raise Missing(tr("实名诉求没有姓名和电话。"), fix=tr("请至少填写一项,或按匿名登记。"))
    if now.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {now!r}")


def check_lengths(contact: Contact, matter: Matter) -> None:
    """Raises BadValue for more than anybody says, or is called, and for what can't be stored."""
    for text, what, most in (
        (contact.name, tr("姓名"), MOST_NAME),
        (contact.phone, tr("电话"), MOST_NAME),
        (matter.address, tr("地址"), MOST_ADDRESS),
        (matter.summary, tr("摘要"), MOST_CHARACTERS),
        (matter.content, tr("诉求内容"), MOST_CHARACTERS),
    ):
        check_text(text, what)
        if text is not None and len(text) > most:
            raise BadValue(
                tr("{what}有 {n} 字,超过 {most} 字。", what=what, n=len(text), most=most),
                fix=tr("请写要点,全文作为附件上传。"),
            )


def check_place(matter: Matter) -> None:
    """Raises BadValue for coordinates that are no place on earth, or one without the other."""
    given = (matter.longitude, matter.latitude)
    if given == (None, None):
        return
    for text, most in zip(given, (_MOST_EAST, _MOST_NORTH), strict=True):
        if text is None or not _DEGREES.fullmatch(text) or abs(float(text)) > most:
            raise BadValue(
                tr("经纬度写得不对。"),
                fix=tr("经度写 -180 至 180,纬度写 -90 至 90 的小数,两项都写或都不写。"),
            )


def check_topic(profile: Profile, mailbox: str | None, topic: str, subtopic: str | None) -> None:
    """Raises BadValue for a topic that isn't of the order's scheme, or a subtopic that isn't of the topic."""
    scheme = profile.order_scheme if mailbox is None else profile.mailboxes[mailbox].scheme
    known(topic in profile.schemes[scheme], tr("一级分类"), topic)
    if subtopic is not None:
        known(subtopic in profile.subtopics(scheme, topic), tr("二级分类"), subtopic)


def check_short(text: str | None, what: str, most: int) -> None:
    """Raises BadValue for a text that its column can't hold: too long, or with characters that are none."""
    if text is not None and (len(text) > most or not text.isprintable()):
        raise BadValue(
            tr("{what}超过 {most} 字,或含有不可见字符。", what=what, most=most), fix=tr("请改正后再提交。")
        )


def known(there: bool, what: str, code: str) -> None:
    """Raises BadValue unless `there`."""
    if not there:
        raise BadValue(
            tr("{what}“{code}”不在本市配置中。", what=what, code=code), fix=tr("请从本市配置的列表中选择。")
        )
