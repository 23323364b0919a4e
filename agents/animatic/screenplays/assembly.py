"""Puts the paragraphs of a script together into scenes, and chosen scenes into a Screenplay."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from agents.animatic.film import Element, Scene, Screenplay, Setting
from agents.animatic.limits import LONGEST_TITLE, SPLIT, FilmLimits, demand
from agents.animatic.periods import dated_period
from agents.animatic.screenplays.locations import (
    UNKNOWN_PLACE,
    heading_of,
    names_place,
    place_in,
    read_heading,
    sentence_case,
)
from agents.animatic.screenplays.parts import Notes, Part, quoted
from agents.animatic.screenplays.people import people_in
from agents.animatic.wording import shortened

UNKNOWN = sentence_case(UNKNOWN_PLACE)
NOWHERE = Part("heading", "", 1)  # of what stands ahead of the first heading


@dataclass(frozen=True, slots=True)
class Draft:
    """A script as it was read, before scenes are chosen from it. The scenes do not say yet who is in them."""

    title: str
    author: str
    scenes: list[Scene]
    notes: Notes
    noted: frozenset[str] = frozenset()  # characters who never speak, as a note of its writer names them


def finished(draft: Draft, scenes: Sequence[Scene], limits: FilmLimits) -> Screenplay:
    """The screenplay of these scenes of it.

    Raises: UnusableText when they are too many, or too many speak in them.
    """
    demand(len(scenes), limits.scenes, what="scenes", advice=SPLIT)
    return Screenplay(
        title=shortened(draft.title, LONGEST_TITLE),
        author=shortened(draft.author, LONGEST_TITLE),
        scenes=people_in(list(scenes), most=limits.characters, noted=draft.noted),
        notes=draft.notes.in_order(),
    )


def scenes_of(parts: Sequence[Part], notes: Notes) -> list[Scene]:
    """Each heading opens a scene; what stands ahead of the first one gets a scene of its own."""
    scenes: list[Scene] = []
    for number, (heading, inside) in enumerate(_groups(parts), start=1):
        scenes.append(_scene(number, heading, inside, scenes[-1].setting if scenes else None))
        if heading.text and not names_place(heading.text):
            place = scenes[-1].setting.place
            taken = f"it is taken for {quoted(place)}." if place != UNKNOWN else "write one, as in INT. KITCHEN - DAY."
            notes.take(heading.line, f"The heading {quoted(heading.text)} does not name a place: {taken}")
    labels = [scene.label for scene in scenes if scene.label]
    if len(set(labels)) == len(labels):
        return scenes
    return [replace(scene, label="") for scene in scenes]  # each act of a play counts its scenes from 1


def _groups(parts: Sequence[Part]) -> list[tuple[Part, list[Part]]]:
    groups: list[tuple[Part, list[Part]]] = [(NOWHERE, [])]
    for part in parts:
        if part.kind != "heading":
            groups[-1][1].append(part)
        elif _is_only_number(*groups[-1]):  # "SCENE 2" above "INT. KITCHEN - NIGHT"
            groups[-1] = (part._replace(label=part.label or groups[-1][0].label), [])
        else:
            groups.append((part, []))
    if len(groups) > 1 and all(part.kind == "transition" for part in groups[0][1]):  # FADE IN:
        opening = groups.pop(0)[1]
        groups[0][1][:0] = opening
    return groups


def _is_only_number(heading: Part, inside: Sequence[Part]) -> bool:
    return bool(heading.label) and not inside and not names_place(heading.text)


def _scene(number: int, heading: Part, parts: Sequence[Part], before: Setting | None) -> Scene:
    action = " ".join(part.text for part in parts if part.kind == "action")
    if heading.text:
        spelt, setting = read_heading(heading.text, action=action, before=before)
        setting = replace(setting, period=dated_period(heading.text) or (before or setting).period)
    else:
        setting = place_in(action or " ".join(part.text for part in parts))
        spelt = heading_of(setting)
    return Scene(
        number=number,
        heading=spelt,
        setting=setting,
        elements=[_element(part) for part in parts],
        characters=[],
        label=heading.label,
    )


def _element(part: Part) -> Element:
    if part.kind == "dialogue" and part.cue:
        return Element(
            kind="dialogue",
            text=part.text,
            character=part.cue.name,
            parenthetical=part.cue.manner,
            is_dual=part.is_dual,
        )
    return Element(kind=part.kind if part.kind in ("transition", "camera") else "action", text=part.text)
