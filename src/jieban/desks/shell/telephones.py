"""Telephone numbers as people type them: what is plainly no whole number is noticed while it can be asked again."""

from typing import Final

from jieban.kernel.i18n import tr
from jieban.orders.secrets import phone_digits

_DIGITS: Final = range(7, 16)
_MOBILE: Final = 11


def doubt(phone: str) -> str | None:
    """What a number lacks to be one: its digits counted. None where nothing does, and where none was typed."""
    if not phone.strip():
        return None
    digits = phone_digits(phone)
    if len(digits) not in _DIGITS:
        return tr("电话号码应有 7 至 15 位数字,请核对。")
    if digits.startswith("1") and len(digits) != _MOBILE:  # no landline begins so
        return tr("手机号是 11 位,现在有 {n} 位,请核对。", n=len(digits))
    return None
