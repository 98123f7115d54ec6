"""The city's data changed on pages: who may let it hold, from when, for every process, and what is told when not."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from jieban.people import city_changes, city_in_force
from jieban.people.accounts import add_account
from jieban.people.city import city, filed, forget, serving
from jieban.people.city_changes import accept, as_of, needs_second, propose, refuse, undo, withdraw
from jieban.people.city_in_force import look
from jieban.people.errors import CityMoved, CityRefused, NotYours
from jieban.people.models import Account, CityChange, CityDecision, Verdict
from jieban.profile.city import BadProfile
from jieban.profile.documents.changes import Change, RowChange, ValueChange, read_changes
from jieban.profile.documents.folding import city_text, list_text
from jieban.profile.export import write_out
from jieban.profile.load import load_profile
from live_database import LiveDatabase

NOW = datetime.fromisoformat("2025-04-21T11:30+08:00")
TODAY = NOW.date()
SOON = TODAY + timedelta(days=10)


# On PostgreSQL in one city: another's rules are no other rows.
@pytest.fixture(autouse=True, params=["changji", pytest.param("yunting", marks=pytest.mark.once)])
def _city(request: pytest.FixtureRequest) -> Iterator[None]:
    with override_settings(JIEBAN_PROFILE=request.param):
        forget()
        yield
    forget()


def account(name: str) -> Account:
    return add_account(username=name, display_name=name.title(), now=NOW)


def unit(**cells: str) -> RowChange:
    source = city_in_force.source()
    was = list_text(source, "units.csv", look(NOW).profile.changed).rows[0]
    return RowChange(document="units.csv", key=(was["code"],), was=dict(was), now={**was, **cells})


def days(now: int) -> ValueChange:
    return ValueChange(
        document="deadlines.toml",
        path=("extension", "working_days"),
        was=look(NOW).profile.extension.working_days,
        now=now,
    )


def put(
    *changes: Change,
    by: Account | None = None,
    first_day: date = TODAY,
    now: datetime = NOW,
    title: str = "改",
) -> CityChange:
    return propose(by=by, changes=changes, title=title, why="通知", first_day=first_day, now=now)


@pytest.mark.django_db
def test_without_changes_the_city_is_its_files_and_looking_costs_one_statement() -> None:
    assert look(NOW).profile is filed()
    with CaptureQueriesContext(connection) as asked:
        assert look(NOW).profile is filed()
    assert len(asked) == 1
    put(unit(short_name="甲局"))
    look(NOW)
    with CaptureQueriesContext(connection) as asked:
        assert look(NOW).profile is not filed()
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_unit_is_changed_by_one_and_holds_at_once() -> None:
    alice = account("alice")
    change = unit(short_name="甲局")
    assert not needs_second([change])
    put(change, by=alice)
    assert look(NOW).profile.units[change.key[0]].short_name == "甲局"
    assert filed().units[change.key[0]].short_name != "甲局"
    assert city() is look(NOW).profile
    decision = CityDecision.objects.get()
    assert (decision.by, decision.verdict, decision.version) == (alice, "accepted", city().version)


@pytest.mark.django_db
def test_a_deadline_wants_another_administrator() -> None:
    alice, bob = account("alice"), account("bob")
    change = put(days(13), by=alice)
    before = filed().extension.working_days
    assert look(NOW).profile.extension.working_days == before
    with pytest.raises(NotYours, match="自己"):
        accept(by=alice, change=change, now=NOW)
    assert look(NOW).profile.extension.working_days == before
    accept(by=bob, change=change, now=NOW)
    assert look(NOW).profile.extension.working_days == 13
    with pytest.raises(NotYours, match="结论"):
        refuse(by=bob, change=change, why="", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("own", [True, False])
def test_what_is_refused_or_taken_back_never_holds(own: bool) -> None:
    alice, bob = account("alice"), account("bob")
    change = put(days(13), by=alice)
    decision = refuse(by=alice if own else bob, change=change, why="依据不足", now=NOW)
    assert decision.verdict == ("withdrawn" if own else "refused")
    assert look(NOW).profile.extension == filed().extension
    with pytest.raises(NotYours):
        accept(by=bob, change=change, now=NOW)


@pytest.mark.django_db
def test_a_change_begins_on_its_day() -> None:
    change = unit(short_name="甲局")
    put(change, first_day=SOON)
    code = change.key[0]
    for at, name in (
        (NOW, filed().units[code].short_name),
        (NOW.replace(hour=23, minute=59) + timedelta(days=9), filed().units[code].short_name),
        (NOW.replace(hour=0, minute=0) + timedelta(days=10), "甲局"),
        (NOW, filed().units[code].short_name),
    ):
        assert look(at).profile.units[code].short_name == name, at


@pytest.mark.django_db
def test_what_begins_later_can_be_withdrawn_until_then() -> None:
    coming, holding = put(unit(short_name="甲局"), first_day=SOON), put(unit(aliases="甲|乙"))
    withdraw(by=None, change=coming, why="推迟", now=NOW)
    assert look(NOW + timedelta(days=20)).profile.units == look(NOW).profile.units
    for change in (coming, holding):
        with pytest.raises(NotYours):
            withdraw(by=None, change=change, why="", now=NOW)


@pytest.mark.django_db
def test_who_saves_second_is_told_who_saved_first() -> None:
    mine = unit(short_name="甲局")
    put(unit(short_name="乙局"), by=account("alice"), title="改简称")
    with pytest.raises(CityMoved, match=r"Alice.*11:30.*改简称"):
        put(mine)
    assert CityChange.objects.count() == 1
    put(unit(aliases="甲|乙"))
    assert look(NOW).profile.units[mine.key[0]].short_name == "乙局", "another cell is nobody's business"


@pytest.mark.django_db
def test_two_proposals_on_one_value_are_not_both_accepted() -> None:
    alice, bob = account("alice"), account("bob")
    first, second = put(days(13), by=alice), put(days(14), by=alice)
    accept(by=bob, change=first, now=NOW)
    with pytest.raises(CityMoved):
        accept(by=bob, change=second, now=NOW)
    assert look(NOW).profile.extension.working_days == 13


@pytest.mark.django_db
def test_a_change_today_of_what_changes_later_is_told() -> None:
    put(unit(short_name="甲局"), first_day=SOON, title="五月改名")
    with pytest.raises(CityMoved, match="五月改名"):
        put(unit(short_name="乙局"))
    put(unit(aliases="甲|乙"))
    then = look(NOW + timedelta(days=20)).profile
    first = next(iter(then.units.values()))
    assert (first.short_name, first.aliases) == ("甲局", ("甲", "乙"))


@pytest.mark.django_db
def test_an_unsound_city_is_refused_also_of_a_later_day() -> None:
    other = list(filed().units.values())[1]
    with pytest.raises(CityRefused) as refused:
        put(unit(aliases=other.name))
    assert [fault.code for fault in refused.value.faults] == ["double_spelling"]
    put(unit(aliases="专用写法"), first_day=SOON)
    second = list_text(city_in_force.source(), "units.csv").rows[1]
    clash = RowChange(
        document="units.csv", key=(second["code"],), was=second, now={**second, "aliases": "专用写法"}
    )
    with pytest.raises(CityRefused):
        put(clash)
    with pytest.raises(CityRefused, match="没有任何改动"):
        put()
    assert CityChange.objects.count() == 1


@pytest.mark.django_db
def test_undoing_is_another_change_and_gives_the_city_back() -> None:
    version = look(NOW).profile.version
    change = put(unit(short_name="甲局", aliases="甲|乙"))
    assert look(NOW).profile.version != version
    put(*undo(change), title="撤销")
    assert look(NOW).profile.version == version
    assert CityChange.objects.count() == 2
    with pytest.raises(CityMoved):
        put(*undo(change))


@pytest.mark.django_db
def test_a_new_unit_is_there_with_its_day_and_undone_it_is_gone() -> None:
    was = list_text(city_in_force.source(), "units.csv").rows[0]
    cells = {
        **was,
        "code": "new-unit",
        "name": "新设局",
        "short_name": "",
        "aliases": "",
        "valid_from": f"{SOON}",
    }
    change = put(
        RowChange(document="units.csv", key=("new-unit",), was=None, now=cells, after=(was["code"],))
    )
    units = look(NOW).profile.units
    assert [each.code for each in units.valid_on(SOON)][1] == "new-unit"
    assert "new-unit" not in [each.code for each in units.valid_on(TODAY)]
    put(*undo(change))
    assert "new-unit" not in look(NOW).profile.units


@pytest.mark.django_db
def test_the_record_is_never_changed_not_even_by_the_database() -> None:
    put(unit(short_name="甲局"))
    for change in (
        lambda: CityChange.objects.update(why="x"),
        lambda: CityChange.objects.all().delete(),
        lambda: CityDecision.objects.update(verdict="refused"),
        lambda: CityDecision.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match=r"never changed|foreign key"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_a_request_keeps_its_city_to_the_end() -> None:
    before = look(NOW).profile
    with serving(before):
        put(unit(short_name="甲局"))
        after = look(NOW).profile
        assert city() is before
    assert city() is after is not before


@pytest.mark.django_db
def test_written_out_it_is_the_same_city_and_under_its_changes_too(tmp_path: Path) -> None:
    bob = account("bob")
    put(unit(short_name="甲局", valid_from="2019-01-01"))
    accept(by=bob, change=put(days(13)), now=NOW)
    day = ValueChange(document="calendar.toml", path=("holidays", "2031-05-05"), was=None, now="某节")
    put(day)
    profile = look(NOW).profile
    write_out(profile, tmp_path)
    place = tmp_path / profile.name
    assert load_profile(place).version == profile.version
    with override_settings(JIEBAN_PROFILE=str(place)):
        found = look(NOW)
        assert found.profile.version == profile.version
        assert found.profile is filed(), "nothing is left to lay over"
        assert found.conflicts == ()


@pytest.mark.django_db
def test_a_file_edited_under_a_change_is_told_and_what_cannot_be_is_refused(tmp_path: Path) -> None:
    profiles = Path(filed().directory or "").parent
    shutil.copytree(profiles / "_base", tmp_path / "_base")
    place = tmp_path / filed().name
    shutil.copytree(profiles / filed().name, place)
    with override_settings(JIEBAN_PROFILE=str(place)):
        change = unit(short_name="甲局")
        put(change)
        text = city_text(city_in_force.source(), "units.csv")
        old = change.was or {}
        (place / "units.csv").write_text(
            text.replace(f",{old['short_name']},", ",乙局,", 1), encoding="utf-8"
        )
        forget()
        found = look(NOW)
        assert [(each.column, each.filed, each.holds) for each in found.conflicts] == [
            ("short_name", "乙局", "甲局")
        ]
        assert found.profile.units[change.key[0]].short_name == "甲局"
        other = list(filed().units.values())[2]
        lines = text.splitlines()
        lines[2] = lines[2].replace(f",{list(filed().units.values())[1].short_name},", ",甲局,", 1)
        (place / "units.csv").write_text("\n".join(lines), encoding="utf-8")
        forget()
        assert filed().units
        with pytest.raises(BadProfile, match="甲局"):
            look(NOW)
        assert other.code in filed().units


@pytest.mark.django_db
def test_earlier_versions_are_known_by_what_was_accepted() -> None:
    bob = account("bob")
    versions = [look(NOW).profile.version]
    for change in (unit(short_name="甲局"), days(13)):
        made = put(change)
        if needs_second([change]):
            accept(by=bob, change=made, now=NOW)
        versions.append(look(NOW).profile.version)
    put(unit(short_name="乙局"))
    look(NOW)
    assert len(set(versions)) == 3
    for version in versions:
        found = city_in_force.city_at(version)
        assert found is not None
        assert found.version == version
    assert city_in_force.city_at("0" * 64) is None


@pytest.mark.django_db
def test_what_is_planned_for_a_day_is_shown() -> None:
    put(unit(short_name="甲局"), first_day=SOON)
    code = next(iter(filed().units))
    assert as_of(SOON)[0].units[code].short_name == "甲局"
    assert as_of(TODAY)[0].units[code] == filed().units[code]


def test_of_two_at_the_same_moment_one_wins(database: LiveDatabase) -> None:
    alice, bob = account("alice"), account("bob")
    mine = [put(days(13 + index), by=alice) for index in range(4)]
    results = database.in_threads(4, lambda index: accept(by=bob, change=mine[index], now=NOW))
    won = [each for each in results if isinstance(each, CityDecision)]
    assert len(won) == 1
    assert all(isinstance(each, CityMoved) for each in results if each not in won), results
    assert look(NOW).profile.extension.working_days == read_changes(won[0].change.changes)[0].now


@pytest.mark.django_db
def test_who_looked_before_the_latest_decision_does_not_decide() -> None:
    looked = city_changes._last()
    put(unit(short_name="甲局"))
    change = put(days(13), by=account("alice"))
    with pytest.raises(CityMoved, match="刚刚"):
        city_changes._decide(change, Verdict.ACCEPTED, looked, by=None, now=NOW)
    assert not change.decisions.exists()
    assert accept(by=None, change=change, now=NOW).number == 2


def test_another_process_sees_what_was_accepted_and_so_does_one_that_runs(database: LiveDatabase) -> None:
    program = (
        "import sys\n"
        "from jieban.site.live import ready; ready()\n"
        "from datetime import UTC, datetime\n"
        "from jieban.people.city import city\n"
        "from jieban.people.city_in_force import look\n"
        "for _ in sys.stdin:\n"
        "    look(datetime.now(UTC))\n"
        "    print(next(iter(city().units.values())).short_name, flush=True)\n"
    )
    env = {**database.environ, "JIEBAN_PROFILE": filed().name}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def says() -> str:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write("\n")
            child.stdin.flush()
            return child.stdout.readline().strip()

        before = says()
        now = datetime.now(UTC)
        put(unit(short_name="甲局"), first_day=now.date() - timedelta(days=1), now=now)
        assert (before, says()) == (next(iter(filed().units.values())).short_name, "甲局")
        child.stdin.close()
        assert child.wait(10) == 0
