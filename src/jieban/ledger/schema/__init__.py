"""The canonical ledger: four tables, each column with its type, unit, meaning and Chinese heading.

In memory the tables are Arrow, on disk Parquet. Instants are UTC with second precision and are shown in
the profile's time zone. Coded columns hold the profile's codes, never labels. `SCHEMA_VERSION` is stored
in every snapshot and changes with any change of meaning here; `READABLE` are those that are read.
"""

from jieban.ledger.schema.callbacks import CALLBACKS
from jieban.ledger.schema.codes import DEMO_PREFIX, Disposition, LetterDisposition, Role, Satisfaction
from jieban.ledger.schema.columns import CODE, INSTANT, READABLE, SCHEMA_VERSION, Column, Kind, TableSchema
from jieban.ledger.schema.handlings import HANDLINGS
from jieban.ledger.schema.ledger import TABLES, Ledger, table
from jieban.ledger.schema.letters import LETTERS
from jieban.ledger.schema.orders import ORDERS
from jieban.ledger.schema.shared import ABSENT

__all__ = [
    "ABSENT",
    "CALLBACKS",
    "CODE",
    "DEMO_PREFIX",
    "HANDLINGS",
    "INSTANT",
    "LETTERS",
    "ORDERS",
    "READABLE",
    "SCHEMA_VERSION",
    "TABLES",
    "Column",
    "Disposition",
    "Kind",
    "Ledger",
    "LetterDisposition",
    "Role",
    "Satisfaction",
    "TableSchema",
    "table",
]
