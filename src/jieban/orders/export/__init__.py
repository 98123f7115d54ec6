"""The live orders as the canonical ledger that the report is made from."""

from jieban.orders.export.scope import Scope
from jieban.orders.export.write import export_ledger, export_to

__all__ = ["Scope", "export_ledger", "export_to"]
