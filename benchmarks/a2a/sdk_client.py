"""Sends no-op messages to the agent at PEER_URL with the SDK's own client, and nothing of Callboard; prints figures as JSON."""

import argparse
import asyncio
import json
import time
from uuid import uuid4

import httpx
from a2a.client import ClientConfig, ClientFactory
from a2a.client.card_resolver import A2ACardResolver
from a2a.helpers import new_text_part
from a2a.types.a2a_pb2 import Message, Role, SendMessageRequest


async def main() -> None:
    """As many at once as `--at-once` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--peer", required=True)
    options = parser.parse_args()
    limits = httpx.Limits(max_connections=options.at_once)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as http:
        card = await A2ACardResolver(http, options.peer).get_agent_card()
        client = ClientFactory(ClientConfig(httpx_client=http, streaming=True)).create(card)
        places = asyncio.Semaphore(options.at_once)

        async def one() -> None:
            message = Message(message_id=uuid4().hex, role=Role.ROLE_USER, parts=[new_text_part("noop")])
            async with places:
                async for _ in client.send_message(SendMessageRequest(message=message)):
                    pass

        began, cpu_began = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one() for _ in range(options.tasks)))
        took, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    figures = {"tasks_per_second": options.tasks / took, "cpu_ms_per_task": 1_000 * cpu / options.tasks}
    print(
        json.dumps({"tasks": options.tasks, "seconds": round(took, 3), **{k: round(v, 2) for k, v in figures.items()}})
    )


if __name__ == "__main__":
    asyncio.run(main())
