"""What every request over A2A passes first: limits, the version of the protocol, the host, and who it comes from.

An ASGI middleware. The application behind it finds the caller in `scope["state"]`, and a body that is there as a whole; it
is cancelled when the client goes away, or does not read what it is sent.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth.models import User
from django.http.request import split_domain_port, validate_host

from workflows.a2a import authentication
from workflows.a2a.handler import CALLER, Caller
from workflows.a2a.served import Served, served
from workflows.a2a.threads import in_thread
from workflows.tokens import OneWorkflowOnly

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

WRITE_SECONDS: Final = 30.0  # the longest that one write may block
PUBLIC_BYTES: Final = 10_000  # of the body of a request that needs none
VERSION: Final = ("1", "0")
AGENT_PATH: Final = re.compile(r"/a2a/(?P<agent>[^/]+)(?P<rest>/.*)?", re.DOTALL)
CARD_PATH: Final = "/.well-known/agent-card.json"
JSON_TYPES: Final = ("application/json", "application/a2a+json")


class Refused(Exception):
    """The request is not let in. `code` is that of JSON-RPC, `reason` that of the protocol's errors."""

    def __init__(self, http_status: int, name: str, message: str, *, code: int = -32600, reason: str = "") -> None:
        super().__init__(message)
        self.http_status, self.name, self.message = http_status, name, message
        self.code, self.reason = code, reason or name


class Asked(NamedTuple):
    """What a path asks for."""

    agent: str  # "" for the catalogue
    is_public: bool  # cards and the catalogue may be read without signing in
    is_json_rpc: bool


def _asked(scope: Scope) -> Asked:
    match = AGENT_PATH.fullmatch(scope["path"])
    agent, rest = (match["agent"], match["rest"] or "/") if match else ("", "")
    is_public = scope["method"] in ("GET", "HEAD") and (not agent or rest == CARD_PATH)
    return Asked(agent, is_public, scope["method"] == "POST" and rest == "/")


class Door:
    """The middleware."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._inside: Counter[int] = Counter()  # requests under way, by user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets one request in, or answers why not."""
        asked, body = _asked(scope), _Body(receive)
        try:
            await self._let_in(scope, asked, body, send)
        except Refused as refusal:
            with suppress(ClientGone):
                await _refuse(send, refusal, asked, await body.beginning())
        except ClientGone:
            pass

    async def _let_in(self, scope: Scope, asked: Asked, body: "_Body", send: Send) -> None:
        """Raises: Refused, ClientGone."""
        base = _base(scope)
        scope = {**scope, "state": {**scope.get("state", {}), "base": base}}
        if asked.is_public:
            await _Conversation(body.receive, send, await body.read(PUBLIC_BYTES)).hold(self._application, scope)
            return
        _check_form(scope)
        user = await _signed_in(scope)
        scope["state"][CALLER] = Caller(user, await _agent(asked.agent), base)
        with _Place(self._inside, user):
            whole = await body.read(settings.A2A_BODY_MEGABYTES * 1_000_000)
            await _Conversation(body.receive, send, whole).hold(self._application, scope)


class ClientGone(Exception):
    """The client has closed the connection."""


# --- what is looked at ------------------------------------------------------------------------------


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def _base(scope: Scope) -> str:
    """Where the server is for this client: "https://example.org"."""
    host = _header(scope, b"host")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        raise Refused(400, "INVALID_ARGUMENT", "This server is not known by that name: see ALLOWED_HOSTS.")
    return f"{'https' if settings.HTTPS else scope.get('scheme', 'http')}://{host}"


def _check_form(scope: Scope) -> None:
    """Checks the version (section 3.6) and the type of the body. Before the signing in: neither is a secret."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    spoken = _header(scope, b"a2a-version") or next(iter(query.get("A2A-Version", [])), "")
    if tuple(spoken.strip().split(".")[:2]) != VERSION:
        said = repr(spoken[:20]) if spoken else "none, which means 0.3"
        message = f"This server speaks A2A 1.0. The version that was asked for: {said} (header A2A-Version)."
        raise Refused(400, "FAILED_PRECONDITION", message, code=-32009, reason="VERSION_NOT_SUPPORTED")
    scope["headers"] = [*((k, v) for k, v in scope["headers"] if k.lower() != b"a2a-version"), (b"a2a-version", b"1.0")]
    given = _header(scope, b"content-type").partition(";")[0].strip().lower()
    if given and given not in JSON_TYPES and scope["method"] == "POST":
        message = f"A body is {' or '.join(JSON_TYPES)}, not {given[:100]}."
        raise Refused(400, "INVALID_ARGUMENT", message, code=-32005, reason="CONTENT_TYPE_NOT_SUPPORTED")


async def _signed_in(scope: Scope) -> User:
    try:
        user = await in_thread(authentication.user_of, _header(scope, b"authorization"))
    except OneWorkflowOnly as error:
        raise Refused(403, "PERMISSION_DENIED", error.message, code=-32040) from None
    if user is None:
        raise Refused(401, "UNAUTHENTICATED", "Sign in: send an access token as Authorization: Bearer …", code=-32043)
    return user


async def _agent(name: str) -> Served:
    agent = await in_thread(served, name)
    if agent is None:
        raise Refused(404, "NOT_FOUND", f"No agent is served as {name[:100]!r}; GET /a2a/ lists them.")
    return agent


class _Place:
    """One of the requests that a user may have under way in this process, while the block runs."""

    def __init__(self, taken: "Counter[int]", user: User) -> None:
        self._taken, self._user = taken, user.pk

    def __enter__(self) -> None:
        if self._taken[self._user] >= settings.A2A_REQUESTS_PER_USER:
            message = f"You have {settings.A2A_REQUESTS_PER_USER} requests under way, as many as one may."
            raise Refused(429, "RESOURCE_EXHAUSTED", message, code=-32041)
        self._taken[self._user] += 1

    def __exit__(self, *_: object) -> None:
        self._taken[self._user] -= 1
        if not self._taken[self._user]:
            del self._taken[self._user]


# --- the body ---------------------------------------------------------------------------------------


class _Body:
    """The body of a request, which is read only once it is known from whom it comes."""

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self._parts: list[bytes] = []
        self._size = 0
        self._is_whole = False
        self._is_refused = False

    async def read(self, limit: int) -> bytes:
        """All of it.

        Raises: Refused, when it is too large or too slow; ClientGone.
        """
        try:
            async with asyncio.timeout(settings.A2A_BODY_SECONDS):
                while not self._is_whole:
                    await self._read_on(limit)
        except TimeoutError:
            self._is_refused = True
            raise Refused(408, "DEADLINE_EXCEEDED", "The request took too long to arrive.") from None
        return b"".join(self._parts)

    async def _read_on(self, limit: int) -> None:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        self._parts.append(message.get("body", b""))
        self._size += len(self._parts[-1])
        if self._size > limit:
            self._is_refused = True
            raise Refused(413, "INVALID_ARGUMENT", f"A request has at most {limit:,} bytes.")
        self._is_whole = not message.get("more_body")

    async def beginning(self) -> bytes:
        """For a refusal, which names the request: what was read, or as much as a stranger may send.

        Raises: ClientGone.
        """
        if not self._is_refused:
            with suppress(Refused):
                await self.read(PUBLIC_BYTES)
        return b"".join(self._parts)


# --- the conversation with one client ---------------------------------------------------------------


class _Conversation:
    """A request whose body has arrived: what follows can only be that the client goes away."""

    def __init__(self, receive: Receive, send: Send, body: bytes) -> None:
        self._receive, self._send, self._body = receive, send, body
        self._is_read = False
        self._has_gone = asyncio.Event()

    async def hold(self, application: Application, scope: Scope) -> None:
        """Runs the application until it has answered, or the client has gone.

        Raises: ClientGone.
        """
        answering = asyncio.ensure_future(application(scope, self._next, self._write))
        watching = asyncio.ensure_future(self._watch())
        try:
            await asyncio.wait([answering, watching], return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                raise ClientGone
            answering.result()
        finally:
            for task in (answering, watching):
                task.cancel()
            await asyncio.gather(answering, watching, return_exceptions=True)

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._has_gone.set()

    async def _next(self) -> Message:
        if not self._is_read:
            self._is_read = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._has_gone.wait()
        return {"type": "http.disconnect"}

    async def _write(self, message: Message) -> None:
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._send(message)
        except TimeoutError:
            raise ClientGone from None


# --- refusals ---------------------------------------------------------------------------------------


async def _refuse(send: Send, refusal: Refused, asked: Asked, body: bytes) -> None:
    # An error of JSON-RPC that is the protocol's own comes with status 200, as all answers of methods do.
    is_ours = refusal.reason == refusal.name
    status = refusal.http_status if is_ours or not asked.is_json_rpc else 200
    content = json.dumps(_json_rpc(refusal, body) if asked.is_json_rpc else _status(refusal)).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="callboard"'
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})


def _details(refusal: Refused) -> list[Message]:
    info = "type.googleapis.com/google.rpc.ErrorInfo"
    return [{"@type": info, "reason": refusal.reason, "domain": "a2a-protocol.org", "metadata": {}}]


def _status(refusal: Refused) -> Message:
    return {
        "error": {
            "code": refusal.http_status,
            "status": refusal.name,
            "message": refusal.message,
            "details": _details(refusal),
        }
    }


def _json_rpc(refusal: Refused, body: bytes) -> Message:
    error = {"code": refusal.code, "message": refusal.message, "data": _details(refusal)}
    return {"jsonrpc": "2.0", "id": _request_id(body), "error": error}


def _request_id(body: bytes) -> str | int | None:
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return None
    given = request.get("id") if isinstance(request, dict) else None
    return given if isinstance(given, str | int) and not isinstance(given, bool) else None
