"""Migrations that change data, tried on a database as an earlier version left it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from tests.fixtures.workflows import Run
from workflows import coordinator, snapshots
from workflows.models import Control, Workflow


def migrate(name: str) -> StateApps:
    """Migrates workflows forwards or backwards. Returns the models as they are then."""
    executor = MigrationExecutor(connection)
    executor.migrate([("workflows", name)])
    return executor.loader.project_state([("workflows", name)]).apps


def migrate_to_latest() -> None:
    """Migrates workflows to the tables of this version."""
    executor = MigrationExecutor(connection)
    executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] == "workflows"])


@pytest.fixture
def _migrated_again(transactional_db: None) -> Iterator[None]:
    """Migrates to the latest tables after the test."""
    yield
    migrate_to_latest()


@pytest.mark.usefixtures("_migrated_again")
def test_results_of_earlier_controls_are_filled_in_from_their_events(
    sample_workflow: Workflow, alice: User, olga: User, run: Run
) -> None:
    run(limit=1)
    for user, action in ((alice, "pause"), (olga, "resume"), (olga, "pause")):
        coordinator.control(workflow=sample_workflow, by=user, action=action, request_id=f"same-{action}")
    coordinator.control(workflow=sample_workflow, by=alice, action="resume", request_id="last")
    coordinator.control(workflow=sample_workflow, by=alice, action="retry", request_id="rejected")
    before = [snapshots.control_result(control) for control in Control.objects.order_by("pk")]
    assert [result and result["by"] for result in before] == ["alice", "olga", "olga", "alice", None]
    old = migrate("0001_initial").get_model("workflows", "Control")
    assert not hasattr(old, "resolved_seq")
    migrate("0003_fill_control_result")
    migrate_to_latest()
    assert [snapshots.control_result(control) for control in Control.objects.order_by("pk")] == before
