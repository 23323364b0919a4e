"""What a remote agent says that its models took: counted like what our own take.

It says sums of its whole task (docs/a2a.md), again and again; what was not counted yet is reported to the job. Said by an agent
in anybody's hands, they are bounded, and counted at most every REPORT_SECONDS: each report is an event.
"""

import asyncio
import math
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct

from agents.contract import Job
from agents.remote import messages
from agents.remote.cards import USAGE_URI
from agents.remote.errors import cleaned
from agents.usage import MODEL_LENGTH, Usage

REPORT_SECONDS: Final = 2.0
MOST_MODELS: Final = 50  # of one task
MOST_COUNTED: Final = 10**12  # of anything
WHOLE: Final = ("prompt_tokens", "completion_tokens", "pictures", "speech_characters")
COUNTED: Final = (*WHOLE, "video_seconds")


class Spent:
    """What the models of one remote task took, as far as it was said, and as far as it was counted."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._said: dict[str, Usage] = {}
        self._counted: dict[str, Usage] | None = None  # None: not looked up yet
        self._reported_at = time.monotonic()

    def hear(self, metadata: Struct) -> None:
        """Takes what a status, a task or a message says. What is no usage is passed over.

        Raises: Misbehaved when it holds a number that is none.
        """
        for usage in _read(messages.json_of(metadata).get(USAGE_URI)):
            if usage.model in self._said or len(self._said) < MOST_MODELS:
                self._said[usage.model] = usage

    async def count(self, *, is_last: bool = False) -> None:
        """Reports what is new; not before REPORT_SECONDS have passed, unless nothing more comes."""
        if self._said and (is_last or time.monotonic() - self._reported_at >= REPORT_SECONDS):
            self._reported_at = time.monotonic()
            await asyncio.to_thread(self._report)

    def _report(self) -> None:
        if self._counted is None:
            # An earlier attempt, which the same remote task was for, has counted some of it.
            self._counted = {usage.model: usage for usage in self._job.usage_counted()}
        for model, said in self._said.items():
            before = self._counted.get(model, Usage(model=model))
            new = {name: max(0, getattr(said, name) - getattr(before, name)) for name in COUNTED}
            if any(new.values()):
                self._counted[model] = said
                self._job.report_usage(Usage(model=model, **new))


def _read(stated: Any) -> Iterator[Usage]:  # noqa: ANN401 - any JSON
    """`{"models": [{"model": "gpt-4o-mini", "prompt_tokens": 1200, …}, …]}`."""
    models = stated.get("models") if isinstance(stated, Mapping) else None
    for one in models[:MOST_MODELS] if isinstance(models, list) else ():
        name = one.get("model") if isinstance(one, Mapping) else None
        if isinstance(name, str) and (model := cleaned(name, characters=MODEL_LENGTH)):
            counts = {each: int(_count(one.get(each))) for each in WHOLE}
            yield Usage(model=model, **counts, video_seconds=_count(one.get("video_seconds")))


def _count(value: object) -> float:
    """A number of something; 0 for anything else."""
    is_count = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return min(max(float(value), 0.0), MOST_COUNTED) if is_count else 0.0  # type: ignore[arg-type]
