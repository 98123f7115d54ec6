"""The version is the content's: what a reader can't tell apart has one, any other change gives another."""

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jieban.profile.city import Profile
from jieban.profile.load import load_profile


def test_it_is_an_sm3_digest_and_stable(city: Profile) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", city.version)
    assert load_profile(city.name).version == city.version


def rewrite_layout(directory: Path) -> None:
    """Says the same with other bytes: comments, blank lines, spaces, line ends, byte order marks, quotes, files."""
    for path in [*directory.glob("*.toml"), *(directory.parent / "_base").glob("*.toml")]:
        text = path.read_text("utf-8")
        lines = [f"{line}  # 说明" if line.startswith("[") else line for line in text.splitlines()]
        path.write_bytes(
            ("\ufeff# 另一种排版\n\n" + "\n".join(lines) + "\n\n").replace("\n", "\r\n").encode()
        )
    for path in directory.glob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
        columns = list(range(len(rows[0])))[::-1]
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([f" {row[i]} " for i in columns] for row in rows)
        path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    (directory / "notes.md").write_text("不是内容", "utf-8")


def test_layout_and_place_do_not_change_it(copy_of: Callable[[str], Path], city: Profile) -> None:
    directory = copy_of(city.name)
    assert load_profile(directory).version == city.version
    rewrite_layout(directory)
    assert load_profile(directory).version == city.version
    moved = directory.rename(directory.parent / "renamed")
    assert load_profile(moved).version == city.version
    assert load_profile(moved).name == "renamed"


def test_what_the_city_repeats_of_the_base_does_not_change_it(copy_of: Callable[[str], Path]) -> None:
    directory = copy_of("yunting")
    shutil.copy(directory.parent / "_base" / "policies.toml", directory)
    assert load_profile(directory).version == load_profile("yunting").version


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("profile.toml", "云汀区12345热线", "云汀区热线"),
        ("profile.toml", "invented = true", "invented = false"),
        ("units.csv", "秩序局,bureau", "市序局,bureau"),
        ("units.csv", "market,区市场秩序局", "bazaar,区市场秩序局"),
        ("units.csv", "教育局,bureau,district", "教育局,bureau,company"),
        ("units.csv", "2024-12-31,,sands", "2024-12-30,,sands"),
        ("units.csv", "roads,", "\nroads,"),
        ("streets.csv", "白沙镇辖区", "白沙辖区"),
        ("communities.csv", "渔歌村", "渔火村"),
        ("request_types.csv", "tip,线索举报,举报,1", "tip,线索举报,举报,"),
        ("topics.csv", "matters,misc,其他事项,,,1,", "matters,misc,其他事项,,,,"),
        ("channels.csv", "|小程序", ""),
        ("calendar.toml", "2025-03-15", "2025-03-22"),
        ("calendar.toml", "13:30-17:30", "13:30-17:00"),
        ("deadlines.toml", "order_margin = 3", "order_margin = 4"),
        ("deadlines.toml", "第九条", "第十条"),
        ("counting.toml", "share_places = 1", "share_places = 2"),
        ("publication.toml", "云汀发布", "云汀在线"),
    ],
)
def test_any_change_of_content_changes_it(
    copy_of: Callable[[str], Path], file: str, old: str, new: str
) -> None:
    directory = copy_of("yunting")
    path = directory / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    changed = load_profile(directory)
    blank_line_only = new == "\n" + old
    assert (changed.version == load_profile("yunting").version) == blank_line_only


def test_the_order_of_rows_is_content(copy_of: Callable[[str], Path]) -> None:
    directory = copy_of("yunting")
    path = directory / "units.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
    changed = load_profile(directory)
    assert list(changed.units) == [*reversed(list(load_profile("yunting").units))]
    assert changed.version != load_profile("yunting").version
