"""The installation's keys, loaded when first needed."""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed

from jieban.kernel.keyring import Keyring, load_keyring


@cache
def keyring() -> Keyring:
    """The master keys that the environment gives (JIEBAN_KEYS or JIEBAN_KEYS_FILE). Raises BadKeys."""
    return load_keyring(settings.JIEBAN_KEYRING_ENVIRON)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "JIEBAN_KEYRING_ENVIRON":
        keyring.cache_clear()


setting_changed.connect(_forget, dispatch_uid="people.keys")
