"""Reads from words in which period a story plays: it decides about houses, lamps, vehicles and clothes."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from agents.animatic.film import Period, Plan, Scene
from agents.animatic.vocabulary import PERIODS

# "LONDON, 1888", "in 2140", "the 1920s", "900 AD", but neither "Room 1408" nor "Route 1066".
_YEAR = re.compile(
    r"(?:^|[,(/–—-]\s?|\b(?:in|of|year|the|since|circa|early|late|mid|around|spring|summer|autumn|fall|winter)[\s-])"
    r"(?P<year>[1-9]\d{2,3})(?:s\b|\b)(?P<era>\s?(?:BC|BCE|AD|CE)\b)?",
    re.IGNORECASE,
)
_PRESENT = re.compile(r"\b(?:present(?: day)?|today|nowadays)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+th")
LAST_MEDIEVAL, LAST_OLD, LAST_PRESENT = 1599, 1913, 2079  # years
EARLIEST_PLAIN_YEAR = 1000  # a smaller number needs "AD" or "BC" to be a year


def period_of(text: str) -> Period | None:
    """The period that the text names first, by a year or a word; None where it names none."""
    year = _year_in(text)
    if year is not None:
        return _of_year(year)
    words = [word.casefold() for word in _WORD.findall(text)]
    pairs = {f"{one} {other}" for one, other in pairwise(words)}
    return next((PERIODS[word] for word in [*words, *sorted(pairs)] if word in PERIODS), None)


def dated_period(heading: str) -> Period | None:
    """The period of a year that a heading names, or of "present day": what follows plays then, until a heading says otherwise."""
    year = _year_in(heading)
    if year is not None:
        return _of_year(year)
    return "today" if _PRESENT.search(heading) else None


def _year_in(text: str) -> int | None:
    for match in _YEAR.finditer(text):
        year, era = int(match["year"]), (match["era"] or "").strip().upper()
        if era or year >= EARLIEST_PLAIN_YEAR:
            return -year if era.startswith("BC") else year
    return None


def _of_year(year: int) -> Period:
    if year <= LAST_MEDIEVAL:
        return "medieval"
    if year <= LAST_OLD:
        return "19th_century"
    return "today" if year <= LAST_PRESENT else "future"


def period_of_scene(scene: Scene, plan: Plan | None) -> Period:
    """The period that the heading names, else the plan of the film, else that of the setting."""
    found = period_of(scene.heading)
    if plan and not found:
        found = period_of(f"{plan.time}. {plan.place}. {plan.title}. {plan.logline}")
        found = found or ("19th_century" if plan.genre == "western" else None)
    return found or scene.setting.period


def usual_period(scenes: Iterable[Scene], plan: Plan | None) -> Period:
    """The period of most scenes, the first of these that are as many."""
    counted = Counter(period_of_scene(scene, plan) for scene in scenes)
    return counted.most_common(1)[0][0] if counted else "today"
