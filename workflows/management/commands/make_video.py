"""Makes a video in the terminal: `make_video idea "…" --scenes 3`, or `make_video script FILE`."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, get_args

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.live import Live

from agents.animatic.film import FilmFormat, Resolution
from agents.errors import CallboardError
from workflows import coordinator, snapshots
from workflows.lifecycle import FINAL_STATES, WorkflowState
from workflows.models import Artifact, Workflow
from workflows.runners import local
from workflows.terminal import rendered

LOOK_SECONDS = 0.25  # between two looks at whether anything has changed, which cost little
LONGEST_SECONDS = 2.0  # that a display stands: the time left goes on although nothing happens
SCRIPT_BYTES_LIMIT = 2_000_000


class Command(BaseCommand):
    """Creates a workflow, runs it (or lets a running server do so), shows its progress, and prints the video's path."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        sources = parser.add_subparsers(dest="source", required=True)
        idea = sources.add_parser("idea", help="from an idea")
        idea.add_argument("text", help="what the video is about")
        idea.add_argument("--scenes", type=int, default=3, help="1 to 12")
        script = sources.add_parser("script", help="from a screenplay")
        script.add_argument("file", type=Path, help="a screenplay: Fountain, plain text or Final Draft (.fdx)")
        script.add_argument("--scenes", default="", help="only these scenes, by their numbers: 12-20,35")
        for source in (idea, script):
            source.add_argument("--style", default="")
            source.add_argument("--requirement", default="")
            source.add_argument("--format", default="16:9", choices=get_args(FilmFormat))
            source.add_argument("--resolution", default="720p", choices=get_args(Resolution))
            source.add_argument("--seconds", type=int, default=0, help="its length; 0: as long as it takes")
            source.add_argument("--silent", action="store_true", help="without speech, ambience and music")
            source.add_argument("--owner", default="", help="username of the owner; default: the first superuser")

    def handle(self, **options: Any) -> None:
        pipeline, given = _pipeline_and_input(options)
        try:
            workflow = coordinator.create(pipeline=pipeline, given=given, owner=_owner(options["owner"]))
        except CallboardError as error:
            raise CommandError(error.message) from error
        local.start()
        try:
            _show(workflow)
        except KeyboardInterrupt:
            raise CommandError(
                f"Interrupted. The next server or make_video that runs will continue workflow {workflow.pk}."
            ) from None
        finally:
            local.stop()
        self.stdout.write(_result(workflow))


def _pipeline_and_input(options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    common = {name: options[name] for name in ("style", "requirement", "format", "resolution", "seconds")}
    common["sound"] = not options["silent"]
    if options["source"] == "idea":
        return "idea2video", {"idea": options["text"], "scenes": options["scenes"], **common}
    return "script2video", {"script": _read(options["file"]), "scenes": options["scenes"], **common}


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > SCRIPT_BYTES_LIMIT:
            raise CommandError(f"{path} is too large to be a screenplay.")
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _owner(name: str) -> User:
    if name:
        owner = User.objects.filter(username=name).first()
        if owner is None:
            raise CommandError(f"There is no user {name!r}.")
        return owner
    superuser = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    return superuser or User.objects.get_or_create(username="terminal")[0]


def _show(workflow: Workflow) -> None:
    """Until the end. A snapshot takes dozens of queries, which the film's own work would miss: only when there is news."""
    news = Workflow.objects.filter(pk=workflow.pk).values_list("last_seq", "progress")
    with Live(console=Console(), auto_refresh=False) as live:
        while True:
            seen, shown_at = news.get(), time.monotonic()
            snapshot = snapshots.workflow_snapshot(workflow)
            live.update(rendered(snapshot), refresh=True)
            if snapshot["state"] in FINAL_STATES:
                return
            time.sleep(LOOK_SECONDS)
            while news.get() == seen and time.monotonic() < shown_at + LONGEST_SECONDS:
                time.sleep(LOOK_SECONDS)


def _result(workflow: Workflow) -> str:
    workflow.refresh_from_db()
    if workflow.state != WorkflowState.COMPLETED:
        message = workflow.error["message"] if workflow.error else f"It was {workflow.state}."
        raise CommandError(message)
    file = Artifact.objects.get(workflow=workflow, kind="video").file
    try:
        return str(file.path)
    except NotImplementedError:  # the storage is not on a local disk
        return str(file.name)
