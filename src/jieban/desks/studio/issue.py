"""The day that a report is printed as published: the one chosen, else that of its approval."""

from datetime import date, datetime, time, timedelta

from jieban.desks.shell.words import local
from jieban.desks.studio.errors import StudioRefused
from jieban.desks.studio.models import Draft, Edit, Verdict
from jieban.indicators.period import Period
from jieban.kernel.i18n import tr
from jieban.people.city import city

FURTHEST = timedelta(days=60)
"""How far ahead a day may be chosen."""


def day_words(day: date) -> str:
    """A day as a sentence has it."""
    return tr("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)


def issued_of(draft: Draft, latest: Edit | None, now: datetime) -> datetime:
    """When a wording is printed as published: the chosen day, else the day of its approval, else today."""
    if latest is not None and latest.issue_on is not None:
        return _beginning(latest.issue_on)
    approval = draft.steps.filter(what=Verdict.APPROVED.value).order_by("-pk").first()
    holds = approval is not None and latest is not None and approval.edit == latest.serial
    return _beginning(local(approval.at if approval is not None and holds else now).date())


def check_issue(draft: Draft, day: date, now: datetime) -> None:
    """Raises StudioRefused for a day on which this report can't have been published."""
    today = local(now).date()
    last = Period.parse(draft.period).last
    before = draft.corrects
    if day <= last:
        raise StudioRefused(
            tr("发布日期不能早于时段的最后一天。"), fix=tr("请选 {day} 以后的日期。", day=day_words(last))
        )
    if before is not None and day < local(before.issued).date():
        raise StudioRefused(
            tr("更正的一版不能早于所更正的那一版。"),
            fix=tr("请选 {day} 或以后的日期。", day=day_words(local(before.issued).date())),
        )
    if day > today + FURTHEST:
        raise StudioRefused(
            tr("发布日期离今天太远。"), fix=tr("请选 {day} 以前的日期。", day=day_words(today + FURTHEST))
        )


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), city().clock.tz)
