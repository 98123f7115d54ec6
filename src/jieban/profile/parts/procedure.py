"""workflow.toml: how the city numbers, replies, returns, warns, calls back and keeps; each choice a coded one."""

from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from jieban.kernel.i18n import tr
from jieban.kernel.numbering import BadPattern, NumberPattern
from jieban.profile.documents.coded import read_code
from jieban.profile.documents.faults import did_you_mean
from jieban.profile.documents.table import Table
from jieban.profile.known import Known
from jieban.profile.model import Basis, Level, Stage
from jieban.profile.parts.evidence import read_evidence
from jieban.profile.parts.settings import read_label_list
from jieban.profile.workflow import (
    CallbackRules,
    CloseWhen,
    CoHandling,
    Condition,
    Counting,
    Escalation,
    Finds,
    Ground,
    HeadCase,
    KnowledgeRules,
    LadderStep,
    OnlineDoor,
    ReopeningRules,
    RepeatRules,
    ReplyField,
    Requester,
    Retention,
    ReturnRules,
    ReviewPoint,
    ReviewRules,
    Severity,
    WarningStep,
    Workflow,
)
from jieban.worktime import Span

E = TypeVar("E", bound=StrEnum)

_STATED = frozenset({Condition.SITE_VISIT, Condition.PHONE_CONTACT})
_FARTHEST = 24 * 366
_NEUTRAL = NumberPattern.parse("{serial:3}{check}")


def read_workflow(
    table: Table,
    known: Known,
    *,
    request_types: Collection[str],
    channels: Collection[str],
    topics: Collection[str],
) -> Workflow:
    """workflow.toml. With `known.roles`, the ladder tells only those; `topics` are those of ordinary orders."""
    workflow = Workflow(
        numbering=_numbering(table),
        reply=_reply(table),
        refusal_grounds=_grounds(table, "refusal_grounds"),
        unreasonable_grounds=_grounds(table, "unreasonable_grounds"),
        evidence=read_evidence(table.table("evidence", required=True), request_types),
        ladder=_ladder(table, known.roles),
        escalation=_escalation(table.table("escalation", required=True)),
        returns=_returns(table.table("returns", required=True), known.roles),
        callbacks=_callbacks(table.table("callbacks", required=True)),
        reopening=_reopening(table.table("reopening", required=True)),
        retention=_retention(table.table("retention", required=True)),
        knowledge=_knowledge(table.table("knowledge", required=True)),
        repeats=_repeats(table.table("repeats", required=True)),
        co_handling=_co_handling(table.table("co_handling", required=True)),
        reviewing=_reviewing(table.table("reviewing", required=True)),
        review_points=_review_points(table) if "review_points" in table else (),
        online=_online(table.table("online"), channels, topics) if "online" in table else None,
    )
    table.close()
    return workflow


def _numbering(table: Table) -> NumberPattern:
    written = table.text("numbering")
    if not written.strip():
        return _NEUTRAL
    try:
        return NumberPattern.parse(written)
    except BadPattern as fault:
        table.fault("bad_pattern", "numbering", fault.what, fault.fix or "")
        return _NEUTRAL


def _reply(table: Table) -> tuple[ReplyField, ...]:
    codes: set[str] = set()
    fields = tuple(_reply_field(inner, codes) for inner in table.tables("reply"))
    if "reply" in table and not any(field.required and not field.not_for for field in fields):
        what = tr("答复模板没有一项对所有工单都是必填的。")
        table.fault("empty", "reply", what, tr("请至少写一个 required = true、没有 not_for 的 [[reply]]。"))
    return fields


def _reply_field(table: Table, codes: set[str]) -> ReplyField:
    field = ReplyField(
        code=read_code(table, codes),
        name=table.text("name"),
        hint=table.text("hint", may_be_empty=True),
        required=table.flag("required"),
        not_for=table.choices("not_for", Requester),
        choices=read_label_list(table, "choices", required=False),
        min_chars=table.integer("min_chars", default=0),
    )
    if field.code in _STATED:
        what = tr("代码“{code}”另有含义。", code=field.code)
        table.fault("reserved_code", "code", what, tr("请换一个代码。"))
    if field.choices and field.min_chars:
        what = tr("{key} 是选择项,不能规定字数。", key=table.name("min_chars"))
        table.fault("contradiction", "min_chars", what, tr("请删去 min_chars,或删去 choices。"))
    table.close()
    return field


def _grounds(table: Table, key: str) -> tuple[Ground, ...]:
    codes: set[str] = set()
    grounds = []
    for inner in table.tables(key):
        grounds.append(
            Ground(
                code=read_code(inner, codes),
                name=inner.text("name"),
                source=inner.text("source"),
                needs_attachment=inner.flag("needs_attachment"),
            )
        )
        inner.close()
    return tuple(grounds)


def _ladder(table: Table, roles: Collection[str] | None) -> tuple[LadderStep, ...]:
    ids: set[str] = set()
    steps: dict[tuple[Level, Stage, int], LadderStep] = {}
    for inner in table.tables("ladder"):
        step = LadderStep(
            id=read_code(inner, ids, "id"),
            name=inner.text("name"),
            stage=inner.choice("stage", Stage),
            level=inner.choice("level", Level),
            hours=inner.integer("hours", least=-_FARTHEST),
            severity=inner.choice("severity", Severity),
            tells=inner.texts("tells"),
        )
        place = (step.level, step.stage, step.hours)
        _check_step(inner, step, steps.get(place), roles)
        steps.setdefault(place, step)
        inner.close()
    # The order of the day: what comes first is first.
    return tuple(sorted(steps.values(), key=lambda step: (step.level, step.stage, -step.hours)))


def _return_ladder(table: Table, roles: Collection[str] | None) -> tuple[WarningStep, ...]:
    ids: set[str] = set()
    steps: dict[int, WarningStep] = {}
    for inner in table.tables("ladder"):
        step = WarningStep(
            id=read_code(inner, ids, "id"),
            name=inner.text("name"),
            hours=inner.integer("hours", least=-_FARTHEST),
            severity=inner.choice("severity", Severity),
            tells=inner.texts("tells"),
        )
        _check_step(inner, step, steps.get(step.hours), roles)
        steps.setdefault(step.hours, step)
        inner.close()
    return tuple(sorted(steps.values(), key=lambda step: -step.hours))


def _check_step(
    table: Table, step: WarningStep, earlier: WarningStep | None, roles: Collection[str] | None
) -> None:
    """What is wrong with a warning; `earlier` is one at the same time."""
    if step.hours > _FARTHEST:
        what = tr(
            "{key} 为 {value},不能大于 {most}。",
            key=table.name("hours"),
            value=step.hours,
            most=_FARTHEST,
        )
        table.fault("out_of_range", "hours", what, tr("请改正这个数。"))
    if "tells" in table and not step.tells:
        table.fault("empty", "tells", tr("没有写提醒谁。"), tr("请至少写一个角色。"))
    for role in step.tells if roles is not None else ():
        if role not in (roles or ()):
            what = tr("{key} 中的“{code}”不存在。", key=table.name("tells"), code=role)
            table.fault("unknown_code", "tells", what, did_you_mean(role, sorted(roles or ())))
    if earlier is not None and step.id != earlier.id:
        what = tr("“{name}”与“{earlier}”在同一时刻提醒。", name=step.name, earlier=earlier.name)
        table.fault("double_step", "hours", what, tr("请合并成一条,或错开时间。"))


def _escalation(table: Table) -> Escalation:
    made = Escalation(
        reworks=table.integer("reworks", least=1), declining_units=table.integer("declining_units", least=1)
    )
    table.close()
    return made


def _returns(table: Table, roles: Collection[str] | None) -> ReturnRules:
    made = ReturnRules(
        ask_within=_span(table.table("ask_within", required=True)),
        decide_within=_span(table.table("decide_within", required=True)),
        max_asks=table.integer("max_asks"),
        ladder=_return_ladder(table, roles),
    )
    table.close()
    return made


def _callbacks(table: Table) -> CallbackRules:
    made = CallbackRules(
        tries=table.integer("tries", least=1),
        again_after=_span(table.table("again_after", required=True)),
        needed=table.flag("needed"),
        exempt=_required_choices(table, "exempt", Requester),
        before_close=table.flag("before_close"),
    )
    if made.before_close and not made.needed:
        what = tr("{key} 要求先回访再结案,但 needed 为 false。", key=table.name("before_close"))
        table.fault("contradiction", "before_close", what, tr("请改正其中一项。"))
    table.close()
    return made


def _reopening(table: Table) -> ReopeningRules:
    made = ReopeningRules(within_days=table.integer("within_days"), times=table.integer("times"))
    table.close()
    return made


def _retention(table: Table) -> Retention:
    made = Retention(
        person_days=table.integer("person_days", least=1),
        evidence_days=table.integer("evidence_days", least=1),
        withdrawn_days=table.integer("withdrawn_days", least=1),
    )
    table.close()
    return made


def _knowledge(table: Table) -> KnowledgeRules:
    made = KnowledgeRules(
        confirm_days=table.integer("confirm_days", least=1),
        longest_days=table.integer("longest_days", least=1),
        remind_days=table.integer("remind_days"),
    )
    whole = {"confirm_days", "longest_days", "remind_days"} <= set(table.keys)
    if whole and not made.remind_days < made.confirm_days <= made.longest_days:
        what = tr("知识库的天数先后不对:提醒要少于核实,核实不能超过最长。")
        table.fault(
            "contradiction", "confirm_days", what, tr("请使 remind_days < confirm_days ≤ longest_days。")
        )
    table.close()
    return made


def _repeats(table: Table) -> RepeatRules:
    made = RepeatRules(
        days=table.integer("days", least=1),
        same_person=table.flag("same_person"),
        same_matter=table.flag("same_matter"),
    )
    if {"same_person", "same_matter"} <= set(table.keys) and not (made.same_person or made.same_matter):
        what = tr("同一人和同一事都不算重复,就没有重复诉求了。")
        table.fault("contradiction", "same_matter", what, tr("请至少把一项写成 true。"))
    table.close()
    return made


def _co_handling(table: Table) -> CoHandling:
    made = CoHandling(
        counting=table.choice("counting", Counting), close_when=table.choice("close_when", CloseWhen)
    )
    table.close()
    return made


def _reviewing(table: Table) -> ReviewRules:
    made = ReviewRules(head_signs=_required_choices(table, "head_signs", HeadCase))
    table.close()
    return made


def _review_points(table: Table) -> tuple[ReviewPoint, ...]:
    codes: set[str] = set()
    points = []
    for inner in table.tables("review_points"):
        points.append(
            ReviewPoint(
                code=read_code(inner, codes),
                name=inner.text("name"),
                words=inner.texts("words", ()),
                finds=inner.choice("finds", Finds) if "finds" in inner else None,
            )
        )
        inner.close()
    return tuple(points)


def _online(table: Table, channels: Collection[str], topics: Collection[str]) -> OnlineDoor:
    made = OnlineDoor(
        channel=table.text("channel"), topic=table.text("topic"), unoffered=table.texts("unoffered", ())
    )
    named = [("channel", made.channel, channels), ("topic", made.topic, topics)]
    for key, code, known in (*named, *(("unoffered", each, topics) for each in made.unoffered)):
        if key in table and code not in known:
            what = tr("{key} 中的“{code}”不存在。", key=table.name(key), code=code)
            table.fault("unknown_code", key, what, did_you_mean(code, sorted(known)))
    table.close()
    return made


def _span(table: Table) -> Span:
    made = Span(amount=max(table.integer("amount", least=1), 1), basis=table.choice("basis", Basis))
    table.close()
    return made


def _required_choices(table: Table, key: str, among: type[E]) -> tuple[E, ...]:
    """Several of an enumeration's words; the key must be there, if only as []."""
    table.texts(key)
    return table.choices(key, among)
