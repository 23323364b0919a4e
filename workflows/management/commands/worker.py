"""Performs tasks, beside a server with RUNNER=none and other workers: `worker --skills shoot_frames,make_clip --threads 4`."""

import logging
import signal
import time
from argparse import ArgumentParser
from contextlib import suppress

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from agents import registry
from agents.studio.offline import processes
from workflows.models import Runner
from workflows.runners import service_manager
from workflows.runners.local import LocalRunner

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks whether the runner lives


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C: then it stops its tasks at their next checkpoint, and other runners take them up."""

    help = __doc__
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--skills", default="", help="ids of the skills that it serves, with commas; default: all")
        parser.add_argument("--threads", type=int, default=settings.RUNNER_THREADS, help="tasks at once")

    def handle(self, *, skills: str, threads: int, **_: object) -> None:
        if threads < 1:
            raise CommandError("--threads is at least 1.")
        runner = LocalRunner(threads, _skills(skills), Runner.Kind.WORKER)
        _warn_of_what_is_missing()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with suppress(KeyboardInterrupt):
                runner.start()
                log.info("A worker has started: %s, %d threads, skills: %s.", runner.name, threads, skills or "all")
                service_manager.tell(service_manager.READY, f"STATUS={runner.name} works")
                _watch(runner)
        finally:
            service_manager.tell(service_manager.STOPPING, "STATUS=Stopping")
            runner.stop()
            processes.close()


def _watch(runner: LocalRunner) -> None:
    """Shows signs of life while the runner does; until KeyboardInterrupt.

    Raises: CommandError when the runner has ended by itself: without its heartbeat others would take up what it does.
    """
    sign_of_life = service_manager.SignOfLife()
    while runner.is_alive:
        sign_of_life.show_if_due()
        time.sleep(LOOK_SECONDS)
    raise CommandError("The runner has ended by itself; the log says why. Start the worker again.")


def _skills(given: str) -> frozenset[str] | None:
    """The skills that were asked for; None for all."""
    chosen = frozenset(word.strip() for word in given.split(",") if word.strip())
    if unknown := sorted(chosen - registry.skills().keys()):
        raise CommandError(f"No agent has the skill {unknown[0]!r}. There are: {', '.join(sorted(registry.skills()))}.")
    return chosen or None


def _warn_of_what_is_missing() -> None:
    if connection.vendor == "sqlite":
        log.warning("With SQLite only one runner of a data folder works at a time: this one may have to wait.")
    if not settings.REDIS_URL:
        log.warning("Without REDIS_URL, those who watch at a server see what this worker does only at heartbeats.")
