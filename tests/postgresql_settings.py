"""The settings for tests, on the PostgreSQL of `test_on_postgresql.py`."""

import os

import dj_database_url

from tests.settings import *  # noqa: F403

DATABASES = {"default": dj_database_url.parse(os.environ["CALLBOARD_TESTS_POSTGRESQL_URL"])}
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 5  # as in project/settings.py
