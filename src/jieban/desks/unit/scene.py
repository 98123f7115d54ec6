"""The page of whoever stands at the place: photos before and after, from a telephone."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.evidence.gallery import Gallery, Item, photo_pair
from jieban.desks.evidence.taking import accepted
from jieban.desks.order.origin import came_from
from jieban.desks.order.page import order_context
from jieban.desks.order.views import serial_of
from jieban.desks.shell import words
from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit, at_desk
from jieban.profile.workflow import EvidenceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """Photos of one kind: before, or after. `accept` is what a camera is asked for."""

    kind: EvidenceKind
    accept: str
    items: tuple[Item, ...]


@require_safe
@at_desk("unit")
def scene(visit: Visit, number: str) -> HttpResponse:
    """The page for one handling; 404 where the profile has no such photos or nothing can be added. Raises NoSuchOrder.

    Each kind is a form that works by itself; with the script, photos are kept on the telephone until they have arrived.
    """
    order = order_context(visit, number)
    serial = serial_of(visit.request.GET.get("handling"))
    pair = photo_pair()
    if pair is None or serial not in order.scene:
        raise Http404
    gallery = next(each for each in order.galleries if each.serial == serial)
    line = next(each for each in order.handlings if each.view.serial == serial)
    sides = tuple(
        Side(
            kind=kind,
            accept=accepted(kind),
            items=_of(gallery, kind, at),
        )
        for at, kind in enumerate(pair)
    )
    context: dict[str, object] = {
        "order": order,
        "number": number,
        "handling": serial,
        "sides": sides,
        "line": line,
    }
    context["back"] = came_from(visit, number)
    return page(visit, "unit/scene.html", context)


def _of(gallery: Gallery, kind: EvidenceKind, at: int) -> tuple[Item, ...]:
    """All photos of a kind, those with another beside them and those without, the latest first: it is at hand."""
    paired = [item for each in gallery.pairs if (item := each[at]) is not None]
    alone = [each for each in gallery.pictures if each.kind == words.evidence_kind(kind.code, each.at)]
    return tuple(sorted((*paired, *alone), key=lambda item: item.serial, reverse=True))
