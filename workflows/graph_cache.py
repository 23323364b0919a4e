"""The task graphs of the workflows that this process works on, kept in memory between transitions.

A graph is valid as long as the workflow's `last_seq` is that of the graph. What other processes have changed since is
read alone: each task has the number of an event of the transition that changed it last.
"""

import threading
from collections import OrderedDict
from typing import Final

from workflows import pipelines
from workflows.errors import PipelineBroken, UnknownPipeline, WorkflowBroken
from workflows.graph import TaskGraph
from workflows.lifecycle import FINAL_STATES
from workflows.models import Workflow

GRAPHS_LIMIT: Final = 256
TASKS_LIMIT: Final = 200_000  # in all graphs that are kept; about 500 bytes each

_graphs: OrderedDict[str, TaskGraph] = OrderedDict()  # by workflow; the last used comes last
_guard = threading.Lock()


def graph_of(workflow: Workflow) -> TaskGraph:
    """The graph of a workflow that is locked by `transitions.transition`. What changes its tasks must change it, too.

    Raises: WorkflowBroken when this version of the program does not know its pipeline, or one of its steps.
    """
    if workflow.graph is None:
        workflow.graph = _valid_graph(workflow)
    graph: TaskGraph = workflow.graph
    return graph


def _valid_graph(workflow: Workflow) -> TaskGraph:
    with _guard:
        graph = _graphs.pop(str(workflow.pk), None)
    try:
        if graph is None:
            graph = TaskGraph.load(workflow, pipelines.of(workflow))
        elif graph.seq != workflow.last_seq:
            graph.refresh(workflow)
        _check_stages(workflow, graph)
    except UnknownPipeline:
        raise WorkflowBroken(f"There is no pipeline {workflow.pipeline!r} any more.") from None
    except PipelineBroken as error:
        raise WorkflowBroken(str(error)) from error
    return graph


def _check_stages(workflow: Workflow, graph: TaskGraph) -> None:
    if not isinstance(workflow.stages, dict) or set(workflow.stages) != set(graph.pipeline.stages):
        raise PipelineBroken(f"Its stages are not those of {workflow.pipeline} any more.")


def keep(workflow: Workflow) -> None:
    """Keeps the graph for the next transition. To be called at the end of one, with all changes made."""
    if workflow.graph is None or workflow.state in FINAL_STATES:
        return
    workflow.graph.seq = workflow.last_seq
    with _guard:
        _graphs[str(workflow.pk)] = workflow.graph
        while len(_graphs) > GRAPHS_LIMIT or (len(_graphs) > 1 and _tasks() > TASKS_LIMIT):
            _graphs.popitem(last=False)


def _tasks() -> int:
    return sum(len(graph.by_key) for graph in _graphs.values())


def forget(workflow_id: str) -> None:
    """Drops a graph, because a transaction that changed it was rolled back."""
    with _guard:
        _graphs.pop(workflow_id, None)
