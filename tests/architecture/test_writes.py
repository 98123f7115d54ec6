"""No code but the acts changes an order: the whole source is read for writes to the orders' tables.

What writes is declared here, each place with its reason. A field of a model may be assigned to only there, too.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tree import SOURCE, shown

UPPER = ("orders", "people", "site")
MODELS = {
    "Anchor",
    "Callback",
    "Clock",
    "Event",
    "Evidence",
    "Handling",
    "NumberCounter",
    "Order",
    "OrderSecret",
    "Petition",
    "Words",
}
WRITES = {
    "abulk_create",
    "abulk_update",
    "acreate",
    "adelete",
    "aget_or_create",
    "asave",
    "aupdate",
    "aupdate_or_create",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "raw",
    "save",
    "save_base",
    "update",
    "update_or_create",
}
OWN_WRITERS = ("orders/engine/", "orders/actions/")
DECLARED = {
    "orders/audit/anchors.py": "the days that were anchored; touches no order",
    "orders/keyring.py": "keys sealed anew: no fact of an order changes",
    "orders/numbers.py": "the counter of numbers, within the act that records",
    "orders/triggers.py": "puts the triggers of the trail in place",
    "orders/evidence/files.py": "files in the storage, no rows",
    "orders/search/tables.py": "puts the index of blind tokens in place, and has it read its table anew",
}
"""Beside the acts, what may write, and why. The import is the one that assigns state."""

IMPORTERS = ("orders/importing/",)
"""Where the declared import may live: one `imported` event an order, and the one exception to "only actions assign"."""

PEOPLE = (
    "people/accounts.py",
    "people/administration.py",
    "people/city_changes.py",
    "people/models.py",
    "people/triggers.py",
)
"""Accounts, posts and the city's own data are no orders; their writes are theirs."""

FIELDS = {
    "answer_in", "archived_at", "asked_at", "asked_by", "assignee", "called_back", "closed_at", "concluded_at",
    "confidential", "contacted", "decide_by", "decided_at", "decided_by", "disposition", "dispatched_at", "dropped",
    "due_at", "escalated_at", "excluded", "excluded_ground", "extension_days", "extensions", "head", "head_signed_at",
    "held_until", "last_at", "merged_into", "part", "paused_at", "phone_index", "provisional", "published",
    "redacted_at", "refused_ground", "removed_at", "repeat_by", "repeat_of", "replied_at", "replied_by", "replied_in",
    "request_type", "resolved", "return_requests", "reworks", "satisfaction", "sealed", "signed_at", "state",
    "stopped_at", "supervised_at", "unit", "urged", "urgency", "warned", "wrapped_key", "key_version",
}  # fmt: skip


def may_write(name: str) -> bool:
    return name.startswith(OWN_WRITERS) or name in DECLARED or name.startswith((*IMPORTERS, *PEOPLE))


def files() -> list[Path]:
    return sorted(
        path for room in UPPER for path in (SOURCE / room).rglob("*.py") if "migrations" not in path.parts
    )


def writes(source: str) -> Iterator[tuple[int, str]]:
    """Lines that write rows or assign a model's field, with what they say."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WRITES and _of_rows(node.func.value):
                yield node.lineno, f".{node.func.attr}("
            if node.func.attr in {"execute", "executemany", "copy"} and _of_cursor(node):
                yield node.lineno, "SQL that writes"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            yield node.lineno, "setattr("
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign)
            else []
        )
        for target in targets:
            for each in ast.walk(target):
                if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and _of_a_field(each):
                    yield node.lineno, f".{each.attr} ="


def _of_a_field(target: ast.Attribute) -> bool:
    """Whether a column is assigned to; `self` is nobody's row outside the models, which assign nothing."""
    return target.attr in FIELDS and ast.unparse(target.value) != "self"


def _of_rows(value: ast.expr) -> bool:
    """Whether a call is on rows rather than a dictionary, a set or a digest: on a manager, a query set or a model."""
    text = ast.unparse(value)
    plain = (
        "self.",
        "found.",
        "told",
        "dict",
        "environ",
        "hash",
        "digest",
        "code",
        "data",
        "kwargs",
        "signal",
    )
    if any(name in text for name in (*MODELS, ".objects", "_default_manager", "_base_manager")):
        return True
    return not isinstance(value, (ast.Dict, ast.Set)) and not text.startswith(plain) and text in ROW_NAMES


ROW_NAMES = {
    "callback", "clock", "each", "event", "evidence", "found", "handling", "one", "order", "petition", "row", "secret",
    "step.order", "step.handling", "step.secret", "words",
}  # fmt: skip
"""What rows are called in this house."""


def _of_cursor(node: ast.Call) -> bool:
    said = " ".join(ast.unparse(each) for each in node.args).upper()
    return any(
        f"{word} " in said for word in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY", "ALTER", "DROP")
    )


def test_only_acts_write_orders() -> None:
    found = [
        f"{shown(path)}:{line}: {said}"
        for path in files()
        if not may_write(path.relative_to(SOURCE).as_posix())
        for line, said in writes(path.read_text("utf-8"))
    ]
    assert found == []


def test_what_is_declared_still_writes() -> None:
    """A declaration whose reason is gone goes too."""
    idle = [
        name
        for name in DECLARED
        if not any(
            word in (SOURCE / name).read_text("utf-8")
            for word in ("INSERT", "CREATE TRIGGER", *(f".{each}(" for each in WRITES))
        )
    ]
    assert idle == []


def test_a_state_is_assigned_by_steps_only() -> None:
    """Even within the acts: rows change through `step.set`, which tells the event, never by assignment."""
    frame = {"orders/engine/step.py", "orders/engine/write.py", "orders/actions/record.py"}
    found = [
        f"{shown(path)}:{line}: {said}"
        for path in files()
        if path.relative_to(SOURCE).as_posix().startswith(OWN_WRITERS)
        and path.relative_to(SOURCE).as_posix() not in frame
        for line, said in writes(path.read_text("utf-8"))
        if said.endswith(" =")
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "order.state = 'closed'",
        "order.round, order.state = 1, 'closed'",
        "handling.reworks += 1",
        "Order.objects.filter(pk=1).update(state='closed')",
        "Order.objects.all().delete()",
        "Event.objects.bulk_create([])",
        "kind._default_manager.bulk_update(rows, ['state'])",
        "Words.objects.create(order=order)",
        "order.save()",
        "order.save(update_fields=['state'])",
        "clock.delete()",
        "setattr(order, 'state', 'closed')",
        "cursor.execute('UPDATE orders_order SET state = 1')",
        "cursor.execute(f'DELETE FROM {table}')",
        "Anchor.objects.get_or_create(day=day)",
    ],
)
def test_this_test_sees_a_write(line: str) -> None:
    assert list(writes(line)), line


@pytest.mark.parametrize(
    "line",
    [
        "found = order.state",
        "order.state == 'closed'",
        "Order.objects.filter(state='closed').values_list('pk')",
        "told.update(x=1)",
        "code.update(data)",
        "known: dict = {}",
        "step.set(order, state='closed')",
        "cursor.execute('SELECT 1')",
    ],
)
def test_this_test_lets_a_reading_pass(line: str) -> None:
    assert not list(writes(line)), line
