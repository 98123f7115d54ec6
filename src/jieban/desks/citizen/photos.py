"""Photos that citizens send along: kept with the order, those that can't be are told of one by one."""

from datetime import datetime
from typing import BinaryIO, Final, cast

from django.http import HttpRequest

from jieban.desks.citizen.forms import MOST_PHOTOS
from jieban.desks.shell.arriving import left_out
from jieban.desks.shell.limits import MIB, PLAIN
from jieban.kernel.i18n import listed, tr
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.errors import ActRefused, BadValue, WrongState
from jieban.orders.evidence.filetypes import ENDINGS
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.profile.workflow import EvidenceKind

FIELD: Final = "photos"


def photo_kind() -> EvidenceKind | None:
    """The kind of evidence that a citizen's photo is: the profile's first that takes images alone."""
    kinds = city().workflow.evidence.kinds
    return next((each for each in kinds if all(one.startswith("image/") for one in each.media_types)), None)


def most_bytes() -> int:
    """What a form with photos may bring in all."""
    kind = photo_kind()
    return PLAIN + (0 if kind is None else MOST_PHOTOS * kind.max_mib * MIB)


def keep_photos(request: HttpRequest, order: str, actor: Actor, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Attach what a form brought; how many are kept, and why the others aren't, in words without their names.

    A photo that is there already counts as kept: the form was sent twice. Nothing here undoes the filing.
    """
    kind = photo_kind()
    if kind is None:
        return 0, ()
    kept, refused = 0, []
    files = request.FILES.getlist(FIELD)
    for place, file in enumerate(files[:MOST_PHOTOS], start=1):
        try:
            # An uploaded file reads as every binary stream does.
            upload = Upload(stream=cast("BinaryIO", file), kind=kind.code)
            attach_evidence(order=order, upload=upload, actor=actor, now=now)
        except WrongState:
            pass
        except BadValue:
            # In the words of whoever took it: what the kind is called in the office tells them nothing.
            types = listed(ENDINGS.get(each, each) for each in kind.media_types)
            said = tr(
                "第 {n} 张没有收下:只收照片({types}),每张不超过 {most} MB。",
                n=place,
                types=types,
                most=kind.max_mib,
            )
            refused.append(said)
            continue
        except ActRefused as fault:
            refused.append(tr("第 {n} 张没有收下:{what}", n=place, what=fault.what))
            continue
        kept += 1
    if left_out(request, FIELD):
        refused.append(tr("有照片没有收下:现在存不下。请过一会儿在查询页补交,或拨打热线。"))
    if len(files) > MOST_PHOTOS:
        refused.append(tr("一次最多收 {n} 张,其余的请在查询页补交。", n=MOST_PHOTOS))
    return kept, tuple(refused)
