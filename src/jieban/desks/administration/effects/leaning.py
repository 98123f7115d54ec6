"""What leans on a thing of the city's lists: orders and months, reports and views, rules that name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qsl

from django.db.models import Count, Exists, Max, Min, Q

from jieban.desks.administration.declared.listings import LISTINGS, Listing
from jieban.desks.search.models import SavedView
from jieban.desks.studio.models import ENDED, Draft, Version
from jieban.kernel.i18n import listed, tr
from jieban.orders.models import Handling, Order
from jieban.orders.states import FOLLOWING
from jieban.people.city import city
from jieban.people.models import Post
from jieban.profile.city import Profile
from jieban.profile.documents.changes import Change, RowChange

LATELY = timedelta(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaning:
    """How many orders name a thing: all of them, in how many months since which, lately, and those not over."""

    whole: int
    months: int
    since: datetime | None
    lately: int
    running: int


def leaning(orders: Q, now: datetime) -> Leaning:
    """Counted by two statements. The first reads every order: to what most of them name, an index is no shorter way."""
    following = Q(state__in=[each.value for each in FOLLOWING])
    found = Order.objects.filter(orders).aggregate(
        whole=Count("pk"),
        since=Min("received_at"),
        last=Max("received_at"),
        lately=Count("pk", filter=Q(received_at__gte=now - LATELY)),
        running=Count("pk", filter=following),
    )
    last = found.pop("last")
    return Leaning(**found, months=0 if last is None else _months(orders, found["since"], last))


def _months(orders: Q, since: datetime, last: datetime) -> int:
    """In how many months some of the orders came in.

    Months are looked up one by one: sorting a million orders by theirs takes longer than all the rest of the page.
    """
    tz = city().clock.tz
    begins = [datetime(since.astimezone(tz).year, since.astimezone(tz).month, 1, tzinfo=tz)]
    while begins[-1] <= last:
        begins.append((begins[-1] + timedelta(days=31)).replace(day=1))
    there = {
        f"month_{n}": Exists(Order.objects.filter(orders, received_at__gte=begin, received_at__lt=end))
        for n, (begin, end) in enumerate(pairwise(begins))
    }
    # Of a row that surely is there: what is asked has nothing to do with it.
    one = Order.objects.filter(orders, received_at=since).annotate(**there).values_list(*there)[:1]
    return sum(one[0])


def orders_of(listing: Listing, code: str) -> Q:
    """The orders that name a thing of a list. A letter's channel is its mailbox."""
    return Q(**{listing.orders: code})


def told(name: str, of: Leaning) -> str:
    """How much leans on it."""
    if of.since is None:
        return tr("还没有工单用过“{name}”。", name=name)
    return tr(
        "“{name}”用于 {n} 件工单(自 {since} 起,{months} 个月里),近 90 天 {lately} 件,在办 {running} 件。",
        name=name,
        n=of.whole,
        since=f"{of.since.astimezone(city().clock.tz):%Y-%m}",
        months=of.months,
        lately=of.lately,
        running=of.running,
    )


def rules_naming(listing: Listing, code: str, profile: Profile) -> list[str]:
    """What of the city's rules names a thing that ends: it isn't asked for any more."""
    found: list[str] = []
    rules = {"types": "request_types", "channels": "channels"}.get(listing.id)
    if rules is not None:
        named = [each.id for each in profile.deadline_rules if code in getattr(each, rules)]
        if named:
            found.append(tr("时限规则 {names}", names=listed(named)))
    demands = profile.workflow.evidence.demands
    if listing.id == "types" and any(code in each.request_types for each in demands):
        found.append(tr("证据要求"))
    online = profile.workflow.online
    if listing.id == "channels" and online is not None and online.channel == code:
        found.append(tr("网上受理"))
    return found


def views_naming(listing: Listing, code: str) -> int:
    """Saved searches that ask for it."""
    asked = (listing.orders, code)
    queries = SavedView.objects.filter(query__contains=f"{listing.orders}={code}").values_list(
        "query", flat=True
    )
    return sum(asked in parse_qsl(each) for each in queries)


def reports_stay() -> str:
    """What was frozen or published goes by the city as it was then."""
    drafts = Draft.objects.exclude(stage__in=[each.value for each in ENDED]).exclude(snapshot="").count()
    versions = Version.objects.count()
    if not drafts and not versions:
        return ""
    kept = [tr("已冻结的 {n} 份报告草稿", n=drafts)] if drafts else []
    kept += [tr("已发布的 {m} 份报告", m=versions)] if versions else []
    return tr("{kept}不变:它们连同冻结时的配置存着。", kept="、".join(kept))


def kept_by_orders(changes: Sequence[Change]) -> str:
    """Why a thing can't be taken out of its list again: what leans on it. Empty where nothing does."""
    for each in changes:
        if not isinstance(each, RowChange) or each.now is not None:
            continue
        orders, others = _on(each)
        if orders or others:
            row = each.was or {}
            name = row.get("name") or row.get("subtopic_name") or row.get("topic_name") or each.key[-1]
            return tr("“{name}”已经用于 {n} 件工单、{m} 个岗位,不能删去。", name=name, n=orders, m=others)
    return ""


def _on(change: RowChange) -> tuple[int, int]:
    """Orders, or a unit's handlings, and posts that name what a row was of."""
    code = change.key[-1]
    if change.document == "units.csv":
        return Handling.objects.filter(unit=code).count(), Post.objects.filter(unit=code).count()
    if change.document == "topics.csv":
        scheme, topic, subtopic = change.key
        boxes = [each.code for each in city().mailboxes.values() if each.scheme == scheme]
        within = Q(mailbox__in=boxes) if scheme != city().order_scheme else Q(mailbox__isnull=True)
        asked = Q(topic=topic, subtopic=subtopic) if subtopic else Q(topic=topic)
        return Order.objects.filter(within & asked).count(), 0
    about = next((each for each in LISTINGS.values() if each.document == change.document), None)
    if about is None or not about.days:
        return 0, 0
    return Order.objects.filter(orders_of(about, code)).count(), 0
