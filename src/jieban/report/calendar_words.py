"""A period's days in the words of a report, which is Chinese whatever language the program speaks."""

from datetime import date


def day_words(day: date, *, year: bool = True) -> str:
    """2025年4月1日, or 4月1日."""
    words = f"{day.month}月{day.day}日"
    return f"{day.year}年{words}" if year else words


def span_words(first: date, last: date) -> str:
    """2025年4月1日至4月30日; the second year only where it differs, one day by itself."""
    if first == last:
        return day_words(first)
    return f"{day_words(first)}至{day_words(last, year=last.year != first.year)}"


def subtitle_words(first: date, last: date) -> str:
    """4月1日-4月30日, with years only where they differ."""
    years = first.year != last.year
    if first == last:
        return day_words(first, year=years)
    return f"{day_words(first, year=years)}-{day_words(last, year=years)}"
