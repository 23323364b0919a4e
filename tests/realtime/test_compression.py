"""Sockets are compressed only where that was switched on."""

from collections.abc import Iterator

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate

from tests.realtime.sample_server import SampleServer
from tests.websocket_client import connected_client


@pytest.fixture(params=["no", "yes"])
def sample_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    """A server with the sample agent, which waits."""
    with SampleServer(tmp_path_factory.mktemp("compression"), {"REALTIME_COMPRESSION": request.param}) as server:
        yield server


async def test_a_socket_is_compressed_if_the_setting_and_the_client_ask_for_it(sample_server: SampleServer) -> None:
    is_switched_on = sample_server.environment["REALTIME_COMPRESSION"] == "yes"
    workflow_id, token = sample_server.create_workflow("alice", "x" * 50_000), sample_server.token("alice")
    async with connected_client(sample_server, f"/ws/workflow/{workflow_id}", token, compression="deflate") as client:
        extensions = client.transport.socket.protocol.extensions
        assert [isinstance(extension, PerMessageDeflate) for extension in extensions] == [True] * is_switched_on
        answer = await client.receive_until("subscribed")
        assert answer["snapshot"]["input"]["text"] == "x" * 50_000
    async with connected_client(sample_server, token=token, compression=None) as client:
        assert client.transport.socket.protocol.extensions == []
        assert (await client.receive())["type"] == "welcome"
