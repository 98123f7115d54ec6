"""What a file is, by its content, and its cells as they were."""

import datetime as dt
import subprocess
import sys
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlwt
from ledger_files import make_csv, make_xlsx

from jieban.kernel.errors import Exit, JiebanError
from jieban.ledger import errors
from jieban.ledger.doors.open import open_raw
from jieban.ledger.raw import FileKind, Range

ROWS = [("编号", "单位"), ("0012", "住建局"), ("0013", "买买提·艾力,“他”说\n好")]


def shown(path: Path) -> list[tuple[str, ...]]:
    sheet = open_raw(path).sheets[0]
    return [sheet.row(index) for index in range(sheet.height)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = make_csv(tmp_path / "a.csv", ROWS, encoding=encoding, delimiter=delimiter)
    assert shown(path) == ROWS


def test_characters_outside_gb2312_survive_gb18030(tmp_path: Path) -> None:
    rows = [("编号", "姓名"), ("1", "䶮𠮷 ئەلى"), ("2", "€")]
    assert shown(make_csv(tmp_path / "a.csv", rows, encoding="gb18030")) == rows


def test_ragged_csv_keeps_every_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("题名\n编号,单位,备注\n1,住建局\n\n2,城管局,好,多\n", encoding="utf-8")
    assert shown(path) == [
        ("题名", "", "", ""),
        ("编号", "单位", "备注", ""),
        ("1", "住建局", "", ""),
        ("", "", "", ""),
        ("2", "城管局", "好", "多"),
    ]


def test_a_csv_longer_than_one_piece_stays_in_step(tmp_path: Path) -> None:
    rows = [[str(n)] if n < 60_000 else [str(n), "b"] for n in range(60_010)]
    sheet = open_raw(make_csv(tmp_path / "a.csv", rows)).sheets[0]
    assert sheet.height == 60_010
    assert sheet.row(59_999) == ("59999", "")
    assert sheet.row(60_000) == ("60000", "b")


def test_cells_that_were_guarded_against_spreadsheets_are_freed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,内容\n=\"0012\",'=SUM(A1)\n1,'平常\n", encoding="utf-8")
    assert shown(path)[1:] == [("0012", "=SUM(A1)"), ("1", "'平常")]


def test_xlsx_cells_keep_their_types_and_places(tmp_path: Path) -> None:
    path = make_xlsx(
        tmp_path / "a.bin",
        {"空": [], "甲": [(), (None, "编号", 12, 1.5, dt.datetime(2025, 4, 1), True)]},  # noqa: DTZ001 - wall time
        merged={"甲": [(1, 1, 3, 1)]},
    )
    book = open_raw(path)
    assert book.kind is FileKind.XLSX
    assert [sheet.name for sheet in book.sheets] == ["空", "甲"]
    sheet = book.sheets[1]
    assert sheet.row(1) == ("", "编号", "12", "1.5", "2025-04-01 00:00:00", "TRUE")
    assert sheet.merged == (Range(top=1, left=1, bottom=3, right=1),)


def test_xls_is_read_whatever_its_name(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    sheet.write(1, 1, "编号")
    sheet.write(1, 2, dt.datetime(2025, 4, 1, 9, 30), xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM"))  # noqa: DTZ001
    sheet.write_merge(2, 3, 1, 1, "合")
    book.save(str(tmp_path / "a.csv"))
    found = open_raw(tmp_path / "a.csv")
    assert found.kind is FileKind.XLS
    assert found.sheets[0].row(1) == ("", "编号", "2025-04-01 09:30:00")
    assert found.sheets[0].merged == (Range(top=2, left=1, bottom=3, right=1),)


def test_hidden_sheets_are_known_as_such(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "看"
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in open_raw(tmp_path / "a.xlsx").sheets] == [
        ("看", False),
        ("藏", True),
    ]


NOT_TABLES = {
    "empty": b"",
    "pdf": b"%PDF-1.7\n",
    "gzip": b"\x1f\x8b\x08\x00",
    "png": b"\x89PNG\r\n\x1a\n",
    "html": "<html><table><tr><td>编号</td></tr></table>".encode(),
    "xml 2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    "binary": bytes(range(256)) * 10,
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "neither utf-8 nor gb18030": b"\xff\xff\xfe",
}


@pytest.mark.parametrize("content", NOT_TABLES.values(), ids=NOT_TABLES)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    with pytest.raises(errors.BadFile) as refusal:
        open_raw(path)
    assert refusal.value.exit_code is Exit.BAD_FILE
    assert str(refusal.value).startswith("台账.xlsx")
    assert refusal.value.fix


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(errors.BadFile, match="打不开文件"):
        open_raw(tmp_path / "无.xlsx")


def test_text_cut_within_a_character_is_told_from_text_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编号,单位\n1,住建局".encode()[:-1])
    with pytest.raises(errors.BrokenFile, match="不完整"):
        open_raw(path)


def test_other_zip_files_are_named(tmp_path: Path) -> None:
    for part, word in (("word/document.xml", "Word"), ("xl/workbook.bin", ".xlsb"), ("a.txt", "压缩包")):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr(part, "x")
        with pytest.raises(errors.NotASpreadsheet, match=word):
            open_raw(tmp_path / "a.xlsx")


def test_an_encrypted_workbook_is_refused(tmp_path: Path) -> None:
    plain = make_xlsx(tmp_path / "plain.xlsx", {"甲": ROWS})
    with plain.open("rb") as source, (tmp_path / "a.xlsx").open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("口令", target)
    with pytest.raises(errors.EncryptedFile, match="密码"):
        open_raw(tmp_path / "a.xlsx")


def test_english_readers_get_their_own_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7")
    program = (
        "import pathlib, sys\nfrom jieban.ledger.doors.open import open_raw\n"
        "from jieban.kernel.errors import JiebanError\n"
        "try:\n    open_raw(pathlib.Path(sys.argv[1]))\nexcept JiebanError as error:\n    print(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.xlsx")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == errors.NotASpreadsheet.code
    assert issubclass(errors.NotASpreadsheet, JiebanError)


def _long_xls(path: Path) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for row in range(400):
        for place in range(6):
            sheet.write(row, place, f"第{row}行第{place}格")
    book.save(str(path))
    return path.read_bytes()


@pytest.mark.parametrize("part", [0.02, 0.1, 0.5, 0.9, 0.97])
def test_a_truncated_xls_is_said_to_be_broken(tmp_path: Path, part: float) -> None:
    whole = _long_xls(tmp_path / "全.xls")
    path = tmp_path / "台账.xls"
    path.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(errors.BrokenFile) as refusal:
        open_raw(path)
    assert ".doc" not in str(refusal.value)
    assert "重新导出" in str(refusal.value)


def test_an_old_word_document_is_called_so(tmp_path: Path) -> None:
    whole = _long_xls(tmp_path / "全.xls")
    path = tmp_path / "台账.xls"
    path.write_bytes(whole.replace("Workbook\0".encode("utf-16-le"), "WordDocument\0".encode("utf-16-le")))
    with pytest.raises(errors.NotASpreadsheet, match="Word"):
        open_raw(path)
