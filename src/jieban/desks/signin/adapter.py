"""What the sign-in library asks us."""

import unicodedata
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from jieban.desks.shell.moment import now
from jieban.kernel.i18n import Later, later, tr_later
from jieban.people.administration import choose_password
from jieban.people.models import Account

_WORDS: Final[dict[str, Later]] = {
    "username_password_mismatch": later("账号或密码不对。"),
    "incorrect_password": later("密码不对。"),
    "enter_current_password": later("现在的密码不对。"),
    "too_many_login_attempts": later(
        "输错的次数过多,已暂停登录:请过 5 分钟再试。忘记密码的,请系统管理员发一个新密码。"
    ),
    "rate_limited": later("试的次数过多,请过几分钟再试。"),
    "incorrect_code": later("验证码不对,或已经过期。请输入验证器现在显示的 6 位数字。"),
}
_SILENT: Final = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")
"""What the page that follows says by itself."""


def words_of(errors: dict[str, Any]) -> dict[str, Any]:
    """The library's messages with ours in their places."""
    return {**errors, **{code: tr_later(said) for code, said in _WORDS.items()}}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Accounts are given by an administrator: nobody makes their own, and nobody has an address to write to."""

    error_messages = words_of(DefaultAccountAdapter.error_messages)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False

    def clean_password(self, password: str, user: Account | None = None) -> str:
        """The rules of settings.AUTH_PASSWORD_VALIDATORS; and another than before. Raises ValidationError."""
        if user is not None and user.check_password(password):
            raise ValidationError(tr_later(later("新密码要与现在的不同。")), code="same_password")
        clean: str = super().clean_password(password, user)
        return clean

    def set_password(self, user: Account, password: str) -> None:
        """The holder's own choice, which is recorded."""
        choose_password(account=user, password=password, now=now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whose failed tries are counted together.

        The library's own key begins with the name of the host, which is what a browser says, its port unlooked at:
        with another each time nobody was ever locked out. A database's upper case takes ı for I and ſ for S.
        """
        del request
        name: str = credentials.get("username", "")
        return unicodedata.normalize("NFKC", name).strip().upper().casefold()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the page, which says that it is done."""
        del request
        return reverse("account_change_password")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *more: Any,
        **told: Any,
    ) -> None:
        """Leaves out what would be shown late: the desks' own pages show no messages of the library."""
        if message_template not in _SILENT:
            super().add_message(request, level, message_template, *more, **told)
