"""The OpenAPI document: valid, complete, and good enough that a client made from it works."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import validate

from tests.cast import PASSWORD
from tests.realtime.sample_server import SampleServer
from tests.server import ROOT
from workflows.events import KINDS

Json = dict[str, Any]
GENERATE_SECONDS = 60
FOLLOW_SECONDS = 60


@pytest.fixture(scope="module")
def sample_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    """A running server whose sample agent does not wait."""
    with SampleServer(tmp_path_factory.mktemp("openapi")) as server:
        server.let_go()
        yield server


@pytest.fixture(scope="module")
def document(sample_server: SampleServer) -> Json:
    """The document as the server answers it."""
    answer = httpx2.get(f"{sample_server.url}/api/schema/?format=json", timeout=30, trust_env=False)
    answer.raise_for_status()
    return dict(answer.json())


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def schema_of(response: Json) -> str:
    return str(response["content"]["application/json"]["schema"].get("$ref", "")).rpartition("/")[2]


def test_the_document_is_valid(document: Json) -> None:
    validate(document)


def test_a_sign_in_takes_credentials_and_answers_a_pair_of_tokens(document: Json) -> None:
    operation = document["paths"]["/api/auth/token/"]["post"]
    assert schema_of(operation["requestBody"]) == "Credentials"
    assert schema_of(operation["responses"]["200"]) == "TokenPair"
    schemas = document["components"]["schemas"]
    assert set(schemas["Credentials"]["properties"]) == {"username", "password"}
    assert schemas["TokenPair"]["required"] == ["access", "refresh"]


def test_the_list_of_workflows_is_a_page_of_rows(document: Json) -> None:
    operation = document["paths"]["/api/workflows/"]["get"]
    page = document["components"]["schemas"][schema_of(operation["responses"]["200"])]
    assert page["required"] == ["count", "next", "previous", "results"]
    assert page["properties"]["results"]["items"]["$ref"].endswith("/WorkflowRow")


def test_the_input_of_a_new_workflow_is_that_of_its_pipeline(document: Json) -> None:
    schemas = document["components"]["schemas"]
    mapping = schemas["NewWorkflow"]["discriminator"]["mapping"]
    assert {"idea2video", "script2video", "telegram"} <= mapping.keys()
    idea = schemas[mapping["idea2video"].rpartition("/")[2]]
    given = schemas[idea["properties"]["input"]["$ref"].rpartition("/")[2]]
    assert given["required"] == ["idea"]
    assert given["properties"]["scenes"]["maximum"] == 12


def test_the_data_of_an_event_is_typed_by_its_kind(document: Json) -> None:
    schemas = document["components"]["schemas"]
    references = [one["$ref"].rpartition("/")[2] for one in schemas["EventMessage"]["oneOf"]]
    kinds = {schemas[name]["properties"]["kind"]["enum"][0]: schemas[name]["properties"]["data"] for name in references}
    assert {kind: data["$ref"].rpartition("/")[2] for kind, data in kinds.items()} == {
        kind: payload.__name__ for kind, payload in KINDS.items()
    }


def test_each_operation_documents_its_errors_with_the_one_schema_for_them(document: Json) -> None:
    for name, operation in operations(document):
        errors = {code: response for code, response in operation["responses"].items() if code >= "400"}
        errors.pop("416", None)  # of a file: has no body
        assert errors, name
        assert {schema_of(response) for response in errors.values()} == {"ErrorResponse"}, name
        assert ("404" in errors) or "{" not in name, name
        assert "401" in errors, name


def test_the_fields_of_an_error_are_sentences_by_field(document: Json) -> None:
    error = document["components"]["schemas"]["ErrorDetail"]
    assert {"type", "message", "retryable", "retry_after", "fields"} == set(error["required"])
    assert error["properties"]["fields"]["additionalProperties"] == {"type": "string"}


def test_a_client_generated_from_the_document_signs_in_creates_lists_and_follows(
    sample_server: SampleServer, document: Json, tmp_path: Path
) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "config.yml").write_text("package_name_override: generated_callboard\npost_hooks: []\n")
    command = ["generate", "--path", "openapi.json", "--config", "config.yml", "--meta", "none", "--fail-on-warning"]
    package = [*command, "--output-path", "generated_callboard"]
    subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *package], cwd=tmp_path, check=True, timeout=GENERATE_SECONDS
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    followed = subprocess.run(
        [sys.executable, "-m", "tests.project.generated_client", sample_server.url, "alice", PASSWORD],
        cwd=tmp_path, env=environment, check=True, timeout=FOLLOW_SECONDS, stdout=subprocess.PIPE,
    )  # fmt: skip
    got = json.loads(followed.stdout)
    assert got["listed"] == [got["created"]]
    assert got["count"] == 1
    assert got["kinds"]["task_finished"] == "TaskFinished"
    assert got["kinds"]["workflow_completed"] == "WorkflowCompleted"
    assert (got["state"], got["artifacts"], got["refusal"]) == ("completed", ["telegram.txt"], "TargetNotFound")
