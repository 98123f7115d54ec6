"""Ways of coming upon orders, the latest received first: along all of them, or along what some units have in hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from jieban.orders.access import in_hand
from jieban.orders.models import Handling

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jieban.orders.models import Order

Asked = tuple[str, Sequence[Any]]
"""A statement, or a part of one, and its parameters."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An order that was found."""

    order: int
    received_at: datetime

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands among others: of two the greater is the later."""
        return (self.received_at, self.order)

    @property
    def mark(self) -> str:
        """Where the next page begins, for an address."""
        return f"{(self.received_at - _EPOCH) // timedelta(microseconds=1)}-{self.order}"


def read_mark(mark: str) -> Hit:
    """The place that `Hit.mark` wrote. Raises ValueError for anything else."""
    at, _, order = mark.partition("-")
    if not (mark.isascii() and at.isdigit() and order.isdigit() and len(mark) < 40):  # noqa: PLR2004  # two numbers
        raise ValueError(f"no mark: {mark!r}")
    try:
        return Hit(order=int(order), received_at=_EPOCH + timedelta(microseconds=int(at)))
    except OverflowError as fault:
        raise ValueError(f"no mark: {mark!r}") from fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """When orders were received: from `since` up to but without `until`, and behind `after` in a list of the latest."""

    since: datetime | None = None
    until: datetime | None = None
    after: Hit | None = None

    def condition(self, at: str, key: str) -> Q:
        """It as a condition on two columns: when an order was received, and its key."""
        found = Q()
        if self.since is not None:
            found &= Q(**{f"{at}__gte": self.since})
        if self.until is not None:
            found &= Q(**{f"{at}__lt": self.until})
        if self.after is not None:
            behind = Q(**{at: self.after.received_at, f"{key}__lt": self.after.order})
            # Said twice, since no index is looked into by what holds one or the other.
            found &= Q(**{f"{at}__lte": self.after.received_at})
            found &= behind | Q(**{f"{at}__lt": self.after.received_at})
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A way of coming upon orders: `orders` by what stands in their columns, received within a span.

    Where `units` are given, those that one of them has in hand: these are walked along an index of their own. `few`:
    there are few, whatever the database's statistics say.
    """

    orders: "QuerySet[Order]"
    units: frozenset[str] | None = None
    span: Span = field(default_factory=Span)
    few: bool = False

    @property
    def whole(self) -> "QuerySet[Order]":
        """All that is asked, as one set of orders."""
        found = self.orders.filter(self.span.condition("received_at", "pk"))
        if self.units is None:
            return found
        return found.filter(pk__in=Handling.objects.filter(in_hand(self.units)).values("order"))

    @property
    def bare(self) -> bool:
        """Whether nothing is asked of the orders but when they were received and whose they are."""
        return not self.orders.query.has_filters()

    @property
    def once(self) -> str:
        """What keeps an order that two of the units have from being given twice."""
        return "DISTINCT" if self.units is not None and len(self.units) > 1 else ""

    def held(self) -> "QuerySet[Handling, tuple[int, datetime]]":
        """Keys of orders and when these were received, by what is in hand: an order as often as units have it."""
        if self.units is None:
            raise ValueError("no units are walked along")
        found = Handling.objects.filter(
            in_hand(self.units), self.span.condition("order_received_at", "order_id")
        )
        return found.order_by().values_list("order_id", "order_received_at")

    def along(self, first: int, last: int) -> "QuerySet[Any, tuple[int, datetime]]":
        """Keys of orders and when these were received, the latest first, from place `first` up to but without `last`.

        `checks` tell which of them are wanted.
        """
        if self.units is None:
            return latest_first(self.whole).values_list("pk", "received_at")[first:last]
        late = ("-order_received_at", "-order_id")
        ways = [replace(self, units=frozenset({unit})).held().order_by(*late) for unit in sorted(self.units)]
        if len(ways) == 1:
            return ways[0][first:last]
        # Of each unit in its order and no more, or PostgreSQL would sort all that they ever had.
        one, *others = (way[:last] for way in ways)
        return one.union(*others, all=True).order_by(*late)[first:last]

    def on(self, key: str) -> Asked | None:
        """A statement that gives something for the key of an order on this way; None where all orders are on it.

        When it was received is not looked at: whoever asks has seen to it.
        """
        if self.units is None:
            return None if self.bare else row_of(self.orders, key, "pk")
        held = row_of(Handling.objects.filter(in_hand(self.units)), key, "order_id", by="order_id")
        if self.bare:
            return held
        (in_hands, its), (columns, more) = held, row_of(self.orders, key, "pk")
        statement = f"SELECT 1 FROM ({in_hands}) held, ({columns}) wanted"  # noqa: S608  # all that comes from outside is a parameter
        return statement, [*its, *more]

    def checks(self, key: str) -> Asked:
        """The rest of a FROM clause that leaves of what comes along only what is wanted; with its parameters."""
        if self.units is None or self.bare:
            return "", ()
        statement, parameters = row_of(self.orders, key, "pk")
        return f", LATERAL ({statement}) wanted", parameters


def latest_first(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    """Orders in the order in which lists show them."""
    return orders.order_by("-received_at", "-pk")


def row_of(rows: "QuerySet[Any, Any]", key: str, *columns: str, by: str = "pk") -> Asked:
    """The row with a key, as a statement that has one or none: to be asked for each of many."""
    # With a limit of its own it is asked for each order, never joined as a whole.
    found = rows.order_by().filter(**{by: RawSQL(key, ())}).values(*columns)[:1]  # noqa: S611  # a column's name of ours
    statement, parameters = found.query.sql_with_params()
    return statement, parameters
