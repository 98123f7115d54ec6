"""What a file is, by its content; its name is not asked."""

import re
import zipfile
from pathlib import Path

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.kernel.osfault import reason
from jieban.ledger import errors
from jieban.ledger.raw import FileKind

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_OTHERS = {"WordDocument": "Word", "PowerPoint Document": "PowerPoint"}
_OLE_HEAD = 512
_LAST_SECTOR = 0xFFFFFFFA
_PARQUET = b"PAR1"
_HEAD = 4096
_MARKUP = re.compile(rb"<(!doctype|html|table|\?xml|head|body|meta|style)\b", re.IGNORECASE)
_OTHERS = {
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"SQLite format 3": "SQLite",
}


def kind_of(path: Path) -> FileKind:
    """What the file at `path` is. Raises BadFile for what isn't a ledger's form."""
    where = Where(file=path.name)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise errors.BadFile(
            tr("打不开文件({detail})。", detail=reason(error)),
            where=where,
            fix=tr("请检查路径和读取权限。"),
        ) from error
    if not head:
        raise errors.BrokenFile(tr("文件是空的。"), where=where, fix=tr("请重新导出或下载。"))
    if head.startswith(_PARQUET):
        return FileKind.PARQUET
    if head.startswith(_OLE):
        return _kind_of_ole(path, where)
    if head.startswith(_ZIP):
        return _kind_of_zip(path, where)
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise _not_a_spreadsheet(where, tr("这是 {name} 文件,不是表格。", name=name))
    if _MARKUP.search(head):
        raise errors.NotASpreadsheet(
            tr("这其实是网页或 XML,只是用了表格的文件名。"),
            where=where,
            fix=tr("请用 Excel 或 WPS 打开后另存为 .xlsx。"),
        )
    return FileKind.CSV


def _not_a_spreadsheet(where: Where, what: str) -> errors.NotASpreadsheet:
    return errors.NotASpreadsheet(what, where=where, fix=tr("请用 .xlsx、.xls 或 .csv 格式的台账。"))


def _kind_of_ole(path: Path, where: Where) -> FileKind:
    # Names of streams stand as UTF-16 in the directory, wherever in the file that lies.
    names = _stream_names(path, ("EncryptedPackage", "Workbook", "Book", *_OLE_OTHERS))
    if "EncryptedPackage" in names:
        raise encrypted(where)
    if names & {"Workbook", "Book"}:
        return FileKind.XLS
    for stream, name in _OLE_OTHERS.items():
        if stream in names:
            raise _not_a_spreadsheet(where, tr("这是 {name} 文件,不是表格。", name=name))
    if _ends_early(path):
        raise errors.BrokenFile(
            tr("文件不完整:像是 .xls,但在中途断了。"),
            where=where,
            fix=tr("请重新导出或下载;传输中断的文件无法读取。"),
        )
    raise _not_a_spreadsheet(where, tr("这是旧版 Office 文件,但其中没有工作簿。"))


def _ends_early(path: Path) -> bool:
    """Whether a compound file lacks a sector that its header names ([MS-CFB] 2.2): the directory's or a table's."""
    with path.open("rb") as file:
        head = file.read(_OLE_HEAD)
    if len(head) < _OLE_HEAD:
        return True
    shift = int.from_bytes(head[30:32], "little")
    named = [head[at : at + 4] for at in (48, *range(76, _OLE_HEAD, 4))]
    sectors = [int.from_bytes(sector, "little") for sector in named]
    last = max((sector for sector in sectors if sector <= _LAST_SECTOR), default=0)
    return path.stat().st_size < (last + 2) << min(shift, 16)


def _stream_names(path: Path, names: tuple[str, ...]) -> set[str]:
    wanted = {name: f"{name}\0".encode("utf-16-le") for name in names}
    longest = max(map(len, wanted.values()))
    found: set[str] = set()
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            window = tail + piece
            found |= {name for name, encoded in wanted.items() if encoded in window}
            tail = window[-longest:]
    return found


def _kind_of_zip(path: Path, where: Where) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise errors.BrokenFile(
            tr("文件不完整:像是 .xlsx,但找不到压缩目录。"),
            where=where,
            fix=tr("请重新导出或下载;传输中断的文件无法读取。"),
        ) from error
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    for marker, name in (
        ("xl/workbook.bin", ".xlsb"),
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("content.xml", "OpenDocument"),
    ):
        if marker in names:
            raise errors.NotASpreadsheet(
                tr("这是 {name} 文件,不能直接读取。", name=name),
                where=where,
                fix=tr("请另存为 .xlsx 后再试。"),
            )
    raise _not_a_spreadsheet(where, tr("这是压缩包,不是工作簿。"))


def encrypted(where: Where) -> errors.EncryptedFile:
    """The refusal of a workbook that asks for a password."""
    return errors.EncryptedFile(
        tr("工作簿设有打开密码,无法读取。"),
        where=where,
        fix=tr("请在 Excel 或 WPS 中打开并去掉密码后另存。"),
    )
