"""The rows of all sheets put together: keys, references, derived values, deadlines."""

from collections.abc import Mapping, Sequence

import numpy as np

from jieban.ledger.arrow import Bools
from jieban.ledger.reading.cells import Desk
from jieban.ledger.reading.deadlines import set_deadlines
from jieban.ledger.reading.derive import derive_callbacks, derive_times
from jieban.ledger.reading.finish import finish
from jieban.ledger.reading.keys import rename, unique_orders, unique_rows
from jieban.ledger.reading.links import refuse_orphans, settle_roles, tell_orders
from jieban.ledger.reading.log import ACCEPTED
from jieban.ledger.reading.part import Part, concatenated, number_orders
from jieban.ledger.reading.places import Places
from jieban.ledger.reading.times import check_dispatch, check_times
from jieban.ledger.schema import TABLES, Ledger


def link(parts: Mapping[str, Sequence[Part]], desk: Desk, places: Places) -> tuple[Ledger, Bools]:
    """The ledger of all accepted rows, and which rows (by gid) were accepted with a flag."""
    log = desk.log
    read = {schema.name: concatenated(schema, parts[schema.name]) for schema in TABLES}
    number_orders([read["orders"], read["handlings"], read["callbacks"]])
    orders, renamed = unique_orders(read["orders"].accepted(log), log, places)
    if renamed:
        for name in ("handlings", "callbacks"):
            rename(read[name], renamed)
        number_orders([orders, read["handlings"], read["callbacks"]])
    handlings = unique_rows(read["handlings"].accepted(log), "duplicate_handling", log, places, infix="-")
    handlings = check_times(handlings, desk)
    handlings = refuse_orphans(handlings, orders, "orphan_handling", log)
    orders = settle_roles(orders, handlings, log)
    orders = tell_orders(read["handlings"], orders, log)
    handlings = handlings.accepted(log)
    callbacks = unique_rows(read["callbacks"].accepted(log), "duplicate_callback_no", log, places, infix="-C")
    callbacks = refuse_orphans(callbacks, orders, "orphan_callback", log)
    derive_times(orders, handlings)
    derive_callbacks(orders, callbacks)
    orders = check_dispatch(check_times(orders, desk), desk)
    # What hung on orders that these checks took away goes with them.
    handlings = refuse_orphans(handlings.accepted(log), orders, "orphan_handling", log)
    callbacks = refuse_orphans(callbacks.accepted(log), orders, "orphan_callback", log)
    letters = unique_rows(read["letters"].accepted(log), "duplicate_letter_no", log, places)
    letters = check_times(letters, desk)
    set_deadlines(orders, handlings, desk.profile)
    done = {"orders": orders, "handlings": handlings, "letters": letters, "callbacks": callbacks}
    ledger = Ledger(**{name: finish(part, places) for name, part in done.items()})
    flagged = np.zeros(len(log.status), dtype=bool)
    for part in done.values():
        flagged[part.gids[part.flags.bits != 0]] = True
    return ledger, flagged & (log.status == ACCEPTED)
