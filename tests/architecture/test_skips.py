"""The rule of tests/conftest.py: in CI nothing is skipped but what wants absent data, and that is seen."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tree import REPO

WANTS_DATA = """
import pytest

@pytest.mark.needs_shared
def test_marked():
    raise AssertionError("ran without its data")

def test_asks(shared):
    raise AssertionError("ran without its data")

def test_plain(repo):
    assert repo
"""
SKIPS_ITSELF = "import pytest\n\ndef test_one():\n    pytest.skip('not today')\n\ndef test_two():\n    pass\n"
SKIPS_ITS_FILE = "import pytest\n\npytest.skip('not this file', allow_module_level=True)\n"
EXPECTED_TO_FAIL = "import pytest\n\n@pytest.mark.xfail(reason='known')\ndef test_one():\n    assert False\n"


def run(folder: Path, source: str, *, ci: bool, workers: int = 0) -> subprocess.CompletedProcess[str]:
    tests = folder / "tests"
    tests.mkdir()
    shutil.copy(REPO / "tests" / "conftest.py", tests)
    shutil.copy(REPO / "pyproject.toml", folder)
    (tests / "test_it.py").write_text(source, "utf-8")
    (tests / "test_other.py").write_text("def test_other():\n    pass\n", "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "CI" and "PYTEST" not in name}
    environment["JIEBAN_SHARED"] = str(folder / "nowhere")
    if ci:
        environment["CI"] = "true"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", str(workers), "tests"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_absent_data_is_skipped_visibly_in_ci_too(tmp_path: Path) -> None:
    result = run(tmp_path, WANTS_DATA, ci=True)
    assert result.returncode == 0, result.stdout
    assert "2 passed, 2 skipped" in result.stdout
    assert "which is not there" in result.stdout


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("source", [SKIPS_ITSELF, SKIPS_ITS_FILE], ids=["test", "file"])
def test_any_other_skip_fails_ci(tmp_path: Path, source: str, workers: int) -> None:
    result = run(tmp_path, source, ci=True, workers=workers)
    assert result.returncode == 1, result.stdout
    assert "skipped in CI, which is not allowed" in result.stdout
    assert result.stdout.rstrip().splitlines()[-1].count("1 skipped") == 1
    named = result.stdout.split("which is not allowed")[1]
    assert "test_it.py" in named
    assert "not t" in named


def test_a_developer_may_skip(tmp_path: Path) -> None:
    assert run(tmp_path, SKIPS_ITSELF, ci=False).returncode == 0


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    assert run(tmp_path, EXPECTED_TO_FAIL, ci=True).returncode == 0
