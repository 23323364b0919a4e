"""Puts shots and looks into words for image and video models."""

from collections.abc import Collection, Sequence

from agents.animatic.film import CameraMove, Character, Look, PortraitView, Setting, Shot, ShotAngle, ShotSize

LONGEST = 4_000  # characters; what the widespread models take
DEFAULT_STYLE = "cinematic, natural light, consistent colours"

VIEWS: dict[PortraitView, str] = {
    "front": "seen from the front, facing the camera",
    "side": "seen from the side, in profile",
    "back": "seen from behind",
}
SIZES: dict[ShotSize, str] = {
    "extreme_wide": "extreme wide shot, people tiny in the landscape",
    "wide": "wide shot, the whole place in view",
    "full": "full shot, people from head to foot",
    "medium": "medium shot, people from the waist up",
    "close_up": "close-up of the face",
    "extreme_close_up": "extreme close-up of a detail of the face",
}
ANGLES: dict[ShotAngle, str] = {
    "eye_level": "at eye level",
    "high": "from above",
    "low": "from below",
    "overhead": "from straight overhead",
    "dutch": "with a tilted horizon",
    "over_the_shoulder": "over the shoulder of the other person",
}
MOVES: dict[CameraMove, str] = {
    "hold": "the camera holds still",
    "pan_left": "the camera pans slowly to the left",
    "pan_right": "the camera pans slowly to the right",
    "tilt_up": "the camera tilts slowly up",
    "tilt_down": "the camera tilts slowly down",
    "push_in": "the camera pushes slowly in",
    "pull_out": "the camera pulls slowly out",
}
TAKES = (
    "",
    "composed with the people to the left",
    "composed with the people to the right",
    "seen from the other side",
)


def portrait(character: Character, view: PortraitView, style: str, *, has_face: bool = False) -> str:
    """A character before a plain background; with a face that a picture shows, which goes with it."""
    return _joined(
        f"Full-figure character portrait, {VIEWS[view]}, alone, before a plain light grey background",
        f"{character.name}: {character.description}",
        clothes(character.look) if has_face else look(character.look),
        f"Style: {style or DEFAULT_STYLE}",
        "No text, no frame, no watermark",
    )


def frame(
    shot: Shot, *, is_last: bool, variant: int, cast: Sequence[Character], style: str, faces: Collection[str] = ()
) -> str:
    """One still of a shot. `faces` are the names of those whose face a picture shows."""
    shown = [character for character in cast if character.name in shot.characters]
    return _joined(
        f"Film still, {shot.format}, {SIZES[shot.size]}, {ANGLES[shot.angle]}",
        shot.last_frame if is_last else shot.first_frame,
        TAKES[variant % len(TAKES)],
        f"Place: {setting(shot.setting)}",
        *(
            f"{character.name}: {clothes(character.look) if character.name in faces else look(character.look)}"
            for character in shown
        ),
        f"Style: {style or DEFAULT_STYLE}",
        "Heads within the middle of the picture. No text, no captions, no watermark",
    )


def with_references(prompt: str, *, portraits: int, styles: int = 0) -> str:
    """The prompt, to go with portraits of the characters, and then with pictures of how it is to look."""
    kept = "Keep faces, hair and clothes as in the given portraits, but not their background"
    return _joined(kept if portraits else "", _like(styles, is_alone=not portraits), prompt)


def with_own(prompt: str, *, has_face: bool, styles: int) -> str:
    """The prompt of a portrait, to go with a picture of the face, and then with pictures of how it is to look."""
    kept = "Keep the face, hair and skin of the person in the first given picture, but neither its background nor its light"
    return _joined(kept if has_face else "", _like(styles, is_alone=not has_face), prompt)


def _like(styles: int, *, is_alone: bool) -> str:
    if not styles:
        return ""
    which = "given" if is_alone else "last given"
    return f"Keep to the colours, light and technique of the {which} picture, but show nothing of what is in it"


def clip(shot: Shot, style: str) -> str:
    """A shot in motion, beginning with a given picture."""
    spoken = " ".join(
        f"{line.character} says ({line.parenthetical or 'plainly'}): {line.text}" for line in shot.dialogue
    )
    return _joined(
        f"{SIZES[shot.size]}, {ANGLES[shot.angle]}; {MOVES[shot.move]}",
        shot.description,
        spoken,
        f"It ends like this: {shot.last_frame}",
        f"Place: {setting(shot.setting)}",
        f"Style: {style or DEFAULT_STYLE}",
        "No captions, no text, one continuous shot",
    )


def setting(place: Setting) -> str:
    """Where and when."""
    return f"{'inside' if place.interior else 'outside'}, {place.place}, {place.time_of_day}, weather {place.weather}"


def look(figure: Look) -> str:
    """How a figure looks, the same words every time."""
    return (
        f"{figure.age}, {figure.build} build, {_tallness(figure.height)}, skin {figure.skin}, {figure.hair_style} hair "
        f"{figure.hair}, {_dressed(figure)}"
    )


def clothes(figure: Look) -> str:
    """The same without what a picture of the face shows."""
    return f"{figure.build} build, {_tallness(figure.height)}, {_dressed(figure)}"


def _dressed(figure: Look) -> str:
    accessory = "" if figure.accessory == "none" else f", {figure.accessory}"
    return f"{figure.outfit} in {figure.top}, {figure.bottom} below{accessory}".replace("_", " ")


def _tallness(height: float) -> str:
    return "short" if height < 0.9 else "tall" if height > 1.1 else "of average height"


def _joined(*sentences: str) -> str:
    return ". ".join(sentence.strip().rstrip(".") for sentence in sentences if sentence.strip())[:LONGEST]
