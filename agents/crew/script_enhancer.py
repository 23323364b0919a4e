"""Brings any screenplay into one form: headings, character names, parentheticals; adds what is missing."""

from msgspec import field

from agents.animatic.film import Film, SceneScript, Screenplay
from agents.animatic.writing import write_final_draft, write_fountain
from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.offline.processes import text_work
from agents.studio.providers import text_studio

SCRIPT_FILE = "screenplay.fountain"
FINAL_DRAFT_FILE = "screenplay.fdx"
NOTES_FILE = "script-notes.txt"


class ScriptWish(Film, frozen=True):
    """A whole script, or its scenes one by one."""

    title: str
    script: str = ""
    scenes: list[SceneScript] = field(default_factory=list)
    selection: str = ""  # the scenes of the script that are wanted: "12-20, 35"; "" for all


class ScriptEnhancer(Agent):
    """Keeps every character and every line of dialogue, in order."""

    name = "script_enhancer"
    description = "Normalises a screenplay: headings, names, parentheticals. Loses no line of dialogue."
    skills = (
        typed_skill(
            "enhance_script",
            "Enhance the script",
            "Any screenplay text as a clean screenplay.",
            ScriptWish,
            Screenplay,
            ("script",),
        ),
    )

    def missing(self) -> str:
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "enhance_script":
                return self._enhance(job)
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")

    def _enhance(self, job: Job) -> Outcome:
        wish = job.read(ScriptWish)
        script = wish.script or _joined(wish.scenes)
        screenplay = text_studio().screenplay(script, title=wish.title, scenes=wish.selection, report=job.progress)
        for name, write, media_type in (
            (SCRIPT_FILE, write_fountain, "text/plain"),
            (FINAL_DRAFT_FILE, write_final_draft, "application/xml"),
        ):
            written = text_work(write, screenplay, report=lambda _, words: job.progress(0.95, words))
            _keep(job, name, written, media_type)
        if screenplay.notes:
            told = "".join(f"Line {note.line}: {note.text}\n" for note in screenplay.notes)
            _keep(job, NOTES_FILE, told, "text/plain")
        return Outcome(screenplay, _counted(screenplay) + _noted(screenplay))


def _keep(job: Job, name: str, text: str, media_type: str) -> None:
    path = job.workdir / name
    path.write_text(text, encoding="utf-8")
    job.keep(path, name=name, kind=ArtifactKind.SCRIPT, media_type=media_type)


def _noted(screenplay: Screenplay) -> str:
    """The first thing that could not be read, and how many more there are."""
    if not screenplay.notes:
        return ""
    more = len(screenplay.notes) - 1
    others = f" ({more} more in {NOTES_FILE})" if more else ""
    return f". Line {screenplay.notes[0].line}: {screenplay.notes[0].text}{others}"


def _counted(screenplay: Screenplay) -> str:
    scenes = len(screenplay.scenes)
    lines = sum(element.kind == "dialogue" for scene in screenplay.scenes for element in scene.elements)
    return f"{scenes} {'scene' if scenes == 1 else 'scenes'}, {lines} {'line' if lines == 1 else 'lines'} of dialogue"


def _joined(scenes: list[SceneScript]) -> str:
    return "\n\n".join(scene.text.strip() for scene in sorted(scenes, key=lambda scene: scene.number))
