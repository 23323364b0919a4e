"""Composes the music of a film: a theme for the title, something soft for under the film, an ending."""

from msgspec import Struct

from agents.animatic.film import Plan, Score
from agents.animatic.sound import orders
from agents.contract import Agent, Job, Outcome, typed_skill
from agents.studio import ffmpeg
from agents.studio.offline.processes import sound_work
from agents.studio.parallel import part_of
from agents.studio.sound_files import keep_sound

PIECES = ("title", "under", "end")


class ComposeScore(Struct, kw_only=True, forbid_unknown_fields=True):
    """What kind of film it is. Without `sound`, it has no music."""

    plan: Plan
    sound: bool = True


class FilmComposer(Agent):
    """A plan in, the score out: of any length, as the part under the film may be repeated."""

    name = "film_composer"
    description = "Composes a film's music from its genre and tone."
    skills = (
        typed_skill(
            id="compose_score",
            name="Compose the score",
            description="Composes a theme, music that may be repeated under the film, and an ending.",
            takes=ComposeScore,
            gives=Score,
            tags=("audio",),
        ),
    )

    def missing(self) -> str:
        """What ffmpeg lacks, or ""."""
        return ffmpeg.missing()

    def perform(self, job: Job) -> Outcome:
        """Composes.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(ComposeScore)
        if not wish.sound:
            job.progress(1.0, "The film has no music")
            return Outcome(Score(), "No music")
        plan, folder = wish.plan, job.workdir
        description = sound_work(
            orders.score,
            plan.title,
            plan.genre,
            plan.tone,
            plan.form,
            folder=folder,
            report=part_of(job.progress, 0.0, 0.7),
            words="Composing the music",
        )
        title, under, end = (
            keep_sound(
                job,
                folder / f"{piece}.wav",
                name=f"music-{piece}",
                report=part_of(job.progress, 0.7 + 0.1 * number, 0.8 + 0.1 * number),
                words="Playing the music",
            )
            for number, piece in enumerate(PIECES)
        )
        score = Score(title_artifact=title, under_artifact=under, end_artifact=end, description=description)
        return Outcome(score, f"Music: {description}")
