"""What higher rooms know by name. They pass it in, so that a profile naming something unknown is told so here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Names that a profile may use; None leaves a check out.

    `builders` make sections, each with its options and their default values; `strategies` decide recommendations,
    each with the thresholds that it must be given; `recommendation_places` gives each strategy the places that its
    text may use. `fault_codes` are the ledger's row faults, each of which must have a policy; `labels` gives the
    codes of each coded domain, all of which must have a word; `satisfaction` are the variants of 满意率; `wording`
    gives each phrase the places that it may use; `roles` are those that warnings can tell.
    """

    builders: Mapping[str, Mapping[str, object]] | None = None
    strategies: Mapping[str, frozenset[str]] | None = None
    fault_codes: frozenset[str] | None = None
    labels: Mapping[str, frozenset[str]] | None = None
    satisfaction: frozenset[str] | None = None
    wording: Mapping[str, frozenset[str]] | None = None
    recommendation_places: Mapping[str, frozenset[str]] | None = None
    roles: frozenset[str] | None = None


NOTHING = Known()
