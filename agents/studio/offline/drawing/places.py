"""Which kind of place a setting's words mean."""

import re

from agents.studio.film import Setting
from agents.studio.offline.drawing.palette import seeded

# The first that fits decides: what is special before what is general.
INSIDE: tuple[tuple[str, str], ...] = (
    ("spaceship", r"spaceship|starship|space station|cockpit|airlock|bridge of|command deck|shuttle|capsule|module"),
    ("lighthouse", r"lantern room|lamp room|lighthouse (top|tower|gallery)|light room"),
    ("kitchen", r"kitchen|galley|bakery|pantry|diner"),
    ("bedroom", r"bedroom|bed|nursery|dormitory|hotel|hospital|ward|sickbay|cabin"),
    ("office", r"office|newsroom|headquarters|police|precinct|boardroom|meeting|agency|bank|studio"),
    ("lab", r"lab|laborator|observatory|control room|server|reactor|clinic|surgery"),
    (
        "corridor",
        r"corridor|hall|hallway|stair|tunnel|passage|lobby|elevator|subway|metro|prison|cell|basement|cellar|vault|bunker|sewer",
    ),
    ("cafe", r"caf|bar|pub|tavern|inn|restaurant|coffee|saloon|club|shop|store|market|bookshop"),
    ("church", r"church|chapel|cathedral|temple|monastery|abbey|castle|throne|palace|crypt|court"),
    ("train", r"train|carriage|compartment|bus|tram|wagon|plane|airplane"),
    ("workshop", r"workshop|garage|forge|smith|barn|shed|factory|warehouse|studio|hangar|attic|greenhouse|stable|mill"),
    ("library", r"librar|archive|study|school|classroom|museum|gallery|theat|stage"),
    ("cave", r"cave|cavern|mine|grotto|den"),
    ("living", r"living|lounge|parlou?r|house|home|apartment|flat|sitting|room|cottage|hut|lighthouse"),
)
OUTSIDE: tuple[tuple[str, str], ...] = (
    ("space", r"space|planet|moon|mars|orbit|asteroid|crater|alien|galaxy"),
    ("lighthouse", r"lighthouse"),
    ("harbour", r"harbou?r|pier|dock|port|quay|jetty|wharf|marina"),
    ("sea", r"\bsea\b|ocean|boat|ship|deck|raft|sail|storm at sea|open water"),
    ("beach", r"beach|shore|coast|island|cliff|lagoon|bay|dune"),
    ("station", r"station|platform|railway|tracks?|bus stop"),
    ("rooftop", r"roof|balcony|terrace|skyscraper"),
    ("castle", r"castle|fortress|palace|ruin|tower|temple|church|monastery|cathedral|graveyard|cemetery"),
    ("river", r"river|bridge|lake|pond|stream|waterfall|canal|swamp|shore of"),
    ("forest", r"forest|wood|jungle|grove|trees?|trail|path|camp"),
    ("mountain", r"mountain|peak|summit|valley|hills?|glacier|snow|ridge|pass|volcano|canyon|ice"),
    ("desert", r"desert|sand|oasis|wasteland|mesa|western|savanna"),
    ("field", r"field|farm|meadow|countryside|country|prairie|orchard|vineyard|barn|ranch|village|cottage|garden|windmill"),
    ("park", r"park|playground|bench|square|yard|courtyard|school|campus|zoo|lawn"),
    ("street", r"street|city|town|alley|road|downtown|market|square|cafe|shop|sidewalk|avenue|plaza|house|building|apartment|highway|parking|lane"),
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
