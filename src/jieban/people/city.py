"""The city that this installation serves."""

from functools import cache
from pathlib import Path

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
    name: str = settings.JIEBAN_PROFILE
    # A directory is somebody's to edit; what has a name stays as it is while we run, and may be chosen again.
    return _named(name) if Path(name).name == name else load_profile(name)


@cache
def _named(name: str) -> Profile:
    return load_profile(name)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "JIEBAN_PROFILE":
        city.cache_clear()


setting_changed.connect(_forget, dispatch_uid="people.city")
