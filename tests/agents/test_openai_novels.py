"""Books with a language model: what it is shown is bounded, what it says is checked, and passages stay the book's own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agents.animatic.novels.limits import COMPRESSED_LENGTH, LONGEST_NOVEL
from agents.animatic.novels.records import CompressedNovel, Events, GlobalInformation
from agents.contract import AgentError
from agents.studio.openai.novels import CHUNK_CHARACTERS
from agents.studio.openai.text import OpenAIText
from tests.agents.openai_server import Provider, says
from tests.fixtures.openai_provider import Reports

Json = dict[str, Any]
CHAT = "/chat/completions"
SKERRY = (Path(__file__).parents[1] / "fixtures" / "skerry.txt").read_text(encoding="utf-8")


def events_of(text: str, reports: Reports) -> tuple[CompressedNovel, Events]:
    novel = OpenAIText().compressed_novel(text, report=reports)
    return novel, OpenAIText().events(novel, report=reports)


def planned(novel: CompressedNovel, events: Events, reports: Reports, *, scenes: int = 2) -> GlobalInformation:
    return OpenAIText().global_information(novel, events, episodes=2, scenes=scenes, report=reports)


def test_a_book_becomes_episodes_of_its_own_passages_in_which_only_the_cast_speaks(
    provider: Provider, reports: Reports
) -> None:
    novel, events = events_of(SKERRY, reports)
    assert novel.chapters[0].summary == ["What happens in chapter 1."]
    own = " ".join(SKERRY.split())
    assert all(" ".join(passage.split()) in own for event in events.events for passage in event.passages)
    information = planned(novel, events, reports)
    assert [episode.first_scene for episode in information.episodes] == [1, 3]
    cast = {one.name for one in information.characters}
    for episode in information.episodes:
        scenes = OpenAIText().novel_scenes(episode, events.events, information, report=reports)
        assert [scene.number for scene in scenes] == [episode.first_scene, episode.first_scene + 1]
        spoken = [element.character for scene in scenes for element in scene.elements if element.kind == "dialogue"]
        assert spoken
        assert set(spoken) <= cast
        assert all(spoken[number] in scene.characters for number, scene in enumerate(scenes))
    plan = OpenAIText().plan_novel(information, requirement="hope", style="ink", report=reports)
    assert (plan.title, plan.scenes, plan.genre, plan.style) == (novel.title, 4, "drama", "ink")


def test_the_owners_names_are_those_of_the_scenes(provider: Provider, reports: Reports) -> None:
    novel, events = events_of(SKERRY, reports)
    information = planned(novel, events, reports)
    first, *others = information.characters
    renamed = replace(information, characters=[replace(first, name="ZELDA"), *others])
    (scene, _) = OpenAIText().novel_scenes(information.episodes[0], events.events, renamed, report=reports)
    assert "ZELDA" in scene.characters
    said = " ".join(element.text for element in scene.elements)
    assert first.name not in said.upper()


def test_of_the_longest_book_the_model_is_shown_no_more_than_of_a_short_one(
    provider: Provider, reports: Reports
) -> None:
    events_of((SKERRY * 400)[:LONGEST_NOVEL], reports)
    asked = [len(seen.body["messages"][1]["content"]) for seen in provider.requests(CHAT)]
    assert max(asked) < CHUNK_CHARACTERS * 1.5
    assert sum(asked) < 2 * COMPRESSED_LENGTH * 1.4  # once to be summed up, once for its events
    assert len(asked) <= 2 * (COMPRESSED_LENGTH // CHUNK_CHARACTERS + 4)


def test_what_does_not_fit_the_book_is_asked_for_again(provider: Provider, reports: Reports) -> None:
    """One table: where it goes wrong, what is said, what the model is told."""
    novel, events = events_of(SKERRY, reports)
    information = planned(novel, events, reports)
    numbers = [event.number for event in events.events]
    note = {"first": 1, "last": 1, "what": "It burns.", "who": [], "place": "Shore", "interior": False}
    event = {**note, "time_of_day": "day", "weather": "clear", "weight": 5}
    person = {"name": "ANNE", "aliases": ["Anne"], "description": "A girl", "gender": "female", "age": "child"}
    episodes = [{"title": "A", "summary": "B", "events": [number]} for number in numbers[:2]]
    line = {"kind": "dialogue", "text": "Hello.", "character": "BATMAN", "parenthetical": ""}
    text = OpenAIText()

    def compressed() -> object:
        return text.compressed_novel(SKERRY, report=reports)

    def found() -> object:
        return text.events(novel, report=reports)

    def planned_again() -> object:
        return planned(novel, events, reports)

    def written() -> object:
        return text.novel_scenes(information.episodes[0], events.events, information, report=reports)

    def chapters(**changed: object) -> Json:
        all_of_them = [{"chapter": chapter.number, "summary": ["x"], "passages": [1]} for chapter in novel.chapters]
        return {"chapters": [{**all_of_them[0], **changed}, *all_of_them[1:]]}

    def series(*, people: list[Json] | None = None, films: list[Json] | None = None) -> Json:
        return {"characters": people or [person], "episodes": films or episodes}

    table: list[tuple[Callable[[], object], Json, str]] = [
        (compressed, {"chapters": []}, "chapters missing: 1, 2"),
        (compressed, chapters(passages=[999]), "there is no passage 999"),
        (compressed, chapters(passages=[]), "chapter 1 is left without a passage"),
        (compressed, chapters(), "passage 1 is not of chapter 2"),
        (found, {"events": []}, "there are 0 events instead of 1 to"),
        (found, {"events": [{**event, "last": 999}]}, "there is no passage 999"),
        (found, {"events": [{**event, "first": 2}]}, "are not of one chapter, in its order"),
        (found, {"events": [{**event, "weight": 11}]}, "there is no weight 11"),
        (found, {"events": [{**event, "first": 2, "last": 2}, event]}, "not in the order of the book"),
        (planned_again, series(films=episodes[:1]), "there are 1 episodes instead of 2"),
        (planned_again, series(films=[episodes[1], episodes[0]]), "not in the order of the book"),
        (planned_again, series(films=[{**episodes[0], "events": [999]}, episodes[1]]), "there is no event 999"),
        (planned_again, series(films=[{**episodes[0], "events": []}, episodes[1]]), "has 0 events instead of 1 to 2"),
        (planned_again, series(people=[person, {**person, "name": "NORA"}]), "ANNE is the name of two characters"),
        (planned_again, series(people=[{**person, "name": "BATMAN", "aliases": []}]), "BATMAN is not in the book"),
        (written, {"elements": []}, "the scene has 0 paragraphs"),
        (written, {"elements": [line]}, "BATMAN speaks, but is not in the cast"),
        (written, {"elements": [{**line, "kind": "action", "text": "x" * 301}]}, "301 characters"),
    ]
    for asked, answer, complaint in table:
        before = len(provider.seen)
        provider.next(CHAT, says(json.dumps(answer)))
        asked()
        assert complaint in provider.seen[before + 1].body["messages"][-1]["content"]
    provider.next(CHAT, says("{}"), says("{}"))
    with pytest.raises(AgentError, match="did not answer what it was asked"):
        found()
