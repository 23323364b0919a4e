"""Two characters and a shot of them, for tests that draw."""

import msgspec

from agents.animatic.film import Character, Look, Setting, Shot

KITCHEN = Setting(place="Lighthouse kitchen", interior=True, time_of_day="night", weather="storm")
BEACH = Setting(place="Beach", interior=False)


def look(**changes: object) -> Look:
    """A grown-up in a shirt, with changes."""
    return msgspec.convert(
        {
            "skin": "#e2b08c",
            "hair": "#4a2f22",
            "hair_style": "short",
            "top": "#3f6f8a",
            "bottom": "#2f3648",
            "height": 1.0,
            "build": "average",
            "age": "adult",
            "outfit": "shirt",
        }
        | changes,
        Look,
    )


MARA = Character(name="MARA", description="", look=look(top="#c02020", outfit="coat"))
TOM = Character(name="TOM", description="", look=look(top="#20a040", accessory="beard", outfit="hoodie"))


def shot(**changes: object) -> Shot:
    """MARA and TOM on a beach, with changes."""
    return msgspec.convert(
        {
            "id": "1.1",
            "scene": 1,
            "number": 1,
            "size": "wide",
            "angle": "eye_level",
            "move": "hold",
            "seconds": 4.0,
            "setting": BEACH,
            "description": "MARA and TOM stand at the water.",
            "first_frame": "",
            "last_frame": "",
            "characters": ["MARA", "TOM"],
        }
        | changes,
        Shot,
    )
