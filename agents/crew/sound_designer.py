"""Makes what a scene sounds like when nobody speaks: its place, its weather, its hour, and what happens in it."""

from functools import partial

from msgspec import Struct

from agents.animatic.film import Ambience, Effect, Scene, Storyboard
from agents.animatic.sound import orders
from agents.animatic.sound.effects import heard_in
from agents.contract import Agent, Job, Outcome, typed_skill
from agents.studio import ffmpeg
from agents.studio.offline.processes import sound_work
from agents.studio.parallel import part_of
from agents.studio.sound_files import keep_sound

LONGEST_ACTION = 4_000  # characters of a scene's action that are looked through


class DesignSound(Struct, kw_only=True, forbid_unknown_fields=True):
    """A scene and its shots. Without `sound`, it is silent."""

    scene: Scene
    storyboard: Storyboard
    sound: bool = True


class SoundDesigner(Agent):
    """One scene in, its ambience and effects out."""

    name = "sound_designer"
    description = "Makes the ambience of a scene from its place, weather and hour, and effects for what happens in it."
    skills = (
        typed_skill(
            id="design_sound",
            name="Design sound",
            description="Makes the ambience of a scene, which may be repeated, and effects for its shots.",
            takes=DesignSound,
            gives=Ambience,
            tags=("audio",),
        ),
    )

    def missing(self) -> str:
        """What ffmpeg lacks, or ""."""
        return ffmpeg.missing()

    def perform(self, job: Job) -> Outcome:
        """Makes the sounds.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(DesignSound)
        number = wish.scene.number
        if not wish.sound:
            job.progress(1.0, f"Scene {number} is silent")
            return Outcome(Ambience(scene=number), f"Scene {number}: silent")
        artifact, description = _ambience(job, wish.scene)
        effects = _effects(job, wish.storyboard)
        made = Ambience(scene=number, artifact=artifact, description=description, effects=effects)
        return Outcome(made, f"Scene {number}: {', '.join([description, *(effect.name for effect in effects)])}")


def _ambience(job: Job, scene: Scene) -> tuple[str, str]:
    setting, path = scene.setting, job.workdir / "ambience.wav"
    action = " ".join(element.text for element in scene.elements if element.kind == "action")[:LONGEST_ACTION]
    words = f"Listening to {setting.place}"
    description = sound_work(
        orders.ambience,
        setting.place,
        setting.weather,
        setting.time_of_day,
        is_inside=setting.interior,
        action=action,
        to=path,
        report=part_of(job.progress, 0.0, 0.5),
        words=words,
    )
    report = part_of(job.progress, 0.5, 0.6)
    return keep_sound(job, path, name="ambience", report=report, words=words), description


def _effects(job: Job, storyboard: Storyboard) -> list[Effect]:
    found = heard_in(storyboard.shots)
    effects = []
    for number, (shot, name) in enumerate(found):
        report = part_of(job.progress, 0.6 + 0.4 * number / len(found), 0.6 + 0.4 * (number + 1) / len(found))
        path, words = job.workdir / f"{shot} {name}.wav", f"Making the sound of shot {shot}: {name}"
        sound_work(partial(orders.effect, name, shot, path), report=part_of(report, 0.0, 0.5), words=words)
        artifact = keep_sound(
            job, path, name=path.stem.replace(" ", "-"), report=part_of(report, 0.5, 1.0), words=words
        )
        effects.append(Effect(shot=shot, artifact=artifact, name=name))
    return effects
