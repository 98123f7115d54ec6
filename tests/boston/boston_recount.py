"""Every indicator of August 2011 with plain pandas, from the city's own file and nothing that Jieban made of it.

What Jieban can't be asked stands here again, by hand: what the departments are called, which holidays there were
(pandas' own calendar), how many working days a rule gives. Results are (numerator, denominator, value).
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

HERE = Path(__file__).parent
MONTH = "2011-08"
ZONE = ZoneInfo("America/New_York")

A_WEEK_LATER = datetime(2011, 9, 7, 9, tzinfo=ZONE)
"""When the report of August might have been written: many requests open, some due, some not yet."""

AUGUST, SEPTEMBER = pd.Timestamp(2011, 8, 1, tz=ZONE), pd.Timestamp(2011, 9, 1, tz=ZONE)
JULY = pd.Timestamp(2011, 7, 1, tz=ZONE)

Cut = tuple[tuple[str, str], ...]
Result = tuple[int | Decimal, int | None, int | Decimal | None]

_UNITS = {
    "PWDx": ("pwdx", "works"),
    "BTDT": ("btdt", "works"),
    "BWSC": ("bwsc", "works"),
    "PROP": ("prop", "works"),
    "ISD": ("isd", "services"),
    "PARK": ("park", "services"),
    "DISB": ("disb", "services"),
    "BPS_": ("bps", "services"),
    "BHA_": ("bha", "services"),
    "INFO": ("info", "hotline"),
    "No Q": ("no-queue", "hotline"),
}
_IMPOSSIBLE_YEAR = 2059
_OPENS, _OFFICE_DAY = 9 * 3600, 8 * 3600

NOTHING: Result = (0, 0, None)

UNTOLD = {
    *(
        f"orders.{name}"
        for name in ("received", "answered", "refused", "merged", "split", "excluded", "reopened")
    ),
    *(
        f"orders.{name}"
        for name in ("repeat", "repeat_rate", "called_back", "dissatisfied", "first_time_close")
    ),
    *(f"orders.{name}" for name in ("response", "resolution", "satisfaction", "satisfaction_all")),
    *(f"orders.satisfaction_{name}" for name in ("called_back", "weighted_06", "weighted_09")),
    *(f"handlings.{name}" for name in ("returns", "return_rate", "extensions", "extension_rate", "rework")),
    *(f"letters.{name}" for name in ("received", "closed", "transferred", "answered", "refused", "pending")),
    *(
        f"{level}.{name}"
        for level in ("orders", "handlings")
        for name in ("on_time_sign", "late_sign", "not_due_sign", "without_due_sign")
    ),
    *(f"{level}.sign_hours_{name}" for level in ("orders", "handlings") for name in ("median", "p90")),
}
"""What the city's file has no column for: signing, ratings, callbacks, returns, repeats, what wasn't passed on."""


def read_requests(path: Path) -> pd.DataFrame:
    """The file's rows, one a request: codes, instants in local time, and what the file says of being on time."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = pd.DataFrame({"order_no": raw["case_enquiry_id"]})
    rows["received"] = _local(raw["open_dt"])
    rows["closed"] = _local(raw["closed_dt"])
    rows["stated_due"] = _local(raw["target_dt"])
    rows["impossible"] = rows["stated_due"].dt.year == _IMPOSSIBLE_YEAR
    rows.loc[rows["impossible"], "stated_due"] = pd.NaT
    rows["said"] = raw["ontime"]
    rows["unit"] = raw["department"].map(lambda name: _UNITS[name][0])
    rows["unit_group"] = raw["department"].map(lambda name: _UNITS[name][1])
    rows["topic"] = raw["reason"].map(_code)
    rows["subtopic"] = raw["type"].map(_code)
    rows["street"] = raw["neighborhood"].map(_code)
    rows["channel"] = raw["source"].map(_code)
    internal = raw["source"].isin(["Employee Generated", "Maximo Integration"])
    rows["request_type"] = np.where(internal, "internal", "citizen")
    rows["urgency"], rows["role"] = "", "lead"
    # Wall time as it is written: no zone has a part in days and hours.
    rows["day"] = raw["open_dt"].str[:10]
    rows["hour"] = raw["open_dt"].str[11:13]
    rows["weekday"] = (pd.to_datetime(raw["open_dt"]).dt.dayofweek + 1).astype(str)
    by_app = ~internal & (raw["source"] == "Citizens Connect App")
    for level, more_days, more_hours in (("handlings", 0, 0), ("orders", 2, 8)):
        days = np.where(internal, 3 + more_days, 10 if level == "handlings" else 15)
        due = _due_in_days(raw["open_dt"], days).where(
            ~by_app, _due_in_hours(raw["open_dt"], 40 + more_hours)
        )
        rows[f"{level}_due"] = due.dt.tz_localize(ZONE)
    return rows


def _local(written: pd.Series) -> pd.Series:
    return pd.to_datetime(written.where(written != "")).dt.tz_localize(ZONE)


def _code(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def _holidays() -> np.ndarray:
    return USFederalHolidayCalendar().holidays("2010-01-01", "2012-12-31").to_numpy().astype("datetime64[D]")


def _due_in_days(opened: pd.Series, days: np.ndarray) -> pd.Series:
    """17:00 of the working day so many working days after the day of opening."""
    start = pd.to_datetime(opened).to_numpy().astype("datetime64[D]")
    last = np.busday_offset(start, days, roll="backward", holidays=_holidays())
    return pd.Series(pd.to_datetime(last)) + pd.Timedelta(hours=17)


def _due_in_hours(opened: pd.Series, hours: int) -> pd.Series:
    """When so many office hours (9:00 to 17:00) have passed since the opening."""
    moment = pd.to_datetime(opened)
    day = moment.to_numpy().astype("datetime64[D]")
    working = np.is_busday(day, holidays=_holidays())
    second = (moment - moment.dt.normalize()).dt.total_seconds().to_numpy()
    passed = np.where(working, np.clip(second - _OPENS, 0, _OFFICE_DAY), 0)
    total = passed + hours * 3600
    whole = (np.ceil(total / _OFFICE_DAY) - 1).astype(int)
    last = np.busday_offset(day, whole, roll="forward", holidays=_holidays())
    rest = pd.to_timedelta(total - whole * _OFFICE_DAY + _OPENS, unit="s")
    return pd.Series(pd.to_datetime(last) + rest)


def _rounded(exact_numerator: Decimal, denominator: int, places: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (exact_numerator / denominator).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


class Recount:
    """Results by indicator, window and cut; `shapes` are the dimensions by which each was cut, rows or none.

    `late` are August's requests that their departments closed late, or hold although they are due.
    """

    def __init__(
        self,
        requests: pd.DataFrame,
        *,
        cutoff: datetime,
        stated_first: bool = True,
        leads_alone: bool = False,
    ) -> None:
        self.results: dict[tuple[str, str], dict[Cut, Result]] = {}
        self.shapes: dict[tuple[str, str], set[tuple[str, ...]]] = {}
        self.cutoff, self._stated_first = pd.Timestamp(cutoff), stated_first
        self._leads_alone = leads_alone
        month = requests["received"]
        self.all = requests
        self.now = requests[(month >= AUGUST) & (month < SEPTEMBER)]
        self.before = requests[(month >= JULY) & (month < AUGUST)]
        self._volume()
        self._closing("orders", ())
        self._closing("handlings", (), ("unit",))
        self._handlings()

    # ---- what is counted

    def _volume(self) -> None:
        self._count(
            "orders.total",
            self.now,
            *((name,) for name in ("request_type", "topic", "channel", "street", "day", "hour", "weekday")),
            (),
            ("topic", "subtopic"),
            ("topic", "street"),
            ("urgency",),
        )
        self._change("orders", (), ("topic",))
        self._count("orders.in_hand", self._in_hand(), ())

    def _handlings(self) -> None:
        """Each request is led by one department, so these differ from orders by their cuts alone."""
        self._count("handlings.total", self.now, (), ("unit",), ("unit_group",), ("role",))
        self._change("handlings", (), ("unit",), ("unit_group",))
        if not self._leads_alone:
            whole = len(self.now)
            self._put("handlings.per_order", (), {(): (whole, whole, Decimal(1))})
        self._count("handlings.in_hand", self._in_hand(), (), ("unit",))

    def _closing(self, level: str, *cuts: tuple[str, ...]) -> None:
        computed, stated = self._by_due(f"{level}_due"), self._by_file()
        first, second = (stated, computed) if self._stated_first else (computed, stated)
        finding = first.where(first != "", second)
        self.late = late = self.now[finding == "late"]
        judged = self.now[finding.isin(["kept", "late"])]
        self._rate(f"{level}.on_time_close", judged[finding[judged.index] == "kept"], judged, *cuts)
        self._count(f"{level}.late_close", late, *cuts)
        self._count(f"{level}.not_due_close", self.now[finding == "pending"], *cuts)
        self._count(f"{level}.without_due_close", self.now[finding == ""], *cuts)
        settled = computed.isin(["kept", "late"]) & stated.isin(["kept", "late"])
        self._count(f"{level}.deadline_disagreements", self.now[settled & (computed != stated)], ())
        done = self.now[self._done()]
        self._quantiles(f"{level}.close_hours", done, *cuts)

    # ---- states

    def _done(self) -> pd.Series:
        return self.now["closed"] <= self.cutoff

    def _in_hand(self) -> pd.DataFrame:
        closed = self.all["closed"]
        unfinished = closed.isna() | (closed >= SEPTEMBER) | (closed > self.cutoff)
        return self.all[(self.all["received"] < SEPTEMBER) & unfinished]

    def _by_due(self, column: str) -> pd.Series:
        """Kept, late or pending by a deadline; empty where there is none."""
        due, done = self.now[column], self._done()
        kept = done & (self.now["closed"] <= due)
        found = np.select(
            [due.isna(), kept, done | (due <= self.cutoff)], ["", "kept", "late"], default="pending"
        )
        return pd.Series(found, index=self.now.index)

    def _by_file(self) -> pd.Series:
        """What the file finds: its mark of what is closed, its deadline of what is still open, else its mark."""
        by_due, said, done = self._by_due("stated_due"), self.now["said"], self._done()
        marked = said.map({"ONTIME": "kept", "OVERDUE": "late", "": ""}).where(
            done | (said != "ONTIME"), "pending"
        )
        return marked.where((marked != "") & (done | (by_due == "")), by_due)

    # ---- kinds of results

    def _put(
        self, name: str, cut: tuple[str, ...], results: dict[Cut, Result], window: str = "current"
    ) -> None:
        self.shapes.setdefault((name, window), set()).add(cut)
        self.results.setdefault((name, window), {}).update(results)

    def _count(self, name: str, rows: pd.DataFrame, *cuts: tuple[str, ...], window: str = "current") -> None:
        for cut in cuts:
            counted = {key: (len(part), None, len(part)) for key, part in _parts(rows, cut)}
            self._put(name, cut, counted, window)

    def _rate(self, name: str, rows: pd.DataFrame, among: pd.DataFrame, *cuts: tuple[str, ...]) -> None:
        for cut in cuts:
            counted = {key: len(part) for key, part in _parts(rows, cut)}
            self._put(
                name, cut, {key: _percent(counted.get(key, 0), len(part)) for key, part in _parts(among, cut)}
            )

    def _change(self, level: str, *cuts: tuple[str, ...]) -> None:
        """July is the month before; of August 2010 the file holds nothing."""
        self._count(f"{level}.total", self.before, *cuts, window="previous")
        for cut in cuts:
            now = {key: len(part) for key, part in _parts(self.now, cut)}
            before = {key: len(part) for key, part in _parts(self.before, cut)}
            changes = {}
            for key in {*now, *before}:
                difference, base = now.get(key, 0) - before.get(key, 0), before.get(key, 0)
                changes[key] = (difference, base, _percent(difference, base)[2])
            self._put(f"{level}.change_previous", cut, changes)
            self._put(f"{level}.change_year_before", cut, {} if cut else {(): (0, None, None)})

    def _quantiles(self, name: str, rows: pd.DataFrame, *cuts: tuple[str, ...]) -> None:
        taken = (rows["closed"] - rows["received"]).dt.total_seconds()
        for suffix, share in (("median", 0.5), ("p90", 0.9)):
            for cut in cuts:
                found: dict[Cut, Result] = {}
                for key, part in _parts(rows, cut):
                    if len(part) == 0:
                        found[key] = NOTHING
                        continue
                    # Between two whole seconds these quantiles lie on a tenth.
                    seconds = Decimal(str(round(taken[part.index].quantile(share), 1)))
                    found[key] = (seconds, len(part), _rounded(seconds, 3600, 1))
                self._put(f"{name}_{suffix}", cut, found)


def _percent(part: int, whole: int) -> Result:
    return (part, whole, _rounded(Decimal(part * 100), whole, 2) if whole else None)


def _parts(rows: pd.DataFrame, cut: tuple[str, ...]) -> Iterator[tuple[Cut, pd.DataFrame]]:
    if not cut:
        yield (), rows
        return
    for keys, part in rows.groupby(list(cut)):
        yield tuple(zip(cut, keys, strict=True)), part
