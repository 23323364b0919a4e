"""The way to agents and their files: guarded, with the bounds and time-outs of `settings.REMOTE`."""

from collections.abc import Mapping

import httpx
from django.conf import settings

from agents import tracing
from agents.guarded_http import Rules, guarded_client
from agents.remote.config import read_config
from agents.remote.errors import Misbehaved


def http_client(*, most_bytes: int, bearer: str = "", headers: Mapping[str, str] | None = None) -> httpx.AsyncClient:
    """A client for one job, which reads at most `most_bytes` of an answer, or of one event of a stream. Close it.

    `bearer` goes along with every request: ask nobody else with this client. Raises besides httpx's errors: Misbehaved.
    """
    config = read_config()
    signed = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    rules = Rules(most_bytes=most_bytes, may_be_private=settings.REMOTE_PRIVATE_ADDRESSES, refusal=Misbehaved)
    timeout = httpx.Timeout(config.silence_seconds, connect=config.connect_seconds)
    return guarded_client(rules, timeout=timeout, headers={**tracing.headers(), **signed, **(headers or {})})
