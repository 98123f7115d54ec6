"""The database's own refusal to change what was written of articles: rows are added, and that is all."""

from typing import Any

from jieban.people.triggers import refuse_changes

_REFUSED = "what was written of articles is never changed or deleted"
TABLES = dict.fromkeys(("desks_wording", "desks_articlenote", "desks_citation"), _REFUSED)


def after_migrate(*, using: str, **_: Any) -> None:
    """Signal handler: whatever a migration did to the tables, their triggers stand afterwards."""
    refuse_changes(TABLES, using=using)
