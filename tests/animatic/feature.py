"""Writes a screenplay of the length of a feature film, always the same: 190 scenes, about 120 pages."""

from itertools import count

SCENES = 190
NAMES = [
    "ADA", "BORIS", "CLARA", "DIEGO", "ELIF", "FARID", "GRETA", "HUGO", "INES", "JONAS", "KEIKO", "LEO", "MIRA",
    "NOOR", "OTTO", "PETRA", "QUENTIN", "ROSA", "SAMI", "THEA", "URI", "VERA", "WANDA", "XENIA", "YUSUF", "ZOE",
]  # fmt: skip
PLACES = ["HARBOUR", "KITCHEN", "STATION", "OFFICE", "FOREST ROAD", "HOSPITAL", "MARKET", "ATTIC", "BRIDGE", "SCHOOL"]
TIMES = ["DAY", "NIGHT", "DAWN", "CONTINUOUS"]
DEEDS = [
    "{0} comes in with wet shoes and puts a key on the table. Nobody looks up.",
    "{0} counts the boxes, one by one, and writes a number on the wall. {1} watches from the door.",
    "The lights go out. {0} waits. {1} strikes a match, and they see each other for the first time.",
    "{0} walks past the windows, slowly, as if the street belonged to somebody else.",
]
WORDS = [
    "I told you that the boat would not wait for us.",
    "You told me a lot of things. Which of them do you want me to remember?",
    "The one about the key. It opens nothing in this house, and still you carry it.",
    "Then let us go where it fits.",
    "Not tonight. Tonight I want to sit here and hear the rain.",
    "It has not rained since March.",
]


def feature(scenes: int = SCENES) -> str:
    """The screenplay as Fountain text; every fourth scene ends in a cut, every ninth in a dissolve."""
    number = count()
    return "Title: The Key\nAuthor: Nobody\n\n" + "".join(_scene(place, number) for place in range(scenes))


def _scene(place: int, number: "count[int]") -> str:
    inside = "INT." if place % 3 else "EXT."
    heading = f"{inside} {PLACES[place * 7 % len(PLACES)]} {place % 17} - {TIMES[place % len(TIMES)]}"
    first, second = NAMES[place % len(NAMES)], NAMES[(place * 5 + 3) % len(NAMES)]
    rows = [heading]
    for turn in range(3):
        rows.append(DEEDS[(place + turn) % len(DEEDS)].format(first.title(), second.title()))
        rows += [
            f"{name}\n{WORDS[next(number) % len(WORDS)]} {WORDS[next(number) % len(WORDS)]}" for name in (first, second)
        ]
    rows += ["CUT TO:"] * (place % 4 == 3) + ["DISSOLVE TO:"] * (place % 9 == 8 and place % 4 != 3)
    return "\n\n".join(rows) + "\n\n"
