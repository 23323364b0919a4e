"""Cuts the clips into the film."""

import re
from pathlib import Path

from msgspec import Struct, field

from agents.animatic.film import Ambience, Cast, Clip, Plan, Score, Screenplay, Speech, Video
from agents.animatic.progress import Report
from agents.contract import Agent, ArtifactKind, Job, Outcome, typed_skill
from agents.studio import ffmpeg
from agents.studio.editing import Cut, Take, cut_film
from agents.studio.parallel import part_of
from agents.studio.sound_files import as_wave
from agents.studio.soundtrack import Sound, Sounds
from agents.studio.timeline_formats import OTIO

LONGEST_NAME = 60  # characters of the file's name


class EditVideo(Struct, kw_only=True, forbid_unknown_fields=True):
    """Everything that the film is made of; the clips in the order in which they are seen. Without sounds it is silent."""

    plan: Plan
    screenplay: Screenplay
    cast: Cast
    clips: list[Clip]
    speeches: list[Speech] = field(default_factory=list)
    ambiences: list[Ambience] = field(default_factory=list)
    score: Score | None = None


class VideoEditor(Agent):
    """Clips in, a film out."""

    name = "video_editor"
    description = "Cuts the clips into a film with titles, transitions and captions, and mixes its sound."
    skills = (
        typed_skill(
            id="edit_video",
            name="Edit video",
            description="Cuts clips into an MP4 with title card, dissolves between scenes, burnt-in captions and end card,"
            " and mixes speech, ambience and music.",
            takes=EditVideo,
            gives=Video,
            tags=("video",),
            time_limit=3_600.0,  # a long film on a busy machine
        ),
    )
    max_concurrent = 2

    def missing(self) -> str:
        """What ffmpeg lacks, or "": the cut is made on this machine, whichever studio made the clips."""
        return ffmpeg.missing()

    def perform(self, job: Job) -> Outcome:
        """Cuts the film.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(EditVideo)
        spoken = {speech.shot: speech for speech in wish.speeches if speech.artifact}
        takes = [
            Take(clip.shot, job.fetch(clip.artifact), clip.seconds, clip.artifact, spoken.get(clip.shot.id))
            for clip in wish.clips
        ]
        cut = cut_film(
            wish.plan,
            wish.screenplay,
            wish.cast,
            takes,
            sounds=_sounds(job, wish, part_of(job.progress, 0.0, 0.05)),
            folder=job.workdir,
            report=part_of(job.progress, 0.05, 1.0),
        )
        video = _kept(job, cut, wish.plan.title or wish.screenplay.title)
        return Outcome(video, f"“{video.title}” is ready: {cut.seconds:.0f} seconds.")


def _sounds(job: Job, wish: EditVideo, report: Report) -> Sounds:
    """All sounds, unpacked. Those for a film of hundreds of scenes take room in the work folder, not in memory."""
    fetched = _Fetched(job, report)
    score = wish.score or Score()
    return Sounds(
        speeches={
            speech.shot: (
                speech,
                Sound(job.fetch(speech.artifact), speech.seconds, speech.artifact, f"Shot {speech.shot}"),
            )
            for speech in wish.speeches
            if speech.artifact
        },
        ambiences={
            ambience.scene: fetched.sound(ambience.artifact, ambience.description)
            for ambience in wish.ambiences
            if ambience.artifact
        },
        effects={
            effect.shot: fetched.sound(effect.artifact, effect.name)
            for ambience in wish.ambiences
            for effect in ambience.effects
        },
        title=fetched.sound(score.title_artifact, "Title music") if score.title_artifact else None,
        under=fetched.sound(score.under_artifact, "Music") if score.under_artifact else None,
        end=fetched.sound(score.end_artifact, "End music") if score.end_artifact else None,
    )


class _Fetched:
    """Fetches sounds and unpacks them, each under a name of its own."""

    def __init__(self, job: Job, report: Report) -> None:
        self._job, self._report, self._count = job, report, 0

    def sound(self, artifact: str, name: str) -> Sound:
        self._count += 1
        path: Path = self._job.workdir / f"sound-{self._count:04}.wav"
        share = 1 - 1 / (1 + self._count)  # of an unknown number
        seconds = as_wave(self._job.fetch(artifact), path, report=lambda _, words: self._report(share, words))
        return Sound(path, seconds, artifact, name)


def _kept(job: Job, cut: Cut, title: str) -> Video:
    poster = job.keep(cut.poster, name="poster.jpg", kind=ArtifactKind.POSTER, media_type="image/jpeg")
    captions = job.keep(cut.captions, name="captions.vtt", kind=ArtifactKind.CAPTIONS, media_type="text/vtt")
    chapters = job.keep(cut.chapters, name="chapters.vtt", kind=ArtifactKind.CHAPTERS, media_type="text/vtt")
    subtitles = job.keep(
        cut.subtitles, name="captions.srt", kind=ArtifactKind.SUBTITLES, media_type="application/x-subrip"
    )
    video = job.keep(cut.video, name=f"{slug(title)}.mp4", kind=ArtifactKind.VIDEO, media_type="video/mp4")
    path = cut.video.with_name("timeline.otio")
    path.write_text(cut.timeline(video), encoding="utf-8")
    timeline = job.keep(path, name=path.name, kind=ArtifactKind.TIMELINE, media_type=OTIO)
    return Video(
        title=title,
        video_artifact=video,
        poster_artifact=poster,
        captions_artifact=captions,
        chapters_artifact=chapters,
        subtitles_artifact=subtitles,
        timeline_artifact=timeline,
        seconds=cut.seconds,
    )


def slug(title: str) -> str:
    """The title as a file name: letters and digits of any script, joined by hyphens; "film" when nothing is left."""
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:LONGEST_NAME].strip("-") or "film"
