"""The settings for tests, on the PostgreSQL that `on_postgresql.py` is given."""

import os

import dj_database_url

from tests.settings import *  # noqa: F403

DATABASES = {"default": dj_database_url.parse(os.environ["CALLBOARD_TESTS_POSTGRESQL_URL"])}
