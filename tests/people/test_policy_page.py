"""The page of who may do what: readable, whole, and the one in the documentation."""

import json
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from jieban.people.acts import Act
from jieban.people.policy import POLICY, Relation
from jieban.people.roles import Role
from jieban.people.table import MARKS, markdown, page
from jieban.people.words import ACT_NAMES
from jieban.site.cli.commands.policy import command


def wide(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in line)


def test_the_page_in_the_documentation_is_current(repo: Path) -> None:
    assert (repo / "docs" / "who-may.md").read_text("utf-8") == markdown()


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "en_US.UTF-8"])
def test_it_fits_a_page(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", language)
    lines = page().splitlines()
    assert max(map(wide, lines)) <= 100
    assert len(lines) <= 66
    assert all(line == line.rstrip() for line in lines)


def test_every_act_has_a_line_with_a_mark_for_each_who_may() -> None:
    lines = page().splitlines()
    assert len({str(name) for name in ACT_NAMES.values()}) == len(Act)
    for act in Act:
        (line,) = [each for each in lines if each.split(" ")[0].rstrip("*") == str(ACT_NAMES[act])]
        marks = "".join(line.split()[1:])
        assert len([mark for mark in marks if mark in MARKS.values()]) == len(POLICY.get(act, ())), act


def test_for_programs() -> None:
    said = json.loads(CliRunner().invoke(command, ["--json"], standalone_mode=False).stdout)
    assert set(said["acts"]) == {act.value for act in Act}
    assert said["acts"]["sign"] == {"liaison": ["holds"], "handler": ["holds"], "head": ["holds"]}
    told = {
        (act, role, relation)
        for act, roles in said["acts"].items()
        for role, relations in roles.items()
        for relation in relations
    }
    assert told == {(act, grant.role, grant.relation) for act, grants in POLICY.items() for grant in grants}
    assert set(MARKS) == set(Relation)
    assert "pass_review" in said["four_eyes"]
    assert Role.LEADER not in said["sees_every_order"]
