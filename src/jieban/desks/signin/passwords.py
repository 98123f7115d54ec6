"""Django's rules for passwords, said in our words: its own Chinese lacks one of them and names fields in English."""

from typing import Final

from django.contrib.auth import password_validation as stock
from django.core.exceptions import ValidationError

from jieban.kernel.i18n import tr

_LEAST_KINDS: Final = 2
_LEAST_DIFFERENT: Final = 5


class LongEnough(stock.MinimumLengthValidator):
    """Not too short."""

    def get_error_message(self) -> str:
        """How long it must be."""
        return tr("密码至少要 {n} 位。", n=self.min_length)


class Unlike(stock.UserAttributeSimilarityValidator):
    """Not like the account's name or the person's."""

    def get_error_message(self) -> str:
        """What it resembles."""
        return tr("密码与账号或姓名太相近。")


class Uncommon(stock.CommonPasswordValidator):
    """Not one of those that everybody tries first."""

    def get_error_message(self) -> str:
        """That it is one."""
        return tr("这个密码太常见。")


class Varied:
    """Letters, digits and signs: of two kinds at least, and not the same few over and over.

    GB/T 22239-2019 wants passwords to be complex and leaves it open how.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError for all of one kind, and for too few different ones."""
        del user
        kinds = {"letter" if each.isalpha() else "digit" if each.isdigit() else "sign" for each in password}
        if len(kinds) < _LEAST_KINDS or len(set(password)) < _LEAST_DIFFERENT:
            raise ValidationError(self.get_help_text(), code="password_not_varied")

    def get_help_text(self) -> str:
        """What is wanted."""
        return tr("密码要有字母、数字、符号中的两种,不同的字符至少 {n} 个。", n=_LEAST_DIFFERENT)
