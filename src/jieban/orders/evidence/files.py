"""Evidence files in the storage that the settings name, each under its SM3 digest: the same content is kept once."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.db.models import Q

from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import listed, tr
from jieban.kernel.osfault import reason
from jieban.orders.errors import BadValue, Missing, StorageFailed
from jieban.orders.evidence.filetypes import ENDINGS, media_types
from jieban.orders.models import Evidence
from jieban.profile.workflow import EvidenceKind, EvidenceRules

_CHUNK = 1 << 20
_IN_MEMORY = 4 << 20
_MIB = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A file that was checked and is in the storage; `copy` is ours until the act that names it has ended."""

    digest: str
    media_type: str
    size: int
    copy: "tempfile.SpooledTemporaryFile[bytes]"

    def hold(self) -> None:
        """Have the file in the storage when the transaction at work ends: nobody removes it until then."""
        lock_digest(self.digest)
        self.keep()

    def keep(self) -> None:
        """Write the file unless it is there."""
        path = path_of(self.digest)
        with reached() as place:
            if place.exists(path):
                return
            self.copy.seek(0)
            written = place.save(path, File(self.copy))
            if written != path:
                # Another wrote the same in this moment: theirs stays, ours is one too many.
                place.delete(written)


def storage() -> Storage:
    """Where evidence lies: a disk, or S3 by setting."""
    return storages["evidence"]


@contextmanager
def reached() -> Iterator[Storage]:
    """The storage, for as long as it is asked something.

    FileNotFoundError passes; whatever else goes wrong becomes StorageFailed: no connection, wrong credentials, a full
    disk, a storage class that can't be loaded.
    """
    try:
        yield storage()
    except (FileNotFoundError, JiebanError):
        raise
    except Exception as fault:  # each storage class raises errors of its own client's
        raise _failed(fault) from fault


def _failed(fault: Exception) -> StorageFailed:
    return StorageFailed(
        tr("证据存储出了问题({reason})。", reason=_short(fault)),
        fix=tr("请稍后再试;仍不行的,请运行 jieban live check,并检查 JIEBAN_EVIDENCE_STORAGE 等设置。"),
    )


def check_storage() -> str:
    """Ask the storage for its first names, and give its kind. Raises StorageFailed; an empty one is none the worse.

    That a single file isn't there would also be the answer where the whole bucket isn't.
    """
    with suppress(FileNotFoundError), reached() as place:
        place.listdir("")
    return type(place).__name__


def _short(fault: Exception) -> str:
    if isinstance(fault, OSError) and fault.errno is not None:
        return reason(fault)  # the system's own sentence names a place on this machine
    return " ".join(str(fault).split()) or type(fault).__name__


def path_of(digest: str) -> str:
    """Where a digest's file lies in the storage."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not an SM3 digest in hex")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def digest_of(path: str) -> str | None:
    """The digest whose file lies at a path; None for a path that is no file's of ours."""
    digest = path.rpartition("/")[2]
    return digest if _DIGEST.fullmatch(digest) and path == path_of(digest) else None


@contextmanager
def received(stream: BinaryIO, kind_code: str, rules: EvidenceRules) -> Iterator[Received]:
    """A file whose size and type are checked, and which is kept. What is kept already is not written again.

    Raises BadValue for an unknown kind, a file that is too large, or a content that the kind doesn't allow, Missing for
    an empty one, StorageFailed where there is no room.
    """
    kind = next((each for each in rules.kinds if each.code == kind_code), None)
    if kind is None:
        raise BadValue(tr("没有“{code}”这一类证据。", code=kind_code), fix=tr("请从证据种类中选择。"))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        try:
            digest, size = _copy(stream, copy, kind)
        except OSError as fault:  # large ones are copied to the disk
            raise _failed(fault) from fault
        file = Received(digest=digest, media_type=_type_of(copy, kind), size=size, copy=copy)
        file.keep()
        yield file


def lock_digest(digest: str) -> None:
    """Until the transaction ends, nobody else attaches or removes a file of this content.

    SQLite lets one transaction write at a time, and all of ours write: there is nothing to do.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:16], 16) - (1 << 63)])


def holding(now: datetime) -> Q:
    """The evidence whose files are kept: what is there, and what was withdrawn, until its day."""
    return Q(removed_at__isnull=True) | Q(held_until__gt=now)


def remove_unheld(digest: str, now: datetime) -> bool:
    """Remove a file unless evidence holds it; whether it was removed. What is being attached meanwhile stays."""
    with transaction.atomic():
        lock_digest(digest)
        held = Evidence.objects.filter(holding(now), digest=digest).exists()
        with reached() as place:
            if held or not place.exists(path_of(digest)):
                return False
            place.delete(path_of(digest))
            return True


def _copy(
    stream: BinaryIO, copy: "tempfile.SpooledTemporaryFile[bytes]", kind: EvidenceKind
) -> tuple[str, int]:
    hashed, size = hashes.Hash(hashes.SM3()), 0
    while piece := stream.read(_CHUNK):
        size += len(piece)
        if size > kind.max_mib * _MIB:
            raise BadValue(
                tr("“{kind}”的文件超过 {most} MB。", kind=kind.name, most=kind.max_mib),
                fix=tr("请压缩或分段后上传。"),
            )
        hashed.update(piece)
        copy.write(piece)
    if size == 0:
        raise Missing(tr("文件是空的。"), fix=tr("请重新选择文件。"))
    return hashed.finalize().hex(), size


def _type_of(copy: "tempfile.SpooledTemporaryFile[bytes]", kind: EvidenceKind) -> str:
    found = media_types(copy)  # type: ignore[arg-type]  # a spooled file is a binary stream
    allowed = next((each for each in found if each in kind.media_types), None)
    if allowed is None:
        raise BadValue(
            tr("文件内容不是“{kind}”所允许的格式。", kind=kind.name),
            fix=tr(
                "可用的格式:{types}。", types=listed(ENDINGS.get(each, each) for each in kind.media_types)
            ),
        )
    return allowed


@contextmanager
def opened(digest: str) -> Iterator["File[bytes]"]:
    """A stored file. Raises FileNotFoundError and StorageFailed."""
    with reached() as place:
        stream = place.open(path_of(digest), "rb")
        stream.seek(0)  # what comes from elsewhere is fetched now
    with stream:
        yield stream


def intact(digest: str) -> bool:
    """Whether a stored file is there and still has its digest."""
    try:
        with opened(digest) as stream:
            hashed = hashes.Hash(hashes.SM3())
            while piece := stream.read(_CHUNK):
                hashed.update(piece)
    except FileNotFoundError:
        return False
    return hashed.finalize().hex() == digest
