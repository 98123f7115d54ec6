"""The map of a month: every street as a tile where the city's data put it, darker the more was reported there."""

from jieban.desks.month.figures import Three, behind
from jieban.desks.month.summary import Place
from jieban.desks.month.tables import ORDERS
from jieban.indicators.registry import REGISTRY

_HEATS = 5


def places(three: Three) -> tuple[Place, ...]:
    """A tile for each street that stood at the period's end and is on the map, none for a city without one."""
    streets = [each for each in three.profile.streets.valid_on(three.period.last) if each.tile is not None]
    counts = {each.code: three.now.number(ORDERS, street=each.code) for each in streets}
    most = max(counts.values(), default=0)
    headings = three.headings("", REGISTRY[ORDERS].table)[1:]
    found = []
    for street in streets:
        count, *further = three.cells(ORDERS, behind(ORDERS, street=street.code), street=street.code)
        column, row = street.tile or (0, 0)
        found.append(
            Place(
                column=column,
                row=row,
                name=street.short_name,
                cell=count,
                told=tuple(f"{name} {cell.text}" for name, cell in zip(headings, further, strict=True)),
                heat=-(-counts[street.code] * _HEATS // most) if most else 0,
            )
        )
    return tuple(found)
