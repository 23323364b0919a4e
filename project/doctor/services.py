"""What this process talks to: database, channel layer, runners, agents, ffmpeg, providers, clocks, storage."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from agents import registry
from agents.models import Agent
from agents.studio import ffmpeg, providers
from project.backups.making import has_files
from project.doctor import Check, Finding, error, ok, warning
from project.pages import channel_layer_state
from workflows import liveness
from workflows.models import artifact_storage

CALL_SECONDS: Final = 5.0
LARGE_WAL_BYTES: Final = 256 * 1024 * 1024
CLOCK_WARNING_SECONDS, CLOCK_ERROR_SECONDS = 2.0, 30.0
REFUSED: Final = (401, 403)


def database() -> Iterator[Finding]:
    """Whether it answers, and has the tables of this version."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield ok("database", f"{connection.vendor} answers in {(time.perf_counter() - started) * 1_000:.0f} ms")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield error("database", f"{len(missing)} migrations are missing", "manage.py migrate, or start script/server.")
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if unknown := {name for name in unknown if name[0] in {"agents", "workflows", "realtime"}}:
        advice = "Run that version, or restore a backup of this one."
        yield error("database", f"it is of a newer version ({'.'.join(min(unknown))})", advice)
    if connection.vendor == "sqlite":
        yield from _sqlite()


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        (mode,) = cursor.fetchone()
    if mode != "wal":
        yield error(
            "database", f"its journal is in mode {mode}, not WAL", "Put it on a local disk: WAL needs shared memory."
        )
    wal = Path(f"{connection.settings_dict['NAME']}-wal")
    if wal.exists() and wal.stat().st_size > LARGE_WAL_BYTES:
        yield warning("database", "its log grows: somebody reads for very long", "Look for a program that has it open.")


def channel_layer() -> Iterator[Finding]:
    """Whether it carries a message, and fits the database."""
    if asyncio.run(_layer_state()) != "ok":
        yield error("channel layer", "it does not answer", "Is Redis or Valkey running at REDIS_URL?")
    elif not settings.REDIS_URL and connection.vendor == "postgresql":
        yield warning(
            "channel layer",
            "in memory",
            "With more than one server or worker set REDIS_URL, or watchers see changes late.",
        )
    else:
        yield ok("channel layer", "Redis" if settings.REDIS_URL else "in memory, for one process")


async def _layer_state() -> str:
    try:
        return await channel_layer_state()
    finally:
        layer: Any = get_channel_layer()
        if hasattr(layer, "close_pools"):
            await layer.close_pools()


def runners() -> Iterator[Finding]:
    """Whether somebody does the work."""
    live = list(liveness.live())
    if not live:
        advice = "Start script/server or manage.py worker. Where the server does run, see its log."
        yield warning("runners", "none is alive: no workflow goes on", advice)
        return
    yield ok("runners", ", ".join(f"{runner.kind} on {runner.host} ({runner.threads} threads)" for runner in live))
    if unserved := liveness.unserved_skills(live):
        advice = "Start a worker for them: manage.py worker --skills …"
        yield error("runners", f"nobody serves {', '.join(unserved)}", advice)


def agents() -> Iterator[Finding]:
    """Which agents take no work, and why."""
    troubled = 0
    for row in Agent.objects.all():
        if (finding := _trouble_of(row)) is not None:
            troubled += 1
            yield finding
    for agent in registry.registered():
        if lacking := agent.missing():
            troubled += 1
            yield error("agents", f"{agent.name} cannot work: {lacking}", "Set what is missing, and restart.")
    if not troubled:
        yield ok("agents", f"{Agent.objects.count()}, none in trouble")


def _trouble_of(row: Agent) -> Finding | None:
    off = "off" if not row.is_enabled else "draining" if row.is_draining else ""
    if off:
        why = f" by {row.disabled_by} ({row.disabled_why})" if row.disabled_by else ""
        return warning("agents", f"{row.name} is {off}{why}", f"manage.py agents --enable {row.name}")
    if not row.is_reachable:
        return error("agents", f"{row.name} is out of reach: {row.problem}", f"Look whether {row.url} answers.")
    if row.status == Agent.Status.ERROR:
        advice = "See its page, or /admin/: it gets one job every 30 s until one succeeds."
        return error("agents", f"{row.name} failed {row.consecutive_errors} times in a row", advice)
    return None


def ffmpeg_runs() -> Iterator[Finding]:
    """Whether films can be cut."""
    if missing := ffmpeg.missing():
        yield error("ffmpeg", missing, "script/setup installs it.")
        return
    said = subprocess.run(
        [ffmpeg.executable(), "-version"], capture_output=True, text=True, timeout=CALL_SECONDS, check=False
    )
    first = (said.stdout.splitlines() or ["it says nothing"])[0]
    if said.returncode:
        yield error(
            "ffmpeg", f"it does not run: {said.stderr.strip()[:100]}", "Set IMAGEIO_FFMPEG_EXE to one that does."
        )
    else:
        yield ok("ffmpeg", " ".join(first.split()[:3]))


def model_providers() -> Iterator[Finding]:
    """Whether the provider of models answers, and takes the key."""
    studios: dict[str, Any] = {
        "text": providers.text_studio(),
        "images": providers.image_studio(),
        "video": providers.video_studio(),
    }
    asked = [name for name in studios if getattr(settings, f"STUDIO_{name.upper()}") == "openai"]
    if not asked:
        yield ok("providers", "offline: the built-in studio needs none")
        return
    lacking = [missing for name in asked if (missing := studios[name].missing())]
    if lacking:
        yield error("providers", lacking[0], "See docs/crew.md.")
        return
    host = httpx2.URL(settings.OPENAI_BASE_URL).host
    try:
        answer = httpx2.get(
            f"{settings.OPENAI_BASE_URL.rstrip('/')}/models",
            headers={"Authorization": f"Bearer {settings.OPENAI_API_KEY}"},
            timeout=CALL_SECONDS,
        )
    except httpx2.HTTPError as problem:
        yield error(
            "providers",
            f"{host} is out of reach ({type(problem).__name__})",
            "Look at OPENAI_BASE_URL and the network.",
        )
        return
    if answer.status_code in REFUSED:
        yield error("providers", f"{host} refuses the key (HTTP {answer.status_code})", "Look at OPENAI_API_KEY.")
    elif answer.is_server_error:
        yield warning("providers", f"{host} answers HTTP {answer.status_code}", "Its fault; tasks are tried again.")
    else:
        yield ok("providers", f"{host} answers, for {', '.join(asked)}")


def clocks() -> Iterator[Finding]:
    """Whether leases and tokens mean the same everywhere."""
    others = dict(_other_clocks())
    for name, theirs in others.items():
        off = abs((theirs - datetime.now(UTC)).total_seconds())
        if off > CLOCK_WARNING_SECONDS:
            say = error if off > CLOCK_ERROR_SECONDS else warning
            yield say("clock", f"{off:.0f} s apart from that of {name}", "Let NTP set the clocks of all machines.")
        else:
            yield ok("clock", f"as that of {name}")
    if not others:
        yield ok("clock", "nobody to compare it with")


def _other_clocks() -> Iterator[tuple[str, datetime]]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            yield "the database", cursor.fetchone()[0]
    if settings.REDIS_URL:
        from redis import Redis  # noqa: PLC0415 - only where it is used

        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=CALL_SECONDS, socket_connect_timeout=CALL_SECONDS
        ) as redis:
            seconds, _ = redis.time()
            yield "Redis", datetime.fromtimestamp(seconds, UTC)


def storage() -> Iterator[Finding]:
    """Whether the bucket answers; files are looked at elsewhere."""
    if has_files():
        yield ok("storage", "files")
        return
    artifact_storage().exists("doctor")
    yield ok("storage", f"the bucket {settings.STORAGES['artifacts']['OPTIONS']['bucket_name']} answers")


CHECKS: dict[str, Check] = {
    "database": database,
    "channel layer": channel_layer,
    "runners": runners,
    "agents": agents,
    "ffmpeg": ffmpeg_runs,
    "providers": model_providers,
    "clock": clocks,
    "storage": storage,
}
