"""Evidence in an order's pane: what belongs to a unit's handling together, pictures before and after side by side."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.evidence.media import medium_of
from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.evidence.copies import COPY_TYPE
from jieban.orders.evidence.exhibits import Exhibit
from jieban.orders.possible import Offer
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.workflow import Condition, EvidenceKind

_KIB = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A piece of evidence: what it shows by its kind, how it is shown, where it is had.

    `withdraw` is where it is taken back, for whoever may.
    """

    serial: int
    kind: str
    shown: str
    href: str
    ending: str
    size: str
    at: datetime
    withdraw: str | None = None


Pairs = tuple[tuple[Item | None, Item | None], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gallery:
    """What was brought to one handling (`serial`), or to the order itself (None), in words.

    `pairs` are pictures before and after; in the last one may be missing. What else there is more of the one stands
    among the `pictures`. `attach` is where more can be brought, for whoever may.
    """

    serial: int | None
    name: str
    pairs: Pairs
    pictures: tuple[Item, ...]
    played: tuple[Item, ...]
    files: tuple[Item, ...]
    attach: str | None

    @property
    def empty(self) -> bool:
        """Whether nothing was brought."""
        return not (self.pairs or self.pictures or self.played or self.files)


def photo_pair() -> tuple[EvidenceKind, EvidenceKind] | None:
    """The kinds of pictures that show a place before and after: the two that the profile wants of a visit there."""
    rules = city().workflow.evidence
    kinds = {each.code: each for each in rules.kinds}
    for demand in rules.demands:
        pictures = [kinds[code] for code in demand.kinds if _pictures(kinds[code])]
        if demand.when is Condition.SITE_VISIT and len(pictures) == len(("before", "after")):
            return pictures[0], pictures[1]
    return None


def _pictures(kind: EvidenceKind) -> bool:
    return all(each.startswith("image/") for each in kind.media_types)


def size_words(size: int) -> str:
    """A file's size as people say it."""
    if size < _KIB * _KIB:
        return f"{max(size // _KIB, 1)} KB"
    return f"{size / _KIB / _KIB:.1f} MB"


def galleries(
    number: str,
    exhibits: Iterable[Exhibit],
    units: Mapping[int, str],
    offers: Iterable[Offer],
    free: Container[int] = (),
) -> tuple[Gallery, ...]:
    """A gallery for the order's own evidence, then one for each handling that has some or may get some.

    `units` are the names of the units by the serials of their handlings, `free` the pieces that may be taken back.
    """
    held: dict[int | None, list[Exhibit]] = {}
    for each in exhibits:
        held.setdefault(each.handling, []).append(each)
    open_to = {each.handling for each in offers if each.act is Act.ATTACH}
    wanted = sorted(held.keys() | open_to, key=lambda serial: serial or 0)
    return tuple(
        _gallery(
            number,
            serial,
            [(each.evidence.kind, item_of(number, each, free)) for each in held.get(serial, ())],
            units,
            may=serial in open_to,
        )
        for serial in wanted
    )


def _gallery(
    number: str,
    serial: int | None,
    items: Sequence[tuple[str, Item]],
    units: Mapping[int, str],
    *,
    may: bool,
) -> Gallery:
    pair = photo_pair()
    first = [item for kind, item in items if pair and kind == pair[0].code and item.shown == "image"]
    second = [item for kind, item in items if pair and kind == pair[1].code and item.shown == "image"]
    paired = {item.serial for item in (*first, *second)}
    rest = [item for _, item in items if item.serial not in paired]
    pairs, alone = _pairs(first, second)
    link = f"/desk/orders/{number}/attach/" + ("" if serial is None else f"?handling={serial}")
    return Gallery(
        serial=serial,
        name=tr("工单材料") if serial is None else units.get(serial, ""),
        pairs=pairs,
        pictures=(*alone, *(each for each in rest if each.shown == "image")),
        played=tuple(each for each in rest if each.shown in {"audio", "video"}),
        files=tuple(each for each in rest if each.shown == "file"),
        attach=link if may else None,
    )


def _pairs(first: Sequence[Item], second: Sequence[Item]) -> tuple[Pairs, Sequence[Item]]:
    """Pictures side by side; one of those that have no other is told what it lacks, and the rest are given back."""
    pairs: list[tuple[Item | None, Item | None]] = list(zip(first, second, strict=False))
    more = (*first[len(pairs) :], *second[len(pairs) :])
    if more:
        pairs.append((more[0], None) if len(first) > len(second) else (None, more[0]))
    return tuple(pairs), more[1:]


def withdraw_address(number: str, serial: int) -> str:
    """Where a piece is taken back."""
    return f"/desk/orders/{number}/evidence/{serial}/withdraw/"


def item_of(number: str, exhibit: Exhibit, free: Container[int] = ()) -> Item:
    """A piece in words; `free` are those that may be taken back."""
    evidence = exhibit.evidence
    medium = medium_of(COPY_TYPE if exhibit.bare else evidence.media_type)
    return Item(
        serial=evidence.serial,
        kind=words.evidence_kind(evidence.kind, evidence.added_at),
        shown=medium.shown,
        href=f"/desk/orders/{number}/evidence/{evidence.serial}/",
        ending=medium.ending.upper(),
        size="" if exhibit.bare else size_words(evidence.size),
        at=evidence.added_at,
        withdraw=withdraw_address(number, evidence.serial) if evidence.serial in free else None,
    )


def moment_of(item: Item) -> str:
    """When a piece was brought, in words."""
    return words.short_moment(item.at)
