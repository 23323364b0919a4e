"""Plans the films of a book: who is who in all chapters, and which episodes there will be. Its owner may change the plan."""

from collections import Counter
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from agents.animatic.film import Ambience, Clip, Film, Plan, Screenplay, Speech
from agents.animatic.novels import plans
from agents.animatic.novels.limits import MOST_EPISODES, MOST_SCENES
from agents.animatic.novels.records import CompressedNovel, Episode, Events, GlobalInformation
from agents.contract import Agent, AgentError, InputRequired, Job, Outcome, UnusableInput, typed_skill
from agents.studio.offline.processes import text_work
from agents.studio.providers import text_studio

LONGEST_SHOWN_AGAIN = 3_600  # characters of an answer that is shown again to be corrected: a question has 4,000


class NovelToPlan(Film, frozen=True):
    """A compressed book, its events, and how much is to be made of it."""

    novel: CompressedNovel
    events: Events
    episodes: Annotated[int, Meta(ge=1, le=MOST_EPISODES)]
    scenes: Annotated[int, Meta(ge=1, le=MOST_SCENES)]


class PlanToAgree(Film, frozen=True):
    """A plan that its owner may change."""

    draft: GlobalInformation


class FilmToPlan(Film, frozen=True):
    """What is planned for a book, as its owner has agreed."""

    information: GlobalInformation
    requirement: str = ""
    style: str = ""
    seconds: Annotated[float, Meta(ge=0)] = 0.0  # how long each episode is to be; 0: as long as it takes


class EpisodeToGather(Film, frozen=True):
    """An episode, and what was made for all of them."""

    episode: Episode
    plan: Plan
    screenplay: Screenplay
    clips: list[Clip]
    speeches: list[Speech]
    ambiences: list[Ambience]


class EpisodeFilm(Film, frozen=True):
    """All that one episode is cut of."""

    plan: Plan
    screenplay: Screenplay
    clips: list[Clip]
    speeches: list[Speech]
    ambiences: list[Ambience]


class GlobalInformationPlanner(Agent):
    """Holds together what is true of the whole book."""

    name = "global_information_planner"
    description = "Knows who is who in all chapters of a book, plans its episodes, and asks whether the plan is right."
    skills = (
        typed_skill(
            id="draft_global_information",
            name="Draft the plan of the book",
            description="Characters, places and episodes of a book, before its owner has seen them.",
            takes=NovelToPlan,
            gives=GlobalInformation,
            tags=("novel", "plan"),
        ),
        typed_skill(
            id="plan_global_information",
            name="Plan the whole book",
            description="Characters, places and episodes of a book, as its owner agrees to them.",
            takes=PlanToAgree,
            gives=GlobalInformation,
            tags=("novel", "plan"),
        ),
        typed_skill(
            id="plan_novel",
            name="Plan from a book",
            description="The kind of film that a book is.",
            takes=FilmToPlan,
            gives=Plan,
            tags=("novel", "plan"),
        ),
        typed_skill(
            id="gather_episode",
            name="Gather an episode",
            description="The plan, the scenes, the clips and the sounds of one episode.",
            takes=EpisodeToGather,
            gives=EpisodeFilm,
            tags=("novel",),
        ),
    )

    def missing(self) -> str:
        """What the text studio lacks."""
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        """Plans, or gathers.

        Raises: AgentError, InputRequired, JobStopped.
        """
        match job.skill:
            case "draft_global_information":
                return _drafted(job, job.read(NovelToPlan))
            case "plan_global_information":
                return _agreed(job)
            case "plan_novel":
                return _planned(job, job.read(FilmToPlan))
            case "gather_episode":
                return _gathered(job.read(EpisodeToGather))
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")


def _drafted(job: Job, wish: NovelToPlan) -> Outcome:
    wished = {"episodes": wish.episodes, "scenes": wish.scenes}
    draft = text_studio().global_information(wish.novel, wish.events, **wished, report=job.progress)
    return Outcome(draft, f"{_counted(draft)}, {len(draft.characters)} characters")


def _planned(job: Job, wish: FilmToPlan) -> Outcome:
    wishes = {"requirement": wish.requirement, "style": wish.style}
    plan = text_studio().plan_novel(wish.information, **wishes, report=job.progress)
    plan = replace(plan, seconds=wish.seconds * len(wish.information.episodes))
    return Outcome(plan, f"“{plan.title}”: {plan.genre}, {_counted(wish.information)}")


def _agreed(job: Job) -> Outcome:
    """The plan as its owner wants it: asked for, and asked again where the answer cannot be understood.

    The draft is a task's result by itself: what its owner answers to is what they were shown, and a model is paid for it once.
    """
    planned = job.read(PlanToAgree).draft
    if not job.answers:
        raise InputRequired(plans.question(planned))
    answer = job.answers[-1].answer
    try:
        information = text_work(plans.edited, planned, answer, report=job.progress)
    except UnusableInput as error:
        shown = answer if len(answer) <= LONGEST_SHOWN_AGAIN else plans.written(planned)
        raise InputRequired(f"{error.message} {plans.INTRODUCTION}\n\n{shown}") from error
    return Outcome(information, f"{_counted(information)}, {len(information.characters)} characters")


def _counted(information: GlobalInformation) -> str:
    episodes = len(information.episodes)
    return f"{episodes} {'episode' if episodes == 1 else 'episodes'}"


def _gathered(wish: EpisodeToGather) -> Outcome:
    """The scenes of an episode are those that follow its first one."""
    episode = wish.episode
    numbers = range(episode.first_scene, episode.first_scene + len(episode.events))
    scenes = [scene for scene in wish.screenplay.scenes if scene.number in numbers]
    clips = [clip for clip in wish.clips if clip.shot.scene in numbers]
    shots = {clip.shot.id for clip in clips}
    places = Counter(scene.setting.place for scene in scenes)
    title = f"{wish.plan.title} – {episode.number}. {episode.title}"
    plan = replace(
        wish.plan,
        title=title,
        logline=episode.summary,
        place=places.most_common(1)[0][0] if places else wish.plan.place,
        scenes=max(1, len(scenes)),
    )
    screenplay = replace(wish.screenplay, title=title, scenes=scenes)
    film = EpisodeFilm(
        plan=plan,
        screenplay=screenplay,
        clips=clips,
        speeches=[speech for speech in wish.speeches if speech.shot in shots],
        ambiences=[ambience for ambience in wish.ambiences if ambience.scene in numbers],
    )
    return Outcome(film, f"Episode {episode.number}: {len(clips)} shots")
