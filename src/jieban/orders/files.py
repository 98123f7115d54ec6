"""Evidence files in the storage that the settings name, each under its SM3 digest: the same content is kept once."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from django.core.files import File
from django.core.files.storage import Storage, storages

from jieban.kernel.i18n import tr
from jieban.orders.errors import BadValue, Missing
from jieban.orders.filetypes import media_types
from jieban.profile.workflow import EvidenceKind, EvidenceRules

_CHUNK = 1 << 20
_IN_MEMORY = 4 << 20
_MIB = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A file that is in the storage."""

    digest: str
    media_type: str
    size: int


def storage() -> Storage:
    """Where evidence lies: a disk, or S3 by setting."""
    return storages["evidence"]


def path_of(digest: str) -> str:
    """Where a digest's file lies in the storage."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not an SM3 digest in hex")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def store(stream: BinaryIO, kind_code: str, rules: EvidenceRules) -> Stored:
    """Check a file's size and type, and keep it. What is kept already is not written again.

    Raises BadValue for an unknown kind, a file that is empty or too large, or a content that the kind doesn't allow.
    """
    kind = next((each for each in rules.kinds if each.code == kind_code), None)
    if kind is None:
        raise BadValue(tr("没有“{code}”这一类证据。", code=kind_code), fix=tr("请从证据种类中选择。"))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        digest, size = _copy(stream, copy, kind)
        media_type = _type_of(copy, kind)
        place, path = storage(), path_of(digest)
        if not place.exists(path):
            copy.seek(0)
            written = place.save(path, File(copy))
            if written != path:
                # Another wrote the same in this moment: theirs stays, ours is one too many.
                place.delete(written)
    return Stored(digest=digest, media_type=media_type, size=size)


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
            fix=tr("可用的格式:{types}。", types="、".join(kind.media_types)),
        )
    return allowed


@contextmanager
def opened(digest: str) -> Iterator["File[bytes]"]:
    """A stored file. Raises FileNotFoundError."""
    with storage().open(path_of(digest), "rb") as stream:
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
