"""The accounts app: logins, and the audit log."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects what ends logins when a password changes."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "accounts"

    def ready(self) -> None:
        from accounts import password_changes, sign_ins  # noqa: F401, PLC0415 - connect their signal receivers
