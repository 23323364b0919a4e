"""What must not be reachable by others: a server that shows its errors, or whose key can be guessed. Refused at the start."""

from ipaddress import ip_address
from typing import Final

LEAST_CHARACTERS: Final = 50  # of a secret key, as Django's check security.W009 has it
LEAST_DIFFERENT: Final = 5
INSECURE_PREFIX: Final = "django-insecure-"


def problem(*, host: str, https: bool, debug: bool, secret_key: str) -> str:
    """Why the server must not start with these settings, in a sentence that says what to do; "" when it may."""
    if _is_loopback(host) and not https:
        return ""
    where = f"HOST is {host!r}" if not _is_loopback(host) else "HTTPS is 'yes'"
    if debug:
        return f"DEBUG is 'yes' while {where}: it would show its errors, with settings, to everybody; set DEBUG=no."
    if is_weak(secret_key):
        return (
            f"SECRET_KEY can be guessed while {where}: set one that is long and random (openssl rand -base64 48), "
            "or none, and one is made and kept in DATA_DIR."
        )
    return ""


def is_weak(secret_key: str) -> bool:
    """Whether it is short, monotonous or one of an example."""
    is_short = len(secret_key) < LEAST_CHARACTERS or len(set(secret_key)) < LEAST_DIFFERENT
    return is_short or secret_key.startswith(INSECURE_PREFIX)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
