"""The composer: sketches a piece of music, plays its voices, and mixes them.

Work may come from anywhere, so what a skill takes has bounds.
"""

from typing import Annotated

from msgspec import Meta, Struct

from agents.contract import Agent, ArtifactId, ArtifactKind, Job, Outcome, typed_skill
from agents.studio import ffmpeg
from composer import score, synthesis
from composer.score import Key, Length, Mood, Sketch, Title, Voice

Seconds = Annotated[float, Meta(gt=0, le=120)]

FADE_SECONDS = 1.0  # at the end
# Where each voice stands between left (-1) and right (1), and how loud it is.
PLACES = {"chords": (-0.4, 0.5), "melody": (0.25, 0.7), "bass": (0.0, 0.6), "drums": (0.1, 0.45)}


class WriteSketch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What somebody wishes to hear."""

    title: Title
    mood: Mood
    key: Key
    seconds: Length
    drums: bool


class PlayVoice(Struct, kw_only=True, forbid_unknown_fields=True):
    """One voice of a sketch, how fast it goes, and how long the piece is."""

    voice: Voice
    seconds: Seconds
    seconds_per_beat: Annotated[float, Meta(gt=0, le=2)]


class Recording(Struct, kw_only=True, frozen=True):
    """A voice that was played."""

    name: str
    artifact: ArtifactId  # so that the file goes along when the work goes to another machine
    seconds: Seconds


class MixTune(Struct, kw_only=True, forbid_unknown_fields=True):
    """Everything that is heard together."""

    title: Title
    recordings: Annotated[list[Recording], Meta(min_length=1, max_length=16)]


class Tune(Struct, kw_only=True, frozen=True):
    """The piece, ready to be heard."""

    title: str
    artifact: ArtifactId
    seconds: float


class Composer(Agent):
    """Writes the music."""

    name = "composer"
    description = "Writes music for a mood, plays it and mixes it."
    skills = (
        typed_skill("write_sketch", "Write sketch", "Chords, melody and bass.", takes=WriteSketch, gives=Sketch),
        typed_skill("play_voice", "Play voice", "One voice as a WAV file.", takes=PlayVoice, gives=Recording),
        typed_skill("mix_tune", "Mix tune", "All voices together as an M4A file.", takes=MixTune, gives=Tune),
    )
    max_concurrent = 2
    is_isolated = True  # it computes in Python: in a process of its own, it does not hold up the server's

    def missing(self) -> str:
        """What ffmpeg lacks, or ""."""
        return ffmpeg.missing()

    def perform(self, job: Job) -> Outcome:
        """Does what the skill says.

        Raises: AgentError, JobStopped.
        """
        match job.skill:
            case "write_sketch":
                return _sketched(job, job.read(WriteSketch))
            case "play_voice":
                return _played(job, job.read(PlayVoice))
            case _:
                return _mixed(job, job.read(MixTune))


def _sketched(job: Job, wish: WriteSketch) -> Outcome:
    sketch = score.write(title=wish.title, mood=wish.mood, key=wish.key, seconds=wish.seconds, drums=wish.drums)
    path = job.workdir / "lead-sheet.txt"  # an empty folder of its own
    path.write_text(score.lead_sheet(sketch))
    job.keep(path, name=path.name, kind=ArtifactKind.TEXT, media_type="text/plain")
    return Outcome(sketch, f"{len(sketch.chords)} bars for {len(sketch.voices)} voices")


def _played(job: Job, wish: PlayVoice) -> Outcome:
    path = job.workdir / f"{wish.voice.name}.wav"
    synthesis.play(
        wish.voice,
        seconds=wish.seconds,
        seconds_per_beat=wish.seconds_per_beat,
        to=path,
        report=lambda share: job.progress(share, f"Playing the {wish.voice.name}"),  # stops here when it is asked to
    )
    kept = job.keep(path, name=path.name, kind=ArtifactKind.AUDIO, media_type="audio/wav")
    return Outcome(
        Recording(name=wish.voice.name, artifact=kept, seconds=wish.seconds), f"The {wish.voice.name}, played"
    )


def _mixed(job: Job, wish: MixTune) -> Outcome:
    seconds = max(recording.seconds for recording in wish.recordings)
    path = job.workdir / "tune.m4a"
    inputs = [argument for recording in wish.recordings for argument in ffmpeg.source(job.fetch(recording.artifact))]
    arguments = [*inputs, "-filter_complex", _mixing(wish.recordings, seconds), "-map", "[tune]"]
    arguments += ["-c:a", "aac", "-b:a", "160k", "-ar", "44100", "-movflags", "+faststart", "-fflags", "+bitexact"]
    ffmpeg.run(arguments, to=path, seconds=seconds, report=job.progress, words="Mixing")
    kept = job.keep(path, name=path.name, kind=ArtifactKind.AUDIO, media_type="audio/mp4")
    return Outcome(
        Tune(title=wish.title, artifact=kept, seconds=seconds), f"“{wish.title}” is ready: {seconds:.0f} seconds."
    )


def _mixing(recordings: list[Recording], seconds: float) -> str:
    """The filter that puts each voice in its place, adds all of them up, and fades the end out."""
    places = ";".join(_placing(number, recording.name) for number, recording in enumerate(recordings))
    voices = "".join(f"[voice{number}]" for number in range(len(recordings)))
    fade = f"afade=t=out:st={max(0.0, seconds - FADE_SECONDS):.3f}:d={FADE_SECONDS}"
    return f"{places};{voices}amix=inputs={len(recordings)}:normalize=0,{fade},alimiter=limit=0.95:level=false[tune]"


def _placing(number: int, name: str) -> str:
    side, loudness = PLACES.get(name, (0.0, 0.5))
    left, right = loudness * (1 - max(0.0, side)), loudness * (1 + min(0.0, side))
    return f"[{number}:a]pan=stereo|c0={left:.3f}*c0|c1={right:.3f}*c0[voice{number}]"
