"""Chooses for every figure in a shot the portrait that shows the side which the camera will see."""

from msgspec import Struct

from agents.animatic.film import Portraits, PortraitView, Reference, References, Shot
from agents.contract import Agent, Job, Outcome, typed_skill


class SelectReferences(Struct, kw_only=True, forbid_unknown_fields=True):
    """A shot, and the portraits that there are."""

    shot: Shot
    portraits: list[Portraits]


class ReferenceImageSelector(Agent):
    """Needs no studio: the rule is a film maker's, not a model's."""

    name = "reference_image_selector"
    description = "Chooses the portrait that fits each figure's place in the shot."
    skills = (
        typed_skill(
            id="select_references",
            name="Select references",
            description="Chooses a portrait view for each character in a shot.",
            takes=SelectReferences,
            gives=References,
            tags=("image",),
        ),
    )

    def perform(self, job: Job) -> Outcome:
        """One reference per character of the shot that has portraits.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(SelectReferences)
        job.progress(0.0, f"Looking through the portraits for shot {wish.shot.id}")
        by_name = {portraits.character.name: portraits for portraits in wish.portraits}
        chosen = [
            reference(by_name[name], view_for(wish.shot, name)) for name in wish.shot.characters if name in by_name
        ]
        job.progress(1.0, _words(wish.shot.id, chosen))
        return Outcome(References(shot=wish.shot.id, references=chosen), _words(wish.shot.id, chosen))


def _words(shot: str, chosen: list[Reference]) -> str:
    names = " and ".join(f"{reference.character.name} from the {reference.view}" for reference in chosen)
    return f"Shot {shot} shows {names}" if names else f"Shot {shot} shows nobody"


def view_for(shot: Shot, name: str) -> PortraitView:
    """The side of a character that the shot shows."""
    if shot.angle == "over_the_shoulder" and len(shot.characters) > 1:
        return "back" if name == near_figure(shot) else "front"
    if len(shot.characters) == 2 and shot.size in ("wide", "full", "medium"):
        return "side"
    return "front"


def near_figure(shot: Shot) -> str:
    """Over whose shoulder the camera looks: the first who does not speak."""
    return next((name for name in shot.characters if name != shot.speaker), shot.characters[0])


def reference(portraits: Portraits, view: PortraitView) -> Reference:
    """The portrait of that view."""
    artifact = {
        "front": portraits.front_artifact,
        "side": portraits.side_artifact,
        "back": portraits.back_artifact,
    }[view]
    return Reference(character=portraits.character, view=view, artifact=artifact, face_artifact=portraits.face_artifact)
