"""Decides what kind of film an idea asks for, or a screenplay is."""

from collections import Counter

from agents.animatic.film import Plan, Screenplay
from agents.animatic.lengths import scenes_that_fit
from agents.animatic.places import PLACES
from agents.animatic.screenplays.locations import words_of
from agents.animatic.stories.ideas import LONGEST_LOGLINE, Premise
from agents.animatic.stories.languages import language_of
from agents.animatic.stories.moods import genre_of, tone_of, wished_tone
from agents.animatic.stories.requests import length_in
from agents.animatic.stories.titles import title_of
from agents.animatic.wording import shortened

_TIMES = {"dawn": "Early morning", "day": "By day", "dusk": "In the evening", "night": "At night"}
_WEATHERS = {
    "rain": "in the rain",
    "snow": "in the snow",
    "fog": "in the fog",
    "storm": "in a storm",
    "cloudy": "under a grey sky",
}


def plan_for_idea(premise: Premise, *, requirement: str, style: str, scenes: int, seconds: float = 0.0) -> Plan:
    """The film that an idea asks for; the requirement may change its tone and its length.

    A wished length may leave room for fewer scenes than `scenes`.
    """
    weather = _WEATHERS.get(premise.weather, "")
    seconds = seconds or premise.request.seconds or length_in(requirement)
    return Plan(
        title=title_of(premise),
        logline=shortened(premise.idea, LONGEST_LOGLINE),
        genre=premise.genre,
        tone=wished_tone(requirement) or premise.tone,
        time=f"{_TIMES[premise.time_of_day]} {weather}".strip(),
        place=premise.spots[0].name,
        scenes=scenes_that_fit(seconds, scenes) if seconds else scenes,
        style=style,
        requirement=requirement,
        form=premise.form,
        language=premise.language,
        seconds=seconds,
    )


def plan_for_script(screenplay: Screenplay, *, requirement: str, style: str) -> Plan:
    """The film that a screenplay is."""
    elements = [
        element for scene in screenplay.scenes for element in scene.elements if element.kind in ("action", "dialogue")
    ]
    text = " ".join(element.text for element in elements)
    words = words_of(f"{screenplay.title} {text}")
    settings = [scene.setting for scene in screenplay.scenes]
    place = Counter(setting.place for setting in settings).most_common(1)[0][0]
    known = [PLACES[word].world for word in words_of(place) if word in PLACES]
    genre = genre_of(words, known[0] if known else "")
    times = Counter(setting.time_of_day for setting in settings)
    return Plan(
        title=screenplay.title,
        logline=shortened(text or settings[0].place, LONGEST_LOGLINE),
        genre=genre,
        tone=wished_tone(requirement) or tone_of(words, genre),
        time=_TIMES[times.most_common(1)[0][0]],
        place=place,
        scenes=len(screenplay.scenes),
        style=style,
        requirement=requirement,
        language=language_of(text),
    )
