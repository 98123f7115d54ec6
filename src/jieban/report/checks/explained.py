"""Figures that a reader could take for a contradiction, each with the sentence that explains it."""

from collections.abc import Iterator

from jieban.report.checks.model import Check, Result
from jieban.report.checks.sums import share_sum
from jieban.report.context import Context
from jieban.report.document import Measure
from jieban.report.facts import WHOLE
from jieban.report.sentences import Runs, join

ORDERS = "orders.total"
HANDLINGS = "handlings.total"


def explain_handlings(ctx: Context) -> Runs:
    """Why there are more handlings than orders, nothing where there aren't; or that the lead's alone count."""
    facts = ctx.facts
    if ctx.lead_only:
        return _lead_only(ctx) if facts.number(HANDLINGS) else ()
    average = facts.figure("handlings.per_order")
    if average is None or not facts.number(HANDLINGS) > facts.number(ORDERS) > 0:
        return ()
    return ctx.say(
        "explain.handlings",
        orders=facts.count(ORDERS),
        handlings=facts.count(HANDLINGS),
        average=average,
    )


def _lead_only(ctx: Context) -> Runs:
    facts, rows = ctx.facts, ctx.details.handlings.aside
    said = ctx.say(
        "explain.lead_only",
        handlings=facts.count(HANDLINGS),
        aside=ctx.say("explain.aside", rows=ctx.rows(rows, "ledger.handlings.aside")) if rows else (),
    )
    late = facts.number("orders.late_close") > facts.number("handlings.late_close")
    differs = facts.number(ORDERS) != facts.number(HANDLINGS)
    return join(
        [
            said,
            ctx.say("explain.lead_only_late") if late and facts.has("handlings.late_close") else (),
            ctx.say("explain.lead_only_differs", orders=facts.count(ORDERS)) if differs else (),
        ]
    )


def explain_levels(ctx: Context, stage: str) -> Runs:
    """Why the order's rate doesn't show what was late at the units; nothing where no handling was late."""
    facts = ctx.facts
    rate = facts.figure(f"orders.on_time_{stage}")
    unit_rate = facts.figure(f"handlings.on_time_{stage}")
    if rate is None or unit_rate is None or rate.value == unit_rate.value:
        return ()
    if not facts.number(f"handlings.late_{stage}"):
        return ()
    return ctx.say(
        f"explain.levels_{stage}",
        rate=rate,
        unit_rate=unit_rate,
        late=facts.count(f"handlings.late_{stage}"),
    )


def _dimension_names(ctx: Context) -> Iterator[tuple[str, str, str, str]]:
    """(type code, topic, subtopic, word) for every name that is both a request type and a (sub)topic."""
    types = {ctx.request_type(code): code for code in ctx.facts.parts(ORDERS, "request_type")}
    for topic in ctx.facts.parts(ORDERS, "topic"):
        if (name := ctx.topic(topic)) in types:
            yield types[name], topic, "", name
    for (topic, subtopic), value in ctx.facts.rows(ORDERS, "topic", "subtopic"):
        found = ctx.profile.subtopics(ctx.profile.order_scheme, topic).get(subtopic)
        if value.value and found is not None and not found.last and found.name in types:
            yield types[found.name], topic, subtopic, found.name


def explain_dimensions(ctx: Context) -> Iterator[Runs]:
    """Why one word has two figures: 表扬 as a request type and as a subtopic."""
    facts = ctx.facts
    for request_type, topic, subtopic, name in _dimension_names(ctx):
        cut = {"topic": topic, "subtopic": subtopic} if subtopic else {"topic": topic}
        if facts.number(ORDERS, request_type=request_type) != facts.number(ORDERS, **cut):
            yield ctx.say(
                "explain.dimensions",
                name=name,
                topic=ctx.topic(topic),
                type_count=facts.count(ORDERS, request_type=request_type),
                topic_count=facts.count(ORDERS, **cut),
            )


def explain_satisfaction(ctx: Context) -> Runs:
    """Why 满意率 isn't the rate among those called back; nothing where both are the same."""
    facts = ctx.facts
    rate, called_back = (
        facts.figure(f"orders.{name}") for name in ("satisfaction", "satisfaction_called_back")
    )
    if rate is None or called_back is None or rate.value == called_back.value:
        return ()
    return ctx.say(
        "explain.satisfaction",
        rate=rate,
        denominator=facts.part("orders.satisfaction", Measure.DENOMINATOR),
        called_back=called_back,
        reached=facts.part("orders.satisfaction_called_back", Measure.DENOMINATOR),
    )


def explain_shares(ctx: Context) -> Runs:
    """That shares may miss 100% by rounding; nothing where the printed ones don't."""
    for by in ("request_type", "topic"):
        found = share_sum(ctx, ORDERS, by)
        if found is not None and found[0] != WHOLE:
            return ctx.say("explain.shares")
    return ()


def explain_letters(ctx: Context) -> Runs:
    """That letters are counted apart."""
    if not ctx.facts.number("letters.received"):
        return ()
    return ctx.say("explain.letters", letters=ctx.facts.count("letters.received"))


def explain_changes(ctx: Context) -> Runs:
    """That a change against a base of another period is named for it."""
    facts = ctx.facts
    both = [facts.change(f"orders.{name}") for name in ("change_previous", "change_year_before")]
    if any(found is None for found in both):
        return ()
    return ctx.say("explain.changes")


def check_explained(ctx: Context) -> Iterator[Check]:
    """Each apparent contradiction that these figures hold, as a note."""
    if said := explain_handlings(ctx):
        yield Check(
            id="explained.handlings",
            title=ctx.word("check.lead_only.title" if ctx.lead_only else "check.handlings.title"),
            result=Result.NOTE,
            detail=said,
        )
    for stage in ("sign", "close"):
        if said := explain_levels(ctx, stage):
            yield Check(
                id=f"explained.levels_{stage}",
                title=ctx.word(f"check.levels_{stage}.title"),
                result=Result.NOTE,
                detail=said,
            )
    if said := explain_satisfaction(ctx):
        yield Check(
            id="explained.satisfaction",
            title=ctx.word("check.satisfactions.title"),
            result=Result.NOTE,
            detail=said,
        )
    for number, said in enumerate(explain_dimensions(ctx), start=1):
        yield Check(
            id=f"explained.dimensions.{number}",
            title=ctx.word("check.dimensions.title"),
            result=Result.NOTE,
            detail=said,
        )
