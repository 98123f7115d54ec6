"""Texts as they are compared, and the blind tokens of their characters and pairs of characters (docs/adr/0018).

A text is compared without regard to width, case and white space. It contains a word of one character where it has that
character's token; one of several only where it has the tokens of all its pairs, so that what is found has to be opened
and looked at. A token is the first 32 bits of one SM4 block, under a key that nothing else uses: without the key nobody
can make one, and a wrong one in four thousand million is told apart by opening, too.
"""

import struct
import unicodedata
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from jieban.kernel.keyring import Keyring
from jieban.kernel.sealing import KEY_BYTES

Tokens = tuple[int, ...]
"""Signed integers of 32 bits, each once, in rising order."""

_BLOCK = 16
_CHARACTER = 4
_PAIR = 2 * _CHARACTER


def normal(text: str) -> str:
    """A text as it is compared: NFKC, without case, white space and signs of no width."""
    # Folding may bring forms that NFKC would have replaced.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(folded.split())
    # What is copied out of a chat brings zero-width signs along; hardly any text has one.
    return plain if plain.isprintable() else "".join(filter(_has_shape, plain))


def _has_shape(sign: str) -> bool:
    return unicodedata.category(sign) != "Cf"


def search_key(keyring: Keyring, version: int | None = None) -> bytes:
    """The key of tokens under a master key, the current one if none is named."""
    return keyring.derive("search", version)[:KEY_BYTES]


def blind(key: bytes, blocks: bytes) -> bytes:
    """Each block of 16 bytes for itself, sealed: the first four bytes of each are a token."""
    # A block cipher on single blocks is the pseudorandom function that is wanted: equal grams shall have equal tokens.
    cipher = Cipher(algorithms.SM4(key), modes.ECB())  # noqa: S305  # as the line above says
    return cipher.encryptor().update(blocks)


def tokens_of_texts(texts: Iterable[str | None], key: bytes) -> Tokens:
    """The tokens of all characters and pairs of some texts; no pair spans two of them."""
    grams: set[bytes] = set()
    for text in texts:
        if text:
            grams |= _grams(normal(text), pairs_only=False)
    return _tokens(grams, key)


def tokens_of_word(word: str, key: bytes) -> Tokens:
    """The tokens that a text has which contains a word (as `normal` gives it): its pairs, or its one character."""
    return _tokens(_grams(word, pairs_only=len(word) > 1), key)


def contains(texts: Iterable[str | None], words: Iterable[str]) -> bool:
    """Whether each word (as `normal` gives it) stands in one of the texts."""
    shown = [normal(text) for text in texts if text]
    return all(any(word in text for text in shown) for word in words)


def _grams(text: str, *, pairs_only: bool) -> set[bytes]:
    raw = text.encode("utf-32-le", "surrogatepass")
    pairs = {raw[at : at + _PAIR] for at in range(0, len(raw) - _CHARACTER, _CHARACTER)}
    if pairs_only:
        return pairs
    return pairs | {raw[at : at + _CHARACTER] for at in range(0, len(raw), _CHARACTER)}


def _tokens(grams: set[bytes], key: bytes) -> Tokens:
    if not grams:
        return ()
    sealed = blind(key, b"".join(gram.ljust(_BLOCK, b"\0") for gram in grams))
    return tuple(sorted({token for (token,) in struct.iter_unpack("<i12x", sealed)}))
