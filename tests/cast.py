"""The people of the tests, and what each may. Run as a module it prepares DATA_DIR, and puts them into its database."""

import django

PASSWORD = "the show must go on"

# Alice and Bob are makers, Olga is an operator, Charlie may nothing beyond his own, Ada administrates.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "alice": (),
    "bob": (),
    "charlie": (),
    "olga": ("view_agent", "view_workflow", "control_workflow"),
    "ada": (),
}
ADMINISTRATORS = ("ada",)


def enter(name: str) -> "User":
    """The person, made if need be."""
    user, is_new = User.objects.get_or_create(username=name)
    if is_new:
        user.set_password(PASSWORD)
        user.is_staff = user.is_superuser = name in ADMINISTRATORS
        user.save()
        user.user_permissions.set(Permission.objects.filter(codename__in=PERMISSIONS[name]))
    return user


if __name__ == "__main__":
    django.setup()

from django.contrib.auth.models import Permission, User  # noqa: E402 - once Django is set up

from script.prepare import prepare  # noqa: E402

if __name__ == "__main__":
    prepare()
    for name in PERMISSIONS:
        enter(name)
