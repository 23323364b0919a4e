"""Publishes to nchan over HTTP, on a connection that is kept: nchan's server is nginx, which this process is not."""

import asyncio
import json
import os
import re

from benchmarks.fanout.speaker import Json, Speaker

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Poster:
    """One connection to nginx."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def tell(self, room: str, message: Json) -> None:
        """POSTs, and waits for the answer.

        Raises: ConnectionError when nginx does not take it.
        """
        body = json.dumps(message, separators=(",", ":")).encode()
        head = f"POST /pub/{room} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(answer)
        await self._reader.readexactly(int(length[1]) if length else 0)
        if not answer.startswith(b"HTTP/1.1 20"):
            raise ConnectionError(answer[:100].decode())


async def main() -> None:
    """Publishes until the harness is gone."""
    for _ in range(100):
        try:
            streams = await asyncio.open_connection("127.0.0.1", int(os.environ["PORT"]))
        except OSError:
            await asyncio.sleep(0.05)  # nginx is starting
        else:
            await Speaker(Poster(*streams).tell).speak()


if __name__ == "__main__":
    asyncio.run(main())
