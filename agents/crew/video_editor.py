"""Cuts the clips into the film."""

import re

from msgspec import Struct

from agents.animatic.film import Cast, Clip, Plan, Screenplay, Video
from agents.contract import Agent, ArtifactKind, Job, Outcome, typed_skill
from agents.studio import ffmpeg
from agents.studio.editing import Cut, Take, cut_film

LONGEST_NAME = 60  # characters of the file's name
OTIO = "application/vnd.pixar.opentimelineio+json"


class EditVideo(Struct, kw_only=True, forbid_unknown_fields=True):
    """Everything that the film is made of; the clips in the order in which they are seen."""

    plan: Plan
    screenplay: Screenplay
    cast: Cast
    clips: list[Clip]


class VideoEditor(Agent):
    """Clips in, a film out."""

    name = "video_editor"
    description = "Cuts the clips into a film with titles, transitions and captions."
    skills = (
        typed_skill(
            id="edit_video",
            name="Edit video",
            description="Cuts clips into an MP4 with title card, dissolves between scenes, burnt-in captions and end card.",
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
        takes = [Take(clip.shot, job.fetch(clip.artifact), clip.seconds, clip.artifact) for clip in wish.clips]
        cut = cut_film(wish.plan, wish.screenplay, wish.cast, takes, folder=job.workdir, report=job.progress)
        video = _kept(job, cut, wish.plan.title or wish.screenplay.title)
        return Outcome(video, f"“{video.title}” is ready: {cut.seconds:.0f} seconds.")


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
