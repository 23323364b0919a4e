"""Whoever was signed in with an earlier version stays signed in, and nobody else."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import EndedLogin, Login
from tests.accounts.test_rotation import renewed

BEFORE = [("accounts", None), ("realtime", "0002_admin_session")]
TABLES = (
    "CREATE TABLE token_blacklist_outstandingtoken (id integer PRIMARY KEY, token text, user_id integer)",
    "CREATE TABLE token_blacklist_blacklistedtoken (id integer PRIMARY KEY, token_id integer)",
)


def migrate(to: list[tuple[str, str | None]]) -> None:
    executor = MigrationExecutor(connection)
    executor.loader.build_graph()
    executor.migrate(to)


def latest() -> list[tuple[str, str | None]]:
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    return [(app, name) for app, name in leaves if app in ("accounts", "realtime")]


@pytest.fixture
def earlier_version(transactional_db: None) -> Iterator[None]:
    """The tables as they were."""
    migrate(BEFORE)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(table)
    yield
    migrate(latest())


def token(user: User, login: str) -> str:
    made = RefreshToken.for_user(user)
    made["login"] = login
    return str(made)


def test_who_was_signed_in_stays_so(alice: User, earlier_version: None) -> None:
    good, used, ended = (token(alice, login) for login in ("laptop", "laptop", "phone"))
    with connection.cursor() as cursor:
        for number, text in enumerate((good, used, ended, "nonsense")):
            cursor.execute("INSERT INTO token_blacklist_outstandingtoken VALUES (%s, %s, %s)", [number, text, alice.pk])
        cursor.execute("INSERT INTO token_blacklist_blacklistedtoken VALUES (1, 1)")
        cursor.execute("INSERT INTO realtime_endedlogin (login, until) VALUES ('phone', %s)", [timezone.now()])
    migrate(latest())
    assert "token_blacklist_outstandingtoken" not in connection.introspection.table_names()
    assert [renewed(each) is not None for each in (used, ended, good)] == [False, False, True]
    assert (Login.objects.get().pk, EndedLogin.objects.get().login) == ("laptop", "phone")
