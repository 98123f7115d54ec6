"""What the forms share: whole files or none, numbered captions, the words around the report's own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from jieban.kernel.i18n import tr
from jieban.report.charts.measure import ems
from jieban.report.document import Annex, Block, ChartBlock, Document, TableBlock


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` when the block ends well, else it is gone."""
    beside = path.with_name(f".{path.stem}.{token_hex(4)}{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, or leave `path` as it was."""
    with written_whole(path) as beside:
        beside.write_bytes(content)


def issued_utc(document: Document) -> datetime:
    """When the document was issued, in UTC and without a zone, as office files store it."""
    return document.issued.astimezone(UTC).replace(tzinfo=None)


def template(name: str) -> str:
    """A file of `templates/`, as text."""
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


def printed_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks that paper shows: tables made for the workbook alone are left out."""
    return tuple(block for block in blocks if not (isinstance(block, TableBlock) and not block.in_body))


class Captions:
    """The numbered captions (表1 …, 图1 …) of a document's tables and charts, in the report's order.

    A table that only the workbook shows has no number.
    """

    def __init__(self, document: Document) -> None:
        self._numbered: dict[tuple[type[Block], str], str] = {}
        tables = charts = 0
        for block in document.all_blocks():
            match block:
                case TableBlock(in_body=True):
                    tables += 1
                    self._numbered[TableBlock, block.id] = tr(
                        "表{number}　{caption}", number=tables, caption=block.caption
                    )
                case ChartBlock():
                    charts += 1
                    self._numbered[ChartBlock, block.id] = tr(
                        "图{number}　{caption}", number=charts, caption=block.caption
                    )
                case _:
                    pass

    def of(self, block: TableBlock | ChartBlock) -> str:
        """The caption of `block` as it is printed."""
        return self._numbered.get((type(block), block.id), block.caption)


def annex_label(annex: Annex) -> str:
    """附件1, as it stands at the top left of the annex."""
    return tr("附件{number}", number=annex.number)


# What XML 1.0 has no place for, in text or out of it.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """`text` with each character that XML can't hold shown as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


_HALF_ROW_EMS = 14


def header_rows(pairs: tuple[tuple[str, str], ...]) -> list[list[tuple[str, str]]]:
    """The publication header's rows, in order: two short pairs side by side, a long one alone."""
    rows: list[list[tuple[str, str]]] = []
    half_open = False
    for pair in pairs:
        short = ems(pair[1]) <= _HALF_ROW_EMS
        if short and half_open:
            rows[-1].append(pair)
            half_open = False
        else:
            rows.append([pair])
            half_open = short
    return rows
