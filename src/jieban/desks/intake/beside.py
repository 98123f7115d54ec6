"""What stands beside the form in a call: the caller's orders, similar ones, deadlines, what the words suggest."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count

from jieban.desks.intake import choices
from jieban.desks.intake.form import CallForm
from jieban.desks.intake.mentions import Mention, mentioned
from jieban.desks.knowledge.articles.citing import Cited, cited_of
from jieban.desks.knowledge.pages.offers import Offered, offered
from jieban.desks.queues.find import running
from jieban.desks.queues.queue import Entry
from jieban.desks.queues.rows import Row, rows_of
from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Role as Part
from jieban.orders.access import find_by_phone, orders_for
from jieban.orders.actions.record import Request
from jieban.orders.clocks import Run, due_or_provisional, rule_for
from jieban.orders.masking import masked_name
from jieban.orders.models import Handling, Order, OrderSecret
from jieban.orders.repeats import earlier_by_person, earlier_on_matter
from jieban.orders.search.similar import similar_orders
from jieban.orders.secrets import contact_of, lock_of, phone_digits
from jieban.orders.states import FOLLOWING, GONE, RepeatBy
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.profile.model import Level, Stage

LEAST_DIGITS = 7
"""Of a number before its caller is looked up: a local one. Fewer would be half a number."""
MOST_ORDERS = 20
"""Of a caller, the latest: more nobody looks through during a call."""
MOST_SIMILAR = 8
_MOST_SUGGESTED = 3
_MOST_TOPICS = 2
_MOST_NAMED = 12
_LEAST_SAID = 4
LOOKED_BACK = timedelta(days=90)
_LATEST = 2000
"""How many orders are looked through for who usually handles a topic: a bound, however many there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """An order beside the form; `by` is how it may be linked as repeated, None where it may not.

    `why` says what is alike.
    """

    row: Row
    received_at: datetime
    by: RepeatBy | None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Similar orders; `topics` is what most of those that read alike were about, until a topic is chosen."""

    rows: tuple[Beside, ...]
    topics: tuple[tuple[choices.Choice, int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who calls: the names they gave, masked, their open orders, those that are over, and how many there are in all."""

    names: tuple[str, ...]
    open: tuple[Beside, ...]
    over: tuple[Beside, ...]
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """A deadline as it would be set now."""

    name: str
    exact: str
    span: str
    provisional: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """Deadlines of the unit and of the order if it were dispatched now; empty until type and urgency are known.

    `topics` and `places` are what the words name, `units` units that they name; `usual` who leads most orders of the
    topic `of` (the chosen one, else the first that is named), in how many of how many.
    """

    unit: tuple[Owed, ...]
    order: tuple[Owed, ...]
    topics: tuple[Mention, ...]
    places: tuple[Mention, ...]
    units: tuple[Mention, ...]
    of: str
    usual: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Articles:
    """What of the knowledge base stands beside the form, None until it can be said; and what the answer cites."""

    offered: tuple[Offered, ...] | None
    cited: tuple[Cited, ...]


def caller_of(form: CallForm, actor: Actor, now: datetime) -> Caller | None:
    """The orders of whoever calls; None until the number is one. A handful of queries. Raises NotAllowed."""
    request = form.request()
    phone = request.contact.phone or ""
    if len(phone_digits(phone)) < LEAST_DIGITS:
        return None
    found = find_by_phone(actor, phone)
    latest = list(found.order_by("-received_at", "-pk")[:MOST_ORDERS])
    may = {each.order for each in earlier_by_person(of=request, actor=actor, now=now)}
    by = {each.number: RepeatBy.PERSON for each in latest if each.number in may}
    beside = _beside(latest, actor, now, by, {})
    going = {each.number for each in latest if each.state in FOLLOWING}
    return Caller(
        names=_names(latest),
        open=tuple(each for each in beside if each.row.number in going),
        over=tuple(each for each in beside if each.row.number not in going),
        total=len(latest) if len(latest) < MOST_ORDERS else found.count(),
    )


def _names(orders: Iterable[Order]) -> tuple[str, ...]:
    keys, found = keyring(), []
    for secret in OrderSecret.objects.filter(order__in=orders).select_related("order").order_by("-order_id"):
        lock = lock_of(secret, secret.order.number, keys)
        name = contact_of(lock, secret).name if lock is not None else None
        if name:
            found.append(masked_name(name))
    return tuple(dict.fromkeys(found))


def similar_to(form: CallForm, actor: Actor, now: datetime) -> Alike | None:
    """Orders that read alike or are of the same street, topic and subtopic; those that are both come first.

    None until it can be said what they would be similar to. They may be linked where the city counts such repeats.
    """
    request = form.request()
    said = _said(request)
    if len(said) < _LEAST_SAID and not (request.topic and request.street):
        return None
    alike = [each.number for each in similar_orders(actor, said, now - LOOKED_BACK, most=MOST_SIMILAR)]
    same = [each.order for each in earlier_on_matter(of=request, actor=actor, now=now)]
    both = [each for each in alike if each in same]
    numbers = list(dict.fromkeys((*both, *alike, *same)))[:MOST_SIMILAR]
    found = {each.number: each for each in orders_for(actor).filter(number__in=numbers)}
    may = dict.fromkeys(numbers, RepeatBy.MATTER) if city().workflow.repeats.same_matter else {}
    why = {
        each: [
            *([tr("文字相近")] if each in alike else []),
            *([tr("同类同地")] if each in same else []),
        ]
        for each in numbers
    }
    reads = [found[each] for each in alike if each in found]
    return Alike(
        rows=_beside([found[each] for each in numbers if each in found], actor, now, may, why),
        topics=() if request.topic else _topics_of(reads, choices.all_of(form.topics)),
    )


def _topics_of(
    orders: Iterable[Order], there: Iterable[choices.Choice]
) -> tuple[tuple[choices.Choice, int, int], ...]:
    """What most of some orders were about: a choice, of how many, of how many; the most frequent first."""
    known = {each.value: each for each in there}
    named = Counter(
        choices.WITHIN.join(filter(None, (each.topic, each.subtopic)))
        for each in orders
        if each.mailbox is None
    )
    common = [(value, n) for value, n in named.most_common() if value in known]
    return tuple((known[value], n, named.total()) for value, n in common[:_MOST_TOPICS])


def _said(request: Request) -> str:
    matter = request.matter
    return " ".join(text for text in (matter.content, matter.summary, matter.address) if text)


def _beside(
    orders: Iterable[Order],
    actor: Actor,
    now: datetime,
    by: Mapping[str, RepeatBy],
    why: Mapping[str, Iterable[str]],
) -> tuple[Beside, ...]:
    there = list(orders)
    due = dict(running(Level.ORDER, Stage.CLOSE).filter(order__in=there).values_list("order_id", "due_at"))
    entries = [Entry(order=each.pk, handling=None, at=due.get(each.pk)) for each in there]
    received = {each.number: each.received_at for each in there}
    return tuple(
        Beside(
            row=row,
            received_at=received[row.number],
            by=by.get(row.number),
            why=tuple(why.get(row.number, ())),
        )
        for row in rows_of(entries, actor, now, due=True)
    )


def preview_of(form: CallForm, actor: Actor, now: datetime) -> Preview:
    """Deadlines if it were dispatched now, and what words and experience suggest. At most one query."""
    request = form.request()
    said = _said(request)
    last = frozenset(value for group in form.topics for value in group.last)
    there = tuple(choices.all_of(form.topics))
    topics = mentioned(said, (each for each in there if each.value not in last), most=_MOST_SUGGESTED)
    chosen = form.cleaned_data.get("topic") or next((each.choice.value for each in topics), "")
    known = bool(request.request_type and request.channel)
    return Preview(
        unit=_owed(request, Level.HANDLING, now) if known else (),
        order=_owed(request, Level.ORDER, now) if known else (),
        topics=topics,
        places=_places(said, form.places),
        units=mentioned(said, form.units, most=_MOST_SUGGESTED),
        of=next((each.name for each in there if each.value == chosen), ""),
        usual=_usual(chosen, actor, now) if chosen else (),
    )


def _places(said: str, groups: Sequence[choices.Group]) -> tuple[Mention, ...]:
    """The places that a text names: of a street and what lies in it the latter, of names in two streets both."""
    found = mentioned(said, choices.all_of(groups), most=_MOST_NAMED)
    streets = [each for each in found if choices.parted(each.choice.value)[1] is None]
    inner = [each for each in found if each not in streets]
    named = {each.choice.value for each in streets}
    there = [each for each in inner if choices.parted(each.choice.value)[0] in named]
    if there or streets:
        return tuple((there or streets)[:1])
    street = {each.value: group.name for group in groups for each in group.choices}
    return tuple(
        Mention(
            choice=replace(one.choice, name=f"{street[one.choice.value]} {one.choice.name}"), word=one.word
        )
        for one in inner[:_MOST_SUGGESTED]
    )


def articles_for(form: CallForm, _actor: Actor, now: datetime) -> Articles:
    """What the knowledge base has on the matter, or on the words that are sought in it. Four queries at most."""
    request, sought = form.request(), form.cleaned_data.get("sought", "")
    said, chosen = _said(request), form.cleaned_data.get("topic") or ""
    named = mentioned(said, choices.all_of(form.topics), most=_MOST_SUGGESTED) if not chosen else ()
    topics = [chosen] if chosen else [each.choice.value for each in named]
    known = bool(sought or topics or len(said) >= _LEAST_SAID)
    return Articles(
        offered=offered(sought, said, topics, now) if known else None,
        cited=cited_of(form.cites, words.local(now).date()),
    )


def _owed(request: Request, level: Level, now: datetime) -> tuple[Owed, ...]:
    profile, owed = city(), []
    for stage in Stage:
        rule = rule_for(
            profile,
            level,
            stage,
            request_type=request.request_type,
            urgency=request.urgency.value,
            channel=request.channel,
            at=now,
        )
        due = due_or_provisional(Run(rule=rule.id, span=rule.span, started_at=now), profile.clock)
        owed.append(
            Owed(
                name=words.stage(stage.value),
                exact=words.moment(due.at),
                span=words.span_words(due.at - now),
                provisional=due.provisional,
            )
        )
    return tuple(owed)


def _usual(chosen: str, actor: Actor, now: datetime) -> tuple[tuple[str, int, int], ...]:
    """Who leads most of the latest orders of a topic and subtopic: the unit's name, how many, of how many."""
    topic, subtopic = choices.parted(chosen)
    latest = orders_for(actor).filter(received_at__gte=now - LOOKED_BACK).order_by("-received_at", "-pk")
    same = Order.objects.filter(
        pk__in=latest.values("pk")[:_LATEST], mailbox=None, topic=topic, subtopic=subtopic
    )
    led = Handling.objects.filter(order__in=same, part=Part.LEAD.value).exclude(state__in=sorted(GONE))
    counts = list(led.values_list("unit").annotate(n=Count("pk")).order_by("-n", "unit"))
    total = sum(n for _, n in counts)
    return tuple((words.unit(unit, now), n, total) for unit, n in counts[:_MOST_SUGGESTED])


def looked_at(panel: str, form: CallForm, actor: Actor, now: datetime) -> object:
    """What a panel shows for a form as far as it is filled in. Raises KeyError for a panel that isn't there."""
    shown = {"caller": caller_of, "similar": similar_to, "preview": preview_of, "articles": articles_for}
    return shown[panel](form, actor, now)
