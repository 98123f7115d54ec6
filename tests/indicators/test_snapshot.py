import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from indicator_ledgers import ledger_of, random_rows

from jieban.indicators.compute import compute
from jieban.indicators.errors import BadSnapshot
from jieban.indicators.period import BadPeriod, Period
from jieban.indicators.snapshot import freeze, open_snapshot
from jieban.kernel.digest import sm3_file
from jieban.ledger.parquet import read_parquet, write_parquet
from jieban.ledger.schema import Ledger
from jieban.profile.city import Profile
from jieban.profile.model import Precedence
from jieban.profile.register import Register

APRIL = Period.parse("2025-04")
FILES = ["orders.parquet", "handlings.parquet", "letters.parquet", "callbacks.parquet", "profile.json"]


@pytest.fixture(scope="module")
def ledger(inland: Profile) -> Ledger:
    rows = random_rows(inland, APRIL, seed=11, orders=600)
    rows["callbacks"] = [
        {
            "callback_no": f"C{order['order_no']}",
            "order_no": order["order_no"],
            "called_at": order["received_at"],
            "reached": True,
        }
        for order in rows["orders"]
    ]
    return ledger_of(rows)


@pytest.fixture
def frozen(ledger: Ledger, inland: Profile, tmp_path: Path) -> Path:
    freeze(ledger, inland, APRIL, tmp_path / "frozen")
    return tmp_path / "frozen"


def test_a_snapshot_gives_the_figures_that_the_whole_ledger_gave(
    ledger: Ledger, profile: Profile, inland: Profile, tmp_path: Path
) -> None:
    rows = ledger if profile is inland else ledger_of(random_rows(profile, APRIL, seed=12, orders=600))
    snapshot = freeze(rows, profile, APRIL, tmp_path / "frozen")
    before, after = (compute(source, profile, APRIL) for source in (rows, snapshot))
    assert list(after.items()) == list(before.items())
    assert after.cutoff == before.cutoff
    kept = dict(snapshot.rows)
    assert 0 < kept["orders"] < rows.orders.num_rows
    assert kept["callbacks"] == (kept["orders"] if profile is inland else 0)


def test_the_same_rows_give_the_same_bytes_in_any_order_and_from_any_source(
    ledger: Ledger, inland: Profile, frozen: Path, tmp_path: Path
) -> None:
    turned = Ledger(
        **{name: rows.take(list(reversed(range(rows.num_rows)))) for name, rows in ledger.tables().items()}
    )
    write_parquet(ledger, tmp_path / "parquet")
    freeze(turned, inland, APRIL, tmp_path / "again")
    freeze(tmp_path / "parquet", inland, APRIL, tmp_path / "read")
    for name in (*FILES, "manifest.json"):
        bytes_ = (frozen / name).read_bytes()
        assert (tmp_path / "again" / name).read_bytes() == bytes_, name
        assert (tmp_path / "read" / name).read_bytes() == bytes_, name
    assert open_snapshot(frozen).digest == open_snapshot(tmp_path / "again").digest


def test_the_manifest_says_what_is_in_it(frozen: Path, inland: Profile) -> None:
    manifest = json.loads((frozen / "manifest.json").read_text("utf-8"))
    assert manifest["period"] == "2025-04"
    assert manifest["profile"] == {"name": inland.name, "version": inland.version}
    assert manifest["windows"]["year_before"] == ["2024-04-01", "2024-04-30"]
    assert set(manifest["files"]) == set(FILES)
    assert manifest["indicators"]["orders.total"] == 1
    for name, count in manifest["rows"].items():
        assert pq.read_metadata(frozen / f"{name}.parquet").num_rows == count
        assert manifest["files"][f"{name}.parquet"] == sm3_file(frozen / f"{name}.parquet")
    assert read_parquet(frozen).orders.num_rows == manifest["rows"]["orders"]


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused_by_name(frozen: Path, name: str) -> None:
    content = bytearray((frozen / name).read_bytes())
    content[len(content) // 2] ^= 1
    (frozen / name).write_bytes(content)
    with pytest.raises(BadSnapshot, match=name):
        open_snapshot(frozen)


def _gone(frozen: Path) -> str:
    (frozen / "letters.parquet").unlink()
    return "letters.parquet"


def _no_manifest(frozen: Path) -> str:
    (frozen / "manifest.json").unlink()
    return "清单"


def _torn_manifest(frozen: Path) -> str:
    text = (frozen / "manifest.json").read_text("utf-8")
    (frozen / "manifest.json").write_text(text[: len(text) // 2], "utf-8")
    return "清单"


def _unlisted(frozen: Path) -> str:
    manifest = json.loads((frozen / "manifest.json").read_text("utf-8"))
    del manifest["files"]["orders.parquet"]
    (frozen / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return "orders.parquet"


def _other_schema(frozen: Path) -> str:
    manifest = json.loads((frozen / "manifest.json").read_text("utf-8"))
    (frozen / "manifest.json").write_text(json.dumps(manifest | {"schema": "0"}), "utf-8")
    return "格式版本"


@pytest.mark.parametrize("spoil", [_gone, _no_manifest, _torn_manifest, _unlisted, _other_schema])
def test_an_incomplete_snapshot_is_refused(frozen: Path, spoil: Callable[[Path], str]) -> None:
    told = spoil(frozen)
    with pytest.raises(BadSnapshot, match=told):
        open_snapshot(frozen)


def test_a_snapshot_answers_for_its_own_period_and_rules_only(frozen: Path, inland: Profile) -> None:
    snapshot = open_snapshot(frozen)
    with pytest.raises(BadPeriod, match="2025年4月"):
        compute(snapshot, inland, Period.parse("2025-03"))
    stated = replace(inland, counting=replace(inland.counting, deadline_precedence=Precedence.STATED))
    with pytest.raises(BadSnapshot, match="统计规则"):
        compute(snapshot, stated, APRIL)
    compute(snapshot, replace(inland, title="另一个标题"), APRIL)
    spelt = Register(replace(unit, aliases=(*unit.aliases, "俗称")) for unit in inland.units.values())
    compute(snapshot, replace(inland, units=spelt), APRIL)
    regrouped = Register(replace(unit, group="other") for unit in inland.units.values())
    with pytest.raises(BadSnapshot, match="承办单位"):
        compute(snapshot, replace(inland, units=regrouped), APRIL)
    aged = replace(snapshot, indicators=(*snapshot.indicators[:-1], (snapshot.indicators[-1][0], 0)))
    with pytest.raises(BadSnapshot, match=snapshot.indicators[-1][0]):
        compute(aged, inland, APRIL)


def test_nothing_is_frozen_over_something(frozen: Path, ledger: Ledger, inland: Profile) -> None:
    with pytest.raises(BadSnapshot, match="不是空的"):
        freeze(ledger, inland, APRIL, frozen)
