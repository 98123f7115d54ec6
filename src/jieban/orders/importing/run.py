"""`import_ledger`: a whole ledger into the live database, a lot and a transaction at a time."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from jieban.kernel.i18n import tr
from jieban.ledger.arrow import Bools, Ints, bools, joined, one, pa, pc, plain_memory, positions
from jieban.ledger.schema import TABLES, Ledger
from jieban.orders.chain import stamp
from jieban.orders.errors import BadValue, Busy
from jieban.orders.importing.account import Counts, Imported, Refused, Why
from jieban.orders.importing.build import Import, Keys, build, frames
from jieban.orders.importing.checks import Faults, check
from jieban.orders.importing.lots import Lot, Rows, lots
from jieban.orders.importing.put import Ready, Store, store
from jieban.orders.importing.seal import How
from jieban.orders.importing.workers import Sealers
from jieban.orders.importing.writers import Turn, Writers
from jieban.orders.models import Handling, Order
from jieban.orders.numbers import pass_over
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.keys import keyring

if TYPE_CHECKING:
    from concurrent.futures import Future

Progress = Callable[[int, int], None]
"""Told how many orders and letters are done, and how many there are."""

LOT = 4_000
"""Orders to a transaction: what is held in memory beside the ledger, and what a killed import does again."""
MOST_WORKERS = 2
_WORTH_WORKERS = 2 * LOT
_AHEAD = 2
"""Lots that may be ready beside those that are being sealed and written."""
_LONGEST_SOURCE = 200


def import_ledger(  # all but the first three have a default
    ledger: Ledger,
    *,
    now: datetime,
    source: str,
    progress: Progress | None = None,
    lot: int = LOT,
    workers: int | None = None,
) -> Imported:
    """Put every row of a ledger into the live database, and account for each.

    An order keeps its number and gets one event, `imported`, at `now`, which tells all of it. Letters become orders of
    their mailbox. Orders that an earlier import brought are left as they are, so that one that was killed goes on when
    it is run again. What can't be taken is refused by name and the rest goes on. `source` says in a few words where the
    ledger comes from; it is stored in every event. `lot` orders are a transaction; `workers` processes seal, as many as
    are worth it if that is None. Raises BadValue for none, and Busy when others write the same
    numbers meanwhile.
    """
    if now.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {now!r}")
    if not 0 < len(source.strip()) <= _LONGEST_SOURCE:
        raise BadValue(
            tr("没有写明台账的来源,或写得太长。"), fix=tr("请写不超过 {n} 字。", n=_LONGEST_SOURCE)
        )
    doing = Import(profile=city(), keyring=keyring(), now=now, source=source.strip(), actor=Actor.system())
    return _Importer(ledger, doing, progress).run(lot, workers)


class _Importer:
    """An import at work."""

    def __init__(self, ledger: Ledger, doing: Import, progress: Progress | None) -> None:
        self._ledger, self._doing, self._progress = ledger, doing, progress
        self._store: Store = store()
        self._account = Imported(
            source=doing.source,
            tables={schema.name: Counts(read=getattr(ledger, schema.name).num_rows) for schema in TABLES},
        )
        self._whole = ledger.orders.num_rows + ledger.letters.num_rows
        self._done = 0
        self._seen: set[str] = set()
        self._twice = _twice(ledger)
        self._keys: dict[str, int] = {}
        self._repeated = {
            number for number in ledger.orders["repeat_of"].unique().to_pylist() if number is not None
        }

    def run(self, size: int, workers: int | None) -> Imported:
        """All lots. While one is written the next are sealed."""
        if workers is None:
            workers = min(MOST_WORKERS, os.cpu_count() or 1) if self._whole >= _WORTH_WORKERS else 0
        doing = self._doing
        how = How(stamp(doing.now), Act.IMPORT.value, doing.actor.ref, doing.profile.version)
        at_once = 0 if connection.in_atomic_block else self._store.at_once
        waiting: deque[tuple[Lot, Future[None]]] = deque()
        with (
            plain_memory(),
            Sealers(workers, self._doing.keyring, settings.JIEBAN_KEYRING_ENVIRON, how) as sealers,
            ThreadPoolExecutor(max_workers=workers + 1) as threads,
            Writers(at_once) as writers,
        ):
            # Workers begin meanwhile.
            found, held, called = lots(self._ledger, doing.profile, size)
            self._refuse_strays("handlings", held, "handling_no")
            self._refuse_strays("callbacks", called, "callback_no")

            def write(lot: Lot, made: "Future[list[Ready]]", *, last: bool) -> None:
                waiting.append(
                    (lot, writers.write(lambda turn: self._put(lot, made.result(), turn, last=last)))
                )
                most = 0 if last else workers + at_once + _AHEAD
                while waiting and (waiting[0][1].done() or len(waiting) > most):
                    self._written(*waiting.popleft())

            before: tuple[Lot, Future[list[Ready]]] | None = None
            for kept in (each for each in map(self._kept, found) if each.count):
                made = threads.submit(self._made, kept, self._reserve(kept), sealers)
                if before is not None:
                    write(*before, last=False)
                before = kept, made
            if before is not None:
                write(*before, last=True)
        return self._account

    def _made(self, lot: Lot, keys: Keys, sealers: Sealers) -> list[Ready]:
        """A lot as its tables take it: worked out beside the database's work, without asking it."""
        built = build(lot, keys, self._doing)
        sealed = sealers.seal(built.sealing).result()
        rows = frames(built, sealed, self._doing)
        return [self._store.ready(frame) for frame in rows if frame.count]

    def _kept(self, lot: Lot) -> Lot:
        """The orders of a lot that are to be written; the others are accounted for."""
        numbers = lot.orders["order_no"]
        faults = check(lot, self._doing.profile, self._doing.now)
        faults.add(Why.NUMBER_TWICE, self._again(numbers))
        there, taken = self._known(numbers.to_pylist())
        faults.add(Why.NUMBER_TAKEN, _among(numbers, taken))
        refused = faults.mask
        old = _among(numbers, there) & ~refused
        self._account_for(lot, faults, refused, old)
        kept = positions(~refused & ~old)
        return lot.keep(kept) if len(kept) < lot.count else lot

    def _again(self, numbers: Any) -> Bools:
        """Which of a lot's numbers the ledger had before: in this lot, in an earlier one, of a letter's or an order."""
        again = np.zeros(len(numbers), dtype=bool)
        for place in positions(_among(numbers, self._twice)).tolist():
            number = numbers[place].as_py()
            again[place] = number in self._seen
            self._seen.add(number)
        return again

    def _known(self, numbers: Sequence[str]) -> tuple[set[str], set[str]]:
        """Of some numbers those that an import brought before, and those that are other orders'."""
        there: set[str] = set()
        taken: set[str] = set()
        for number, origin, key in self._store.find(numbers):
            (there if origin == number else taken).add(number)
            if number in self._repeated and origin == number:
                self._keys[number] = key
        return there, taken

    def _reserve(self, lot: Lot) -> Keys:
        with transaction.atomic():
            orders = self._store.reserve(Order, lot.count)
            handlings = (
                self._store.reserve(Handling, len(lot.handlings_of))
                if len(lot.handlings_of)
                else np.zeros(0, dtype=np.int64)
            )
        numbers = lot.orders["order_no"]
        for place in positions(_among(numbers, self._repeated)).tolist():
            self._keys[numbers[place].as_py()] = int(orders[place])
        return Keys(orders=orders, handlings=handlings, repeats=self._repeats(lot, orders))

    def _repeats(self, lot: Lot, orders: Ints) -> Ints:
        """The keys of the orders that a lot's repeat: in this lot, an earlier one, or there before; no order itself."""
        if lot.orders["repeat_of"].null_count == lot.count:
            return np.full(lot.count, -1, dtype=np.int64)
        named = lot.orders["repeat_of"].to_pylist()
        wanted = sorted({each for each in named if each is not None} - self._keys.keys())
        if wanted:
            self._keys |= {number: key for number, _, key in self._store.find(wanted)}
        found = np.array([self._keys.get(each, -1) if each is not None else -1 for each in named], np.int64)
        return np.where(found == orders, -1, found)

    def _put(self, lot: Lot, ready: Sequence[Ready], turn: Turn, *, last: bool) -> None:
        """Write a lot, in a transaction of its own. It may repeat orders of those before: they are committed first."""
        try:
            with transaction.atomic():
                self._store.begin(last=last)
                if last:
                    turn()
                for rows in ready:
                    self._store.put(rows)
                turn()
                pass_over(self._doing.profile, lot.orders["order_no"].to_pylist())
        except IntegrityError as fault:
            raise Busy(
                tr("导入时有人写入了相同的编号,本批没有写入。"), fix=tr("请再运行一次,已导入的会跳过。")
            ) from fault

    def _written(self, lot: Lot, done: "Future[None]") -> None:
        done.result()
        tables = self._account.tables
        tables[lot.table].imported += lot.count
        if lot.table == "orders":
            tables["handlings"].imported += len(lot.handlings_of)
            tables["callbacks"].imported += len(lot.callbacks_of)
        self._tell(lot.count)

    def _account_for(self, lot: Lot, faults: Faults, refused: Any, old: Any) -> None:
        self._account.refuse(lot.table, faults.refused())
        self._account.tables[lot.table].there += int(old.sum())
        self._tell(int(refused.sum() + old.sum()))
        if lot.table != "orders":
            return
        for name, rows, of, key in (
            ("handlings", lot.handlings, lot.handlings_of, "handling_no"),
            ("callbacks", lot.callbacks, lot.callbacks_of, "callback_no"),
        ):
            self._account.tables[name].there += int(old[of].sum())
            lost = rows[key].take(pa.array(positions(refused[of]))).to_pylist()
            self._account.refuse(name, (Refused(table=name, key=no, why=Why.WITH_ORDER) for no in lost))

    def _refuse_strays(self, table: str, rows: Rows, key: str) -> None:
        numbers = zip(rows[key].to_pylist(), rows["order_no"].to_pylist(), strict=True)
        self._account.refuse(
            table, (Refused(table=table, key=no, why=Why.NO_ORDER, value=order) for no, order in numbers)
        )

    def _tell(self, more: int) -> None:
        self._done += more
        if self._progress is not None and more:
            self._progress(self._done, self._whole)


def _twice(ledger: Ledger) -> set[str]:
    """Numbers that more than one order or letter has."""
    counted = pc.value_counts(joined([one(ledger.orders["order_no"]), one(ledger.letters["letter_no"])]))
    found: list[str] = counted.field("values").filter(pc.greater(counted.field("counts"), 1)).to_pylist()
    return set(found)


def _among(numbers: Any, some: AbstractSet[str]) -> Bools:
    if not some:
        return np.zeros(len(numbers), dtype=bool)
    return bools(pc.is_in(numbers, value_set=pa.array(list(some), pa.string())))
