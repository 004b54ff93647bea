"""One settings file, from the environment. docs/operations.md lists every variable; a test keeps the list whole."""

import os
from datetime import timedelta

from xinfang.config.features import APPS
from xinfang.core import env, gateway_settings, logs, mailbox_settings, seal_settings
from xinfang.core.mode import MODES
from xinfang.vault.data_folder import OWNER_ONLY_UMASK

# Every process of the program reads this first, and those it starts inherit it: all they write is for its owner only.
os.umask(OWNER_ONLY_UMASK)

MODE = env.one_of("XINFANG_MODE", MODES, "production")
DATA = env.data_folder("XINFANG_DATA", MODE)
KEYS_DIR = env.key_folder("XINFANG_KEYS", DATA)
LOG_LEVEL = env.one_of("XINFANG_LOG_LEVEL", env.LOG_LEVELS, "INFO")
DEPARTMENT = env.text_setting("XINFANG_DEPARTMENT", "某自治区科学技术厅")
HTTPS = env.yes_or_no("XINFANG_HTTPS", False)
TRUSTED_PROXIES = env.networks("XINFANG_TRUSTED_PROXIES")
SECOND_FACTOR = env.one_of("XINFANG_SECOND_FACTOR", ("posts", "deciders", "everyone"), "posts")

# A page with a stack trace could show a petition, so DEBUG is never on.
DEBUG = False
ALLOWED_HOSTS = env.host_list("XINFANG_HOSTS", "127.0.0.1,localhost,[::1]")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    *APPS,
]

MIDDLEWARE = [
    "xinfang.core.logs.RequestLogMiddleware",  # first, so that it times everything and sees every answer
    "xinfang.core.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xinfang.web.rate_limits.RateLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "xinfang.accounts.middleware.SessionMiddleware",  # ends sessions that are over
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "xinfang.config.urls"
WSGI_APPLICATION = "xinfang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Compiled queries, cached primary keys, prepared inserts and SQLite commits that wait for the disk together
# (decision 0020).
FAST_PATHS = env.yes_or_no("XINFANG_FAST_PATHS", True)
DATABASES = {"default": env.database_settings("XINFANG_DATABASE_URL", DATA, fast=FAST_PATHS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and login
AUTH_USER_MODEL = "accounts.Staff"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "xinfang.accounts.actions.passwords.CharacterKindsValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "xinfang.accounts.actions.passwords.PasswordHistoryValidator"},
]
# Wrong passwords and codes lock the account for a while; xinfang/accounts/actions/lockout.py says for whom and when.
AXES_HANDLER = "xinfang.accounts.actions.lockout.LockoutHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # further attempts must not keep the owner out for ever
AXES_USERNAME_CALLABLE = "xinfang.accounts.actions.lockout.username_for_counting"
AXES_CLIENT_IP_CALLABLE = "xinfang.core.client_address.client_address"
AXES_CLIENT_STR_CALLABLE = "xinfang.accounts.actions.lockout.no_client_details"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "next", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are in our own registry, which their owner sees
AXES_ENABLE_ADMIN = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # the page about a lockout is our own, so its middleware has nothing to do

SESSION_ENGINE = "xinfang.accounts.actions.sessions"  # kept under the hash of the cookie
SESSION_IDLE_MINUTES = env.whole_number("XINFANG_SESSION_IDLE_MINUTES", 30, 5, 24 * 60)
SESSION_HOURS = env.whole_number("XINFANG_SESSION_HOURS", 12, 1, 7 * 24)
# With this beginning a browser takes the cookie from this host alone, over HTTPS alone, for all of its addresses.
_ONLY_THIS_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_ONLY_THIS_HOST}xinfang_session"
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_ONLY_THIS_HOST}xinfang_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "xinfang.web.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.yes_or_no("XINFANG_HSTS_SUBDOMAINS", False)
if HTTPS:
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    # TLS ends at the proxy in front; operations.md says that it must set this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The health check comes from beside the program, over plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        # Text becomes page content only through the one policy in static/js/trusted.js, which lets no script through.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }
}
# A petition of 10 MB must reach the form, which says in plain words how long a text may be.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
# Attachments: encrypted, outside everything that is served (xinfang/core/file_store.py).
FILES_DIR = DATA / "files"
# Licensed fonts for papers, if the office has any (xinfang/papers/pdf/fonts.py).
FONTS = env.readable_folder("XINFANG_FONTS")
UPLOAD_MB = env.whole_number("XINFANG_UPLOAD_MB", 50, 1, 900)
CLAMD = env.clamd("XINFANG_CLAMD")
# Scans are read by a worker of its own, where the office installed what reads (operations/actions/ocr_worker.py).
OCR = env.yes_or_no("XINFANG_OCR", False)
RATE_LIMITS = env.yes_or_no("XINFANG_RATE_LIMITS", True)
FILE_UPLOAD_HANDLERS = ["xinfang.attachments.upload_handler.BoundedUploadHandler"]

# The style sheet, scripts and pictures: served from the package, so no collecting step can be forgotten.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# E-mail
EMAIL = env.email_settings("XINFANG_EMAIL_URL")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text_setting("XINFANG_EMAIL_FROM", "xinfang@localhost")
# Without an address nothing is sent; notices still wait for their reader on the pages.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL else 'dummy'}.EmailBackend"
globals().update(EMAIL or {})

# The mailbox that is read (xinfang/mailbox). Nothing in it is answered, moved or deleted.
MAILBOX = mailbox_settings.mailbox("XINFANG_MAILBOX_URL", "XINFANG_MAILBOX_PASSWORD_FILE")

# Where seals are sent besides (decision 0049). Who owns the database must not be able to write there.
SEALS_FOLDER = seal_settings.seals_folder("XINFANG_SEALS_FOLDER")
SEALS_SYSLOG = seal_settings.syslog_server("XINFANG_SEALS_SYSLOG")
SEALS_EMAIL = seal_settings.seals_address("XINFANG_SEALS_EMAIL", mail=bool(EMAIL))

# Messages to petitioners who wished for them (decision 0047). Without a gateway none is offered.
SMS = gateway_settings.sms_gateway("XINFANG_SMS_URL", "XINFANG_SMS_TOKEN_FILE", "XINFANG_SMS_BODY", "XINFANG_SMS_OK")
QUIET_HOURS = gateway_settings.quiet_hours("XINFANG_QUIET_HOURS", "21:00-08:00")

# The regional petition system (docs/exchange.md). Without an address nothing is sent; packages can be carried there.
REGION_URL = env.region_url("XINFANG_REGION_URL")
REGION_TOKEN = env.region_token("XINFANG_REGION_TOKEN", REGION_URL)
REGION_CODE = env.digits_setting("XINFANG_REGION_CODE", "150000", 6)
REGION_DEPARTMENT = env.text_setting("XINFANG_REGION_DEPARTMENT", "")

# The department's seal server (docs/sealing.md). Without an address papers are sealed by hand.
SEAL_URL = env.region_url("XINFANG_SEAL_URL")
SEAL_TOKEN = env.region_token("XINFANG_SEAL_TOKEN", SEAL_URL)

# Where people find the window: printed as QR codes on receipts and the leaflet.
WINDOW_URL = env.window_url("XINFANG_WINDOW_URL")
# The window as a process and host of its own (decision 0046), and the folder of files between it and the desk.
PART = env.one_of("XINFANG_PART", ("both", "desk", "window"), "both")
WINDOW_QUEUE = env.queue_folder("XINFANG_WINDOW_QUEUE", needed=PART == "window")
# What is handed in past these numbers waits to be cleared, and isn't refused (xinfang/window/flood.py).
FLOOD_NETWORK = env.whole_number("XINFANG_FLOOD_NETWORK", 20, 1, 100_000)
FLOOD_SAME_TEXT = env.whole_number("XINFANG_FLOOD_SAME_TEXT", 10, 1, 100_000)

# Watching (xinfang/monitoring): the certificate of the pages, where a sign of life goes, where a drill restores to.
CERTIFICATE = env.readable_file("XINFANG_CERTIFICATE")
SIGN_OF_LIFE_URL = env.region_url("XINFANG_SIGN_OF_LIFE_URL")
REHEARSAL_DATABASE_URL = env.postgres_url("XINFANG_REHEARSAL_DATABASE_URL")

ERROR_TEMPLATE = "window/apart/error.html" if PART == "window" else ""
if PART == "window":
    # No database, no key folder, nobody who signs in: what isn't there can't be opened through a hole.
    DATABASES = {}
    ROOT_URLCONF = "xinfang.window.apart.urls"
    _PEOPLE = ("django.contrib.sessions", "django.contrib.auth", "django.contrib.messages", "xinfang.accounts")
    MIDDLEWARE = [m for m in MIDDLEWARE if not m.startswith(_PEOPLE)]
    TEMPLATES[0]["OPTIONS"] = {"context_processors": ["django.template.context_processors.request"]}

# Last, as it may make the folder and the key: a wrong setting further up has left nothing behind.
env.owner_only("XINFANG_DATA", DATA, KEYS_DIR)
SECRET_KEY_IS_GIVEN = bool(env.text_setting("XINFANG_SECRET_KEY"))
SECRET_KEY = env.secret_key("XINFANG_SECRET_KEY", DATA)

# Logs: one JSON line an event
LOGGING_CONFIG = None
logs.configure(LOG_LEVEL)
