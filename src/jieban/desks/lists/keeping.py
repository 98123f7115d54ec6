"""Where lists lie that were made: sealed in pieces, so that neither a backup nor a neighbour reads them."""

import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils.crypto import salted_hmac

from jieban.desks.lists.models import DIGEST_LENGTH
from jieban.kernel.sealing import KEY_BYTES, NONCE_BYTES, TAG_BYTES, seal, unseal
from jieban.people.keys import keyring

_PURPOSE: Final = "exports"
_PIECE: Final = 1 << 16
_SEALED: Final = _PIECE + NONCE_BYTES + TAG_BYTES


def file_of(key: int) -> Path:
    """The file of an export."""
    return Path(settings.JIEBAN_VAR) / "exports" / f"{key}.sealed"


@contextmanager
def room_for(key: int) -> Iterator[Path]:
    """A directory in which an export is made, before it is sealed; what a killed process left there goes first."""
    place = file_of(key).with_suffix(".making")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def keep(key: int, made: Path) -> int:
    """Seal a file that was made into its place; gives its length. What breaks off leaves nothing in that place."""
    place = file_of(key)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = place.with_suffix(".new")
    sealing, size = _key(), made.stat().st_size
    with made.open("rb") as plain, new.open("wb") as sealed:
        for number, piece in enumerate(iter(lambda: plain.read(_PIECE), b"")):
            sealed.write(seal(sealing, piece, _bound(key, number, size)))
    new.replace(place)
    return size


def opened(key: int, size: int) -> Iterator[bytes]:
    """The file, piece by piece. Raises FileNotFoundError at once, BadSeal where it isn't what was kept."""
    stream = file_of(key).open("rb")
    unsealing = _key()

    def through() -> Iterator[bytes]:
        with stream:
            for number, piece in enumerate(iter(lambda: stream.read(_SEALED), b"")):
                yield unseal(unsealing, piece, _bound(key, number, size))

    return through()


def forget(key: int) -> None:
    """Take a file away, if there is one, and what was left of making it."""
    shutil.rmtree(file_of(key).with_suffix(".making"), ignore_errors=True)
    for path in (file_of(key), file_of(key).with_suffix(".new")):
        path.unlink(missing_ok=True)


def closed_address(given: Mapping[str, str]) -> str:
    """An address as rows keep it: words that somebody typed may stand in it."""
    return b64encode(seal(_key(), urlencode(given).encode(), b"address")).decode("ascii")


def open_address(closed: str) -> dict[str, str]:
    """What `closed_address` was given. Raises BadSeal once the key has changed."""
    return dict(parse_qsl(unseal(_key(), b64decode(closed), b"address").decode()))


def digest_of(given: Mapping[str, str]) -> str:
    """By what two addresses are told apart without reading them."""
    told = urlencode(sorted(given.items()))
    return salted_hmac("jieban.exports", told, algorithm="sha256").hexdigest()[:DIGEST_LENGTH]


def _key() -> bytes:
    return keyring().derive(_PURPOSE)[:KEY_BYTES]


def _bound(key: int, number: int, size: int) -> bytes:
    return f"export {key} {number} of {size}".encode()
