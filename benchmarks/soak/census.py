"""Counts from inside a server what may leak: tasks, and objects of the classes that come and go with clients and work."""

import asyncio
import gc
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final

from django.apps import AppConfig

COUNTED: Final = (
    "Client",
    "Outbox",
    "Batch",
    "SocketConsumer",
    "SocketProtocol",
    "RoomFeed",
    "LongPoll",
    "Joined",
    "Coalescer",
    "Execution",
    "ASGIRequest",
)


class CensusConfig(AppConfig):
    """Writes a line of JSON to the file SOAK_CENSUS every SOAK_SECONDS, in the process that serves."""

    name = "benchmarks.soak"
    label = "soak"

    def ready(self) -> None:
        if path := os.environ.get("SOAK_CENSUS"):
            seconds = float(os.environ["SOAK_SECONDS"])
            threading.Thread(target=_write, args=(Path(path), seconds), name="census", daemon=True).start()


def _write(path: Path, seconds: float) -> None:
    from realtime import server  # noqa: PLC0415 - needs models, which are only there now

    while True:
        time.sleep(seconds)
        if here := server.running():
            gc.collect()
            found = Counter(type(one).__name__ for one in gc.get_objects())
            tasks = len(asyncio.all_tasks(here.hub.loop))
            counts = {name: found[name] for name in COUNTED}
            with path.open("a") as file:
                file.write(json.dumps({"at": time.time(), "tasks": tasks, "objects": counts}) + "\n")
