"""Whoever changes a password, or disables a user, ends all sign-ins of that user: over the API, in the admin, by `changepassword`."""

from collections.abc import Collection
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from accounts import audit, logins

COLUMNS: Final = frozenset({"password", "is_active"})
_CHANGE: Final = "change_of_account"  # keys in the object's own dictionary
_KEPT: Final = "kept_login"


def change_password(user: User, password: str, *, keep: str) -> None:
    """Sets and saves it. Of the user's logins only `keep` goes on."""
    user.__dict__[_KEPT] = keep
    user.set_password(password)
    user.save(update_fields=["password"])


@receiver(pre_save, sender=User, dispatch_uid="accounts.compare")
def _compare(instance: User, raw: bool = False, update_fields: Collection[str] | None = None, **_: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    is_told = update_fields is None or COLUMNS & set(update_fields)
    if raw or instance._state.adding or not is_told:  # noqa: SLF001 - public in Django
        return
    before = User.objects.filter(pk=instance.pk).values_list("password", "is_active").first()
    if before is None:
        return
    if before[1] and not instance.is_active:
        instance.__dict__[_CHANGE] = "account_disabled"
    elif before[0] and before[0] != instance.password and not _is_only_hashed_anew(instance, update_fields):
        instance.__dict__[_CHANGE] = "password_changed"


def _is_only_hashed_anew(user: User, update_fields: Collection[str] | None) -> bool:
    """Whether it is the same password: Django hashes it in a newer way when somebody signs in with it."""
    is_new = user._password is not None or not user.has_usable_password()  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's own `save`
    return not is_new and set(update_fields or ()) == {"password"}


@receiver(post_save, sender=User, dispatch_uid="accounts.end_logins")
def _end_logins(instance: User, **_: Any) -> None:
    change, kept = instance.__dict__.pop(_CHANGE, ""), instance.__dict__.pop(_KEPT, "")
    if change:
        logins.end_all(instance, but=kept)
        name = instance.get_username()
        audit.record(change, user=name if kept else "", subject=name, outcome="signed out everywhere")
