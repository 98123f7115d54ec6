"""What became of rows: read, rejected, doubtful, outside the period, open at the cut-off; and the annexes' lists."""

from collections.abc import Iterator

from jieban.ledger.faults import FAULT_CODES
from jieban.profile.model import Stage
from jieban.report.checks.model import Check, Result
from jieban.report.context import Context
from jieban.report.sentences import COMMA, SEMICOLON, join, sentence

HANDLINGS = "handlings.total"


def _check_intake(ctx: Context) -> Iterator[Check]:
    """Every row that was read is accepted, rejected or left out by rule."""
    for intake in ctx.details.intake:
        adds_up = intake.read == intake.accepted + intake.rejected + intake.left_out
        places = {
            "read": ctx.rows(intake.read, "ledger.read"),
            "accepted": ctx.rows(intake.accepted, "ledger.accepted"),
            "rejected": ctx.rows(intake.rejected, "ledger.rejected"),
            "left_out": ctx.rows(intake.left_out, "ledger.left_out"),
        }
        result = Result.WARNING if intake.rejected else Result.OK
        yield Check(
            id=f"rows.intake.{intake.table}",
            title=ctx.word("check.intake.title", table=intake.table),
            result=result if adds_up else Result.FAILED,
            detail=ctx.say("check.intake.detail", **places),
        )


def _check_flags(ctx: Context) -> Iterator[Check]:
    """Rows accepted with a doubt, by doubt."""
    flags = ctx.details.flags
    items = [
        ctx.say(
            "check.flags.item",
            table=flag.table,
            meaning=FAULT_CODES[flag.code],
            rows=ctx.rows(flag.rows, f"ledger.flags.{flag.code}"),
        )
        for flag in flags
    ]
    yield Check(
        id="rows.flags",
        title=ctx.word("check.flags.title"),
        result=Result.WARNING if flags else Result.OK,
        detail=ctx.say("check.flags.some", items=join(items, SEMICOLON))
        if items
        else ctx.say("check.flags.none"),
    )


def _check_outside(ctx: Context) -> Iterator[Check]:
    outside = ctx.details.outside
    yield Check(
        id="rows.outside",
        title=ctx.word("check.outside.title"),
        result=Result.NOTE if outside else Result.OK,
        detail=ctx.say("check.outside.some", rows=ctx.rows(outside, "ledger.outside"))
        if outside
        else ctx.say("check.outside.none"),
    )


def _check_disagreements(ctx: Context) -> Iterator[Check]:
    """Deadlines or findings that the file brought and that differ from the computed ones (ruling 8)."""
    facts = ctx.facts
    for name in ("orders.deadline_disagreements", "handlings.deadline_disagreements"):
        if not facts.has(name):
            continue
        some = facts.number(name) > 0
        yield Check(
            id=f"rows.{name}",
            title=facts.registry[name].label,
            result=Result.WARNING if some else Result.OK,
            detail=ctx.say(
                "check.disagreements.some" if some else "check.disagreements.none",
                count=facts.count(name),
            ),
            explanation=ctx.say(f"check.disagreements.{ctx.profile.counting.deadline_precedence.value}")
            if some
            else (),
        )


def _check_cutoff(ctx: Context) -> Iterator[Check]:
    """Whether the data reaches the period's end, and what is still open and not due."""
    facts = ctx.facts
    early = ctx.cutoff < ctx.period.instants(ctx.profile.clock.tz)[1]
    pending = [
        ctx.say(key, count=facts.count(name))
        for key, name in (
            ("check.cutoff.not_due_sign", "orders.not_due_sign"),
            ("check.cutoff.not_due_close", "orders.not_due_close"),
            ("check.cutoff.without_due", "orders.without_due_close"),
        )
        if facts.number(name)
    ]
    yield Check(
        id="rows.cutoff",
        title=ctx.word("check.cutoff.title"),
        result=Result.WARNING if early else Result.NOTE if pending else Result.OK,
        detail=sentence(
            [
                ctx.say("check.cutoff.early" if early else "check.cutoff.whole", cutoff=ctx.cutoff_words),
                *pending,
            ],
            separator=SEMICOLON,
        ),
    )


def _check_lists(ctx: Context) -> Iterator[Check]:
    """The lists of the annexes hold as many rows as the figures say."""
    facts, late = ctx.facts, ctx.details.late
    for name, listed in (
        ("handlings.late_sign", sum(1 for one in late if one.stage is Stage.SIGN)),
        ("handlings.late_close", sum(1 for one in late if one.stage is Stage.CLOSE)),
        ("orders.dissatisfied", len(ctx.details.dissatisfied)),
    ):
        if not facts.has(name):
            continue
        same = listed == facts.number(name)
        yield Check(
            id=f"lists.{name}",
            title=ctx.word("check.lists.title", list=facts.registry[name].label),
            result=Result.OK if same else Result.FAILED,
            detail=ctx.say(
                "check.lists.same" if same else "check.lists.differ",
                listed=ctx.rows(listed, f"list.{name}"),
                count=facts.count(name),
            ),
        )


def _check_tally(ctx: Context) -> Iterator[Check]:
    """Where assisting handlings don't count: what became of every handling of the period, against what was counted."""
    facts, tally = ctx.facts, ctx.details.handlings
    if not ctx.lead_only or not facts.has(HANDLINGS):
        return
    adds_up = tally.rows == tally.counted + tally.aside + tally.returned + tally.void
    right = adds_up and tally.counted == facts.number(HANDLINGS)
    parts = [
        ctx.say(f"check.tally.{name}", rows=ctx.rows(number, f"ledger.handlings.{name}"))
        for name, number in (
            ("counted", tally.counted),
            ("aside", tally.aside),
            ("returned", tally.returned),
            ("void", tally.void),
        )
        if number or name == "counted"
    ]
    yield Check(
        id="rows.handlings",
        title=ctx.word("check.tally.title"),
        result=Result.OK if right else Result.FAILED,
        detail=ctx.say(
            "check.tally.adds" if right else "check.tally.differs",
            rows=ctx.rows(tally.rows, "ledger.handlings"),
            parts=join(parts, COMMA),
            count=facts.count(HANDLINGS),
        ),
    )


def check_rows(ctx: Context) -> Iterator[Check]:
    """Everything that is told of rows rather than of figures."""
    yield from _check_intake(ctx)
    yield from _check_flags(ctx)
    yield from _check_outside(ctx)
    yield from _check_disagreements(ctx)
    yield from _check_cutoff(ctx)
    yield from _check_lists(ctx)
    yield from _check_tally(ctx)
