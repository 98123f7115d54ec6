"""What the desks' benchmark visits: every page whose work could grow with the number of orders, by kinds.

A visit is a whole request: the session, the database, opening what is sealed, drawing the page. Nothing is sent over a
network, and no browser draws anything.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from desk_ground import AT, MONTH

LEAST = 40
"""Visits of each kind at least, of which the 95th percentile is told."""
_ORDERS = 30


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Visits of a kind, and the milliseconds that at most one in twenty may exceed."""

    name: str
    bar: float
    visits: Sequence[Callable[[], Any]]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Milliseconds that visits took, each: by the clock, and of processors, ours and the database's."""

    wall: list[float]
    worked: list[float]


def taken(kind: Kind) -> Taken:
    """What each visit takes, all of them as often as makes enough; the first round isn't counted."""
    rounds = -(-LEAST // len(kind.visits))
    wall, worked = [], []
    for turn in range(rounds + 1):
        processes = _backends()
        for visit in kind.visits:
            began, busy = time.perf_counter(), _worked(processes)
            visit()
            if turn:
                wall.append((time.perf_counter() - began) * 1000)
                worked.append((_worked(processes) - busy) * 1000)
    return Taken(wall=wall, worked=worked)


def _backends() -> list[Path]:
    """Where the system tells how much the database's processes for us have worked."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]


def _worked(processes: Sequence[Path]) -> float:
    """Seconds of processor time so far. Where a process is gone, or the system tells nothing, only our own."""
    found = time.process_time()
    for process in processes:
        with suppress(OSError):
            found += int(process.read_text("ascii").split()[0]) / 1e9
    return found


def browsers() -> Callable[..., Any]:
    """Gives a browser in which somebody of a role (of a unit) is signed in; the desks' clock stands in May."""
    from datetime import UTC, datetime

    from django.conf import settings
    from django.test import Client

    from jieban.people.accounts import add_account, give_post
    from jieban.people.city import city
    from jieban.people.models import Account

    settings.JIEBAN_CLOCK_SHIFT = AT - datetime.now(UTC)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.JIEBAN_TWO_STEP_ROLES = frozenset()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    known: dict[tuple[str, str | None], Any] = {}

    def browser(role: Any, unit: str | None = None) -> Any:
        key = (role.value, unit)
        if key not in known:
            name = "-".join(("bench", role.value.replace("_", "-"), *([unit.lower()] if unit else [])))[:32]
            account = Account.objects.filter(username=name).first()
            if account is None:
                account = add_account(username=name, display_name=role.value, now=AT)
                give_post(account=account, role=role, unit=unit, first=AT.date(), last=None, profile=city())
            known[key] = Client()
            known[key].force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return known[key]

    return browser


def getting(browser: Any, path: str, **given: str) -> Callable[[], Any]:
    """A visit that must succeed."""
    address = f"{path}?{urlencode(given)}" if given else path

    def visit() -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        _ = answer.content

    return visit


def sending(browser: Any, path: str, given: dict[str, str]) -> Callable[[], Any]:
    """A form that is sent and must be answered."""

    def visit() -> None:
        answer = browser.post(path, given, HTTP_HX_REQUEST="true")
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")

    return visit


def largest_units() -> tuple[str, str]:
    """The unit with most in hand, and the one that ever had most."""
    from django.db.models import Count

    from jieban.orders.models import Handling
    from jieban.orders.states import OPEN

    def first(found: Any) -> str:
        counted = found.values("unit").annotate(n=Count("id")).order_by("-n", "unit")
        return str(counted[0]["unit"])

    return first(Handling.objects.filter(state__in=sorted(OPEN))), first(Handling.objects.all())


def kinds(samples: dict[str, Sequence[str]]) -> Iterator[Kind]:
    """Every kind of page."""
    from jieban.people.roles import Role

    browser = browsers()
    busy, large = largest_units()
    yield from _queues(browser, busy, large)
    yield from _orders(browser, samples["numbers"])
    yield from _supervision(browser, busy, large)
    yield from _call(browser, samples)
    yield from _citizens(samples["numbers"])
    leader = browser(Role.LEADER)
    month = [
        getting(leader, "/desk/month/", period=MONTH),
        getting(leader, "/desk/month/wall/", period=MONTH),
    ]
    yield Kind(name="the leader's page and wall", bar=300, visits=month)
    behind = [
        getting(browser(Role.SUPERVISOR), "/desk/month/orders/", period=MONTH, of=of)
        for of in ("orders.total", "orders.dissatisfied", "handlings.late_close")
    ]
    yield Kind(name="the orders behind a figure of the month", bar=60, visits=behind)
    yield _edits(browser(Role.ADMINISTRATOR))


def _edits(her: Any) -> Kind:
    """What edits would do to all the orders that name what they are of: told before they are saved, which none is."""
    from jieban.people.city import city

    last = {"valid_to": AT.date().isoformat(), "merged_into": "", "why": "bench", "do": "preview"}
    profile = city()
    visits = [
        sending(her, f"/desk/administration/{listing}/{next(iter(known))}/end/", last)
        for listing, known in (
            ("channels", profile.channels),
            ("types", profile.request_types),
            ("mailboxes", profile.mailboxes),
            ("streets", profile.streets),
            (f"topics/{profile.order_scheme}", profile.order_topics),
        )
    ]
    days = dict.fromkeys(("person_days", "evidence_days", "withdrawn_days"), "365")
    terms = {**days, "first_day": AT.date().isoformat()}
    visits.append(
        sending(
            her,
            "/desk/administration/templates/retention/edit/",
            {**terms, "why": "bench", "do": "preview"},
        )
    )
    return Kind(name="what an edit of the city would do", bar=2000, visits=visits)


def _queues(browser: Any, busy: str, large: str) -> Iterator[Kind]:
    from jieban.desks.callback.queues import QUEUES as CALLBACK
    from jieban.desks.dispatch.queues import QUEUES as DISPATCH
    from jieban.desks.review.queues import QUEUES as REVIEW
    from jieban.desks.supervision.queues import QUEUES as SUPERVISION
    from jieban.desks.unit.queues import queues_of
    from jieban.people.actor import Actor
    from jieban.people.roles import Role

    for desk, role, queues in (
        ("dispatch", Role.DISPATCHER, DISPATCH),
        ("review", Role.REVIEWER, REVIEW),
        ("callback", Role.CALLBACK_AGENT, CALLBACK),
        ("supervision", Role.SUPERVISOR, SUPERVISION),
    ):
        visits = [getting(browser(role), f"/desk/{desk}/", queue=queue.id) for queue in queues]
        yield Kind(name=f"queues, {desk}", bar=60, visits=visits)
    for told, unit in (("most in hand", busy), ("most ever", large)):
        head = Actor(account=1, name="", posts=frozenset({(Role.HEAD, unit)}))
        visits = [getting(browser(Role.HEAD, unit), "/desk/unit/", queue=q.id) for q in queues_of(head)]
        yield Kind(name=f"queues, the unit with {told}", bar=60, visits=visits)
    mine = [
        getting(browser(Role.SUPERVISOR), "/desk/supervision/", queue=q.id, unit=busy) for q in SUPERVISION
    ]
    yield Kind(name="queues, supervision of a unit", bar=60, visits=mine)


def _orders(browser: Any, numbers: Sequence[str]) -> Iterator[Kind]:
    from jieban.orders.models import Handling, Order
    from jieban.orders.states import FOLLOWING
    from jieban.people.roles import Role

    chance = random.Random(2)  # noqa: S311  # a sample for a benchmark
    going = list(Order.objects.filter(state__in=sorted(FOLLOWING)).values_list("number", flat=True)[:_ORDERS])
    old = chance.sample(list(numbers), _ORDERS)
    for told, wanted in (("under way", going), ("of long ago", old)):
        visits = [getting(browser(Role.REVIEWER), f"/desk/orders/{number}/") for number in wanted]
        yield Kind(name=f"an order's page, {told}", bar=60, visits=visits)
    beside = [getting(browser(Role.DISPATCHER), f"/desk/dispatch/{number}/") for number in going]
    yield Kind(name="a queue with an order open beside it", bar=60, visits=beside)
    held = Handling.objects.filter(order__number__in=[*going, *old], state="closed")
    theirs = dict(held.values_list("unit", "order__number"))
    visits = [
        getting(browser(Role.LIAISON, unit), f"/desk/orders/{number}/") for unit, number in theirs.items()
    ]
    yield Kind(name="an order's page, by its unit", bar=60, visits=visits)


def _supervision(browser: Any, busy: str, large: str) -> Iterator[Kind]:
    from jieban.people.roles import Role

    her = browser(Role.SUPERVISOR)
    yield Kind(name="what will be late, by unit", bar=60, visits=[getting(her, "/desk/supervision/units/")])
    ledgers = [
        getting(her, "/desk/supervision/ledger/", unit=unit, state=state, page=page)
        for unit in (busy, large)
        for state in ("open", "closed")
        for page in ("1", "3")
    ]
    yield Kind(name="the ledger of a unit", bar=60, visits=ledgers)
    yield Kind(name="hot places", bar=60, visits=[getting(her, "/desk/supervision/hot/")])
    from jieban.desks.supervision.hot import places

    hottest = places(AT)[0]
    at = {"street": hottest.street, "topic": hottest.topic}
    visits = [getting(her, "/desk/supervision/hot/orders/", **at, page=page) for page in ("1", "2")]
    yield Kind(name="the orders of a hot place", bar=60, visits=visits)


def _call(browser: Any, samples: dict[str, Sequence[str]]) -> Iterator[Kind]:
    from jieban.orders.models import Order
    from jieban.people.roles import Role

    her, chance = browser(Role.OPERATOR), random.Random(3)  # noqa: S311  # as above
    yield Kind(name="the form of a call", bar=60, visits=[getting(her, "/desk/intake/")])
    callers = [
        sending(her, "/desk/intake/caller/", {"phone": phone})
        for phone in chance.sample(list(samples["phones"]), _ORDERS)
    ]
    yield Kind(name="who calls", bar=100, visits=callers)
    lately = list(
        Order.objects.filter(mailbox=None, street__isnull=False)
        .order_by("-received_at")
        .values_list("topic", "subtopic", "street")[:_ORDERS]
    )
    said = [text[:60] for text in chance.sample(list(samples["contents"]), _ORDERS)]
    told = [
        {
            "content": text,
            "topic": "/".join(part for part in (topic, subtopic) if part),
            "street": street,
            "place": street,
            "request_type": "complaint",
            "urgency": "normal",
            "channel": "phone",
        }
        for text, (topic, subtopic, street) in zip(said, lately, strict=True)
    ]
    similar = [sending(her, "/desk/intake/similar/", form) for form in told]
    yield Kind(name="what is similar to what a caller says", bar=100, visits=similar)
    preview = [sending(her, "/desk/intake/preview/", form) for form in told]
    yield Kind(name="deadlines and units beside a call", bar=60, visits=preview)


def _citizens(numbers: Sequence[str]) -> Iterator[Kind]:
    from django.test import Client

    from jieban.orders.models import OrderSecret
    from jieban.orders.secrets import contact_of, lock_of
    from jieban.people.keys import keyring

    anybody = Client()
    visits = [getting(anybody, path) for path in ("/", "/my/", "/answers/", "/reports/")]
    yield Kind(name="pages that are open to everybody", bar=60, visits=visits)
    mine = []
    secrets = OrderSecret.objects.filter(order__number__in=numbers[:_ORDERS], order__anonymous=False)
    for secret in secrets.select_related("order"):
        number = secret.order.number
        lock = lock_of(secret, number, keyring())
        phone = contact_of(lock, secret).phone if lock is not None else None
        if phone is not None:
            citizen = Client()
            if citizen.post("/my/", {"number": number, "proof": phone}).status_code == 302:
                mine.append(getting(citizen, f"/my/{number}/"))
    yield Kind(name="a citizen's own order", bar=60, visits=mine)
