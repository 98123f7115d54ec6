"""What follows from counted values: zeros of complete dimensions, changes, ratios, the chosen variant."""

from fractions import Fraction

from jieban.indicators.model import MISSING, Cut, Indicator, Kind, Value, Window
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, chosen
from jieban.kernel.numbers import change_percent, round_half_up
from jieban.profile.city import Profile

Values = dict[tuple[str, Window], dict[Cut, Value]]

_ZERO = Value(numerator=0, denominator=None, value=0)
_HOURS = tuple(f"{hour:02}" for hour in range(24))
_WEEKDAYS = tuple(str(day) for day in range(1, 8))


def add_derived(values: Values, profile: Profile, period: Period) -> None:
    """Add to counted `values` everything that is computed from them; nothing from what isn't among them."""
    _complete(values, period)
    _name_leaderless(values)
    _drop_empty_windows(values)
    for indicator in REGISTRY.values():
        match indicator.kind:
            case Kind.CHANGE if (indicator.of, Window.CURRENT) in values:
                values[indicator.id, Window.CURRENT] = dict(_changes(values, indicator))
            case Kind.RATIO if _asked(indicator, profile) and all(
                (of, Window.CURRENT) in values for of in (indicator.of, indicator.per)
            ):
                values[indicator.id, Window.CURRENT] = {(): _ratio(values, indicator)}
            case Kind.CHOSEN:
                variant = chosen(indicator, profile)
                if (variant.id, Window.CURRENT) in values:
                    values[indicator.id, Window.CURRENT] = dict(values[variant.id, Window.CURRENT])
            case _:
                pass


def _asked(indicator: Indicator, profile: Profile) -> bool:
    return indicator.counting in {None, profile.workflow.co_handling.counting}


def _complete(values: Values, period: Period) -> None:
    domains = {"day": tuple(str(day) for day in period.days()), "hour": _HOURS, "weekday": _WEEKDAYS}
    for indicator in REGISTRY.values():
        if indicator.kind is not Kind.COUNT or (indicator.id, Window.CURRENT) not in values:
            continue
        for cut in indicator.cuts:
            if len(cut) == 1 and cut[0] in domains:
                stored = values[indicator.id, Window.CURRENT]
                for key in domains[cut[0]]:
                    stored.setdefault(((cut[0], key),), _ZERO)


def _name_leaderless(values: Values) -> None:
    for indicator in REGISTRY.values():
        if indicator.by_lead is None or (indicator.id, Window.CURRENT) not in values:
            continue
        stored = values[indicator.id, Window.CURRENT]
        led = sum(int(value.numerator) for cut, value in stored.items() if cut)
        left = int(stored[()].numerator) - led
        if left > 0:
            stored[("unit", MISSING),] = Value(numerator=left, denominator=None, value=left)


def _drop_empty_windows(values: Values) -> None:
    for key in [key for key in values if key[1] is not Window.CURRENT]:
        if values[key][()].numerator == 0:
            del values[key]


def _changes(values: Values, indicator: Indicator) -> list[tuple[Cut, Value]]:
    now = values[indicator.of, Window.CURRENT]
    before = values.get((indicator.of, indicator.against or Window.PREVIOUS))
    if before is None:
        return [((), Value(numerator=0, denominator=None, value=None))]
    wanted = {cut for cut in (*now, *before) if tuple(name for name, _ in cut) in indicator.cuts}
    changes = []
    for cut in wanted:
        current = int(now.get(cut, _ZERO).numerator)
        base = int(before.get(cut, _ZERO).numerator)
        changed = change_percent(current, base, indicator.places)
        changes.append((cut, Value(numerator=current - base, denominator=base, value=changed)))
    return changes


def _ratio(values: Values, indicator: Indicator) -> Value:
    of = int(values[indicator.of, Window.CURRENT][()].numerator)
    per = int(values[indicator.per, Window.CURRENT][()].numerator)
    ratio = round_half_up(Fraction(of, per), indicator.places) if per else None
    return Value(numerator=of, denominator=per, value=ratio)
