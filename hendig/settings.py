"""Every setting, from the environment: what differs between installations is a variable, nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from hendig.operations.database import django_database

ROOT = Path(__file__).resolve().parent
HOME = Path(os.environ.get("HENDIG_HOME", ".hendig")).resolve()

DEMO = os.environ.get("HENDIG_DEMO", "") == "1"
# Measuring: the address by which the floors reach the database, and whether its walls are down.
BENCH = os.environ.get("HENDIG_BENCH", "")
BENCH_OPEN = os.environ.get("HENDIG_BENCH_OPEN", "") == "1"
ORIGIN = os.environ.get("HENDIG_ORIGIN", "http://localhost:8000")
SECRET_KEY = os.environ.get("HENDIG_SECRET_KEY", "")
# The worker alone has the key that seals the log; everybody has what checks a seal, the key in use first.
SEAL_KEY = os.environ.get("HENDIG_SEAL_KEY", "")
SEAL_PUBLIC = os.environ.get("HENDIG_SEAL_PUBLIC", "").split()
# In no database and no backup: what unlocks the keys of the compartments.
ROOT_KEYS = Path(os.environ.get("HENDIG_ROOT_KEYS") or HOME / "root.keys")
DEBUG = False
SECURE = ORIGIN.startswith("https://")
# With a name before it, the door of one municipality of more (`people.queries.municipality_at`).
ALLOWED_HOSTS = ["." + ORIGIN.split("://", 1)[1].split(":", 1)[0], ".localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "hendig.web",
    "hendig.learning",
    "hendig.connections",
    "hendig.billing",
    "hendig.safety",
    "hendig.rights",
    "hendig.shares",
    "hendig.plans",
    "hendig.matching",
    "hendig.tents",
    "hendig.opentent",
    "hendig.helprequests",
    "hendig.directory",
    "hendig.circle",
    "hendig.files",
    "hendig.families",
    "hendig.keys",
    "hendig.people",
    "hendig.audit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "hendig.web.middleware.Unkept",
    "hendig.web.middleware.Once",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hendig.web.middleware.Who",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hendig.web.middleware.No",
]
if BENCH:
    # The floors of `hendig bench` answer before anything of ours does.
    MIDDLEWARE.insert(0, "hendig.operations.bench.floors.Bench")

ROOT_URLCONF = "hendig.web.urls"
ASGI_APPLICATION = "hendig.web.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "hendig.web.templatetags.hendig",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "hendig.web.shell.shell",
            ],
        },
    }
]

DATABASES = {"default": django_database(os.environ.get("HENDIG_DATABASE", "postgresql:///hendig"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

# Jobs: enqueued in the transaction of the change that needs them; `jobs.py` of each app holds them.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS: list[str] = []

SESSION_ENGINE = "hendig.people.adapters.sessions"
SESSION_COOKIE_NAME = "hendig"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hendig.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Signing in: allauth keeps passkeys, codes of an app, providers and sessions; who somebody is, is ours.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_METHODS = {"email"}
MFA_ADAPTER = "hendig.people.adapters.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # who types the code of a moment ago is not refused
MFA_WEBAUTHN_USER_VERIFICATION = "required"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ADAPTER = "hendig.people.adapters.broker.Adapter"
# How long somebody may do nothing before the means of signing in is asked again, in minutes; 0: never.
IDLE_MINUTES = int(os.environ.get("HENDIG_IDLE_MINUTES", "15"))
# A broker for DigiD, eHerkenning or Dezi, or the municipality's own provider, by OpenID Connect.
OIDC_ISSUER = os.environ.get("HENDIG_OIDC_ISSUER", "")
OIDC_NAME = os.environ.get("HENDIG_OIDC_NAME", "DigiD")
OIDC_LEVEL_CLAIM = os.environ.get("HENDIG_OIDC_LEVEL_CLAIM", "acr")
HIGH = "high,http://eidas.europa.eu/LoA/high"
OIDC_LEVELS = os.environ.get("HENDIG_OIDC_LEVELS", HIGH).split(",")
OIDC_FAMILY_LEVELS = os.environ.get(
    "HENDIG_OIDC_FAMILY_LEVELS", f"substantial,http://eidas.europa.eu/LoA/substantial,{HIGH}"
).split(",")
# Whether a code by mail is enough for families and neighbours; who works here always needs more. Where a
# broker is at hand the stricter way holds, unless the municipality says otherwise.
FAMILIES_BY_CODE = os.environ.get("HENDIG_FAMILIES_BY_CODE", "0" if OIDC_ISSUER else "1") == "1"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "broker",
                "name": OIDC_NAME,
                "client_id": os.environ.get("HENDIG_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("HENDIG_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

LANGUAGE_CODE = "nl"
# Each is named in itself. nl-je is Dutch that says je: a catalogue over the texts that say u.
LANGUAGES = [("nl", "Nederlands"), ("nl-je", "Nederlands (je)"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "hendig_language"
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "/static/"
# Where the static files were collected, compressed and named by their content; without it they are served as
# they lie in the source (tests, development).
STATIC_ROOT = os.environ.get("HENDIG_STATIC") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# What people bring stays in memory until it is sealed: nothing of it touches a disk on its way. What is
# larger than this as a whole is refused (web/asgi.py).
MOST_BYTES = 20_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MOST_BYTES
DATA_UPLOAD_MAX_NUMBER_FILES = 2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Where clamd listens for files to scan: the path of its socket, or host:port. Without it nothing is scanned.
CLAMD = os.environ.get("HENDIG_CLAMD", "")

# A folder into which others put e-invoices of partners, and from which the worker takes them. The folders
# booked/ and refused/ are made in it, with a text beside each file that was refused; and out/, with the
# answer to its sender (Peppol BIS 63): an access point sends what lies there and takes it away.
INVOICES = os.environ.get("HENDIG_INVOICES", "")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_SSL_REDIRECT = False
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}

EMAIL_HOST = os.environ.get("HENDIG_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("HENDIG_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("HENDIG_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HENDIG_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("HENDIG_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("HENDIG_MAIL_FROM", "hendig@localhost")
# To which address a mail goes back that nobody takes, with a token behind a plus; and the Maildir in which
# the mail server puts what comes there, if it does not hand it to `hendig mail bounces -`.
BOUNCES_TO = os.environ.get("HENDIG_BOUNCES_TO", "")
BOUNCES = os.environ.get("HENDIG_BOUNCES", "")
# Whom somebody can write to who connects a system, as the description of the API says it.
API_CONTACT = os.environ.get("HENDIG_API_CONTACT") or DEFAULT_FROM_EMAIL

# Nothing of a person ever reaches a log: requests are logged by route name and status, errors by type.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "hendig": {"level": "INFO"},
        "django.request": {"level": "CRITICAL"},
        "uvicorn.access": {"level": "WARNING"},
        "pypdf": {"level": "CRITICAL"},  # it would tell what is in a broken letter
    },
}
