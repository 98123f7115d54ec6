"""Filing: a form becomes an order, once, however often it is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jieban.desks.citizen import challenge
from jieban.desks.citizen.guess import guessed_topic, topic_of_others
from jieban.desks.shell import moment
from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import order_for
from jieban.orders.actions.record import Recorded, Request, record_order
from jieban.orders.requesters import reference_of
from jieban.orders.secrets import Contact, Matter
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.profile.model import Mailbox
from jieban.profile.workflow import OnlineDoor


class NotOnline(JiebanError):
    """The city takes no requests on the web."""

    code = "desks.not_online"
    exit_code = Exit.BAD_PROFILE


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """What came in with a form: `form` is its id, `again` the actor and number of an order that is asked again."""

    given: dict[str, Any]
    form: str
    mailbox: Mailbox | None
    again: tuple[Actor, str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """The order, and who may follow it. `code` is None where it is followed as before, or by telephone number."""

    recorded: Recorded
    actor: Actor
    code: str | None


def open_door() -> OnlineDoor | None:
    """What a filing counts as today; None for a city that takes none, or has ended the channel with no successor."""
    profile, online = city(), city().workflow.online
    if online is None:
        return None
    today = profile.clock.local_date(moment.now())
    channel = profile.channels.carried_on_by(online.channel, today)
    if not profile.channels[channel].validity.covers(today):
        return None
    return OnlineDoor(channel=channel, topic=profile.order_topics.carried_on_by(online.topic, today))


def door() -> OnlineDoor:
    """As `open_door`. Raises NotOnline."""
    online = open_door()
    if online is None:
        raise NotOnline(
            tr("本市没有开通网上提交。"), fix=tr("请拨打{hotline}。", hotline=city().publication.hotline)
        )
    return online


def file_request(filing: Filing, now: datetime) -> Filed:
    """Record the request. Raises what `record_order` raises; the same form twice is the same order."""
    given = filing.given
    code = challenge.code_of(filing.form)
    actor = filing.again[0] if filing.again is not None else Actor.citizen(reference_of(code))
    anonymous = bool(given["anonymous"])
    topic, subtopic = topic_of(filing, now)
    request = Request(
        channel=door().channel if filing.mailbox is None else filing.mailbox.code,
        mailbox=filing.mailbox.code if filing.mailbox is not None else None,
        request_type=given["kind"],
        topic=topic,
        subtopic=subtopic,
        street=given["street"] or None,
        matter=Matter(content=given["content"], address=given["address"].strip() or None),
        contact=Contact()
        if anonymous
        else Contact(name=given["name"].strip() or None, phone=given["phone"].strip()),
        anonymous=anonymous,
        channel_ref=filing.form,
        repeat_of=filing.again[1] if filing.again is not None else None,
    )
    recorded = record_order(request=request, actor=actor, now=now)
    # What was sent before is what stands, whatever the form says now.
    shown = order_for(actor, recorded.order).anonymous and filing.again is None
    return Filed(recorded=recorded, actor=actor, code=code if shown else None)


def topic_of(filing: Filing, now: datetime) -> tuple[str, str | None]:
    """What was chosen; else what the words tell; else what the profile names: its door's topic, a mailbox's others.

    The form asks for a topic where a mailbox has none for all others, so that nothing is made up.
    """
    scheme = city().order_scheme if filing.mailbox is None else filing.mailbox.scheme
    chosen: str = filing.given["topic"]
    found = guessed_topic(scheme, filing.given["content"], now)
    if chosen:
        return chosen, found[1] if found is not None and found[0] == chosen else None
    if found is not None:
        return found
    if filing.mailbox is None:
        return door().topic, None
    others = topic_of_others(scheme, now)
    if others is None:
        raise ValueError(f"a letter without a topic, and {scheme} has none for others")
    return others, None
