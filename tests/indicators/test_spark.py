"""The same registry on DuckDB and on a Spark Connect server: every value equal."""

import re
from pathlib import Path

import pytest
from indicator_ledgers import ledger_of, random_rows

from jieban.indicators.compute import compute
from jieban.indicators.errors import EngineMissing
from jieban.indicators.period import Period
from jieban.ledger.parquet import write_parquet
from jieban.profile.city import Profile


def test_duckdb_and_sail_agree_on_every_value(profile: Profile, tmp_path: Path) -> None:
    for text in ("2025-03", "2025-W14", "2024"):
        period = Period.parse(text)
        ledger = ledger_of(random_rows(profile, period, seed=21, orders=500))
        write_parquet(ledger, tmp_path / text)
        duckdb = compute(ledger, profile, period)
        sail = compute(tmp_path / text, profile, period, engine="spark")
        assert sail.cutoff == duckdb.cutoff
        assert list(sail.items()) == list(duckdb.items())


def test_sail_takes_a_ledger_from_memory(inland: Profile) -> None:
    period = Period.parse("2025-04")
    ledger = ledger_of(random_rows(inland, period, seed=22, orders=200))
    assert list(compute(ledger, inland, period, engine="spark").items()) == list(
        compute(ledger, inland, period).items()
    )


def test_an_empty_ledger_is_empty_there_too(inland: Profile) -> None:
    period = Period.parse("2025-04")
    assert list(compute(ledger_of({}), inland, period, engine="spark").items()) == list(
        compute(ledger_of({}), inland, period).items()
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "sc://127.0.0.1:1"])
def test_a_server_that_is_not_there_is_named(inland: Profile, url: str) -> None:
    with pytest.raises(EngineMissing, match=re.escape(url)):
        compute(ledger_of({}), inland, Period.parse("2025-04"), engine="spark", url=url)
