"""Marks of a pattern whose places are filled later. Escapes, lest an editor change what is tested."""

import pytest

from jieban.kernel.typography import fullwidth, fullwidth_pattern

COMMA, COLON, SEMICOLON, OPEN, CLOSE = "\uff0c", "\uff1a", "\uff1b", "\uff08", "\uff09"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("{a}:{b};{c}", f"{{a}}{COLON}{{b}}{SEMICOLON}{{c}}"),
        ("{name}{count}({aside})", f"{{name}}{{count}}{OPEN}{{aside}}{CLOSE}"),
        ("({days})", f"{OPEN}{{days}}{CLOSE}"),
        ("{number}.{title}", "{number}.{title}"),
        ("{a:>3},{b}", f"{{a:>3}}{COMMA}{{b}}"),
        ("16:00", "16:00"),
        ("{a", "{a"),
    ],
)
def test_a_mark_beside_a_place_belongs_to_the_sentence(typed: str, shown: str) -> None:
    assert fullwidth_pattern(typed) == shown
    assert fullwidth_pattern(shown) == shown


def test_without_places_it_is_set_as_any_text() -> None:
    for text in ("\u7532,\u4e59(24 h)", "open: yes", ""):
        assert fullwidth_pattern(text) == fullwidth(text)
