"""Citizens and their own orders: by which reference the policy knows them, and how they prove that they are it.

Who filed online has the reference that their code leads to. For whom the centre took a request down, the order's own
number is what was given out; with the telephone number that was left it proves who calls. What isn't proven is nobody.
"""

import hashlib
import re
import unicodedata

from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.models import Order
from jieban.orders.secrets import phone_digits, phone_indexes
from jieban.orders.texts import storable
from jieban.people.actor import Actor
from jieban.people.keys import keyring
from jieban.people.roles import Role

CODE_LENGTH = 12
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none of its 32 signs is taken for another; sixty bits in all."""

_LEAST_DIGITS = 5
"""A telephone number has at least so many: an empty one proves nothing."""
_LONGEST_NUMBER = 56
"""Characters of an order's number that a reference has room for; one from elsewhere may be longer."""
_SALT = b"jieban citizen code"
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_APART = re.compile(r"[\s\-·.]+")
_PREFIX = f"{Role.CITIZEN.value}:"


def followed_by(phone: str) -> bool:
    """Whether a telephone number proves, beside its number, whose order it is."""
    return len(phone_digits(phone)) >= _LEAST_DIGITS


def requester_of(order: Order) -> str | None:
    """Whose order it is, as `Actor.ref` says it; None where nobody could ever prove to be it."""
    if order.requester is not None:
        return order.requester
    if order.anonymous or len(order.number) > _LONGEST_NUMBER:
        return None
    return f"{_PREFIX}{order.number}"


def reference_of(code: str) -> str:
    """The reference that a code leads to, one way only: who reads references in events learns no code.

    Takes some hundredths of a second, so that codes can't be tried in great numbers by whoever has the references.
    """
    digest = hashlib.scrypt(plain_code(code).encode(), salt=_SALT, n=1 << 13, r=8, p=1, dklen=15)
    return f"web-{digest.hex()}"


def plain_code(text: str) -> str:
    """A code as it is compared: capitals without blanks and hyphens, what looks alike taken for what it is."""
    return _APART.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_ALIKE)


def proven_requester(number: str, said: str) -> Actor | None:
    """The citizen whose order this is, by the telephone number left with it or the code given out at filing.

    None for everything else, whether the order is there or not: the work done is the same. One query.
    """
    if not storable(number) or not storable(said):
        return None
    by_code = reference_of(said)
    by_phone = phone_indexes(said, keyring()) if followed_by(said) else ()
    with told_of_waiting():
        found = Order.objects.filter(number=number).select_related("secret").first()
    if found is None:
        return None
    if found.requester == f"{_PREFIX}{by_code}":
        return Actor.citizen(by_code)
    ref = requester_of(found)
    if ref is None or found.anonymous or found.secret.phone_index not in by_phone:
        return None
    return Actor.citizen(ref.removeprefix(_PREFIX))
