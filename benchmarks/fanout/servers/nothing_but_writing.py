"""No contestant: joins what one turn brings and writes it to everybody, unframed. Shows what the load can take."""

import asyncio
import json
import os

from benchmarks.fanout.speaker import Json, Speaker

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

writers: set[asyncio.StreamWriter] = set()
waiting: list[str] = []


async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Lets everybody in."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(ACCEPTED)
    writers.add(writer)
    await reader.read()
    writers.discard(writer)
    writer.close()


async def tell(_room: str, message: Json) -> None:
    """Writes it with all that this turn of the loop brings."""
    if not waiting:
        asyncio.get_running_loop().call_soon(write)
    waiting.append(json.dumps(message, separators=(",", ":")))


def write() -> None:
    """Writes it to everybody."""
    joined = "".join(waiting).encode()
    waiting.clear()
    for writer in writers:
        writer.write(joined)


async def main() -> None:
    """Serves."""
    async with await asyncio.start_server(welcome, "127.0.0.1", int(os.environ["PORT"]), backlog=2048):
        await Speaker(tell).speak()


if __name__ == "__main__":
    asyncio.run(main())
