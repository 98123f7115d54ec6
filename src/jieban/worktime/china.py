"""The State Council's holidays and make-up days, from the chinesecalendar package.

The package takes some 20 ms to import, so only a calendar that asks for it imports this module.
"""

from collections.abc import Mapping
from datetime import date

from chinese_calendar import Holiday, holidays, workdays

from jieban.kernel.i18n import tr

HOLIDAYS: Mapping[date, str] = holidays
"""Days off by the package's English name of their festival."""

MAKE_UP_DAYS: Mapping[date, str] = workdays
"""Weekend days worked instead, by the English name of the festival they make up for."""

YEARS = frozenset(range(min(HOLIDAYS).year, max(HOLIDAYS).year + 1))
"""The years whose notices the package holds."""


def festival(english: str) -> str:
    """The festival's name for the reader; the package's own Chinese for one-off festivals."""
    names = {
        "New Year's Day": tr("元旦"),
        "Spring Festival": tr("春节"),
        "Tomb-sweeping Day": tr("清明节"),
        "Labour Day": tr("劳动节"),
        "Dragon Boat Festival": tr("端午节"),
        "National Day": tr("国庆节"),
        "Mid-autumn Festival": tr("中秋节"),
    }
    return names.get(english) or str(Holiday(english).chinese)
