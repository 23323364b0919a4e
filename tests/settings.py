"""Callboard's settings for tests: the defaults, in a folder of their own."""

import atexit
import os
import shutil
import tempfile

# Whatever the shell says, the tests mean the defaults.
for name in (
    *("ALLOWED_HOSTS", "ALLOWED_ORIGINS", "DATABASE_URL", "DEBUG", "EXTRA_APPS", "HOST", "HTTPS"),
    *("PORT", "REDIS_URL"),
    *("RUNNER", "RUNNER_THREADS", "SECRET_KEY", "STUDIO_IMAGES", "STUDIO_PROCESSES", "STUDIO_SPEECH"),
    *("STUDIO_TEXT", "STUDIO_VIDEO"),
    *("STOP_GRACE_SECONDS", "TASK_SILENCE_LIMIT", "TASK_TIME_LIMIT"),
    *("LOG_FORMAT", "LOG_LEVEL", "METRICS_TOKEN", "SLOW_REQUEST_SECONDS"),
    *(
        "ACCESS_TOKEN_SECONDS",
        "ACTIVE_WORKFLOWS_PER_USER",
        "WORKFLOWS_PER_HOUR",
        *(
            "CHARACTERS_PER_FILM",
            "IDEA_LENGTH",
            "SCENES_PER_FILM",
            "SCRIPT_LENGTH",
            "SECONDS_PER_FILM",
            "SHOTS_PER_FILM",
        ),
        "LOGIN_FAILURES_PER_MINUTE",
        *("RETENTION_DAYS", "RETENTION_DAYS_OF_TAKES", "RETENTION_STATES", "STORED_MEGABYTES"),
        "REFRESH_REUSE_SECONDS",
        "REFRESH_TOKEN_SECONDS",
    ),
    *(name for name in os.environ if name.startswith(("OPENAI_", "REALTIME_", "REMOTE_"))),
):
    os.environ.pop(name, None)

# Child processes load these settings, too, and share the folder of the one that made it; each worker has its own.
mine = "CALLBOARD_TESTS_DATA_DIR_" + os.environ.get("PYTEST_XDIST_WORKER", "")
if mine not in os.environ:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:  # a test may set them for its children
        del os.environ[name]
    made = os.environ[mine] = tempfile.mkdtemp(prefix="callboard-tests-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
os.environ["DATA_DIR"] = os.environ[mine]

from project.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nothing real is behind it
