"""The periods of which a report can be begun: what has ended, and any days that are typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.month.spans import last_whole_month
from jieban.desks.shell.words import local
from jieban.desks.studio.errors import StudioRefused
from jieban.indicators.period import BadPeriod, Period
from jieban.kernel.i18n import Later, later, tr, tr_later

OTHER = "days"
"""What stands in the list for days that are typed beside it."""
_OFFERED: tuple[tuple[Later, int, Callable[[Period], Period]], ...] = (
    (later("月"), 24, lambda month: month),
    (later("季度"), 8, lambda month: Period.quarter(month.first.year, (month.first.month + 2) // 3)),
    (later("年"), 3, lambda month: Period.year(month.first.year)),
)
_WEEKS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """Periods of a kind, the latest first."""

    name: str
    periods: tuple[Period, ...]


def offered(now: datetime) -> tuple[Offered, ...]:
    """What has ended, kind by kind."""
    today, month = local(now).date(), last_whole_month(now)
    kinds = [
        Offered(name=tr_later(name), periods=_ended(kind(month), many, now)) for name, many, kind in _OFFERED
    ]
    iso = today.isocalendar()
    weeks = _ended(Period.week(iso.year, iso.week), _WEEKS, now)
    return (*kinds, Offered(name=tr("周"), periods=weeks))


def wanted(form: Mapping[str, str], now: datetime) -> Period:
    """The period that a form asks for. Raises BadPeriod, and StudioRefused for days that haven't ended."""
    code = form.get("period", "")
    if code == OTHER:
        first, last = form.get("first", "").strip(), form.get("last", "").strip()
        if not first or not last:
            raise StudioRefused(tr("没有写明起止日期。"), fix=tr("请写明从哪一天到哪一天,两天都计入。"))
        code = f"{first}..{last}"
    try:
        period = Period.parse(code)
    except BadPeriod as fault:
        if code.count("..") == 1 and code.partition("..")[0] > code.partition("..")[2]:
            raise StudioRefused(tr("止日早于起日。"), fix=tr("请把早的一天写在前面。")) from fault
        raise StudioRefused(
            tr("“{code}”不是能统计的时段。", code=code), fix=tr("请从列表中选,或者写起止日期。")
        ) from fault
    check_ended(period, now)
    return period


def check_ended(period: Period, now: datetime) -> None:
    """Raises StudioRefused for a period that isn't over: what is published of it would be wrong tomorrow."""
    if period.last >= local(now).date():
        raise StudioRefused(
            tr("{period}还没有结束。", period=period.label), fix=tr("请等它结束,或者选已经结束的日期。")
        )


def _ended(latest: Period, many: int, now: datetime) -> tuple[Period, ...]:
    today, found = local(now).date(), list[Period]()
    each = latest
    while len(found) < many:
        if each.last < today:
            found.append(each)
        each = each.previous()
    return tuple(found)
