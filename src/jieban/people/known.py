"""What profiles may name, gathered from the rooms that know it."""

from dataclasses import replace
from enum import StrEnum

from jieban.indicators.registry import REGISTRY
from jieban.ledger.faults import FAULT_CODES
from jieban.ledger.schema import Disposition, LetterDisposition, Role, Satisfaction
from jieban.people.roles import Role as Post
from jieban.profile.known import Known
from jieban.profile.model import Urgency
from jieban.report.known import with_report_names

_LABELLED: dict[str, type[StrEnum]] = {
    "disposition": Disposition,
    "letter_disposition": LetterDisposition,
    "role": Role,
    "satisfaction": Satisfaction,
    "urgency": Urgency,
}


def all_names() -> Known:
    """Every name that `jieban profile check` holds a profile to."""
    return replace(
        with_report_names(),
        fault_codes=frozenset(FAULT_CODES),
        labels={domain: frozenset(code.value for code in codes) for domain, codes in _LABELLED.items()},
        roles=frozenset(Post),
        satisfaction=frozenset(word for word, _ in REGISTRY["orders.satisfaction"].choices),
    )
