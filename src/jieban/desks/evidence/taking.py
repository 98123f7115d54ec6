"""Taking in files: each an act of its own, so that one that is refused keeps none of the others away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.files.uploadedfile import UploadedFile

from jieban.desks.evidence.gallery import withdraw_address
from jieban.desks.shell.arriving import NoRoom, left_out
from jieban.desks.shell.limits import MIB
from jieban.desks.shell.visit import Visit
from jieban.kernel.errors import JiebanError
from jieban.orders.actions.evidence import OVER, Upload, attach_evidence, evidence_of
from jieban.orders.errors import AlreadyThere, Busy, Unavailable
from jieban.orders.models import Order
from jieban.orders.states import OrderState
from jieban.people.city import city
from jieban.profile.workflow import EvidenceKind

FIELD: Final = "files"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turned:
    """What became of one file: kept since an instant (`known`: kept before), or refused.

    `withdraw` is where one that was kept now is taken back.
    """

    name: str
    refused: JiebanError | None = None
    at: datetime | None = None
    known: bool = False
    withdraw: str = ""

    @property
    def again(self) -> bool:
        """Whether it may be sent again as it is."""
        return isinstance(self.refused, Busy | NoRoom | Unavailable)


def most_bytes() -> int:
    """What one request of files may bring: two of the largest that the profile takes, or some more of small ones."""
    return 2 * MIB * max(each.max_mib for each in city().workflow.evidence.kinds)


def kinds_for(order: Order) -> tuple[EvidenceKind, ...]:
    """The kinds that an order takes as it stands."""
    rules = city().workflow.evidence
    if OrderState(order.state) not in OVER:
        return rules.kinds
    return tuple(each for each in rules.kinds if each.code in rules.after_close)


def accepted(kind: EvidenceKind) -> str:
    """What a file chooser offers for a kind: telephones that keep photos as HEIC hand out JPEG where that is asked."""
    types = set(kind.media_types)
    if "image/jpeg" in types:
        types.discard("image/heic")
    return ",".join(sorted(types))


def take_in(
    visit: Visit, number: str, serial: int | None, kind: str, files: Iterable[UploadedFile]
) -> tuple[Turned, ...]:
    """Attach each file; the first that is refused for everybody's sake (the order is gone) doesn't stop the others."""
    taken = (_take(visit, number, serial, kind, file) for file in files)
    lost = (Turned(name=name[-80:], refused=NoRoom()) for name in left_out(visit.request, FIELD))
    return (*taken, *lost)


def _take(visit: Visit, number: str, serial: int | None, kind: str, file: UploadedFile) -> Turned:
    # Names are the sender's: shown back to them on this page, and kept nowhere.
    name = (file.name or "")[-80:]
    if file.file is None:
        raise ValueError("an upload without a file")
    try:
        done = attach_evidence(
            order=number,
            upload=Upload(stream=file.file, kind=kind),  # type: ignore[arg-type]  # a binary file of Django's
            actor=visit.actor,
            now=visit.now,
            handling=serial,
        )
    except AlreadyThere as there:
        return Turned(name=name, at=there.at, known=True)
    except JiebanError as refused:
        return Turned(name=name, refused=refused)
    return Turned(name=name, at=visit.now, withdraw=withdraw_address(number, evidence_of(done)))
