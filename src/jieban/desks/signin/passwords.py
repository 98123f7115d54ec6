"""Django's rules for passwords, said in our words: its own Chinese lacks one of them and names fields in English."""

from django.contrib.auth import password_validation as stock

from jieban.kernel.i18n import tr


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


class NotOnlyDigits(stock.NumericPasswordValidator):
    """More than a number."""

    def get_error_message(self) -> str:
        """That it is one."""
        return tr("密码不能全是数字。")
