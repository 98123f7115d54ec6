"""The city that this installation serves."""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed

from jieban.kernel.i18n import tr
from jieban.people.errors import NoProfile
from jieban.profile.city import Profile
from jieban.profile.load import load_profile


@cache
def city() -> Profile:
    """The profile that JIEBAN_PROFILE names, loaded once. Raises NoProfile and BadProfile."""
    if not settings.JIEBAN_PROFILE:
        raise NoProfile(
            tr("没有说明服务于哪个城市。"), fix=tr("请设置环境变量 JIEBAN_PROFILE,写城市配置的名称或目录。")
        )
    return load_profile(settings.JIEBAN_PROFILE)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "JIEBAN_PROFILE":
        city.cache_clear()


setting_changed.connect(_forget, dispatch_uid="people.city")
