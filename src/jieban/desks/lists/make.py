"""Making a list in the background: asked for, written, kept for a day, cancelled, swept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from jieban.desks.lists.book import write
from jieban.desks.lists.errors import Cancelled, TooManyLists
from jieban.desks.lists.keeping import closed_address, digest_of, forget, keep, open_address, room_for
from jieban.desks.lists.kinds import listing
from jieban.desks.lists.models import Export
from jieban.desks.work.ask import ask
from jieban.desks.work.lock import somebody_works
from jieban.desks.work.models import Job
from jieban.kernel.i18n import tr
from jieban.orders.access import seen_units
from jieban.people.actor import Actor, actor_of
from jieban.people.city import city
from jieban.people.models import Account
from jieban.people.policy import SEES_EVERY_ORDER

KEPT: Final = timedelta(hours=24)
"""How long a list can be fetched: it is out of date sooner than that."""
MOST_AT_ONCE: Final = 5
_EVERY: Final = "*"


def ask_for(account: Account, kind: str, given: Mapping[str, str], *, by: str, now: datetime) -> Export:
    """Have a list made; the same that is under way already is not asked for twice. Raises TooManyLists."""
    under_way = Export.objects.filter(account=account, ended_at__isnull=True)
    known = {"kind": kind, "digest": digest_of(given)}
    found = under_way.filter(**known).first()
    if found is None:
        if under_way.count() >= MOST_AT_ONCE:
            raise TooManyLists(
                tr("您已有 {n} 份清单在导出。", n=MOST_AT_ONCE), fix=tr("请等其中一份完成,或取消一份。")
            )
        try:
            with transaction.atomic():
                found = Export.objects.create(
                    account=account, **known, address=closed_address(given), asked_at=now
                )
        except IntegrityError:
            found = under_way.get(**known)
    ask(Job.EXPORT, str(found.pk), by=by, now=now)
    return found


def make_list(subject: str, *, by: str, now: datetime) -> None:
    """Write the list that a row asks for, as its owner may see it now. What was cancelled isn't begun.

    Raises what finding the list does.
    """
    del by
    sweep(now)
    row = Export.objects.select_related("account").filter(pk=int(subject), ended_at__isnull=True).first()
    if row is None:
        return
    try:
        _make(row, now)
    except Cancelled:
        forget(row.pk)
    except Exception:
        Export.objects.filter(pk=row.pk).update(ended_at=now, said=tr("没有完成,请再导出一次。"))
        raise


def _make(row: Export, now: datetime) -> None:
    actor = actor_of(row.account, now.astimezone(city().clock.tz).date())
    found = listing(row.kind, open_address(row.address), actor, now)
    mine = Export.objects.filter(pk=row.pk, ended_at__isnull=True)
    mine.update(total=found.total, done=0, scope=scope_of(actor))

    def told(count: int) -> None:
        if not mine.update(done=count):
            raise Cancelled(tr("已取消。"))

    with room_for(row.pk) as place:
        path = place / "list.xlsx"
        count = write(path, found.heads, found.rows(), told)
        size = keep(row.pk, path)
    if not mine.update(done=count, total=count, size=size, ready_at=now, ended_at=now):
        raise Cancelled(tr("已取消。"))


def cancel(row: Export, now: datetime) -> None:
    """End what isn't ready; whoever writes it notices at its next step."""
    Export.objects.filter(pk=row.pk, ended_at__isnull=True).update(cancelled_at=now, ended_at=now)
    if not somebody_works():  # else what lies there is being written, and is taken away by whoever writes
        forget(row.pk)


def sweep(now: datetime) -> int:
    """Take away what has run out, file and row; how many."""
    over = list(Export.objects.filter(asked_at__lte=now - KEPT).values_list("pk", flat=True))
    for key in over:
        forget(key)
    Export.objects.filter(pk__in=over).delete()
    return len(over)


def scope_of(actor: Actor) -> str:
    """What somebody can see: every order, or those of units."""
    return _EVERY if actor.roles & SEES_EVERY_ORDER else ",".join(sorted(seen_units(actor)))


def still_sees(actor: Actor, scope: str) -> bool:
    """Whether somebody sees all that they could see when their list was made."""
    mine = scope_of(actor)
    return mine == _EVERY or (scope != _EVERY and set(scope.split(",")) <= set(mine.split(",")))
