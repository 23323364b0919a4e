"""The metrics for Prometheus: the counters of this process, its connections, and agents and workflows by state.

Names follow https://prometheus.io/docs/practices/naming/. No label holds anything that a client chose.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, get_args

from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from agents.errors import CallboardError, PermissionDenied, TargetNotFound
from agents.models import Agent
from realtime import queries, server
from realtime.config import read_config
from realtime.database import in_thread
from realtime.metrics import CLIENT_TYPES, OTHER, UNKNOWN, WAIT_BOUNDS, Counters, Peak, counters
from realtime.wire.errors import CloseCode, Disconnect, ProtocolError, UnknownMessage
from realtime.wire.messages import SERVER_MESSAGES, BatchMessage
from realtime.wire.types import Target
from workflows.executions import stuck_threads
from workflows.lifecycle import WorkflowState
from workflows.models import Runner

log = logging.getLogger(__name__)

DATABASE_SECONDS: Final = 5.0  # Prometheus itself gives up after ten

TARGETS: Final[tuple[str, ...]] = get_args(Target)
SERVER_TYPES: Final = sorted({str(one.__struct_config__.tag) for one in SERVER_MESSAGES if one is not BatchMessage})
USUAL_CODES: Final = [str(code) for code in sorted({1000, 1001, 1005, 1006, *map(int, CloseCode)})]


def _error_types(kind: type[CallboardError]) -> Iterator[str]:
    for below in kind.__subclasses__():
        yield below.error_type
        yield from _error_types(below)


REFUSALS: Final = sorted(
    {TargetNotFound.error_type, PermissionDenied.error_type, *_error_types(ProtocolError)}
    - {Disconnect.error_type, UnknownMessage.error_type}
)

_process: Final = ProcessCollector(registry=None)  # CPU, memory, open files, when it started


async def render(accept: str) -> tuple[bytes, str]:
    """The metrics as text and its content type, in the format that `accept` (a header) asks for."""
    registry = CollectorRegistry()
    registry.register(_process)
    registry.register(CallboardCollector(counters, ConnectionCounts.of_this_process(), await _count_in_database()))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class ConnectionCounts(Struct, frozen=True):
    """The connections of this moment. `watchers` by the target of their rooms: clients and long polls."""

    clients: int = 0
    users: int = 0
    rooms: int = 0
    watchers: Mapping[str, int] = {}

    @classmethod
    def of_this_process(cls) -> "ConnectionCounts":
        """In this process; none when it serves no sockets."""
        present = server.running()
        if present is None:
            return cls()
        hub = present.hub
        rooms = hub.rooms()
        watchers: Counter[str] = Counter()
        for room in rooms:
            watchers[room.target] += len(hub.watchers(room))
        users = {client.identity.user_id for client in hub.connected if client.identity is not None}
        return cls(len(hub.connected), len(users), len(rooms), watchers)


async def _count_in_database() -> queries.DatabaseCounts | None:
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            return await in_thread(queries.database_counts)
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest is told all the same
        log.warning("The database could not be counted: %r.", error)
        return None


class CallboardCollector(Collector):
    """The metrics at this moment, under their names."""

    def __init__(
        self, counts: Counters, connections: ConnectionCounts, database_counts: queries.DatabaseCounts | None
    ) -> None:
        self._counts = counts
        self._connection_counts = connections
        self._database_counts = database_counts
        self._config = read_config()

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        yield from self._connected()
        yield from self._connections()
        yield from self._messages()
        yield from self._speed()
        yield from self._work()

    def _connected(self) -> Iterator[Metric]:
        here = self._connection_counts
        yield GaugeMetricFamily("callboard_clients", "Open sockets.", here.clients)
        yield GaugeMetricFamily("callboard_users", "Different users among the clients.", here.users)
        yield GaugeMetricFamily("callboard_rooms", "Rooms with watchers.", here.rooms)
        yield _by_label(
            GaugeMetricFamily, "callboard_watchers", "Watchers, by what they watch.", "target", here.watchers, TARGETS
        )

    def _connections(self) -> Iterator[Metric]:
        counts = self._counts
        yield CounterMetricFamily("callboard_connections_opened", "Sockets that were accepted.", counts.clients_opened)
        about = "Sockets that ended, by close code; 1006: without one."
        yield _by_label(
            CounterMetricFamily,
            "callboard_connections_closed",
            about,
            "code",
            counts.clients_closed,
            [*USUAL_CODES, OTHER],
        )
        about = "Errors and disconnects, by error_type."
        yield _by_label(CounterMetricFamily, "callboard_refusals", about, "error_type", counts.refusals, REFUSALS)

    def _messages(self) -> Iterator[Metric]:
        counts = self._counts
        about = "Messages of clients, by type; unknown ones are ignored, invalid ones refused."
        known = [*sorted(CLIENT_TYPES), UNKNOWN]
        yield _by_label(
            CounterMetricFamily, "callboard_messages_received", about, "type", counts.messages_received, known
        )
        about = "Messages to a room (counted once, however many watch) or to one client, by type."
        yield _by_label(
            CounterMetricFamily, "callboard_messages_published", about, "type", counts.messages_published, SERVER_TYPES
        )
        about = "Messages that were written to clients, each counted, joined or not."
        yield CounterMetricFamily("callboard_deliveries", about, counts.deliveries)
        about = "Times that something was written to a client: one message, or many joined."
        yield CounterMetricFamily("callboard_writes", about, counts.writes)
        about = "Characters of JSON that were written to clients."
        yield CounterMetricFamily("callboard_sent_characters", about, counts.characters)
        about = "Messages that were never written because a newer one of their kind replaced them."
        yield CounterMetricFamily("callboard_messages_merged", about, counts.messages_merged)

    def _speed(self) -> Iterator[Metric]:
        counts = self._counts
        about = "Highest {} waiting for one client in the last one to two minutes."
        yield _peak("callboard_outbox_messages_peak", about.format("number of messages"), counts.waiting_messages)
        yield _peak("callboard_outbox_characters_peak", about.format("size"), counts.waiting_characters)
        about = "As much may wait for one client; with more it is disconnected."
        yield GaugeMetricFamily("callboard_outbox_messages_limit", about, self._config.outbox_messages)
        yield GaugeMetricFamily("callboard_outbox_characters_limit", about, self._config.outbox_bytes)
        about = "From publishing to having written, of the oldest message of each write."
        histogram = HistogramMetricFamily("callboard_publish_to_write_seconds", about)
        histogram.add_metric([], list(_cumulated(counts.waits)), counts.wait_seconds)
        yield histogram
        about = "The longest delay of the event loop in the last one to two minutes."
        yield _peak("callboard_event_loop_lag_peak_seconds", about, counts.lag)

    def _work(self) -> Iterator[Metric]:
        about = "Calls of the channel layer that failed."
        yield CounterMetricFamily("callboard_channel_layer_failures", about, self._counts.layer_failures)
        about = "Worker threads that hang in an agent whose attempt was given up."
        yield GaugeMetricFamily("callboard_stuck_threads", about, stuck_threads())
        database_counts = self._database_counts
        yield GaugeMetricFamily(
            "callboard_database_up", "Whether the database answered.", int(database_counts is not None)
        )
        if database_counts is None:
            return
        yield _by_label(
            GaugeMetricFamily,
            "callboard_agents",
            "Agents, by status.",
            "status",
            database_counts.agents,
            Agent.Status.values,
        )
        about = "Agents in error or out of reach, but for those that a person took out of service."
        yield GaugeMetricFamily("callboard_unhealthy_agents", about, database_counts.unhealthy_agents)
        about = "Agents that a person has switched off, or lets drain."
        yield GaugeMetricFamily("callboard_agents_out_of_service", about, database_counts.agents_out_of_service)
        yield _by_label(
            GaugeMetricFamily,
            "callboard_workflows",
            "Workflows, by state.",
            "state",
            database_counts.workflows,
            WorkflowState.values,
        )
        about = "Runners that are alive, by kind; nothing is done when there is none."
        yield _by_label(
            GaugeMetricFamily, "callboard_runners", about, "kind", database_counts.runners, Runner.Kind.values
        )
        about = "Skills that pipelines need and no living runner serves."
        yield GaugeMetricFamily("callboard_unserved_skills", about, database_counts.unserved_skills)
        yield from _models(database_counts.models)


# Of each: its name, what it counts, and the column.
MODEL_COUNTERS: Final = (
    ("callboard_model_calls", "Calls of models that were answered.", "calls"),
    ("callboard_model_prompt_tokens", "Tokens that models were given.", "prompt_tokens"),
    ("callboard_model_completion_tokens", "Tokens that models answered.", "completion_tokens"),
    ("callboard_model_pictures", "Pictures that models drew.", "pictures"),
    ("callboard_model_video_seconds", "Seconds of video that were ordered of models.", "video_seconds"),
    ("callboard_model_speech_characters", "Characters that models spoke.", "speech_characters"),
    ("callboard_model_cost", "What that cost by OPENAI_PRICES, in PRICE_CURRENCY.", "cost"),
)


def _models(models: Mapping[str, Mapping[str, float]]) -> Iterator[Metric]:
    """What models took in all films, by model: the names are those of the settings, or of agents."""
    for name, about, column in MODEL_COUNTERS:
        family = CounterMetricFamily(name, about, labels=["model"])
        for model, counts in models.items():
            family.add_metric([model], counts[column])
        yield family


def _by_label(
    kind: type[CounterMetricFamily | GaugeMetricFamily],
    name: str,
    about: str,
    label: str,
    values: Mapping[str, int],
    known: Iterable[str],
) -> Metric:
    # Known ones start at 0, so that a rate sees the first one, too.
    family = kind(name, about, labels=[label])
    for key in dict.fromkeys([*known, *values]):
        family.add_metric([key], values.get(key, 0))
    return family


def _peak(name: str, about: str, peak: Peak) -> Metric:
    return GaugeMetricFamily(name, about, peak.read())


def _cumulated(waits: list[int]) -> Iterator[tuple[str, float]]:
    sum_so_far = 0
    for bound, count in zip([*map(str, WAIT_BOUNDS), "+Inf"], waits, strict=True):
        sum_so_far += count
        yield bound, sum_so_far
