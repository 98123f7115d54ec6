"""An advice: what a rule found or an analyst wrote, under its theme."""

from dataclasses import dataclass

from jieban.report.sentences import Runs


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """One recommendation: the theme it stands under, and its text with the figures that it draws on.

    `rule` is "" for a paragraph that an analyst has written.
    """

    rule: str
    theme: str
    runs: Runs


def by_theme(advice: tuple[Advice, ...]) -> list[tuple[str, list[Advice]]]:
    """The advice under its themes, which stand in the order in which they first come."""
    themes: dict[str, list[Advice]] = {}
    for one in advice:
        themes.setdefault(one.theme, []).append(one)
    return list(themes.items())
