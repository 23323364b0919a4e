"""What the OpenAPI document allows, and what it does not, sent to every operation of a real server by a signed-in user.

schemathesis makes the requests and looks at the answers: no fault of the server, no status, media type or body that the
document does not name. The examples are the same in every run.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server import Server

Operation = APIOperation[Any, Any, Any, Any]
EXAMPLES: Final = 12  # for each operation
CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
# They end sign-ins, of which other tests have some, or say what the server is like at that moment.
LEFT_OUT: Final = r"^/api/(auth|sessions|schema|docs)/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One whose long polls are short: many of the requests are for news that does not come."""
    with Server(tmp_path_factory.mktemp("server"), {"REALTIME_POLL_SECONDS": "0.2"}) as server:
        yield server


@pytest.fixture(scope="module")
def operations(server: Server) -> list[Operation]:
    """Every operation but those that are left out."""
    schema = openapi.from_url(f"{server.url}/api/schema/?format=json").exclude(path_regex=LEFT_OUT)
    found: Any = list(schema.get_all_operations())  # each is an operation, or why it is none
    return [one.ok() for one in found]


@pytest.fixture(scope="module")
def workflow(server: Server) -> str:
    """A workflow of Ada's, so that more than refusals is looked at."""
    with server.client("ada") as ada:
        body = {"pipeline": "idea2video", "input": {"idea": "A lighthouse", "scenes": 1}}
        return str(ada.post("/api/workflows/", json=body).json()["id"])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_the_document_says(
    server: Server, operations: list[Operation], workflow: str, mode: GenerationMode
) -> None:
    assert len(operations) > 20
    failures = [failure for operation in operations if (failure := tried(server, operation, workflow, mode))]
    assert failures == []


def tried(server: Server, operation: Operation, workflow: str, mode: GenerationMode) -> str:
    """What is wrong with an answer of the operation; "" when nothing is."""
    headers = {"Authorization": f"Bearer {server.token('ada')}"}
    known: Any = {"workflow_id": workflow} if "{workflow_id}" in operation.path else None

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known))
    def answers_well(case: Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=list(CHECKS), timeout=60)

    try:
        answers_well()
    except Exception as error:  # noqa: BLE001 - a failed check, whatever it looked at: all operations are tried
        return f"{operation.label}: {error!r} {error}"[:2_000]
    return ""
