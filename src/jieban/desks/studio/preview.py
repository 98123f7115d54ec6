"""What a preview holds: the report's pages, and how its checks came out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jieban.report.checks.words import PERSONS

CHECKS = "checks.json"
WORDING = "wording.toml"
_FAILED = "failed"
_GRAVEST_FIRST = ("failed", "warning", "note", "ok")


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckLine:
    """A check as the studio shows it."""

    id: str
    title: str
    result: str
    detail: str
    explanation: str


def page_of(place: Path, edition: str) -> Path:
    """The web page of an edition."""
    return place / f"{edition}.html"


def checks_of(place: Path) -> tuple[CheckLine, ...] | None:
    """How the checks came out, the gravest first; None where there is no preview."""
    found = _read(place)
    if found is None:
        return None
    lines = [
        CheckLine(
            id=each["id"],
            title=each["title"],
            result=each["result"],
            detail=each["detail"],
            explanation=each["explanation"],
        )
        for each in found
    ]
    return tuple(sorted(lines, key=lambda line: _GRAVEST_FIRST.index(line.result)))


def failed_checks(place: Path) -> tuple[str, ...] | None:
    """The titles of the checks that failed; None where there is no preview."""
    lines = checks_of(place)
    return None if lines is None else tuple(line.title for line in lines if line.result == _FAILED)


def persons_named(place: Path) -> str:
    """What of the words that people wrote looks like a person, masked; "" where nothing does."""
    lines = checks_of(place) or ()
    return next((line.detail for line in lines if line.id == PERSONS and line.result != "ok"), "")


def _read(place: Path) -> list[Mapping[str, str]] | None:
    try:
        found: list[Mapping[str, str]] = json.loads((place / CHECKS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
