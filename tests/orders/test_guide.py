"""The guide shows what the software prints: its program is run, and its outputs are compared. Its words exist."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from jieban.orders.models import Event, Order
from live_database import LiveDatabase

BLOCK = re.compile(r"^```(\w*)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
COLUMN = re.compile(r"(?:people\.)?([A-Z]\w+)(?:\.([a-z_]+))?")
SETTINGS = {"JIEBAN_ANCHORS"}


@pytest.fixture(scope="module")
def blocks(repo: Path) -> list[tuple[str, str]]:
    return BLOCK.findall((repo / "docs" / "live-orders.md").read_text("utf-8"))


@pytest.mark.once
def test_the_worked_example_is_what_a_run_prints(
    blocks: list[tuple[str, str]], database: LiveDatabase
) -> None:
    environ = {**os.environ, **database.environ, "JIEBAN_PROFILE": "changji", "LANG": "zh_CN.UTF-8"}

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout.rstrip()

    program = next(text for language, text in blocks if language == "python")
    order = run("-c", program)
    shown = [text for language, text in blocks if not language]

    sections = run("-m", "jieban", "order", "clock", order).split("\n\n")
    printed = [text for text in shown if text.startswith("■")]
    assert len(printed) == 2
    assert [text for text in printed if text not in sections] == []

    whole = next(text for text in shown if text.startswith("工单  "))
    assert run("-m", "jieban", "order", "show", order) == whole

    warned = next(text for text in shown if text.startswith("$ jieban clocks run"))
    assert re.findall(r"^\$ (.*)", warned, re.MULTILINE) == ['jieban clocks run --now "2025-05-13 21:00"'] * 2
    twice = [run("-m", "jieban", "clocks", "run", "--now", "2025-05-13 21:00") for _ in range(2)]
    assert re.findall(r"^[^$].*", warned, re.MULTILINE) == twice

    told = json.loads(next(text for language, text in blocks if language == "json"))
    stored = json.loads(Event.objects.get(order=Order.objects.get(number=order), seq=8).data)
    assert told.pop("commitments").keys() == stored.pop("commitments").keys()
    assert told == stored


def named(page: str) -> Iterator[tuple[str, str | None]]:
    """Models and columns in the last column of the glossary's tables; a column alone is of the model before it."""
    for line in page.splitlines():
        model = None
        for word in re.findall(r"`([^`]+)`", line.split("|")[-2]) if line.count("|") > 4 else ():
            if (found := COLUMN.fullmatch(word)) is not None and word not in SETTINGS:
                model = found[1]
                yield model, found[2]


def test_the_glossary_names_tables_and_columns_that_are_there(repo: Path) -> None:
    models = {model.__name__: {field.name for field in model._meta.fields} for model in apps.get_models()}
    words = list(named((repo / "docs" / "glossary.md").read_text("utf-8")))
    elsewhere = {"Request"}  # a value of an act's, no table
    strange = [
        f"{model}.{column}" if column else model
        for model, column in words
        if model not in elsewhere
        and (model not in models or (column is not None and column not in models[model]))
    ]
    assert len(words) > 50
    assert strange == []
