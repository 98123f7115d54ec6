"""Every indicator counted a second way: plain Python over plain rows, written from the 口径 and from nothing else."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from indicator_ledgers import Row, Rows

from jieban.indicators.model import Cut, Value, Window
from jieban.indicators.period import Period
from jieban.profile.city import Profile

Recounted = dict[tuple[str, Window, Cut], Value]

DISPOSITION, CLOSED, CALLED = ["disposition"], ["closed_at"], ["called_back"]
SIGN_FOUND, CLOSE_FOUND = ["signed_at", "stated_sign_on_time"], ["closed_at", "stated_close_on_time"]
STATED = [f"stated_{name}" for name in ("sign_due_at", "sign_on_time", "close_due_at", "close_on_time")]
STAGES = {
    f"{name}_{stage}": [found]
    for name in ("on_time", "late", "not_due", "without_due")
    for stage, found in (("sign", SIGN_FOUND), ("close", CLOSE_FOUND))
} | {
    f"{stage}_hours_{name}": [[column]]
    for stage, column in (("sign", "signed_at"), ("close", "closed_at"))
    for name in ("median", "p90")
}
NEEDED: dict[str, dict[str, list[list[str]]]] = {
    "orders": {
        **{name: [DISPOSITION] for name in ("received", "answered", "refused", "merged", "split")},
        "excluded": [["excluded"]],
        "in_hand": [CLOSED],
        "reopened": [["reopen_count"]],
        "repeat": [["repeat_of"]],
        "repeat_rate": [["repeat_of"]],
        "deadline_disagreements": [STATED],
        "satisfaction_all": [["satisfaction"]],
        "dissatisfied": [["satisfaction"]],
        **{
            f"satisfaction_{name}": [CALLED, ["satisfaction"]]
            for name in ("called_back", "weighted_06", "weighted_09")
        },
        **{name: [CALLED] for name in ("called_back", "response", "resolution")},
        "first_time_close": [CLOSED, ["reopen_count"]],
        **STAGES,
    },
    "handlings": {
        "returns": [["returned"]],
        "return_rate": [["returned"]],
        "extensions": [["extension_days"]],
        "extension_rate": [["extension_days"]],
        "rework": [["rework_count"]],
        "in_hand": [CLOSED],
        "deadline_disagreements": [STATED],
        **STAGES,
    },
    "letters": {"closed": [CLOSED]},
}
"""Of each list of columns every row's file must have one, or the indicator isn't known."""
Key = Callable[[Row], str]


def rounded(value: Fraction, places: int) -> Decimal:
    # 30 digits are plenty to see a tie of these small fractions as a tie.
    exact = Decimal(value.numerator * 10**30 // value.denominator).scaleb(-30)
    if Fraction(exact) != value and value < 0:
        exact += Decimal(1).scaleb(-30)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def count_value(rows: Sequence[Row]) -> Value:
    return Value(numerator=len(rows), denominator=None, value=len(rows))


def rate_value(numerator: Fraction, denominator: int) -> Value:
    whole = numerator.denominator == 1
    exact = int(numerator) if whole else Decimal(numerator.numerator) / Decimal(numerator.denominator)
    value = rounded(numerator * 100 / denominator, 2) if denominator else None
    return Value(numerator=exact, denominator=denominator, value=value)


class Recount:
    """The recount of one period."""

    def __init__(self, rows: Rows, profile: Profile, period: Period, cutoff: datetime) -> None:
        self.rows, self.profile, self.period, self.cutoff = rows, profile, period, cutoff
        self.out: Recounted = {}
        self.orders = {order["order_no"]: order for order in rows["orders"]}
        self.by_stated = profile.counting.deadline_precedence == "stated"
        self.only_leads = profile.workflow.co_handling.counting == "lead_only"

    def run(self) -> Recounted:
        self.volume()
        self.timeliness()
        self.satisfaction()
        self.handlings()
        self.letters()
        for name in self.untold():
            for key in [key for key in self.out if key[0] == name]:
                del self.out[key]
        return self.out

    # ---- what was not told

    def absent(self, row: Row) -> set[str]:
        return set((row.get("absent_columns") or "").split(","))

    def cohort(self, name: str) -> list[Row]:
        table, _, indicator = name.partition(".")
        if indicator == "in_hand":
            return self.open_at_end(self.rows[table])
        by_receipt = table == "letters" or self.needed(name) == [DISPOSITION]
        return self.of_period(self.rows[table], "received_at" if by_receipt else "dispatched_at")

    def needed(self, name: str) -> list[list[str]]:
        table, _, indicator = name.partition(".")
        return NEEDED[table].get(indicator, [])

    def untold(self) -> set[str]:
        names = {key[0] for key in self.out}
        found = {
            name
            for name in names
            for row in self.cohort(name)
            if any(set(either) <= self.absent(row) for either in self.needed(name))
        }
        if f"orders.satisfaction_{self.profile.counting.satisfaction}" in found:
            found.add("orders.satisfaction")
        if self.dispatched() and all(self.gone(h) for h in self.of_period(self.rows["handlings"])):
            found |= {name for name in names if name.startswith("handlings.")}
        windows = [self.period, *(period for _, _, period in self.compared())]
        if not any(self.of_period(self.rows["letters"], "received_at", period) for period in windows):
            found |= {name for name in names if name.startswith("letters.")}
        return found

    # ---- which rows

    def within(self, at: datetime | None, period: Period) -> bool:
        return at is not None and period.first <= at.astimezone(self.profile.clock.tz).date() <= period.last

    def of_period(
        self, rows: Iterable[Row], column: str = "dispatched_at", period: Period | None = None
    ) -> list[Row]:
        return [row for row in rows if self.within(row.get(column), period or self.period)]

    def dispatched(self, period: Period | None = None) -> list[Row]:
        return [
            o for o in self.of_period(self.rows["orders"], period=period) if o["disposition"] == "dispatched"
        ]

    def assessed(self) -> list[Row]:
        return [o for o in self.dispatched() if not o.get("excluded")]

    def handled(self, rows: Iterable[Row]) -> list[Row]:
        return [h for h in rows if not h["returned"] and not self.gone(h)]

    def gone(self, handling: Row) -> bool:
        if self.only_leads and handling.get("role") == "assist":
            return True
        return self.orders[handling["order_no"]]["disposition"] in {"merged", "split"}

    # ---- states

    def done(self, row: Row, column: str) -> bool:
        return row.get(column) is not None and row[column] <= self.cutoff

    def by_due(self, row: Row, due: datetime | None, column: str) -> str | None:
        if due is None or column in self.absent(row):
            return None
        if self.done(row, column):
            return "kept" if row[column] <= due else "late"
        return "late" if due <= self.cutoff else "pending"

    def by_file(self, row: Row, stage: str, column: str) -> str | None:
        said, due = row.get(f"stated_{stage}_on_time"), row.get(f"stated_{stage}_due_at")
        if column in self.absent(row):
            return {None: None, True: "kept", False: "late"}[said]
        # Of a row that is open at the cut-off the file's own finding was made later, or is out of date.
        if said is None or (due is not None and not self.done(row, column)):
            return self.by_due(row, due, column)
        if not said:
            return "late"
        return "kept" if self.done(row, column) else "pending"

    def finding(self, row: Row, stage: str) -> str | None:
        column = {"sign": "signed_at", "close": "closed_at"}[stage]
        ours = self.by_due(row, row.get(f"{stage}_due_at"), column)
        theirs = self.by_file(row, stage, column)
        first, second = (theirs, ours) if self.by_stated else (ours, theirs)
        return first if first is not None else second

    def disputed(self, row: Row) -> bool:
        def differ(stage: str, column: str) -> bool:
            ours = self.by_due(row, row.get(f"{stage}_due_at"), column)
            theirs = self.by_file(row, stage, column)
            settled = {"kept", "late"}
            return ours in settled and theirs in settled and ours != theirs

        return differ("sign", "signed_at") or differ("close", "closed_at")

    # ---- storing

    def put(self, name: str, value: Value, *cut: tuple[str, str], window: Window = Window.CURRENT) -> None:
        self.out[name, window, cut] = value

    def parts(self, rows: Sequence[Row], *keys: tuple[str, Key]) -> dict[Cut, list[Row]]:
        found: dict[Cut, list[Row]] = defaultdict(list)
        for row in rows:
            found[tuple((name, key(row)) for name, key in keys)].append(row)
        return found

    def put_counts(
        self,
        name: str,
        rows: Sequence[Row],
        *cuts: Sequence[tuple[str, Key]],
        window: Window = Window.CURRENT,
    ) -> None:
        self.put(name, count_value(rows), window=window)
        for cut in cuts:
            for keys, part in self.parts(rows, *cut).items():
                self.put(name, count_value(part), *keys, window=window)

    def put_rates(
        self, name: str, rows: Sequence[Row], test: Callable[[Row], bool], *cuts: Sequence[tuple[str, Key]]
    ) -> None:
        for cut in ((), *cuts):
            for keys, part in self.parts(rows, *cut).items() if cut else [((), rows)]:
                self.put(name, rate_value(Fraction(sum(map(test, part))), len(part)), *keys)

    def put_hours(
        self, name: str, rows: Sequence[Row], column: str, *cuts: Sequence[tuple[str, Key]]
    ) -> None:
        for cut in ((), *cuts):
            for keys, part in self.parts(rows, *cut).items() if cut else [((), rows)]:
                seconds = sorted(int((row[column] - row["dispatched_at"]).total_seconds()) for row in part)
                for suffix, share in (("median", Fraction(1, 2)), ("p90", Fraction(9, 10))):
                    self.put(f"{name}_{suffix}", quantile(seconds, share), *keys)

    def put_change(
        self, name: str, now: Sequence[Row], before: Sequence[Row], *cuts: Sequence[tuple[str, Key]]
    ) -> None:
        if not before:
            self.put(name, Value(numerator=0, denominator=None, value=None))
            return
        for cut in ((), *cuts):
            current, base = self.parts(now, *cut), self.parts(before, *cut)
            for keys in {*current, *base, *([()] if not cut else [])}:
                difference = len(current.get(keys, [])) - len(base.get(keys, []))
                of = len(base.get(keys, []))
                value = rounded(Fraction(difference * 100, of), 2) if of else None
                self.put(name, Value(numerator=difference, denominator=of, value=value), *keys)

    # ---- themes

    def key(self, name: str) -> tuple[str, Key]:
        return name, lambda row: row.get(name) or ""

    def unit(self) -> tuple[str, Key]:
        on = self.period.last
        return (
            "unit",
            lambda row: self.profile.units.carried_on_by(row["unit"], on) if row.get("unit") else "",
        )

    def unit_group(self) -> tuple[str, Key]:
        _, unit = self.unit()
        return "unit_group", lambda row: self.profile.units[unit(row)].group

    def volume(self) -> None:
        received = self.of_period(self.rows["orders"], "received_at")
        dispositions = {
            "answered": ["answered"],
            "refused": ["refused"],
            "merged": ["merged"],
            "split": ["split"],
        }
        dispositions["received"] = ["dispatched", "answered", "refused"]
        for name, wanted in dispositions.items():
            self.put_counts(f"orders.{name}", [o for o in received if o["disposition"] in wanted])
        orders = self.dispatched()
        street = ("street", lambda row: carried(self.profile.streets, row.get("street"), self.period))
        topic = ("topic", lambda row: carried(self.profile.order_topics, row["topic"], self.period))
        subtopic = ("subtopic", self.subtopic_now)
        self.put_counts(
            "orders.total",
            orders,
            *(
                [cut]
                for cut in (self.key("request_type"), topic, self.key("channel"), street, self.key("urgency"))
            ),
            [topic, subtopic],
            [topic, street],
        )
        self.local_times(orders)
        for window, name, before in self.compared():
            self.put_change(f"orders.{name}", orders, self.dispatched(before), [topic])
            if self.dispatched(before):
                self.put_counts("orders.total", self.dispatched(before), [topic], window=window)
        self.put_counts("orders.excluded", [o for o in orders if o.get("excluded")])
        self.put_counts("orders.reopened", [o for o in orders if o["reopen_count"]])
        repeated = [o for o in orders if o.get("repeat_of")]
        self.put_counts("orders.repeat", repeated)
        self.put("orders.repeat_rate", rate_value(Fraction(len(repeated)), len(orders)))
        self.put_counts(
            "orders.in_hand",
            self.open_at_end([o for o in self.rows["orders"] if o["disposition"] == "dispatched"]),
        )
        self.put_counts("orders.deadline_disagreements", [o for o in self.assessed() if self.disputed(o)])

    def subtopic_now(self, row: Row) -> str:
        scheme = self.profile.order_scheme
        code = carried(self.profile.subtopics(scheme, row["topic"]), row.get("subtopic"), self.period)
        topic = carried(self.profile.order_topics, row["topic"], self.period)
        return code if code in self.profile.subtopics(scheme, topic) else ""

    def local_times(self, orders: Sequence[Row]) -> None:
        local = [o["dispatched_at"].astimezone(self.profile.clock.tz) for o in orders]
        days = {str(day): 0 for day in self.period.days()}
        hours = {f"{hour:02}": 0 for hour in range(24)}
        weekdays = {str(day): 0 for day in range(1, 8)}
        for at in local:
            days[str(at.date())] += 1
            hours[f"{at.hour:02}"] += 1
            weekdays[str(at.isoweekday())] += 1
        for name, counts in (("day", days), ("hour", hours), ("weekday", weekdays)):
            for key, number in counts.items():
                self.put("orders.total", Value(numerator=number, denominator=None, value=number), (name, key))

    def compared(self) -> list[tuple[Window, str, Period]]:
        return [
            (Window.PREVIOUS, "change_previous", self.period.previous()),
            (Window.YEAR_BEFORE, "change_year_before", self.period.year_before()),
        ]

    def open_at_end(self, rows: Iterable[Row]) -> list[Row]:
        end = self.period.instants(self.profile.clock.tz)[1]
        return [
            row
            for row in rows
            if row.get("dispatched_at") is not None
            and row["dispatched_at"] < end
            and not (self.done(row, "closed_at") and row["closed_at"] < end)
        ]

    def timeliness(self) -> None:
        handlings = [
            h
            for h in self.handled(self.of_period(self.rows["handlings"]))
            if not self.orders[h["order_no"]].get("excluded")
        ]
        for level, rows, cuts in (("orders", self.assessed(), []), ("handlings", handlings, [[self.unit()]])):
            for stage, column in (("sign", "signed_at"), ("close", "closed_at")):
                found = defaultdict(list)
                for row in rows:
                    found[self.finding(row, stage)].append(row)
                late = {id(row) for row in found["late"]}
                judged = found["kept"] + found["late"]
                self.put_rates(
                    f"{level}.on_time_{stage}", judged, lambda row, late=late: id(row) not in late, *cuts
                )
                self.put_counts(f"{level}.late_{stage}", found["late"], *cuts)
                self.put_counts(f"{level}.not_due_{stage}", found["pending"], *cuts)
                self.put_counts(f"{level}.without_due_{stage}", found[None], *cuts)
                self.put_hours(
                    f"{level}.{stage}_hours", [r for r in rows if self.done(r, column)], column, *cuts
                )

    def satisfaction(self) -> None:
        rows = self.assessed()
        called = [o for o in rows if o.get("called_back")]
        dissatisfied = [o for o in rows if o.get("satisfaction") == "dissatisfied"]
        self.put("orders.satisfaction_all", rate_value(Fraction(len(rows) - len(dissatisfied)), len(rows)))
        pleased = sum(o.get("satisfaction") in {"satisfied", "very_satisfied"} for o in called)
        fairly = sum(o.get("satisfaction") == "basically_satisfied" for o in called)
        self.put("orders.satisfaction_called_back", rate_value(Fraction(pleased), len(called)))
        for suffix, weight in (("06", Fraction(3, 5)), ("09", Fraction(9, 10))):
            self.put(
                f"orders.satisfaction_weighted_{suffix}", rate_value(pleased + weight * fairly, len(called))
            )
        chosen = self.out[f"orders.satisfaction_{self.profile.counting.satisfaction}", Window.CURRENT, ()]
        self.put("orders.satisfaction", chosen)
        self.put_counts("orders.dissatisfied", dissatisfied)
        leads = {
            h["order_no"]: h for h in self.rows["handlings"] if h["role"] == "lead" and not h["returned"]
        }
        led = [leads.get(o["order_no"], {}) for o in dissatisfied]
        for keys, part in self.parts(led, self.unit()).items():
            self.put("orders.dissatisfied", count_value(part), *keys)
        self.put_counts("orders.called_back", called)
        for name, column in (("orders.response", "contacted"), ("orders.resolution", "resolved")):
            known = [o for o in called if o.get(column) is not None]
            self.put_rates(name, known, lambda o, column=column: bool(o[column]))
        closed = [o for o in rows if self.done(o, "closed_at")]
        self.put_rates("orders.first_time_close", closed, lambda o: not o["reopen_count"])

    def handlings(self) -> None:
        unit, group = [self.unit()], [self.unit_group()]
        everything = [h for h in self.of_period(self.rows["handlings"]) if not self.gone(h)]
        rows = self.handled(everything)
        self.put_counts("handlings.total", rows, unit, group, [self.key("role")])
        for window, name, before in self.compared():
            earlier = self.handled(self.of_period(self.rows["handlings"], period=before))
            self.put_change(f"handlings.{name}", rows, earlier, unit, group)
            if earlier:
                self.put_counts("handlings.total", earlier, unit, group, window=window)
        per = len(self.dispatched())
        ratio = rounded(Fraction(len(rows), per), 2) if per else None
        if not self.only_leads:
            self.put("handlings.per_order", Value(numerator=len(rows), denominator=per, value=ratio))
        self.put_counts("handlings.returns", [h for h in everything if h["returned"]], unit)
        self.put_rates("handlings.return_rate", everything, lambda h: bool(h["returned"]), unit)
        self.put_counts("handlings.extensions", [h for h in rows if h["extension_days"]], unit)
        self.put_rates("handlings.extension_rate", rows, lambda h: bool(h["extension_days"]), unit)
        self.put_counts("handlings.rework", [h for h in rows if h["rework_count"]], unit)
        self.put_counts("handlings.in_hand", self.open_at_end(self.handled(self.rows["handlings"])), unit)
        assessed = [h for h in rows if not self.orders[h["order_no"]].get("excluded")]
        self.put_counts("handlings.deadline_disagreements", [h for h in assessed if self.disputed(h)])

    def letters(self) -> None:
        rows = self.of_period(self.rows["letters"], "received_at")
        rows = [r for r in rows if r["disposition"] not in {"merged", "split"}]
        box = self.key("mailbox")
        unit, topic, subtopic = self.unit(), self.key("topic"), self.key("subtopic")
        self.put_counts("letters.received", rows, [box], [box, topic], [box, topic, subtopic], [unit])
        closed = [r for r in rows if r["disposition"] == "answered" or self.done(r, "closed_at")]
        self.put_counts("letters.closed", closed, [box], [unit])
        for name in ("transferred", "answered", "refused", "pending"):
            self.put_counts(f"letters.{name}", [r for r in rows if r["disposition"] == name], [box])


def carried(register: Any, code: str | None, period: Period) -> str:
    return register.carried_on_by(code, period.last) if code else ""


def quantile(seconds: Sequence[int], share: Fraction) -> Value:
    """Linear interpolation between order statistics."""
    if not seconds:
        return Value(numerator=0, denominator=0, value=None)
    place = share * (len(seconds) - 1)
    below = int(place)
    above = min(below + 1, len(seconds) - 1)
    exact = seconds[below] + (place - below) * (seconds[above] - seconds[below])
    if share == Fraction(1, 2):
        assert exact == Fraction(statistics.median(seconds))
    tenths = Decimal(int(exact * 10)) / 10
    return Value(numerator=tenths, denominator=len(seconds), value=rounded(exact / 3600, 1))
