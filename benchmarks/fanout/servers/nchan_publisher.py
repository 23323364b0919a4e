"""Publishes to nchan over HTTP, on a connection that is kept: nchan's server is nginx, which this process is not."""

import asyncio
import json
import os
import re

from benchmarks.fanout.speaker import Json, Speaker

UNDER_WAY = 32  # requests
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Poster:
    """One connection to nginx, on which several requests may be under way: it answers them in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._places = asyncio.Semaphore(UNDER_WAY)
        self._answers = asyncio.create_task(self._read_answers())

    async def tell(self, room: str, message: Json) -> None:
        """POSTs; waits when too many requests are unanswered."""
        body = json.dumps(message, separators=(",", ":")).encode()
        head = f"POST /pub/{room} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
        await self._places.acquire()
        self._writer.write(head.encode() + body)

    async def _read_answers(self) -> None:
        while True:
            answer = await self._reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(answer)
            await self._reader.readexactly(int(length[1]) if length else 0)
            if not answer.startswith(b"HTTP/1.1 20"):
                print(answer.decode())
                os._exit(1)  # the harness notices
            self._places.release()


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
