"""GET /api/operations/: what operators look at. Who works, what waits, and whether database and channel layer are well."""

import asyncio
import shutil
import time
from collections import Counter
from typing import Annotated, Any, Final

import msgspec
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Now
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from msgspec import Meta, Struct
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from agents import openapi
from agents.bodies import Timestamp
from agents.timestamps import iso_timestamp
from agents.views import MayViewAgents
from project import pages
from realtime import server
from realtime.fanout.layer import reaches_others
from realtime.prometheus import ConnectionCounts
from workflows import executions, liveness
from workflows.lifecycle import AttemptState, TaskState, WorkflowState
from workflows.models import Attempt, Event, Runner, Task, Workflow, artifact_storage

RUNNERS_SHOWN: Final = 200
TASKS_LOOKED_AT: Final = 1_000  # for how long those that wait longest have waited
SKILLS_SHOWN: Final = 100


class Check(Struct, kw_only=True, frozen=True):
    """Something that Callboard needs: what it is, whether it works, and how long it took to answer."""

    kind: str
    is_ok: bool
    milliseconds: Annotated[float | None, Meta(description="Null: it did not answer.")]


class RunnerBody(Struct, kw_only=True, frozen=True):
    """A process that performs tasks."""

    name: str
    host: str
    kind: str
    skills: Annotated[list[str] | None, Meta(description="Null: all.")]
    threads: int
    running: Annotated[int, Meta(description="Attempts that it performs now; more than `threads` where agents wait.")]
    is_alive: bool
    started_at: Timestamp
    last_seen_at: Timestamp


class SkillQueue(Struct, kw_only=True, frozen=True):
    """The tasks that need one skill, of workflows that are under way."""

    skill: str
    ready: Annotated[int, Meta(description="Tasks that could begin at once.")]
    running: int
    oldest_seconds: Annotated[float | None, Meta(description="For how long the one that is ready longest has been so.")]


class ServerProcess(Struct, kw_only=True, frozen=True):
    """A server process with its sockets; of others as they said last, every heartbeat at least."""

    name: str
    clients: int
    is_this: bool


class ConnectionsBody(Struct, kw_only=True, frozen=True):
    """The sockets. `clients`, `users`, `rooms` and `watchers` (by the kind of room) are those of the process that answers."""

    clients: int
    users: int
    rooms: int
    watchers: dict[str, int]
    processes: list[ServerProcess]


class StorageBody(Struct, kw_only=True, frozen=True):
    """Where the files of artifacts lie. Bytes of the whole file system; null where it is not one (S3)."""

    kind: str
    free_bytes: int | None
    total_bytes: int | None


class Operations(Struct, kw_only=True, frozen=True):
    """The installation at this moment."""

    version: str
    database: Check
    channel_layer: Check
    runner: Annotated[
        str, Meta(description='"ok", "stopped", "silent", "stuck", "missing" or "unknown"; as in /readyz.')
    ]
    stuck_threads: int
    runners: list[RunnerBody]
    queue: list[SkillQueue]
    workflows: Annotated[dict[str, int], Meta(description="How many there are in each state.")]
    unserved_skills: list[str]
    connections: ConnectionsBody
    storage: StorageBody
    timestamp: Timestamp


@extend_schema(responses=openapi.responses(Operations, 401, 403))
@api_view(["GET"])
@permission_classes([IsAuthenticated, MayViewAgents])
def operations(_request: Request) -> Response:
    """Runners, queue, database, channel layer, connections and storage. Permission `agents.view_agent`."""
    database, runners = _database(), _runners()
    layer, runner, connections = async_to_sync(_realtime)()
    body = Operations(
        version=settings.VERSION,
        database=database,
        channel_layer=layer,
        runner=runner,
        stuck_threads=executions.stuck_threads(),
        runners=runners,
        queue=_queue(),
        workflows=_workflows(),
        unserved_skills=liveness.unserved_skills(list(liveness.live())),
        connections=connections,
        storage=_storage(),
        timestamp=iso_timestamp(timezone.now()),
    )
    return Response(msgspec.to_builtins(body))


def _database() -> Check:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check(kind=connection.display_name, is_ok=True, milliseconds=_since(started))


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1_000, 2)


async def _realtime() -> tuple[Check, str, ConnectionsBody]:
    """On the event loop, to which the sockets belong."""
    started = time.perf_counter()
    is_ok = await pages.channel_layer_state() == "ok"
    kind = "Redis" if reaches_others(get_channel_layer()) else "in memory"
    layer = Check(kind=kind, is_ok=is_ok, milliseconds=_since(started) if is_ok else None)
    return layer, await pages.runner_state(), _connections()


def _connections() -> ConnectionsBody:
    here, serving = ConnectionCounts.of_this_process(), server.running()
    is_ours = serving is not None and serving.hub.loop is asyncio.get_running_loop()
    others = serving.presence.clients_elsewhere() if serving is not None and is_ours else {}
    name = serving.hub.bridge.channel if serving is not None else ""
    processes = [ServerProcess(name=name or "this one", clients=here.clients, is_this=True)]
    processes += [ServerProcess(name=other, clients=clients, is_this=False) for other, clients in others.items()]
    return ConnectionsBody(
        clients=here.clients, users=here.users, rooms=here.rooms, watchers=dict(here.watchers), processes=processes
    )


def _runners() -> list[RunnerBody]:
    alive = set(liveness.live().values_list("name", flat=True))
    running = Attempt.objects.filter(state=AttemptState.RUNNING).order_by().values_list("runner")
    counts = dict(running.annotate(count=Count("pk")))
    rows = Runner.objects.order_by("-last_seen_at")[:RUNNERS_SHOWN]
    return sorted((_runner(row, counts.get(row.name, 0), row.name in alive) for row in rows), key=_place)


def _runner(row: Runner, running: int, is_alive: bool) -> RunnerBody:  # noqa: FBT001 - called once
    return RunnerBody(
        name=row.name,
        host=row.host,
        kind=row.kind,
        skills=row.skills,
        threads=row.threads,
        running=running,
        is_alive=is_alive,
        started_at=iso_timestamp(row.started_at),
        last_seen_at=iso_timestamp(row.last_seen_at),
    )


def _place(runner: RunnerBody) -> tuple[bool, str]:
    return not runner.is_alive, runner.name


def _queue() -> list[SkillQueue]:
    """By skill, the longest queues first."""
    under_way = (WorkflowState.PENDING, WorkflowState.RUNNING)
    ready = Task.objects.filter(state=TaskState.READY, workflow__state__in=under_way)
    counts = Counter(dict(ready.order_by().values_list("skill").annotate(count=Count("pk"))))
    running = Attempt.objects.filter(state=AttemptState.RUNNING).order_by().values_list("task__skill")
    busy = Counter(dict(running.annotate(count=Count("pk"))))
    waits = _longest_waits(ready)
    skills = sorted({*counts, *busy}, key=lambda skill: (-counts[skill], -busy[skill], skill))[:SKILLS_SHOWN]
    return [
        SkillQueue(skill=skill, ready=counts[skill], running=busy[skill], oldest_seconds=waits.get(skill))
        for skill in skills
    ]


def _longest_waits(ready: Any) -> dict[str, float]:  # noqa: ANN401 - a QuerySet of tasks
    """Seconds by skill, of the oldest TASKS_LOOKED_AT: since the event with which each became ready."""
    event = Event.objects.filter(workflow=OuterRef("workflow"), seq=OuterRef("changed_seq"))
    # The first tasks of a workflow are ready before its first event.
    since = Coalesce(Subquery(event.values("created_at")[:1]), F("workflow__created_at"))
    rows = ready.order_by("pk").annotate(waits=Now() - since).values_list("skill", F("waits"))[:TASKS_LOOKED_AT]
    waits: dict[str, float] = {}
    for skill, wait in rows:
        if wait is not None:
            waits[skill] = max(waits.get(skill, 0.0), round(wait.total_seconds(), 1))
    return waits


def _workflows() -> dict[str, int]:
    return dict(Workflow.objects.order_by().values_list("state").annotate(Count("pk")))


def _storage() -> StorageBody:
    storage = artifact_storage()
    if not isinstance(storage, FileSystemStorage):
        return StorageBody(kind="S3", free_bytes=None, total_bytes=None)
    try:
        usage = shutil.disk_usage(storage.location)
    except FileNotFoundError:  # nothing was kept yet
        usage = shutil.disk_usage(settings.DATA_DIR)
    return StorageBody(kind="files", free_bytes=usage.free, total_bytes=usage.total)


urlpatterns = [path("operations/", operations)]
