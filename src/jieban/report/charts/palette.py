"""The colours and the chart typeface of every form of the report, in one place.

An ink-blue civic palette: quiet on paper, and its series differ in lightness, so that a copy in black and white
can still be read. Rises and falls are rust and blue, which readers with red-green blindness tell apart.
"""

from dataclasses import dataclass

CHART_FONT = "Noto Sans SC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """Colours as #rrggbb. `sequence` runs from little to much; `series` is taken in order."""

    ink: str
    muted: str
    rule: str
    grid: str
    paper: str
    panel: str
    accent: str
    on_accent: str
    warning: str
    rising: str
    falling: str
    series: tuple[str, ...]
    sequence: tuple[str, ...]


LIGHT = Palette(
    ink="#1f2a37",
    muted="#566373",
    rule="#b9c3cf",
    grid="#e6eaef",
    paper="#ffffff",
    panel="#f3f6f9",
    accent="#1d4a7d",
    on_accent="#ffffff",
    warning="#9a3412",
    rising="#b4532a",
    falling="#2c6aa3",
    series=("#1d4a7d", "#c98f3c", "#5b93bf", "#8c4a3f", "#6f9a86", "#77839a", "#a9c4dd", "#d9b98a"),
    sequence=("#f1f5f9", "#cfdfec", "#9dbfd9", "#6398c0", "#33699c", "#163b66"),
)

DARK = Palette(
    ink="#e4eaf1",
    muted="#a3b1c2",
    rule="#435264",
    grid="#2a3644",
    paper="#121a24",
    panel="#1b2633",
    accent="#8fbbe6",
    on_accent="#0f1720",
    warning="#f0a884",
    rising="#e08a5f",
    falling="#6aa9dd",
    series=("#7fb0e0", "#e0b267", "#4f86b5", "#d08a7c", "#8fc0aa", "#a3aec2", "#3d638a", "#a98a58"),
    sequence=("#1a2531", "#213a54", "#2b547d", "#3b74a8", "#64a0d2", "#b3d6f4"),
)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own numbers
        for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_DARK_GROUND = 0.22  # the luminance below which white letters have more contrast than ink


def letters_on(ground: str) -> str:
    """The colour of letters that can be read on `ground`."""
    return "#ffffff" if luminance(ground) < _DARK_GROUND else LIGHT.ink
