"""Reads compressed frames (RFC 7692, with context takeover): slowly; only one candidate compresses."""

import zlib

TAIL = b"\x00\x00\xff\xff"


class Inflate:
    """The decompressor of one connection. Frames from a server are not masked."""

    def __init__(self) -> None:
        self._pending = b""
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def __call__(self, data: bytes) -> bytes:
        """The payloads of all frames that are complete by now."""
        self._pending += data
        texts = []
        while (frame := self._next_frame()) is not None:
            is_compressed, payload = frame
            texts.append(self._inflate.decompress(payload + TAIL) if is_compressed else payload)
        return b"".join(texts)

    def _next_frame(self) -> tuple[bool, bytes] | None:
        pending = self._pending
        if len(pending) < 2:
            return None
        more = {126: 2, 127: 8}.get(pending[1], 0)  # bytes of an extended length
        begin = 2 + more
        size = int.from_bytes(pending[2:begin], "big") if more else pending[1]
        if len(pending) < begin + size:
            return None
        self._pending = pending[begin + size :]
        return bool(pending[0] & 0x40), pending[begin : begin + size]
