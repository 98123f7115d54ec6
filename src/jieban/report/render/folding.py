"""Tables with long texts on paper: narrow columns beside them stand in one, so that the texts get the page's width."""

from collections.abc import Sequence
from dataclasses import replace

from jieban.report.charts.measure import ems
from jieban.report.document import Align, Run, TableBlock, Text, plain

LONG_EMS = 45
"""What is longer is prose: it takes several lines wherever it stands."""
_LEAST_OF_LONG = 0.3  # of the table's width: less for a long text makes a strip of a few characters


def length(text: str) -> float:
    """How long `text` is in ems, the lines that it breaks itself one behind the other."""
    return sum(ems(line) for line in text.split("\n"))


def has_long_text(table: TableBlock, at: int) -> bool:
    """Whether column `at` holds prose."""
    return any(length(plain([row[at]])) > LONG_EMS for row in table.rows)


def folded(table: TableBlock, widths: Sequence[float]) -> TableBlock:
    """`table` with neighbouring columns of short words as lines of one, where `widths` leave its prose too little."""
    long = {at for at in range(len(table.columns)) if has_long_text(table, at)}
    if not long or min(widths[at] for at in long) >= _LEAST_OF_LONG * sum(widths):
        return table
    short = _neighbours(
        [column.align is Align.LEFT and at not in long for at, column in enumerate(table.columns)]
    )
    if len(short) == 0:
        return table
    first, last = short.start, short.stop
    columns = table.columns[first:last]
    one = replace(
        columns[0],
        heading="\n".join(each.heading for each in columns),
        width=sum(each.width for each in columns),
    )

    def joined(row: tuple[Run, ...]) -> tuple[Run, ...]:
        return (*row[:first], Text("\n".join(plain([cell]) for cell in row[first:last])), *row[last:])

    return replace(
        table,
        columns=(*table.columns[:first], one, *table.columns[last:]),
        rows=tuple(joined(row) for row in table.rows),
        total_rows=tuple(joined(row) for row in table.total_rows),
    )


def _neighbours(wanted: Sequence[bool]) -> range:
    """The first two or more places side by side that are wanted; none where they stand alone."""
    begin = 0
    for at, want in enumerate((*wanted, False)):
        if not want:
            if at - begin > 1:
                return range(begin, at)
            begin = at + 1
    return range(0)
