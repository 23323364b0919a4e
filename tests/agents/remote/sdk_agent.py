"""An honest agent that knows nothing of Callboard: the SDK's own server, with its tasks in memory."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from a2a.helpers import new_data_part, new_raw_part, new_text_message, new_text_part
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes, create_rest_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types.a2a_pb2 import AgentCapabilities, AgentCard, AgentInterface, AgentSkill, Task, TaskState, TaskStatus
from starlette.applications import Starlette

from tests.agents.remote.peer import PNG
from tests.agents.remote.servers import free_port, serving


class Sketcher(AgentExecutor):
    """Draws what it is told; asks for a colour when it is told to ask, and takes its time when it is told to wait."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.cancelled: list[str] = []

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        """One message."""
        words, task = context.get_user_input(), context.current_task
        self.heard.append(words)
        assert context.task_id
        assert context.context_id
        if task is None:
            submitted = TaskStatus(state=TaskState.TASK_STATE_SUBMITTED)
            await event_queue.enqueue_event(Task(id=context.task_id, context_id=context.context_id, status=submitted))
        updater = TaskUpdater(event_queue, context.task_id, context.context_id)
        if "ask" in words:
            await updater.requires_input(new_text_message("Which colour?"))
            return
        await updater.start_work(new_text_message("Sketching"))
        if "wait" in words:
            await asyncio.sleep(3_600)
        if "say" in words:
            await updater.complete(new_text_message("Nothing to draw."))
            return
        await updater.add_artifact([new_raw_part(PNG, filename="sketch.png", media_type="image/png")], name="Sketch")
        await updater.add_artifact(
            [new_text_part(f"A sketch of {words}"), new_data_part({"strokes": 12})], name="About"
        )
        await updater.complete(new_text_message("There you are."))

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Stops."""
        assert context.task_id
        assert context.context_id
        self.cancelled.append(context.task_id)
        await TaskUpdater(event_queue, context.task_id, context.context_id).cancel()


@contextmanager
def running(*, binding: str = "JSONRPC", is_streaming: bool = True) -> Iterator[tuple[str, Sketcher]]:
    """Its URL, and what it has heard."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    card = AgentCard(
        name="Sketcher",
        description="Sketches.",
        version="1.0.0",
        supported_interfaces=[
            AgentInterface(url=f"{url}/a2a", protocol_binding=binding, protocol_version="1.0"),
        ],
        capabilities=AgentCapabilities(streaming=is_streaming),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain", "image/png"],
        skills=[AgentSkill(id="sketch", name="Sketch", description="A quick drawing.", tags=["image"])],
    )
    sketcher = Sketcher()
    handler = DefaultRequestHandler(sketcher, InMemoryTaskStore(), card)
    rpc = (
        create_jsonrpc_routes(handler, "/a2a")
        if binding == "JSONRPC"
        else create_rest_routes(handler, path_prefix="/a2a")
    )
    with serving(Starlette(routes=[*create_agent_card_routes(card), *rpc]), port):
        yield url, sketcher
