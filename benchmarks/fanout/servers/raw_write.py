"""Not a real server: joins the messages of one turn of the event loop and writes them, unframed, to every connection.

Shows how much the load generator can take.
"""

import asyncio
import json
import os

from benchmarks.fanout.publisher import Json, Publisher

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

writers: set[asyncio.StreamWriter] = set()
waiting: list[str] = []


async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accepts every handshake, and keeps the connection until the client closes it."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(ACCEPTED)
    writers.add(writer)
    await reader.read()
    writers.discard(writer)
    writer.close()


async def publish(_room: str, message: Json) -> None:
    """Queues the message; all that this turn of the loop brings is written together."""
    if not waiting:
        asyncio.get_running_loop().call_soon(write)
    waiting.append(json.dumps(message, separators=(",", ":")))


def write() -> None:
    """Writes what is queued to every connection."""
    joined = "".join(waiting).encode()
    waiting.clear()
    for writer in writers:
        writer.write(joined)


async def main() -> None:
    """Serves."""
    async with await asyncio.start_server(accept, "127.0.0.1", int(os.environ["PORT"]), backlog=2048):
        await Publisher(publish).run()


if __name__ == "__main__":
    asyncio.run(main())
