"""deadlines.toml: the table of time limits, and whether it answers every case with one rule."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.profile.deadlines import matching, turning_days
from jieban.profile.documents.faults import Faults, did_you_mean
from jieban.profile.documents.table import Table
from jieban.profile.model import (
    Basis,
    DeadlineRule,
    ExtensionRule,
    Level,
    Stage,
    Urgency,
    Validity,
)

Placed = dict[str, tuple[DeadlineRule, Where]]
"""Rules by id, with the place of each."""


def read_deadlines(
    table: Table, *, request_types: Collection[str], channels: Collection[str], faults: Faults
) -> tuple[tuple[DeadlineRule, ...], ExtensionRule]:
    """The rules, by id, and the rule on extensions.

    A table [rules.NAME] makes the handling's rule `handling-NAME`; its `order_margin` makes the order's, looser by
    so much, `order-NAME`. With level = "order" it makes `order-NAME` alone.
    """
    placed: Placed = {}
    before = len(faults)
    for name, inner in table.keyed("rules"):
        _read_rule(name, inner, placed, request_types, channels)
    extension_table = table.table("extension", required=True)
    extension = ExtensionRule(
        times=extension_table.integer("times"),
        working_days=extension_table.integer("working_days"),
        approval_before_deadline=extension_table.flag("approval_before_deadline"),
        extends_order=extension_table.flag("extends_order"),
    )
    extension_table.close()
    table.close()
    # Rules with faults of their own would only be told again, case by case.
    if len(faults) == before:
        _check_cases(placed, table.where("rules"), request_types, channels, faults)
    return tuple(rule for _, (rule, _) in sorted(placed.items())), extension


def _read_rule(
    name: str, table: Table, placed: Placed, request_types: Collection[str], channels: Collection[str]
) -> None:
    level = table.choice("level", Level, Level.HANDLING)
    rule = DeadlineRule(
        id=f"{level}-{name}",
        level=level,
        stage=table.choice("stage", Stage),
        amount=table.integer("amount", least=1),
        basis=table.choice("basis", Basis),
        request_types=table.texts("request_types", default=()),
        urgencies=table.choices("urgencies", Urgency),
        channels=table.texts("channels", default=()),
        validity=Validity(first=table.day("valid_from"), last=table.day("valid_to")),
        source=table.text("source"),
    )
    for key, codes, known in (
        ("request_types", rule.request_types, request_types),
        ("channels", rule.channels, channels),
    ):
        for code in codes:
            if code not in known:
                what = tr("{key} 中的“{code}”不存在。", key=table.name(key), code=code)
                table.fault("unknown_code", key, what, did_you_mean(code, known))
    if rule.validity.first and rule.validity.last and rule.validity.last < rule.validity.first:
        what = tr("失效日 {last} 早于生效日 {first}。", first=rule.validity.first, last=rule.validity.last)
        table.fault("validity_reversed", "valid_to", what, tr("请改正日期。"))
    made = [rule]
    if level is Level.HANDLING and "order_margin" in table:
        margin = table.integer("order_margin", least=1)
        made.append(replace(rule, id=f"order-{name}", level=Level.ORDER, amount=rule.amount + margin))
    placed.update({each.id: (each, table.where()) for each in made})
    table.close()


@dataclass(frozen=True, kw_only=True)
class _Case:
    """Cases that differ by request type only, and the rules that hold for them: not exactly one."""

    level: Level
    stage: Stage
    urgency: Urgency
    channel: str | None
    day: date
    ids: tuple[str, ...]

    def describe(self, request_types: Collection[str]) -> str:
        words = [
            f"{self.level}/{self.stage}",
            tr("紧急程度 {urgency}", urgency=self.urgency),
            tr("类型 {types}", types="/".join(request_types)),
        ]
        if self.channel is not None:
            words.append(tr("渠道 {channel}", channel=self.channel))
        if self.day != date.min:
            words.append(tr("自 {day} 起", day=self.day))
        return "、".join(words)


def _check_cases(
    placed: Placed, where: Where, request_types: Collection[str], channels: Collection[str], faults: Faults
) -> None:
    """Every case has exactly one rule at each level, and the order's limit is the looser one (ruling 3)."""
    rules = [rule for rule, _ in placed.values()]
    unsettled: dict[_Case, list[str]] = {}
    for stage, request_type, urgency, channel, day in _cases(rules, request_types, channels):
        at_level: dict[Level, DeadlineRule] = {}
        for level in Level:
            found = matching(
                rules,
                level=level,
                stage=stage,
                request_type=request_type,
                urgency=urgency,
                channel=channel,
                on=day,
            )
            if len(found) == 1:
                at_level[level] = found[0]
                continue
            ids = tuple(rule.id for rule in found)
            case = _Case(level=level, stage=stage, urgency=urgency, channel=channel, day=day, ids=ids)
            unsettled.setdefault(case, []).append(request_type)
        if len(at_level) == len(Level):
            _check_looser(at_level[Level.ORDER], at_level[Level.HANDLING], placed, faults)
    for case, types in unsettled.items():
        words = case.describe(types)
        if not case.ids:
            what = tr("没有一条时限规则适用于 {case}。", case=words)
            faults.add("deadline_missing", where, what, tr("请补一条规则,或放宽已有规则的条件。"))
            continue
        last = max((placed[i][1] for i in case.ids), key=lambda place: (place.file or "", place.line or 0))
        names = "、".join(case.ids)
        what = tr("{n} 条时限规则同样适用于 {case}:{ids}。", n=len(case.ids), case=words, ids=names)
        faults.add("deadline_ambiguous", last, what, tr("请给其中一条加上更具体的条件。"))


def _cases(
    rules: list[DeadlineRule], request_types: Collection[str], channels: Collection[str]
) -> Iterator[tuple[Stage, str, Urgency, str | None, date]]:
    # A channel that no rule names behaves as an unknown one does: trying None stands for all of them.
    named = {channel for rule in rules for channel in rule.channels}
    yield from product(
        Stage, request_types, Urgency, [None, *(c for c in channels if c in named)], turning_days(rules)
    )


def _check_looser(order: DeadlineRule, handling: DeadlineRule, placed: Placed, faults: Faults) -> None:
    where = placed[order.id][1]
    if order.basis is not handling.basis:
        what = tr(
            "{order} 按 {a} 计,{handling} 按 {b} 计,无法保证工单级的时限更宽。",
            order=order.id,
            a=order.basis,
            handling=handling.id,
            b=handling.basis,
        )
        faults.add("deadline_bases_differ", where, what, tr("请使两级的计时方式相同。"))
    elif order.amount <= handling.amount:
        what = tr(
            "{order} 为 {a},并不比 {handling} 的 {b} 宽。",
            order=order.id,
            a=order.span.describe(),
            handling=handling.id,
            b=handling.span.describe(),
        )
        faults.add("deadline_not_looser", where, what, tr("工单级时限必须严格宽于承办级,请放宽前者。"))
