"""Evidence: what a file is by its content, kept once by its digest, held, demanded, swept and verified."""

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import (
    ALICE,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    SYSTEM,
    dispatched,
    handled,
    handler,
    last_event,
    lead,
    recorded,
    refused,
    request,
    signed,
    units,
)
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import archive_order, close_order, reopen_order
from jieban.orders.actions.desk import answer_order, refuse_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.record import record_order
from jieban.orders.actions.redaction import redact_order
from jieban.orders.audit.verify import verify
from jieban.orders.errors import (
    AlreadyThere,
    BadValue,
    Missing,
    NoSuchOrder,
    NotAllowed,
    Redacted,
    StorageFailed,
    TooLate,
    WrongState,
)
from jieban.orders.evidence import upkeep as evidence_files
from jieban.orders.evidence.disk import PART, EvidenceDisk
from jieban.orders.evidence.files import intact, path_of, remove_unheld, storage
from jieban.orders.evidence.filetypes import media_types
from jieban.orders.evidence.upkeep import Fault, sweep, verify_evidence
from jieban.orders.models import Evidence
from jieban.people.city import city
from live_database import LiveDatabase

LATER = MONDAY + 5 * MINUTE
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20
PDF = b"%PDF-1.4\n1 0 obj"
MP3 = b"\xff\xfb\x90\x64\0\0"
IN_MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage"}


@pytest.fixture
def memory(db: None) -> Iterator[None]:
    """Evidence in memory, as another storage than a disk is named by the settings."""
    del db
    with override_settings(STORAGES={**settings.STORAGES, "evidence": IN_MEMORY}):
        yield


quick = pytest.mark.usefixtures("memory")
cities = pytest.mark.usefixtures("each_city")


def box(track: bytes, brand: bytes = b"isom") -> bytes:
    return (
        b"\0\0\0\x14ftyp"
        + brand
        + b"\0\0\0\0mp42"
        + b"\0\0\0\x20moov"
        + b"hdlr"
        + b"\0" * 8
        + track
        + b"\0" * 9
    )


def package(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return stream.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 9000
TYPES = {
    "jpeg": (JPEG, "image/jpeg"),
    "jpeg of a camera": (b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00", "image/jpeg"),
    "png": (PNG, "image/png"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
    "heic of another brand": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
    "film": (box(b"vide"), "video/mp4"),
    "film of a telephone": (box(b"vide", b"qt  "), "video/quicktime"),
    "recording in a film's container": (box(b"soun", b"mp42"), "audio/mp4"),
    "recording": (box(b"soun", b"M4A "), "audio/mp4"),
    "webm": (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x84webm", "video/webm"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    "mp3": (b"\xff\xfb\x90\x64\0\0", "audio/mpeg"),
    "mp3 of low rate": (b"\xff\xf3\x84\xc4\0\0", "audio/mpeg"),
    "mp3 with tags": (b"ID3\x03\0\0\0\0\0\0", "audio/mpeg"),
    "amr": (b"#!AMR\n\0\0", "audio/amr"),
    "ogg": (b"OggS\0\x02" + b"\0" * 20 + b"\x01vorbis", "audio/ogg"),
    "pdf": (PDF, "application/pdf"),
    "docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (
        package("[Content_Types].xml", "xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "doc": (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
    "xls": (OLE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
    "doc whose mark lies across a border": (
        OLE + b"\0" * ((1 << 20) - len(OLE) - 5) + "WordDocument".encode("utf-16-le"),
        "application/msword",
    ),
}


@pytest.mark.parametrize("content", TYPES, ids=str)
def test_a_type_is_found_from_the_content(content: str) -> None:
    written, kind = TYPES[content]
    stream = io.BytesIO(written)
    assert media_types(stream)[0] == kind
    assert stream.tell() == 0
    assert kind in {each for kinds in city().workflow.evidence.kinds for each in kinds.media_types}


STRANGE = {
    "program": b"MZ\x90\x00" + b"\0" * 60 + b"PE\0\0",
    "program of another system": b"\x7fELF\x02\x01\x01",
    "page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "page before a pdf": b"<html>%PDF-1.4\n",
    "drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "text": "路灯不亮".encode(),
    "shell": b"#!/bin/sh\nrm -rf /",
    "zip": package("a.txt"),
    "zip named like a document": package("word/document.xml"),
    "document with macros": package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "document cut off": DOCX[:-10],
    "film cut off before its tracks": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    "film in the container of sounds": b"RIFF\x24\0\0\0AVI LIST",
    "matroska": b"\x1aE\xdf\xa3\xa3B\x82\x88matroska",
    "gif with a script": b"GIF89a/*<script>",
    "installer in the container of documents": OLE,
    "java": b"\xca\xfe\xba\xbe\0\0\0\x34",
    "one byte": b"\0",
    "every byte": bytes(range(256)),
    "two bytes of sound": b"\xff\xfb",
    "reserved values of sound": b"\xff\xeb\x90\x64\0\0",
}


@quick
@pytest.mark.parametrize("what", STRANGE, ids=str)
def test_what_isnt_what_it_is_said_to_be_is_refused_whatever_its_name(what: str) -> None:
    order = signed()
    for kind in city().workflow.evidence.kinds:
        stream = io.BytesIO(STRANGE[what])
        stream.name = "现场照片.jpg"
        with refused(BadValue):
            attach_evidence(order=order, upload=Upload(stream=stream, kind=kind.code), actor=ALICE, now=LATER)


def attach(
    order: str,
    content: bytes = JPEG,
    kind: str = "photo_after",
    *,
    handling: int | None = 1,
    actor: object = None,
    now: datetime = LATER,
) -> Evidence:
    attach_evidence(
        order=order,
        upload=Upload(stream=io.BytesIO(content), kind=kind),
        actor=actor or handler(lead()),
        now=now,
        handling=handling,
    )
    return Evidence.objects.filter(order__number=order).latest("serial")


def sm3(content: bytes) -> str:
    found = hashes.Hash(hashes.SM3())
    found.update(content)
    return found.finalize().hex()


@quick
@cities
def test_a_file_lies_under_its_digest_and_the_event_tells_it() -> None:
    order = signed()
    kept = attach(order)
    assert (kept.digest, kept.size, kept.media_type) == (sm3(JPEG), len(JPEG), "image/jpeg")
    assert (kept.kind, kept.handling.serial, kept.added_by) == ("photo_after", 1, handler(lead()).ref)
    with storage().open(path_of(kept.digest)) as stream:
        assert stream.read() == JPEG
    told = last_event(order)["added"]["evidence:1"]
    assert told["digest"] == sm3(JPEG)
    assert told["handling"] == 1


@quick
@cities
def test_a_kind_takes_its_own_types_only() -> None:
    order = signed()
    with refused(BadValue) as caught:
        attach(order, PDF)
    assert "jpg" in caught.value.fix
    with refused(BadValue):
        attach(order, kind="no-such")
    assert storage().listdir("")[0] == [], "and nothing is stored"
    attach(order, PDF, "document")


@quick
@cities
def test_empty_and_too_large_files_are_refused_and_never_read_to_the_end() -> None:
    order = signed()
    with refused(Missing):
        attach(order, b"")
    kind = next(each for each in city().workflow.evidence.kinds if each.code == "photo_after")
    most = kind.max_mib * (1 << 20)

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"\xff\xd8\xff\xe0" + b"\0" * (size - 4)

    endless = Endless()
    with refused(BadValue):
        attach_evidence(order=order, upload=Upload(stream=endless, kind=kind.code), actor=ALICE, now=LATER)
    assert endless.given <= most + (2 << 20)
    attach(order, JPEG + b"\0" * (most - len(JPEG)))
    with refused(BadValue):
        attach(order, JPEG + b"\0" * (most - len(JPEG) + 1))


@quick
@cities
def test_so_many_files_and_no_more() -> None:
    order, most = signed(), city().workflow.evidence.per_handling_max
    for place in range(most):
        attach(order, JPEG + bytes([place]))
    with refused(TooLate):
        attach(order, JPEG + b"more")
    attach(order, JPEG, handling=None, actor=ALICE)


@quick
@cities
def test_the_same_file_is_kept_once_and_refused_the_second_time_in_one_place() -> None:
    one, two = signed(), signed()
    attach(one)
    with refused(AlreadyThere):
        attach(one)
    attach(one, kind="photo_before")
    attach(two)
    attach(two, handling=None, actor=ALICE)
    digests = set(Evidence.objects.values_list("digest", flat=True))
    assert digests == {sm3(JPEG)}
    assert len(list(evidence_files._paths())) == 1


@quick
@cities
def test_who_attaches_what_and_where() -> None:
    first, second = units(2)
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    attach(order, handling=None, actor=NUR)
    with refused(NoSuchOrder):
        attach(order, PNG, handling=None, actor=STRANGER)
    with refused(NotAllowed):
        attach(order, PNG, handling=None, actor=RUTH)
    order = dispatched(to=first)
    attach(order, handling=None, actor=CARL)
    with refused(NoSuchOrder):
        attach(order, PNG, actor=handler(second))
    with refused(NoSuchOrder):
        attach(order, PNG, handling=2)
    attach(order, PNG, actor=handler(first))


@quick
@cities
def test_a_unit_that_has_done_its_part_adds_nothing_to_it() -> None:
    order = handled()
    with refused(WrongState):
        attach(order, PNG)


def ended() -> dict[str, str]:
    """An order that was closed after its callback, one that was answered at the desk, one that was refused."""
    closed, answered, away = handled(), recorded(), recorded()
    said = Outcome(reached=True, satisfaction=Satisfaction.SATISFIED)
    record_callback(order=closed, outcome=said, actor=CARL, now=LATER)
    close_order(order=closed, actor=RUTH, now=LATER)
    answer_order(order=answered, answer="请拨打供电热线。", actor=ALICE, now=LATER)
    ground = city().workflow.refusal_grounds[0].code
    refuse_order(order=away, ground=ground, explanation="请向法院提起诉讼", actor=ALICE, now=LATER)
    return {"closed": closed, "answered": answered, "refused": away}


@quick
@cities
def test_a_call_is_filed_when_it_is_over_with_a_case_that_has_ended() -> None:
    days = timedelta(days=city().workflow.retention.evidence_days)
    for name, order in ended().items():
        for place, actor in enumerate((CARL, ALICE)):
            kept = attach(
                order,
                MP3 + bytes([place]),
                "call_recording",
                handling=None,
                actor=actor,
                now=LATER + 60 * MINUTE,
            )
            assert kept.handling is None
            if name != "refused":
                assert kept.held_until == LATER + days, name
    assert verify().clean


@quick
def test_an_ended_case_takes_from_whom_it_takes_and_what_the_city_says(each_city: str) -> None:
    orders = ended()
    for order in orders.values():
        with refused(WrongState) as caught:
            attach(order, handling=None, actor=CARL)
        assert "通话录音" in caught.value.fix
    if each_city == "yunting":
        attach(orders["closed"], PDF, "document", handling=None, actor=CARL)
    else:
        with refused(WrongState):
            attach(orders["closed"], PDF, "document", handling=None, actor=CARL)
    with refused(WrongState):
        attach(orders["closed"], MP3, "call_recording", actor=CARL)
    own = record_order(request=request(), actor=NUR, now=MONDAY).order
    answer_order(order=own, answer="请拨打供电热线。", actor=ALICE, now=LATER)
    with refused(WrongState):
        attach(own, MP3, "call_recording", handling=None, actor=NUR)


@quick
@cities
def test_what_was_filed_away_or_redacted_takes_no_more() -> None:
    orders, after = ended(), LATER + 60 * MINUTE
    archive_order(order=orders["closed"], actor=RUTH, now=after)
    with refused(WrongState):
        attach(orders["closed"], MP3, "call_recording", handling=None, actor=CARL, now=after)
    after = LATER + timedelta(days=city().workflow.retention.person_days)
    redact_order(order=orders["answered"], actor=SYSTEM, now=after)
    with refused(Redacted):
        attach(orders["answered"], MP3, "call_recording", handling=None, actor=CARL, now=after)


@quick
def test_evidence_is_held_from_the_end_of_the_case_and_free_again_when_it_goes_on() -> None:
    with override_settings(JIEBAN_PROFILE="changji"):
        order = signed()
        kept = attach(order, handling=None, actor=ALICE)
        assert kept.held_until is None
        from cast import reply  # noqa: PLC0415  # as above

        from jieban.orders.actions.reply import reply_to_order  # noqa: PLC0415  # one test's stage
        from jieban.orders.actions.review import pass_review  # noqa: PLC0415  # as above

        reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=LATER)
        pass_review(order=order, handling=1, actor=RUTH, now=LATER)
        record_callback(
            order=order,
            outcome=Outcome(reached=True, satisfaction=Satisfaction.DISSATISFIED),
            actor=CARL,
            now=LATER,
        )
        ended = LATER + 10 * MINUTE
        close_order(order=order, actor=RUTH, now=ended)
        days = timedelta(days=city().workflow.retention.evidence_days)
        kept.refresh_from_db()
        assert kept.held_until == ended + days
        reopen_order(order=order, reason="没有修好", actor=BOB, now=ended + MINUTE)
        kept.refresh_from_db()
        assert kept.held_until is None


# ---- On a disk


def files(database: LiveDatabase) -> list[Path]:
    root = Path(database.environ["JIEBAN_VAR"]) / "evidence"
    return sorted(path for path in root.rglob("*") if path.is_file())


def age(path: Path, minutes: int = 61) -> None:
    then = datetime.now(UTC).timestamp() - 60 * minutes
    os.utime(path, (then, then))


def test_a_refused_act_leaves_at_most_a_file_that_is_swept_when_it_is_old(database: LiveDatabase) -> None:
    order = dispatched()
    with refused(NotAllowed):
        attach(order, handling=None, actor=RUTH)
    (left,) = files(database)
    assert sweep(datetime.now(UTC)).removed == 0, "it is young: its act may be running"
    age(left, 59)
    assert sweep(datetime.now(UTC)).removed == 0
    age(left)
    assert sweep(datetime.now(UTC)).removed == 1
    assert files(database) == []
    assert sweep(datetime.now(UTC)).removed == 0


def test_what_is_named_is_never_swept_and_strange_files_are_left_and_told(database: LiveDatabase) -> None:
    order = signed()
    kept = attach(order)
    (path,) = files(database)
    age(path)
    strange = path.parent / "备忘.txt"
    strange.write_text("x", encoding="utf-8")
    age(strange)
    cut = path.with_name(f"{path.name}.0123456789abcdef{PART}")
    cut.write_bytes(b"x")
    age(cut)
    done = sweep(datetime.now(UTC))
    assert done.removed == 1
    assert [Path(each).name for each in done.foreign] == ["备忘.txt"]
    assert sorted(files(database)) == sorted([path, strange])
    assert intact(kept.digest)


def test_where_nothing_was_ever_stored_there_is_nothing_to_sweep(database: LiveDatabase) -> None:
    del database
    assert sweep(datetime.now(UTC)) == evidence_files.SweptFiles(removed=0, foreign=())
    assert verify_evidence() == evidence_files.Verified(rows=0, files=0, faults=())


def test_a_file_that_is_gone_or_changed_is_named(database: LiveDatabase) -> None:
    one, two = signed(), signed()
    gone, changed = attach(one), attach(one, PNG, "photo_before")
    attach(two, PNG)
    assert verify_evidence() == evidence_files.Verified(rows=3, files=2, faults=())
    for path in files(database):
        if path.name == gone.digest:
            path.unlink()
        else:
            path.write_bytes(PNG[:-1])
    found = verify_evidence()
    assert (found.rows, found.files) == (3, 2)
    assert set(found.faults) == {
        Fault(order=one, serial=1, digest=gone.digest, changed=False),
        Fault(order=one, serial=2, digest=changed.digest, changed=True),
        Fault(order=two, serial=1, digest=changed.digest, changed=True),
    }


def test_files_are_for_the_platforms_user_alone(database: LiveDatabase) -> None:
    attach(signed())
    (path,) = files(database)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert isinstance(storage(), EvidenceDisk)


def test_a_file_that_was_cut_off_while_it_was_written_is_no_file(
    database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = signed()

    def stop(*_: Path) -> Path:
        raise OSError("the machine stops here")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stop)
        with pytest.raises(StorageFailed, match="stops here"):
            attach(order)
    (left,) = files(database)
    assert left.name.endswith(PART)
    kept = attach(order)
    assert intact(kept.digest)


def test_two_attach_the_same_at_the_same_time(database: LiveDatabase) -> None:
    orders = [signed() for _ in range(6)]
    found = database.in_threads(6, lambda place: attach(orders[place]).digest)
    assert found == [sm3(JPEG)] * 6, found
    assert len(files(database)) == 1
    assert verify_evidence().faults == ()


def test_the_same_to_the_same_order_at_the_same_time_is_attached_once(database: LiveDatabase) -> None:
    order = signed()
    found = database.in_threads(6, lambda _: attach(order))
    assert sum(isinstance(each, WrongState) for each in found) == 5, found
    assert Evidence.objects.count() == 1
    assert len(files(database)) == 1


def test_what_is_swept_while_it_is_attached_again_is_there_afterwards(database: LiveDatabase) -> None:
    orders = [signed() for _ in range(4)]
    for order in orders:
        with pytest.raises(NotAllowed):
            attach(order, handling=None, actor=RUTH)
    digest = sm3(JPEG)

    def work(place: int) -> object:
        if place < 4:
            return attach(orders[place])
        return [remove_unheld(digest, LATER) for _ in range(20)]

    found = database.in_threads(6, work)
    assert all(isinstance(each, (Evidence, list)) for each in found), found
    assert verify_evidence().faults == ()
    assert Evidence.objects.count() == 4


def test_a_file_that_vanished_before_the_act_is_written_again_in_it(database: LiveDatabase) -> None:
    seen: list[bool] = []

    upload = Upload(stream=io.BytesIO(JPEG), kind="photo_after")
    with transaction.atomic():
        from jieban.orders.evidence.files import received  # noqa: PLC0415  # looked at from within

        with received(upload.stream, upload.kind, city().workflow.evidence) as file:
            storage().delete(path_of(file.digest))
            seen.append(storage().exists(path_of(file.digest)))
            file.hold()
            seen.append(intact(file.digest))
    assert seen == [False, True]
    del database


def test_the_commands(database: LiveDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    from jieban.site.cli.frame import run  # noqa: PLC0415  # the command line is this test's alone

    kept = attach(signed())
    assert run(["evidence", "verify"]) == 0
    assert "没有发现问题" in capsys.readouterr().out
    (path,) = files(database)
    path.unlink()
    assert run(["evidence", "verify"]) == 6
    said = capsys.readouterr().out
    assert kept.order.number in said
    assert run(["evidence", "verify", "--json"]) == 6
    assert kept.digest in capsys.readouterr().out
    with pytest.raises(NotAllowed):
        attach(dispatched(), PNG, handling=None, actor=RUTH)
    (left,) = files(database)
    age(left)
    assert run(["evidence", "sweep"]) == 0
    assert "已删除 1 个" in capsys.readouterr().out
    assert files(database) == []
    assert run(["evidence", "sweep", "--json"]) == 0
