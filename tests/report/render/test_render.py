import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from jieban.report.document import Align, Annex, Document, TableBlock, TableColumn, Text
from jieban.report.render import FORMATS, render, render_all
from jieban.report.render.common import column_widths, ems
from jieban.report.render.sheet_names import SheetNames

AGAIN = """
import importlib.util, sys
from pathlib import Path
from jieban.report.render import FORMATS, render_all
spec = importlib.util.spec_from_file_location("sample", sys.argv[1])
sample = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sample)
render_all(sample.make_document(), reversed(FORMATS), Path(sys.argv[2]), "报告", definitions=sample.DEFINITIONS)
"""


def test_the_same_document_gives_the_same_bytes_in_another_process_zone_and_language(
    rendered: dict[str, Path], tmp_path: Path
) -> None:
    sample = Path(__file__).with_name("conftest.py")
    environment = {**os.environ, "TZ": "America/Bogota", "PYTHONHASHSEED": "7", "LANG": "en_US.UTF-8"}
    subprocess.run([sys.executable, "-c", AGAIN, str(sample), str(tmp_path)], check=True, env=environment)
    for form, path in rendered.items():
        assert (tmp_path / f"报告.{form}").read_bytes() == path.read_bytes(), form


def test_render_all_gives_the_paths_in_the_order_asked(document: Document, tmp_path: Path) -> None:
    paths = render_all(document, ("xlsx", "html"), tmp_path / "new" / "folder", "2025-04")
    assert [path.name for path in paths] == ["2025-04.xlsx", "2025-04.html"]
    assert all(path.stat().st_size > 1000 for path in paths)


def test_only_the_files_asked_for_are_left_behind(rendered: dict[str, Path]) -> None:
    folder = rendered["pdf"].parent
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"报告.{form}" for form in FORMATS)


def test_files_get_the_permissions_that_new_files_get(rendered: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    usual = (tmp_path / "plain").stat().st_mode
    assert {path.stat().st_mode for path in rendered.values()} == {usual}


@pytest.mark.parametrize("form", FORMATS)
def test_a_failed_render_leaves_the_old_file_and_nothing_else(
    document: Document, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"old.{form}"
    path.write_text("as it was")
    broken = replace(document, issued=document.issued.replace(tzinfo=None), blocks=(), annexes=())
    with pytest.raises(ValueError, match="time zone"):
        render(broken, form, path)
    assert [left.name for left in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "as it was"


def test_an_unknown_form_is_refused(document: Document, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="odt"):
        render(document, "odt", tmp_path / "report.odt")


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_of_almost_nothing_renders(
    make: Callable[..., Document], tmp_path: Path, form: str
) -> None:
    bare = replace(
        make(banner="", annexes=False),
        blocks=(),
        header=(),
        subtitle="",
        annex_note="",
        keywords=(),
        author="",
    )
    render(bare, form, tmp_path / f"bare.{form}")
    assert (tmp_path / f"bare.{form}").stat().st_size > 500


def test_importing_the_package_brings_no_renderer() -> None:
    heavy = "{'docx', 'typst', 'jinja2', 'xlsxwriter', 'py_mini_racer'}"
    code = f"import sys, jieban.report.render; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("附件1", "附件1"),
        ("a[b]:c*d?e/f\\g", "a b  c d e f g"),
        ("'quoted'", "quoted"),
        ("", "Sheet"),
        ("[]", "Sheet"),
        ("History", "History(2)"),
        ("长" * 40, "长" * 31),
        ("𠮷" * 20, "𠮷" * 15),
    ],
)
def test_sheet_names_are_ones_that_every_program_takes(wanted: str, given: str) -> None:
    assert SheetNames().name(wanted) == given


def test_sheet_names_never_meet() -> None:
    names = SheetNames(taken=("说明",))
    given = [names.name(wanted) for wanted in ("说明", "Units", "units", "UNITS", "长" * 40, "长" * 50)]
    assert given == ["说明(2)", "Units", "units(2)", "UNITS(3)", "长" * 31, "长" * 28 + "(2)"]


def _marked(form: str, path: Path) -> str:
    """Everything that the file of `form` says, as one text."""
    if form == "pdf":
        with pypdfium2.PdfDocument(path) as opened:
            return "".join(page.get_textpage().get_text_range() for page in opened)
    if form == "html":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        return "".join(
            package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))
        )


@pytest.mark.parametrize("form", FORMATS)
def test_of_a_long_list_only_the_workbook_has_every_row(
    document: Document, tmp_path: Path, form: str
) -> None:
    rows = tuple((Text(f"ROW{number:03}"),) for number in range(40))
    long = TableBlock(
        id="long", caption="长表", sheet="长表", columns=(TableColumn(heading="编号"),), rows=rows, shown=7
    )
    annexes = (Annex(number=1, title="清单", blocks=(long,)),)
    render(replace(document, blocks=(), annexes=annexes), form, tmp_path / f"long.{form}")
    found = sorted(set(re.findall(r"ROW\d{3}", _marked(form, tmp_path / f"long.{form}"))))
    assert found == [f"ROW{number:03}" for number in range(40 if form == "xlsx" else 7)]


def test_no_name_leaves_a_single_character_on_its_last_line() -> None:
    columns = tuple(TableColumn(heading=f"第{at}列数字（件）", align=Align.RIGHT) for at in range(7))
    names = ("住房和城乡建设局", "国有资产监督管理委员会", "共青团昌吉市委员会", "阿什里哈萨克民族乡人民政府")
    for longest in range(1, 4):
        rows = tuple((Text(name), *(Text("123456.78") for _ in columns)) for name in names[:longest])
        block = TableBlock(
            id="t", caption="", sheet="", columns=(TableColumn(heading="承办单位"), *columns), rows=rows
        )
        for room in range(50, 72):
            first = column_widths(block, room, 1.3)[0] - 1.3
            lines = [len(name) % int(first) for name in names[:longest] if len(name) > first]
            assert 1 not in lines or first < 7, (longest, room, first)
            assert sum(column_widths(block, room, 1.3)) == pytest.approx(room)


def test_a_number_keeps_its_line_where_names_are_narrowed() -> None:
    # A left column of order numbers, 8 ems wide, beside columns whose words take more than a line.
    heads = ("序号", "工单编号", "主办单位", "二级分类", "诉求内容", "办理情况")
    row = ("1", "YS2025041800052", "住建局", "物业管理", "市民反映" * 20, "经办人员第一时间" * 15)
    block = TableBlock(
        id="t",
        caption="",
        sheet="",
        columns=tuple(TableColumn(heading=each) for each in heads),
        rows=(tuple(Text(each) for each in row),),
    )
    needed = ems("YS2025041800052") + 1.3
    narrow = [room for room in range(44, 60) if column_widths(block, room, 1.3)[1] < needed - 1e-9]
    assert not narrow
