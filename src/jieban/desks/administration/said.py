"""Posts and changes in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jieban.kernel.i18n import tr, tr_later
from jieban.people.administration import ACCOUNT_ACT_NAMES
from jieban.people.city import city
from jieban.people.models import Account, AccountAct, AccountChange, Post
from jieban.people.roles import ROLE_NAMES, Role
from jieban.profile.model import Validity


@dataclass(frozen=True, kw_only=True, slots=True)
class PostRow:
    """A post: what and where, the days, and whether it `holds`, is `coming` or is `over`."""

    id: int
    role: str
    unit: str
    days: str
    stands: str
    endable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRow:
    """Something that was done to an account."""

    at: datetime
    by: str
    account: Account
    what: str
    more: str


def post_rows(posts: Iterable[Post], on: date) -> Mapping[int, tuple[PostRow, ...]]:
    """Posts in words, by the account's key, in the order given."""
    found: dict[int, tuple[PostRow, ...]] = {}
    for post in posts:
        over = post.valid_to is not None and post.valid_to < on
        row = PostRow(
            id=post.pk,
            role=tr_later(ROLE_NAMES[Role(post.role)]),
            unit=unit_words(post.unit, on),
            days=days_words(Validity(first=post.valid_from, last=post.valid_to)),
            stands="over" if over else "coming" if post.valid_from > on else "holds",
            endable=not over,
        )
        found[post.account_id] = (*found.get(post.account_id, ()), row)
    return found


def change_rows(changes: Iterable[AccountChange]) -> list[ChangeRow]:
    """Changes in words, in the order given."""
    return [
        ChangeRow(
            at=each.at,
            by=tr("命令行") if each.by is None else each.by.display_name,
            account=each.account,
            what=tr_later(ACCOUNT_ACT_NAMES[AccountAct(each.act)]),
            more=_post_words(each),
        )
        for each in changes
    ]


def unit_words(code: str | None, on: date) -> str:
    """What a unit is called on a day; its code where the profile doesn't know it, nothing for none."""
    if code is None:
        return ""
    return city().unit_name(code, on) if code in city().units else code


def days_words(validity: Validity) -> str:
    """From when to when something holds; empty for always."""
    match validity:
        case Validity(first=None, last=None):
            return ""
        case Validity(first=first, last=None):
            return tr("{first} 起", first=first)
        case Validity(first=None, last=last):
            return tr("至 {last}", last=last)
        case Validity(first=first, last=last):
            return tr("{first} 至 {last}", first=first, last=last)


def _post_words(change: AccountChange) -> str:
    if change.role is None or change.valid_from is None:
        return ""
    role = tr_later(ROLE_NAMES[Role(change.role)])
    where = unit_words(change.unit, change.valid_from)
    days = days_words(Validity(first=change.valid_from, last=change.valid_to))
    return " ".join(part for part in (where, role, days) if part)
