"""The calls back to a citizen, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.models import Callback
from jieban.people.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class CallLine:
    """A try: when, by whom, what came of it."""

    serial: int
    round: int
    at: datetime
    who: str
    outcome: str
    remark: str


def calls_of(
    callbacks: Iterable[Callback], written: Mapping[int, Mapping[str, object]], names: Mapping[str, str]
) -> tuple[CallLine, ...]:
    """All tries, the first first. No query."""
    return tuple(
        CallLine(
            serial=each.serial,
            round=each.round,
            at=each.called_at,
            who=names.get(each.called_by, ""),
            outcome=_outcome(each),
            remark=str(written.get(each.told_in, {}).get("remark", "")),
        )
        for each in callbacks
    )


def _outcome(call: Callback) -> str:
    if not call.reached:
        return tr("未接通")
    said = [words.label("satisfaction", call.satisfaction)] if call.satisfaction is not None else []
    if call.contacted is not None:
        said.append(tr("承办单位联系过") if call.contacted else tr("承办单位没有联系过"))
    if call.resolved is not None:
        said.append(tr("已解决") if call.resolved else tr("没有解决"))
    rated = call.called_by.partition(":")[0] == Role.CITIZEN
    return " · ".join([tr("本人评价") if rated else tr("已接通"), *said])
