"""The app that makes the agents and the pipeline of this benchmark known, in servers and workers alike."""

from django.apps import AppConfig


class CrashesConfig(AppConfig):
    """Registers them."""

    name = "benchmarks.crashes"
    label = "crashes"

    def ready(self) -> None:
        from agents import registry  # noqa: PLC0415 - needs models, which are only there now
        from benchmarks.crashes.book import CREW  # noqa: PLC0415
        from benchmarks.crashes.pipeline import BOOK  # noqa: PLC0415
        from workflows import pipelines  # noqa: PLC0415

        for agent in CREW:
            registry.register(agent)
        pipelines.register(BOOK)
