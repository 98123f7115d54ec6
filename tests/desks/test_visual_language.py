"""The visual language stands in tokens.css, once: no other sheet has colours or sizes of its own or leaves the grid."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jieban import desks

SHEETS = sorted(Path(desks.__file__).parent.rglob("*.css"))
TOKENS = "tokens.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARED = re.compile(r"(?<=[{;])\s*([\w-]+)\s*:\s*([^;{}]+)")
_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
    r"|\b(?:black|white|gr[ae]y|red|orange|yellow|green|blue|purple|brown|gold|silver|navy|teal)\b",
    re.IGNORECASE,
)
_PIXELS = re.compile(r"-?\b\d+(?:\.\d+)?px")
_DISTANCES = re.compile(r"(?:margin|padding|gap|row-gap|column-gap|scroll-margin|inset)(?:-[\w-]+)?$")
_GRID = 4
_HAIRLINES = {1, 2}
"""What a border or an optical correction may take."""
_TONES = ("--late", "--late-tint", "--soon", "--soon-tint")
_TONED = re.compile(r"\.(late|soon)\b")


def _rules(sheet: Path) -> Iterator[tuple[str, str, str]]:
    """Each declaration with the selector before it."""
    text = _COMMENT.sub("", sheet.read_text("utf-8"))
    for block in re.finditer(r"([^{}]*)\{([^{}]*)\}", text):
        for found in _DECLARED.finditer("{" + block[2]):
            yield block[1].strip(), found[1], found[2].strip()


OTHERS = [each for each in SHEETS if each.name != TOKENS]


def test_there_are_sheets_to_look_at() -> None:
    assert len(OTHERS) > 8
    assert [each.name for each in SHEETS].count(TOKENS) == 1


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda each: each.name)
def test_colours_are_named(sheet: Path) -> None:
    found = [f"{where} {{ {name}: {said} }}" for where, name, said in _rules(sheet) if _COLOUR.search(said)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda each: each.name)
def test_type_has_the_sizes_of_the_scale(sheet: Path) -> None:
    found = [
        f"{where} {{ {name}: {said} }}"
        for where, name, said in _rules(sheet)
        if (name == "font-size" and said != "inherit" and not said.startswith("var(--"))
        or (name == "font" and said != "inherit" and "var(--" not in said)
        or (name == "font" and re.search(r"\d(?:px|em|rem|%)\s*/", said))
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda each: each.name)
def test_distances_are_multiples_of_four(sheet: Path) -> None:
    found = [
        f"{where} {{ {name}: {said} }}"
        for where, name, said in _rules(sheet)
        if _DISTANCES.match(name)
        for each in _PIXELS.findall(said)
        if float(each[:-2]) % _GRID and abs(float(each[:-2])) not in _HAIRLINES
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda each: each.name)
def test_red_and_amber_are_for_late_and_soon_only(sheet: Path) -> None:
    found = [
        f"{where} {{ {name}: {said} }}"
        for where, name, said in _rules(sheet)
        if any(f"var({tone})" in said for tone in _TONES) and not _TONED.search(where)
    ]
    assert not found, "\n" + "\n".join(found)


def test_the_scale_is_the_one_of_the_book() -> None:
    [tokens] = [each for each in SHEETS if each.name == TOKENS]
    sizes = {name: said for _, name, said in _rules(tokens) if name.startswith("--")}
    scale = ("--body", "--large", "--title", "--figure", "--row")
    assert [sizes[each] for each in scale] == ["14px", "16px", "20px", "28px", "36px"]
