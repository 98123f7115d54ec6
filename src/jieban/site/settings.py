"""Django's settings. Everything that differs between installations comes from the environment (docs/live-settings.md).

Importing them writes nothing and connects to nothing.
"""

import os

from jieban.kernel.keyring import KEYS, KEYS_FILE
from jieban.site.environment import (
    database,
    demonstration,
    directory,
    evidence_storage,
    secret_key,
    var_directory,
)

JIEBAN_VAR = var_directory(os.environ)
# A demonstration: its order numbers carry the mark of made-up data, and so does every report of them.
JIEBAN_DEMO = demonstration(os.environ)
JIEBAN_PROFILE = os.environ.get("JIEBAN_PROFILE", "")
JIEBAN_KEYRING_ENVIRON = {name: os.environ[name] for name in (KEYS, KEYS_FILE) if name in os.environ}
JIEBAN_ANCHORS = directory(os.environ, "JIEBAN_ANCHORS", "anchors")

SECRET_KEY = secret_key(os.environ)
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "jieban.people",
    "jieban.orders",
    "django.contrib.contenttypes",
    "django.contrib.auth",
]
AUTH_USER_MODEL = "people.Account"

DATABASES = {"default": database(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(JIEBAN_VAR / "files")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    "evidence": evidence_storage(os.environ),
}

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
# Instants are stored in UTC; the city's own time is its profile's, and what needs it takes it from there.
USE_TZ = True
TIME_ZONE = "UTC"
