"""A worker as manage.py worker runs it, with one more agent: python -m tests.a2a.working."""

from django.core.management import call_command

from script.prepare import load_settings

if __name__ == "__main__":
    load_settings()

    from agents import registry
    from tests.a2a.correspondent import Correspondent

    registry.register(Correspondent())
    call_command("worker")
