"""No room for evidence: a sentence, nothing half kept, and all as before once there is room again."""

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cast import MINUTE, MONDAY, footprint, handler, lead, signed
from django.conf import settings

from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.audit.verify import verify
from jieban.orders.errors import StorageFailed
from jieban.orders.evidence.files import intact
from jieban.orders.models import Evidence
from live_database import LiveDatabase

MIB = 1 << 20
JPEG = b"\xff\xd8\xff\xe0" + bytes(16)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes, as on a disk on which no more is free."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def attach(order: str, size: int) -> None:
    content = io.BytesIO(JPEG + bytes(size - len(JPEG)))
    upload = Upload(stream=content, kind="photo_before")
    attach_evidence(order=order, handling=1, upload=upload, actor=handler(lead()), now=MONDAY + 5 * MINUTE)


def kept(database: LiveDatabase) -> list[Path]:
    place = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"])
    assert str(place).startswith(database.environ["JIEBAN_VAR"])
    return [each for each in place.rglob("*") if each.is_file()]


# Of what is copied to the disk first, and of what is only kept there.
@pytest.mark.parametrize(("size", "free"), [(9 * MIB, 8 * MIB), (1 * MIB, MIB // 2)])
def test_without_room_evidence_is_refused_in_words_and_leaves_nothing(
    size: int, free: int, database: LiveDatabase
) -> None:
    order = signed()
    before = footprint()
    with room_for(free), pytest.raises(StorageFailed) as refused:
        attach(order, size)
    assert "超过了允许的文件大小" in refused.value.what
    assert database.environ["JIEBAN_VAR"] not in refused.value.what, "nobody learns where things lie"
    assert footprint() == before
    assert kept(database) == []
    attach(order, size)
    assert intact(Evidence.objects.get().digest)
    assert len(kept(database)) == 1
    assert verify().clean
