"""What every test may ask for: the checkout, the data beside it, and the rule that nothing is skipped in silence."""

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# A developer's English desktop must not change what the tests read; a test of English sets LANG itself.
for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
    os.environ.pop(name, None)
os.environ["LANG"] = "zh_CN.UTF-8"

REPO = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("JIEBAN_SHARED") or REPO.parent / "shared")
IN_CI = bool(os.environ.get("CI"))
LIVE_FIXTURES = {"database", "open_database", "db", "transactional_db"}
_MEMORY = Path("/dev/shm")  # noqa: S108  # made a directory of our own within
_ROOM = 2 * 1024**3
A_TEST, A_SLOW_TEST = 0.3, 10
"""Seconds that a test takes of which nothing else is said."""
NO_SHARED = f"wants the data of {SHARED.name}/ beside the checkout (or JIEBAN_SHARED), which is not there"

# While thousands of tests are read, a third of the time would go into looking for garbage.
gc.disable()

hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "dev")

skipped_without_leave: list[str] = []


@pytest.fixture(scope="session")
def repo() -> Path:
    """The checkout."""
    return REPO


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of data beside the checkout; the test is skipped, visibly, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(NO_SHARED)
    return SHARED


@pytest.fixture(scope="session")
def in_memory() -> Iterator[Path]:
    """A directory in memory where there is room, else on the disk: thousands of commits there wait for no disk.

    A killed process loses no more there than on a disk.
    """
    fits = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM
    where = str(_MEMORY) if fits else None
    with tempfile.TemporaryDirectory(prefix="jieban-", dir=where, ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.fixture
def quick_path(in_memory: Path) -> Iterator[Path]:
    """As `tmp_path`, for programs that commit by the thousand; gone with the test."""
    made = Path(tempfile.mkdtemp(dir=in_memory))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Mark what uses a live database, so that `-m live` finds it; skip what wants ../shared where there is none.

    With several workers the longest files come first; pytest-django, which has an order of its own, sorts before.
    """
    for item in items:
        wanted = LIVE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if wanted or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.live)
        if item.get_closest_marker("needs_shared") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason=NO_SHARED))
    yield
    if hasattr(config, "workerinput"):
        _begin_with_the_longest(items)


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, but not among the tests themselves."""
    gc.freeze()
    gc.set_threshold(10_000)  # a page makes thousands of objects, few of them in circles
    gc.enable()


def _begin_with_the_longest(items: list[pytest.Item]) -> None:
    """Files by what they take: with several workers, none that takes minutes is begun when all others have ended."""
    takes: Counter[Path] = Counter()
    for item in items:
        slow = item.get_closest_marker("slow")
        takes[item.path] += A_TEST if slow is None else (*slow.args, A_SLOW_TEST)[0]
    items.sort(key=lambda item: (-takes[item.path], item.path))


def _note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if NO_SHARED not in reason:
        skipped_without_leave.append(f"{report.nodeid}: {reason}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note each test that was skipped for a reason of its own."""
    _note_skip(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note each file that skipped itself whole."""
    _note_skip(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skip for any reason but absent data is a failure: what is skipped there is never run anywhere."""
    if (
        IN_CI
        and skipped_without_leave
        and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which skips were not allowed."""
    if IN_CI and skipped_without_leave:
        terminalreporter.section("skipped in CI, which is not allowed", red=True)
        for line in skipped_without_leave:
            terminalreporter.line(line)
