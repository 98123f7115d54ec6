"""Who handles what: a month's matters shared out among units and request types so that every margin is met."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jieban.demo.allocate import Infeasible, fit, lean, proportional, round_table, spread
from jieban.demo.targets import DemoPlan, Matter, MonthTarget, busyness, leads_alone, standing_for
from jieban.demo.texts import STREET_UNIT, MatterTexts, Phrasebook
from jieban.kernel.i18n import tr
from jieban.profile.city import Profile

Weights = NDArray[np.float64]

_LESS_USUAL = 0.55
_ASSIST_SHARE = 0.3


@dataclass(kw_only=True, slots=True)
class Draft:
    """An order in the making: what it is about and which units have it, the lead first."""

    matter: Matter
    lead: str
    assists: list[str] = field(default_factory=list)
    request_type: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Lead and assisting units."""
        return (self.lead, *self.assists)

    def known_as(self, place_kinds: Mapping[str, str]) -> tuple[str, ...]:
        """How texts may name the lead: its code, and for a place's unit "the unit of that place"."""
        return (self.lead, STREET_UNIT) if self.lead in place_kinds else (self.lead,)

    def place_kind(self, place_kinds: Mapping[str, str]) -> str | None:
        """The kind of place that the order's units bind it to; None where it may lie anywhere."""
        return next((place_kinds[unit] for unit in self.units if unit in place_kinds), None)


def place_units(profile: Profile, plan: DemoPlan, month: MonthTarget) -> dict[str, str]:
    """Units that are a street or township, with the street's code: they handle only what lies there."""
    found = {}
    for street in profile.streets.valid_on(month.first):
        unit = profile.units.find(street.name, on=month.first)
        if unit is not None and unit.kind in plan.place_units:
            found[unit.code] = street.code
    return found


def assign(
    profile: Profile, plan: DemoPlan, book: Phrasebook, month: MonthTarget, rng: random.Random
) -> list[Draft]:
    """Drafts of all the month's orders, in random order, whose counts equal the month's figures.

    Raises Infeasible when the texts' units can't carry the units' counts.
    """
    places = place_units(profile, plan, month)
    weights = {code: plan.place_units[profile.units[code].kind] for code in places}
    leads, assists = _share_out(profile, book, month, places, weights)
    types = _types(book, month, profile)
    kinds = {unit: profile.streets[street].kind for unit, street in places.items()}
    drafts: list[Draft] = []
    for matter, count in month.matters.items():
        own = [Draft(matter=matter, lead=unit) for unit in _shuffled(leads[matter], rng)]
        _add_assists(own, assists[matter], places, rng)
        _set_types(own, types[matter], _texts(book, profile, matter), kinds)
        if len(own) != count:
            raise Infeasible(
                tr("事项 {matter} 分派后为 {n} 件,应为 {count} 件。", matter=matter, n=len(own), count=count)
            )
        drafts += own
    rng.shuffle(drafts)
    return drafts


def _set_types(
    drafts: Sequence[Draft], counts: Mapping[str, int], texts: MatterTexts, kinds: Mapping[str, str]
) -> None:
    """Give every draft a type of which something can be said with its lead in its place; scarce types choose first."""
    suiting = {
        request_type: [
            d for d in drafts if texts.suiting(request_type, d.known_as(kinds), d.place_kind(kinds))
        ]
        for request_type in counts
    }
    for request_type, count in sorted(
        counts.items(), key=lambda item: (len(suiting[item[0]]), item[1], item[0])
    ):
        free = [draft for draft in suiting[request_type] if not draft.request_type]
        if len(free) < count:
            raise Infeasible(
                tr(
                    "事项 {matter} 的 {type} 缺少合适的说法。",
                    matter="/".join(texts.matter),
                    type=request_type,
                ),
                fix=tr("请为该事项补充不限单位和地点的说法。"),
            )
        for draft in free[:count]:
            draft.request_type = request_type


def _shuffled(counts: Mapping[str, int], rng: random.Random) -> list[str]:
    items = [key for key, count in counts.items() for _ in range(count)]
    rng.shuffle(items)
    return items


def _weights(
    candidates: Sequence[str], columns: Mapping[str, int], places: Mapping[str, float], mass: float
) -> Weights:
    row = np.zeros(len(columns))
    for position, unit in enumerate(candidates):
        weight = mass * _LESS_USUAL**position
        if unit == STREET_UNIT:
            whole = sum(places.values())
            for place, share in places.items():
                row[columns[place]] += weight * share / whole
        else:
            row[columns[unit]] += weight
    return row


def _share_out(
    profile: Profile,
    book: Phrasebook,
    month: MonthTarget,
    streets: Mapping[str, str],
    places: Mapping[str, float],
) -> tuple[dict[Matter, Counter[str]], dict[Matter, Counter[str]]]:
    units = profile.units.valid_on(month.first)
    columns = {unit.code: index for index, unit in enumerate(units)}
    matters = [_texts(book, profile, matter) for matter in month.matters]
    kind_of = {code: profile.streets[street].kind for code, street in streets.items()}

    def local(texts: MatterTexts) -> dict[str, float]:
        kinds = texts.place_kinds
        return {code: share for code, share in places.items() if kinds is None or kind_of[code] in kinds}

    def then(candidates: Sequence[str]) -> list[str]:
        named = (
            (unit,) if unit == STREET_UNIT else standing_for(profile.units, unit, month.first)
            for unit in candidates
        )
        return [code for codes in named for code in codes]

    lead_rows = [
        _weights(then(texts.lead), columns, local(texts), month.matters[texts.matter]) for texts in matters
    ]
    assist_rows = [
        _weights(then(texts.assist), columns, local(texts), month.matters[texts.matter] * _ASSIST_SHARE)
        for texts in matters
    ]
    busy = np.array([busyness(code, month.first) for code in columns])
    lead, assist = np.vstack(lead_rows) * busy, np.vstack(assist_rows) * busy
    table = _tables(profile, month, columns, lead, assist)
    names = list(columns)

    def as_counts(row: NDArray[np.int64]) -> Counter[str]:
        return Counter({names[index]: int(row[index]) for index in np.flatnonzero(row)})

    return (
        {texts.matter: as_counts(table[index]) for index, texts in enumerate(matters)},
        {texts.matter: as_counts(table[len(matters) + index]) for index, texts in enumerate(matters)},
    )


def _tables(
    profile: Profile, month: MonthTarget, columns: Mapping[str, int], lead: Weights, assist: Weights
) -> NDArray[np.int64]:
    """How often each unit leads, then how often it assists, a row a matter: what counts has the month's margins."""
    counts = list(month.matters.values())
    apart = leads_alone(profile)
    scaled = _fitted(profile, month, columns, lead, None if apart else assist)
    # Then every unit and every matter's assisting total gets its own whole number.
    totals = _unit_totals(profile, month, columns, scaled.sum(axis=0))
    if not apart:
        helped = _whole(month.assisting, scaled[len(counts) :].sum(axis=1))
        return spread(scaled, [*counts, *helped], list(totals.values()), list(totals))
    # What doesn't count is bound by no figure: by weight, and where somebody else leads.
    leads = spread(scaled, counts, list(totals.values()), list(totals))
    free = assist * (1 - leads / np.array(counts)[:, None])
    mass = free.sum(axis=1)
    helped = _whole(month.assisting, mass)
    free *= np.divide(helped, mass, out=np.zeros_like(mass), where=mass > 0)[:, None]
    helping = _whole(month.assisting, free.sum(axis=0))
    return np.vstack([leads, spread(free, helped, helping, list(totals))])


def _whole(total: int, mass: Weights) -> list[int]:
    return list(proportional(total, dict(enumerate(mass.tolist()))).values())


def _fitted(
    profile: Profile,
    month: MonthTarget,
    columns: Mapping[str, int],
    lead: Weights,
    assist: Weights | None,
) -> Weights:
    """The weights moved to what is known: the named units, and the rest of each group as one block."""
    blocks = {code: code if code in month.units else f"group:{profile.units[code].group}" for code in columns}
    totals = dict(month.units)
    for group, total in month.unit_groups.items():
        named = sum(count for code, count in month.units.items() if profile.units[code].group == group)
        totals[f"group:{group}"] = total - named
    position = {block: index for index, block in enumerate(totals)}
    into = np.zeros((len(columns), len(position)))
    for code, index in columns.items():
        into[index, position[blocks[code]]] = 1.0
    fine, coarse, rows = lead, lead @ into, list(month.matters.values())
    if assist is not None:
        fine = np.vstack([lead, assist])
        coarse = np.vstack([coarse, (assist @ into).sum(axis=0)])
        rows.append(month.assisting)
    fitted = fit(coarse, rows, list(totals.values()), list(totals))
    factor = np.divide(fitted, coarse, out=np.zeros_like(coarse), where=coarse > 0)
    if assist is not None:
        factor = np.vstack([factor[:-1], np.repeat(factor[-1:], len(assist), axis=0)])
    moved: Weights = fine * (factor @ into.T)
    return moved


def _unit_totals(
    profile: Profile, month: MonthTarget, columns: Mapping[str, int], ideal: Weights
) -> dict[str, int]:
    """Whole handlings of every unit: the named ones as given, the others' sum as the group leaves."""
    totals: dict[str, int] = {}
    ceiling = min(month.units.values(), default=sum(month.unit_groups.values())) - 1
    for group, whole in month.unit_groups.items():
        members = [code for code in columns if profile.units[code].group == group]
        free = {code: float(ideal[columns[code]]) for code in members if code not in month.units}
        # A unit with late handlings has some more that were in time.
        least = {
            code: late * 2 + 1
            for code in free
            if (late := max(month.late_sign.get(code, 0), month.late_close.get(code, 0)))
        }
        named = sum(month.units.get(code, 0) for code in members)
        shared = proportional(whole - named, free, least)
        rivals = any(code in month.units for code in members)
        over = [code for code, count in shared.items() if rivals and count > ceiling]
        if over:
            raise Infeasible(
                tr("单位 {unit} 会超过公布的前几名。", unit=profile.units[over[0]].name),
                fix=tr("请在演示文本中让更多单位承办它的事项。"),
            )
        totals.update(shared)
        totals.update({code: month.units[code] for code in members if code in month.units})
    return {code: totals[code] for code in columns}


def _texts(book: Phrasebook, profile: Profile, matter: Matter) -> MatterTexts:
    texts = book.matters.get((profile.order_scheme, matter))
    if texts is None:
        raise Infeasible(tr("事项 {matter} 没有演示文本。", matter="/".join(matter)))
    return texts


def _types(book: Phrasebook, month: MonthTarget, profile: Profile) -> dict[Matter, Counter[str]]:
    types = list(month.request_types)
    weights = np.zeros((len(month.matters), len(types)))
    for index, (matter, count) in enumerate(month.matters.items()):
        patterns = _texts(book, profile, matter).request_types
        for position, request_type in enumerate(types):
            share = patterns.get(request_type, 0) / sum(patterns.values())
            weights[index, position] = (
                count * share * (0.02 + month.request_types[request_type] / month.orders)
            )
    rows, totals = list(month.matters.values()), list(month.request_types.values())
    if not month.exact:
        weights = lean(weights, rows, totals)
        totals = list(proportional(month.orders, dict(enumerate(weights.sum(axis=0).tolist()))).values())
    table = round_table(fit(weights, rows, totals, types), rows, totals)
    return {
        matter: Counter({types[p]: int(table[i, p]) for p in np.flatnonzero(table[i])})
        for i, matter in enumerate(month.matters)
    }


def _add_assists(
    drafts: list[Draft], counts: Mapping[str, int], places: Iterable[str], rng: random.Random
) -> None:
    """Give each assisting unit to as many orders as it must have: never twice, never beside another place's unit."""
    local = set(places)
    has_place = {id(draft): draft.lead in local for draft in drafts}
    load: defaultdict[int, int] = defaultdict(int)
    for unit, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        open_to = [
            draft
            for draft in drafts
            if unit not in draft.units and not (unit in local and has_place[id(draft)])
        ]
        rng.shuffle(open_to)
        open_to.sort(key=lambda draft: load[id(draft)])
        if len(open_to) < count:
            raise Infeasible(tr("单位 {unit} 的协办 {count} 件放不下。", unit=unit, count=count))
        for draft in open_to[:count]:
            draft.assists.append(unit)
            load[id(draft)] += 1
            has_place[id(draft)] = has_place[id(draft)] or unit in local
