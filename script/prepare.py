"""Brings the database and the static files up to date, and makes the first superuser. Does nothing where all is well."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

STEP_COUNT = 6  # four in script/setup, two here


@contextlib.contextmanager
def one_sentence_errors() -> Iterator[None]:
    """Ends the process with a sentence where the reason lies outside of the program."""
    try:
        yield
    except ImproperlyConfigured as error:
        sys.exit(f"A setting is wrong: {error}")
    except DatabaseError as error:
        sys.exit(f"The database does not answer: {str(error).strip()}")
    except (CommandError, OSError) as error:
        sys.exit(f"Callboard cannot start: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def load_settings() -> None:
    """Sets Django up.

    Raises: ImproperlyConfigured with the setting's name.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()


def prepare() -> None:
    """Migrates, collects the static files, makes the superuser: each only where there is something to do."""
    with Path(settings.DATA_DIR, "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # servers that share the folder take turns; closing it releases it
        migrate()
        collect_static_files()
        make_first_superuser()
        forget_expired()


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step(5, "Database"), setup_log() as log:
            call_command("migrate", interactive=False, stdout=log)


def collect_static_files() -> None:
    stamp, made_of = Path(settings.STATIC_ROOT, ".stamp"), _static_sources()
    if stamp.is_file() and stamp.read_text() == made_of:
        return
    with step(6, "Static files"), setup_log() as log:
        call_command("collectstatic", interactive=False, clear=True, stdout=log)
        stamp.write_text(made_of)


def forget_expired() -> None:
    """Deletes the logins that have expired."""
    from accounts import logins  # noqa: PLC0415 - models exist once Django is set up

    logins.forget_expired()


def make_first_superuser() -> None:
    """`admin`, where there is no superuser yet; a password that is made up is told once.

    No password stays in the environment, which every child process would get.
    """
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - models exist once Django is set up

    given = os.environ.pop("CALLBOARD_ADMIN_PASSWORD", "")
    users = get_user_model()._default_manager  # noqa: SLF001 - Django's own name for it
    if users.filter(is_superuser=True).exists():
        forget_told_password()
        return
    password = given or secrets.token_urlsafe(12)
    users.create_superuser("admin", password=password)
    told = "the one in CALLBOARD_ADMIN_PASSWORD" if given else tell(password)
    print(f"\n  First user: admin\n  Password:   {told}\n", flush=True)


def tell(password: str) -> str:
    """Where to read the password: on the terminal; where there is none, in a file, since what is printed goes to a log."""
    if sys.stdout.isatty():
        return f"{password}  (shown only now)"
    path = _password_file()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{password}\n")
    return f"in {path}  (for its owner only; deleted at the first start after somebody has signed in with it)"


def forget_told_password() -> None:
    """Deletes the file with the password of `admin` once it has been used."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - models exist once Django is set up

    waits = get_user_model()._default_manager.filter(username="admin", last_login=None).exists()  # noqa: SLF001 - as above
    if not waits:
        _password_file().unlink(missing_ok=True)


def _password_file() -> Path:
    return Path(settings.DATA_DIR, "admin_password")


@contextlib.contextmanager
def step(number: int, label: str) -> Iterator[None]:
    """Shows what is being done, and how long it took."""
    print(f"[{number}/{STEP_COUNT}] {label} …", end="", flush=True)
    started = time.monotonic()
    yield
    print(f" {time.monotonic() - started:.0f} s", flush=True)


@contextlib.contextmanager
def setup_log() -> Iterator[object]:
    """The log of the set-up, to append to."""
    folder = Path(settings.DATA_DIR, "logs")
    folder.mkdir(exist_ok=True)
    with (folder / "setup.log").open("a") as log:
        yield log


def _static_sources() -> str:
    """A hash of what the static files are made of: every file of the built pages, and of the apps."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415 - asks for the settings

    digest = hashlib.sha256()
    found = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    for path in sorted(map(Path, found)):
        digest.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    with one_sentence_errors():
        load_settings()
        prepare()
