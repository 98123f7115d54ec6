"""A ledger played through the acts and exported again says the same, row for row, but for its numbers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from contacts_told import rows_with_contacts

from jieban.demo.ledger import make_ledger
from jieban.ledger.parquet import read_parquet
from jieban.ledger.read import read_ledger
from jieban.ledger.schema import DEMO_PREFIX, Ledger
from jieban.ledger.write import write_xlsx
from jieban.orders.export import export_ledger, export_to
from jieban.orders.models import Event, Order, OrderSecret
from jieban.orders.replay import Played, play_ledger
from jieban.orders.replay.words import reply_from
from jieban.orders.secrets import Delivery, delivery_index
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.profile.load import load_profile
from jieban.profile.workflow import Requester
from live_database import LiveDatabase, OpenDatabase, override_settings

ORDERS = 60
AS_OF = datetime(2025, 5, 7, tzinfo=UTC)
OTHERWISE = {"order_no", "handling_no", "letter_no", "callback_no", "repeat_of", "reply", "source_row"}
"""What a played order has otherwise: its number, a reply that follows the city's template, and no row in a file."""


# On PostgreSQL in one city: another's rules are no other rows.
@pytest.fixture(scope="module", params=["changji", pytest.param("yunting", marks=pytest.mark.once)])
def part(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The first orders of a city's demo month with all that belongs to them, and letters, as read from a workbook."""
    with override_settings(JIEBAN_PROFILE=request.param):
        yield _part(tmp_path_factory.mktemp("part") / "ledger.xlsx")


def _part(path: Path) -> Ledger:
    whole, _ = make_ledger(city(), ["2025-04"])
    orders = whole.orders.slice(0, ORDERS)

    def own(table: Any) -> Any:
        return table.filter(pc.is_in(table["order_no"], orders["order_no"]))

    some = Ledger(
        orders=orders,
        handlings=own(whole.handlings),
        letters=whole.letters.slice(0, 12),
        callbacks=own(whole.callbacks),
    )
    write_xlsx(some, city(), path)
    return read_ledger([path], city(), cutoff=AS_OF).ledger


@pytest.fixture(scope="module")
def played(part: Ledger, open_database: OpenDatabase) -> Iterator[Played]:
    """What came of playing it once, with the database that it was played in."""
    with open_database():
        with override_settings(JIEBAN_DEMO=True):
            account = play_ledger(part)
        yield account


def test_every_order_and_letter_is_played(played: Played, part: Ledger) -> None:
    assert played.refused == []
    assert played.read == played.played == part.orders.num_rows + part.letters.num_rows
    assert Order.objects.count() == played.played
    assert Event.objects.count() == played.acts
    assert all(number.startswith(DEMO_PREFIX) for number in played.numbers.values())


def test_what_is_exported_is_what_was_played(played: Played, part: Ledger) -> None:
    live = rows_with_contacts(export_ledger(words=True))
    for name, table in part.tables().items():
        wanted = Counter(_said(row, played.numbers) for row in table.to_pylist())
        found = Counter(_said(row, {}) for row in live[name])
        if name in {"orders", "handlings"}:
            # A reopened order has a new deadline, as it has in life.
            reopened = {played.numbers[row["order_no"]] for row in _reopened(part)}
            wanted, found = _without(wanted, reopened), _without(found, reopened)
        assert found == wanted, name


@pytest.mark.usefixtures("played")
def test_replies_are_those_of_the_ledger_field_by_field(part: Ledger) -> None:
    wanted = Counter(row["reply"] for row in part.handlings.to_pylist() if not row["returned"])
    found = Counter(row["reply"] for row in export_ledger(words=True).handlings.to_pylist())
    found.pop(None, None)
    excluded = {row["order_no"] for row in part.orders.to_pylist() if row["excluded"]}
    aside = Counter(row["reply"] for row in part.handlings.to_pylist() if row["order_no"] in excluded)
    assert found
    assert not found - wanted
    assert not wanted - found - aside
    assert not any("台账" in reply for reply in found)


def test_a_reply_names_the_choices_that_its_words_name() -> None:
    rules = load_profile("changji").workflow
    text = "经办人员第一时间了解情况。已修好。\n已办结。已将结果告知诉求人，诉求人表示不满意。\n将继续跟进。"
    assert reply_from(text, rules).fields == {
        "done": "经办人员第一时间了解情况。已修好。",
        "status": "已办结。已将结果告知诉求人，诉求人表示不满意。",
        "next": "将继续跟进。",
        "told": "told",
        "rating": "dissatisfied",
    }
    other = {"done": text.replace("\n", ""), "status": "台账没有分项记载。", "next": "台账没有分项记载。"}
    assert reply_from(text.replace("\n", ""), rules, {Requester.ANONYMOUS}).fields == other
    unknown = reply_from(None, rules).fields
    assert (unknown["told"], unknown["rating"]) == ("not_told", "not_rated")


def test_what_a_reopened_order_says_is_on_time_as_it_was(played: Played, part: Ledger) -> None:
    live = {row["order_no"]: row for row in export_ledger().orders.to_pylist()}
    for row in part.orders.to_pylist():
        again = live[played.numbers[row["order_no"]]]
        assert again["closed_at"] == row["closed_at"]
        assert (again["closed_at"] > again["close_due_at"]) == (row["closed_at"] > row["close_due_at"])


def test_a_ledger_written_in_pieces_is_the_one_in_memory(played: Played, tmp_path: Path) -> None:
    written = export_to(tmp_path, words=True)
    assert written["orders"] + written["letters"] == played.played
    whole = export_ledger(words=True)
    for name, table in read_parquet(tmp_path).tables().items():
        assert table.to_pylist() == whole.tables()[name].to_pylist()


def test_nobody_is_named_in_an_export(played: Played) -> None:
    assert played.played
    assert any(row["phone"] for row in rows_with_contacts(export_ledger())["orders"])
    for row in export_ledger().orders.to_pylist():
        assert (row["requester"], row["phone"], row["content"], row["reply"], row["address"]) == (None,) * 5
    told = export_ledger(words=True).orders.to_pylist()
    assert any(row["content"] for row in told)
    assert all((row["requester"], row["phone"]) == (None, None) for row in told)


def test_an_order_that_cannot_be_played_is_told_and_leaves_nothing(
    part: Ledger, database: LiveDatabase
) -> None:
    assert database
    first = part.orders["order_no"][0].as_py()
    lost = Ledger(
        orders=part.orders,
        handlings=part.handlings.filter(pc.not_equal(part.handlings["order_no"], first)),
        letters=part.letters,
        callbacks=part.callbacks,
    )
    played = play_ledger(lost)
    assert [number for number, _ in played.refused] == [first]
    assert played.read == played.played + 1
    again = delivery_index(Delivery(channel=part.orders["channel"][0].as_py(), ref=first), keyring())
    assert not OrderSecret.objects.filter(delivery_index=again).exists()


def _reopened(ledger: Ledger) -> list[Mapping[str, Any]]:
    return [row for row in ledger.orders.to_pylist() if row["reopen_count"]]


def _said(row: Mapping[str, Any], numbers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    own = row.get("order_no") or row["letter_no"]
    told = {"of": numbers.get(own, own)} if "letter_no" not in row else {}
    return tuple(
        sorted((told | {name: str(value) for name, value in row.items() if name not in OTHERWISE}).items())
    )


def _without(rows: Counter[Any], orders: set[str]) -> Counter[Any]:
    return Counter({row: count for row, count in rows.items() if dict(row)["of"] not in orders})
