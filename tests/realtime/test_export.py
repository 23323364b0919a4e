"""The protocol for other programs is what the server speaks."""

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from jsonschema import Draft7Validator

from realtime.wire import messages
from tests.server import FRONTEND_DIST
from workflows import events

# Installed with what builds the pages. The parser itself would bring 170 packages along, one of which phones home.
SPECIFICATION = "node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"
EXPORTED = ("docs/asyncapi.yaml", "frontend/packages/client/src/messages.gen.ts")


def test_the_files_in_the_repository_are_up_to_date() -> None:
    call_command("export_protocol", check=True)


def test_a_difference_fails_the_check_and_is_mended_by_the_command(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"docs/asyncapi.yaml, frontend.*export_protocol"):
        call_command("export_protocol", check=True, folder=tmp_path)
    call_command("export_protocol", folder=tmp_path)
    call_command("export_protocol", check=True, folder=tmp_path)
    for name in EXPORTED:
        assert (tmp_path / name).read_text() == Path(settings.BASE_DIR, name).read_text()


def test_every_message_and_every_kind_of_event_is_exported() -> None:
    for name in EXPORTED:
        text = Path(settings.BASE_DIR, name).read_text()
        for kind in (*messages.SERVER_MESSAGES, *messages.CLIENT_MESSAGES, *events.KINDS.values()):
            assert kind.__name__ in text
        for code in messages.CLOSE_MEANINGS:
            assert str(code.value) in text


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    document = yaml.safe_load(Path(settings.BASE_DIR, EXPORTED[0]).read_text())

    def visit(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(reference := node.get("$ref"), str):
                target = document
                for part in reference.removeprefix("#/").split("/"):
                    target = target[part]
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(document)
    assert document["asyncapi"].startswith("3.")


def test_the_asyncapi_document_is_valid_by_the_specification() -> None:
    document = yaml.safe_load(Path(settings.BASE_DIR, EXPORTED[0]).read_text())
    specification = Draft7Validator(json.loads(_specification().read_text()))
    assert [error.message for error in specification.iter_errors(document)] == []
    document["operations"]["fromClient"]["action"] = "shout"
    assert not specification.is_valid(document)


def _specification() -> Path:
    folders = (FRONTEND_DIST.parent, Path(settings.BASE_DIR, "frontend"))
    return next(path for folder in folders if (path := folder / SPECIFICATION).is_file())
