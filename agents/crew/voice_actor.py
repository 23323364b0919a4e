"""Speaks what is said in a shot, each character in a voice of their own; what only a caption says, a narrator reads."""

from pathlib import Path

from msgspec import Struct

from agents.animatic.film import Cast, Plan, Shot, SpokenLine
from agents.animatic.film import Speech as SpeechOfShot
from agents.animatic.sound.languages import language_of
from agents.animatic.sound.spoken_words import beginnings, moments, speakable
from agents.animatic.sound.voices import FASTEST, NARRATOR, voice_for, voices_of
from agents.animatic.sound.waves import join
from agents.contract import Agent, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.captions import pages, seconds_to_read
from agents.studio.contract import Recording, SpeechStudio, ToSay
from agents.studio.providers import speech_studio
from agents.studio.spoken import LEADS_SECONDS

PAUSE_SECONDS = 0.3  # between two lines
SPEECH_FILE = "speech.wav"


class Speak(Struct, kw_only=True, forbid_unknown_fields=True):
    """A shot, and who is in the film. Without `sound`, nobody speaks."""

    shot: Shot
    cast: Cast
    plan: Plan
    sound: bool = True


class VoiceActor(Agent):
    """One shot in, what is said in it out: as long as it is heard."""

    name = "voice_actor"
    description = (
        "Speaks the lines of a shot, each character in a voice of their own, and reads captions as a narrator."
    )
    skills = (
        typed_skill(
            id="speak",
            name="Speak",
            description="Speaks the dialogue of a shot, or its caption, and says when which words are heard.",
            takes=Speak,
            gives=SpeechOfShot,
            tags=("audio",),
        ),
    )

    def missing(self) -> str:
        """What the speech studio lacks."""
        studio = speech_studio()
        return studio.missing() if studio else ""

    def perform(self, job: Job) -> Outcome:
        """Speaks.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(Speak)
        said, studio = _said(wish.shot), speech_studio()
        if not wish.sound or studio is None or not said:
            job.progress(1.0, f"Nobody speaks in shot {wish.shot.id}")
            return Outcome(SpeechOfShot(shot=wish.shot.id), f"Shot {wish.shot.id}: nobody speaks")
        speech = _recorded(job, wish, said, studio)
        return Outcome(speech, f"Shot {wish.shot.id}: {speech.seconds:.1f} s of speech")


def _said(shot: Shot) -> list[tuple[str, str]]:
    """Who says what; the narrator reads what the caption of a silent shot says."""
    lines = [(line.character, line.text) for line in shot.dialogue] or [(NARRATOR, shot.caption)]
    return lines if any(speakable(text) for _, text in lines) else []


def _recorded(job: Job, wish: Speak, said: list[tuple[str, str]], studio: SpeechStudio) -> SpeechOfShot:
    voices = voices_of(wish.cast.characters)
    lines = [ToSay(text, voice_for(name, voices), language_of(text, wish.plan.language)) for name, text in said]
    recordings = _takes(job, lines, studio, "take", 0.0)
    if pace := _hurry(wish, recordings):
        lines = [ToSay(line.text, line.voice, line.language, pace) for line in lines]
        recordings = _takes(job, lines, studio, "hurried", 0.5)
    spoken = _placed(said, recordings)
    path = job.workdir / SPEECH_FILE
    seconds = join([(line.start, take.path) for line, take in zip(spoken, recordings, strict=True)], path)
    artifact = job.keep(path, name=SPEECH_FILE, kind=ArtifactKind.SPEECH, media_type="audio/wav")
    return SpeechOfShot(shot=wish.shot.id, artifact=artifact, seconds=round(seconds, 3), lines=spoken)


def _takes(job: Job, lines: list[ToSay], studio: SpeechStudio, name: str, begun: float) -> list[Recording]:
    folder: Path = job.workdir / name
    folder.mkdir()
    return studio.speak(lines, folder=folder, report=lambda share, words: job.progress(begun + share / 2, words))


def _hurry(wish: Speak, recordings: list[Recording]) -> float:
    """How much quicker it has to be said for the shot to keep its length; 0 where there is no hurry.

    Only where the film is to have a certain length: otherwise the shot takes the time that the words need.
    """
    pauses = PAUSE_SECONDS * (len(recordings) - 1)
    spoken = sum(take.seconds for take in recordings)
    room = wish.shot.seconds - LEADS_SECONDS - pauses
    if not wish.plan.seconds or spoken <= room:
        return 0.0
    return min(FASTEST, spoken / max(room, spoken / FASTEST))


def _placed(said: list[tuple[str, str]], recordings: list[Recording]) -> list[SpokenLine]:
    """When each line is heard: after the one before, and not before that could be read."""
    spoken: list[SpokenLine] = []
    start = 0.0
    for (character, text), take in zip(said, recordings, strict=True):
        captions = pages(text)
        heard = moments(beginnings(text, captions), take.words, length=len(text), seconds=take.seconds)
        line = SpokenLine(
            character=character,
            text=text,
            start=round(start, 3),
            end=round(start + take.seconds, 3),
            pages=[round(start + moment, 3) for moment in heard],
        )
        spoken.append(line)
        readable = seconds_to_read(text, is_dialogue=bool(character))
        start += max(take.seconds + PAUSE_SECONDS, readable)
    return spoken
