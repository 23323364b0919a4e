"""Lays a model's answers over what was parsed: what the text says itself stays as it is."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from agents.animatic.film import Character, Element, Scene, Shot
from agents.studio.openai.answers import CharacterNote, ParagraphAnswer, SceneNote, ShotNote

LONGEST_MANNER = 40  # characters


def tidy(element: ParagraphAnswer) -> Element:
    """On one line each, and named as in a screenplay: a blank line within a speech would end it."""
    name = " ".join(re.sub(r"\([^)]{0,200}\)|[@^()]", " ", element.character).split()).upper()
    return Element(
        kind=element.kind,
        text=" ".join(element.text.split()),
        character=name if element.kind == "dialogue" else "",
        parenthetical=_bare(element.parenthetical) if element.kind == "dialogue" else "",
    )


def _bare(manner: str) -> str:
    return " ".join(manner.replace("(", " ").replace(")", " ").split())[:LONGEST_MANNER]


def with_note(scene: Scene, note: SceneNote | None) -> Scene:
    """The scene with what it left open; what it says itself stays."""
    if note is None:
        return scene
    manners = {manner.line: _bare(manner.parenthetical) for manner in note.manners}
    setting = replace(scene.setting, weather=note.weather) if scene.setting.weather == "clear" else scene.setting
    return replace(scene, setting=setting, elements=list(_with_manners(scene.elements, manners)))


def _with_manners(elements: list[Element], manners: dict[int, str]) -> Iterator[Element]:
    line = 0
    for element in elements:
        line += element.kind == "dialogue"
        if element.kind == "dialogue" and not element.parenthetical:
            yield replace(element, parenthetical=manners.get(line, ""))
        else:
            yield element


def with_look(character: Character, note: CharacterNote) -> Character:
    """The character as the model sees them; how much they say is counted, not guessed."""
    return replace(character, description=note.description.strip() or character.description, look=note.look)


def with_camera(shot: Shot, note: ShotNote) -> Shot:
    """The shot as the model films it; who is in it, who says what and how long it takes is settled."""
    return replace(
        shot,
        size=note.size,
        angle=note.angle,
        move=note.move,
        description=note.description,
        first_frame=note.first_frame,
        last_frame=note.last_frame,
    )
