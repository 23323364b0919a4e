"""The style picker of the start page offers what the offline studio can do."""

from pathlib import Path

import pytest
from PIL import Image

from agents.animatic.drawing.treatments import treated
from script.style_pictures import STYLES, file_name

FOLDER = Path(__file__).resolve().parents[2] / "frontend/src/shared/styles"


def test_every_style_has_its_picture_and_no_other_is_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {file_name(style) for style in STYLES}


@pytest.mark.parametrize("style", [style for style in STYLES if style])
def test_every_style_that_is_offered_is_drawn(style: str) -> None:
    picture = Image.effect_noise((320, 180), 60).convert("RGB")
    assert treated(picture, style) is not picture
    offered = (FOLDER.parent / "styles.ts").read_text()
    assert f"{style}: " in offered or f'"{style}": ' in offered
