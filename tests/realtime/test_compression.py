"""Sockets are compressed only where that was switched on."""

from collections.abc import Iterator

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate

from tests.realtime.sample_server import TelegraphServer
from tests.realtime.socket_client import watching


@pytest.fixture(params=["no", "yes"])
def telegraph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegraphServer]:
    """A server with its clerk waiting."""
    server = TelegraphServer(tmp_path_factory.mktemp("compression"), {"REALTIME_COMPRESSION": request.param})
    server.start()
    server.invite_the_cast()
    yield server
    server.stop()


async def test_a_socket_is_compressed_if_the_setting_and_the_client_say_so(telegraph: TelegraphServer) -> None:
    is_switched_on = telegraph.environment["REALTIME_COMPRESSION"] == "yes"
    workflow_id, token = telegraph.send_telegram("alice", "x" * 50_000), telegraph.token("alice")
    async with watching(telegraph, f"/ws/workflow/{workflow_id}", token, compression="deflate") as watch:
        extensions = watch.socket.protocol.extensions
        assert [isinstance(extension, PerMessageDeflate) for extension in extensions] == [True] * is_switched_on
        answer = await watch.hear_until(lambda message: message["type"] == "subscribed")
        assert answer["snapshot"]["input"]["text"] == "x" * 50_000
    async with watching(telegraph, token=token, compression=None) as watch:
        assert watch.socket.protocol.extensions == []
        assert (await watch.hear())["type"] == "welcome"
