"""Where somebody came from to an order: the desk that the rail marks, and the way back."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from django.utils.http import url_has_allowed_host_and_scheme

from jieban.desks.shell.desks import BY_ID, Desk
from jieban.desks.shell.visit import Visit

_DESKS = "/desk/"
_ORDERS = "/desk/orders/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The page from which an order was opened, and the desk that it belongs to."""

    href: str
    desk: Desk


def back_of(visit: Visit, number: str) -> str:
    """Where an act's form was opened from, if that is a page of ours; else the order's page."""
    given = visit.request.POST.get("back") or visit.request.GET.get("back") or ""
    if own_page(given):
        return given
    return (_browsed(visit) if visit.partial else None) or f"{_ORDERS}{number}/"


def came_from(visit: Visit, number: str) -> str:
    """From where the page of a desk's own act on an order was opened; else the order at that desk."""
    back = back_of(visit, number)
    if back == f"{_ORDERS}{number}/" and visit.desk is not None:
        return f"{visit.desk.path}{number}/"
    return back


def own_page(address: str) -> bool:
    """Whether an address is a path of the desks, and nothing else's."""
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None) and urlsplit(address).path.startswith(
        _DESKS
    )


def origin_of(visit: Visit) -> Origin | None:
    """From where the order was opened: as the address or the form says, else as the browser does.

    Who came by an address of their own is led to where they look orders up, or to their first desk; None for somebody
    without a desk.
    """
    for address in _told(visit):
        if (desk := _desk(visit, address)) is not None:
            return Origin(href=address, desk=desk)
    likely = next((desk for desk in visit.desks if desk.id == "search"), next(iter(visit.desks), None))
    return Origin(href=likely.path, desk=likely) if likely is not None else None


def at_origin(visit: Visit) -> Visit:
    """The visit at the desk from which the order was opened: what its pane shows differs between desks."""
    origin = origin_of(visit)
    return visit if origin is None else replace(visit, desk=origin.desk)


def own_address(number: str, origin: Origin | None) -> str:
    """The address of an order's own page that knows the way back, over acts and reloads."""
    return f"{_ORDERS}{number}/" + (f"?back={quote(origin.href)}" if origin is not None else "")


def _told(visit: Visit) -> list[str]:
    """The pages that may be meant, the surest first; of an order's own page that from which it was opened."""
    given = [visit.request.POST.get("back", ""), visit.request.GET.get("back", "")]
    seen = [each for each in (*given, _browsed(visit) or "", _referred(visit) or "") if own_page(each)]
    return [_behind(each) if each.startswith(_ORDERS) else each for each in seen]


def _behind(own: str) -> str:
    found = parse_qs(urlsplit(own).query).get("back", [""])[0]
    return found if own_page(found) and not found.startswith(_ORDERS) else ""


def _desk(visit: Visit, address: str) -> Desk | None:
    desk = BY_ID.get(urlsplit(address).path.removeprefix(_DESKS).partition("/")[0])
    return desk if desk in visit.desks else None


def _browsed(visit: Visit) -> str | None:
    """The page in which a piece is asked for (htmx)."""
    return _path(visit.request.headers.get("HX-Current-URL", ""))


def _referred(visit: Visit) -> str | None:
    """The page with the link, if it is this house's."""
    given = visit.request.headers.get("Referer", "")
    return _path(given) if urlsplit(given).netloc == visit.request.get_host() else None


def _path(address: str) -> str | None:
    parts = urlsplit(address)
    path = urlunsplit(("", "", parts.path, parts.query, ""))
    return path if own_page(path) else None
