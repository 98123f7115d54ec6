"""Every word a user reads can be read in English."""

import ast
import importlib.util
import re
import string
from collections.abc import Iterator
from types import ModuleType

import pytest
from tree import REPO, SOURCE, shown

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", REPO / "scripts" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_catalogue_has_every_message_of_the_source(messages: ModuleType) -> None:
    said = {each.id for each in messages.extract() if each.id}
    for path in messages.catalogues():
        kept = {each.id for each in messages.read(path) if each.id}
        assert said
        assert said - kept == set(), "run make messages and translate"
        assert kept - said == set(), "run make messages"


def test_every_message_is_translated_and_none_is_guessed(messages: ModuleType) -> None:
    for path in messages.catalogues():
        catalogue = [each for each in messages.read(path) if each.id]
        assert [each.id for each in catalogue if not each.string] == []
        assert [each.id for each in catalogue if each.fuzzy] == []
        assert list(messages.read(path).obsolete) == []


def test_a_translation_fills_the_same_places(messages: ModuleType) -> None:
    for path in messages.catalogues():
        apart = [
            each.id for each in messages.read(path) if each.id and places(each.id) != places(each.string)
        ]
        assert apart == []


def calls() -> Iterator[tuple[str, ast.expr | None]]:
    """Where the source says or marks a message, and the message; not pages, which are Chinese only (ADR 0016)."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "desks" in path.relative_to(SOURCE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"tr", "later", "tr_in", "later_in"}
            ):
                at = 1 if node.func.id.endswith("_in") else 0
                yield f"{shown(path)}:{node.lineno}", node.args[at] if node.args[at:] else None


def test_what_is_translated_is_written_out_where_it_is_said() -> None:
    """`tr(variable)` would escape the catalogue; a table of words marks them with `later` for `tr_later`."""
    hidden = [
        place
        for place, message in calls()
        if not (isinstance(message, ast.Constant) and isinstance(message.value, str))
    ]
    assert hidden == []


def test_every_message_is_found_for_the_catalogue(messages: ModuleType) -> None:
    """One said inside an f-string's braces is not."""
    found = {each.id for each in messages.extract() if each.id}
    missed = [
        place
        for place, message in calls()
        if isinstance(message, ast.Constant) and message.value not in found
    ]
    assert missed == []


def test_messages_are_chinese_in_the_source(messages: ModuleType) -> None:
    assert [each.id for each in messages.extract() if each.id and not CHINESE.search(each.id)] == []


def test_a_count_is_followed_by_the_form_for_it(messages: ModuleType) -> None:
    """Nobody reads of 1 rows: `{n} {n:row|rows}`."""
    counted = re.compile(
        r"\{(?:n|m|count|rows|read|files|orders|events|total)\} (?:\w+ )?[a-z]{2,}s\b(?<!\bis)(?<!\bhas)(?<!was)"
    )
    for path in messages.catalogues():
        rigid = [each.string for each in messages.read(path) if each.id and counted.search(each.string)]
        assert rigid == []


def test_every_choice_of_a_form_has_one_for_each_kind_of_number(messages: ModuleType) -> None:
    for path in messages.catalogues():
        catalogue = messages.read(path)
        chosen = [
            form
            for each in catalogue
            if each.id
            for _, _, form, _ in string.Formatter().parse(each.string)
            if form and "|" in form
        ]
        assert chosen
        assert {form.count("|") + 1 for form in chosen} == {catalogue.num_plurals}
