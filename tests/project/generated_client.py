"""What a program does with a client that was generated from /api/schema/: signs in, creates, lists, follows, is refused.

Run as a module beside the generated package `generated_callboard`, with the server's URL, a username and a password as its
arguments. Prints what it got as JSON.
"""

import json
import sys
from uuid import UUID

from generated_callboard import AuthenticatedClient, Client
from generated_callboard.api.auth import auth_token_create
from generated_callboard.api.workflows import (
    workflows_create,
    workflows_events_list,
    workflows_list,
    workflows_retrieve,
)
from generated_callboard.models import (
    CreatedWorkflow,
    Credentials,
    ErrorResponse,
    EventsPage,
    NewTelegramWorkflow,
    SampleInput,
    TokenPair,
    WorkflowPage,
    WorkflowSnapshot,
)
from generated_callboard.models.new_telegram_workflow_pipeline import NewTelegramWorkflowPipeline

UNKNOWN = UUID(int=0)


def main(url: str, username: str, password: str) -> None:
    """Follows a workflow from its creation to its end."""
    tokens = auth_token_create.sync(client=Client(url), body=Credentials(username=username, password=password))
    assert isinstance(tokens, TokenPair)
    with AuthenticatedClient(url, token=tokens.access) as client:
        body = NewTelegramWorkflow(NewTelegramWorkflowPipeline.TELEGRAM, SampleInput(text="send more light"))
        created = workflows_create.sync(client=client, body=body)
        assert isinstance(created, CreatedWorkflow)
        page = workflows_list.sync(client=client)
        assert isinstance(page, WorkflowPage)
        kinds = followed(client, created.id)
        snapshot = workflows_retrieve.sync(created.id, client=client)
        assert isinstance(snapshot, WorkflowSnapshot)
        refusal = workflows_retrieve.sync(UNKNOWN, client=client)
        assert isinstance(refusal, ErrorResponse)
    got = {
        "created": str(created.id),
        "listed": [str(row.id) for row in page.results],
        "count": page.count,
        "kinds": kinds,
        "state": snapshot.state,
        "artifacts": [artifact.name for artifact in snapshot.artifacts],
        "refusal": refusal.error.type_,
    }
    sys.stdout.write(json.dumps(got))


def followed(client: AuthenticatedClient, workflow_id: UUID) -> dict[str, str]:
    """The type of the data of each event, by kind, until the workflow is completed."""
    kinds: dict[str, str] = {}
    seq = 0
    while "workflow_completed" not in kinds:
        page = workflows_events_list.sync(workflow_id, client=client, after=seq, wait=5.0)
        assert isinstance(page, EventsPage), page
        kinds |= {str(event.kind): type(event.data).__name__ for event in page.events}
        seq = page.seq
    return kinds


if __name__ == "__main__":
    main(*sys.argv[1:])
