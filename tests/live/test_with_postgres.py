"""The server for the second run of the live tests: there or visibly absent, and gone afterwards."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "with_postgres.py"
TELL = "import os, sys; print(os.environ['JIEBAN_TEST_DATABASE']); sys.exit(3)"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.delenv("JIEBAN_TEST_DATABASE", raising=False)
    spec = importlib.util.spec_from_file_location("with_postgres", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_postgresql_nothing_runs_and_that_is_said(
    script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    *,
    ci: str,
    code: int,
) -> None:
    monkeypatch.setattr(script, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    assert script.main([sys.executable, "-c", "print('ran')"]) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert "NOT RUN" in err


def test_a_server_that_is_given_is_used(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIEBAN_TEST_DATABASE", "postgresql://elsewhere/x")
    assert script.main([sys.executable, "-c", TELL]) == 3
    assert capfd.readouterr().out.strip() == "postgresql://elsewhere/x"


def test_its_own_server_answers_durably_and_goes_with_the_command(script: ModuleType) -> None:
    if script.binaries() is None:
        return  # said by the run itself, above
    ask = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['JIEBAN_TEST_DATABASE']) as c:\n"
        "    print(*(c.execute('SHOW ' + name).fetchone()[0] for name in\n"
        "          ('fsync', 'synchronous_commit', 'server_encoding', 'data_directory')))"
    )
    environ = {name: value for name, value in os.environ.items() if name != "JIEBAN_TEST_DATABASE"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), sys.executable, "-c", ask],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    fsync, commit, encoding, directory = done.stdout.split()
    assert (fsync, commit, encoding) == ("on", "on", "UTF8")
    assert not Path(directory).exists()
