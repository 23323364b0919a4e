"""Agent cards (A2A 1.0, section 4.4), and the catalogue of them."""

import hashlib
import json
from typing import Any, Final

from a2a.server.request_handlers.response_helpers import agent_card_to_dict
from a2a.types.a2a_pb2 import (
    AgentCapabilities,
    AgentCard,
    AgentExtension,
    AgentInterface,
    AgentProvider,
    AgentSkill,
    HTTPAuthSecurityScheme,
    SecurityRequirement,
    SecurityScheme,
    StringList,
)
from a2a.utils.constants import PROTOCOL_VERSION_1_0, TransportProtocol
from django.conf import settings
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workflows.a2a import profile
from workflows.a2a.served import Offer, Served
from workflows.pipelines.inputs import whole

SCHEME: Final = "bearer"
MAX_AGE_SECONDS: Final = 60  # agents come and go

Json = dict[str, Any]


def address(agent: Served, base: str) -> str:
    """Where the agent is, in both bindings. Without a slash at the end: paths are added to it."""
    return f"{base}/a2a/{agent.name}"


def card_address(agent: Served, base: str) -> str:
    """Where its card is."""
    return f"{address(agent, base)}/.well-known/agent-card.json"


def card(agent: Served, base: str) -> Json:
    """The card, as JSON. `base` is where the server is for who asks: "https://example.org"."""
    bindings = (TransportProtocol.JSONRPC, TransportProtocol.HTTP_JSON)
    url = address(agent, base)
    described = AgentCard(
        name=agent.name,
        description=agent.description,
        version=settings.VERSION,
        provider=AgentProvider(organization="Callboard", url=base),
        supported_interfaces=[
            AgentInterface(url=url, protocol_binding=binding.value, protocol_version=PROTOCOL_VERSION_1_0)
            for binding in bindings
        ],
        capabilities=AgentCapabilities(
            streaming=True, push_notifications=False, extended_agent_card=False, extensions=_extensions(agent)
        ),
        security_schemes={
            SCHEME: SecurityScheme(
                http_auth_security_scheme=HTTPAuthSecurityScheme(
                    scheme="Bearer",
                    description="An access token of POST /api/auth/token/, or the server's token for machines.",
                )
            )
        },
        security_requirements=[SecurityRequirement(schemes={SCHEME: StringList()})],
        default_input_modes=_united(offer.input_modes for offer in agent.offers),
        default_output_modes=_united(offer.output_modes for offer in agent.offers),
        skills=[_skill(offer) for offer in agent.offers],
    )
    return dict(whole(agent_card_to_dict(described)))


def _united(modes: Any) -> list[str]:  # noqa: ANN401 - tuples of words
    return list(dict.fromkeys(mode for some in modes for mode in some)) or ["application/json"]


def _skill(offer: Offer) -> AgentSkill:
    return AgentSkill(
        id=offer.id,
        name=offer.name,
        description=offer.description,
        tags=offer.tags,
        input_modes=offer.input_modes,
        output_modes=offer.output_modes,
    )


def _extensions(agent: Served) -> list[AgentExtension]:
    skills = {
        offer.id: {"input_schema": offer.input_schema, "output_schema": offer.output_schema} for offer in agent.offers
    }
    return [
        AgentExtension(
            uri=profile.SKILLS,
            description="The JSON Schemas of what each skill takes and gives, and how messages name a skill and its files.",
            params={"skills": skills},
        ),
        AgentExtension(
            uri=profile.PROGRESS, description="How far a task is, as a fraction, in the metadata of updates."
        ),
        AgentExtension(
            uri=profile.USAGE, description="What models took for a task so far, in the metadata of updates."
        ),
    ]


def catalogue(agents: list[Served], base: str) -> Json:
    """What is served here, each with the address of its card."""
    return {
        "agents": [
            {
                "name": agent.name,
                "title": agent.title,
                "description": agent.description,
                "url": address(agent, base),
                "card": card_address(agent, base),
            }
            for agent in agents
        ]
    }


def cached(request: Request, body: Json) -> Response:
    """The response with that body, which clients may keep for a while, or 304 for one who has it (section 8.6)."""
    text = json.dumps(body, sort_keys=True)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}", "Vary": "Host"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return JSONResponse(body, headers=headers)
