"""The sessions of Django's admin, in rows that say whose they are (SESSION_ENGINE)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts import models

LOGIN_KEY = "login"


class SessionStore(DatabaseStore):
    """Django's, with a model of ours (https://docs.djangoproject.com/en/5.2/topics/http/sessions/#extending-database-backed-session-engines)."""

    @classmethod
    def get_model_class(cls) -> type[models.AdminSession]:
        """The rows."""
        return models.AdminSession

    def create_model_instance(self, data: dict[str, Any]) -> models.AdminSession:
        """A row that can be found by its login and its user."""
        row: models.AdminSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.login, row.user_id = str(data.get(LOGIN_KEY, "")), str(data.get(SESSION_KEY, ""))
        return row
