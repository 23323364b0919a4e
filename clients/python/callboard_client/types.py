"""The bodies that the server sends, as far as programs mostly read them; docs/asyncapi.yaml has every field."""

from typing import Any, Literal, NotRequired, TypedDict

Json = dict[str, Any]
Action = Literal["pause", "resume", "cancel", "retry", "answer"]
May = Literal["watch", "control"]
State = Literal["pending", "running", "pausing", "paused", "cancelling", "cancelled", "completed", "failed"]

ENDED = frozenset({"cancelled", "completed", "failed"})


class Eta(TypedDict):
    """The time left in seconds: in 1 of 10 cases less than p10, as likely less as more than p50, in 9 of 10 less than p90."""

    p10: float
    p50: float
    p90: float
    late: bool


class Problem(TypedDict):
    """What went wrong, for people."""

    type: str
    message: str
    retryable: bool


class Artifact(TypedDict):
    """A file that was made. `url` is a signed path, good for an hour."""

    id: str
    name: str
    kind: str
    media_type: str
    task: str
    url: str


class Export(TypedDict):
    """A file that can be taken along. `episode` is None where it is of the whole, `bytes` where the file is made on the way."""

    format: str
    episode: int | None
    title: str
    name: str
    bytes: int | None
    url: str


class Task(TypedDict):
    """A piece of work."""

    key: str
    skill: str
    agent: str
    state: str
    progress: float
    attempt: int
    started_at: str | None
    finished_at: str | None
    error: Problem | None
    question: str


class Stage(TypedDict):
    """A group of tasks; of a large workflow only some of them (`folded`)."""

    name: str
    state: str
    progress: float
    tasks: list[Task]
    folded: NotRequired[Json | None]


class Row(TypedDict):
    """A workflow as lists show it."""

    id: str
    pipeline: str
    title: str
    owner: str
    state: State
    progress: float
    stage: str
    message: str
    eta: Eta | None
    elapsed: float
    queue: Json | None
    seq: int
    created_at: str
    started_at: str | None
    finished_at: str | None


class Snapshot(Row):
    """All of a workflow."""

    input: Json
    stages: list[Stage]
    artifacts: list[Artifact]
    artifacts_folded: bool
    watchers: int
    error: Problem | None
    waiting_for: Json | None
    rerun_of: Json | None


class Page(TypedDict):
    """A page of the list of workflows; `count` is that of all pages."""

    count: int
    next: str | None
    previous: str | None
    results: list[Row]


class EventsPage(TypedDict):
    """Events in order, where the workflow stands, and the seq after which the next page begins."""

    events: list[Json]
    progress: Json
    seq: int


class ControlAnswer(TypedDict):
    """What became of an action. `outcome` is "" as long as it is under way, and for one that was rejected."""

    request_id: str
    status: Literal["accepted", "rejected"]
    reason: str
    outcome: str


class WorkflowToken(TypedDict):
    """A token that is good for one workflow; `embed_url` is null where embedding is switched off."""

    token: str
    may: May
    expires_at: str
    embed_url: str | None
