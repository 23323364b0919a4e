"""What an agent gives: its files become artifacts of the job, bounded in number and size; the rest becomes the output."""

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

from a2a.types.a2a_pb2 import Artifact, Part, TaskArtifactUpdateEvent

from agents.contract import Job, Json, Skill
from agents.remote import files, schemas
from agents.remote.config import read_config
from agents.remote.errors import Lost, Misbehaved, Unreachable, cleaned
from agents.remote.files import Source
from agents.remote.messages import plain
from agents.schemas import references, rewritten

OUTPUT = "output"  # the id of the artifact that holds the result
ARTIFACTS_PER_TASK = 1_000
DOWNLOADS = 4  # that may fail in one attempt, and then are given up


class Received:
    """The artifacts of one remote task, as far as they have come. `by_schema`: the agent knows the schemas of the skill."""

    def __init__(self, job: Job, skill: Skill, source: Source, *, by_schema: bool) -> None:
        self._job = job
        self._skill = skill
        self._source = source
        self._by_schema = by_schema
        self._artifacts: dict[str, Artifact] = {}
        self._appended: set[str] = set()
        self._kept: dict[str, list[str]] = {}  # by id of the artifact over there: ids here
        self._names: dict[str, str] = {}  # the file that has the name
        self._bytes = 0
        self._failed_downloads = 0

    async def add(self, event: TaskArtifactUpdateEvent) -> None:
        """Takes an artifact, or a part of one. Its files are kept at once when it is said to be complete.

        Raises: AgentError, Lost, JobStopped.
        """
        came, artifact_id = event.artifact, event.artifact.artifact_id
        self._count(came.ByteSize())
        if event.append and artifact_id in self._artifacts:
            self._artifacts[artifact_id].parts.extend(came.parts)
            self._appended.add(artifact_id)
        else:
            self._put(came)
        if event.last_chunk:
            await self._keep(artifact_id)

    def replace(self, artifacts: Iterable[Artifact]) -> None:
        """Takes all artifacts of a task, as they are now. Those whose files were kept stay as they are."""
        for artifact in artifacts:
            if artifact.artifact_id not in self._kept and self._artifacts.get(artifact.artifact_id) != artifact:
                self._count(artifact.ByteSize())
                self._put(artifact)

    async def output(self, said: Iterable[Part] = ()) -> Json:
        """The result, by the output schema of the skill; `said` are the parts of the last message, for want of artifacts.

        Raises: AgentError, Lost, JobStopped.
        """
        if not self._artifacts and (parts := list(said)):
            self._put(Artifact(artifact_id="message", parts=parts))
        for artifact_id in list(self._artifacts):
            await self._keep(artifact_id)
        output = self._stated() if self._by_schema else self._collected()
        if wrong := schemas.misfit(self._skill.output_schema, output):
            raise Misbehaved(f"It has given something else than {self._skill.id} promises: {wrong}")
        return self._with_our_ids(output) if self._by_schema else output

    def _stated(self) -> Json:
        stated = self._artifacts.get(OUTPUT, Artifact())
        data = [plain(part.data) for part in stated.parts if part.HasField("data")]
        if len(data) != 1 or not isinstance(data[0], dict):
            raise Misbehaved("It says that it is done, but has given no output.")
        return data[0]

    def _collected(self) -> Json:
        """All texts, data and files of its artifacts."""
        parts = [part for artifact in self._artifacts.values() for part in artifact.parts]
        texts = [part.text for part in parts if part.HasField("text")]
        data = [plain(part.data) for part in parts if part.HasField("data")]
        kept = [artifact_id for ids in self._kept.values() for artifact_id in ids]
        if not texts and not data and not kept:
            raise Misbehaved("It says that it is done, but has given nothing.")
        return {"text": "\n\n".join(texts), "data": data[0] if len(data) == 1 else data or None, "files": kept}

    def _with_our_ids(self, output: Json) -> Json:
        """It names files as it has sent them, or as they were sent to it."""
        ours = {given: given for given in references(self._skill.input_schema, dict(self._job.input))}
        ours |= {theirs: kept[0] for theirs, kept in self._kept.items() if kept}
        named = references(self._skill.output_schema, output)
        if unknown := [reference for reference in named if reference not in ours]:
            raise Misbehaved(f"Its output names a file that it has not sent: {cleaned(unknown[0])}")
        return dict(rewritten(self._skill.output_schema, output, ours))

    def _put(self, artifact: Artifact) -> None:
        self._artifacts[artifact.artifact_id] = artifact
        self._appended.discard(artifact.artifact_id)
        self._kept.pop(artifact.artifact_id, None)

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > read_config().task_bytes or len(self._artifacts) > ARTIFACTS_PER_TASK:
            raise Misbehaved("It has sent more than it may give for one task.")

    async def _keep(self, artifact_id: str) -> None:
        """Keeps the files of the artifact, unless that was done, and lets go of their bytes."""
        if artifact_id in self._kept:
            return
        artifact = self._artifacts[artifact_id]
        groups = list(_files_of(artifact, are_joined=artifact_id in self._appended))
        kept = [await self._keep_file(artifact, number, parts) for number, parts in enumerate(groups)]
        self._kept[artifact_id] = kept
        rest = [part for part in artifact.parts if not _is_file(part)]
        del artifact.parts[:]
        artifact.parts.extend(rest)

    async def _keep_file(self, artifact: Artifact, number: int, parts: list[Part]) -> str:
        path = self._job.workdir / uuid4().hex
        if parts[0].HasField("url"):
            stated = await self._download(parts[0], path)
        else:
            stated = await files.write_down(parts, path)
        name = parts[0].filename or artifact.name or artifact.artifact_id
        return await asyncio.to_thread(self._store, artifact, number, path, name, stated)

    async def _download(self, part: Part, path: Path) -> str:
        """Several times, if need be: the agent itself may be heard well while its files are not to be had."""
        try:
            stated = await files.download(part, path, source=self._source, job=self._job)
        except Lost as lost:
            self._failed_downloads += 1
            if self._failed_downloads < DOWNLOADS:
                raise
            raise Unreachable(f"A file that it links to cannot be fetched. {lost.why}", retryable=True) from None
        self._count((await asyncio.to_thread(path.stat)).st_size)
        return stated

    def _store(self, artifact: Artifact, number: int, path: Path, name: str, stated: str) -> str:
        media_type = files.checked_type(path, stated, name)
        used = self._unused(files.file_name(name, media_type), f"{artifact.artifact_id}/{number}")
        kept = self._job.keep(path, name=used, kind=files.kind_of(artifact, media_type), media_type=media_type)
        path.unlink()
        return kept

    def _unused(self, name: str, file: str) -> str:
        """The name, or one like it, that no other file of the task has."""
        stem, suffix = Path(name).stem, Path(name).suffix
        names = [name, *(f"{stem}-{number}{suffix}" for number in range(2, len(self._names) + 3))]
        free = next(each for each in names if self._names.get(each, file) == file)
        self._names[free] = file
        return free


def _is_file(part: Part) -> bool:
    return bool(part.HasField("raw") or part.HasField("url"))


def _files_of(artifact: Artifact, *, are_joined: bool) -> Iterator[list[Part]]:
    """The parts of each file: one, or of an artifact that came piece by piece those that follow each other."""
    group: list[Part] = []
    for part in filter(_is_file, artifact.parts):
        goes_on = are_joined and group and part.HasField("raw") and part.filename in ("", group[0].filename)
        if group and not goes_on:
            yield group
            group = []
        group.append(part)
    if group:
        yield group
