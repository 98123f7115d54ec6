"""People by the names that they go by in the house."""

from collections.abc import Iterable, Mapping

from jieban.desks.shell import words
from jieban.people.models import Account

_ACCOUNT = "account:"


def names_of(refs: Iterable[str | None]) -> Mapping[str, str]:
    """What those who did something are called, by their references in events. One query, none for no account."""
    wanted = {ref for ref in refs if ref is not None}
    keys = {int(ref.removeprefix(_ACCOUNT)): ref for ref in wanted if ref.startswith(_ACCOUNT)}
    named = {ref: words.actor(ref, None) for ref in wanted}
    if keys:
        found = Account.objects.filter(pk__in=keys).values_list("pk", "display_name")
        named |= {keys[pk]: name for pk, name in found}
    return named
