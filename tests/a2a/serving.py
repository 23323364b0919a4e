"""A server as script/server runs it, with two more agents: python -m tests.a2a.serving."""

from script import serve
from script.prepare import load_settings

if __name__ == "__main__":
    load_settings()

    from agents import registry
    from tests.a2a.correspondent import Correspondent
    from tests.a2a.kit import Kit

    registry.register(Correspondent())
    registry.register(Kit())
    registry.sync()
    serve.main()
