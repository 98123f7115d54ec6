"""SM3 digests (GB/T 32905-2016) of bytes, files and canonical JSON."""

import json
from pathlib import Path

from cryptography.hazmat.primitives import hashes

_CHUNK = 1 << 20


def sm3(data: bytes) -> str:
    """The SM3 digest of `data` as 64 lower-case hex digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def sm3_file(path: Path) -> str:
    """The SM3 digest of a file's bytes, read in pieces."""
    digest = hashes.Hash(hashes.SM3())
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.finalize().hex()


def canonical_json(value: object) -> bytes:
    """One byte form for one value: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
