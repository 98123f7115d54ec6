"""What an order is, in codes: set at the desk, and again when it was wrong; one rule for both."""

from typing import Protocol

from jieban.kernel.i18n import tr
from jieban.orders.checks import MOST_COMMUNITY, check_short, check_topic, known
from jieban.orders.engine.follow import reclassify_clocks
from jieban.orders.engine.step import Step
from jieban.profile.model import Urgency


class Codes(Protocol):
    """The codes of a classification or a correction; None leaves a thing as it is, an empty code takes it away."""

    @property
    def request_type(self) -> str | None: ...  # noqa: D102  # named as the order's columns are
    @property
    def topic(self) -> str | None: ...  # noqa: D102
    @property
    def subtopic(self) -> str | None: ...  # noqa: D102
    @property
    def urgency(self) -> Urgency | None: ...  # noqa: D102
    @property
    def street(self) -> str | None: ...  # noqa: D102
    @property
    def community(self) -> str | None: ...  # noqa: D102
    @property
    def confidential(self) -> bool | None: ...  # noqa: D102


def set_codes(step: Step, wanted: Codes) -> None:
    """Give the order the codes that are wanted, and what follows from them.

    Another topic takes the subtopic beside it, or none; another street the community beside it, or none. A type that
    is confidential by default makes the order so, unless it is said not to be: units see no informer, whenever a
    report is found to be one. What is confidential is not public any more. Another type or urgency counts the clocks
    anew from their own start. Raises BadValue for codes that the profile doesn't have.
    """
    profile, order = step.profile, step.order
    timed = (order.request_type, order.urgency)
    values: dict[str, object] = {}
    if wanted.request_type is not None:
        known(wanted.request_type in profile.request_types, tr("诉求类型"), wanted.request_type)
        values["request_type"] = wanted.request_type
    topic = wanted.topic or order.topic
    subtopic = wanted.subtopic or None
    if wanted.subtopic is None and topic == order.topic:
        subtopic = order.subtopic
    if (topic, subtopic) != (order.topic, order.subtopic):
        # Codes that the city has since given up stay what they were.
        check_topic(profile, order.mailbox, topic, subtopic)
        values |= {"topic": topic, "subtopic": subtopic}
    values |= _place(step, wanted)
    if wanted.urgency is not None:
        values["urgency"] = wanted.urgency.value
    confidential = wanted.confidential
    if confidential is None and wanted.request_type not in {None, order.request_type}:
        confidential = profile.request_types[str(wanted.request_type)].confidential or None
    if confidential is not None:
        values["confidential"] = confidential
    if confidential and order.published:
        values["published"] = False
    step.set(order, **values)
    if timed != (order.request_type, order.urgency):
        reclassify_clocks(step, step.act.value)


def _place(step: Step, wanted: Codes) -> dict[str, object]:
    values: dict[str, object] = {}
    if wanted.street is not None:
        known(wanted.street in {"", *step.profile.streets}, tr("街道乡镇"), wanted.street)
        values["street"] = wanted.street or None
    check_short(wanted.community, tr("社区(村)"), MOST_COMMUNITY)
    if wanted.community is not None or values.get("street", step.order.street) != step.order.street:
        # A community lies in its street: in another street it is another one, or unknown.
        values["community"] = wanted.community or None
    return values
