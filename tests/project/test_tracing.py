"""OpenTelemetry: one trace from the request over task and agent to the provider, also through other processes; nothing at all when it is off."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from openai import AsyncOpenAI
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pytest_django import Settings

from agents import registry, tracing
from agents.contract import Job
from agents.remote import network
from agents.studio.openai import client
from project.requests import RequestIds
from tests.agents.openai_server import Provider
from tests.fixtures.workflows import Run
from tests.prepared_data import ROOT
from tests.workflows.isolated_agent import IsolatedAgent
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator
from workflows.models import Workflow

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ASK = "from agents.apps import AgentsConfig; import django, sys; django.setup(); print('opentelemetry.sdk' in sys.modules)"


class Collector(ThreadingHTTPServer):
    """Receives spans as any collector does: OTLP over HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.spans: list[Span] = []

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"http://127.0.0.1:{self.server_port}"

    def span(self, name: str) -> Span:
        """The only span of this name."""
        (span,) = [span for span in self.spans if span.name == name]
        return span


class Receiver(BaseHTTPRequestHandler):
    """One request of an exporter."""

    server: Collector

    def do_POST(self) -> None:
        """Takes the spans."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.server.spans += [span for scope in resource.scope_spans for span in scope.spans]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def collector(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that this process and its children send to."""
    with Collector() as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        tracing.start()
        yield collector
        tracing.stop()
        collector.shutdown()


def create(user: User, access_token: Callable[[User], str], **headers: str) -> None:
    """Has a telegram sent, over HTTP."""

    async def post() -> None:
        transport = httpx2.ASGITransport(RequestIds(ASGIHandler()))  # type: ignore[arg-type]
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
            given = {"pipeline": "telegram", "input": {"text": "send"}}
            sent = {"Authorization": f"Bearer {token}", **headers}
            (await http.post("/api/workflows/", json=given, headers=sent)).raise_for_status()

    token = access_token(user)
    async_to_sync(post)()


def test_one_trace_goes_from_the_request_over_task_and_agent_to_the_provider(
    collector: Collector,
    sample_agent: SampleAgent,
    alice: User,
    access_token: Callable[[User], str],
    provider: Provider,
    run: Run,
) -> None:
    async def look(ai: AsyncOpenAI) -> object:
        return await ai.with_options(timeout=5).models.with_raw_response.list()

    def ask(_job: Job, _word: str) -> None:
        client.endpoint().begin(look).exception()

    sample_agent.on_spell = ask
    create(alice, access_token, traceparent=CALLER)
    run()
    tracing.flush()
    request, task = collector.span("POST api/workflows/"), collector.span("task spell")
    (agent,) = [span for span in collector.spans if span.parent_span_id == task.span_id]
    provider_span = collector.span("provider")
    assert request.parent_span_id.hex() == "b7ad6b7169203331"
    assert (task.parent_span_id, provider_span.parent_span_id) == (request.span_id, agent.span_id)
    assert agent.name == "agent clerk"
    assert {span.trace_id.hex() for span in (request, task, agent, provider_span)} == {
        "0af7651916cd43dd8448eb211c80319c"
    }
    attributes = {attribute.key: attribute.value for attribute in task.attributes}
    assert attributes["callboard.workflow"].string_value == str(Workflow.objects.get().pk)
    assert attributes["callboard.task"].string_value == "spell/1"


def test_a_trace_goes_on_in_the_process_of_an_isolated_agent(
    collector: Collector, sample_agent: SampleAgent, alice: User, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    registry.unregister(sample_agent.name)
    registry.register(hermit := IsolatedAgent())
    registry.sync()
    try:
        with tracing.span("a request"):
            workflow = coordinator.create(pipeline="telegram", given={"text": "tell"}, owner=alice)
        run(limit=2)
    finally:
        registry.unregister(hermit.name)
        registry.register(sample_agent)
    tracing.flush()
    agents = {span.span_id for span in collector.spans if span.name == "agent hermit"}
    inside = [span for span in collector.spans if span.name == "process hermit"]
    assert {span.parent_span_id for span in inside} == agents != set()
    assert {span.trace_id for span in inside} == {collector.span("a request").trace_id}
    # Its log lines name the workflow, too.
    assert f"Told. workflow={workflow.pk} agent=hermit task=spell/1 attempt=1" in capfd.readouterr().err


async def test_a_call_to_an_agent_elsewhere_carries_the_trace(collector: Collector) -> None:
    with tracing.span("agent painter"):
        async with network.http_client(most_bytes=1) as http:
            carried = http.headers["traceparent"]
    tracing.flush()
    span = collector.span("agent painter")
    assert carried.startswith(f"00-{span.trace_id.hex()}-{span.span_id.hex()}-")


def test_of_an_error_only_the_type_is_recorded(collector: Collector) -> None:
    with pytest.raises(ValueError, match="somebody's secret"), tracing.span("agent painter"):
        raise ValueError("somebody's secret")
    tracing.flush()
    span = collector.span("agent painter")
    assert span.status.message == "ValueError"
    assert "secret" not in str(span)


def test_without_an_endpoint_nothing_is_traced_or_even_imported(sample_workflow: Workflow) -> None:
    assert sample_workflow.traceparent == ""
    assert tracing.headers() == {}
    asked = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


def test_a_collector_out_of_reach_disturbs_nobody(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:1"
    monkeypatch.setattr(tracing, "EXPORT_SECONDS", 0.2)
    tracing.start()
    with caplog.at_level(logging.CRITICAL), tracing.span("agent painter"):
        pass
    tracing.stop()


def test_an_endpoint_without_the_packages_is_a_sentence(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:4318"
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install -r requirements-otel\.txt"):
        tracing.start()
