"""OpenTelemetry traces, where OTEL_EXPORTER_OTLP_ENDPOINT is set: from the request over task and agent to the provider.

Off, nothing of OpenTelemetry is imported, and a span costs a look at a variable. A trace goes on in other processes by its
`traceparent` (https://www.w3.org/TR/trace-context/), which is stored with the workflow, and passed on to isolated agents and to
agents elsewhere. Of an error only the type is recorded: its message may be somebody's text.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Final, Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

Kind = Literal["server", "client", "internal"]

EXPORT_SECONDS: Final = 3.0  # for one batch to arrive; a process that ends waits for the last one
FLUSH_MILLISECONDS: Final = 3_000

_provider: "TracerProvider | None" = None
_tracer: "Tracer | None" = None


def start() -> None:
    """Begins to trace, if the settings ask for it. Once in a process, early.

    Raises: ImproperlyConfigured when OpenTelemetry is not installed.
    """
    global _provider, _tracer
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT or _provider:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: "
            "pip install -r requirements-otel.txt"
        ) from None
    # What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say goes before.
    named = OTELResourceDetector().detect()
    own = Resource.create({"service.name": "callboard", "service.version": settings.VERSION})
    _provider = TracerProvider(resource=own.merge(named))
    endpoint = f"{settings.OTEL_EXPORTER_OTLP_ENDPOINT.rstrip('/')}/v1/traces"
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_SECONDS)))
    _tracer = _provider.get_tracer("callboard", settings.VERSION)


def stop() -> None:
    """Sends what is left, and ends."""
    global _provider, _tracer
    if _provider is not None:
        _provider.shutdown()
    _provider = _tracer = None


def flush() -> None:
    """Sends what is finished, now."""
    if _provider is not None:
        _provider.force_flush(FLUSH_MILLISECONDS)


def span(
    name: str, *, kind: Kind = "internal", parent: str = "", attributes: Mapping[str, Any] | None = None
) -> AbstractContextManager[None]:
    """A span around what is done within. `parent`: the traceparent that it goes on; "": the span around it."""
    return nullcontext() if _tracer is None else _recorded(_tracer, name, kind, parent, attributes)


@contextmanager
def _recorded(
    tracer: "Tracer", name: str, kind: Kind, parent: str, attributes: Mapping[str, Any] | None
) -> Iterator[None]:
    from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415 - loaded by now
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(
        name,
        context=context,
        kind=SpanKind[kind.upper()],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as recorded:
        try:
            yield
        except BaseException as error:
            recorded.set_status(StatusCode.ERROR, type(error).__name__)
            raise


def describe(name: str, attributes: Mapping[str, Any]) -> None:
    """Gives the present span its name and attributes, where they are known only now."""
    if _tracer is not None:
        from opentelemetry.trace import get_current_span  # noqa: PLC0415 - loaded by now

        present = get_current_span()
        present.update_name(name)
        present.set_attributes(attributes)


def traceparent() -> str:
    """By what others go on with the present span; "" when there is none."""
    return headers().get("traceparent", "")


def headers() -> dict[str, str]:
    """The same, for a request to somebody else; empty when nothing is traced."""
    carrier: dict[str, str] = {}
    if _tracer is not None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        TraceContextTextMapPropagator().inject(carrier)
    return {name: value for name, value in carrier.items() if name == "traceparent"}
