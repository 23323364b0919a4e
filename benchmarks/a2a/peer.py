"""An agent on the SDK's own server, with its tasks in memory: `noop` answers at once, `wait` when it is told to go on.

    python -m benchmarks.a2a.peer PORT

`POST /go` lets all go on that wait; `GET /present` is how many wait now.
"""

import asyncio
import sys

import uvicorn
from a2a.helpers import new_data_part
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types.a2a_pb2 import AgentCapabilities, AgentCard, AgentInterface, AgentSkill, Task, TaskState, TaskStatus
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


class Idle(AgentExecutor):
    """Does nothing, as quickly as it can, or after a while."""

    def __init__(self) -> None:
        self.may_go_on = asyncio.Event()
        self.present = 0

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        """One message."""
        task_id, context_id = str(context.task_id), str(context.context_id)
        submitted = TaskStatus(state=TaskState.TASK_STATE_SUBMITTED)
        await event_queue.enqueue_event(Task(id=task_id, context_id=context_id, status=submitted))
        updater = TaskUpdater(event_queue, task_id, context_id)
        if "wait" in context.get_user_input():
            self.present += 1
            await self.may_go_on.wait()
        await updater.add_artifact([new_data_part({"done": True})], name="Result")
        await updater.complete()

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Stops."""
        await TaskUpdater(event_queue, str(context.task_id), str(context.context_id)).cancel()


def application(port: int) -> Starlette:
    """The agent, with its two switches."""
    idle, url = Idle(), f"http://127.0.0.1:{port}/a2a"
    card = AgentCard(
        name="Idle",
        description="Does nothing.",
        version="1.0.0",
        supported_interfaces=[AgentInterface(url=url, protocol_binding="JSONRPC", protocol_version="1.0")],
        capabilities=AgentCapabilities(streaming=True),
        default_input_modes=["text/plain"],
        default_output_modes=["application/json"],
        skills=[AgentSkill(id="far_noop", name="No-op", description="Does nothing.", tags=["noop"])],
    )
    handler = DefaultRequestHandler(idle, InMemoryTaskStore(), card)

    async def go(_request: Request) -> JSONResponse:
        idle.may_go_on.set()
        return JSONResponse({})

    async def present(_request: Request) -> JSONResponse:
        return JSONResponse(idle.present)

    switches = [Route("/go", go, methods=["POST"]), Route("/present", present)]
    return Starlette(routes=[*switches, *create_agent_card_routes(card), *create_jsonrpc_routes(handler, "/a2a")])


if __name__ == "__main__":
    port = int(sys.argv[1])
    uvicorn.run(application(port), host="127.0.0.1", port=port, log_level="critical")
