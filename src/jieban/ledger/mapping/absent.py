"""Which columns a file lacks, as far as its headings tell: what reading would note in `absent_columns`."""

from collections.abc import Iterable, Mapping

from jieban.ledger.mapping.model import SheetMapping
from jieban.ledger.schema import ABSENT, CALLBACKS, HANDLINGS, ORDERS, TableSchema, table

_OF_HANDLINGS = ("signed_at", "closed_at")
_OF_CALLBACKS = ("called_back", "satisfaction")


def absent_columns(
    sheets: Iterable[tuple[SheetMapping, tuple[str, ...]]],
) -> Mapping[str, tuple[str, ...]]:
    """For each table that sheets fill, the distinct `absent_columns` that their rows would get.

    With each sheet comes what its own column `absent_columns` says, as a ledger of ours has it. What orders lack but
    the file's handlings or callbacks tell (`reading.derive`) is not lacking.
    """
    known = list(sheets)
    targets = {name for mapping, _ in known if mapping.table for name in mapping.targets()}
    found: dict[str, dict[str, None]] = {}
    for mapping, stated in known:
        own = set(mapping.targets()) if mapping.table else set()
        for name in dict.fromkeys(target.partition(".")[0] for target in sorted(own)):
            texts = stated if f"{name}.{ABSENT}" in own else (_lacking(table(name), own, targets),)
            found.setdefault(name, {}).update(dict.fromkeys(texts))
    return {name: tuple(texts) for name, texts in found.items() if any(texts)}


def _lacking(schema: TableSchema, own: set[str], targets: set[str]) -> str:
    derived: set[str] = set()
    if schema is ORDERS:
        derived = {name for name in _OF_HANDLINGS if f"{HANDLINGS.name}.{name}" in targets}
        derived.update(_OF_CALLBACKS if f"{CALLBACKS.name}.satisfaction" in targets else ())
    return ",".join(
        name for name in schema.recorded if f"{schema.name}.{name}" not in own and name not in derived
    )
