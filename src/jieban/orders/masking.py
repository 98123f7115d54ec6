"""A requester as everybody may see them: enough to tell one from another, too little to reach them."""

from jieban.orders.secrets import Contact, phone_digits

_HEAD, _TAIL, _STARS = 3, 4, 4
_STAR = "*"


def masked(contact: Contact) -> Contact:
    """The name's first character, the number's first three and last four digits at most: 张*, 100****1234.

    As many stars for every name and number: their length tells nothing.
    """
    return Contact(
        name=masked_name(contact.name) if contact.name else None,
        phone=masked_phone(contact.phone) if contact.phone else None,
    )


def masked_name(name: str) -> str:
    """买买提·艾力 as 买*."""
    return name.strip()[:1] + _STAR


def masked_phone(phone: str) -> str:
    """10012341234 as 100****1234; of a short number the end alone, and never more than half of it."""
    digits = phone_digits(phone)
    head = _HEAD if len(digits) > _HEAD + _TAIL else 0
    tail = min(_TAIL, len(digits) // 2)
    return digits[:head] + _STAR * _STARS + digits[len(digits) - tail :]
