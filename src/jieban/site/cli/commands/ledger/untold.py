"""What a file lacks, and what is therefore not counted: said before anybody makes a report of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from jieban.kernel.i18n import tr

if TYPE_CHECKING:
    from jieban.indicators.untold import Untold
    from jieban.ledger.read import Reading
    from jieban.profile.city import Profile


def untold_by_rows(reading: "Reading", profile: "Profile") -> tuple["Untold", ...]:
    """What the rows that were read don't tell; nothing of a ledger without an order."""
    from jieban.indicators.untold import untold_of  # noqa: PLC0415  # rooms are imported when used

    if not reading.ledger.orders.num_rows:
        return ()
    return untold_of(reading.ledger, mailboxes=bool(len(profile.mailboxes)))


def untold_by_columns_of(absent: Mapping[str, tuple[str, ...]]) -> tuple["Untold", ...]:
    """What headings don't tell, table by table, from each table's distinct `absent_columns`."""
    from jieban.indicators.untold import COUNTED, untold_by_columns  # noqa: PLC0415

    return tuple(untold_by_columns(name, texts) for name in COUNTED if (texts := absent.get(name, ())))


def tell_untold(found: Iterable["Untold"], say: Callable[[str], None]) -> None:
    """A line a table."""
    for each in found:
        say(tr("缺列:{what}", what=each))
