"""A remote agent: it speaks A2A with an agent elsewhere, and is to everything else an agent like any other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from a2a.client import Client, ClientConfig, ClientFactory
from a2a.extensions.common import HTTP_EXTENSION_HEADER
from a2a.types.a2a_pb2 import CancelTaskRequest
from a2a.utils.errors import TaskNotCancelableError, TaskNotFoundError

from agents import contract
from agents.contract import AgentError, Job, Outcome
from agents.models import Agent as Row
from agents.remote import cards, credentials, network
from agents.remote.cards import BINDINGS, Card
from agents.remote.config import read_config
from agents.remote.conversation import Conversation
from agents.remote.credentials import CredentialMissing
from agents.remote.errors import Lost, Unreachable
from agents.remote.files import Source
from agents.remote.listening import listening

NOTHING_TO_STOP = (TaskNotFoundError, TaskNotCancelableError)


class RemoteAgent(contract.AsyncAgent):
    """An A2A agent, as its row describes it. Each job has a client of its own, on the loop that it runs on."""

    def __init__(self, row: Row, card: Card) -> None:
        self.name = row.name
        self.description = card.description
        self.skills = card.skills
        self.max_concurrent = row.max_concurrent
        self._card = card
        self._url = row.url
        self._bearer_env = row.bearer_env
        self._credential = row.credential

    def missing(self) -> str:
        """That its credential is missing, or ""."""
        try:
            self._bearer()
        except CredentialMissing as error:
            return error.message
        return ""

    async def perform_async(self, job: Job) -> Outcome:
        """Has the job done over there."""
        skill, source = self.skill(job.skill), Source(self._url, self._bearer())
        by_schema = skill.id in self._card.schema_skills
        async with self._client(source.bearer) as client:
            conversation = Conversation(job, skill, client=client, source=source, card=self._card, by_schema=by_schema)
            try:
                return await conversation.outcome()
            except AgentError as error:
                raise _named(self.name, error) from None

    async def withdraw(self, remote_task: str) -> None:
        """Cancels the remote task. One that has ended, was cancelled before or is unknown over there needs nothing more."""
        bearer, config = self._bearer(), read_config()
        async with self._client(bearer) as client:
            try:
                async with listening(config.silence_seconds, secret=bearer, passing=NOTHING_TO_STOP):
                    await client.cancel_task(CancelTaskRequest(id=remote_task))
            except NOTHING_TO_STOP:
                return
            except Lost as lost:
                raise Unreachable(f"{self.name} could not be told to stop: {lost.why}", retryable=True) from None
            except AgentError as error:
                raise _named(self.name, error) from None

    def _bearer(self) -> str:
        return credentials.bearer(bearer_env=self._bearer_env, credential=self._credential)

    @asynccontextmanager
    async def _client(self, bearer: str) -> AsyncIterator[Client]:
        config = read_config()
        asked = {HTTP_EXTENSION_HEADER: ", ".join(sorted(self._card.extensions))} if self._card.extensions else {}
        async with network.http_client(most_bytes=config.message_bytes, bearer=bearer, headers=asked) as http:
            settings = ClientConfig(
                httpx_client=http,
                polling=not self._card.is_streaming,
                supported_protocol_bindings=BINDINGS,
                use_client_preference=True,
            )
            yield ClientFactory(settings).create(self._card.proto)


def _named(name: str, error: AgentError) -> AgentError:
    """The same error, which says whose it is."""
    return type(error)(f"{name}: {error.message}", retryable=error.retryable, retry_after=error.retry_after)


def agent_of(row: Row) -> contract.AsyncAgent:
    """The agent that this row describes.

    Raises: UnusableCard.
    """
    return RemoteAgent(row, cards.read(row.card or {}, row.url))
