"""A form of its own for each filing: signed, for two hours, for one order; and a proof that some work went into it.

A browser with scripts does the work unseen, within a second; without, a small sum is asked. No outside service is.
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing
from django.utils.crypto import salted_hmac

from jieban.kernel.i18n import tr
from jieban.orders.requesters import CODE_ALPHABET, CODE_LENGTH

BITS: Final = 13
"""Leading zero bits of the digest that is looked for: some 8,000 tries, a tenth of a second to a second and a half."""
LASTS: Final = timedelta(hours=2)
_SALT: Final = "jieban.citizen.form"
_NONCE: Final = re.compile(r"[0-9]{1,12}")
_DIGEST_BITS: Final = 256
_GROUP: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge:
    """What a form brings along: its signed token, the id in it, and the sum for whoever has no scripts."""

    token: str
    id: str
    question: str
    bits: int = BITS


def new_challenge() -> Challenge:
    """A challenge that nobody has had."""
    return _of(secrets.token_urlsafe(16))


def _of(form: str) -> Challenge:
    first, second = _sum(form)
    figures = tr("零一二三四五六七八九")
    return Challenge(
        token=signing.dumps(form, salt=_SALT),
        id=form,
        question=tr("{a}加{b}等于几?", a=figures[first], b=figures[second]),
    )


def form_of(token: str) -> str | None:
    """The id of the form that a token was made for; None for one that ran out or isn't ours."""
    try:
        form = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return form if isinstance(form, str) else None


def solved(form: str, *, nonce: str, answer: str) -> bool:
    """Whether the work was done, or the sum answered."""
    said = unicodedata.normalize("NFKC", answer).strip()
    return _worked(form, nonce) or said == str(sum(_sum(form)))


def code_of(form: str) -> str:
    """The code given out for what is filed with a form: the same for the same form, and known to nobody else."""
    digest = salted_hmac("jieban.citizen.code", form, algorithm="sha256").digest()
    signs = "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in digest[:CODE_LENGTH])
    return "-".join(signs[at : at + _GROUP] for at in range(0, CODE_LENGTH, _GROUP))


def _worked(form: str, nonce: str) -> bool:
    if not _NONCE.fullmatch(nonce):
        return False
    digest = hashlib.sha256(f"{form}:{nonce}".encode()).digest()
    return int.from_bytes(digest, "big") >> (_DIGEST_BITS - BITS) == 0


def _sum(form: str) -> tuple[int, int]:
    digest = salted_hmac("jieban.citizen.sum", form, algorithm="sha256").digest()
    return 2 + digest[0] % 8, 1 + digest[1] % 9
