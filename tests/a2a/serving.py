"""A server as script/server runs it, with one more agent: python -m tests.a2a.serving."""

from script import serve
from script.prepare import load_settings

if __name__ == "__main__":
    load_settings()

    from agents import registry
    from tests.a2a.correspondent import Correspondent

    registry.register(Correspondent())
    registry.sync()
    serve.main()
