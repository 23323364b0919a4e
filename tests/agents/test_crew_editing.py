"""The final cut: every word in it, in order and in time; cards, dissolves, poster, captions."""

import re
import subprocess
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.animatic.film import FRAMES_PER_SECOND, Cast, Character, Clip, Shot, Video
from agents.animatic.progress import Report
from agents.animatic.screenplays import parse
from agents.contract import AgentError, FolderJob, JobStopped
from agents.crew.video_editor import VideoEditor, slug
from agents.studio import editing, ffmpeg
from agents.studio.captions import COLUMNS, as_webvtt, columns_of, cues_of, pages, seconds_needed
from agents.studio.editing import Take, cut_film
from agents.studio.lettering import as_ass, end_card, title_card
from agents.studio.offline.video import OfflineVideo
from agents.studio.parallel import run_parallel
from tests.agents.video_assertions import (
    CAST,
    LOOK,
    PLAN,
    SCREENPLAY,
    box_order,
    difference,
    frame_times,
    grey_frames,
    shot,
    soft_captions,
    still,
    streams,
)

LINES = (
    ("MARA", "You said you would never come back to this house, not in ten winters, and here you are, at my door."),
    ("TOM", "\"I lied\": it's C:\\home, {\\b1}50 % off{\\r} & <i>cheap</i> 'n' --> easy\nisn't it?"),
    ("LEÏLA", "مرحبا بالعالم، كيف حالك؟"),
    ("TOM", "Goodnight, Mara."),
)
CAPTION = "The lamp goes out."


def silent(fraction: float, words: str) -> None:
    """A report to nobody."""


@dataclass
class Screened:
    """A film made by the real editor from real clips, and what it reported on the way."""

    folder: Path
    video: Video
    reported: list[tuple[float, str]]

    @property
    def path(self) -> Path:
        """The MP4."""
        return self.folder / self.video.video_artifact


def clip(folder: Path, number: int, made: Shot, colour: str) -> Clip:
    """A real clip in the folder."""
    path = folder / f"clip-{number}.mp4"
    picture = still(folder / f"still-{number}.png", colour)
    seconds = OfflineVideo().clip(made, first=picture, last=None, style="", to=path, report=silent)
    return Clip(shot=made, artifact=path.name, seconds=seconds)


def clips(folder: Path) -> list[Clip]:
    """Two scenes, four shots; the second shot is far too short for its words."""
    return [
        clip(folder, 1, shot(1, caption=CAPTION, seconds=2.0), "#204080"),
        clip(folder, 2, shot(2, lines=LINES[:2], seconds=1.0), "#602020"),
        clip(folder, 3, shot(1, scene=2, lines=LINES[2:3], seconds=3.0), "#d0b060"),
        clip(folder, 4, shot(2, scene=2, lines=LINES[3:], seconds=2.5), "#103010"),
    ]


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Screened:
    """The film that most tests look at."""
    folder, work = tmp_path_factory.mktemp("kept"), tmp_path_factory.mktemp("work")
    wish = {"plan": PLAN, "screenplay": SCREENPLAY, "cast": CAST, "clips": clips(folder)}
    job = FolderJob(skill="edit_video", input=wish, workdir=work, folder=folder)
    video = VideoEditor().perform(job).output
    assert isinstance(video, Video)
    return Screened(folder=folder, video=video, reported=job.reported)


@pytest.fixture
def short_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that look at something else than the cards."""
    monkeypatch.setattr(editing, "TITLE_SECONDS", 1.0)
    monkeypatch.setattr(editing, "END_SECONDS", 1.0)


def test_the_film_is_what_browsers_play(screened: Screened) -> None:
    said = streams(screened.path)
    assert "h264 (High)" in said
    assert "yuv420p(tv, bt709" in said
    assert "1280x720" in said
    assert "24 fps" in said
    assert "Audio: aac" in said
    boxes = box_order(screened.path)
    assert boxes.index("moov") < boxes.index("mdat")  # faststart
    assert screened.path.name.endswith("the-last-light.mp4")
    assert VideoEditor().missing() == ""


def test_its_pieces_join_without_a_gap(screened: Screened) -> None:
    times = frame_times(screened.path)
    assert times == list(range(len(times)))
    assert len(times) / FRAMES_PER_SECOND == pytest.approx(screened.video.seconds, abs=0.001)


def test_every_line_of_dialogue_is_in_the_captions_in_order_with_its_speaker(screened: Screened) -> None:
    vtt = (screened.folder / screened.video.captions_artifact).read_text()
    heard: list[tuple[str, str]] = []
    for speaker, text in re.findall(r"^<v ([^>]+)>([^\0]*?)(?:\n\n|\Z)", vtt + "\n", re.MULTILINE):
        words = " ".join(text.split()).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        if heard and heard[-1][0] == speaker:
            words = f"{heard.pop()[1]} {words}"
        heard.append((speaker, words))
    assert heard == [(speaker, " ".join(text.split())) for speaker, text in LINES]


def test_the_captions_are_valid_webvtt_and_do_not_overlap(screened: Screened) -> None:
    path = screened.folder / screened.video.captions_artifact
    assert path.read_text().startswith("WEBVTT\n\n")
    read = [ffmpeg.executable(), "-v", "error", "-xerror", "-i", str(path), "-f", "srt", "-"]
    assert subprocess.run(read, capture_output=True, check=True, timeout=30).stderr == b""
    spans = [
        tuple(map(seconds_of, found)) for found in re.findall(r"^(\S+) --> (\S+)$", path.read_text(), re.MULTILINE)
    ]
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert spans[-1][1] < screened.video.seconds


def test_its_chapters_are_its_shots_without_gaps(screened: Screened) -> None:
    vtt = (screened.folder / screened.video.chapters_artifact).read_text()
    found = re.findall(r"^(\S+) --> (\S+)\n(.*)$", vtt, re.MULTILINE)
    assert [title for *_, title in found] == ["Title", "Shot 1.1", "Shot 1.2", "Shot 2.1", "Shot 2.2", "The End"]
    spans = [(seconds_of(start), seconds_of(end)) for start, end, _ in found]
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert spans[0][0] == 0.0
    assert spans[-1][1] == pytest.approx(screened.video.seconds, abs=0.001)


def test_its_subtitles_say_what_its_captions_say(screened: Screened) -> None:
    srt = (screened.folder / screened.video.subtitles_artifact).read_text()
    vtt = (screened.folder / screened.video.captions_artifact).read_text()
    moments = re.findall(r"^(\S+) --> (\S+)$", srt, re.MULTILINE)
    assert moments == re.findall(r"^(\S+) --> (\S+)$", vtt.replace(".", ","), re.MULTILINE)
    assert srt.startswith("1\n")
    assert f"<i>{CAPTION}</i>" in srt
    assert "LEÏLA: مرحبا" in srt
    assert "\u2039i\u203acheap\u2039/i\u203a 'n' --\u203a easy" in " ".join(srt.split())
    path = screened.folder / screened.video.subtitles_artifact
    read = [ffmpeg.executable(), "-v", "error", "-xerror", "-i", str(path), "-f", "webvtt", "-"]
    assert subprocess.run(read, capture_output=True, check=True, timeout=30).stdout.count(b"-->") == len(moments)


def test_its_timeline_has_the_shots_as_the_film_cuts_them(screened: Screened) -> None:
    timeline = otio.adapters.read_from_file(str(screened.folder / screened.video.timeline_artifact))
    (track,) = timeline.tracks
    assert timeline.duration().to_seconds() == pytest.approx(screened.video.seconds, abs=0.001)
    starts = {item.name: track.trimmed_range_of_child(item).start_time.to_seconds() for item in track.find_clips()}
    vtt = (screened.folder / screened.video.chapters_artifact).read_text()
    for start, title in re.findall(r"^(\S+) --> \S+\n(.*)$", vtt, re.MULTILINE):
        assert starts[title] == pytest.approx(seconds_of(start), abs=0.001)
    assert "Shot 1.2, held" in starts  # it was far too short for its words
    media = {item.name: item.media_reference for item in track.find_clips()}
    assert {str(one.target_url) for one in media.values()} == {
        f"artifact:{name}" for name in (screened.video.video_artifact, *(f"{clip}" for clip in kept_clips(screened)))
    }
    dissolves = [item for item in track if isinstance(item, otio.schema.Transition)]
    assert len(dissolves) == 2  # into each scene; the last card comes from the film, which has its own
    words = [marker.name for marker in track.markers]
    assert words[0] == CAPTION
    assert words[-1] == "TOM: Goodnight, Mara."


@pytest.mark.parametrize(("adapter", "expected"), [("cmx_3600", "D 012"), ("fcpx_xml", "<fcpxml")])
def test_its_timeline_converts_for_editing_programs(screened: Screened, adapter: str, expected: str) -> None:
    timeline = otio.adapters.read_from_file(str(screened.folder / screened.video.timeline_artifact))
    assert expected in otio.adapters.write_to_string(timeline, adapter)


def kept_clips(screened: Screened) -> list[str]:
    """The artifacts of its shots."""
    return [path.name for path in screened.folder.glob("clip-*.mp4")]


def test_a_cut_is_where_its_chapter_begins(screened: Screened) -> None:
    vtt = (screened.folder / screened.video.chapters_artifact).read_text()
    starts = {title: seconds_of(start) for start, title in re.findall(r"^(\S+) --> \S+\n(.*)$", vtt, re.MULTILINE)}
    frames = grey_frames(screened.path)
    cut = round(starts["Shot 1.2"] * FRAMES_PER_SECOND)  # within a scene: hard
    assert difference(frames[cut - 1], frames[cut]) > 20


def test_the_film_carries_its_own_soft_captions(screened: Screened) -> None:
    words = soft_captions(screened.path)
    places = [
        words.index(text)
        for text in (CAPTION, "MARA: You said you", "never come back", "LEÏLA: مرحبا", "TOM: Goodnight,")
    ]
    assert places == sorted(places)


def test_captions_are_burnt_in_and_gone_again(screened: Screened) -> None:
    frames = grey_frames(screened.path)
    path = screened.folder / screened.video.captions_artifact
    starts = [seconds_of(found) for found in re.findall(r"^(\S+) -->", path.read_text(), re.MULTILINE)]
    for start in (starts[1], starts[-1]):  # both come up in the middle of a still camera
        before, after = (foot(frames[round((start + offset) * FRAMES_PER_SECOND)]) for offset in (-0.1, 0.1))
        assert brightest(after) > 200  # white letters
        assert difference(before, after) > 2


def test_every_caption_stands_long_enough_to_be_read(screened: Screened) -> None:
    vtt = (screened.folder / screened.video.captions_artifact).read_text()
    for start, end, text in re.findall(r"^(\S+) --> (\S+)\n([^\0]*?)\n(?:\n|\Z)", vtt, re.MULTILINE):
        words = re.sub(r"<[^>]+>", "", text)
        assert seconds_of(end) - seconds_of(start) >= len(words) / 24


def test_scenes_dissolve_and_shots_are_cut(screened: Screened) -> None:
    frames = grey_frames(screened.path)
    steps = [difference(one, other) for one, other in pairwise(frames)]
    jumps = [number for number, step in enumerate(steps) if step > 20]
    assert len(jumps) == 2  # between the two shots of each scene; everything else flows


def test_the_film_opens_with_a_title_and_ends_in_the_dark(screened: Screened) -> None:
    frames = grey_frames(screened.path)
    assert brightest(frames[3 * FRAMES_PER_SECOND // 2]) > 230  # the letters of the title
    assert sum(frames[0]) / len(frames[0]) > 4  # not black, or players would show black
    assert brightest(frames[-60]) > 230  # The End
    assert brightest(frames[-1]) < 60


def test_the_poster_is_a_picture_of_the_film(screened: Screened) -> None:
    poster = screened.folder / screened.video.poster_artifact
    assert poster.read_bytes()[:3] == b"\xff\xd8\xff"
    assert "1280x720" in streams(poster)
    (picture,) = grey_frames(poster)
    assert len(set(picture)) > 20


def test_progress_rises_and_speaks_of_shots(screened: Screened) -> None:
    fractions = [fraction for fraction, _ in screened.reported]
    assert all(before <= after + 1e-9 for before, after in pairwise(fractions))
    assert fractions[-1] == 1.0
    words = {words for _, words in screened.reported}
    assert {"Lettering the title", "Cutting shot 1.2", "Lettering the end card", "Joining the film"} <= words


def test_a_stop_request_ends_the_cut_and_its_children(short_cards: None, tmp_path: Path) -> None:
    def stop(fraction: float, words: str) -> None:
        if "Cutting" in words:
            raise JobStopped

    takes = [Take(shot=made.shot, path=tmp_path / made.artifact, seconds=made.seconds) for made in clips(tmp_path)]
    with pytest.raises(JobStopped):
        cut_film(PLAN, SCREENPLAY, CAST, takes, folder=tmp_path, report=stop)
    assert not (tmp_path / "film.mp4").exists()
    assert not list(tmp_path.glob("*.part.*"))


def test_a_missing_clip_is_an_error_with_a_message(tmp_path: Path) -> None:
    take = Take(shot=shot(), path=tmp_path / "gone.mp4", seconds=1.0)
    with pytest.raises(AgentError, match="gone missing"):
        cut_film(PLAN, SCREENPLAY, CAST, [take], folder=tmp_path, report=silent)


def test_no_clips_make_no_film(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match="no clips"):
        cut_film(PLAN, SCREENPLAY, CAST, [], folder=tmp_path, report=silent)


def test_a_foreign_clip_of_another_size_and_speed_is_brought_to_shape(short_cards: None, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.mp4"
    ffmpeg.run(
        ["-f", "lavfi", "-i", "testsrc2=s=640x480:r=30:d=1", "-pix_fmt", "yuv444p"],
        to=foreign,
        seconds=1,
        report=silent,
        words="",
    )
    take = Take(shot=shot(lines=(("A", "Hello."),)), path=foreign, seconds=1.0)
    cut = cut_film(PLAN, SCREENPLAY, CAST, [take], folder=tmp_path, report=silent)
    times = frame_times(cut.video)
    assert times == list(range(round(cut.seconds * FRAMES_PER_SECOND)))
    assert "1280x720" in streams(cut.video)


def test_a_single_frame_is_enough_for_a_film(short_cards: None, tmp_path: Path) -> None:
    made = clip(tmp_path, 1, shot(seconds=0.04), "#204080")
    take = Take(shot=made.shot, path=tmp_path / made.artifact, seconds=made.seconds)
    cut = cut_film(PLAN, SCREENPLAY, Cast(characters=[]), [take], folder=tmp_path, report=silent)
    assert len(frame_times(cut.video)) == round(cut.seconds * FRAMES_PER_SECOND)


# --- captions -------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_no_word_of_any_text_is_lost_and_no_line_too_long(text: str) -> None:
    blocks = pages(text)
    assert all(1 <= len(lines) <= 2 for lines in blocks)
    assert all(columns_of(line) <= COLUMNS for lines in blocks for line in lines)
    shown = "".join(line for lines in blocks for line in lines)
    assert shown.replace(" ", "") == "".join(printable(text).split())


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=300)), max_size=5))
def test_all_captions_of_a_shot_fit_into_the_time_that_it_asks_for(lines: list[tuple[str, str]]) -> None:
    made = shot(lines=tuple(lines))
    cues = cues_of(made, start=10.0, end=10.0 + seconds_needed(made))
    for cue in cues:
        assert 10.0 < cue.start < cue.end <= 10.0 + seconds_needed(made)
        assert cue.end - cue.start >= 0.999
    assert as_webvtt(cues).count(" --> ") == len(cues)


def test_a_word_that_is_longer_than_a_line_goes_on_in_the_next() -> None:
    assert [line for lines in pages("a" * 100) for line in lines] == ["a" * 42, "a" * 42, "a" * 16]


def test_captions_break_after_a_sentence_rather_than_within_it() -> None:
    text = "I told you that I would come back to this house one day. You never believed a single word of it, did you?"
    assert [" ".join(lines) for lines in pages(text)] == [
        "I told you that I would come back to this house one day.",
        "You never believed a single word of it, did you?",
    ]


def test_captions_do_not_break_after_a_little_word() -> None:
    text = "IDRIS, her estranged brother, must relight the lamp on the night of the worst storm in a century."
    assert not any(lines[-1].endswith((" the", " of", " a", " in", " on")) for lines in pages(text))


def test_lines_of_a_caption_are_even() -> None:
    (lines,) = pages("One two three four five six seven eight nine ten eleven")
    assert abs(len(lines[0]) - len(lines[1])) <= 4


def test_a_shot_without_words_has_no_captions() -> None:
    assert cues_of(shot(), start=0, end=3) == []
    assert seconds_needed(shot()) == 0


# --- lettering ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=200), st.text(max_size=300))
def test_no_text_escapes_into_the_script(title: str, logline: str) -> None:
    script = as_ass(title_card(title, logline, start=0, end=3), start=0, end=3)
    rows = script.split("[Events]\n")[1].splitlines()
    assert all(row.startswith(("Format:", "Dialogue:")) for row in rows)
    for row in rows[1:]:
        shown = re.sub(r"\\[{}]", "", row)
        assert all(re.fullmatch(r"\\[a-z0-9\\(),.&HA-F]+", tags) for tags in re.findall(r"{([^}]*)}", shown))


@pytest.mark.parametrize("size", [1, 6, 7, 27, 40])
def test_everybody_finds_a_place_on_the_end_card(size: int) -> None:
    cast = Cast(
        characters=[Character(name=f"PERSON {n}", description="Someone, at times.", look=LOOK) for n in range(size)]
    )
    text = "\n".join(piece.text for piece in end_card("A title", cast, start=0, end=4))
    shown = [n for n in range(size) if f"PERSON {n}" in text]
    hidden = re.search(r"and (\d+) more", text)
    assert len(shown) + (int(hidden.group(1)) if hidden else 0) == size
    assert (hidden is not None) == (size > 27)
    assert "The End" in text
    assert "An animatic made with Callboard" in text


def test_a_cast_without_descriptions_is_listed_by_name() -> None:
    cast = Cast(characters=[Character(name="MARA", description="", look=LOOK)])
    assert any("MARA" in piece.text for piece in end_card("", cast, start=0, end=4))


def test_a_role_is_described_in_one_clause() -> None:
    described = "Mara, a keeper of the light, who has waited for ten winters and more, and waits."
    cast = Cast(characters=[Character(name="MARA", description=described, look=LOOK)])
    texts = [piece.text for piece in end_card("", cast, start=0, end=4)]
    assert any(text.endswith("}A keeper of the light") for text in texts)


def test_a_title_that_is_far_too_long_ends_in_an_ellipsis() -> None:
    text = "\n".join(piece.text for piece in title_card("Winter " * 60, "Snow " * 200, start=0, end=3))
    assert text.count("…") == 2


@pytest.mark.parametrize(
    ("title", "name"),
    [("The Last Light!", "the-last-light"), ("Ørsted & Łódź", "ørsted-łódź"), ("../../etc", "etc"), ("?", "film")],
)
def test_the_film_is_named_after_its_title(title: str, name: str) -> None:
    assert slug(title) == name


# --- side by side ---------------------------------------------------------------------------------


def test_when_one_work_fails_its_neighbours_stop() -> None:
    def fails(report: Report) -> None:
        report(0.1, "going")
        raise AgentError("This one is broken.")

    def goes_on(report: Report) -> None:
        for _ in range(10_000_000):
            report(0.5, "going")

    with pytest.raises(AgentError, match="broken"):
        run_parallel([(1.0, fails), (1.0, goes_on), (1.0, goes_on)], silent)


def printable(text: str) -> str:
    """As `pages` shows it: control characters are blanks."""
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cs") else character for character in text)


def seconds_of(moment: str) -> float:
    """WebVTT's 00:01:02.500 as 62.5."""
    hours, minutes, seconds = moment.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def foot(frame: bytes) -> bytes:
    """The lower quarter of a picture, where captions are."""
    return frame[len(frame) * 3 // 4 :]


def brightest(frame: bytes) -> int:
    """Its brightest pixel."""
    return max(frame)


def test_the_film_cuts_and_fades_where_the_script_does(short_cards: None, tmp_path: Path) -> None:
    takes = []
    for scene in (1, 2, 3, 4, 5):
        made = shot(scene=scene)
        one = clip(tmp_path, scene, made, "#204080")
        takes.append(Take(shot=made, path=tmp_path / one.artifact, seconds=one.seconds, artifact=one.artifact))
    script = "INT. A - DAY\n\nRain.\n\nSMASH CUT TO:\n\nINT. B - DAY\n\nSun.\n\nDISSOLVE TO:\n\nINT. C - DAY\n\nSnow."
    script += "\n\nFADE OUT.\n\nFADE IN:\n\nINT. D - DAY\n\nFog.\n\nFADE TO WHITE.\n\nINT. E - DAY\n\nWind."
    cut = cut_film(PLAN, parse(script), CAST, takes, folder=tmp_path, report=silent)
    (track,) = otio.adapters.read_from_string(cut.timeline("film"), "otio_json").tracks
    names = [item.name or "black" for item in track]
    assert names[:6] == ["Title", "Dissolve", "Shot 1.1", "Shot 2.1", "Dissolve", "Shot 3.1"]
    assert names[6:10] == ["Fade to black", "black", "Fade from black", "Shot 4.1"]
    assert names[10:] == ["Fade to white", "White", "Fade from white", "Shot 5.1", "The End"]
    assert track.duration().value == round(cut.seconds * FRAMES_PER_SECOND)
    frames = grey_frames(cut.video)
    starts = {item.name: round(track.range_of_child(item).start_time.value) for item in track if item.name}
    assert brightest(frames[starts["Shot 4.1"] - 1]) < 20
    assert min(frames[starts["Shot 5.1"] - 1]) > 200
    assert len(frames) == round(cut.seconds * FRAMES_PER_SECOND)
