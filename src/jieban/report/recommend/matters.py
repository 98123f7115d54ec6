"""Strategies on what citizens ask for: great and growing topics, hot spots, mailboxes."""

from jieban.indicators.model import Window
from jieban.report.build.phrases import change_short, listing, named
from jieban.report.build.sections.mailboxes import RECEIVED, mailbox_topics
from jieban.report.build.sections.topics import topics_by_count
from jieban.report.context import UNKNOWN, Context
from jieban.report.recommend.strategy import Findings, Strategy, Thresholds, strategy

ORDERS = "orders.total"
_CHANGES = {Window.YEAR_BEFORE: "orders.change_year_before", Window.PREVIOUS: "orders.change_previous"}


def _topic_share(ctx: Context, limits: Thresholds) -> Findings | None:
    """Topics that make a great part of all orders."""
    facts = ctx.facts
    if facts.number(ORDERS) < limits.whole("minimum"):
        return None
    items = [
        ctx.say(
            "advice.share",
            name=ctx.topic(code),
            count=facts.count(ORDERS, topic=code),
            share=share,
        )
        for code, _ in topics_by_count(ctx)
        if (share := facts.share(ORDERS, topic=code)) is not None and (share.value or 0) >= limits["share"]
    ]
    return {"topics": listing(items)} if items else None


def _topic_growth(ctx: Context, limits: Thresholds) -> Findings | None:
    """Topics that grew steeply, on the year before where any is known, else on the period before."""
    facts = ctx.facts
    for indicator in _CHANGES.values():
        known = [(code, facts.change(indicator, topic=code)) for code, _ in topics_by_count(ctx)]
        if not any(found for _, found in known):
            continue
        grown = [
            (code, found)
            for code, found in known
            if found is not None
            and facts.number(ORDERS, topic=code) >= limits.whole("minimum")
            and (found.percent.value or 0) >= limits["percent"]
        ]
        if not grown:
            return None
        grown.sort(key=lambda item: -(item[1].percent.value or 0))
        return {
            "topics": listing(
                named(ctx, ctx.topic(code), facts.count(ORDERS, topic=code), change_short(ctx, found))
                for code, found in grown
            )
        }
    return None


def _hot_spots(ctx: Context, limits: Thresholds) -> Findings | None:
    """Places that bring a great part of one topic."""
    facts = ctx.facts
    spots = []
    for (topic, street), value in facts.rows(ORDERS, "topic", "street"):
        if street == UNKNOWN or not value.value or value.value < limits.whole("minimum"):
            continue
        share = facts.share_within(ORDERS, "topic", topic=topic, street=street)
        if share is not None and (share.value or 0) >= limits["share"]:
            spots.append((int(value.value), topic, street, share))
    if not spots:
        return None
    position, place = ctx.profile.order_topics.position, ctx.profile.streets.position
    spots.sort(key=lambda spot: (-spot[0], position(spot[1]), place(spot[2])))
    return {
        "spots": listing(
            ctx.say(
                "advice.spot",
                street=ctx.street(street),
                topic=ctx.topic(topic),
                count=facts.count(ORDERS, topic=topic, street=street),
                share=share,
            )
            for _, topic, street, share in spots[: max(limits.whole("named"), 1)]
        )
    }


def _mailbox_topic(ctx: Context, limits: Thresholds) -> Findings | None:
    """A topic that makes a great part of a mailbox's letters."""
    facts = ctx.facts
    items = []
    for mailbox in ctx.profile.mailboxes:
        for topic, count in mailbox_topics(ctx, mailbox):
            share = facts.share_within(RECEIVED, "mailbox", mailbox=mailbox, topic=topic)
            if share is None or count < limits.whole("minimum") or (share.value or 0) < limits["share"]:
                continue
            items.append(
                ctx.say(
                    "advice.letters",
                    mailbox=ctx.profile.mailboxes[mailbox].name,
                    topic=ctx.topic(topic, ctx.profile.mailboxes[mailbox].scheme),
                    count=facts.count(RECEIVED, mailbox=mailbox, topic=topic),
                    share=share,
                )
            )
    return {"topics": listing(items)} if items else None


MATTERS: dict[str, Strategy] = {
    "topic_share": strategy(_topic_share, thresholds="minimum share", places="topics"),
    "topic_growth": strategy(_topic_growth, thresholds="minimum percent", places="topics"),
    "hot_spots": strategy(_hot_spots, thresholds="minimum share named", places="spots"),
    "mailbox_topic": strategy(_mailbox_topic, thresholds="minimum share", places="topics"),
}
