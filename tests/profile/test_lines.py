"""The scanner that tells on which line each key of a TOML text stands."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.profile.documents.lines import toml_lines


def paths(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path that tomllib finds."""
    members: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    for key, member in members:
        yield (*at, key)
        yield from paths(member, (*at, key))


def test_every_kind_of_key_has_its_line() -> None:
    text = '''# head
title = "a = b # not a comment"
"quoted.key" = 'x]'
"tab\\tkey" = 1

[one]
long = """
two
[three] """   # after
path = 'C:\\dir'
[one.two]
array = [
  1, # one
  [2, 3],
  { inner = 4, deep.er = "}" },
]
[[many]]
id = 1
[many.sub]
x = 2025-05-03 16:09:12
[[many]]
id = 2
[[many.nested]]
y = true
[[many.nested]]
y = false
'''
    lines = toml_lines(text)
    assert set(lines) == set(paths(tomllib.loads(text)))
    wanted = {
        ("title",): 2,
        ("quoted.key",): 3,
        ("tab\tkey",): 4,
        ("one",): 6,
        ("one", "long"): 7,
        ("one", "path"): 10,
        ("one", "two"): 11,
        ("one", "two", "array", 1): 14,
        ("one", "two", "array", 2, "deep", "er"): 15,
        ("many",): 17,
        ("many", 0, "sub", "x"): 20,
        ("many", 1): 21,
        ("many", 1, "nested", 1, "y"): 26,
    }
    assert {path: lines[path] for path in wanted} == wanted


@pytest.mark.parametrize("name", ["_base", "changji", "yunting"])
def test_the_profiles_own_files_are_scanned_whole(repo: Path, name: str) -> None:
    for path in (repo / "profiles" / name).rglob("*.toml"):
        text = path.read_text("utf-8")
        lines = toml_lines(text)
        assert set(lines) == set(paths(tomllib.loads(text))), path
        rows = text.splitlines()
        for keys, line in lines.items():
            if isinstance(keys[-1], str) and keys[-1].isascii():
                assert keys[-1].split(".")[0] in rows[line - 1], (path, keys)


STRINGS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f", min_codepoint=32), max_size=12)
KEYS = st.text("abc-_1", min_size=1, max_size=3)


def basic(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


SCALARS = st.one_of(
    st.integers().map(str),
    st.booleans().map(lambda b: str(b).lower()),
    STRINGS.map(basic),
    STRINGS.map(lambda s: "'" + s.replace("'", "") + "'"),
    STRINGS.map(lambda s: '"""\n' + s.replace("\\", "\\\\").replace('"', '\\"') + '\n[no]\n"""'),
    STRINGS.map(lambda s: "'''" + s.replace("'", "") + "\n# no = 1'''"),
    st.just("2025-04-01"),
    st.just("2025-05-03T16:09:12"),
)


def tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.dictionaries(KEYS, values, max_size=3).map(
        lambda d: "{" + ", ".join(f"{key} = {value}" for key, value in d.items()) + "}"
    )


INLINE = st.recursive(
    SCALARS.filter(lambda s: "\n" not in s),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"), tables(inner)
    ),
    max_leaves=5,
)
VALUES = st.one_of(
    SCALARS, INLINE, st.lists(INLINE, max_size=3).map(lambda items: "[ # c ]\n" + ",\n".join(items) + "\n]")
)


@given(
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES), max_size=3),
)
def test_it_finds_exactly_the_paths_that_tomllib_reads(
    top: dict[str, str], sections: dict[str, dict[str, str]]
) -> None:
    text = "\n".join(f"{key} = {value} # {key}" for key, value in top.items()) + "\n"
    for number, (name, pairs) in enumerate(sections.items()):
        header = f"[[t-{name}.x]]" if number % 2 else f'["t-{name}"]'
        text += header + "\n" + "\n".join(f"{key} = {value}" for key, value in pairs.items()) + "\n"
    assert set(toml_lines(text)) == set(paths(tomllib.loads(text)))
