"""Signals of the coordinator, named in the past tense and sent after commit. No receiver may raise.

A signal is sent in the thread that committed the change.
"""

from django.dispatch import Signal

# event_recorded(workflow_id: str, message: dict): a new event, in the shape of the `event` message
# (workflow_id, seq, kind, data, timestamp). Sent in seq order per process.
event_recorded = Signal()

# progress_reported(workflow_id: str, message: dict): the current progress, in the shape of the `progress`
# message (workflow_id, state, progress, stage, message, eta, seq, tasks, timestamp).
progress_reported = Signal()

# workflow_deleted(workflow_id: str, owner_id: int): a workflow was deleted, with its files.
workflow_deleted = Signal()

# coordinator_metrics_changed(message: dict): in the shape of the `coordinator_metrics` message
# (total_messages, total_workflows, registered_agents, healthy_agents, active_workflows, runners, unserved_skills).
coordinator_metrics_changed = Signal()

# watchers_asked(workflow_id: str): each receiver returns how many watch the workflow now, as far as it knows.
watchers_asked = Signal()

# news_wanted(workflow_id: str, seq: int, on_news: Callable[[], None]): sent on an event loop. Each receiver that hears of
# news from other processes calls `on_news` there whenever something of the workflow has changed since the event `seq`. It
# returns what ends that (a function without arguments), or None where it hears of nothing.
news_wanted = Signal()

# work_became_ready(workflow_id: str): a runner may find something to do: in this workflow, or in any ("") because an
# agent became free.
work_became_ready = Signal()

# stop_requested(attempts: list[int]): these attempts are to stop at their next checkpoint.
stop_requested = Signal()
