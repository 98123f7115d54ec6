"""Sealing small values: SM4-GCM (GB/T 32907-2016, RFC 8998) and HMAC-SM3 (GB/T 32905-2016, RFC 2104).

A sealed value is a random nonce of 12 bytes, the ciphertext and a tag of 16 bytes. What it is sealed for (`bound`:
the field, the order) is authenticated with it, so that a value moved to another place doesn't open.
"""

import os
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr

KEY_BYTES: Final = 16
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class BadSeal(JiebanError):
    """What was sealed doesn't open: changed, cut, moved elsewhere, or sealed with another key."""

    code = "kernel.bad_seal"


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """The HMAC-SM3 of `data`: 32 bytes."""
    code = hmac.HMAC(key, hashes.SM3())
    code.update(data)
    return code.finalize()


def macs_sm3(key: bytes) -> Callable[[bytes], bytes]:
    """`hmac_sm3` for many messages under one key: what depends on the key alone is computed once."""
    keyed = hmac.HMAC(key, hashes.SM3())

    def mac(data: bytes) -> bytes:
        code = keyed.copy()
        code.update(data)
        return code.finalize()

    return mac


def new_key() -> bytes:
    """A random SM4 key: 16 bytes from the system's source."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """`plain` sealed with an SM4 key of 16 bytes, for `bound` only; 28 bytes longer. Two sealings differ.

    Nonces are random: one key should seal fewer than 2^32 values (NIST SP 800-38D, 8.3).
    Raises ValueError for a key of another length.
    """
    return seals(key)(plain, bound)


def seals(key: bytes) -> Callable[[bytes, bytes], bytes]:
    """`seal` for many values under one key: what depends on the key alone is checked and made once."""
    algorithm = _sm4(key)

    def sealed(plain: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        encryptor = Cipher(algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return b"".join((nonce, encryptor.update(plain), encryptor.finalize(), encryptor.tag))

    return sealed


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What `seal` was given. Raises BadSeal when anything is not as it was, ValueError for a key of another length."""
    algorithm = _sm4(key)
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise _refusal()
    nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithm, modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(bound)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        # The cause says nothing more, and its frames hold the key.
        raise _refusal() from None


def _sm4(key: bytes) -> algorithms.SM4:
    if len(key) != KEY_BYTES:
        raise ValueError(f"an SM4 key has {KEY_BYTES} bytes, not {len(key)}")
    return algorithms.SM4(key)


def _refusal() -> BadSeal:
    return BadSeal(
        tr("加密的内容打不开:内容被改动过,或密钥不对。"),
        fix=tr("请核对密钥是否齐全、版本是否正确;仍打不开的,请从备份恢复。"),
    )
