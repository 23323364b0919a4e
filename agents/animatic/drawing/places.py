"""Which kind of place a setting's words mean."""

import re

from agents.animatic.chance import seeded
from agents.animatic.film import Setting

# The first that fits decides: what is special before what is general.
INSIDE: tuple[tuple[str, str], ...] = (
    ("classroom", r"class|school|university|academy|college|lecture|kindergarten|universit|escuela|école|schule|школ"),
    ("hospital", r"hospital|clinic|ward|surgery|sickroom|hospice|infirmary|больниц"),
    ("stage", r"theat|stage|opera|circus|cinema|ballroom|concert|conservatory|auditorium"),
    (
        "spaceship",
        r"spaceship|starship|space station|cockpit|airlock|bridge of|command deck|shuttle|capsule|module|spacecraft|rocket|submarine",
    ),
    (
        "lighthouse",
        r"lantern room|lamp room|lighthouse (top|tower|gallery)|light room|^lighthouse$|leuchtturm|phare|faro|маяк",
    ),
    ("kitchen", r"kitchen|galley|bakery|pantry|diner|canteen|кухн|küche|cuisine|cocina|bäckerei|boulangerie"),
    ("bedroom", r"bedroom|bed|nursery|dormitory|hotel|sickbay|cabin|schlafzimmer|chambre|спальн"),
    ("office", r"office|newsroom|headquarters|police|precinct|boardroom|meeting|agency|bank|studio"),
    ("lab", r"lab|laborator|observatory|control room|server|reactor|aquarium"),
    (
        "corridor",
        r"corridor|hall|hallway|stair|tunnel|passage|lobby|elevator|subway|metro|prison|cell|basement|cellar|vault|bunker|sewer|tomb|pyramid|dungeon|skyscraper",
    ),
    ("cafe", r"caf|bar|pub|tavern|inn|restaurant|coffee|saloon|club|shop|store|market|bookshop"),
    ("church", r"church|chapel|cathedral|temple|monastery|abbey|castle|throne|palace|crypt|court"),
    ("train", r"train|carriage|compartment|bus|tram|wagon|plane|airplane"),
    ("workshop", r"workshop|garage|forge|smith|barn|shed|factory|warehouse|studio|hangar|attic|greenhouse|stable|mill"),
    ("library", r"librar|archive|study|museum|gallery"),
    ("cave", r"cave|cavern|mine\\b|grotto|den\\b|igloo|nest"),
    ("living", r"tent|living|lounge|parlou?r|house|home|apartment|flat|sitting|room|cottage|hut|lighthouse"),
)
OUTSIDE: tuple[tuple[str, str], ...] = (
    ("space", r"space|planet|moon|mars|orbit|asteroid|crater|alien|galaxy"),
    ("lighthouse", r"lighthouse|leuchtturm|phare|faro|маяк"),
    ("harbour", r"harbou?r|pier|dock|port|quay|jetty|wharf|marina"),
    ("sea", r"\bsea\b|ocean|boat|ship|deck|raft|sail|storm at sea|open water|\bmeer\b|море"),
    ("beach", r"beach|shore|coast|island|cliff|lagoon|bay|dune"),
    ("station", r"station|platform|railway|tracks?|bus stop"),
    ("rooftop", r"roof|balcony|terrace|skyscraper"),
    ("castle", r"castle|fortress|palace|ruin|tower|temple|church|monastery|cathedral|cemetery|kingdom|battlefield"),
    ("river", r"river|bridge|lake|pond|stream|waterfall|canal|swamp|shore of"),
    ("forest", r"forest|wood|jungle|clearing|лес\b|wald|forêt|bosque|grove|trees?|trail|path|camp"),
    ("mountain", r"mountain|peak|summit|valley|hills?|glacier|snow|ridge|pass|volcano|canyon|ice"),
    ("desert", r"desert|outback|pyramid|sand|oasis|wasteland|mesa|western|savanna"),
    ("field", r"field|dorf|pueblo|деревн|farm|meadow|countryside|country|prairie|orchard|vineyard|barn|ranch|village|cottage|garden|windmill"),
    ("park", r"park|playground|fairground|carnival|stadium|arena|graveyard|bench|square|yard|courtyard|school|campus|zoo|lawn"),
    ("street", r"street|city|улиц|город|straße|stadt|\brue\b|calle|town|alley|road|downtown|market|square|cafe|shop|sidewalk|avenue|plaza|house|building|apartment|highway|parking|lane"),
)  # fmt: skip
INSIDE_DEFAULTS = ("living", "office", "workshop", "corridor")
OUTSIDE_DEFAULTS = ("street", "field", "forest", "river")


def kind_of(setting: Setting) -> str:
    """The kind of place: a word of its name, or one that always goes with that name."""
    table, defaults = (INSIDE, INSIDE_DEFAULTS) if setting.interior else (OUTSIDE, OUTSIDE_DEFAULTS)
    for kind, pattern in table:
        if re.search(rf"\b({pattern})", setting.place, re.IGNORECASE):
            return kind
    return seeded("kind", setting.place).choice(defaults)
