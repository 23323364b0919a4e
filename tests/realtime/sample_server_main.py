"""The process of a `SampleServer`: Callboard with the sample agent, which spells only once the file `go` lies in DATA_DIR.

Run as a module, with SAMPLE_SERVER=uvicorn (as script/serve.py configures it) or daphne.
"""

import os
import time
from pathlib import Path

from agents.contract import Job


def main() -> None:
    """Serves."""
    from script import serve  # noqa: PLC0415
    from script.prepare import load_settings, prepare  # noqa: PLC0415

    load_settings()
    register_sample_pipeline()
    if os.environ.get("SAMPLE_SERVER") == "daphne":
        prepare()
        serve_with_daphne()
    else:
        serve.main()


def register_sample_pipeline() -> None:
    """Registers the sample agent and pipeline."""
    from agents import registry  # noqa: PLC0415
    from tests.workflows.sample_pipeline import SAMPLE_PIPELINE, SampleAgent  # noqa: PLC0415
    from workflows import pipelines  # noqa: PLC0415

    sample_agent = SampleAgent()
    sample_agent.on_spell = wait_for_go
    registry.register(sample_agent)
    pipelines.register(SAMPLE_PIPELINE)


def wait_for_go(job: Job, word: str) -> None:
    """Reports progress until the file is there."""
    step = 0
    while not Path(os.environ["DATA_DIR"], "go").exists():
        step += 1
        job.progress(min(step / 1000, 1.0), f"Waiting to spell {word}, {step}")
        time.sleep(0.02)


def serve_with_daphne() -> None:
    """As manage.py runserver does, without its reloader."""
    from daphne.server import Server as Daphne  # noqa: PLC0415

    from project.asgi import application  # noqa: PLC0415

    Daphne(application=application, endpoints=[f"tcp:port={os.environ['PORT']}:interface=127.0.0.1"]).run()


if __name__ == "__main__":
    main()
