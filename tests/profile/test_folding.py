"""Changes folded into files: what comes out, what stays, and what is told when files were edited under them."""

import shutil
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.profile.documents.changes import Change, RowChange, ValueChange, changes_text, plain, read_changes
from jieban.profile.documents.files import locate
from jieban.profile.documents.folding import city_text, current, fold, fresh, list_text, merged
from jieban.profile.documents.lists_text import ListText
from jieban.profile.documents.toml_text import leaves, value_at, with_values
from jieban.profile.load import load_profile, read_profile

CITIES = ("changji", "yunting")
REPO = Path(__file__).parents[2]


@pytest.fixture(params=CITIES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a city with its base, to be edited."""
    shutil.copytree(REPO / "profiles" / "_base", tmp_path / "_base")
    shutil.copytree(REPO / "profiles" / request.param, tmp_path / request.param)
    return tmp_path / request.param


def source(place: Path):  # noqa: ANN201  # Source is the room's own
    found = locate(str(place))
    assert found is not None
    return found


def row(place: Path, code: str | None = None) -> dict[str, str]:
    rows = list_text(source(place), "units.csv").rows
    return dict(next(each for each in rows if code is None or each["code"] == code))


def renamed(place: Path, **cells: str) -> RowChange:
    was = row(place)
    return RowChange(document="units.csv", key=(was["code"],), was=was, now={**was, **cells})


def extension(place: Path, now: int) -> ValueChange:
    was = value_at(merged(source(place), "deadlines.toml"), ("extension", "working_days"))
    return ValueChange(document="deadlines.toml", path=("extension", "working_days"), was=was, now=now)


def test_a_cell_and_a_value_are_changed_and_nothing_else(place: Path) -> None:
    before = load_profile(place)
    changes = (renamed(place, short_name="甲局"), extension(place, 13))
    folded = fold(source(place), changes)
    assert folded.conflicts == ()
    assert set(folded.texts) == {"units.csv", "deadlines.toml"}
    after = load_profile(place, over=folded.texts)
    code = row(place)["code"]
    assert after.units[code].short_name == "甲局"
    assert after.extension.working_days == 13
    assert after.version != before.version
    assert [unit for unit in after.units.values() if unit.code != code] == [
        unit for unit in before.units.values() if unit.code != code
    ]
    assert after.deadline_rules == before.deadline_rules
    assert after.changed == folded.texts


def test_comments_of_a_document_stay(place: Path) -> None:
    written = with_values(city_text(source(place), "calendar.toml"), [(("holidays", "2031-05-05"), "某节")])
    comments = [line for line in city_text(source(place), "calendar.toml").splitlines() if "#" in line]
    assert comments
    assert [line for line in written.splitlines() if "#" in line] == comments


def test_what_is_written_out_and_filed_is_no_conflict_and_changes_nothing(place: Path) -> None:
    changes = (renamed(place, short_name="甲局"), extension(place, 13))
    folded = fold(source(place), changes)
    version = load_profile(place, over=folded.texts).version
    for name, text in folded.texts.items():
        (place / name).write_text(text, encoding="utf-8")
    again = fold(source(place), changes)
    assert (again.texts, again.conflicts) == ({}, ())
    assert load_profile(place).version == version


def test_a_file_written_out_between_two_changes_takes_the_second_as_it_is(place: Path) -> None:
    first = extension(place, 13)
    second = ValueChange(document=first.document, path=first.path, was=13, now=14)
    (place / "deadlines.toml").write_text(
        fold(source(place), [first]).texts["deadlines.toml"], encoding="utf-8"
    )
    folded = fold(source(place), [first, second])
    assert folded.conflicts == ()
    assert load_profile(place, over=folded.texts).extension.working_days == 14


def test_a_file_edited_at_the_same_place_is_told_and_the_change_holds(place: Path) -> None:
    changes: list[Change] = [renamed(place, short_name="甲局"), extension(place, 13)]
    text = city_text(source(place), "units.csv")
    old = row(place)
    listed = ListText.read("units.csv", text)
    listed.put((old["code"],), {"short_name": "乙局", "aliases": "别的"}, ("short_name", "aliases"))
    (place / "units.csv").write_text(listed.text(), encoding="utf-8")
    (place / "deadlines.toml").write_text(
        with_values(city_text(source(place), "deadlines.toml"), [(("extension", "working_days"), 99)]),
        encoding="utf-8",
    )
    folded = fold(source(place), changes)
    told = {(each.site, each.column, each.filed, each.holds) for each in folded.conflicts}
    assert told == {
        (("units.csv", old["code"]), "short_name", "乙局", "甲局"),
        (("deadlines.toml", "extension", "working_days"), "", 99, 13),
    }
    after = ListText.read("units.csv", folded.texts["units.csv"]).find((old["code"],))
    assert after is not None
    assert (after["short_name"], after["aliases"]) == ("甲局", "别的")


def test_a_row_that_a_file_lost_is_told_and_comes_back(place: Path) -> None:
    change = renamed(place, short_name="甲局")
    listed = ListText.read("units.csv", city_text(source(place), "units.csv"))
    listed.take_out(change.key)
    (place / "units.csv").write_text(listed.text(), encoding="utf-8")
    folded = fold(source(place), [change])
    assert [(each.site, each.column) for each in folded.conflicts] == [(change.site, "")]
    back = ListText.read("units.csv", folded.texts["units.csv"]).find(change.key)
    assert back is not None
    assert back["short_name"] == "甲局"


def test_changes_of_different_cells_of_a_row_go_together_in_any_order(place: Path) -> None:
    short, also = renamed(place, short_name="甲局"), renamed(place, aliases="甲|乙")
    for order in ((short, also), (also, short)):
        cells = ListText.read("units.csv", fold(source(place), order).texts["units.csv"]).find(short.key)
        assert cells is not None
        assert (cells["short_name"], cells["aliases"]) == ("甲局", "甲|乙")


def test_a_new_row_goes_where_it_is_put_and_an_undone_one_goes(place: Path) -> None:
    first = row(place)
    new = {**first, "code": "new-unit", "name": "新单位", "short_name": "新单位", "aliases": ""}
    add = RowChange(document="units.csv", key=("new-unit",), was=None, now=new, after=(first["code"],))
    folded = fold(source(place), [add])
    assert list(load_profile(place, over=folded.texts).units)[1] == "new-unit"
    assert fold(source(place), [add, add.undone()]).texts == {}


def test_a_stale_change_is_known(place: Path) -> None:
    change, other = renamed(place, short_name="甲局"), renamed(place, aliases="甲|乙")
    assert fresh(source(place), {}, change)
    folded = fold(source(place), [change]).texts
    assert not fresh(source(place), folded, renamed(place, short_name="乙局"))
    assert fresh(source(place), folded, other), "another cell"
    found = current(source(place), folded, change)
    assert isinstance(found, dict)
    assert found["short_name"] == "甲局"
    assert fresh(source(place), folded, change.undone())


def test_a_list_that_breaks_a_rule_is_refused_with_its_line(place: Path) -> None:
    names = [each["name"] for each in list_text(source(place), "units.csv").rows[:2]]
    folded = fold(source(place), [renamed(place, aliases=names[1])])
    profile, faults = read_profile(place, over=folded.texts)
    assert profile is None
    assert {fault.code for fault in faults} == {"double_spelling"}


# Whatever is changed: it comes out of JSON as it went in, and out of files as it was folded.

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
_PLAIN = st.one_of(st.integers(-99, 99), st.booleans(), _WORDS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
_MEMBER = st.dictionaries(st.sampled_from(["code", "name", "有空 格"]), _PLAIN, min_size=1)
_VALUE = st.one_of(_PLAIN, st.lists(_PLAIN, max_size=3), st.lists(_MEMBER, min_size=1, max_size=3))
_PATHS = st.lists(st.sampled_from(["a", "b", "extension", "2025-05-01", "钥 匙"]), min_size=1, max_size=3)


def _edited(document: dict[str, object], path: tuple[str, ...], value: object) -> bool:
    """Put a value into plain dicts; False where something that is no table stands in the way."""
    for key in path[:-1]:
        document = document.setdefault(key, {})  # type: ignore[assignment]  # looked at next
        if not isinstance(document, Mapping):
            return False
    if isinstance(document.get(path[-1]), Mapping):
        return False
    document[path[-1]] = value
    return True


@given(st.sampled_from(CITIES), st.lists(st.tuples(_PATHS.map(tuple), _VALUE), min_size=1, max_size=5))
def test_values_come_out_as_they_were_put(city: str, puts: list[tuple[tuple[str, ...], object]]) -> None:
    for name in ("calendar.toml", "deadlines.toml", "workflow.toml"):
        path = REPO / "profiles" / city / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        wanted, done = tomllib.loads(text), []
        for where, value in puts:
            trial = plain(wanted)
            assert isinstance(trial, dict)
            if _edited(trial, where, value):
                wanted, done = trial, [*done, (where, value)]
        assert tomllib.loads(with_values(text, done)) == wanted
        gone = with_values(with_values(text, done), [(where, None) for where in leaves(wanted)])
        assert tomllib.loads(gone) == {}


@given(st.lists(st.tuples(_PATHS.map(tuple), _VALUE, _VALUE), max_size=4))
def test_changes_are_stored_as_they_are(puts: list[tuple[tuple[str, ...], object, object]]) -> None:
    changes = [
        *(ValueChange(document="x.toml", path=where, was=was, now=now) for where, was, now in puts),
        RowChange(document="units.csv", key=("a",), was=None, now={"code": "a"}, after=("b",)),
        RowChange(document="units.csv", key=("a",), was={"code": "a"}, now=None),
    ]
    back = read_changes(changes_text(changes))
    assert changes_text(back) == changes_text(changes)
    for one, other in zip(back, changes, strict=True):
        assert one.site == other.site
        assert plain(one.was) == plain(other.was)
        assert plain(one.now) == plain(other.now)


_CELLS = st.dictionaries(
    st.sampled_from(["short_name", "aliases", "group", "parent"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=6).map(str.strip),
)


@given(st.sampled_from(CITIES), st.lists(st.tuples(st.integers(0, 5), _CELLS), max_size=6))
def test_rows_written_out_fold_to_nothing(city: str, edits: list[tuple[int, dict[str, str]]]) -> None:
    place = REPO / "profiles" / city
    listed, changes = list_text(source(place), "units.csv"), []
    for index, cells in edits:
        was = dict(listed.rows[index])
        changes.append(RowChange(document="units.csv", key=(was["code"],), was=was, now={**was, **cells}))
        listed.put((was["code"],), cells, tuple(cells))
    folded = fold(source(place), changes)
    assert folded.conflicts == ()
    text = folded.texts.get("units.csv", city_text(source(place), "units.csv"))
    found = ListText.read("units.csv", text)
    for one, other in zip(found.rows, listed.rows, strict=True):
        assert {key: value for key, value in one.items() if value} == {
            key: value for key, value in other.items() if value
        }
    assert ListText.read("units.csv", found.text()).rows == found.rows
