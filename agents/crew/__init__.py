"""The built-in agents, one file each."""

from importlib import import_module
from importlib.util import find_spec

from agents.contract import Agent

# In the order in which a film passes through their hands.
_NAMES = (
    "script_planner",
    "screenwriter",
    "script_enhancer",
    "character_extractor",
    "character_portraits_generator",
    "storyboard_artist",
    "reference_image_selector",
    "camera_image_generator",
    "best_image_selector",
    "clip_maker",
    "video_editor",
)


def _member(name: str) -> type[Agent]:
    module = import_module(f"agents.crew.{name}")
    member: type[Agent] = getattr(module, name.title().replace("_", ""))
    return member


CREW: tuple[type[Agent], ...] = tuple(_member(name) for name in _NAMES if find_spec(f"agents.crew.{name}"))
