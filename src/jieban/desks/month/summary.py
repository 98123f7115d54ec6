"""A period's figures as they are shown, in words and numbers: made once, kept as JSON, read by every visit."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

FORMAT = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Against:
    """What a figure was in another period (`text`, "" when nothing is known of it), and how it changed since."""

    name: str
    text: str
    change: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """A large figure. `behind` names the list of orders that it counts, "" where there is none."""

    id: str
    label: str
    text: str
    unit: str
    rule: str
    behind: str
    against: tuple[Against, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A figure in a table, with the list of orders behind it (its query, "" for none)."""

    text: str
    behind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row: `length` is its bar in percent of the longest, `deeper` are the rows that it is made of."""

    name: str
    cells: tuple[Cell, ...]
    length: str = ""
    deeper: "tuple[Line, ...]" = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A table: `columns` are the headings of the cells, without that of the names."""

    id: str
    title: str
    named: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A chart as ECharts options for both themes, and how high it is drawn."""

    id: str
    title: str
    alt: str
    height: int
    light: Mapping[str, Any]
    dark: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A street on the map of tiles: `column` and `row` from 1, `heat` from 0 to 5 by its part of the most.

    `told` is what else is known of it: its share, and the other periods.
    """

    column: int
    row: int
    name: str
    cell: Cell
    told: tuple[str, ...]
    heat: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Everything that is shown of a period. `state` is that of the orders when they were counted."""

    period: str
    label: str
    state: str
    counted_at: datetime
    tiles: tuple[Tile, ...]
    more: tuple[Tile, ...]
    grids: tuple[Grid, ...]
    charts: tuple[Chart, ...]
    places: tuple[Place, ...]

    def as_json(self) -> str:
        """The summary as it is kept."""
        return json.dumps(
            {"format": FORMAT, **asdict(self), "counted_at": self.counted_at.isoformat()}, ensure_ascii=False
        )

    @classmethod
    def of_json(cls, text: str) -> Self | None:
        """What was kept; None for what another version of this program kept, which is to be counted anew."""
        kept = json.loads(text)
        if kept.pop("format", None) != FORMAT:
            return None
        return cls(
            **{
                **kept,
                "counted_at": datetime.fromisoformat(kept["counted_at"]),
                "tiles": _tiles(kept["tiles"]),
                "more": _tiles(kept["more"]),
                "grids": tuple(
                    Grid(**{**grid, "columns": tuple(grid["columns"]), "lines": _lines(grid["lines"])})
                    for grid in kept["grids"]
                ),
                "charts": tuple(Chart(**chart) for chart in kept["charts"]),
                "places": tuple(
                    Place(**{**place, "cell": Cell(**place["cell"]), "told": tuple(place["told"])})
                    for place in kept["places"]
                ),
            }
        )


def _tiles(kept: list[dict[str, Any]]) -> tuple[Tile, ...]:
    return tuple(
        Tile(**{**tile, "against": tuple(Against(**each) for each in tile["against"])}) for tile in kept
    )


def _lines(kept: list[dict[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            **{
                **line,
                "cells": tuple(Cell(**cell) for cell in line["cells"]),
                "deeper": _lines(line["deeper"]),
            }
        )
        for line in kept
    )
