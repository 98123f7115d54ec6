"""Django's settings. Everything that differs between installations comes from the environment (docs/live-settings.md).

Importing them writes nothing and connects to nothing.
"""

import os
from datetime import timedelta
from pathlib import Path

from jieban.kernel.keyring import KEYS, KEYS_FILE
from jieban.site.environment import (
    allowed_hosts,
    behind_https,
    clock_shift,
    database,
    demonstration,
    directory,
    evidence_storage,
    page_assets,
    proxies,
    secret_key,
    two_step_roles,
    var_directory,
)

JIEBAN_VAR = var_directory(os.environ)
# A demonstration: its order numbers carry the mark of made-up data, and so does every report of them.
JIEBAN_DEMO = demonstration(os.environ)
JIEBAN_CLOCK_SHIFT: timedelta = clock_shift(os.environ)
JIEBAN_TWO_STEP_ROLES = two_step_roles(os.environ)
JIEBAN_PROFILE = os.environ.get("JIEBAN_PROFILE", "")
JIEBAN_KEYRING_ENVIRON = {name: os.environ[name] for name in (KEYS, KEYS_FILE) if name in os.environ}
JIEBAN_ANCHORS = directory(os.environ, "JIEBAN_ANCHORS", "anchors")

SECRET_KEY = secret_key(os.environ)
DEBUG = False
ALLOWED_HOSTS = allowed_hosts(os.environ)

INSTALLED_APPS = [
    "jieban.people",
    "jieban.orders",
    "jieban.desks",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    # Before all others: whatever answers, answers with the request's number.
    "jieban.desks.shell.numbered.Numbered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jieban.desks.shell.packing.PackedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before anything reads the body, as the check of its token does.
    "jieban.desks.shell.limits.RequestLimit",
    "jieban.desks.shell.middleware.CityInForce",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jieban.desks.signin.seen.LastSeen",
    "jieban.desks.signin.gate.OwnPassword",
    "jieban.desks.shell.middleware.Refusals",
]
ROOT_URLCONF = "jieban.desks.urls"
WSGI_APPLICATION = "jieban.site.wsgi.application"

_DESKS = Path(__file__).resolve().parent.parent / "desks"
TEMPLATES = [
    {
        "NAME": "pages",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(_DESKS.glob("*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {"environment": "jieban.desks.shell.environment.environment"},
    },
    {
        # Those of the sign-in library; ours lie before its own.
        "NAME": "signin",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_DESKS / "signin" / "library"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["jieban.desks.signin.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "jieban.desks.signin.passwords.Unlike",
        "OPTIONS": {"user_attributes": ("username", "display_name")},
    },
    {"NAME": "jieban.desks.signin.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "jieban.desks.signin.passwords.Uncommon"},
    {"NAME": "jieban.desks.signin.passwords.Varied"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "jieban.desks.signin.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_SESSION_REMEMBER = False
# By address and by account, failed tries; and how often an address, which may be a whole office's, signs in at all.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/5m/ip,5/5m/key", "login": "120/m/ip"}
# Whose address it is that a lock-out counts: with proxies in front, what the outermost of them has seen.
ALLAUTH_TRUSTED_PROXY_COUNT = proxies(os.environ)
MFA_ADAPTER = "jieban.desks.signin.second.SecondStep"
MFA_FORMS = {
    "authenticate": "jieban.desks.signin.once.Authenticate",
    "reauthenticate": "jieban.desks.signin.once.Reauthenticate",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Jieban"
MFA_TOTP_TOLERANCE = 1  # half a minute either way: telephones and servers do not agree to the second
USERSESSIONS_TRACK_ACTIVITY = True  # the list of sessions tells it; signin.seen says how often it is noted
SESSION_COOKIE_NAME = "jieban"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
# By https the proxy in front says so in this header, which it must set itself whatever a browser sends.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = behind_https(os.environ)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
CSRF_COOKIE_NAME = "jieban-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jieban.desks.shell.errors.bad_token"
CACHES = {
    # Shared by all workers of all machines, so that a lock-out counts what each of them saw.
    "default": {"BACKEND": "jieban.desks.signin.cache.SharedCache"}
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"

DATABASES = {"default": database(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(JIEBAN_VAR / "files")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "evidence": evidence_storage(os.environ),
}

STATIC_URL = "/static/"
STATIC_ROOT = str(JIEBAN_VAR / "static")
STATICFILES_DIRS = page_assets()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"number": {"()": "jieban.desks.shell.numbered.TellsNumber"}},
    "formatters": {"numbered": {"format": "%(levelname)s [%(number)s] %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["number"], "formatter": "numbered"}
    },
    # What went wrong goes to the service's journal; what people typed never does.
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

# Limits of a whole request are jieban.desks.shell.limits'; files go to the disk from this size on.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "jieban.desks.shell.arriving.ToDisk",
]

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
# Instants are stored in UTC; the city's own time is its profile's, and what needs it takes it from there.
USE_TZ = True
TIME_ZONE = "UTC"
