"""Plays the text model: answers what a request's schema asks for, from the material in the question."""

import json
import re
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]

LOOK = {
    "skin": "#c68642",
    "hair": "#112233",
    "hair_style": "long",
    "top": "#aa0000",
    "bottom": "#00aa00",
    "height": 1.0,
    "build": "slim",
    "age": "adult",
    "outfit": "coat",
    "accessory": "hat",
    "also": ["glasses"],
    "accessory_colour": "#303060",
    "animal": "",
}
SETTING = {"place": "Lighthouse", "interior": True, "time_of_day": "night", "weather": "storm", "period": "today"}


def act(request: Json) -> Json:
    """An answer that fits the request's schema; it is checked here, as the provider's strict mode would."""
    wanted = request["response_format"]["json_schema"]
    assert wanted["strict"] is True
    answer = _PARTS[wanted["name"]](request["messages"][1]["content"])
    Draft202012Validator(wanted["schema"]).validate(answer)
    return answer


def _text(question: str, name: str) -> str:
    found = re.search(rf'<material name="{name}">\n(.*?)\n</material>', question, re.DOTALL)
    assert found, f"the question has no {name}"
    return found[1]


def _material(question: str, name: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(_text(question, name))


def _plan(question: str) -> Json:
    return {
        "title": "The Last Light",
        "logline": "A keeper waits.",
        "genre": "drama",
        "tone": "hopeful",
        "time": "One night",
        "place": "A lighthouse",
    }


def _story(question: str) -> Json:
    wanted = re.search(r"exactly (\d+) scenes", question)
    assert wanted
    outlines = [
        {"number": number, "summary": f"Part {number}", "setting": SETTING, "characters": ["MARA", "PIP"]}
        for number in range(1, int(wanted[1]) + 1)
    ]
    return {"title": "The Last Light", "text": "MARA keeps the light. PIP comes.", "outlines": outlines}


def _scene(question: str) -> Json:
    number = _material(question, "scene")["number"]
    lines = [
        ("action", f"MARA climbs the stairs, turn {number}.", ""),
        ("dialogue", f"Who is there, {number}?", "MARA"),
    ]
    lines.append(("dialogue", "Only me!", "PIP"))
    return {
        "elements": [{"kind": kind, "text": text, "character": who, "parenthetical": ""} for kind, text, who in lines]
    }


def _notes(question: str) -> Json:
    scenes = [
        {
            "number": scene["number"],
            "weather": "storm",
            "manners": [{"line": line["line"], "parenthetical": "softly"} for line in scene["lines"]],
        }
        for scene in _material(question, "scenes")
    ]
    return {"title": "A Given Title", "scenes": scenes}


def _cast(question: str) -> Json:
    names = [character["name"] for character in _material(question, "first_thoughts")]
    return {"characters": [{"name": name, "description": f"{name} in red", "look": LOOK} for name in names]}


def _board(question: str) -> Json:
    return {
        "shots": [
            {
                "id": shot["id"],
                "size": "close_up",
                "angle": "low",
                "move": "push_in",
                "description": f"Shot {shot['id']}",
                "first_frame": "A face in the dark",
                "last_frame": "The face, lit",
            }
            for shot in _material(question, "shots")
        ]
    }


# --- of a book: passages are numbered, and stand below their chapters -----------------------------


def _passages(question: str) -> list[tuple[int, int, str]]:
    """Of each passage that is shown: its chapter, its number, its text."""
    chapter, found = 0, []
    for line in re.split(r"\n", _text(question, "book")):
        if heading := re.match(r"Chapter (\d+)", line):
            chapter = int(heading[1])
        elif passage := re.match(r"\[(\d+)\] (.*)", line):
            found.append((chapter, int(passage[1]), passage[2]))
    return found


def _chapters(question: str) -> Json:
    passages = _passages(question)
    return {
        "chapters": [
            {
                "chapter": chapter,
                "summary": [f"What happens in chapter {chapter}."],
                "passages": [number for of, number, _ in passages if of == chapter],
            }
            for chapter in dict.fromkeys(of for of, _, _ in passages)
        ]
    }


def _events(question: str) -> Json:
    wanted = re.search(r"At most (\d+)", question)
    assert wanted
    passages = _passages(question)
    share = -(-len(passages) // int(wanted[1]))
    return {
        "events": [
            {
                "first": number,
                "last": number,
                "what": text[:100],
                "who": [_somebody(text)],
                **{key: SETTING[key] for key in ("place", "interior", "time_of_day", "weather")},
                "weight": 1 + number % 10,
            }
            for _, number, text in passages[::share]
        ]
    }


def _somebody(text: str) -> str:
    """A name that a passage has in the middle of a sentence."""
    found = re.search(r"(?<=[a-z,] )[A-Z][a-z]{2,}", text)
    return found[0] if found else ""


def _series(question: str) -> Json:
    wanted = re.search(r"exactly (\d+) films?", question)
    most = re.search(r"one to (\d+) of the events", question)
    assert wanted
    assert most
    events = _material(question, "events")
    each = len(events) // int(wanted[1])
    names = list(dict.fromkeys(name.title() for event in events for name in event["who"]))[:3]
    return {
        "characters": [
            {
                "name": name.upper(),
                "aliases": [name],
                "description": f"{name} in red",
                "gender": "female",
                "age": "adult",
            }
            for name in names
        ],
        "episodes": [
            {
                "title": f"Film {number + 1}",
                "summary": f"What film {number + 1} tells.",
                "events": [event["number"] for event in events[each * number : each * (number + 1)]][: int(most[1])],
            }
            for number in range(int(wanted[1]))
        ],
    }


def _book_scene(question: str) -> Json:
    speaker = _material(question, "cast")[0]["name"]
    lines = [("action", f"{speaker} looks up.", ""), ("dialogue", _text(question, "passages")[:40], speaker)]
    return {
        "elements": [{"kind": kind, "text": text, "character": who, "parenthetical": ""} for kind, text, who in lines]
    }


_PARTS = {
    "ChapterNotes": _chapters,
    "EventNotes": _events,
    "SeriesAnswer": _series,
    "BookSceneAnswer": _book_scene,
    "PlanAnswer": _plan,
    "StoryAnswer": _story,
    "SceneAnswer": _scene,
    "ScriptNotes": _notes,
    "CastNotes": _cast,
    "BoardNotes": _board,
}
