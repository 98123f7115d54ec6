"""A one-time code lets in once, as long as it would be taken: RFC 6238, 5.2.

The library marks a code as used for one step of the clock; with a tolerance either way it is good for more than one.
"""

import string
from typing import Final

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from django.core.cache import cache

_LASTS: Final = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
"""Seconds for which a code may be taken: its own step, and those of the tolerance."""


class _Once(forms.BaseAuthenticateForm):  # type: ignore[misc]  # the library is untyped
    def clean_code(self) -> str:
        """The code. Raises ValidationError for a wrong one, and for one that let somebody in before."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not _first(self.user.pk, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class Authenticate(_Once, forms.AuthenticateForm):  # type: ignore[misc]  # the library is untyped
    """The second step of signing in."""


class Reauthenticate(_Once, forms.ReauthenticateForm):  # type: ignore[misc]  # the library is untyped
    """Confirming who one is with a code."""


def _first(account: int, code: str) -> bool:
    """Whether nobody was let in by this code; of two at once one is. However it was typed, its digits are the code."""
    digits = "".join(sign for sign in code if sign in string.digits)
    return bool(cache.add(f"jieban.code/{account}/{digits}", 1, timeout=_LASTS))
