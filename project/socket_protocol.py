"""How uvicorn writes to sockets: a text that many get is made a frame once.

The frames of a server are not masked (RFC 6455, section 5.1), so that without compression all clients get the same bytes.
"""

from typing import TYPE_CHECKING, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol; whatever is not a text for an open, writable socket it does in its own way."""

    async def send(self, message: "ASGISendEvent") -> None:
        text = cast("str | None", message.get("text"))
        if text is None or not self._takes_frames():
            await super().send(message)
        else:
            self.transport.write(_last.frame_of(text))

    def _takes_frames(self) -> bool:
        conn = self.conn
        is_open = conn.state is State.OPEN and not (self.disconnected or self.close_sent)
        return is_open and self.writable.is_set() and not conn.extensions


class _LastFrame:
    """The last text, and its frame. A room writes one text to all its watchers, one after the other."""

    def __init__(self) -> None:
        self._text, self._frame = "", b""

    def frame_of(self, text: str) -> bytes:
        """The frame of the text; of the very same object as last time, the same one."""
        if text is not self._text:
            self._text, self._frame = text, Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
        return self._frame


_last = _LastFrame()
