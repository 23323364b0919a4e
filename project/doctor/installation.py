"""Settings, host names and TLS, permissions of files, room on the disk."""

import os
import shutil
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core import checks

from project.backups.making import has_files
from project.doctor import Check, Finding, error, ok, warning
from workflows import retention, sqlite
from workflows.models import artifact_storage

MEGABYTE: Final = 1_000_000
LEAST_MEGABYTES, FEW_MEGABYTES = 200, 2_000  # free on the disk; a film of three scenes takes about 40
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def settings_are_sane() -> Iterator[Finding]:
    """Django's own checks, ours, and those for deployment where it is reached from elsewhere."""
    found = checks.run_checks(include_deployment_checks=settings.HTTPS)
    for message in found:
        if message.is_silenced() or message.level < checks.WARNING:
            continue
        say = error if message.level >= checks.ERROR else warning
        yield say(
            "settings", str(message.msg).splitlines()[0], message.hint or f"See Django's documentation of {message.id}."
        )
    if settings.DEBUG:
        say = warning if _is_local(settings.HOST) else error
        yield say(
            "settings", "DEBUG is on", "Set DEBUG=no: errors show the code and the settings to whoever causes one."
        )
    if not found and not settings.DEBUG:
        yield ok("settings", f"Callboard {settings.VERSION}")


def hosts_and_tls() -> Iterator[Finding]:
    """Whether it can be reached by the names that people use, and by nobody in between."""
    names = [name for name in settings.ALLOWED_HOSTS if not _is_local(name)]
    if "*" in settings.ALLOWED_HOSTS:
        yield warning("hosts", "ALLOWED_HOSTS is *", "Name the hosts: ALLOWED_HOSTS=callboard.example.org.")
    if settings.HTTPS and not names:
        yield error(
            "hosts", "HTTPS is on, but ALLOWED_HOSTS has only this machine", "Name the host that browsers ask for."
        )
    if not settings.HTTPS and (names or not _is_local(settings.HOST)):
        advice = "Put a reverse proxy with TLS before it, and set HTTPS=yes: passwords and tokens go in clear."
        yield warning("hosts", "reached from elsewhere without TLS", advice)
    if settings.HTTPS and (plain := [origin for origin in settings.ALLOWED_ORIGINS if origin.startswith("http:")]):
        yield warning(
            "hosts", f"{plain[0]} may use the API, without TLS", "Give its https:// address in ALLOWED_ORIGINS."
        )
    if not names and not settings.HTTPS and _is_local(settings.HOST):
        yield ok("hosts", "this machine only")
    elif settings.HTTPS and names:
        yield ok("hosts", f"{', '.join(names)}, with TLS")


def _is_local(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def files_are_private() -> Iterator[Finding]:
    """Whether this user can write to them, and others cannot read them."""
    data_dir = Path(settings.DATA_DIR)
    database = sqlite.database_file()
    private = [data_dir / "secret_key", *([database, Path(f"{database}-wal")] if database else [])]
    is_closed = not data_dir.stat().st_mode & stat.S_IXOTH and not data_dir.stat().st_mode & stat.S_IXGRP
    exposed = [path for path in private if path.exists() and path.stat().st_mode & OTHERS and not is_closed]
    for path in exposed:
        yield warning("files", f"others on this machine can read {path}", f"chmod 600 {path}; chmod 700 {data_dir}")
    folders = [data_dir, *([Path(artifact_storage().path(""))] if has_files() else [])]
    closed = [folder for folder in folders if folder.exists() and not os.access(folder, os.W_OK | os.X_OK)]
    for folder in closed:
        yield error("files", f"{folder} cannot be written to", f"Run as its owner, or chown it to user {os.getuid()}.")
    if not exposed and not closed:
        yield ok("files", str(data_dir))


def disk_has_room() -> Iterator[Finding]:
    """Where the data and the media are."""
    folders = [Path(settings.DATA_DIR), *([Path(artifact_storage().path(""))] if has_files() else [])]
    for folder in dict.fromkeys(folder for folder in folders if folder.exists()):
        usage = shutil.disk_usage(folder)
        free, said = usage.free / MEGABYTE, f"{usage.free / 1e9:.1f} of {usage.total / 1e9:.0f} GB free at {folder}"
        if free < FEW_MEGABYTES:
            say = error if free < LEAST_MEGABYTES else warning
            yield say("disk", said, "Make room: manage.py prune, or set RETENTION_DAYS or STORED_MEGABYTES.")
        else:
            yield ok("disk", said)
    stored = retention.stored_bytes() / MEGABYTE
    if settings.STORED_MEGABYTES and stored > settings.STORED_MEGABYTES:
        found = f"artifacts take {stored:.0f} MB of at most {settings.STORED_MEGABYTES}"
        yield warning("disk", found, "A runner deletes the oldest within six hours; manage.py prune does it now.")


CHECKS: dict[str, Check] = {
    "settings": settings_are_sane,
    "hosts": hosts_and_tls,
    "files": files_are_private,
    "disk": disk_has_room,
}
