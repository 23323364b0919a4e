"""The way to what others named: an HTTP client that goes nowhere but where it may, and reads no more than it may.

No redirects, no proxies, no cookies of others, no compression. A name is resolved once, and the connection is made to the very
addresses that were looked at (against DNS rebinding); addresses that are not public are refused unless `may_be_private`.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

ADDRESSES_TRIED = 4
ALLOCATED_IPV6 = IPv6Network("2000::/3")
BLANK_LINES = (b"\n\n", b"\r\n\r\n", b"\r\r")

# Threads of their own: whoever answers slowly to names must not hold up those who wait for the database.
_resolvers = ThreadPoolExecutor(8, "remote-names")


class Misdirected(Exception):
    """Where it leads, or what it answers, is nothing that this client takes."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a client may do. `refusal` makes of a sentence what is raised."""

    most_bytes: int  # of an answer, or of one event of a stream
    may_be_private: bool
    refusal: Callable[[str], Exception] = Misdirected


def guarded_client(
    rules: Rules, *, timeout: httpx.Timeout, headers: Mapping[str, str] | None = None
) -> httpx.AsyncClient:
    """A client for one job. Close it. Raises besides httpx's errors what `rules.refusal` makes."""
    return httpx.AsyncClient(
        transport=_GuardedTransport(rules),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        # A bound on what is read holds for what comes over the line; unpacked, it would be anything.
        headers={"Accept-Encoding": "identity", "User-Agent": "callboard", **(headers or {})},
    )


def is_public(address: str) -> bool:
    """Whether an IP address belongs to somebody in the internet, not to this machine, its network or nobody."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        return is_public(str(inner)) if inner else ip in ALLOCATED_IPV6 and ip.is_global
    return ip.is_global and not ip.is_multicast


@cache
def _tls() -> ssl.SSLContext:
    """Made once: it reads all certificates of the system."""
    return httpx.create_ssl_context()


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were looked at."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolves the name, and tries its addresses in their order."""
        failed: Exception = httpcore.ConnectError(f"{host} has no address.")
        for address in await _addresses_of(host, port, timeout, self._rules):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise httpcore.ConnectError(f"{path} is no address of somebody else.")

    async def sleep(self, seconds: float) -> None:
        """Between httpcore's own attempts."""
        await asyncio.sleep(seconds)


async def _addresses_of(host: str, port: int, seconds: float | None, rules: Rules) -> list[str]:
    """The addresses of the host.

    Raises: a refusal when one of them is not public; httpcore.ConnectError, httpcore.ConnectTimeout.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            found = await loop.run_in_executor(_resolvers, _resolved, host, port)
    except TimeoutError:
        raise httpcore.ConnectTimeout(f"{host} could not be resolved in time.") from None
    except (OSError, UnicodeError):
        raise httpcore.ConnectError(f"There is no host {host}.") from None
    # One bad address is enough: which of them is taken would otherwise be up to whoever answers for the name.
    if not rules.may_be_private and not all(map(is_public, found)):
        raise rules.refusal(f"{host} leads to a private address (REMOTE_PRIVATE_ADDRESSES does not allow that).")
    return found[:ADDRESSES_TRIED]


def _resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport on a guarded network; every answer is bounded."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._rules = rules
        # httpx lets nobody choose the network of its pool, so the pool is replaced: an internal name of httpx 0.28.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            max_keepalive_connections=4,
            keepalive_expiry=30.0,
            network_backend=_GuardedNetwork(rules),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, which raises a refusal where it is read too far."""
        answer = await super().handle_async_request(request)
        if answer.headers.get("content-encoding", "identity") != "identity":
            await answer.aclose()
            raise self._rules.refusal("It sent a compressed answer, which was not asked for.")
        is_stream = "text/event-stream" in answer.headers.get("content-type", "")
        if isinstance(answer.stream, httpx.AsyncByteStream):
            answer.stream = _Bounded(answer.stream, self._rules, is_stream=is_stream)
        return answer


class _Bounded(httpx.AsyncByteStream):
    """The bytes of an answer, as many as there may be: in all, or of a stream those from one blank line to the next."""

    def __init__(self, stream: httpx.AsyncByteStream, rules: Rules, *, is_stream: bool) -> None:
        self._stream = stream
        self._rules = rules
        self._is_stream = is_stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size, before = 0, b""
        async for chunk in self._stream:
            size += len(chunk)
            if self._is_stream:
                seen = before + chunk
                ends = [at + len(blank) for blank in BLANK_LINES if (at := seen.rfind(blank)) >= 0]
                size = len(seen) - max(ends) if ends else size
                before = seen[-3:]
            if size > self._rules.most_bytes:
                raise self._rules.refusal(f"It sent more than {self._rules.most_bytes:,} bytes at once.")
            yield chunk

    async def aclose(self) -> None:
        """Ends the connection, if the answer was not read to its end."""
        await self._stream.aclose()
