"""Brings any screenplay into one form: headings, character names, parentheticals; adds what is missing."""

from msgspec import field

from agents.animatic.film import Film, SceneScript, Screenplay
from agents.animatic.writing import write_fountain
from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.offline.processes import text_work
from agents.studio.providers import text_studio

SCRIPT_FILE = "screenplay.fountain"


class ScriptWish(Film, frozen=True):
    """A whole script, or its scenes one by one."""

    title: str
    script: str = ""
    scenes: list[SceneScript] = field(default_factory=list)


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
        screenplay = text_studio().screenplay(script, title=wish.title, report=job.progress)
        written = text_work(write_fountain, screenplay, report=lambda _, words: job.progress(0.95, words))
        path = job.workdir / SCRIPT_FILE
        path.write_text(written, encoding="utf-8")
        job.keep(path, name=SCRIPT_FILE, kind=ArtifactKind.SCRIPT, media_type="text/plain")
        return Outcome(screenplay, _counted(screenplay))


def _counted(screenplay: Screenplay) -> str:
    scenes = len(screenplay.scenes)
    lines = sum(element.kind == "dialogue" for scene in screenplay.scenes for element in scene.elements)
    return f"{scenes} {'scene' if scenes == 1 else 'scenes'}, {lines} {'line' if lines == 1 else 'lines'} of dialogue"


def _joined(scenes: list[SceneScript]) -> str:
    return "\n\n".join(scene.text.strip() for scene in sorted(scenes, key=lambda scene: scene.number))
