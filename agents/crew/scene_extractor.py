"""Writes the scenes of each episode of a book, and joins them into one screenplay."""

from agents.animatic.film import Film, Scene, Screenplay
from agents.animatic.novels.records import Episode, Events, GlobalInformation
from agents.animatic.writing import write_fountain
from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.offline.processes import text_work
from agents.studio.providers import text_studio

SCRIPT_FILE = "screenplay.fountain"


class EpisodeToWrite(Film, frozen=True):
    """An episode, and what happens in the book."""

    episode: Episode
    events: Events
    information: GlobalInformation


class EpisodeScenes(Film, frozen=True):
    """The scenes of one episode, one for each of its events."""

    episode: int
    scenes: list[Scene]


class EpisodesToJoin(Film, frozen=True):
    """All episodes, in order."""

    information: GlobalInformation
    episodes: list[EpisodeScenes]


class SceneExtractor(Agent):
    """Place, time, people, and what they say: in the words of the book."""

    name = "scene_extractor"
    description = "Writes the scenes of an episode with the book's own sentences and speeches."
    skills = (
        typed_skill(
            id="extract_scenes",
            name="Extract the scenes",
            description="The scenes of one episode of a book.",
            takes=EpisodeToWrite,
            gives=EpisodeScenes,
            tags=("novel", "script"),
        ),
        typed_skill(
            id="join_episodes",
            name="Join the episodes",
            description="The scenes of all episodes as one screenplay.",
            takes=EpisodesToJoin,
            gives=Screenplay,
            tags=("novel", "script"),
        ),
    )

    def missing(self) -> str:
        """What the text studio lacks."""
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        """Writes, or joins.

        Raises: AgentError, JobStopped.
        """
        match job.skill:
            case "extract_scenes":
                return _written(job)
            case "join_episodes":
                return _joined(job)
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")


def _written(job: Job) -> Outcome:
    wish = job.read(EpisodeToWrite)
    # Only what the episode is about goes to the other process.
    events = [event for event in wish.events.events if event.number in wish.episode.events]
    scenes = text_studio().novel_scenes(wish.episode, events, wish.information, report=job.progress)
    title = f"{wish.information.title} – {wish.episode.number}. {wish.episode.title}"
    screenplay = Screenplay(title=title, author=wish.information.author, scenes=scenes)
    _keep(job, screenplay, name=f"episode-{wish.episode.number}.fountain", kind=ArtifactKind.SCENE)
    number = wish.episode.number
    return Outcome(EpisodeScenes(episode=number, scenes=scenes), f"Episode {number}: {len(scenes)} scenes")


def _joined(job: Job) -> Outcome:
    wish = job.read(EpisodesToJoin)
    scenes = [scene for episode in wish.episodes for scene in episode.scenes]
    screenplay = Screenplay(title=wish.information.title, author=wish.information.author, scenes=scenes)
    _keep(job, screenplay, name=SCRIPT_FILE, kind=ArtifactKind.SCRIPT)
    return Outcome(screenplay, f"{len(scenes)} scenes in {len(wish.episodes)} episodes")


def _keep(job: Job, screenplay: Screenplay, *, name: str, kind: ArtifactKind) -> None:
    written = text_work(write_fountain, screenplay, report=lambda _, words: job.progress(0.9, words))
    path = job.workdir / name
    path.write_text(written, encoding="utf-8")
    job.keep(path, name=name, kind=kind, media_type="text/plain")
