"""How large a film becomes, as far as that can be known before it is begun. Text is counted in a text process."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from agents.animatic import counting
from agents.animatic.counting import FilmSize
from agents.studio.film_limits import film_limits
from agents.studio.offline.processes import attempted

SECONDS_TO_COUNT = 10.0  # for which a form may wait, the start of a process included; 12 scenes take 0.03 s


def size_of_idea(idea: str, seconds: int, *, requirement: str, style: str, scenes: int) -> FilmSize | None:
    """Of a film that is to last so many seconds, or 0 for as long as it takes. None where a text model will write the story, or it cannot be counted in time."""
    return _counted(counting.size_of_idea, idea, length=seconds, requirement=requirement, style=style, scenes=scenes)


def size_of_script(script: str, seconds: int, *, requirement: str, style: str, scenes: str) -> FilmSize | None:
    """The same for a screenplay, or the chosen scenes of it."""
    wishes = {"length": seconds, "requirement": requirement, "style": style, "scenes": scenes}
    return _counted(counting.size_of_script, script, **wishes, limits=film_limits())


def _counted(count: Callable[..., FilmSize], text: str, **wishes: Any) -> FilmSize | None:
    if settings.STUDIO_TEXT != "offline":
        return None
    return attempted(count, text, seconds=SECONDS_TO_COUNT, **wishes)
