"""Who asked, beside an exported ledger: opened by the test itself, since no export tells it."""

from typing import Any

from jieban.ledger.schema import Ledger
from jieban.orders.models import OrderSecret
from jieban.orders.secrets import contact_of, lock_of
from jieban.people.keys import keyring

Rows = dict[str, list[dict[str, Any]]]


def rows_with_contacts(ledger: Ledger) -> Rows:
    """The rows of all tables, each order with the name and the number of whoever asked."""
    rows = {name: table.to_pylist() for name, table in ledger.tables().items()}
    numbers = [row["order_no"] for row in rows["orders"]]
    secrets = OrderSecret.objects.filter(order__number__in=numbers).select_related("order")
    found = {secret.order.number: secret for secret in secrets}
    for row in rows["orders"]:
        assert (row["requester"], row["phone"]) == (None, None)
        lock = lock_of(found[row["order_no"]], row["order_no"], keyring())
        contact = contact_of(lock, found[row["order_no"]]) if lock is not None else None
        row |= {"requester": contact and contact.name, "phone": contact and contact.phone}
    return rows
