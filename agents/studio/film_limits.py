"""How large a film may be in this installation: what the settings say, for the code that knows no settings."""

from django.conf import settings

from agents.animatic.limits import FilmLimits


def film_limits() -> FilmLimits:
    """To be passed to whatever reads a screenplay."""
    return FilmLimits(
        scenes=settings.SCENES_PER_FILM,
        characters=settings.CHARACTERS_PER_FILM,
        shots=settings.SHOTS_PER_FILM,
        seconds=settings.SECONDS_PER_FILM,
    )
