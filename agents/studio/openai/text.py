"""The text studio on a language model.

What must not be lost (scenes, characters, lines of dialogue) is parsed, as offline; the model plans, writes and
enriches, and its answers are laid over what was parsed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from agents.animatic.characters.casting import cast_of
from agents.animatic.film import (
    Cast,
    Character,
    Element,
    FilmFormat,
    Plan,
    Scene,
    SceneOutline,
    SceneScript,
    Screenplay,
    Shot,
    Story,
    Storyboard,
)
from agents.animatic.novels.records import CompressedNovel, Episode, Event, Events, GlobalInformation
from agents.animatic.progress import Report
from agents.animatic.screenplays.locations import heading_of
from agents.animatic.storyboards.shots import board
from agents.animatic.writing import plan_idea, read_screenplay, write_fountain_scenes
from agents.studio.film_limits import film_limits
from agents.studio.offline.processes import text_work
from agents.studio.openai import client, novels
from agents.studio.openai.answers import (
    BoardNotes,
    CastNotes,
    CharacterNote,
    PlanAnswer,
    SceneAnswer,
    SceneNote,
    ScriptNotes,
    ShotNote,
    StoryAnswer,
    demand_all,
    demand_colours,
    demand_words,
)
from agents.studio.openai.chat import ask, material
from agents.studio.openai.layers import tidy, with_camera, with_look, with_note
from agents.studio.openai.schema import UnfitAnswer

Entry = TypeVar("Entry")

EXCERPT_CHARACTERS = 24_000  # of a screenplay that is too long to be shown as a whole
BATCH = 12  # scenes, characters or shots in one question

TRUTHFUL = "Use the people, places and facts of the material; invent only what it leaves open."


class OpenAIText:
    """Writes and reads words with OPENAI_TEXT_MODEL."""

    def missing(self) -> str:
        """The variables that are not set."""
        return client.missing("OPENAI_TEXT_MODEL")

    def plan_idea(
        self, idea: str, *, requirement: str, style: str, scenes: int, seconds: float = 0.0, report: Report
    ) -> Plan:
        """The kind of film that an idea asks for.

        Raises: AgentError.
        """
        wishes = {"requirement": requirement, "style": style}
        asked = text_work(plan_idea, idea, **wishes, scenes=scenes, seconds=seconds, report=_quietly(report))
        question = f"Plan a short film of {asked.scenes} scenes from this idea.{_wished(asked)} {TRUTHFUL}"
        answer = self._plan(f"{question}\n{material(idea=idea, **wishes)}", report)
        plan = self._as_plan(answer, scenes=asked.scenes, **wishes)
        return replace(plan, form=asked.form, language=asked.language, seconds=asked.seconds)

    def plan_script(self, script: str, *, requirement: str, style: str, scenes: str = "", report: Report) -> Plan:
        """The kind of film that a screenplay is; its title and its number of scenes are its own.

        Raises: AgentError.
        """
        parsed = self._read(script, title="", scenes=scenes, report=report)
        question = f"Say what kind of film this screenplay is. {TRUTHFUL}"
        shown = material(screenplay=_excerpt(parsed, report), requirement=requirement, style=style)
        plan = self._as_plan(
            self._plan(f"{question}\n{shown}", report), scenes=len(parsed.scenes), requirement=requirement, style=style
        )
        return replace(plan, title=parsed.title) if _is_titled(parsed) else plan

    def _plan(self, question: str, report: Report) -> PlanAnswer:
        def check(answer: PlanAnswer) -> None:
            demand_words(**msgspec.structs.asdict(answer))

        return ask(
            PlanAnswer, question, role="script planner", report=_at(report, 0.1, "Thinking it over"), check=check
        )

    def _as_plan(self, answer: PlanAnswer, *, scenes: int, requirement: str, style: str) -> Plan:
        return Plan(**msgspec.structs.asdict(answer), scenes=scenes, requirement=requirement, style=style)

    def story(self, idea: str, plan: Plan, *, report: Report) -> Story:
        """A story with exactly `plan.scenes` outlines.

        Raises: AgentError.
        """

        def check(answer: StoryAnswer) -> None:
            demand_words(title=answer.title, text=answer.text)
            if len(answer.outlines) != plan.scenes:
                raise UnfitAnswer(f"there are {len(answer.outlines)} outlines instead of {plan.scenes}")

        question = (
            f"Write the story of this film in prose, and outline exactly {plan.scenes} scenes, numbered from 1. {TRUTHFUL} "
            f"Name every character in CAPITALS.\n{material(idea=idea, plan=_json(plan))}"
        )
        answer = ask(
            StoryAnswer, question, role="screenwriter", report=_at(report, 0.1, "Writing the story"), check=check
        )
        outlines = [replace(outline, number=number) for number, outline in enumerate(answer.outlines, start=1)]
        return Story(title=answer.title, text=answer.text, outlines=outlines)

    def scene_script(self, story: Story, outline: SceneOutline, plan: Plan, *, report: Report) -> SceneScript:
        """One scene as Fountain text.

        Raises: AgentError.
        """

        def check(answer: SceneAnswer) -> None:
            _demand_scene([tidy(element) for element in answer.elements])

        question = (
            f"Write scene {outline.number} as a screenplay: short paragraphs of action that can be seen, and dialogue of "
            f"at most two sentences a line. Character names in CAPITALS. {TRUTHFUL}\n"
            f"{material(plan=_json(plan), story=story.text, scene=_json(outline))}"
        )
        answer = ask(
            SceneAnswer,
            question,
            role="screenwriter",
            report=_at(report, 0.1, f"Writing scene {outline.number}"),
            check=check,
        )
        scene = Scene(
            number=outline.number,
            heading=heading_of(outline.setting),
            setting=outline.setting,
            elements=[tidy(element) for element in answer.elements],
            characters=outline.characters,
        )
        (text,) = text_work(write_fountain_scenes, [scene], report=_quietly(report))
        return SceneScript(number=outline.number, text=text)

    def screenplay(self, script: str, *, title: str, scenes: str = "", report: Report) -> Screenplay:
        """The screenplay as it was parsed; the model adds weather and manners of speaking that it leaves open.

        Raises: AgentError.
        """
        parsed = self._read(script, title=title, scenes=scenes, report=report)
        notes: dict[int, SceneNote] = {}
        for share, batch in _batches(parsed.scenes):
            words = f"Reading scene {batch[0].number} of {len(parsed.scenes)}"
            answer = self._script_notes(batch, _at(report, share, words))
            notes |= {note.number: note for note in answer.scenes}
            if not _is_titled(parsed) and answer.title.strip():
                parsed = replace(parsed, title=answer.title.strip())
        enriched = [with_note(scene, notes.get(scene.number)) for scene in parsed.scenes]
        return replace(parsed, scenes=enriched)

    def _read(self, script: str, *, title: str, scenes: str, report: Report) -> Screenplay:
        limits = film_limits()
        return text_work(read_screenplay, script, title=title, scenes=scenes, limits=limits, report=_quietly(report))

    def _script_notes(self, scenes: Sequence[Scene], waiting: Callable[[], None]) -> ScriptNotes:
        question = (
            "For each scene say the weather, and for lines whose tone is not obvious how they are said, in one or two "
            f"words. Give the film a title.\n{material(scenes=_json([_numbered(scene) for scene in scenes]))}"
        )
        return ask(ScriptNotes, question, role="script editor", report=waiting)

    def cast(self, screenplay: Screenplay, *, plan: Plan | None = None, style: str, report: Report) -> Cast:
        """All who speak or act; the model says who they are and gives them their look.

        Raises: AgentError.
        """
        found = text_work(cast_of, screenplay, plan, report=_quietly(report)).characters
        shown = _excerpt(screenplay, report)
        notes: dict[str, CharacterNote] = {}
        for share, characters in _batches(found):
            waiting = _at(report, share, f"Imagining {characters[0].name}")
            notes |= {note.name: note for note in self._cast_notes(characters, shown, style, waiting)}
        return Cast(characters=[with_look(character, notes[character.name]) for character in found])

    def _cast_notes(
        self, characters: Sequence[Character], excerpt: str, style: str, waiting: Callable[[], None]
    ) -> list[CharacterNote]:
        names = [character.name for character in characters]

        def check(answer: CastNotes) -> None:
            demand_all("characters", names, {note.name for note in answer.characters})
            for note in answer.characters:
                demand_colours(note.name, note.look)

        question = (
            f"Describe how each of these looks, so that nobody could be mistaken for another: {', '.join(names)}. Spell "
            f"their names as here. Colours are #rrggbb. {TRUTHFUL}\n"
            f"{material(screenplay=excerpt, style=style, first_thoughts=_json(characters))}"
        )
        return ask(CastNotes, question, role="casting director", report=waiting, check=check).characters

    def storyboard(
        self, scene: Scene, cast: Cast, *, plan: Plan, film_format: FilmFormat = "16:9", report: Report
    ) -> Storyboard:
        """The shots of a scene; who says what in which shot is settled, the model decides how it is filmed.

        Raises: AgentError.
        """
        draft = text_work(board, scene, cast, plan=plan, film_format=film_format, report=_quietly(report))
        notes: dict[str, ShotNote] = {}
        for share, shots in _batches(draft.shots):
            waiting = _at(report, share, f"Composing shot {shots[0].id}")
            notes |= {note.id: note for note in self._board_notes(shots, scene, cast, plan, waiting)}
        return replace(draft, shots=[with_camera(shot, notes[shot.id]) for shot in draft.shots])

    def _board_notes(
        self, shots: Sequence[Shot], scene: Scene, cast: Cast, plan: Plan, waiting: Callable[[], None]
    ) -> list[ShotNote]:
        ids = [shot.id for shot in shots]

        def check(answer: BoardNotes) -> None:
            demand_all("shots", ids, {note.id for note in answer.shots})
            for note in answer.shots:
                demand_words(description=note.description, first_frame=note.first_frame, last_frame=note.last_frame)

        question = (
            f"Decide how each of these shots is filmed: {', '.join(ids)}. The frames are described for an image model: "
            f"who, where, doing what, light, composition. {TRUTHFUL}\n"
            f"{material(plan=_json(plan), scene=_json(scene), cast=_json(cast), shots=_json(shots))}"
        )
        return ask(BoardNotes, question, role="storyboard artist", report=waiting, check=check).shots

    def compressed_novel(self, novel: str, *, report: Report) -> CompressedNovel:
        return novels.compress(novel, report=report)

    def events(self, novel: CompressedNovel, *, report: Report) -> Events:
        return novels.events_of(novel, report=report)

    def global_information(
        self, novel: CompressedNovel, events: Events, *, episodes: int, scenes: int, report: Report
    ) -> GlobalInformation:
        return novels.global_information(novel, events, episodes=episodes, scenes=scenes, report=report)

    def plan_novel(self, information: GlobalInformation, *, requirement: str, style: str, report: Report) -> Plan:
        return novels.plan_of(information, requirement=requirement, style=style, report=report)

    def novel_scenes(
        self, episode: Episode, events: Sequence[Event], information: GlobalInformation, *, report: Report
    ) -> list[Scene]:
        return novels.scenes_of(episode, events, information, report=report)


def _wished(plan: Plan) -> str:
    """What the idea asks for besides a story, in words."""
    form = "" if plan.form == "story" else f" It is a film of the form {plan.form.replace('_', ' ')}."
    length = f" With its cards it lasts {plan.seconds:g} seconds." if plan.seconds else ""
    return form + length


def _at(report: Report, share: float, words: str) -> Callable[[], None]:
    return lambda: report(share, words)


def _quietly(report: Report) -> Report:
    """For the parsing ahead of a question: words and checkpoints, no progress yet."""
    return lambda _share, words: report(0.0, words)


def _batches(entries: Sequence[Entry]) -> Iterator[tuple[float, Sequence[Entry]]]:
    """The entries in groups that fit into one question, each with the share that is done before it."""
    for start in range(0, len(entries), BATCH):
        yield 0.05 + 0.95 * start / len(entries), entries[start : start + BATCH]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _is_titled(screenplay: Screenplay) -> bool:
    return screenplay.title not in {"", "Untitled"}


def _excerpt(screenplay: Screenplay, report: Report) -> str:
    """The screenplay; of a long one each scene's beginning, so that the end is not cut off."""
    share = EXCERPT_CHARACTERS // len(screenplay.scenes) if screenplay.scenes else 0
    written = text_work(write_fountain_scenes, screenplay.scenes, report=_quietly(report))
    if sum(map(len, written)) > EXCERPT_CHARACTERS:
        written = [text[:share] for text in written]
    return "\n\n".join([screenplay.title, *written])


def _demand_scene(elements: list[Element]) -> None:
    if not elements:
        raise UnfitAnswer("the scene is empty")
    for element in elements:
        demand_words(text=element.text)
        if element.kind == "dialogue":
            demand_words(character=element.character)


def _numbered(scene: Scene) -> dict[str, object]:
    """A scene with its lines of dialogue numbered from 1."""
    spoken = (element for element in scene.elements if element.kind == "dialogue")
    lines = [{"line": number, "character": line.character, "text": line.text} for number, line in enumerate(spoken, 1)]
    actions = [element.text for element in scene.elements if element.kind == "action"]
    return {"number": scene.number, "heading": scene.heading, "action": actions, "lines": lines}
