# ruff: noqa: RUF001 - letters that look like others are what it is about
"""Every script that languages are told apart by is seen: on cards, in captions, on labels, and in the printed storyboard."""

import logging
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from agents.animatic.drawing import svg
from agents.animatic.drawing.rendering import render
from agents.animatic.fonts.faces import cut_faces, lacking
from agents.animatic.stories.languages import language_of
from agents.animatic.storyboards.printing import print_storyboard
from agents.studio import editing, ffmpeg
from agents.studio.captions import cues_of
from agents.studio.lettering import Letters, as_ass, captions, title_card
from tests.agents.video_assertions import SCREENPLAY, shot

SAMPLES = {
    "en": "An old keeper finds a letter.",
    "de": "Ein alter Wärter in der Straße.",
    "pl": "Zażółć gęślą jaźń, w górach.",
    "tr": "Bir balıkçı çok eski bir ağ için ağlıyor.",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "ru": "Старый рыбак находит говорящую рыбу.",
    "uk": "Дівчина саджає соняшник, їжак співає.",
    "el": "Ένας γέρος ψαράς βρίσκει ένα ρολόι.",
    "ja": "小さな灯台に住む猫が、嵐の夜に船を見つける。",
    "zh": "一只狐狸想飞。它爬上山顶，向老鹰学习。",
    "ko": "작은 등대에 사는 고양이가 길 잃은 배를 찾는다.",
    "he": "זקן שומר המגדלור מוצא מכתב בבקבוק, ובו מפה.",
    "ar": "يجد حارس المنارة العجوز رسالة في زجاجة.",
    "hi": "बूढ़ा प्रकाशस्तंभ रक्षक क्षत्रिय को चिट्ठी देता है।",
    "th": "ผู้เฒ่าเฝ้าประภาคารพบจดหมายในขวดที่ชายหาด",
}  # fmt: skip
BOX = "\U0003fff0"  # a sign that no font has


def silent(fraction: float, words: str) -> None:
    """A report to nobody."""


def test_no_sign_of_any_language_is_a_box_in_a_film(tmp_path: Path) -> None:
    assert {text: language_of(text) for text in SAMPLES.values()} == {text: code for code, text in SAMPLES.items()}
    shots = [shot(number, caption=text) for number, text in enumerate(SAMPLES.values(), start=1)]
    letters = [
        *title_card("ライト", " ".join(SAMPLES.values())[:60], start=0, end=1),
        *(one for made in shots for one in captions(cues_of(made, start=0, end=1))),
    ]
    log = lettered(letters, tmp_path)
    assert "fontselect" in log
    assert "failed to find" not in log
    assert not re.search(r"Glyph 0x\w+ not found in|fontselect:.*-> /(?!tmp)", log)


def test_no_sign_of_any_language_is_a_box_in_the_storyboard(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shots = [shot(number, caption=text) for number, text in enumerate(SAMPLES.values(), start=1)]
    with caplog.at_level(logging.WARNING):
        print_storyboard("灯台 · منارة", SCREENPLAY, shots, {}, to=tmp_path / "storyboard.pdf")
    assert not caplog.messages, "fpdf2 says which glyphs are missing"


def test_no_sign_of_any_language_is_a_box_on_a_label() -> None:
    box = labelled(BOX)
    assert [sign for sign in "猫שيहทЖΩ" if labelled(sign) == box] == []


def lettered(letters: list[Letters], folder: Path) -> str:
    """What libass says while it draws them, with nothing but the fonts that come along."""
    editing._prepare_fonts(folder, letters, "ja", silent)
    configuration = (folder / "fonts.conf").read_text()
    (folder / "fonts.conf").write_text(re.sub(r"<dir>/usr.*?</dir>", "", configuration))
    (folder / "all.ass").write_text(as_ass(letters, start=0, end=1), encoding="utf-8")
    command = [
        ffmpeg.executable(),
        "-hide_banner",
        "-loglevel",
        "verbose",
        "-f",
        "lavfi",
        "-i",
        "color=s=1280x720:d=1:r=2",
    ]
    command += ["-vf", "ass=filename=all.ass:fontsdir=fonts", "-f", "null", "-"]
    environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stderr


def labelled(text: str) -> bytes:
    """The pixels of a label."""
    picture: Image.Image = render(svg.label(text, 150, 60, 40, "#ffffff"), (0, 0, 300, 100), 300, 100)
    return picture.tobytes()


def test_a_face_is_cut_for_what_noto_sans_lacks_and_only_for_that(tmp_path: Path) -> None:
    assert not cut_faces("“Ünïcode” — Ж ω …", tmp_path)
    assert lacking("a猫\u200bb") == {"猫"}
    faces = cut_faces("A猫♪ 🦊ש", tmp_path)
    assert {sign for face in faces for sign in face.signs} == set("猫♪🦊ש")
    assert {face.style for face in faces} == {"Regular", "Bold"}
    again = tmp_path / "again"
    again.mkdir()
    assert [face.path.read_bytes() for face in cut_faces("A猫♪ 🦊ש", again)] == [
        face.path.read_bytes() for face in faces
    ]
