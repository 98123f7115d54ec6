"""The second step of signing in: one-time codes, and how their secrets are kept."""

from base64 import b64decode, b64encode
from typing import Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from jieban.desks.shell import moment
from jieban.desks.signin.adapter import words_of
from jieban.desks.signin.required import requires_codes
from jieban.kernel.i18n import later, tr_later
from jieban.kernel.sealing import KEY_BYTES, seal, unseal
from jieban.people.actor import actor_of
from jieban.people.city import city
from jieban.people.keys import keyring

_PURPOSE: Final = "second-step"
_BOUND: Final = b"second-step"


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]  # the library is untyped
    """Secrets are sealed with a key of the installation's keyring; who needs codes can't put them off."""

    error_messages = words_of(DefaultMFAAdapter.error_messages) | {
        "cannot_delete_authenticator": tr_later(
            later("您的岗位要求两步验证,不能停用。换手机的,请另一位系统管理员重置。")
        )
    }

    def get_totp_issuer(self) -> str:
        """What the authenticator on the phone calls us."""
        return city().publication.hotline

    def build_totp_svg(self, url: str) -> str:
        """The code's picture as it stands in a page: without the declaration that begins a file."""
        drawn: str = super().build_totp_svg(url)
        return drawn[drawn.index("<svg") :]

    def encrypt(self, text: str) -> str:
        """The version of the key, and what was sealed with it."""
        ring = keyring()
        key = ring.derive(_PURPOSE)[:KEY_BYTES]
        return f"{ring.current}:{b64encode(seal(key, text.encode(), _BOUND)).decode('ascii')}"

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given. Raises BadKeys where the version is gone, and BadSeal."""
        version, _, sealed = encrypted_text.partition(":")
        key = keyring().derive(_PURPOSE, int(version))[:KEY_BYTES]
        return unseal(key, b64decode(sealed), _BOUND).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not of somebody of whom codes are required."""
        day = moment.now().astimezone(city().clock.tz).date()
        return not requires_codes(actor_of(authenticator.user, day))
