"""The deadline table as it holds today, and what it would give for an order recorded at some instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.administration.forms import URGENCY_NAMES, PreviewForm
from jieban.desks.administration.said import days_words
from jieban.desks.administration.sheet import sheet
from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import listed, tr, tr_later
from jieban.orders.clocks import rule_for
from jieban.people.city import city
from jieban.profile.model import DeadlineRule, Level, Stage
from jieban.worktime import Explanation, UnknownYear

_PAIRS = tuple((level, stage) for level in Level for stage in Stage)


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleRow:
    """A line of the deadline table in words; `holds` today or not. `name` is that of the rule as it can be edited."""

    whose: str
    stage: str
    span: str
    for_what: str
    days: str
    holds: bool
    source: str
    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A line of the counting: a day or a stretch of it, what it is, and how much has been counted so far."""

    day: date
    what: str
    total: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The deadline that a rule would make; `due` None where the calendar doesn't know the year."""

    whose: str
    stage: str
    span: str
    due: datetime | None
    rule: str
    source: str
    why: str
    steps: tuple[Step, ...]


@require_safe
@at_desk("administration")
def show(visit: Visit) -> HttpResponse:
    """The table, and the calculator with its answers."""
    asked = visit.request.GET
    form = PreviewForm(asked if "at" in asked else None, at=visit.now)
    if not form.is_bound:
        form.initial = {"at": words.local(visit.now).replace(tzinfo=None, second=0, microsecond=0)}
    answers: tuple[Answer, ...] = ()
    if form.is_bound and form.is_valid():
        answers = tuple(_answer(level, stage, form.cleaned_data) for level, stage in _PAIRS)
    today = city().clock.local_date(visit.now)
    context = {
        "rules": [_row(rule, today) for rule in sorted(city().deadline_rules, key=_order)],
        "extension": city().extension,
        "form": form,
        "answers": answers,
    }
    return sheet(visit, "deadlines/", "deadlines", context, status=422 if form.errors else 200)


def level_words(level: Level) -> str:
    """Whose deadline it is."""
    return tr("工单") if level is Level.ORDER else tr("承办")


def _order(rule: DeadlineRule) -> tuple[int, int, int, int]:
    urgent = min((list(URGENCY_NAMES).index(each) for each in rule.urgencies), default=-1)
    narrowed = len(rule.request_types) + len(rule.channels)
    return list(Level).index(rule.level), list(Stage).index(rule.stage), urgent, narrowed


def _row(rule: DeadlineRule, today: date) -> RuleRow:
    profile, name = city(), rule.id.partition("-")[2]
    bounds = (
        listed(tr_later(URGENCY_NAMES[each]) for each in rule.urgencies),
        listed(profile.request_types[code].name for code in rule.request_types),
        listed(profile.channels[code].name for code in rule.channels),
    )
    return RuleRow(
        whose=level_words(rule.level),
        stage=words.stage(rule.stage),
        span=rule.span.describe(),
        for_what=" · ".join(each for each in bounds if each) or tr("全部"),
        days=days_words(rule.validity) or tr("一直"),
        holds=rule.validity.covers(today),
        source=_source(rule),
        id=rule.id,
        name=name if rule.level is Level.HANDLING or not _made_with(rule) else "",
    )


def _source(rule: DeadlineRule) -> str:
    """Where a rule stands written; of one that a handling's makes, that the source speaks of the handling's."""
    if rule.level is Level.ORDER and _made_with(rule):
        return tr("由承办时限放宽得来。承办时限见 {source}", source=rule.source)
    return rule.source


def _made_with(rule: DeadlineRule) -> bool:
    """Whether a handling's rule of the same name makes the order's, looser by its margin."""
    name = rule.id.partition("-")[2]
    return f"{Level.HANDLING}-{name}" in {each.id for each in city().deadline_rules}


def _answer(level: Level, stage: Stage, said: Mapping[str, Any]) -> Answer:
    rule = rule_for(
        city(),
        level,
        stage,
        request_type=said["type"],
        urgency=said["urgency"],
        channel=said["channel"],
        at=said["at"],
    )
    due, why = None, ""
    steps: tuple[Step, ...] = ()
    try:
        told = city().clock.explain(said["at"], rule.span)
    except UnknownYear as unknown:
        why = unknown.what
    else:
        due, why, steps = told.due, told.rule, _steps(told)
    return Answer(
        whose=level_words(level),
        stage=words.stage(stage),
        span=rule.span.describe(),
        due=due,
        rule=rule.id,
        source=_source(rule),
        why=why,
        steps=steps,
    )


def _steps(told: Explanation) -> tuple[Step, ...]:
    return tuple(
        Step(
            day=each.day,
            what=each.what if each.begins is None else f"{each.begins:%H:%M}–{each.ends:%H:%M} {each.what}",
            total=words.span_words(each.total) if isinstance(each.total, timedelta) else str(each.total),
        )
        for each in told.steps
    )
