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


def _material(question: str, name: str) -> Any:  # noqa: ANN401 - any JSON
    found = re.search(rf'<material name="{name}">\n(.*?)\n</material>', question, re.DOTALL)
    assert found, f"the question has no {name}"
    return json.loads(found[1])


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


_PARTS = {
    "PlanAnswer": _plan,
    "StoryAnswer": _story,
    "SceneAnswer": _scene,
    "ScriptNotes": _notes,
    "CastNotes": _cast,
    "BoardNotes": _board,
}
