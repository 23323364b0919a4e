"""Callboard's settings. Whatever differs between installations comes from the environment (`project/env.py`)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from agents.animatic import limits
from agents.animatic.novels.limits import LONGEST_NOVEL
from agents.prices import unpriced
from project import __version__, env, exposure

VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent
os.umask(0o077)  # what is written, by any process of ours, is for its user alone
DATA_DIR = env.private_folder("DATA_DIR", BASE_DIR / "var")

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY_IS_GIVEN = bool(env.secret("SECRET_KEY"))  # and not kept in a file
SECRET_KEY = env.secret("SECRET_KEY") or env.kept_secret(DATA_DIR / "secret_key", get_random_secret_key)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.whole("PORT", 8000, least=1)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{HOST}")
# Full origins ("https://example.org"). Empty: a browser's page must come from the host that it talks to.
ALLOWED_ORIGINS = env.origins("ALLOWED_ORIGINS")
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
CSRF_FAILURE_VIEW = "project.api_errors.csrf_failure"

INSTALLED_APPS = [
    "daphne",  # first, so that its runserver wins
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "agents",
    "workflows",
    "realtime",
    "project",  # for its management commands
    # Whose `ready()` may register agents and pipelines of their own: see docs/crew.md.
    *env.apps("EXTRA_APPS"),
]

MIDDLEWARE = [
    "project.requests.observed",  # first: it measures all others
    "corsheaders.middleware.CorsMiddleware",  # first: a preflight is answered before anything else is looked at
    "django.middleware.security.SecurityMiddleware",
    "project.content_security.ContentSecurityPolicy",
    "project.static_files.StaticFiles",  # WhiteNoise
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "project" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- database -------------------------------------------------------------------------------------

DATABASE_URL = env.secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'callboard.sqlite3'}"
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(DATABASE_URL, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue instead of failing: the lock is taken when a transaction begins, and waited for.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
    # A file for the tests too: threads that share an in-memory database fail instead of waiting for each other.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
elif DATABASES["default"]["ENGINE"].endswith("postgresql") and env.flag("DATABASE_PREPARES", default=True):
    # The statements of `workflows.statements` are planned once in each connection: a task takes a third less.
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 5

# --- channel layer --------------------------------------------------------------------------------

REDIS_URL = env.secret("REDIS_URL")
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            # redis-py >= 8 gives up on an idle read after 5 s, and 100 connections leave ghosts behind. With protocol 3 it
            # writes out each message that comes, for a line of its debug log: a tenth of what a busy process did.
            "hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 10_000, "protocol": 2}],
            "capacity": 10_000,
        },
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
}

# --- the wire (docs/protocol.md) ------------------------------------------------------------------

REALTIME: dict[str, float] = {
    "HEARTBEAT_SECONDS": env.seconds("REALTIME_HEARTBEAT_SECONDS", 30, least=0.01),  # between the server's pings
    "SILENCE_SECONDS": env.seconds("REALTIME_SILENCE_SECONDS", 75, least=0.01),  # then a client is disconnected
    "FIRST_MESSAGE_SECONDS": env.seconds("REALTIME_FIRST_MESSAGE_SECONDS", 10, least=0.01),  # to authenticate
    "TOKEN_WARNING_SECONDS": env.seconds("REALTIME_TOKEN_WARNING_SECONDS", 60),  # before a token expires
    "SUBSCRIPTIONS": env.whole("REALTIME_SUBSCRIPTIONS", 10, least=1),  # rooms per client
    "MESSAGES_PER_MINUTE": env.whole("REALTIME_MESSAGES_PER_MINUTE", 100, least=1),  # from one client
    "REFUSALS_PER_MINUTE": env.whole("REALTIME_REFUSALS_PER_MINUTE", 20, least=1),  # then the client is disconnected
    "CONNECTIONS_PER_USER": env.whole("REALTIME_CONNECTIONS_PER_USER", 20, least=1),  # to this process
    "CONNECTIONS_PER_ADDRESS": env.whole("REALTIME_CONNECTIONS_PER_ADDRESS", 50, least=1),  # not authenticated yet
    "FRAME_BYTES": env.whole("REALTIME_FRAME_BYTES", 64 * 1024, least=1024),  # from a client
    "REPLAY_EVENTS": env.whole("REALTIME_REPLAY_EVENTS", 1000),  # with more, a snapshot is sent instead
    "OUTBOX_MESSAGES": env.whole("REALTIME_OUTBOX_MESSAGES", 1000, least=1),  # waiting for one client
    "OUTBOX_BYTES": env.whole("REALTIME_OUTBOX_BYTES", 1024 * 1024, least=1024),
    "WRITE_SECONDS": env.seconds("REALTIME_WRITE_SECONDS", 5, least=0.01),  # the longest that one write may block
    "RECHECK_SECONDS": env.seconds("REALTIME_RECHECK_SECONDS", 5, least=0.01),  # between two checks of permissions
    "POLL_SECONDS": env.seconds("REALTIME_POLL_SECONDS", 25),  # the longest wait of a long poll
    "COALESCE_SECONDS": env.seconds("REALTIME_COALESCE_SECONDS", 0.004),  # how long a busy room coalesces messages
    "COALESCE_BUSY_SECONDS": env.seconds("REALTIME_COALESCE_BUSY_SECONDS", 0.05),  # and at most, while it stays busy
    "DRAIN_SECONDS": env.seconds(
        "REALTIME_DRAIN_SECONDS", 3
    ),  # over which a stopping server spreads the closing of its sockets
    "TICK_SECONDS": env.seconds(
        "REALTIME_TICK_SECONDS", 1, least=0.01
    ),  # between two rounds of heartbeats and timeouts
}

# permessage-deflate (uvicorn). It saves bytes on a slow line, but costs much CPU time and memory: see docs/benchmarks.md.
COMPRESS_SOCKETS = env.flag("REALTIME_COMPRESSION", default=False)

# --- users and their tokens -----------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
REFRESH_TOKEN_SECONDS = env.seconds("REFRESH_TOKEN_SECONDS", 14 * 86_400, least=1)
# For which a refresh token that was used is good again: a page that was left lost the answer. Later, its use ends the login.
REFRESH_REUSE_SECONDS = env.seconds("REFRESH_REUSE_SECONDS", 30)
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=env.seconds("ACCESS_TOKEN_SECONDS", 900, least=1)),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=REFRESH_TOKEN_SECONDS),
}
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = int(REFRESH_TOKEN_SECONDS)
AUTHENTICATION_BACKENDS = ["accounts.sign_ins.ThrottledBackend"]
# The longest life of a workflow token. Never longer than that of a sign-in, with which it ends.
WORKFLOW_TOKEN_SECONDS = min(env.whole("WORKFLOW_TOKEN_SECONDS", 86_400, least=1), int(REFRESH_TOKEN_SECONDS))
# Who may show the embed pages in a frame: origins, "self", or "*" for all. "none": there are no embed pages.
EMBED_ANCESTORS = env.ancestors("EMBED_ANCESTORS")
LOGIN_FAILURES_PER_MINUTE = env.whole("LOGIN_FAILURES_PER_MINUTE", 20, least=1)  # of one address
LOGIN_FAILURES_PER_ACCOUNT = env.whole("LOGIN_FAILURES_PER_ACCOUNT", 10, least=1)  # from one place, in 15 minutes
AUDIT_DAYS = env.whole("AUDIT_DAYS", 365)  # that entries of the audit log are kept; 0: for ever
LOGIN_URL = "admin:login"
METRICS_TOKEN = env.secret("METRICS_TOKEN")  # lets Prometheus read /metrics from another machine

# --- A2A (docs/a2a.md) ------------------------------------------------------------------------------

A2A_AGENTS = env.words("A2A_AGENTS")  # only these are served, by name; empty: all agents, and `coordinator`
A2A_TOKEN = env.secret("A2A_TOKEN")  # does not expire; signs machines in as A2A_USER
A2A_USER = env.text("A2A_USER", "a2a")
A2A_BODY_MEGABYTES = env.whole("A2A_BODY_MEGABYTES", 64, least=1)  # of one request, with the files in it
A2A_BODY_SECONDS = env.seconds("A2A_BODY_SECONDS", 60, least=0.01)  # in which it has to arrive
A2A_REQUESTS_PER_USER = env.whole(
    "A2A_REQUESTS_PER_USER", 1_000, least=1
)  # under way in this process, streams included

# --- HTTP -----------------------------------------------------------------------------------------

# Pages of other origins: those that may open sockets may use the API, with tokens. Not what a cookie of the admin opens.
CORS_ALLOWED_ORIGINS = ALLOWED_ORIGINS
CORS_URLS_REGEX = r"^/api/(?!auth/(admin|session)/)"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST")
CORS_ALLOW_HEADERS = ("authorization", "content-type", "if-range", "range")
CORS_EXPOSE_HEADERS = ("accept-ranges", "content-disposition", "content-range", "etag", "retry-after", "x-request-id")
CORS_PREFLIGHT_MAX_AGE = 86_400  # seconds; browsers keep it for two hours at most

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["project.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["project.json_bodies.StorableJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 25,
    "EXCEPTION_HANDLER": "project.api_errors.as_error_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Callboard",
    "DESCRIPTION": "A live control room for agentic video workflows.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",  # its schemas are JSON Schema, as those of the socket
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],  # it is public: no token is looked at
    "SWAGGER_UI_DIST": "SIDECAR",  # from this server: browsers take scripts from nowhere else
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["realtime.wire.export.openapi.complete"],
}
FILE_UPLOAD_PERMISSIONS = None  # as the umask says
# What a request may have, and how long it may take. See project/request_bodies.py and project/connections.py.
REQUEST_BODY_BYTES = env.whole(
    "REQUEST_BODY_BYTES", 8 * 1024 * 1024, least=1024
)  # a book of 2,000,000 characters fits, of up to four bytes each
ANONYMOUS_BODY_BYTES = env.whole("ANONYMOUS_BODY_BYTES", 64 * 1024, least=1024)  # without a valid token
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = REQUEST_BODY_BYTES  # so nothing is spooled to a file
REQUEST_HEADER_SECONDS = env.seconds("REQUEST_HEADER_SECONDS", 10, least=0.01)  # in which a header has to arrive
REQUEST_BODY_SECONDS = env.seconds("REQUEST_BODY_SECONDS", 60, least=0.01)  # likewise, a body
RESPONSE_WRITE_SECONDS = env.seconds("RESPONSE_WRITE_SECONDS", 30, least=0.01)  # in which a client has to read on
HTTP_CONNECTIONS_PER_ADDRESS = env.whole("HTTP_CONNECTIONS_PER_ADDRESS", 300, least=1)  # that are no sockets

STATIC_URL = "/static/"
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/assets/.+-[\w-]{8}\.\w+$"  # Vite names its files after their content
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns when it is missing
FRONTEND_DIST = env.folder("FRONTEND_DIST", DATA_DIR / "frontend" / "dist")
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
S3_SECRET_ACCESS_KEY = env.secret("S3_SECRET_ACCESS_KEY")
ARTIFACTS_STORAGES: dict[str, dict[str, Any]] = {
    "files": {
        "BACKEND": "workflows.artifacts.storage.AtomicFileSystemStorage",
        "OPTIONS": {"location": env.folder("MEDIA_DIR", DATA_DIR / "media")},
    },
    "s3": {
        "BACKEND": "workflows.artifacts.s3.S3ArtifactStorage",
        "OPTIONS": {
            "bucket_name": env.text("S3_BUCKET", "callboard"),
            "location": env.text("S3_PREFIX"),
            "endpoint_url": env.text("S3_ENDPOINT_URL") or None,  # Amazon's
            "region_name": env.text("S3_REGION") or None,
            # Without keys boto3 looks for them: its own variables, the role of the machine.
            "access_key": env.text("S3_ACCESS_KEY_ID") or None,
            "secret_key": S3_SECRET_ACCESS_KEY or None,
            "default_acl": None,
            "file_overwrite": True,  # names are made of ids: asking first whether there is one costs a request
        },
    },
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "artifacts": ARTIFACTS_STORAGES[env.choice("MEDIA_STORAGE", "files", ("files", "s3"))],
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# --- runner and studio ----------------------------------------------------------------------------

# local: this server runs the workflows. none: it only shows them, and workers run them. celery: it sends hints to Celery's workers.
RUNNER = env.choice("RUNNER", "local", ("local", "none", "celery"))
RUNNER_THREADS = env.whole("RUNNER_THREADS", 4, least=1)  # attempts at once
TASK_TIME_LIMIT = env.seconds("TASK_TIME_LIMIT", 0)  # of one attempt, for all skills; 0: what each skill says
TASK_SILENCE_LIMIT = env.seconds("TASK_SILENCE_LIMIT", 0)  # likewise, between two signs of life
INPUT_SECONDS = env.seconds("INPUT_SECONDS", 86_400, least=1)  # for which an agent's question waits for an answer
STOP_GRACE_SECONDS = env.seconds("STOP_GRACE_SECONDS", 10)  # to stop by itself, for an attempt that was asked to
# Celery carries hints, which may be lost or come twice (workflows/runners/celery.py).
CELERY_BROKER_URL = env.secret("CELERY_BROKER_URL") or REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_POOL = "threads"  # an agent draws in processes of its own, and waits for providers
CELERY_WORKER_CONCURRENCY = RUNNER_THREADS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a hint that a busy worker holds is of no use to an idle one
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING holds
if RUNNER == "celery" and (not CELERY_BROKER_URL or DATABASES["default"]["ENGINE"].endswith("sqlite3")):
    raise ImproperlyConfigured("RUNNER is 'celery', which needs PostgreSQL (DATABASE_URL) and a broker (REDIS_URL).")
ACTIVE_WORKFLOWS_PER_USER = env.whole("ACTIVE_WORKFLOWS_PER_USER", 20, least=1)
PICTURES_PER_HOUR = env.whole("PICTURES_PER_HOUR", 120, least=1)  # that one user may bring
WORKFLOWS_PER_HOUR = env.whole("WORKFLOWS_PER_HOUR", 120, least=1)  # that one user may start
AGENT_TASKS_PER_USER = env.whole("AGENT_TASKS_PER_USER", 1_000, least=1)  # active single tasks of agents, over A2A
AGENT_TASKS_PER_HOUR = env.whole("AGENT_TASKS_PER_HOUR", 20_000, least=1)  # likewise, that one user may start
TASKS_PER_WORKFLOW = env.whole("TASKS_PER_WORKFLOW", 12_500, least=1)  # a shot takes five, a scene about thirty
# How large one film may be. Texts of more than these many characters are not tried: see tests/animatic/hostile.py.
IDEA_LENGTH = env.whole("IDEA_LENGTH", limits.LONGEST_IDEA, least=1, most=limits.LONGEST_IDEA)
SCRIPT_LENGTH = env.whole("SCRIPT_LENGTH", limits.LONGEST_SCRIPT, least=1, most=limits.LONGEST_SCRIPT)
NOVEL_LENGTH = env.whole("NOVEL_LENGTH", LONGEST_NOVEL, least=1, most=LONGEST_NOVEL)
SCENES_PER_FILM = env.whole("SCENES_PER_FILM", limits.USUAL.scenes, least=1)
CHARACTERS_PER_FILM = env.whole("CHARACTERS_PER_FILM", limits.USUAL.characters, least=1)  # who speak
SHOTS_PER_FILM = env.whole("SHOTS_PER_FILM", limits.USUAL.shots, least=1)
SECONDS_PER_FILM = env.whole("SECONDS_PER_FILM", limits.USUAL.seconds, least=1)
STORED_MEGABYTES_PER_USER = env.whole("STORED_MEGABYTES_PER_USER", 20_000, least=1)
STORED_MEGABYTES = env.whole("STORED_MEGABYTES", 0)  # of all artifacts; the oldest go when there are more; 0: no limit
RETENTION_DAYS = env.whole("RETENTION_DAYS", 0)  # after its end a workflow is deleted, with its files; 0: never
RETENTION_STATES = env.words("RETENTION_STATES")  # of workflows to which that applies; empty: all that have ended
if unknown := set(RETENTION_STATES) - {"completed", "failed", "cancelled"}:
    raise ImproperlyConfigured(f"RETENTION_STATES has {min(unknown)!r}; expected completed, failed or cancelled.")
RETENTION_DAYS_OF_TAKES = env.whole("RETENTION_DAYS_OF_TAKES", 0)  # likewise, takes that were not chosen; 0: never
STUDIO_PROCESSES = env.whole("STUDIO_PROCESSES", 0)  # that draw, and as many again that read text; 0: one per core
STUDIO_PROCESS_MEGABYTES = env.whole("STUDIO_PROCESS_MEGABYTES", 512, least=128)  # of memory, each
STUDIO_TEXT_SECONDS = env.seconds("STUDIO_TEXT_SECONDS", 20, least=1)  # that work on one text may compute
STUDIO_TEXT = env.choice("STUDIO_TEXT", "offline", ("offline", "openai"))
STUDIO_IMAGES = env.choice("STUDIO_IMAGES", "offline", ("offline", "openai"))
STUDIO_VIDEO = env.choice("STUDIO_VIDEO", "offline", ("offline", "openai"))
STUDIO_SPEECH = env.choice("STUDIO_SPEECH", "offline", ("offline", "flite", "piper", "openai", "off"))
PIPER_VOICES = env.folder("PIPER_VOICES", DATA_DIR / "piper")  # NAME.onnx and NAME.onnx.json of each voice
OPENAI_API_KEY = env.secret("OPENAI_API_KEY")
OPENAI_BASE_URL = env.text("OPENAI_BASE_URL", "https://api.openai.com/v1")
OPENAI_TEXT_MODEL = env.text("OPENAI_TEXT_MODEL")
OPENAI_IMAGE_MODEL = env.text("OPENAI_IMAGE_MODEL")
OPENAI_VIDEO_MODEL = env.text("OPENAI_VIDEO_MODEL")
OPENAI_SPEECH_MODEL = env.text("OPENAI_SPEECH_MODEL")
# Voices of that model: the narrator's, then "f:", "m:" and "c:" for women, men and children.
OPENAI_SPEECH_VOICES = env.words("OPENAI_SPEECH_VOICES", "alloy,f:nova,f:shimmer,f:coral,m:onyx,m:echo,m:ash,c:fable")
OPENAI_TIMEOUT_SECONDS = env.seconds("OPENAI_TIMEOUT_SECONDS", 120, least=0.1)
# From where pictures are fetched that a model gives by address, besides the provider itself; "*" stands for anything.
OPENAI_FILE_HOSTS = env.words("OPENAI_FILE_HOSTS", "oaidalleapiprodscus.blob.core.windows.net")
OPENAI_REQUESTS_PER_MINUTE = env.whole("OPENAI_REQUESTS_PER_MINUTE", 60, least=1)
# What models cost, see agents/prices.py; and what they may cost for one film, 0: anything.
OPENAI_PRICES = env.prices("OPENAI_PRICES")
PRICE_CURRENCY = env.currency("PRICE_CURRENCY", "USD")
BUDGET_PER_FILM = env.amount("BUDGET_PER_FILM", 0.0)
_MODELS_IN_USE = (
    (STUDIO_TEXT, OPENAI_TEXT_MODEL, ("prompt_tokens",)),
    (STUDIO_IMAGES, OPENAI_IMAGE_MODEL, ("pictures", "prompt_tokens")),
    (STUDIO_VIDEO, OPENAI_VIDEO_MODEL, ("video_seconds",)),
    (STUDIO_SPEECH, OPENAI_SPEECH_MODEL, ("speech_characters",)),
)
_priced = [(model, counted) for studio, model, counted in _MODELS_IN_USE if studio == "openai" and model]
if BUDGET_PER_FILM and (unknown_prices := unpriced(_priced, OPENAI_PRICES)):
    raise ImproperlyConfigured(
        f"BUDGET_PER_FILM is set, but OPENAI_PRICES has no price of {', '.join(unknown_prices)}: no film would reach it."
    )

# --- remote agents (docs/a2a.md) ------------------------------------------------------------------

# Whether agents, and files that they link to, may be at addresses of this machine and its networks.
REMOTE_PRIVATE_ADDRESSES = env.flag("REMOTE_PRIVATE_ADDRESSES", default=False)
REMOTE: dict[str, Any] = {
    "CONNECT_SECONDS": env.seconds("REMOTE_CONNECT_SECONDS", 10, least=0.01),  # to resolve a name, and to connect
    "SILENCE_SECONDS": env.seconds(
        "REMOTE_SILENCE_SECONDS", 60, least=0.01
    ),  # of an answer; of a stream, then it is asked
    "LOST_SECONDS": env.seconds(
        "REMOTE_LOST_SECONDS", 90, least=0.01
    ),  # out of reach in the middle of a task, then it failed
    "POLL_SECONDS": env.seconds(
        "REMOTE_POLL_SECONDS", 2, least=0.01
    ),  # between two looks at a task that is not streamed
    "DOWNLOAD_SECONDS": env.seconds("REMOTE_DOWNLOAD_SECONDS", 300, least=0.01),  # for one file
    "TIME_LIMIT": env.seconds("REMOTE_TIME_LIMIT", 3_600, least=0.01),  # of one attempt
    "CHECK_SECONDS": env.seconds("REMOTE_CHECK_SECONDS", 30, least=0.01),  # between two readings of a card
    "OFFLINE_SECONDS": env.seconds("REMOTE_OFFLINE_SECONDS", 75, least=0.01),  # without an answer, then it is offline
    "MESSAGE_BYTES": env.whole("REMOTE_MESSAGE_BYTES", 16 * 1024 * 1024, least=1024),  # of one answer, or event
    "SEND_BYTES": env.whole("REMOTE_SEND_BYTES", 45 * 1024 * 1024, least=1024),  # of the files that a task sends along
    "ARTIFACT_BYTES": env.whole("REMOTE_ARTIFACT_BYTES", 256 * 1024 * 1024, least=1024),  # of one file that it gives
    "TASK_BYTES": env.whole("REMOTE_TASK_BYTES", 1024 * 1024 * 1024, least=1024),  # of all that it gives in one attempt
    "MEDIA_TYPES": env.words(
        "REMOTE_MEDIA_TYPES",
        "image/*,video/*,audio/*,text/*,application/json,application/pdf,application/zip,application/octet-stream",
    ),  # of files that it gives
    # Variables with tokens that may be named in the API and the admin: others would be sent to whoever is registered.
    "BEARER_ENVS": env.words("REMOTE_BEARER_ENVS", "AGENT_TOKEN_*"),
}

# --- the rest -------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Behind TLS: HTTPS=yes.
HTTPS = env.flag("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # probes ask for them without TLS, straight on this machine
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if problem := exposure.problem(host=HOST, https=HTTPS, debug=DEBUG, secret_key=SECRET_KEY):
    raise ImproperlyConfigured(problem)
# HSTS for subdomains and preload lists is the decision of the domain's owner.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

SLOW_REQUEST_SECONDS = env.seconds("SLOW_REQUEST_SECONDS", 2)  # a request that takes longer is logged; 0: none is
# Where traces go, by OTLP over HTTP (requirements-otel.txt); empty: there are none. The exporter knows more variables of its own.
OTEL_EXPORTER_OTLP_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT")

LOG_FORMAT = env.choice("LOG_FORMAT", "text", ("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": f"project.logs.{LOG_FORMAT.capitalize()}Lines",
            "secrets": [SECRET_KEY, METRICS_TOKEN, A2A_TOKEN, OPENAI_API_KEY, S3_SECRET_ACCESS_KEY],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # They log every URL, and a URL may be signed or hold a password.
    # fontTools tells at INFO of every table that it leaves out.
    # The SDK of A2A says at WARNING what each client did wrong, and at ERROR, with a traceback, that it sent no JSON.
    "loggers": {
        **{name: {"level": "WARNING"} for name in ("httpx", "httpcore", "httpx2", "httpcore2", "a2a", "fontTools")},
        **{name: {"level": "CRITICAL"} for name in ("a2a.server", "a2a.utils")},
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))},
}
