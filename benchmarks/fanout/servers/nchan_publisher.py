"""Publishes to nchan over HTTP on one persistent connection: nchan runs inside nginx, not inside this process."""

import asyncio
import json
import os
import re

from benchmarks.fanout.publisher import Json, Publisher

PIPELINED_REQUESTS = 32  # without an answer yet
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Poster:
    """One connection to nginx with several requests under way (HTTP pipelining): it answers them in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._free = asyncio.Semaphore(PIPELINED_REQUESTS)
        self._answers = asyncio.create_task(self._read_answers())

    async def publish(self, room: str, message: Json) -> None:
        """POSTs the message; waits while too many requests are unanswered."""
        body = json.dumps(message, separators=(",", ":")).encode()
        head = f"POST /pub/{room} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
        await self._free.acquire()
        self._writer.write(head.encode() + body)

    async def _read_answers(self) -> None:
        while True:
            answer = await self._reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(answer)
            await self._reader.readexactly(int(length[1]) if length else 0)
            if not answer.startswith(b"HTTP/1.1 20"):
                print(answer.decode())
                os._exit(1)  # the benchmark notices
            self._free.release()


async def main() -> None:
    """Publishes until the benchmark ends."""
    for _ in range(100):
        try:
            streams = await asyncio.open_connection("127.0.0.1", int(os.environ["PORT"]))
        except OSError:
            await asyncio.sleep(0.05)  # nginx is starting
        else:
            await Publisher(Poster(*streams).publish).run()


if __name__ == "__main__":
    asyncio.run(main())
