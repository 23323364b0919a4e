"""Every code block of the documents is run, validated, or quoted from what a test runs; the others say why not, and are counted."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from realtime.wire import messages
from tests.docs.fences import DOCUMENTS, Fence, fences
from tests.docs.test_running import RUN
from tests.prepared_data import ROOT
from workflows.events import KINDS

# What nothing can run here, by document. Each block says why; a new one is missed here.
NOT_RUN = {
    "CONTRIBUTING.md": 1,
    "README.md": 2,
    "deploy/README.md": 6,
    "docs/a2a.md": 1,
    "docs/operating.md": 1,
}
DIAGRAMS = {"mermaid", "text", ""}  # test_site.py draws the first; the others are what a program printed


def identified(found: list[Fence]) -> pytest.MarkDecorator:
    """The blocks as parameters, named by where they stand."""
    return pytest.mark.parametrize("fence", [pytest.param(fence, id=str(fence)) for fence in found])


def test_what_is_not_run_says_so_and_is_counted() -> None:
    not_run = Counter(str(fence.path.relative_to(ROOT)) for fence in fences(mark="not run"))
    assert dict(not_run) == NOT_RUN
    assert [str(fence) for fence in fences(mark="not run") if len(fence.detail) < 20] == []


# --- JSON ---------------------------------------------------------------------------------------------


@cache
def schemas() -> dict[str, Any]:
    """Of the WebSocket API and of the REST API, by name, with their references among each other."""
    socket = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text())["components"]["schemas"]
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    rest = generator.get_schema(request=None, public=True)["components"]["schemas"]
    return {**rest, **socket}


def problems_of(value: object, name: str) -> list[str]:
    """What of the value does not fit the type of this name, unknown fields included."""
    document = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas()}}
    unknown = set(value if isinstance(value, dict) else ()) - set(schemas()[name].get("properties", value))
    found = [error.message for error in Draft202012Validator(document).iter_errors(value)]
    return found + [f"{name} has no field {field!r}" for field in sorted(unknown)]


@identified(fences("json", mark=""))
def test_an_example_of_a_message_fits_its_schema(fence: Fence) -> None:
    for message in [json.loads(line) for line in one_per_object(fence.text)]:
        kinds = [*messages.CLIENT_MESSAGES, *messages.SERVER_MESSAGES]
        names = [kind.__name__ for kind in kinds if kind.__struct_config__.tag == message.get("type")]
        assert names, f"This is no message. If it is a body: <!-- schema: … -->. {message}"
        found = [problems_of(message, name) for name in names]
        assert [] in found, found


@identified(fences("json", mark="schema"))
def test_an_example_of_a_body_fits_its_schema(fence: Fence) -> None:
    for body in [json.loads(text) for text in one_per_object(fence.text)]:
        assert problems_of(body, fence.detail) == []


def one_per_object(text: str) -> list[str]:
    """The JSON texts of a block: one on each line, or one in all."""
    lines = text.splitlines()
    return lines if all(line.startswith("{") and line.endswith("}") for line in lines) else [text]


def test_every_message_and_every_kind_of_event_has_an_example() -> None:
    shown = [json.loads(text) for fence in fences("json", mark="") for text in one_per_object(fence.text)]
    types = {message["type"] for message in shown}
    known = {kind.__struct_config__.tag for kind in [*messages.CLIENT_MESSAGES, *messages.SERVER_MESSAGES]}
    assert known - types == set()
    assert set(KINDS) - {message["kind"] for message in shown if message["type"] == "event"} == set()
    targets = {message["target"] for message in shown if message["type"] == "subscribed"}
    assert targets == {"workflow", "workflows", "agent", "coordinator"}


# --- what other tests run, and what is quoted ------------------------------------------------------------


@identified(fences(mark="run by"))
def test_the_tests_that_run_a_block_exist_and_run_its_commands(fence: Fence) -> None:
    tests = [ROOT / path for path in fence.detail.split(", ")]
    assert [path for path in tests if not path.is_file()] == []
    text = "\n".join(path.read_text() for path in tests)
    assert [name for name in commands_in(fence.text) if name not in text] == []


def commands_in(text: str) -> list[str]:
    """The names of Callboard's own commands and scripts in a block: "worker", "script/server"."""
    return re.findall(r"manage\.py (\w+)", text) + re.findall(r"(?<![\w/])script/(\w+)", text)


@identified(fences(mark="quoted from"))
def test_what_is_quoted_stands_there(fence: Fence) -> None:
    source = ROOT / fence.detail
    files = [path for path in source.rglob("*.*") if path.suffix in (".py", ".toml", ".ts", ".tsx", ".html")]
    text = "\n".join(path.read_text() for path in files if "node_modules" not in path.parts)
    assert fence.text in text


# --- that nothing is left out ------------------------------------------------------------------------


def test_every_block_is_run_by_something() -> None:
    run_here = {"json", *RUN, *DIAGRAMS}
    left = [str(fence) for fence in fences(mark="") if fence.language not in run_here]
    assert left == [], "Run them, or say before them who does, or why nobody can: tests/docs/fences.py"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_inline_command_of_ours_exists(document: Path) -> None:
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    django = {"migrate", "changepassword", "check", "runserver", "makemigrations", "createsuperuser", "flush"}
    named = set(re.findall(r"manage\.py (\w+)", document.read_text()))
    assert named - commands - django == set()
