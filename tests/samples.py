"""Input for films that are quickly made."""

SHORT_SCRIPT = """EXT. HARBOUR - NIGHT

Rain. MARA waits.

MARA
Come home.
"""

DIALOGUE = """EXT. PIER - MORNING

Gulls. ADA, with a suitcase, looks at LEO, who mends a net.

ADA
Is this the boat to the island?

LEO
Somebody has to know the way.

ADA
Then teach me.
"""
