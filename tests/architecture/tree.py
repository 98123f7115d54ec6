"""What the architecture tests look at: the checkout's own files, without what the build gathers."""

import shutil
import subprocess
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SOURCE = REPO / "src" / "jieban"
ROOMS = (
    "kernel",
    "worktime",
    "profile",
    "ledger",
    "indicators",
    "report",
    "demo",
    "people",
    "orders",
    "desks",
    "site",
)

_MADE = {".git", ".venv", ".build", "node_modules", "out", "dist", "__pycache__"}


def own_files() -> list[Path]:
    """Files under version control; in a tree without git, all but what the build makes."""
    if (REPO / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, check=True, capture_output=True).stdout
        return [path for name in listed.decode().split("\0") if name and (path := REPO / name).is_file()]
    return [
        path
        for path in REPO.rglob("*")
        if path.is_file()
        and not _MADE.intersection(path.relative_to(REPO).parts)
        and not any(part.endswith(("_cache", ".egg-info")) for part in path.relative_to(REPO).parts)
        and path.suffix not in {".mo", ".pyc"}
    ]


def shown(path: Path) -> str:
    """A file as a message names it."""
    return path.relative_to(REPO).as_posix()
