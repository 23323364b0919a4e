"""Finds what an idea is about: what the hero wants ("relight the lamp"), until when, and the thing it turns on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.animatic.datafiles import word_set
from agents.animatic.places import PLACES
from agents.animatic.stories.grammar import capital, definite, from_gerund, infinitive
from agents.animatic.stories.persons import Person
from agents.animatic.stories.worlds import World
from agents.animatic.vocabulary import ANIMALS, ROBOTS, SPIRITS, TIMES, TRADES, WEATHERS

LONGEST_GOAL = 9  # words
FEWEST_GOAL = 3
LONGEST_TITLE_WORDS = 6

_STOPS = (
    r"(?=\s*(?:[.,;:!?–—()\"“”]|$)|\s+(?:before|until|while|when|but|because|so|who|whose|that|which|after|as|if|though|although|"
    r"and\s+(?:nobody|everybody|everyone|the|a|then|together|finds?|discovers?|learns?|must|has|is|they|he|she|it|realizes|realises|gets|meets|falls)|unless|called|named)\b)"
)
_WISH = re.compile(
    r"\b(?:must|has\s+to|have\s+to|had\s+to|needs?\s+to|wants?\s+to|tr(?:ies|y|ied)\s+to|hopes?\s+to|decides?\s+to|sets?\s+out\s+to|"
    r"learns?\s+(?:how\s+)?to|struggles?\s+to|determined\s+to|plans?\s+to|longs?\s+to|races?\s+to|fights?\s+to|together\s+to|"
    r"sworn\s+to|vows?\s+to|agrees?\s+to|dreams?\s+to|chance\s+to|able\s+to|can\s+finally|hired\s+to|sent\s+to|trying\s+to|wanting\s+to|dares?\s+to)"
    rf"\s+(?:\w+ly\s+)?(?P<goal>[a-z].*?){_STOPS}",
    re.IGNORECASE,
)
# "An astronaut stranded on Mars receives...": what stands between the hero and the verb.
PARTICIPLE = (
    r"\s+[a-z]+ed\s+(?:on|in|by|at|from|with|to|inside|under|for)\s+(?:[\w'’]+\s+){0,2}?[\w'’]+(?=\s+[a-z]+s\b)"
)
_MISSING = re.compile(
    r"\b(?P<thing>the\s+(?:[a-z'’-]+\s+){0,2}?[a-z'’-]+)\s+(?:is|are|has|have|goes|went)\s+(?:gone\s+)?"
    r"(?:missing|gone|lost|stolen|vanished|disappeared)\b",
    re.IGNORECASE,
)
_DREAM = re.compile(
    rf"\b(?:dreams?\s+of|afraid\s+of|scared\s+of|keeps?|starts?|begins?|obsessed\s+with|insists\s+on)\s+(?P<verb>[a-z]+ing)\b(?P<rest>.*?){_STOPS}",
    re.I,
)
_DEADLINE = re.compile(
    r"\b(?P<deadline>(?:before|until)\s+(?!she\b|he\b|they\b|it\s+was)[^.,;!?]{3,60})", re.IGNORECASE
)
_PHRASE = re.compile(
    r"\b(?P<article>an?|the|his|her|their|one|some|its)\s+(?P<words>(?:(?!(?:and|or|of|in|on|at|to|with|who|that|is|are|from|called|named|by|for|"
    r"has|have|must|can|before|after|until|while)\b)[a-z'’-]++\s*+){1,4}?)"
    r"(?P<of>of\s+(?:(?:an?|the|his|her|their)\s+)?[a-z'’-]++|in\s+an?\s+(?:bottle|box|jar|cage|tree))?(?=\s*(?:[.,;:!?]|$)|\s*\b(?:and|or|in|on|at|to|with|who|"
    r"that|is|are|from|called|named|by|for|has|have|must|can|before|after|until|while|"
    r"[a-z]+s\s+(?:an?|the|his|her|their|its|to|into|in|on|at|from|with|that|for|it|him|them)|washed|hidden|left|lost|buried|through|into|under|full|of)\b)",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"\s+(?:through|across|during|at (?:midnight|night|dawn|dusk|noon|sunset|sunrise)|in the middle of|every|all)\s?.*$",
    re.IGNORECASE,
)
_DRESSING = word_set("end way time day night world life chance help first last once lot rest middle sister love")
_NO_PROPS = word_set(
    """signal flood fire moon sun sea stars star future truth time war game contest competition concert dinner song music dance tree trees
    power wind sky weather way magic silence voice voices sound secret mystery race match party wedding robbery heist idea memory
    memories past language mountain dream dreams job life treasure storm ship engine bridge machine spaceship rocket railway fleet"""
)
_WRITTEN = word_set(
    """letter letters message map diary note notes book postcard photograph photo poem manuscript signal"""
)

_SEEKING = word_set("search look seek hunt wait long yearn chase")
_FINDING = word_set("find discover receive inherit get catch uncover notice spot hear see open dig")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a story is about. `goal` is an infinitive or "", `thing` a noun phrase with "the", `deadline` begins with "before"."""

    goal: str
    thing: str
    prop: str  # the thing, if one can hold it, else what its world has to offer
    deadline: str
    has_own_thing: bool
    title_words: str = ""


def read_deed(text: str, people: Sequence[Person], world: World) -> Deed:
    """What the idea says is to be done; where it does not say, what its thing and its world suggest."""
    missing = _MISSING.search(text)
    thing = definite(missing["thing"]).lower() if missing else _thing(text, people)
    goal = (f"bring {thing} back" if missing else "") or _wish(text) or _main_verb_goal(text, people, thing)
    deadline = _DEADLINE.search(text)
    return Deed(
        goal=_with_names(_ADVERBIAL.sub("", goal), text, people),
        thing=thing or world.thing,
        prop=thing if thing and _is_holdable(thing) else world.thing,
        deadline=deadline["deadline"].strip().replace("until", "before", 1) if deadline else "before it is too late",
        has_own_thing=bool(thing),
        title_words=thing or _object_of(goal) or _short_title(text),
    )


def _is_holdable(thing: str) -> bool:
    words = set(thing.casefold().split())
    is_plural = any(re.search(r"(?<![sui])s$", word) and word not in _WRITTEN for word in words)
    return not words & _NO_PROPS and not is_plural


def _with_names(goal: str, text: str, people: Sequence[Person]) -> str:
    """ "catch a thief" becomes "catch Ada": the idea's thief has a name by now."""
    for person in people:
        phrase = text[person.start : person.end] if person.start >= 0 else ""
        if phrase in goal and phrase and person.many == 1 and re.search(rf"\b{re.escape(phrase)}\b", goal):
            goal = goal.replace(phrase, person.name, 1)
    return goal


def _object_of(goal: str) -> str:
    """ "open a bakery in Paris" is about "the bakery in Paris"."""
    match = re.search(r"\b(?:an?|the)\s+[\w'’ -]+$", goal)
    return definite(match[0]) if match and len(match[0].split()) <= LONGEST_TITLE_WORDS else ""


def _wish(text: str) -> str:
    match = _WISH.search(text)
    if match:
        return _trimmed(match["goal"])
    dream = _DREAM.search(text)
    return _trimmed(f"{from_gerund(dream['verb'])}{dream['rest']}") if dream else ""


def _trimmed(goal: str) -> str:
    words = goal.split()
    if len(words) > LONGEST_GOAL:
        words = words[:LONGEST_GOAL]
        seams = [at for at, word in enumerate(words) if at >= FEWEST_GOAL and word.casefold() in _SEAMS]
        words = words[: seams[-1]] if seams else words
        while len(words) > 2 and words[-1].casefold() in _LOOSE_ENDS:
            words.pop()
    return " ".join(words)


_SEAMS = word_set("to in for with from at on into by")
_LOOSE_ENDS = word_set(
    """a an the of in on at to with and or from by for his her their its that this into one old big"""
)


def _thing(text: str, people: Sequence[Person]) -> str:
    """The first noun phrase that is no person, place, time or weather; "" where there is none."""
    for match in _PHRASE.finditer(text):
        if any(person.start <= match.start() < person.end for person in people):
            continue
        words = match["words"].split()
        if (
            not words
            or words[-1].casefold().endswith("storm")
            or words[-1].casefold() in _NO_THINGS | _DRESSING
            or {word.casefold() for word in words} & _SOMEBODY
        ):
            continue
        if words[0].casefold() in PLACES:
            continue
        return definite(f"{match['article']} {' '.join(words)} {match['of'] or ''}".strip())
    return ""


_SOMEBODY = TRADES | frozenset(ANIMALS) | ROBOTS | SPIRITS
_NO_THINGS = frozenset(PLACES) | frozenset(TIMES) | frozenset(WEATHERS) | _SOMEBODY


def _main_verb_goal(text: str, people: Sequence[Person], thing: str) -> str:
    """The goal that lies in what the hero does: "finds a letter" asks who wrote it, "builds a boat" is a goal by itself."""
    match = _verb_after(text, people)
    if not match:
        return ""
    verb, rest = infinitive(match["verb"]), match["rest"].strip()
    if verb in _FINDING:
        return _question_about(thing)
    if verb == "lose" and thing:
        return f"find {thing}"
    if verb in _SEEKING and re.match(r"(?:for|after)\s", rest):
        return _trimmed(f"find {rest.split(' ', 1)[1]}")
    if verb in {"be", "have", "live", "die", "love", "fall", "work", "meet", "befriend", "can", "talk"} or not rest:
        return ""
    return _trimmed(f"{verb} {rest}")


def _verb_after(text: str, people: Sequence[Person]) -> re.Match[str] | None:
    """What the hero does, or the hero together with those beside them in the sentence."""
    if not people or people[0].end < 0:
        return None
    ends = [
        person.end
        for person in people[1:3]
        if re.fullmatch(r"\s*(?:and|,)\s*", text[people[0].end : max(person.start, 0)])
    ]
    last = max([people[0].end, *ends])
    verb = r"[a-z]+(?:s|ed)|found|lost|built|stole" if last == people[0].end and people[0].many == 1 else "[a-z]+"
    comma = "" if people[0].many > 1 else ",?"
    return re.compile(
        rf"{comma}(?:{PARTICIPLE})?\s+(?:who\s+)?(?:\w+ly\s+)?(?P<verb>{verb})\b(?P<rest>.*?){_STOPS}"
    ).match(text, last)


def _question_about(thing: str) -> str:
    head = thing.split(" of ")[0].split(" in ")[0].split()[-1].casefold() if thing else ""
    if not head:
        return ""
    return f"find out who sent {thing}" if head in _WRITTEN else f"find out where {thing} came from"


def _short_title(text: str) -> str:
    words = re.split(r"[.,;:!?]", text)[0].split()
    return capital(" ".join(words)) if len(words) <= 6 else ""
