"""A Callboard server with the sample pipeline, in a process of its own."""

from dataclasses import dataclass
from subprocess import Popen

from tests.server import Server


@dataclass
class SampleServer(Server):
    """A server in a process of its own. `let_go` lets its agent go on."""

    def let_go(self) -> None:
        """From now on words are spelt without waiting."""
        (self.data_dir / "go").touch()

    def hold(self) -> None:
        """From now on the sample agent, which waits."""
        (self.data_dir / "go").unlink(missing_ok=True)

    def create_workflow(self, name: str, text: str = "send more light") -> str:
        """A workflow of somebody's; its id."""
        with self.client(name) as client:
            answer = client.post("/api/workflows/", json={"pipeline": "telegram", "input": {"text": text}})
            answer.raise_for_status()
            return str(answer.json()["id"])

    def _run(self, module: str) -> Popen[bytes]:
        return super()._run("tests.realtime.sample_server_main" if module == "script.serve" else module)
