"""The same client for programs without an event loop: its own runs in a thread, so that nothing is written twice."""

import asyncio
import math
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from callboard_client.aio import TIMEOUT_SECONDS, AsyncClient
from callboard_client.types import (
    Action,
    Artifact,
    ControlAnswer,
    EventsPage,
    Export,
    Json,
    May,
    Page,
    Snapshot,
    WorkflowToken,
)

CLOSING_SECONDS: Final = 5.0

Found = TypeVar("Found")


class Client:
    """`AsyncClient` without `await`, to be used in a `with` block."""

    def __init__(
        self, url: str, *, token: str = "", username: str = "", password: str = "", timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._client = AsyncClient(url, token=token, username=username, password=password, timeout=timeout)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="callboard-client", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Signs out, where it has signed in, and ends the thread."""
        if self._loop.is_closed():
            return
        try:
            self._run(self._client.close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CLOSING_SECONDS)
            self._loop.close()

    def _run(self, job: Coroutine[Any, Any, Found]) -> Found:
        running = asyncio.run_coroutine_threadsafe(job, self._loop)
        try:
            return running.result()
        except BaseException:
            running.cancel()  # after Ctrl-C
            raise

    def pipelines(self) -> list[Json]:
        """As `AsyncClient.pipelines`."""
        return self._run(self._client.pipelines())

    def workflows(self, *, state: Iterable[str] = (), page: int = 1) -> Page:
        """As `AsyncClient.workflows`."""
        return self._run(self._client.workflows(state=state, page=page))

    def snapshot(self, workflow_id: str) -> Snapshot:
        """As `AsyncClient.snapshot`."""
        return self._run(self._client.snapshot(workflow_id))

    def events(self, workflow_id: str, *, after: int = 0, wait: float = 0.0) -> EventsPage:
        """As `AsyncClient.events`."""
        return self._run(self._client.events(workflow_id, after=after, wait=wait))

    def follow(
        self, workflow_id: str, snapshot: Snapshot | None = None, *, patience_seconds: float = math.inf
    ) -> Iterator[Snapshot]:
        """As `AsyncClient.follow`."""
        news = self._client.follow(workflow_id, snapshot, patience_seconds=patience_seconds)
        try:
            while (found := self._run(_next(news))) is not None:
                yield found
        finally:
            self._run(news.aclose())

    def create(self, pipeline: str, given: Json) -> str:
        """As `AsyncClient.create`."""
        return self._run(self._client.create(pipeline, given))

    def rerun(self, workflow_id: str, from_task: str, given: Json | None = None) -> str:
        """As `AsyncClient.rerun`."""
        return self._run(self._client.rerun(workflow_id, from_task, given))

    def control(self, workflow_id: str, action: Action, **options: Any) -> ControlAnswer:
        """As `AsyncClient.control`, with the same options."""
        return self._run(self._client.control(workflow_id, action, **options))

    def token(self, workflow_id: str, *, may: May = "watch", seconds: int = 3_600) -> WorkflowToken:
        """As `AsyncClient.token`."""
        return self._run(self._client.token(workflow_id, may=may, seconds=seconds))

    def download(self, artifact: Artifact, to: Path) -> Path:
        """As `AsyncClient.download`."""
        return self._run(self._client.download(artifact, to))

    def exports(self, workflow_id: str) -> list[Export]:
        """As `AsyncClient.exports`."""
        return self._run(self._client.exports(workflow_id))

    def export(self, workflow_id: str, form: str, to: Path, *, episode: int | None = None) -> Path:
        """As `AsyncClient.export`."""
        return self._run(self._client.export(workflow_id, form, to, episode=episode))


async def _next(news: AsyncGenerator[Snapshot, None]) -> Snapshot | None:
    return await anext(news, None)
