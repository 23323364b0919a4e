"""What files are called when they are saved: after the film."""

from typing import Final

from django.utils.text import slugify

from workflows.models import Workflow

LONGEST: Final = 60  # characters, without the ending


def file_name(workflow: Workflow, ending: str, *, episode: int | None = None, episode_title: str = "") -> str:
    """`the-lamp-at-skerry.zip`, `the-lamp-at-skerry-2-the-rescue.srt`: letters of any script, no spaces."""
    name = _slug(workflow.title) or workflow.pipeline
    if episode is not None:
        name = "-".join(filter(None, (name, str(episode), _slug(episode_title))))
    return f"{name}.{ending}"


def _slug(words: str) -> str:
    return slugify(words, allow_unicode=True)[:LONGEST].strip("-")
