"""The desks' demonstration: the demo month inside, the next one begun, an account for each role, the clock set back."""

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jieban.demo.ledger import make_ledger
from jieban.indicators.period import Period
from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.kernel.keyring import KEYS_FILE
from jieban.ledger.schema import TABLES, Ledger
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.site.environment import CLOCK_SHIFT, DATABASE, DEMO, VAR
from jieban.site.live_month import prepare_place

if TYPE_CHECKING:
    from jieban.site.desk_staff import SignIn

Progress = Callable[[int, int], None]

_DAYS_IN = timedelta(days=6, hours=10, minutes=30)
"""How far into the month after the report's the demonstration begins."""
_UNREVIEWED = timedelta(hours=18)
_UNCALLED = timedelta(hours=36)
"""For how long before that nobody had reviewed, or called back: that is what waits in the morning."""
_SIGNED_WITHIN = timedelta(hours=2)
_ONE_UNSIGNED_IN = 40
_PASSWORD_BYTES = 9
_KEPT = (VAR, DATABASE, DEMO, KEYS_FILE, "JIEBAN_PROFILE")
_FILE = "desks.json"


class NoDeskDemo(JiebanError):
    """A directory in which no demonstration was set up."""

    code = "site.no_desk_demo"
    exit_code = Exit.MISSING_PART


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskDemo:
    """What was set up: where, at which instant of its own, and how to sign in."""

    place: Path
    at: datetime
    password: str
    sign_ins: "tuple[SignIn, ...]"
    orders: int
    begun: int
    refused: tuple[tuple[str, str], ...]
    """Orders of the month under way that could not be played, and why: none, unless the demo's data are at odds."""


def set_up(profile_name: str, place: Path, progress: Progress | None = None) -> DeskDemo:
    """A new installation under `place`: the demo month imported, the first days of the next played as far as they got.

    Imported, too, is what the month is compared with. The environment is left as the server needs it.
    """
    profile = load_profile(profile_name)
    _, plan = make_ledger(profile, [])
    first, end = Period.parse(plan.report_month).instants(profile.clock.tz)
    at = _first_morning(end + _DAYS_IN, plan.as_of)
    prepare_place(place, profile_name)
    os.environ[CLOCK_SHIFT] = str(int((at - datetime.now(UTC)).total_seconds()))
    from jieban.site import live  # noqa: PLC0415  # Django is made ready with the environment above

    live.initialise()
    from jieban.desks.knowledge.seeding import seed  # noqa: PLC0415
    from jieban.desks.month.count import count  # noqa: PLC0415
    from jieban.orders.importing.run import import_ledger  # noqa: PLC0415
    from jieban.orders.replay import Until, play_ledger  # noqa: PLC0415
    from jieban.people.roles import Role  # noqa: PLC0415
    from jieban.site.desk_morning import Morning  # noqa: PLC0415
    from jieban.site.desk_script import script_of  # noqa: PLC0415
    from jieban.site.desk_staff import admit, hire  # noqa: PLC0415

    month, _ = make_ledger(profile, [plan.report_month])
    account = import_ledger(month, now=plan.as_of, source=plan.report_month, workers=0)
    for name in plan.months:
        if name != plan.report_month:
            import_ledger(make_ledger(profile, [name])[0], now=plan.as_of, source=name, workers=0)
    staff = hire(profile, script_of(profile), at)
    until = Until(at=at, reviewed=at - _UNREVIEWED, called=at - _UNCALLED)
    present = _moved(month, first, end, _pressing(profile, staff.script["pressing"]))
    begun = play_ledger(present, until=until, progress=progress, cast=staff)
    unit, password = _busiest(profile), secrets.token_urlsafe(_PASSWORD_BYTES)
    sign_ins = admit(staff, unit, password, profile, at)
    Morning(profile, staff, unit, at, _replies(present, begun.numbers)).pass_by()
    seed(writer=staff.centre[Role.OPERATOR], second=staff.centre[Role.REVIEWER], at=at)
    # Last, or the month would say from the start that orders changed since it was counted.
    count(Period.parse(plan.report_month), at)
    kept = {"at": at.isoformat(), "environment": {name: os.environ[name] for name in _KEPT}}
    (place / _FILE).write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return DeskDemo(
        place=place,
        at=at,
        password=password,
        sign_ins=sign_ins,
        orders=account.tables["orders"].imported,
        begun=begun.played,
        refused=tuple(begun.refused),
    )


def _first_morning(at: datetime, not_before: datetime) -> datetime:
    """The same hour of the first day on which all is known that the months' ledgers say."""
    return at + timedelta(days=max(-((at - not_before) // timedelta(days=1)), 0))


def enter(place: Path) -> None:
    """Make the environment that of a demonstration that was set up, its clock at the instant where it begins.

    Where somebody worked in it since, the clock goes on from there. Before Django is made ready. Raises NoDeskDemo.
    """
    try:
        kept = json.loads((place / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise NoDeskDemo(
            tr("这里没有演示平台。"), where=Where(file=str(place)), fix=tr("请先运行 jieban demo --desks。")
        ) from fault
    os.environ |= kept["environment"]
    os.environ[CLOCK_SHIFT] = "0"
    from jieban.site import live  # noqa: PLC0415  # Django is made ready with the environment above

    live.initialise()  # a demonstration of an earlier version gets what tables it lacks
    from django.conf import settings  # noqa: PLC0415
    from django.db.models import Max  # noqa: PLC0415

    from jieban.orders.models import Order  # noqa: PLC0415

    last = Order.objects.aggregate(last=Max("last_at"))["last"]
    at = max(datetime.fromisoformat(kept["at"]), last or datetime.min.replace(tzinfo=UTC))
    shift = int((at - datetime.now(UTC)).total_seconds()) + 1
    os.environ[CLOCK_SHIFT] = str(shift)  # for the workers, which read it anew
    settings.JIEBAN_CLOCK_SHIFT = timedelta(seconds=shift)


def _pressing(profile: Profile, said: Mapping[str, Sequence[str]]) -> Callable[[Mapping[str, Any]], bool]:
    """Whether an order presses, by its kind and the words of its request."""
    kinds = {kind.code for kind in profile.request_types.values() if kind.name in said["kinds"]}
    return lambda row: row["request_type"] in kinds and any(word in row["content"] for word in said["words"])


def _moved(
    month: Ledger, first: datetime, end: datetime, pressing: Callable[[Mapping[str, Any]], bool]
) -> Ledger:
    """The month that begins at `first` as if it were the next, which begins at `end`: the same days of the week.

    What would still lie before `end` is left out. Orders get numbers of their own when played.
    """
    from jieban.ledger.arrow import pa  # noqa: PLC0415  # slow to import

    by = timedelta(weeks=(end - first) // timedelta(weeks=1))
    tables = {table.name: getattr(month, table.name) for table in TABLES}
    kept = {
        row[number]
        for name, number in (("orders", "order_no"), ("letters", "letter_no"))
        for row in tables[name].select([number, "received_at"]).to_pylist()
        if row["received_at"] + by >= end
    }

    def moved(row: dict[str, Any]) -> dict[str, Any]:
        new = {name: value + by if isinstance(value, datetime) else value for name, value in row.items()}
        numbers = {name: row[name] for name in ("order_no", "letter_no", "repeat_of") if row.get(name)}
        return new | {name: f"{number}-2" if number in kept else None for name, number in numbers.items()}

    found = {
        name: [moved(row) for row in whole.to_pylist() if (row.get("order_no") or row["letter_no"]) in kept]
        for name, whole in tables.items()
    }
    # What is found unreasonable is told in the script; so that something is late, urgent matters have a day.
    found["orders"] = [
        row | {"excluded": False, "urgency": "urgent" if pressing(row) else "normal"}
        for row in found["orders"]
    ]
    found["handlings"] = [
        row if at % _ONE_UNSIGNED_IN == 0 else _promptly(row) for at, row in enumerate(found["handlings"])
    ]
    return Ledger(
        **{name: pa.Table.from_pylist(rows, schema=tables[name].schema) for name, rows in found.items()}
    )


def _promptly(row: dict[str, Any]) -> dict[str, Any]:
    """Signed for in good time: what was a working day in the one month may be a holiday in the other."""
    if row["signed_at"] is None:
        return row
    return row | {"signed_at": min(row["signed_at"], row["dispatched_at"] + _SIGNED_WITHIN)}


def _replies(month: Ledger, numbers: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What the orders of a month that was played are answered in the end, by their new numbers and the unit."""
    rows = month.handlings.select(["order_no", "unit", "reply"]).to_pylist()
    return {
        (numbers[row["order_no"]], row["unit"]): row["reply"]
        for row in rows
        if row["reply"] and row["order_no"] in numbers
    }


def _busiest(profile: Profile) -> str:
    """The unit with the most in hand."""
    from django.db.models import Count  # noqa: PLC0415  # as in set_up

    from jieban.orders.models import Handling  # noqa: PLC0415
    from jieban.orders.states import OPEN  # noqa: PLC0415

    found = Handling.objects.filter(state__in=[each.value for each in OPEN]).values("unit")
    first = found.annotate(n=Count("id")).order_by("-n", "unit").first()
    return str(first["unit"]) if first is not None else next(iter(profile.units))
