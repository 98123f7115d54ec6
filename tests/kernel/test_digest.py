from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.digest import canonical_json, sm3, sm3_file

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_sm3_gives_the_digests_of_the_standard() -> None:
    # GB/T 32905-2016, appendix A, examples 1 and 2.
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_a_file_has_the_digest_of_its_bytes_whatever_its_size(tmp_path: Path) -> None:
    for size in (0, 1, (1 << 20) - 1, 1 << 20, (1 << 21) + 3):
        file = tmp_path / "file"
        file.write_bytes(b"x" * size)
        assert sm3_file(file) == sm3(b"x" * size)


def test_canonical_json_ignores_the_order_of_keys() -> None:
    assert canonical_json({"乙": 1, "甲": [2, None]}) == canonical_json({"甲": [2, None], "乙": 1})


@given(JSON, JSON)
def test_different_values_have_different_canonical_forms(one: object, other: object) -> None:
    assert (canonical_json(one) == canonical_json(other)) == (repr_of(one) == repr_of(other))


def repr_of(value: object) -> str:
    """A form that tells 1 from True and ignores the order of keys, written without json."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{repr_of(item)}" for key, item in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(repr_of, value)) + "]"
    return repr(value)
