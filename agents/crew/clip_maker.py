"""Makes the still of a shot move."""

import msgspec
from msgspec import Struct

from agents.animatic.film import Clip, Frames, Shot, Speech
from agents.contract import Agent, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.providers import video_studio
from agents.studio.spoken import seconds_spoken


class MakeClip(Struct, kw_only=True, forbid_unknown_fields=True):
    """A shot, the frames chosen for it, and what is said in it: the clip lasts as long as that takes."""

    shot: Shot
    frames: Frames
    style: str = ""
    speech: Speech | None = None


class ClipMaker(Agent):
    """Frames in, a moving picture out."""

    name = "clip_maker"
    description = "Turns the frames of a shot into a clip with a camera move."
    skills = (
        typed_skill(
            id="make_clip",
            name="Make clip",
            description="Turns the first (and the last) frame of a shot into a moving clip in the size of the film at 24 fps.",
            takes=MakeClip,
            gives=Clip,
            tags=("video",),
            time_limit=3_600.0,  # a video model alone may take half an hour
        ),
    )

    def missing(self) -> str:
        """What the video studio lacks."""
        return video_studio().missing()

    def perform(self, job: Job) -> Outcome:
        """Makes the clip.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(MakeClip)
        frames = wish.frames
        path = job.workdir / "clip.mp4"
        filmed = msgspec.structs.replace(
            wish.shot, seconds=max(wish.shot.seconds, seconds_spoken(wish.shot, wish.speech))
        )
        seconds = video_studio().clip(
            filmed,
            first=job.fetch(frames.first_artifact),
            last=job.fetch(frames.last_artifact) if frames.last_artifact else None,
            style=wish.style,
            to=path,
            report=job.progress,
        )
        artifact = job.keep(path, name=path.name, kind=ArtifactKind.CLIP, media_type="video/mp4")
        return Outcome(
            Clip(shot=wish.shot, artifact=artifact, seconds=seconds), f"Shot {wish.shot.id}: its clip is ready"
        )
