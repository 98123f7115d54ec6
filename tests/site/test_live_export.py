"""`jieban live export`: what it writes is what `jieban report` reads, and what it can't do it says in a sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jieban.kernel.errors import Exit

pytestmark = pytest.mark.timeout(300)
Result = subprocess.CompletedProcess[str]
Run = Callable[..., Result]
PERIOD = "2025-04"
TABLES = ["orders", "handlings", "letters", "callbacks"]


def _environ(place: Path, city: str) -> Mapping[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("JIEBAN_")}
    return plain | {
        "JIEBAN_PROFILE": city,
        "JIEBAN_VAR": str(place),
        "JIEBAN_KEYS_FILE": str(place / "keys"),
        "LANG": "zh_CN.UTF-8",
        "LC_ALL": "zh_CN.UTF-8",
    }


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """The command line beside a platform with some of a city's demonstration month on it, and one order more.

    That one nobody has decided; in the city with mailboxes there is such a letter, too.
    """
    return cache(lambda city: _platform(city, tmp_path_factory.mktemp(city)))


@pytest.fixture
def run(platform: Callable[[str], Run]) -> Run:
    """The command line beside the platform of the city with mailboxes."""
    return platform("changji")


def _platform(city: str, place: Path) -> Run:
    environ = _environ(place, city)

    def command(*words: str | Path, **more: str) -> Result:
        return subprocess.run(
            [sys.executable, "-m", "jieban", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            env={**environ, **more},
            cwd=place,
        )

    keys = command("keys", "new")
    (place / "keys").touch(mode=0o600)
    (place / "keys").write_text(keys.stdout, encoding="utf-8")
    assert command("live", "init").returncode == Exit.OK
    made = subprocess.run(
        [sys.executable, "-c", _SOME, city, str(place / "some")],
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    put = command("live", "import", place / "some")
    assert put.returncode == Exit.OK, put.stderr
    return command


_SOME = """
import sys
from pathlib import Path
import pyarrow as pa, pyarrow.compute as pc
from jieban.demo.ledger import make_ledger
from jieban.ledger.parquet import write_parquet
from jieban.ledger.schema import LETTERS, ORDERS, Ledger
from jieban.profile.load import load_profile
whole, _ = make_ledger(load_profile(sys.argv[1]), ["2025-04"])
orders = whole.orders.slice(0, 150)
own = lambda table: table.filter(pc.is_in(table["order_no"], value_set=orders["order_no"]))
open_ = {"disposition": "pending", "dispatched_at": None, "signed_at": None, "closed_at": None, "unit": None}
open_ |= {"satisfaction": None, "called_back": None, "resolved": None, "contacted": None, "repeat_of": None}
def more(table, schema, **own):
    row = table.slice(0, 1).to_pylist()[:1]
    row = [{**each, **{k: v for k, v in open_.items() if k in each}, **own} for each in row]
    for each in row:
        each.update({k: None for k in each if "due_at" in k or k.endswith("_rule")})
    return pa.concat_tables([table, pa.Table.from_pylist(row, schema=schema.arrow)]).unify_dictionaries()
write_parquet(Ledger(
    orders=more(orders, ORDERS, order_no="=OPEN"),
    handlings=own(whole.handlings),
    letters=more(whole.letters, LETTERS, letter_no="YS-OPEN"),
    callbacks=own(whole.callbacks),
), Path(sys.argv[2]))
"""


def figures(run: Run, files: list[str], city: str, out: Path) -> dict[str, Any]:
    """What the report finds in files, whose snapshot of the period is kept."""
    words = (
        "report",
        *files,
        "--profile",
        city,
        "--period",
        PERIOD,
        "--out",
        out,
        "--format",
        "none",
        "--json",
    )
    made = run(*words, "--as-of", "2025-05-07")
    assert made.returncode == Exit.OK, made.stderr
    told: dict[str, Any] = json.loads(made.stdout)
    return told


def _checks(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The checks of the figures: of a table without rows only some forms have a sheet to read."""
    return [check for check in told["checks"] if not check["id"].startswith("rows.intake")]


@pytest.mark.slow(9)
@pytest.mark.parametrize("city", ["changji", "yunting"])
def test_the_report_reads_what_was_exported(
    platform: Callable[[str], Run], tmp_path: Path, city: str
) -> None:
    run = platform(city)
    out = tmp_path / "ledger"
    exported = run(
        "live", "export", "--period", PERIOD, "--out", out, "--format", "csv,parquet,xlsx", "--json"
    )
    assert exported.returncode == Exit.OK, exported.stderr
    told = json.loads(exported.stdout)
    assert exported.stderr == ""
    assert sorted(told) == ["files", "rows", "words"]
    assert list(told["rows"]) == TABLES
    assert bool(told["rows"]["letters"]) == (city == "changji")
    assert told["rows"]["orders"] == 151
    forms = {
        suffix: [file for file in told["files"] if file.endswith(f".{suffix}")] for suffix in ("xlsx", "csv")
    }
    assert [len(files) for files in forms.values()] == [1, 4]
    assert sorted(path.name for path in out.iterdir()) == sorted(Path(file).name for file in told["files"])
    by_parquet = figures(run, [str(out)], city, tmp_path / "parquet")
    for form, files in forms.items():
        found = figures(run, files, city, tmp_path / form)
        assert _checks(found) == _checks(by_parquet), form
        assert [sheet["rejected"] for sheet in found["accounting"]["sheets"]] == [0] * len(
            found["accounting"]["sheets"]
        )
    ways = [check for check in by_parquet["checks"] if check["id"] == "sums.letters.ways"]
    assert [check["result"] for check in ways] == ["ok"] * (city == "changji")


def test_files_go_to_standard_output_and_words_only_where_they_are_asked_for(
    run: Run, tmp_path: Path
) -> None:
    plain = run("live", "export", "--out", tmp_path / "codes", "--format", "csv")
    assert plain.returncode == Exit.OK, plain.stderr
    paths = plain.stdout.splitlines()
    assert [Path(path).suffix for path in paths] == [".csv"] * 4
    assert "工单：151 行" in plain.stderr
    assert "原文" not in plain.stderr
    with_words = run("live", "export", "--out", tmp_path / "words", "--format", "csv", "--words")
    assert with_words.returncode == Exit.OK, with_words.stderr
    assert "原文" in with_words.stderr
    codes, words = ((tmp_path / name / "工单.csv").read_text("utf-8-sig") for name in ("codes", "words"))
    assert len(words) > len(codes) + 1000
    assert "'=OPEN" in codes
    lost = run("live", "export", "--out", tmp_path / "lost", "--words", JIEBAN_KEYS_FILE="")
    assert lost.returncode != Exit.OK
    assert not (tmp_path / "lost").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--period", "2019-04"), Exit.BAD_LEDGER, "没有工单"),
        (("--period", PERIOD, "--from", "2025-04-01"), Exit.USAGE, "只能写一种"),
        (("--from", "2025-04-02", "--to", "2025-04-01"), Exit.USAGE, "早于起日"),
        (("--period", "04"), Exit.USAGE, "2025-04"),
        (("--format", "docx"), Exit.USAGE, "docx"),
        (("--format", ","), Exit.USAGE, "没有格式"),
        (("--profile", "yunting"), Exit.USAGE, "--profile"),
    ],
)
def test_what_cannot_be_exported_is_said_and_leaves_nothing(
    run: Run, tmp_path: Path, words: tuple[str, ...], code: Exit, said: str
) -> None:
    refused = run("live", "export", "--out", tmp_path / "out", *words)
    assert refused.returncode == code, refused.stderr
    assert said in refused.stderr
    assert refused.stdout == ""
    assert not (tmp_path / "out").exists()


def test_days_are_the_citys_and_both_included(run: Run, tmp_path: Path) -> None:
    days = ("--from", "2025-03-01", "--to", "2025-04-30")
    all_of_it = run("live", "export", "--out", tmp_path / "a", *days, "--json")
    assert json.loads(all_of_it.stdout)["rows"]["orders"] == 151
    first = run("live", "export", "--out", tmp_path / "b", "--to", "2025-04-01", "--json")
    rest = run("live", "export", "--out", tmp_path / "c", "--from", "2025-04-02", "--json")
    counts = [json.loads(each.stdout)["rows"]["orders"] if each.stdout else 0 for each in (first, rest)]
    assert sum(counts) == 151
