"""Registers remote agents: the one way behind the command, the API and the admin."""

import asyncio
import re
import secrets
from datetime import datetime

import httpx
from django.conf import settings
from django.db import DataError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from agents import metrics
from agents.contract import AgentError, Json, described_skills
from agents.models import AGENT_NAME_PATTERN, Agent
from agents.remote import cards, credentials
from agents.remote.cards import Card
from agents.remote.config import read_config
from agents.remote.errors import Lost, NotRegistered, cleaned

URL_CHARACTERS = 500
NAME_CHARACTERS = 64
MOST_CONCURRENT = 10_000
FIRST_VERSIONS = 2**30
ENVIRONMENT_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def register(
    *, url: str, name: str = "", bearer_env: str = "", credential: str = "", max_concurrent: int | None = None
) -> Agent:
    """Reads the card of the agent at `url`, and makes it known to every process. Blocks until the card has come.

    `name` is its name here; "" for the one of its card. The token to sign in with stands in the environment variable
    `bearer_env`, or is `credential`, which is stored encrypted. One that is registered with the same name and URL gets
    these settings, and its card anew.

    Raises: NotRegistered.
    """
    columns = _checked(url, bearer_env, credential, max_concurrent)
    try:
        bearer = credentials.bearer(bearer_env=bearer_env, credential=columns["credential"])
        raw = asyncio.run(cards.fetch(url, bearer))
        card = cards.read(raw, url)
    except Lost as lost:
        raise NotRegistered(f"The agent card was not read. {lost.why}", retryable=True) from None
    except AgentError as error:
        raise NotRegistered(f"The agent card cannot be used. {error.message}", retryable=error.retryable) from None
    return _store(_name(name, card), columns | described(raw, card))


def remove(name: str) -> None:
    """Takes the remote agent out of use in every process; what it has in hand is not waited for.

    Raises: Agent.DoesNotExist; NotRegistered when it is no remote one.
    """
    row = Agent.objects.get(name=name)
    if row.kind != Agent.Kind.A2A:
        raise NotRegistered(f"{name} is part of the program: it can be switched off, but not removed.")
    row.delete()


def check_may_be_named(bearer_env: str) -> None:
    """For those who are not at the shell of the server: not every variable may be sent to an agent of their choice.

    Raises: NotRegistered.
    """
    if bearer_env and not credentials.may_be_named(bearer_env):
        patterns = ", ".join(read_config().bearer_envs)
        raise NotRegistered(f"A token may only come from environment variables with names like {patterns}.")


def described(raw: Json, card: Card) -> Json:
    """The columns of a row that say what its card says."""
    return {"description": card.description, "card": raw, "skills": list(described_skills(card.skills))}


def heard(now: datetime) -> Json:
    """The columns that say that the agent has answered."""
    return {"card_checked_at": now, "last_seen_at": now, "is_reachable": True, "problem": ""}


def _checked(url: str, bearer_env: str, credential: str, max_concurrent: int | None) -> Json:
    """The columns that the caller sets."""
    _check_url(url, is_signed_in=bool(bearer_env or credential))
    if bearer_env and credential:
        raise NotRegistered("Name an environment variable or give a credential, not both.")
    if bearer_env and not ENVIRONMENT_VARIABLE.fullmatch(bearer_env):
        raise NotRegistered("An environment variable has at most 100 letters, digits and underscores.")
    if credential and not credentials.is_token(credential):
        raise NotRegistered("A credential is one word of printable ASCII characters.")
    columns: Json = {"url": url, "bearer_env": bearer_env, "credential": credentials.encrypted(credential)}
    if max_concurrent is None:
        return columns
    if not 1 <= max_concurrent <= MOST_CONCURRENT:
        raise NotRegistered(f"It may have 1 to {MOST_CONCURRENT:,} tasks at once.")
    return {**columns, "max_concurrent": max_concurrent}


def _check_url(url: str, *, is_signed_in: bool) -> None:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise NotRegistered("This is no URL.") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or len(url) > URL_CHARACTERS:
        raise NotRegistered(f"The URL begins with http:// or https://, and has at most {URL_CHARACTERS} characters.")
    if parsed.userinfo or parsed.query or parsed.fragment:
        # They would stand in logs and on pages.
        raise NotRegistered("The URL must hold no password, no query and no fragment.")
    if is_signed_in and parsed.scheme == "http" and not settings.REMOTE_PRIVATE_ADDRESSES:
        raise NotRegistered("A credential is only sent over https.")


def _name(asked: str, card: Card) -> str:
    name = asked or slugify(card.name)[:NAME_CHARACTERS].strip("-_")
    if not re.fullmatch(AGENT_NAME_PATTERN, name):
        raise NotRegistered(
            f"{cleaned(name, characters=80)!r} is no name for an agent: a-z, 0-9, _ and -, at most {NAME_CHARACTERS} characters. "
            "Give it another one."
        )
    return name


def _store(name: str, columns: Json) -> Agent:
    columns = columns | heard(timezone.now())
    try:
        with transaction.atomic():
            row, is_new = Agent.objects.select_for_update().get_or_create(
                # Another version than that of one of this name that was removed just now, and that some process may still use.
                name=name,
                defaults={"kind": Agent.Kind.A2A, "version": secrets.randbelow(FIRST_VERSIONS), **columns},
            )
            if not is_new:
                _check_is_the_same(row, columns["url"])
                Agent.objects.filter(pk=row.pk).update(**columns, version=F("version") + 1)
                row.refresh_from_db()
    except DataError:
        raise NotRegistered("The agent card holds something that cannot be stored.") from None
    metrics.announce(name)
    return row


def _check_is_the_same(row: Agent, url: str) -> None:
    if row.kind != Agent.Kind.A2A or row.url != url:
        raise NotRegistered(f"There is another agent with the name {row.name}. Give this one a name of its own.")
