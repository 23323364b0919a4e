"""Takes over who is signed in from the versions that kept refresh tokens as they are, and drops those tables.

Sessions of the admin are not taken over: the pages open a new one.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import jwt
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

OUTSTANDING, BLACKLISTED = "token_blacklist_outstandingtoken", "token_blacklist_blacklistedtoken"


def take_over(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    ended = take_over_ended_logins(apps)
    if OUTSTANDING not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT token FROM {OUTSTANDING} WHERE id NOT IN (SELECT token_id FROM {BLACKLISTED})")  # noqa: S608
        tokens = [row[0] for row in cursor.fetchall()]
        for claims in filter(None, map(claims_of, tokens)):
            if claims["login"] not in ended:
                keep(apps, claims)
        cursor.execute(f"DROP TABLE {BLACKLISTED}")
        cursor.execute(f"DROP TABLE {OUTSTANDING}")
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="token_blacklist").delete()


def take_over_ended_logins(apps: StateApps) -> set[str]:
    kept = apps.get_model("accounts", "EndedLogin").objects
    rows = apps.get_model("realtime", "EndedLogin").objects.values("login", "until")
    for row in rows.iterator():
        kept.get_or_create(login=row["login"], defaults=row)
    return {row["login"] for row in rows}


def claims_of(token: str) -> dict[str, Any] | None:
    """None for a token that is past its time, or of a version without logins. Nobody shows it: it needs no check."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        is_good = claims["exp"] > datetime.now(UTC).timestamp() and claims["jti"] and claims["login"]
    except (jwt.PyJWTError, KeyError, TypeError):
        return None
    return claims if is_good else None


def keep(apps: StateApps, claims: dict[str, Any]) -> None:
    user = apps.get_model("auth", "User").objects.filter(pk=claims["user_id"]).first()
    if user is None:
        return
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    issued_at = datetime.fromtimestamp(claims["iat"], UTC)
    times = {"created_at": issued_at, "last_used_at": issued_at, "expires_at": expires_at}
    login, _ = apps.get_model("accounts", "Login").objects.get_or_create(
        pk=claims["login"], defaults={"user": user, **times}
    )
    apps.get_model("accounts", "RotatedToken").objects.get_or_create(
        pk=sha256(str(claims["jti"]).encode()).hexdigest(), defaults={"login": login, "expires_at": expires_at}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("realtime", "0002_admin_session"),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
