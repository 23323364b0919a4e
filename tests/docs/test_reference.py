"""What the documents list is what the code has: close codes, error types, metrics, states, log lines."""

import re
from pathlib import Path

import pytest
import yaml
from django.test import AsyncClient

from agents.errors import CallboardError
from project import api_errors, request_bodies
from realtime.wire.errors import CloseCode
from tests.prepared_data import ROOT
from tests.realtime.test_protocol_coverage import is_sent, kinds_of

LOADED = (api_errors, request_bodies)  # which have errors of their own
DOCS = ROOT / "docs"
PROTOCOL, TROUBLESHOOTING, OPERATING = (DOCS / f"{name}.md" for name in ("protocol", "troubleshooting", "operating"))


def section(document: Path, title: str) -> str:
    """The text below a heading, to the next one of its kind or a higher one."""
    found = re.search(rf"^(##+) {re.escape(title)}\n(.*?)(?=^##? |\Z)", document.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"{document.name} has no section {title!r}"
    return found[2]


def first_column(text: str) -> set[str]:
    """What stands in code or as a number in the first cells of the tables of a text."""
    cells = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return {
        name for cell in cells for name in re.findall(r"`([^`{]+)[^`]*`|\b(\d{4})\b", cell) for name in name if name
    }


@pytest.mark.parametrize(
    ("document", "title"),
    [(PROTOCOL, "Close codes and reconnecting"), (TROUBLESHOOTING, "WebSocket close codes")],
)
def test_every_close_code_is_explained(document: Path, title: str) -> None:
    explained = first_column(section(document, title))
    assert {str(code.value) for code in CloseCode} - explained == set()


@pytest.mark.parametrize("document", [PROTOCOL, TROUBLESHOOTING])
def test_every_error_type_is_explained_and_no_other(document: Path) -> None:
    protocol = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())["components"]["schemas"]["ErrorType"]["enum"]
    over_http = {kind.error_type for kind in kinds_of(CallboardError) if is_sent(kind)}
    assert first_column(section(document, "Error types")) == {*protocol, *over_http}


@pytest.mark.parametrize(("document", "title"), [(TROUBLESHOOTING, "Metrics"), (OPERATING, "Metrics, alerts, logs")])
async def test_every_metric_is_explained(transactional_db: None, document: Path, title: str) -> None:
    text = (await AsyncClient().get("/metrics")).content.decode()
    names = set(re.findall(r"^# TYPE (callboard_\w+)", text, re.MULTILINE))
    assert len(names) > 20
    explained = section(document, title).replace(
        "`…_limit`", "`callboard_outbox_messages_limit` `callboard_outbox_characters_limit`"
    )
    assert [name for name in sorted(names) if f"{name}`" not in explained.replace("{", "`{")] == []


def test_every_state_of_the_runner_in_readyz_is_explained() -> None:
    code = (ROOT / "workflows" / "runners" / "local.py").read_text() + (ROOT / "project" / "pages.py").read_text()
    states = {"stopped", "silent", "stuck", "missing", "unknown"}
    assert [state for state in states if f'"{state}"' not in code] == []
    assert states - first_column(section(TROUBLESHOOTING, "`/readyz` answers 503")) == set()


def test_every_log_line_that_is_explained_is_written_by_the_code() -> None:
    folders = ("project", "realtime", "workflows", "agents")
    code = "\n".join(path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
    lines = first_column(section(TROUBLESHOOTING, "Log lines"))
    assert len(lines) > 15
    parts = {part.strip(" '.:") for line in lines for part in re.split("…|; the attempt", line)}
    assert [part for part in sorted(parts) if part not in code] == []
