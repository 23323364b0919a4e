"""The addresses of A2A: both bindings of every agent, their cards, and the catalogue."""

from a2a.server.context import ServerCallContext
from a2a.server.jsonrpc_models import JSONParseError
from a2a.server.routes import create_rest_routes
from a2a.server.routes.common import DefaultServerCallContextBuilder
from a2a.server.routes.jsonrpc_dispatcher import JsonRpcDispatcher
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from workflows.a2a import cards
from workflows.a2a.door import CARD_PATH, Door
from workflows.a2a.handler import CALLER, CoordinatorHandler
from workflows.a2a.served import COORDINATOR, all_served, served
from workflows.a2a.threads import in_thread

AGENT = "/a2a/{agent}"


class CallerContextBuilder(DefaultServerCallContextBuilder):
    """Hands on who asks whom, which the door has found out."""

    def build(self, request: Request) -> ServerCallContext:
        context = super().build(request)
        context.state[CALLER] = request.scope["state"][CALLER]
        return context


class Dispatcher(JsonRpcDispatcher):
    """The SDK's, which takes a body that is no text, or too deep, for an error of its own."""

    async def handle_requests(self, request: Request) -> Response:
        try:
            await request.json()  # which keeps it
        except (ValueError, RecursionError):
            return self._generate_error_response(None, JSONParseError(message="The body is no JSON."))
        return await super().handle_requests(request)


async def agent_card(request: Request) -> Response:
    """GET /a2a/{agent}/.well-known/agent-card.json"""
    agent = await in_thread(served, request.path_params["agent"])
    if agent is None:
        raise HTTPException(404, "No such agent is served here; GET /a2a/ lists them.")
    return cards.cached(request, cards.card(agent, request.scope["state"]["base"]))


async def first_card(request: Request) -> Response:
    """GET /.well-known/agent-card.json: the coordinator's; of a server for one agent, that one's."""
    agent = await in_thread(served, COORDINATOR) or next(iter(await in_thread(all_served)), None)
    if agent is None:
        raise HTTPException(404, "No agent is served here.")
    return cards.cached(request, cards.card(agent, request.scope["state"]["base"]))


async def catalogue(request: Request) -> Response:
    """GET /a2a/"""
    return cards.cached(request, cards.catalogue(await in_thread(all_served), request.scope["state"]["base"]))


async def as_status(_request: Request, error: Exception) -> Response:
    """An error of the routing in the form of all others (section 11.6)."""
    status, message = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    names = {404: "NOT_FOUND", 405: "UNIMPLEMENTED"}
    body = {"code": status, "status": names.get(status, "INTERNAL"), "message": message, "details": []}
    return JSONResponse({"error": body}, status_code=status)


def _routes() -> list[BaseRoute]:
    handler, builder = CoordinatorHandler(), CallerContextBuilder()
    dispatcher = Dispatcher(handler, context_builder=builder)
    json_rpc = [Route(url, dispatcher.handle_requests, methods=["POST"]) for url in (AGENT, f"{AGENT}/")]
    rest = create_rest_routes(handler, context_builder=builder, path_prefix=AGENT)
    return [
        Route(CARD_PATH, first_card),
        Route("/a2a", catalogue),
        Route("/a2a/", catalogue),
        Route(f"{AGENT}{CARD_PATH}", agent_card),
        *json_rpc,
        *(route for route in rest if not isinstance(route, Mount)),  # of tenants, which there are none here
    ]


application = Door(Starlette(routes=_routes(), exception_handlers={HTTPException: as_status}))  # type: ignore[arg-type]
