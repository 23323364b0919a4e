"""Hears the mood of an idea: its genre, its tone, and which kind of story (arc) it is."""

import re
from collections.abc import Sequence

from agents.animatic.chance import draw_lot
from agents.animatic.stories.arcs import ARCS

# The first genre with the most words in the idea wins; the world decides where no word does.
_GENRES: dict[str, str] = {
    "horror": "haunted ghost ghosts horror zombie vampire curse cursed nightmare scream demon creepy terrifying blood graveyard",
    "mystery": "detective mystery murder missing clue vanished disappears disappeared secret strange mysterious investigates thief noir unknown",
    "thriller": "thriller chase hunted bomb spy assassin hostage escape heist hacker conspiracy kidnapped hunts",
    "science fiction": "robot robots android space spaceship mars alien aliens future astronaut galaxy planet ai time-travel clone cyborg galactic rocket",
    "fantasy": "dragon magic magical wizard witch fairy elf kingdom spell enchanted unicorn mermaid princess knight sorcerer talking giant troll",
    "romance": "love loves romance romantic kiss wedding lovers heart marries marry date valentine",
    "comedy": "funny comedy comic hilarious silly absurd clumsy prank joke chaos clown wrong ridiculous disaster",
    "adventure": "treasure quest adventure journey expedition explorer pirate pirates map lost jungle island storm rescue climb voyage mountain sail",
    "western": "cowboy sheriff saloon western outlaw ranch gunslinger",
    "family film": "grandmother grandfather child children boy girl puppy kitten fox bear rabbit toy toys school family mouse hedgehog penguin",
    "drama": "dies dead grief war divorce cancer prison memory forgets lonely alone funeral father mother son daughter old last",
}
_WORLD_GENRES = {
    "space": "science fiction",
    "castle": "fantasy",
    "sea": "adventure",
    "wild": "adventure",
    "desert": "adventure",
}
_TONES: dict[str, str] = {
    "hopeful": "hope hopeful uplifting inspiring optimistic happy joyful heartwarming redemption second dream dreams learns",
    "funny": "funny comedy comic hilarious silly absurd clumsy prank joke chaos clown ridiculous humorous humour witty light-hearted",
    "sad": "sad tragic grief dies dead funeral melancholy loss goodbye heartbreaking bittersweet forgets dying mourning sorrow",
    "dark": "dark grim horror haunted murder terrifying curse bleak nightmare scary creepy blood sinister eerie",
    "tense": "tense suspense thriller chase bomb escape hunted race heist storm deadline",
    "tender": "love tender gentle warm romantic friendship friend kiss grandmother cosy sweet quiet lonely letter",
    "wondrous": "magic magical wonder dragon stars dream enchanted space galaxy miracle fairy mysterious strange",
}
_GENRE_TONES = {
    "horror": "dark", "mystery": "tense", "thriller": "tense", "science fiction": "wondrous", "fantasy": "wondrous",
    "romance": "tender", "comedy": "funny", "adventure": "hopeful", "western": "tense", "family film": "hopeful", "drama": "tender",
}  # fmt: skip
_GENRE_ARCS: dict[str, tuple[str, ...]] = {
    "horror": ("haunted",), "mystery": ("discovery",), "thriller": ("rescue", "rivals"), "science fiction": ("discovery", "rescue"),
    "fantasy": ("search", "friendship"), "romance": ("love",), "comedy": ("rivals",), "adventure": ("search", "rescue"),
    "western": ("rivals",), "family film": ("friendship", "dream"), "drama": ("farewell", "discovery", "dream"),
}  # fmt: skip
GENRE_BONUS = 0.9  # words
BRIGHT_TONES = frozenset({"hopeful", "funny", "tender", "wondrous"})


def genre_of(words: Sequence[str], world: str) -> str:
    """The genre that most words of the idea speak for."""
    return _most(words, _GENRES) or _WORLD_GENRES.get(world, "drama")


def tone_of(words: Sequence[str], genre: str) -> str:
    """The tone that most words speak for, else the usual one of the genre."""
    return _most(words, _TONES) or _GENRE_TONES[genre]


def wished_tone(requirement: str) -> str:
    """The tone that a maker insists on ("a hopeful ending"), or ""."""
    return _most(re.findall(r"[\w-]+", requirement.casefold()), _TONES)


def arc_of(words: Sequence[str], genre: str, text: str) -> str:
    """The kind of story: the arc that most words of the idea speak for; one that suits the genre has the advantage."""
    suiting = _GENRE_ARCS[genre]
    counts = {name: sum(word in arc.words.split() for word in words) for name, arc in ARCS.items()}
    scores = {name: count + GENRE_BONUS * (name in suiting) for name, count in counts.items() if count}
    return max(scores, key=lambda name: scores[name]) if scores else draw_lot(suiting, text, "arc")


def _most(words: Sequence[str], lists: dict[str, str]) -> str:
    """The list with the most of the words in it; of equals the first; "" when there is none."""
    counts = {name: sum(1 for word in words if word in listed.split()) for name, listed in lists.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
