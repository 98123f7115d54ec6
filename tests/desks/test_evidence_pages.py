"""Evidence through the pages: what is taken in and what is not, who gets it back, and as what."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import Sign
from cast import ALICE, MINUTE, MONDAY, handler, lead, recorded, signed, units
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from heic import HEIC
from PIL import Image

from jieban.desks.evidence.taking import most_bytes
from jieban.desks.shell.limits import PLAIN
from jieban.orders.actions.desk import answer_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.errors import BadValue
from jieban.orders.evidence.copies import bare_copy
from jieban.orders.evidence.filetypes import media_types
from jieban.orders.models import Evidence
from jieban.people.roles import Role

# Once: this is about files and headers; their rows are looked at by orders/test_evidence.py.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
LATER = MONDAY + 5 * MINUTE
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
MP3 = b"\xff\xfb\x90\x64" + bytes(range(256)) * 40
PDF = b"%PDF-1.4\n1 0 obj"


@pytest.fixture(autouse=True)
def place(evidence_place: Path) -> Path:
    """Where the test's own evidence is."""
    return evidence_place


def photo(size: tuple[int, int] = (64, 48), *, position: bool = False, turned: bool = False) -> bytes:
    """A JPEG, as a telephone writes it: with where it was taken, and which way up."""
    written, exif = io.BytesIO(), Image.Exif()
    if position:
        exif[0x010F] = "Telephone of Somebody"
        exif.get_ifd(0x8825).update({1: "N", 2: (44.0, 1.0, 12.0), 3: "E", 4: (87.0, 18.0, 0.0)})
    if turned:
        exif[0x0112] = 6
    Image.new("RGB", size, (200, 30, 30)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def held(number: str) -> list[Evidence]:
    return list(Evidence.objects.filter(order__number=number).order_by("serial"))


def send(
    browser: Client, number: str, *files: tuple[str, bytes], kind: str = "photo_after", **more: object
) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(
        f"/desk/orders/{number}/attach/", {"kind": kind, "files": sent, "handling": 1, **more}
    )


def kept(number: str, content: bytes, kind: str = "photo_after", *, handling: int | None = 1) -> str:
    """Where evidence is that a handler brought, or an operator to the order itself."""
    actor = handler(lead()) if handling is not None else ALICE
    upload = Upload(stream=io.BytesIO(content), kind=kind)
    attach_evidence(order=number, upload=upload, actor=actor, now=LATER, handling=handling)
    return f"/desk/orders/{number}/evidence/{held(number)[-1].serial}/"


@pytest.mark.usefixtures("each_city")
def test_several_files_are_kept_at_once_and_shown_in_the_pane(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    answer = send(browser, number, ("a.jpg", photo()), ("b.jpg", photo((32, 32))))
    assert answer.status_code == 302
    assert [each.kind for each in held(number)] == ["photo_after", "photo_after"]
    page = browser.get(f"/desk/orders/{number}/").content.decode()
    assert f"/desk/orders/{number}/evidence/1/" in page
    assert f"/desk/orders/{number}/evidence/2/" in page


def test_before_and_after_stand_side_by_side(sign_in: Sign) -> None:
    number = signed()
    before = kept(number, photo((10, 10)), "photo_before")
    after = kept(number, photo((11, 10)), "photo_after")
    page = sign_in(Role.REVIEWER).get(f"/desk/orders/{number}/").content.decode()
    pair = page.split('<div class="pair">')[1].split("</div>")[0]
    assert pair.index(before) < pair.index(after)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("drawing.jpg", SVG, "photo_after"),
        ("drawing.svg", SVG, "document"),
        ("picture.jpg", HTML, "photo_after"),
        ("paper.pdf", HTML, "document"),
        ("film.mp4", b"MZ" + bytes(200), "video"),
    ],
)
def test_what_can_run_in_a_browser_is_not_taken_whatever_its_name(
    name: str, content: bytes, kind: str, sign_in: Sign, place: Path
) -> None:
    number = signed()
    answer = send(sign_in(Role.HANDLER, lead()), number, (name, content), kind=kind)
    assert answer.status_code == 422
    assert "文件内容不是" in answer.content.decode()
    assert not held(number)
    assert not list(place.rglob("*.*"))


def test_one_that_is_refused_keeps_none_of_the_others_away(sign_in: Sign) -> None:
    number = signed()
    answer = send(sign_in(Role.HANDLER, lead()), number, ("good.jpg", photo()), ("<i>bad.jpg", HTML))
    page = answer.content.decode()
    assert (answer.status_code, len(held(number))) == (422, 1)
    assert "good.jpg" in page
    assert "&lt;i&gt;bad.jpg" in page
    assert "<i>bad" not in page


def test_a_picture_that_is_a_page_as_well_comes_back_as_a_picture_only(sign_in: Sign) -> None:
    number = signed()
    where = kept(number, photo() + HTML)
    answer = sign_in(Role.HANDLER, lead()).get(where)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_only_pictures_sound_and_films_are_shown_in_place(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    shown, heard, saved = (
        kept(number, photo()),
        kept(number, MP3, "call_recording"),
        kept(number, PDF, "document"),
    )
    assert browser.get(shown).headers["Content-Disposition"].startswith("inline;")
    assert browser.get(shown + "?save").headers["Content-Disposition"].startswith("attachment;")
    assert browser.get(heard).headers["Content-Disposition"].startswith("inline;")
    assert browser.get(saved).headers["Content-Disposition"] == f'attachment; filename="{number}-3.pdf"'


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "..\\..\\x.jpg", "/etc/cron.d/x", 'a"\r\nX-Evil: 1.jpg', "\x00.jpg", "长" * 300],
)
def test_a_name_leads_nowhere(name: str, sign_in: Sign, place: Path) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    answer = send(browser, number, (name, photo()))
    assert answer.status_code in {200, 302, 400, 422}
    files = [each for each in place.rglob("*") if each.is_file()]
    assert {each.name for each in files} == {each.digest for each in held(number)}
    for each in held(number):
        given = browser.get(f"/desk/orders/{number}/evidence/{each.serial}/").headers
        assert given["Content-Disposition"] == f'inline; filename="{number}-{each.serial}.jpg"'
        assert "X-Evil" not in given


class Endless(io.RawIOBase):
    """A body of which nobody has seen the end; counts what was read of it."""

    read_so_far = 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: object) -> int:
        view = memoryview(into)  # type: ignore[arg-type]  # a buffer
        self.read_so_far += len(view)
        view[:] = b"\0" * len(view)
        return len(view)


@pytest.mark.parametrize("length", [2 << 30, 1 << 40])
def test_two_gigabytes_are_refused_before_anything_is_read(length: int, sign_in: Sign) -> None:
    number, browser, body = signed(), sign_in(Role.HANDLER, lead()), Endless()
    told = {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
    form = "multipart/form-data; boundary=x"
    answer = browser.generic("POST", f"/desk/orders/{number}/attach/", content_type=form, **told)
    assert answer.status_code == 413
    assert "MB" in answer.content.decode()
    assert body.read_so_far == 0


def test_what_the_profile_takes_comes_through_and_no_more(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())

    def status(path: str, length: int, who: Client) -> int:
        body = Endless()
        told = {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
        answer = who.generic("POST", path, content_type="text/plain", **told)
        return int(answer.status_code)

    attach = f"/desk/orders/{number}/attach/"
    assert status(attach, most_bytes(), browser) != 413
    assert status(attach, most_bytes() + 1, browser) == 413
    # Neither a stranger nor a page without files is given as much.
    assert status(attach, PLAIN + 1, Client()) == 413
    assert status(f"/desk/orders/{number}/do/reply/", PLAIN + 1, browser) == 413


def test_a_length_that_is_none_is_refused(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    answer = browser.generic("POST", f"/desk/orders/{number}/attach/", CONTENT_LENGTH="-1")
    assert answer.status_code == 413


def test_a_file_beyond_its_kind_is_refused_by_name(sign_in: Sign) -> None:
    number = signed()
    answer = send(sign_in(Role.HANDLER, lead()), number, ("big.jpg", photo() + bytes(21 << 20)))
    assert answer.status_code == 422
    assert "超过" in answer.content.decode()
    assert not held(number)


def _package(names: Iterator[tuple[str, bytes]]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        for name, content in names:
            package.writestr(name, content)
    return written.getvalue()


def _declaring(package: bytes, size: int) -> bytes:
    """The same package, whose last entry says that it unpacks to `size` bytes."""
    at = package.rindex(b"PK\x01\x02")
    return package[: at + 24] + struct.pack("<I", size) + package[at + 28 :]


def test_a_document_that_swells_is_not_taken(sign_in: Sign) -> None:
    plain = _package(iter([("word/document.xml", b"<w/>")]))
    assert media_types(io.BytesIO(plain)) == (WORD,)
    bomb = _declaring(plain, (1 << 32) - 2)
    assert media_types(io.BytesIO(bomb)) == ()
    number = signed()
    answer = send(sign_in(Role.HANDLER, lead()), number, ("report.docx", bomb), kind="document")
    assert answer.status_code == 422
    assert not held(number)


def test_a_document_of_tens_of_thousands_of_parts_is_not_taken() -> None:
    many = _package((f"word/{part}.xml", b"") for part in range(30_000))
    assert media_types(io.BytesIO(many)) == ()


def test_what_is_packed_is_never_unpacked() -> None:
    """Its one part is broken: whoever unpacked it would find out."""
    plain = bytearray(_package(iter([("word/document.xml", b"<w/>" * 100)])))
    at = plain.index(b"word/document.xml") + len(b"word/document.xml")
    plain[at : at + 8] = b"\xff" * 8
    assert media_types(io.BytesIO(bytes(plain))) == (WORD,)


def test_a_copy_that_leaves_the_house_tells_nothing_but_the_picture() -> None:
    taken = photo((60, 40), position=True, turned=True)
    before = Image.open(io.BytesIO(taken)).getexif()
    assert before.get_ifd(0x8825)
    assert b"Telephone of Somebody" in taken
    copy = bare_copy(io.BytesIO(taken + b"behind the end: 87.3E 44.0N"))
    after = Image.open(io.BytesIO(copy))
    assert not after.getexif()
    assert "exif" not in after.info
    assert b"Somebody" not in copy
    assert b"87.3E" not in copy
    assert after.size == (40, 60)  # upright, though the note that said which way up is gone


def test_a_photo_as_telephones_keep_it_is_copied_too() -> None:
    assert b"SECRET-PHONE" in HEIC
    copy = bare_copy(io.BytesIO(HEIC))
    seen = Image.open(io.BytesIO(copy))
    assert (seen.format, seen.size) == ("JPEG", (40, 64))
    assert not seen.getexif()
    assert b"SECRET" not in copy
    above, below = seen.getpixel((20, 10)), seen.getpixel((20, 54))
    assert above[0] > above[2]  # red, turned from the left to the top
    assert below[2] > below[0]


@pytest.mark.parametrize(
    "content", [HEIC[:400], HEIC[:-60], HEIC[:40] + b"\xff" * 500, b"\0\0\0\x18ftypheic" + bytes(40)]
)
def test_a_broken_one_gives_no_copy_and_harms_nobody(content: bytes) -> None:
    with pytest.raises(BadValue):
        bare_copy(io.BytesIO(content))


@pytest.mark.parametrize("content", [HTML, b"", b"\xff\xd8\xff\xe0 broken", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_gives_no_copy(content: bytes) -> None:
    with pytest.raises(BadValue):
        bare_copy(io.BytesIO(content))


def test_a_picture_that_would_fill_the_memory_gives_no_copy() -> None:
    head = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    )
    with pytest.raises(BadValue):
        bare_copy(io.BytesIO(head + bytes(4)))


def test_a_large_photo_is_made_smaller() -> None:
    assert max(Image.open(io.BytesIO(bare_copy(io.BytesIO(photo((5000, 400)))))).size) == 2048


def test_units_see_a_confidential_requesters_pictures_bare_and_hear_no_call(sign_in: Sign) -> None:
    number = signed(confidential=True)
    picture = kept(number, photo(position=True), "photo_before", handling=None)
    call = kept(number, MP3, "call_recording", handling=None)
    unit, centre = sign_in(Role.HANDLER, lead()), sign_in(Role.REVIEWER)
    seen = b"".join(unit.get(picture))
    assert not Image.open(io.BytesIO(seen)).getexif()
    assert unit.get(call).status_code == 404
    assert call not in unit.get(f"/desk/orders/{number}/").content.decode()
    assert Image.open(io.BytesIO(b"".join(centre.get(picture)))).getexif().get_ifd(0x8825)
    telephone = kept(number, HEIC, "photo_before", handling=None)
    assert Image.open(io.BytesIO(b"".join(unit.get(telephone)))).size == (40, 64)
    assert centre.get(call).status_code == 200


def test_somebody_elses_evidence_is_not_found(sign_in: Sign) -> None:
    mine, other, helper = units(3)
    number = signed(to=mine, assisting=[helper])
    where = kept(number, photo())
    own = kept(number, photo((9, 9)), "photo_before", handling=None)
    assert Client().get(where).status_code == 302
    assert sign_in(Role.HANDLER, mine).get(where).status_code == 200
    stranger = sign_in(Role.HANDLER, other)
    assert stranger.get(where).status_code == 404
    assert stranger.get(own).status_code == 404
    assert stranger.get(f"/desk/orders/{number}/attach/?handling=1").status_code == 404
    assert send(stranger, number, ("a.jpg", photo((8, 8)))).status_code == 404
    # A unit that helps sees the order's own, and not what the lead brought.
    beside = sign_in(Role.HANDLER, helper)
    assert beside.get(own).status_code == 200
    assert beside.get(where).status_code == 404
    assert beside.get(f"/desk/orders/{number}/evidence/99/").status_code == 404
    for role in (Role.LEADER, Role.ANALYST, Role.ADMINISTRATOR):
        assert sign_in(role).get(where).status_code == 404


@pytest.mark.parametrize(
    ("role", "handling", "status"),
    [
        (Role.OPERATOR, "", 302),
        (Role.CALLBACK_AGENT, "", 302),
        (Role.DISPATCHER, "", 404),
        (Role.REVIEWER, "", 404),
        (Role.LIAISON, "1", 302),
        (Role.HANDLER, "1", 302),
        (Role.HANDLER, "", 403),
        (Role.HEAD, "1", 404),
    ],
)
def test_who_may_bring_evidence(role: Role, handling: str, status: int, sign_in: Sign) -> None:
    number = signed()
    browser = sign_in(role, lead() if role in {Role.LIAISON, Role.HANDLER, Role.HEAD} else None)
    assert send(browser, number, ("a.jpg", photo()), handling=handling).status_code == status
    assert len(held(number)) == (status == 302)


def test_an_ended_order_offers_only_what_may_come_after_its_end(sign_in: Sign) -> None:
    number = recorded()
    answer_order(order=number, answer="请持身份证到窗口办理,现场办结,不收费用。" * 3, actor=ALICE, now=LATER)
    page = sign_in(Role.OPERATOR).get(f"/desk/orders/{number}/attach/").content.decode()
    assert 'value="call_recording"' in page
    assert 'value="photo_after"' not in page


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/{n}"),
        ("bytes=100-", 206, slice(100, None), "bytes 100-{last}/{n}"),
        ("bytes=-50", 206, slice(-50, None), "bytes {fifty}-{last}/{n}"),
        ("bytes=5-999999999", 206, slice(5, None), "bytes 5-{last}/{n}"),
        ("bytes=99999999-", 416, None, "bytes */{n}"),
        ("bytes=-0", 416, None, "bytes */{n}"),
        ("bytes=9-3", 200, slice(None), None),
        ("bytes=0-1,4-5", 200, slice(None), None),
        ("bytes=-", 200, slice(None), None),
        ("pages=1-2", 200, slice(None), None),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(
    asked: str, status: int, part: slice | None, told: str | None, sign_in: Sign
) -> None:
    where, n = kept(signed(), MP3, "call_recording"), len(MP3)
    answer = sign_in(Role.REVIEWER).get(where, HTTP_RANGE=asked)
    assert answer.status_code == status
    assert b"".join(answer) == (MP3[part] if part is not None else b"")
    expected = told.format(n=n, last=n - 1, fifty=n - 50) if told else None
    assert answer.headers.get("Content-Range") == expected
    if part is not None:
        assert answer.headers["Content-Length"] == str(len(MP3[part]))


def test_a_part_of_what_changed_meanwhile_is_the_whole(sign_in: Sign) -> None:
    where, browser = kept(signed(), MP3, "call_recording"), sign_in(Role.REVIEWER)
    tag = browser.get(where).headers["ETag"]
    assert browser.get(where, HTTP_RANGE="bytes=0-3", HTTP_IF_RANGE=tag).status_code == 206
    assert browser.get(where, HTTP_RANGE="bytes=0-3", HTTP_IF_RANGE='"other"').status_code == 200


def test_a_file_that_is_gone_is_told_and_an_open_one_is_closed(
    sign_in: Sign, place: Path, open_files: Callable[[], int]
) -> None:
    where, browser = kept(signed(), photo()), sign_in(Role.REVIEWER)
    for _ in range(5):
        assert b"".join(browser.get(where)) == photo()
        browser.get(where, HTTP_RANGE="bytes=99999999-")
    assert open_files() == 0
    for each in place.rglob("*"):
        if each.is_file():
            each.unlink()
    assert "证据" in browser.get(where).content.decode()


@pytest.fixture
def open_files(place: Path) -> Callable[[], int]:
    """How many files of evidence this process holds open."""

    def count() -> int:
        links = (each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
        return sum(each.is_relative_to(place) for each in links)

    return count


def test_a_script_is_told_of_each_file(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())

    def told(*files: tuple[str, bytes]) -> list[dict[str, object]]:
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        answer = browser.post(
            f"/desk/orders/{number}/attach/",
            {"kind": "photo_after", "files": sent, "handling": 1},
            HTTP_ACCEPT="application/json",
        )
        found: list[dict[str, object]] = json.loads(answer.content)["files"]
        return found

    assert [each["kept"] for each in told(("a.jpg", photo()), ("b.jpg", HTML))] == [True, False]
    # Sent again because the answer was lost: it is there.
    assert [each["kept"] for each in told(("a.jpg", photo()))] == [True]
    assert len(held(number)) == 1


def test_an_order_nobody_has_yet_takes_a_recording(sign_in: Sign) -> None:
    number = recorded()
    answer = send(sign_in(Role.OPERATOR), number, ("call.mp3", MP3), kind="call_recording", handling="")
    assert answer.status_code == 302
