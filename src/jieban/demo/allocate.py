"""Whole-number tables with given margins, spread the way weights say.

A month's counts fix the margins (so many orders of a subtopic, so many handlings of a unit); which unit handles
how many of which subtopic is free. Iterative proportional fitting (Deming and Stephan 1940) spreads the counts
by believable weights; controlled rounding (Cox and Ernst 1982), solved as a flow, makes them whole without
moving any margin.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr

K = TypeVar("K", bound=Hashable)
Table = NDArray[np.float64]

_ROUNDS = 3000
_LEAN_ROUNDS = 10
_CLOSE = 1e-6
# Margins on the edge of what is possible are neared slowly; what is left is settled by the rounding, exactly.
_NEAR = 0.05


class Infeasible(JiebanError):
    """Figures that no set of orders can have at once, with the margin that can't be met."""

    code = "demo.infeasible"
    exit_code = Exit.BAD_PROFILE


def proportional(
    total: int, weights: Mapping[K, float], least: Mapping[K, int] | None = None
) -> dict[K, int]:
    """Split `total` by weight into whole numbers (largest remainder), none under its `least`.

    Raises Infeasible when the least numbers alone exceed the total or nothing has weight.
    """
    least = least or {}
    floor = {key: least.get(key, 0) for key in weights}
    rest = total - sum(floor.values())
    mass = sum(weights.values())
    if rest < 0 or (rest and mass <= 0):
        raise Infeasible(
            tr("无法把 {total} 分到 {n} 项:下限之和已超出,或没有可分的项。", total=total, n=len(weights))
        )
    ideal = {key: total * weight / mass if mass else 0.0 for key, weight in weights.items()}
    # Those whose ideal lies under their least stay there; the others share what is left.
    free = dict(weights)
    fixed: dict[K, int] = {}
    while low := [key for key in free if ideal[key] < floor[key]]:
        for key in low:
            fixed[key] = floor[key]
            del free[key]
        left, mass = total - sum(fixed.values()), sum(free.values())
        ideal = {key: left * weight / mass for key, weight in free.items()} if mass else {}
    whole = {key: int(ideal[key]) for key in free}
    missing = total - sum(fixed.values()) - sum(whole.values())
    by_remainder = sorted(free, key=lambda key: ideal[key] - whole[key], reverse=True)
    for key in by_remainder[:missing]:
        whole[key] += 1
    return {key: fixed[key] if key in fixed else whole[key] for key in weights}


def fit(weights: Table, rows: Sequence[int], columns: Sequence[int], names: Sequence[str]) -> Table:
    """A real table (rows × columns) with these margins, zero wherever the weight is zero.

    `names` are the columns', for the message. Raises Infeasible when no such table exists.
    """
    table = weights.astype(np.float64).copy()
    row_sums, column_sums = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    for _ in range(_ROUNDS):
        table *= _ratio(row_sums, table.sum(axis=1))[:, None]
        table *= _ratio(column_sums, table.sum(axis=0))[None, :]
        if np.abs(table.sum(axis=1) - row_sums).max() < _CLOSE * max(1.0, row_sums.max()):
            return table
    off = table.sum(axis=1) - row_sums
    if np.abs(off).max() < _NEAR:
        return table
    strained = sorted(zip(_ratio(column_sums, weights.sum(axis=0)), names, strict=True), reverse=True)[:3]
    raise Infeasible(
        tr(
            "各项数字不能同时成立:最大缺口 {gap:.2f},最紧的列为 {names}。",
            gap=float(np.abs(off).max()),
            names="、".join(name for _, name in strained),
        ),
        fix=tr("请在演示文本中为这些单位增加可承办的事项。"),
    )


def lean(weights: Table, rows: Sequence[int], columns: Sequence[int]) -> Table:
    """A real table with these row sums and columns as near to theirs as a few rounds of fitting bring them."""
    table = weights.astype(np.float64).copy()
    for _ in range(_LEAN_ROUNDS):
        table *= _ratio(np.asarray(columns, dtype=np.float64), table.sum(axis=0))[None, :]
        table *= _ratio(np.asarray(rows, dtype=np.float64), table.sum(axis=1))[:, None]
    return table


def _ratio(wanted: Table, have: Table) -> Table:
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)


def round_table(table: Table, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.int64]:
    """Whole numbers next to `table` (each rounded down or up) that keep the whole-number margins exactly."""
    # pure Python and slow to import; only the demo needs it
    import networkx as nx  # noqa: PLC0415

    near = np.round(table)
    table = np.where(np.abs(table - near) < 1e-6, near, table)  # noqa: PLR2004  # fitting's own noise
    whole = np.floor(table).astype(np.int64)
    row_left = np.asarray(rows) - whole.sum(axis=1)
    column_left = np.asarray(columns) - whole.sum(axis=0)
    # Numbered nodes: networkx walks sets of nodes, whose order is the same in every process only for numbers.
    source, sink, first_column = 0, 1, 2 + len(row_left)
    graph = nx.DiGraph()
    for i, need in enumerate(row_left, start=2):
        graph.add_edge(source, i, capacity=int(need))
    for j, need in enumerate(column_left, start=first_column):
        graph.add_edge(j, sink, capacity=int(need))
    for i, j in np.argwhere(table > whole):
        graph.add_edge(2 + int(i), first_column + int(j), capacity=1)
    sent, flow = nx.maximum_flow(graph, source, sink)
    if sent != int(row_left.sum()):
        raise Infeasible(tr("取整后合计对不上:差 {gap}。", gap=int(row_left.sum()) - sent))
    for i in range(len(row_left)):
        for node, amount in flow.get(2 + i, {}).items():
            whole[i, node - first_column] += amount
    return whole


def spread(
    weights: Table, rows: Sequence[int], columns: Sequence[int], names: Sequence[str]
) -> NDArray[np.int64]:
    """Whole numbers with these margins, near to what the weights say. Raises Infeasible."""
    return round_table(fit(weights, rows, columns, names), rows, columns)
