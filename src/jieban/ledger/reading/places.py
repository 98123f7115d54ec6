"""Where a row stands in the files, for messages and for the tables."""

from collections.abc import Callable, Sequence

import numpy as np

from jieban.kernel.i18n import tr
from jieban.ledger.arrow import Ints, pa
from jieban.ledger.reading.part import Part
from jieban.ledger.reading.source import Source


class Places:
    """Finds the sheet and the row (from 1) of any gid."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = tuple(sources)
        self.starts = np.array(
            [source.gids[0] if len(source.gids) else -1 for source in sources], dtype=np.int64
        )
        self.rows = np.concatenate([np.zeros(0, dtype=np.int64), *(source.rows + 1 for source in sources)])
        lengths = [len(source.gids) for source in sources]
        self.source_of = np.repeat(np.arange(len(sources), dtype=np.int64), lengths)

    def describe(self, gid: int) -> str:
        """A row's place in words."""
        source = self.sources[int(self.source_of[gid])]
        return tr(
            "{file} 工作表“{sheet}”第 {row} 行",
            file=source.path.name,
            sheet=source.sheet.name,
            row=int(self.rows[gid]),
        )

    def seen_before(self, key: str, part: Part, first: Ints, twice: Ints) -> Callable[[str], str]:
        """The sentence for a key that was there before: `first` and `twice` are rows of `part`."""
        column = key if part.column(key).null_count == 0 else "order_no"
        values = part.column(column).take(pa.array(twice)).to_pylist()
        known = dict(zip(values, part.gids[first].tolist(), strict=True))

        def message(value: str) -> str:
            if value not in known:
                return tr("前面已有同样的一行。")
            return tr("“{value}”已在 {place} 出现过。", value=value, place=self.describe(known[value]))

        return message
