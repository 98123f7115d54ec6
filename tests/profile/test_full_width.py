"""What a profile says is read on pages as it stands: its Chinese has Chinese marks."""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from jieban.kernel.typography import fullwidth

PROFILES = Path(__file__).parents[2] / "profiles"
TYPESET = ("wording.toml", "recommendations.toml")
"""Said by the report alone, which sets its marks itself."""
FILES = sorted(
    file for file in PROFILES.rglob("*") if file.suffix in {".toml", ".csv"} and file.name not in TYPESET
)
# A mark between two places of a pattern stands between two words.
BETWEEN = re.compile(r"\}[,:;?!(]+\{")


def said_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from said_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from said_in(each)


def words_of(file: Path) -> Iterator[str]:
    if file.suffix == ".toml":
        yield from said_in(tomllib.loads(file.read_text(encoding="utf-8")))
        return
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            yield from row


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROFILES)))
def test_chinese_has_chinese_marks(file: Path) -> None:
    pattern = file.parent.name == "texts"
    wrong = {
        said
        for said in words_of(file)
        if not said.startswith("#") and (fullwidth(said) != said or (pattern and BETWEEN.search(said)))
    }
    assert not wrong
