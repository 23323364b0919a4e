"""Reads compressed frames (RFC 7692, with context takeover): slow, for the one contestant that compresses."""

import zlib

TAIL = b"\x00\x00\xff\xff"


class Inflate:
    """The decompressor of one connection. Frames from a server are not masked."""

    def __init__(self) -> None:
        self._waiting = b""
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def __call__(self, data: bytes) -> bytes:
        """The text of all frames that are complete by now."""
        self._waiting += data
        texts = []
        while (frame := self._next_frame()) is not None:
            is_compressed, payload = frame
            texts.append(self._inflate.decompress(payload + TAIL) if is_compressed else payload)
        return b"".join(texts)

    def _next_frame(self) -> tuple[bool, bytes] | None:
        waiting = self._waiting
        if len(waiting) < 2:
            return None
        more = {126: 2, 127: 8}.get(waiting[1], 0)  # bytes of an extended length
        begin = 2 + more
        size = int.from_bytes(waiting[2:begin], "big") if more else waiting[1]
        if len(waiting) < begin + size:
            return None
        self._waiting = waiting[begin + size :]
        return bool(waiting[0] & 0x40), waiting[begin : begin + size]
