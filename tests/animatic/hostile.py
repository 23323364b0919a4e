"""Text made to hurt whatever parses it, and everything that the animatic does with text, as work for a worker process."""

from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from agents.animatic import writing
from agents.animatic.characters.casting import LONGEST_DESCRIPTION, cast_of
from agents.animatic.drawing import acting, framing
from agents.animatic.errors import UnusableText
from agents.animatic.film import Cast, Character, Line, Plan, Screenplay
from agents.animatic.limits import (
    LONGEST_IDEA,
    LONGEST_MARKUP,
    LONGEST_SCRIPT,
    LONGEST_SELECTION,
    LONGEST_TITLE,
    LONGEST_WORD,
)
from agents.animatic.screenplays.cues import LONGEST_CUE_LINE
from agents.animatic.screenplays.final_draft import title_ahead
from agents.animatic.screenplays.people import position_of
from agents.animatic.screenplays.transitions import scenes_cut_to, scenes_faded_to
from agents.animatic.stories.foreign_persons import described_in_english, foreign_persons_in
from agents.animatic.stories.ideas import LONGEST_LOGLINE
from agents.animatic.storyboards.shots import board
from agents.animatic.vocabulary import foreign
from agents.studio.captions import as_webvtt, cues_of
from agents.studio.lettering import as_ass, captions, end_card, title_card
from tests.animatic.samples import MARA, shot

LONGEST_REQUIREMENT = 1_000
DOCUMENT = "<?xml version='1.0'?><FinalDraft><Content>{}</Content></FinalDraft>"
SHOTS_LOOKED_AT = 20  # of each storyboard

# Repeated until the text has its size.
UNITS = {
    "small letters": "a",
    "capitals": "A",
    "digits": "1",
    "spaces between two words": " ",
    "new lines": "\n",
    "lines of one letter": "a\n",
    "cues without speech": "A\n\n",
    "cues and speeches": "A\nb\n\n",
    "tabs": "\t",
    "dashes": "-",
    "long dashes": " –",
    "dotted letters": "a.",
    "letters with hyphens": "A-",
    "words of two capitals with hyphens": "AA-",
    "letters with apostrophes": "a'",
    "quotation marks": '"',
    "opening quotation marks": "“",
    "brackets": "(",
    "closed brackets": "()",
    "cues with brackets": "A(",
    "opened notes": "[[",
    "nested notes": "[[a",
    "nested notes and blank lines": "[[\n \n",
    "opened comments": "/*",
    "comments and blank lines": "/*\n\n*/",
    "closed comments": "*/",
    "bullets": "- A: b\n",
    "bullets within each other": "- ",
    "numbered lines": "1. ",
    "Markdown headings": "## Scene 1: a\n",
    "bold names": "**A:** b\n",
    "bold": "**",
    "speeches with dashes": "Ann - b\n",
    "dashes between names": "a - ",
    "names in small letters": "ann\nhi\n\n",
    "quoted mail": "> ",
    "camera directions": "CLOSE ON - A\n\n",
    "camera directions in a line": "PAN TO ",
    "what we see": "We see ",
    "what the camera does": "the camera pans to ",
    "points of view": "A POV ",
    "transitions": "CUT TO: ",
    "dual dialogue": "A ^\nb\n\n",
    "scene words": "SCENE 1 - ",
    "acts": "ACT I, ",
    "numbered headings": "12A INT. A - DAY 12A\n\n",
    "headings with commas": "INT. A, ",
    "lyrics": "~a\n",
    "spaces of other kinds": "\u00a0\u2009",
    "spaces without width": "a\u200b",
    "angle brackets": "<",
    "tags": "<a>",
    "title page keys": "Title:\nAuthor:\n",
    "stars": "*",
    "stars and letters": "*a ",
    "underscores": "_a",
    "escaped stars": "\\*",
    "colons": ":",
    "spoken lines": "A: b\n",
    "headings": "INT. A\n\n",
    "headings with dashes": "INT. A - - – ",
    "scene numbers": "#1 ",
    "equals signs": "=",
    "arrows": "> ",
    "the the": "the ",
    "a the": "a the ",
    "robots": "a robot ",
    "robots with names": "a robot called Pip, ",
    "names": "Ann ",
    "names with commas": "ANN, a ",
    "names with brackets": "ANN (a) ",
    "places": "in the kitchen ",
    "wishes": "must ",
    "and then": ", and then she ",
    "gerunds": "running ",
    "verbs": "runs the ",
    "combining marks": "\u0301",
    "letters with combining marks": "a\u0301",
    "right-to-left marks": "a\u200f",
    "emoji": "🧑‍🚀",
    "musical symbols": "𝀀",
    "surrogates of nothing": "\ufffd",
    "Chinese": "灯",
    "Chinese sentences": "灯塔。",
    "sharp s": "ß",
    "dotless": "İ ",
    "sentences": "Go! ",
    "title pages": "Title: a\n",
    "by": "by ",
    "long words": "a" * 900 + " ",
}


NAMES = [f"N{number}" for number in range(290)]  # about as many as may speak
CROWDS = {
    "more speakers than there may be": "".join(f"M{number}\nHi.\n\n" for number in range(20_000)),
    "a crowd in one sentence": "".join(f"{name}\nHi.\n\n" for name in NAMES) + " ".join(NAMES) * 200,
    "a crowd in many sentences": "".join(
        f"{name}\nHi.\n\n{NAMES[-number]} and {' and '.join(NAMES[:6])} look at {name}. It is N.\n\n"
        for number, name in enumerate(NAMES)
    )
    * 7,
    "a crowd that speaks in chorus": "".join(
        f"{name}\nHi.\n\n{name} AND {NAMES[number - 1]}, {NAMES[number - 2]}\nHo.\n\n"
        for number, name in enumerate(NAMES)
    )
    * 8,
    "a crowd on single lines": "".join(f"{name}: Hi.\nAnd on.\n" for name in NAMES * 9),
}


def hostile(name: str, size: int) -> str:
    """The text of that name, about `size` characters long."""
    if name in CROWDS:
        return CROWDS[name][:size]
    unit = UNITS[name]
    return f"a{unit * (size // len(unit) + 1)}"[: size - 1] + "1"


FINAL_DRAFTS = {
    "Final Draft: paragraphs": "<Paragraph Type='Action'><Text>a.</Text></Paragraph>",
    "Final Draft: cues and speeches": "<Paragraph Type='Character'><Text>A</Text></Paragraph><Paragraph Type='Dialogue'><Text>b</Text></Paragraph>",
    "Final Draft: headings": "<Paragraph Type='Scene Heading'><Text>INT. A - DAY</Text></Paragraph>",
    "Final Draft: small texts": "<Paragraph Type='Action'>" + "<Text>a </Text>" * 400 + "</Paragraph>",
    "Final Draft: within each other": "<Paragraph>",
    "Final Draft: attributes": "<Paragraph " + " ".join(f"a{number}='1'" for number in range(2_000)) + "/>",
    "Final Draft: other types": "<Paragraph Type='{}'><Text>a</Text></Paragraph>",
    "Final Draft: references": "<Paragraph Type='Action'><Text>" + "&amp;&#65;" * 500 + "</Text></Paragraph>",
    "Final Draft: title pages": "</Content><TitlePage><Content><Paragraph><Text>a</Text></Paragraph></Content></TitlePage><Content>",
    "Final Draft: pairs of speeches": "<DualDialogue><Paragraph Type='Character'><Text>A</Text></Paragraph></DualDialogue>",
}


def read_final_draft(name: str) -> None:
    """All that is made from a Final Draft document, as long as it may be."""
    unit = FINAL_DRAFTS[name]
    times = (LONGEST_MARKUP - len(DOCUMENT)) // (len(unit) + 6)
    inside = "".join(unit.format(number) for number in range(times)) if "{}" in unit else unit * times
    document = DOCUMENT.format(inside)
    title_ahead(document)
    read_script(document, longest=LONGEST_MARKUP)


def read_selection(text: str) -> None:
    """The choice of scenes of a long script."""
    script = "INT. A - DAY\n\nb\n\n" * 400
    for longest in (LONGEST_SELECTION, LONGEST_SCRIPT):
        with suppress(UnusableText):
            writing.read_screenplay(script, title="", scenes=text[:longest], report=_unheard)


def read_idea(text: str) -> None:
    """All that is written from an idea."""
    plan = writing.plan_idea(text[:LONGEST_IDEA], requirement="", style="", scenes=4, report=_unheard)
    _write(text[:LONGEST_IDEA], plan)


def read_in_other_languages(text: str) -> None:
    """All that is looked for in an idea of each language that has a table."""
    for language in sorted(foreign.LANGUAGES):
        foreign_persons_in(text[:LONGEST_IDEA], language, is_story=True)
        described_in_english(text[:LONGEST_CUE_LINE].upper(), text[:LONGEST_IDEA], language)
        foreign.in_english(text[:LONGEST_IDEA], *foreign.KINDS, language=language)
    foreign.place_in_english(text[:LONGEST_WORD])
    position_of(text[:LONGEST_CUE_LINE].upper(), text[:LONGEST_IDEA].upper())


def read_requirement(text: str) -> None:
    """All that is written from a requirement and a style."""
    wish = text[:LONGEST_REQUIREMENT]
    idea = "A keeper must relight the lamp."
    plan = writing.plan_idea(idea, requirement=f"show {wish}", style=wish[:200], scenes=2, report=_unheard)
    _write(idea, plan)


def read_script(text: str, longest: int = LONGEST_SCRIPT) -> None:
    """All that is made of a script in words."""
    plan = writing.plan_script(text[:longest], requirement="", style="", report=_unheard)
    _film(writing.read_screenplay(text[:longest], title="", report=_unheard), plan)


def read_shot(text: str) -> None:
    """All that a drawing reads of a shot."""
    words = text[:LONGEST_IDEA]
    drawn = shot(description=f"Wide shot {words}", first_frame=f"Medium {words}", last_frame=words, caption=words)
    framing.arrange(drawn, [MARA], is_last=False, variant=0)
    acting.held_things(drawn)


def read_captions(text: str) -> None:
    """All that the editor, in the server's process, does with words as long as they get there."""
    word, title = text[:LONGEST_WORD], text[:LONGEST_TITLE]
    line = Line(character=text[:LONGEST_CUE_LINE], text=word)
    cues = cues_of(shot(dialogue=[line], caption=word), start=0.0, end=30.0)
    cast = Cast(characters=[replace(MARA, name=line.character, description=text[:LONGEST_DESCRIPTION])])
    cards = [*title_card(title, text[:LONGEST_LOGLINE], start=0.0, end=3.0), *end_card(title, cast, start=0.0, end=3.0)]
    as_ass([*cards, *captions(cues)], start=0.0, end=30.0)
    as_webvtt(cues)


READERS: dict[str, Callable[[str], None]] = {
    "idea": read_idea,
    "other languages": read_in_other_languages,
    "requirement and style": read_requirement,
    "script": read_script,
    "chosen scenes": read_selection,
    "shot": read_shot,
    "captions": read_captions,
}


def read(entry: str, name: str) -> str:
    """Reads the text of that name, as long as it may be; returns "" or why it is refused."""
    try:
        if name in FINAL_DRAFTS:
            read_final_draft(name)
        else:
            READERS[entry](hostile(name, LONGEST_SCRIPT))
    except UnusableText as refusal:
        return str(refusal)
    return ""


def _write(idea: str, plan: Plan) -> None:
    story = writing.write_story(idea, plan, report=_unheard)
    scenes = [writing.write_scene(story, outline, plan, report=_unheard).text for outline in story.outlines]
    _film(writing.read_screenplay("\n\n".join(scenes), title=plan.title, report=_unheard), plan)


def _film(screenplay: Screenplay, plan: Plan) -> None:
    writing.write_fountain(screenplay, report=_unheard)
    writing.write_final_draft(screenplay, report=_unheard)
    scenes_cut_to(screenplay)
    scenes_faded_to(screenplay)
    cast = cast_of(screenplay, report=_unheard)
    for scene in screenplay.scenes:
        shots = board(scene, cast, plan=plan, report=_unheard).shots
        for one in shots[:SHOTS_LOOKED_AT]:
            framing.arrange(one, _seen(cast, one.characters), is_last=True, variant=0)


def _seen(cast: Cast, names: list[str]) -> list[Character]:
    return [character for character in cast.characters if character.name in names]


def _unheard(_fraction: float, _words: str) -> None:
    pass
