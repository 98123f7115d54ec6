"""Uploads to a machine that has no more room: what can't be held is said, and nothing else of the form is lost."""

import io
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsers import Sign
from cast import lead, signed
from citizens import Citizen, photo
from django.core.files.uploadedfile import SimpleUploadedFile

from jieban.orders.models import Evidence, Order
from jieban.people.roles import Role

# Once: this is about files on their way in, which no database sees.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
MIB = 1 << 20
ROOM = 6 * MIB
JPEG = b"\xff\xd8\xff\xe0" + bytes(2 * ROOM)


def large(name: str = "large.jpg") -> io.BytesIO:
    made = io.BytesIO(JPEG)
    made.name = name
    return made


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files lie while they arrive."""
    place = tmp_path / "uploads"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def full() -> Iterator[None]:
    """The kernel takes no more than a few megabytes of a file: it refuses the next as it does on a full disk."""
    with at_most(ROOM):
        yield


@contextmanager
def at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("full")
def test_a_handler_is_told_which_file_isnt_kept_and_the_others_are(sign_in: Sign, uploads: Path) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    small = SimpleUploadedFile("small.jpg", photo().getvalue())
    sent = {"kind": "photo_after", "handling": 1, "files": [large(), small, large("<b>.jpg")]}
    path = f"/desk/orders/{number}/attach/"
    answer = browser.post(path, sent)
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "存不下" in page
    assert "请过一会儿再传" in page
    assert "large.jpg" in page
    assert "&lt;b&gt;.jpg" in page
    assert Evidence.objects.filter(order__number=number).count() == 1
    assert list(uploads.iterdir()) == []
    told = browser.post(path, {**sent, "files": [large()]}, headers={"accept": "application/json"}).json()
    assert [(each["kept"], each["again"]) for each in told["files"]] == [(False, True)]


def test_a_citizens_request_is_filed_without_the_photo_that_isnt_kept(uploads: Path) -> None:
    citizen = Citizen()
    with at_most(ROOM):
        number = citizen.file(photos=[large(), photo()])
    assert "有照片没有收下" in citizen.told()["page"]
    assert Evidence.objects.filter(order__number=number).count() == 1
    assert list(uploads.iterdir()) == []
    with at_most(ROOM):
        answer = citizen.browser.post(f"/my/{number}/photos/", {"photos": [large()]})
    assert answer.status_code == 422
    assert "请过一会儿在查询页补交" in answer.content.decode()
    with at_most(ROOM):
        again = citizen.send(citizen.filled(photos=[large()], content=""))
    assert "照片要重新选一次" in again.content.decode(), "what else is wrong is told, too"
    assert "买买提" in again.content.decode()
    assert Order.objects.count() == 1


def test_no_article_is_taken_of_a_file_that_isnt_whole(sign_in: Sign) -> None:
    browser, given = sign_in(Role.ADMINISTRATOR), io.BytesIO(b"#" * 2 * MIB)
    given.name = "articles.toml"
    with at_most(MIB):
        answer = browser.post("/desk/knowledge/files/", {"file": given, "then": "take"})
    assert answer.status_code == 507
    assert "没有收下" in answer.content.decode()


def test_where_no_file_can_be_made_at_all_it_is_said_as_well(sign_in: Sign, uploads: Path) -> None:
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    uploads.rmdir()
    sent = {"kind": "photo_after", "handling": 1, "files": [large()]}
    answer = browser.post(f"/desk/orders/{number}/attach/", sent)
    assert answer.status_code == 507
    assert str(uploads) not in answer.content.decode()


def test_the_end_of_a_file_may_be_what_has_no_room(sign_in: Sign) -> None:
    """It waits in memory until the file is complete."""
    number, browser = signed(), sign_in(Role.HANDLER, lead())
    content = JPEG[: 2 * MIB]
    sent = {"kind": "photo_after", "handling": 1, "files": [SimpleUploadedFile("a.jpg", content)]}
    with at_most(len(content) - 100):
        answer = browser.post(f"/desk/orders/{number}/attach/", sent)
    assert answer.status_code == 507
    assert not Evidence.objects.exists()
