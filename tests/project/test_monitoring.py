"""The alert rules and the dashboard in deploy/ ask for metrics that there are, and tell people what to do."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.test import AsyncClient
from prometheus_client.parser import text_string_to_metric_families

from tests.server import ROOT

PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARD = ROOT / "deploy" / "grafana" / "callboard.json"
METRIC = re.compile(r"\b(?:callboard|process)_[a-z_]+")
SELECTED_LABEL = re.compile(r'(\w+)(?:=|!=|=~|!~)"')

Json = dict[str, Any]


def rules() -> list[Json]:
    groups = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def texts_of(branch: object) -> Iterator[str]:
    """Every text in a JSON tree."""
    match branch:
        case dict():
            for below in branch.values():
                yield from texts_of(below)
        case list():
            for below in branch:
                yield from texts_of(below)
        case str():
            yield branch


@pytest.fixture
async def exposed(transactional_db: None) -> dict[str, set[str]]:
    """The labels of every sample of a real answer, by its name."""
    answer = await AsyncClient().get("/metrics")
    samples: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            samples.setdefault(sample.name, set()).update(sample.labels)
    return samples


async def test_every_alert_asks_for_metrics_and_labels_that_there_are(exposed: dict[str, set[str]]) -> None:
    known = set().union(*exposed.values(), {"job", "instance"})
    asked = [name for rule in rules() for name in METRIC.findall(rule["expr"])]
    assert len(asked) > 10
    assert [name for name in asked if name not in exposed] == []
    assert [label for rule in rules() for label in SELECTED_LABEL.findall(rule["expr"]) if label not in known] == []


async def test_every_panel_asks_for_metrics_that_there_are(exposed: dict[str, set[str]]) -> None:
    asked = [
        name
        for text in texts_of(json.loads(DASHBOARD.read_text()))
        for name in METRIC.findall(text)
        if "{" in text  # a query, not a description
    ]
    assert len(asked) > 30
    assert [name for name in asked if name not in exposed] == []


async def test_every_metric_of_ours_is_on_the_dashboard(exposed: dict[str, set[str]]) -> None:
    dashboard = DASHBOARD.read_text()
    quiet = {"callboard_sent_characters_total", "callboard_publish_to_write_seconds_sum"}
    quiet.add("callboard_publish_to_write_seconds_count")
    ours = {name for name in exposed if name.startswith("callboard_")} - quiet
    assert [name for name in sorted(ours) if name not in dashboard] == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_every_alert_describes_what_is_wrong_and_what_to_do(rule: Json) -> None:
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert rule["annotations"]["summary"].endswith(".")
    assert len(rule["annotations"]["description"]) > 80


def test_every_alert_has_been_seen_to_fire() -> None:
    tested = (PROMETHEUS / "alerts.test.yml").read_text()
    assert [rule["alert"] for rule in rules() if rule["alert"] not in tested] == []


def test_the_panels_do_not_lie_on_each_other() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23
    assert len({panel["id"] for panel in panels}) == len(panels)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool comes with Prometheus")
@pytest.mark.parametrize(
    "command", ["check config prometheus.yml", "check rules alerts.yml", "test rules alerts.test.yml"]
)
def test_promtool_finds_nothing_wrong(command: str) -> None:
    ran = subprocess.run(
        ["promtool", *command.split()], cwd=PROMETHEUS, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
