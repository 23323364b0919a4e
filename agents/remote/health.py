"""Looks after the remote agents: reads their cards again and again, and says who does not answer, and why.

Of many processes one looks at an agent at a time: whoever moves `card_checked_at` on.
"""

import asyncio
import logging
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from agents import metrics
from agents.contract import AgentError, Json
from agents.models import Agent
from agents.remote import cards, credentials
from agents.remote.cards import Card
from agents.remote.config import read_config
from agents.remote.errors import Lost, UnusableCard
from agents.remote.registration import described, heard

log = logging.getLogger(__name__)

CHECKS_AT_ONCE = 16


async def check_agents() -> None:
    """One round: reads the card of each remote agent that was not looked at for CHECK_SECONDS. Raises nothing.

    Call it every few seconds; a round that is still going on does no harm.
    """
    try:
        due = await asyncio.to_thread(_taken)
    except Exception:
        log.exception("Remote agents could not be checked.")
        return
    places = asyncio.Semaphore(CHECKS_AT_ONCE)

    async def check(row: Agent) -> None:
        async with places:
            await check_agent(row)

    await asyncio.gather(*map(check, due))


async def check_agent(row: Agent) -> None:
    """Reads the card of this agent now, and writes down what comes of it. Raises nothing."""
    try:
        changes = await _seen(row)
    except Lost as lost:
        changes = _missed(row, lost.why)
    except AgentError as error:
        changes = _missed(row, error.message)
    except Exception:
        log.exception("A remote agent could not be checked.", extra={"agent": row.name})
        return
    try:
        await asyncio.to_thread(_write, row, changes)
    except Exception:
        log.exception("The check of a remote agent could not be stored.", extra={"agent": row.name})


def _taken() -> list[Agent]:
    """The agents that it is time to check, as far as no other process was faster."""
    pause, now = timedelta(seconds=read_config().check_seconds), timezone.now()
    is_due = Q(card_checked_at=None) | Q(card_checked_at__lte=now - pause)
    # Sooner where something is wrong: it is said in time, and taken back soon.
    is_urgent = Q(card_checked_at__lte=now - pause / 2) & ~Q(problem="")
    return [row for row in Agent.objects.filter(is_due | is_urgent, kind=Agent.Kind.A2A) if _took(row)]


def _took(row: Agent) -> bool:
    mine = Agent.objects.filter(pk=row.pk, card_checked_at=row.card_checked_at)
    return mine.update(card_checked_at=timezone.now()) == 1


async def _seen(row: Agent) -> Json:
    """What is to be written when the agent answers; its skills with it, where its card has changed.

    Raises: Lost, AgentError, UnusableCard.
    """
    raw = await cards.fetch(row.url, credentials.bearer(bearer_env=row.bearer_env, credential=row.credential))
    card = cards.read(raw, row.url)
    changed = {} if _is_the_same(row, card) else {**described(raw, card), "version": F("version") + 1}
    return {**heard(timezone.now()), **changed}


def _is_the_same(row: Agent, card: Card) -> bool:
    """Whether the card says the same as before, as far as it is used: a date in it is no reason to make all anew."""
    try:
        return cards.read(row.card or {}, row.url) == card
    except UnusableCard:
        return False


def _missed(row: Agent, why: str) -> Json:
    """It is out of reach when it has not answered for OFFLINE_SECONDS."""
    silent_since = timezone.now() - timedelta(seconds=read_config().offline_seconds)
    is_over = row.last_seen_at is None or row.last_seen_at <= silent_since
    return {"problem": why[:500], **({"is_reachable": False} if is_over else {})}


def _write(row: Agent, changes: Json) -> None:
    # Unless it was registered anew meanwhile: then this is of yesterday.
    if Agent.objects.filter(pk=row.pk, version=row.version).update(**changes):
        is_news = changes.get("is_reachable", row.is_reachable) != row.is_reachable or "version" in changes
        if is_news or changes["problem"] != row.problem:
            metrics.announce(row.name)
