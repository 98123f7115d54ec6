"""Sealed values open only unchanged, in their place, with their key; held against published vectors."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.digest import sm3
from jieban.kernel.errors import JiebanError
from jieban.kernel.sealing import BadSeal, hmac_sm3, new_key, seal, unseal

# RFC 8998, A.1 (SM4-GCM).
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
NONCE = bytes.fromhex("00001234567800000000ABCD")
BOUND = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
PLAIN = bytes.fromhex(
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
    "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
)
SEALED = bytes.fromhex(
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
)
TAG = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")


def test_the_standards_example_of_sm4() -> None:
    """GB/T 32907-2016, annex A.1: the cipher that is used here is SM4."""
    encryptor = Cipher(algorithms.SM4(KEY), modes.ECB()).encryptor()  # noqa: S305 - the published example is a block
    assert encryptor.update(KEY).hex() == "681edf34d206965e86b3e94f536e4246"


def test_the_published_sealed_value_opens() -> None:
    assert unseal(KEY, NONCE + SEALED + TAG, BOUND) == PLAIN


def test_sealing_with_the_published_nonce_gives_the_published_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.urandom", lambda n: NONCE[:n])
    assert seal(KEY, PLAIN, BOUND) == NONCE + SEALED + TAG


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_is_sealed_opens_and_no_two_are_alike(plain: bytes, bound: bytes) -> None:
    key = new_key()
    sealed = seal(key, plain, bound)
    assert len(sealed) == len(plain) + 28
    assert unseal(key, sealed, bound) == plain
    assert seal(key, plain, bound) != sealed


def test_every_flipped_bit_is_refused() -> None:
    sealed = seal(KEY, b"13800000000", b"phone")
    for at in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(BadSeal):
            unseal(KEY, bytes(flipped), b"phone")


def test_every_cut_and_every_addition_is_refused() -> None:
    sealed = seal(KEY, b"plain", b"")
    for cut in [sealed[:n] for n in range(len(sealed))] + [sealed[n:] for n in range(1, len(sealed))]:
        with pytest.raises(BadSeal):
            unseal(KEY, cut, b"")
    for longer in (sealed + b"\0", b"\0" + sealed):
        with pytest.raises(BadSeal):
            unseal(KEY, longer, b"")


def test_another_place_and_another_key_are_refused() -> None:
    sealed = seal(KEY, b"plain", b"order 1, phone")
    for bound in (b"order 2, phone", b"order 1, phon", b"", b"order 1, phone\0"):
        with pytest.raises(BadSeal):
            unseal(KEY, sealed, bound)
    with pytest.raises(BadSeal):
        unseal(new_key(), sealed, b"order 1, phone")


def test_the_refusal_says_what_to_do_and_holds_no_secret() -> None:
    with pytest.raises(BadSeal) as refused:
        unseal(KEY, bytes(40), b"phone")
    assert isinstance(refused.value, JiebanError)
    assert refused.value.code == "kernel.bad_seal"
    assert refused.value.fix
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("length", [0, 15, 17, 24, 32])
def test_a_key_of_another_length_is_the_programmers_fault(length: int) -> None:
    for call in (seal, unseal):
        with pytest.raises(ValueError, match="16 bytes"):
            call(bytes(length), bytes(40), b"")


def test_new_keys_are_sixteen_bytes_and_never_the_same() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {16}


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_code_is_hmac_by_its_definition(key: bytes, data: bytes) -> None:
    """RFC 2104, with SM3's block of 64 bytes, from the digest alone."""

    def digest(text: bytes) -> bytes:
        return bytes.fromhex(sm3(text))

    padded = (key if len(key) <= 64 else digest(key)).ljust(64, b"\0")
    inner = digest(bytes(byte ^ 0x36 for byte in padded) + data)
    assert hmac_sm3(key, data) == digest(bytes(byte ^ 0x5C for byte in padded) + inner)
