"""Files that would hurt: refused with a sentence, within bounded time and memory."""

import os
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import psutil
import pytest
from ledger_files import make_xlsx

from jieban.ledger import errors
from jieban.ledger.doors import text
from jieban.ledger.doors.open import open_raw
from jieban.ledger.doors.workbook import Limits

SOON = 15.0
"""Seconds; on a busy machine several times what it takes."""

SHEET = "xl/worksheets/sheet1.xml"


def rezipped(source: Path, target: Path, change: Callable[[str, bytes], bytes], **extra: bytes) -> Path:
    """A workbook with parts changed or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
        for name, content in extra.items():
            new.writestr(name, content)
    return target


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """A change of the first sheet's XML."""

    def change(name: str, content: bytes) -> bytes:
        if name != SHEET:
            return content
        assert old in content
        return content.replace(old, new, 1)

    return change


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return make_xlsx(tmp_path / "plain.xlsx", {"台账": [("工单编号", "承办单位"), ("1", "住建局")]})


def refusal(path: Path, limits: Limits | None = None) -> errors.BadFile:
    """The refusal of a file, which must come soon and leave no child behind."""
    begun = time.monotonic()
    with pytest.raises(errors.BadFile) as caught:
        open_raw(path, limits or Limits())
    assert time.monotonic() - begun < SOON
    assert not psutil.Process().children()
    assert caught.value.where is not None
    assert caught.value.where.file == path.name
    assert caught.value.fix
    return caught.value


def stray_cell(path: Path, place: str) -> Path:
    book = openpyxl.Workbook()
    book.active["A1"] = "工单编号"
    book.active[place] = "x"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("place", "kind"),
    [("XFD1048576", errors.TooLarge), ("XFD1", errors.TooLarge), ("A1048576", errors.EmptyRows)],
)
def test_a_stray_cell_far_away(tmp_path: Path, place: str, kind: type[errors.BadFile]) -> None:
    found = refusal(stray_cell(tmp_path / "a.xlsx", place))
    assert type(found) is kind
    assert "删" in str(found)


def test_a_million_empty_rows(tmp_path: Path, plain: Path) -> None:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_048_577))
    path = rezipped(plain, tmp_path / "a.xlsx", in_sheet(b"</sheetData>", rows + b"</sheetData>"))
    assert type(refusal(path)) is errors.EmptyRows


def test_a_million_empty_rows_with_styled_cells(tmp_path: Path, plain: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_000_000))
    path = rezipped(plain, tmp_path / "a.xlsx", in_sheet(b"</sheetData>", rows + b"</sheetData>"))
    assert type(refusal(path)) is errors.EmptyRows


def test_a_million_empty_lines_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("工单编号,承办单位\n1,住建局\n" + ",\n" * 1_000_000, encoding="utf-8")
    assert type(refusal(path)) is errors.EmptyRows


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, plain: Path) -> None:
    path = rezipped(plain, tmp_path / "a.xlsx", lambda n, c: c + b" " * (200 << 20) if n == SHEET else c)
    begun = sum(os.times()[:4])
    assert type(refusal(path)) is errors.ZipBomb
    assert sum(os.times()[:4]) - begun < 1, "of the processor, whoever else is at work"


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path, plain: Path) -> None:
    honest = rezipped(
        plain, tmp_path / "b.xlsx", lambda n, c: c + b" " * (100 << 20) if n == SHEET else c
    ).read_bytes()
    size = 100 << 20
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        size = archive.getinfo(SHEET).file_size
    lying = honest.replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little"))
    assert lying != honest
    path = tmp_path / "a.xlsx"
    path.write_bytes(lying)
    assert type(refusal(path)) is errors.BrokenFile


@pytest.mark.parametrize("part", [0.2, 0.5, 0.95])
def test_a_truncated_workbook(tmp_path: Path, plain: Path, part: float) -> None:
    content = plain.read_bytes()
    path = tmp_path / "a.xlsx"
    path.write_bytes(content[: int(len(content) * part)])
    assert type(refusal(path)) is errors.BrokenFile


def test_a_workbook_with_damaged_content(tmp_path: Path, plain: Path) -> None:
    content = bytearray(plain.read_bytes())
    with zipfile.ZipFile(plain) as archive:
        begin = archive.getinfo(SHEET).header_offset + 60
    content[begin : begin + 20] = bytes(20)
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert type(refusal(path)) is errors.BrokenFile


def test_a_workbook_whose_xml_is_broken(tmp_path: Path, plain: Path) -> None:
    path = rezipped(plain, tmp_path / "a.xlsx", in_sheet(b"</sheetData>", b"</sheetDat"))
    assert type(refusal(path)) is errors.BrokenFile


def test_formulas_without_results(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "别的"
    book.create_sheet("四月<&>").append(["工单编号", "承办单位"])
    book["四月<&>"].append(["=1+1", "住建局"])
    book.save(tmp_path / "a.xlsx")
    found = refusal(tmp_path / "a.xlsx")
    assert type(found) is errors.UncomputedFormulas
    assert found.where is not None
    assert found.where.sheet == "四月<&>"
    assert "A2" in found.what
    assert "1 个" in found.what


FORMULAS = {
    "a number": (b"<c r='B9'>".replace(b"'", b'"') + b"<f>1+1</f><v>2</v></c>", True),
    "an empty text": (b'<c r="B9" t="str"><f>""</f><v></v></c>', True),
    "shared": (b'<c r="B9"><f t="shared" si="0"/><v>2</v></c>', True),
    "shared without": (b'<c r="B9"><f t="shared" si="0"/></c>', False),
    "text without": (b'<c r="B9" t="str"><f>A1</f></c>', False),
    "an empty value": (b'<c r="B9"><f>A1</f><v></v></c>', False),
    "a closed value": (b'<c r="B9" s="1"><f>A1</f><v/></c>', False),
}


@pytest.mark.parametrize(("cell", "good"), FORMULAS.values(), ids=FORMULAS)
def test_only_formulas_without_results_are_refused(
    tmp_path: Path, plain: Path, cell: bytes, good: bool
) -> None:
    row = b'<row r="9">' + cell + b"</row></sheetData>"
    path = rezipped(plain, tmp_path / "a.xlsx", in_sheet(b"</sheetData>", row))
    if good:
        assert open_raw(path).sheets
    else:
        assert "B9" in refusal(path).what


def test_a_formula_cut_in_two_by_the_scan_is_found_once(tmp_path: Path, plain: Path) -> None:
    cell = b'<c r="B9"><f>A1</f></c>'
    with zipfile.ZipFile(plain) as archive:
        before = archive.read(SHEET).index(b"</sheetData>")
    for shift in range(0, len(cell) + 12, 5):
        # Comments push the cell across the border between two pieces of the scan.
        filler = b"<!--" + b"x" * ((1 << 20) - before - 7 - 11 - shift) + b"-->"
        row = filler + b'<row r="9">' + cell + b"</row></sheetData>"
        path = rezipped(plain, tmp_path / "a.xlsx", in_sheet(b"</sheetData>", row))
        assert "1 个" in refusal(path).what


def test_formulas_are_found_in_sheets_with_a_namespace_prefix(tmp_path: Path, plain: Path) -> None:
    xml = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b'<x:row r="1"><x:c r="A1"><x:f>1+1</x:f></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = rezipped(plain, tmp_path / "a.xlsx", lambda n, c: xml if n == SHEET else c)
    assert type(refusal(path)) is errors.UncomputedFormulas


def test_external_links(tmp_path: Path, plain: Path) -> None:
    rels = '<Relationships><Relationship Id="rId1" Target="file:///D:/三月.xlsx"/></Relationships>'.encode()
    path = rezipped(
        plain, tmp_path / "a.xlsx", lambda _, c: c, **{"xl/externalLinks/_rels/externalLink1.xml.rels": rels}
    )
    found = refusal(path)
    assert type(found) is errors.ExternalLinks
    assert "三月.xlsx" in found.what


def test_the_child_stops_at_its_limits(tmp_path: Path) -> None:
    rows = [[f"{n}-{place}" for place in range(30)] for n in range(20_000)]
    path = make_xlsx(tmp_path / "a.xlsx", {"台账": rows})
    assert type(refusal(path, Limits(memory_bytes=200 << 20))) is errors.TooLarge
    assert type(refusal(path, Limits(wall_seconds=0))) is errors.TooLarge
    assert open_raw(path).sheets[0].height == 20_000


def test_a_random_change_never_gives_a_traceback(tmp_path: Path, plain: Path) -> None:
    content = plain.read_bytes()
    path = tmp_path / "a.xlsx"
    sentences = []
    for place in range(0, len(content), max(1, len(content) // 30)):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        try:
            open_raw(path)
        except errors.BadFile as refused:
            sentences.append(refused.fix)
    assert len(sentences) > 5
    assert all(sentences)


GARBAGE = {
    "one line without an end": b"abcdefgh " * (14 << 20),
    "one line of many columns": b"ab,cd," * (8 << 20),
    "lines of a million columns": (b"a," * (1 << 20) + b"\n") * 32,
    "a quote that never closes": b'"' + b"a,b\n" * (16 << 20),
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_a_text_of_garbage_is_refused_without_holding_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(errors.BrokenFile, match="过长"):
            open_raw(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 << 20


def test_a_text_of_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MOST_ROWS", 10_000)
    path = tmp_path / "台账.csv"
    path.write_text("编号,内容\n" * 9_000, encoding="utf-8")
    assert open_raw(path).sheets[0].height == 9_000
    path.write_text("编号,内容\n" * 12_000, encoding="utf-8")
    with pytest.raises(errors.TooLarge, match="10000 行"):
        open_raw(path)
