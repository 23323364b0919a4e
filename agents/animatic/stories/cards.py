"""The few words that a film has besides its maker's, in the maker's language."""

from agents.animatic.datafiles import read_toml

_WORDS: dict[str, dict[str, str]] = read_toml(__file__, "cards.toml")
THE_END, SOMEWHERE = "The End", "Somewhere"


def is_english(language: str) -> bool:
    """Whether a film may have English words that are not its maker's."""
    return language in {"", "en"}


def the_end(language: str) -> str:
    """What the last card says. `language`: ISO 639-1; "" is English."""
    return _WORDS["end"].get(language, THE_END)


def somewhere(language: str) -> str:
    """The name of a place that nobody named."""
    return _WORDS["somewhere"].get(language, SOMEWHERE)
