"""The city that this installation serves: its files, and what was changed of it since (`people.city_in_force`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.signals import setting_changed

from jieban.kernel.i18n import tr
from jieban.people.errors import NoProfile
from jieban.profile.city import Profile
from jieban.profile.load import load_profile

_served: ContextVar[Profile | None] = ContextVar("city", default=None)
_latest: list[Profile] = []
"""The city as it was found last in this process, for whoever asks outside a request."""


def city() -> Profile:
    """The city in force. Raises NoProfile and BadProfile.

    Within a request it stays the same from its beginning to its end; elsewhere it is what this process found last.
    Before anybody looked into the database (`city_in_force.look`) it is what the files say.
    """
    return _served.get() or (_latest[0] if _latest else filed())


@cache
def filed() -> Profile:
    """The profile that JIEBAN_PROFILE names, as its files say it, loaded once. Raises NoProfile and BadProfile."""
    if not settings.JIEBAN_PROFILE:
        raise NoProfile(
            tr("没有说明服务于哪个城市。"), fix=tr("请设置环境变量 JIEBAN_PROFILE,写城市配置的名称或目录。")
        )
    name: str = settings.JIEBAN_PROFILE
    # A directory is somebody's to edit; what has a name stays as it is while we run, and may be chosen again.
    return _named(name) if Path(name).name == name else load_profile(name)


def found(profile: Profile) -> None:
    """From here on this process serves `profile`."""
    _latest[:] = [profile]


@contextmanager
def serving(profile: Profile) -> Iterator[None]:
    """`city()` is `profile` for whoever runs within, whatever is found meanwhile."""
    token = _served.set(profile)
    try:
        yield
    finally:
        _served.reset(token)


@cache
def _named(name: str) -> Profile:
    return load_profile(name)


def forget() -> None:
    """As if nobody had asked yet."""
    filed.cache_clear()
    _latest.clear()


def _forget(*, setting: str, **_: object) -> None:
    if setting == "JIEBAN_PROFILE":
        forget()


setting_changed.connect(_forget, dispatch_uid="people.city")
