"""The WebSocket consumer: parses messages, calls, answers. No ORM, no rules."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, assert_never

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts.addresses import address_key
from agents.errors import CallboardError, DatabaseUnavailable
from realtime import controls, server, subscriptions
from realtime.connection import authentication
from realtime.connection.authentication import Identity
from realtime.connection.client import Client
from realtime.metrics import INVALID, UNKNOWN, counters
from realtime.wire import messages
from realtime.wire.errors import (
    AuthenticationRequired,
    CannotWelcome,
    CloseCode,
    Disconnect,
    FrameTooBig,
    InternalError,
    InvalidMessage,
    ProtocolError,
    ShuttingDown,
    UnknownMessage,
)
from realtime.wire.messages import (
    Authenticate,
    AuthenticatedMessage,
    ClientMessage,
    ClientPing,
    ClientPong,
    ControlRequest,
    PongMessage,
    Subscribe,
    Unsubscribe,
    WelcomeMessage,
)
from realtime.wire.types import Limits, Target, moment
from workflows.persistence import OUTAGES

log = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class SocketConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One client's connection."""

    channel_layer_alias = None  # the hub has one channel for all
    client: Client

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serves the connection until it ends, and leaves nothing behind."""
        self.server = server.current()
        self.hub = self.server.hub
        self._serving = asyncio.current_task()
        self._address = address_key(authentication.host_of(scope))
        self.client = Client(self.hub.config, self._send_text, self._send_close, self._over)
        with self.server.serving():
            try:
                await super().__call__(scope, receive, send)
            except asyncio.CancelledError:
                if self._serving is not None:  # cancelled from outside, not by `_over`
                    raise
            finally:
                self._leave()

    def _leave(self) -> None:
        self.hub.leave_all(self.client)
        self.server.address_slots.leave(self._address, self.client)
        if self.client.identity is not None:
            self.server.user_slots.leave(self.client.identity.account, self.client)
        self.client.closed()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Calls the method for an ASGI message. Channels would visit a thread first, to close database connections."""
        match message["type"]:
            case "websocket.connect":
                await self._opened()
            case "websocket.receive":
                await self._received(message)
            case "websocket.disconnect":
                self.client.client_close_code = message.get("code") or 1005
                raise StopConsumer

    def _over(self) -> None:
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.cancel()

    async def _send_text(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})

    async def _send_close(self, code: CloseCode, reason: str) -> None:
        await self.base_send({"type": "websocket.close", "code": int(code), "reason": reason})

    # --- connecting --------------------------------------------------------------------------------

    async def _opened(self) -> None:
        # Accept, then refuse: before that, every close code would be an HTTP 403.
        await self.accept(authentication.chosen_subprotocol(self.scope))
        self.client.outbox.open()
        self.hub.connect(self.client)
        self.client.opened()
        try:
            if self.hub.is_closing.is_set():
                raise ShuttingDown  # noqa: TRY301
            authentication.check_handshake(self.scope)
            if token := authentication.token_of(self.scope):
                await self._welcome(token)
            elif self._address:
                self.server.address_slots.take(self._address, self.client)
        except Disconnect as error:
            self.client.end(error)
        except Exception:
            log.exception("A client could not be welcomed.", extra=self.client.facts())
            self.client.end(CannotWelcome())

    async def _welcome(self, token: str) -> None:
        identity = await self.hub.reads.identify(token)
        self.server.user_slots.take(identity.account, self.client)
        self.server.address_slots.leave(self._address, self.client)
        self.client.identity = identity
        log.info("A client has authenticated.", extra=self.client.facts())
        config = self.hub.config
        self.client.send(
            WelcomeMessage(
                client_id=self.client.id,
                heartbeat_seconds=config.heartbeat_seconds,
                limits=Limits(subscriptions=config.subscriptions, messages_per_minute=config.messages_per_minute),
                token_expires_at=moment(identity.expires_at),
            )
        )
        if subscription := self._subscription_of_route():
            await self._answering(subscription)

    def _subscription_of_route(self) -> Subscribe | None:
        route = self.scope.get("url_route", {}).get("kwargs", {})
        target: Target | None = route.get("target")
        return Subscribe(target=target, id=route.get("id", "")) if target else None

    # --- messages of the client ---------------------------------------------------------------------

    async def _received(self, frame: dict[str, Any]) -> None:
        self.client.touch()
        if self.client.disconnect_reason is not None:
            return
        try:
            message = self._parse(frame)
        except UnknownMessage as error:
            log.info("A client sent a message of the unknown type %r.", error.message, extra=self.client.facts())
        except Disconnect as error:
            self.client.end(error)
        except ProtocolError as error:
            self.client.refuse(error, error.ref)
        else:
            await self._answering(message)

    def _parse(self, frame: dict[str, Any]) -> ClientMessage:
        text = frame.get("text")
        size = len(text.encode("utf-8", "surrogatepass")) if text is not None else len(frame.get("bytes") or b"")
        if size > self.hub.config.frame_bytes:
            counters.received(INVALID)
            raise FrameTooBig(f"A frame may have {self.hub.config.frame_bytes} bytes at most.")
        try:
            if text is None:
                raise InvalidMessage("The message is not text.")
            message = messages.decode(text)
        except ProtocolError as error:
            counters.received(UNKNOWN if isinstance(error, UnknownMessage) else INVALID)
            self.client.limit.count()
            raise
        counters.received(str(message.__struct_config__.tag))
        if isinstance(message, Authenticate):
            self.client.authentications.count()
        elif not isinstance(message, ClientPong):
            self.client.limit.count()
        return message

    async def _answering(self, message: ClientMessage) -> None:
        ref = getattr(message, "ref", None)
        try:
            await self._answer(message)
        except Disconnect as error:
            self.client.end(error)
        except CallboardError as error:
            self.client.refuse(error, ref)
        except OUTAGES as error:
            log.warning("A message could not be answered: %s", error, extra=self.client.facts())
            self.client.refuse(DatabaseUnavailable(), ref)
        except Exception:
            log.exception("A message could not be answered.", extra=self.client.facts())
            self.client.refuse(InternalError(), ref)

    async def _answer(self, message: ClientMessage) -> None:
        match message:
            case ClientPing():
                self.client.send(PongMessage())
            case ClientPong():
                pass
            case Authenticate():
                await self._authenticate(message)
            case Subscribe():
                await subscriptions.subscribe(self.hub, self.client, self._identity(), message)
            case Unsubscribe():
                self._identity()
                subscriptions.unsubscribe(self.hub, self.client, message)
            case ControlRequest():
                await controls.control(self.hub, self.client, self._identity(), message)
            case _:
                assert_never(message)

    def _identity(self) -> Identity:
        if self.client.identity is None:
            raise AuthenticationRequired
        return self.client.identity

    async def _authenticate(self, message: Authenticate) -> None:
        former = self.client.identity
        if former is None:
            await self._welcome(message.token)
            return
        try:
            identity = await self.hub.reads.identify(message.token)
        except Disconnect as error:  # the old token is still good: the connection goes on
            self.client.limit.count()
            raise AuthenticationRequired(error.message) from None
        if identity.user_id != former.user_id:
            raise AuthenticationRequired("That token is somebody else's; connect anew with it.")
        if identity.grant != former.grant:
            raise AuthenticationRequired("That token is good for something else; connect anew with it.")
        self.client.identity = identity
        revoked = [room.label for room in await subscriptions.revoke(self.hub, self.client, identity)]
        until = moment(identity.expires_at)
        self.client.send(AuthenticatedMessage(token_expires_at=until, revoked=revoked, ref=message.ref))
