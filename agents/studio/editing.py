"""Cuts the film: title card, clips, end card; hard cuts inside a scene, dissolves between scenes unless the script cuts or fades; captions burnt in; sound.

Every shot is encoded on its own, once, and the pieces are joined without encoding again. So memory does not grow
with the length of the film, pieces are encoded side by side, and progress is reported shot by shot.
"""

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from agents.animatic.film import FRAMES_PER_SECOND, Cast, Plan, Screenplay, Shot, Size, Speech, size_of
from agents.animatic.fonts import FONTS
from agents.animatic.fonts.faces import cut_faces, may_lack
from agents.animatic.progress import Report
from agents.animatic.screenplays.transitions import Colour, scenes_cut_to, scenes_faded_to
from agents.contract import AgentError
from agents.studio import ffmpeg, soundtrack
from agents.studio.captions import Cue, as_srt, as_webvtt, chapters_as_webvtt, cues_of, seconds_needed, spoken_cues
from agents.studio.lettering import PAGES, Letters, Page, as_ass, captions, end_card, title_card
from agents.studio.offline.processes import draw
from agents.studio.parallel import part_of, run_parallel
from agents.studio.soundtrack import Sounds, Tracks
from agents.studio.spoken import seconds_spoken
from agents.studio.timeline import Heard, Stretch, as_otio

TITLE_SECONDS, END_SECONDS = 3.5, 3.5
FADE_OUT_SECONDS = 0.8  # at the very end
DISSOLVE_FRAMES = 12
FADE_FRAMES = 12  # to black, and again from it
LEAD_FRAMES, CLEAR_FRAMES = 6, 10  # of a dissolve, without a caption: at its end, and from its beginning
POSTER_CANDIDATES = 6
# stitchable: pieces of equal settings share their headers, so that they may be joined.
ENCODING = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-threads", "1", "-x264-params", "stitchable=1")
_DIM = "132*pow(val/255\\,0.75)"  # bright pictures lose half of their light, dim ones hardly any
# Out of focus and dark, so that letters stand out; the grain keeps the gradients from banding.
_BACKGROUND = (
    "scale={small.width}:{small.height}:force_original_aspect_ratio=increase,crop={small.width}:{small.height},gblur=sigma=7,hue=s=1.4,"
    f"scale={{size.width}}:{{size.height}}:flags=bicubic,lutrgb=r={_DIM}:g={_DIM}:b={_DIM},vignette=PI/5,noise=alls=5"
)
_BLURRED_SHARE = 4  # of the film's smaller resolution: how much smaller the picture is that is blurred
# ffmpeg turns these into escapes on their way into a soft track, and leaves them there.
_NO_OVERRIDES = str.maketrans("{}\\", "()/")
_FONT_CONFIGURATION = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><cachedir>{cache}</cachedir>
</fontconfig>
"""


NO_SOUNDS = Sounds()
NO_FADES: Mapping[int, Colour] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Take:
    """A clip on disk, ready to be cut."""

    shot: Shot
    path: Path
    seconds: float
    artifact: str = ""  # its id, by which the timeline names it
    speech: Speech | None = None  # what is said in it


@dataclass(frozen=True, slots=True)
class Cut:
    """The finished film, as files, and its length. `timeline` names, by the artifact of the film, what it is made of."""

    video: Path
    poster: Path
    captions: Path
    chapters: Path
    subtitles: Path
    timeline: Callable[[str], str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the film with one picture source; held on its last frame where that is too short.

    Counted in frames. `start` is in the film; `dissolve` is how much of the beginning overlaps the piece before. With `fade` it
    comes out of that colour, and the piece before goes into it.
    """

    path: Path
    start: int
    frames: int
    dissolve: int = 0
    take: Take | None = None  # None: a card
    fade: Colour | None = None

    @property
    def is_cut_to(self) -> bool:
        return not self.dissolve and not self.fade

    @property
    def shot(self) -> Shot | None:
        return self.take.shot if self.take else None

    @property
    def end(self) -> int:
        return self.start + self.frames


def cut_film(
    plan: Plan,
    screenplay: Screenplay,
    cast: Cast,
    takes: Sequence[Take],
    *,
    sounds: Sounds = NO_SOUNDS,
    folder: Path,
    report: Report,
) -> Cut:
    """Makes the film, its poster and its captions in `folder`.

    Raises: AgentError; whatever `report` raises.
    """
    if not takes:
        raise AgentError("There are no clips to cut a film from.")
    title = plan.title or screenplay.title
    first, last = _backgrounds(takes, folder, part_of(report, 0.0, 0.03))
    poster = _poster(takes, folder, part_of(report, 0.03, 0.06))
    pieces = _timeline(takes, first, last, scenes_cut_to(screenplay), scenes_faded_to(screenplay))
    tracks = soundtrack.lay(pieces, sounds)
    cues = [cue for piece, following in pairwise(pieces) for cue in _cues(piece, following)]
    page = PAGES[takes[0].shot.format]
    letters = [*_cards(title, plan, cast, pieces, page), *captions(cues, page)]
    _prepare_fonts(folder, letters, plan.language, part_of(report, 0.06, 0.07))
    files = _encode_all(pieces, letters, takes[0].shot, folder, part_of(report, 0.07, 0.9))
    vtt = folder / "captions.vtt"
    vtt.write_text(as_webvtt(cues), encoding="utf-8")
    chapters = folder / "chapters.vtt"
    chapters.write_text(chapters_as_webvtt(_chapters(pieces)), encoding="utf-8")
    subtitles = folder / "captions.srt"
    subtitles.write_text(as_srt(cues), encoding="utf-8")
    video = folder / "film.mp4"
    seconds = pieces[-1].end / FRAMES_PER_SECOND
    sound = _sound(tracks, seconds, folder, part_of(report, 0.9, 0.95)) if not sounds.is_silent else SILENCE
    _join(files, cues, sound, seconds, to=video, report=part_of(report, 0.95, 1.0))
    timeline = partial(_as_otio, title, pieces, cues, tracks)
    return Cut(
        video=video,
        poster=poster,
        captions=vtt,
        chapters=chapters,
        subtitles=subtitles,
        timeline=timeline,
        seconds=seconds,
    )


# --- what comes when ------------------------------------------------------------------------------


def _timeline(
    takes: Sequence[Take],
    title: Path,
    end: Path,
    cut_to: Set[int] = frozenset(),
    faded_to: Mapping[int, Colour] = NO_FADES,
) -> list[Piece]:
    """All pieces in order: a dissolve wherever the scene changes, a hard cut elsewhere, and to the scenes `cut_to`; fades to `faded_to`."""
    scenes = [0, *(take.shot.scene for take in takes), 0]  # the cards are a scene of their own
    pieces = [Piece(path=title, start=0, frames=_frames(TITLE_SECONDS))]
    for number, take in enumerate(takes, start=1):
        is_first, is_last = scenes[number - 1] != scenes[number], scenes[number + 1] != scenes[number]
        margin = LEAD_FRAMES * is_first + CLEAR_FRAMES * is_last
        fade = faded_to.get(take.shot.scene) if is_first and number > 1 else None
        is_cut = not is_first or fade is not None or (number > 1 and take.shot.scene in cut_to)
        piece = _following(pieces[-1], take.path, _frames_of(take, margin), take, is_cut=is_cut)
        pieces.append(replace(piece, fade=fade))
    pieces.append(_following(pieces[-1], end, _frames(END_SECONDS), None, is_cut=False))
    return pieces


def _following(before: Piece, path: Path, frames: int, take: Take | None, *, is_cut: bool) -> Piece:
    """The next piece, overlapping the one before unless it is cut to."""
    dissolve = 0 if is_cut else min(DISSOLVE_FRAMES, before.frames // 3, frames // 3)
    return Piece(path=path, start=before.end - dissolve, frames=frames, dissolve=dissolve, take=take)


def _frames_of(take: Take, margin: int) -> int:
    """The length of the clip, or more when its words need longer to be read, besides the margin around them, or to be said."""
    reading = seconds_needed(take.shot)
    needed = math.ceil(reading * FRAMES_PER_SECOND) + margin if reading else 0
    spoken = math.ceil(seconds_spoken(take.shot, take.speech) * FRAMES_PER_SECOND)
    return max(1, _frames(take.seconds), needed, spoken)


def _frames(seconds: float) -> int:
    return round(seconds * FRAMES_PER_SECOND)


def _cues(piece: Piece, following: Piece) -> list[Cue]:
    """The captions of a piece, clear of the dissolves around it; while their words are heard, where they are."""
    if piece.take is None or piece.shot is None:
        return []
    if piece.take.speech and seconds_spoken(piece.shot, piece.take.speech):
        clear = 0 if following.is_cut_to else CLEAR_FRAMES
        return spoken_cues(
            piece.take.speech,
            start=piece.start / FRAMES_PER_SECOND,
            end=(following.start + following.dissolve - clear) / FRAMES_PER_SECOND,
        )
    start = piece.start + (0 if piece.is_cut_to else LEAD_FRAMES)
    end = piece.end - (0 if following.is_cut_to else CLEAR_FRAMES)
    return cues_of(piece.shot, start=start / FRAMES_PER_SECOND, end=end / FRAMES_PER_SECOND)


def _chapters(pieces: Sequence[Piece]) -> list[tuple[float, float, str]]:
    """From, until (seconds) and title of each piece: the cards, and the shots by their ids. Without gaps."""
    starts = [piece.start / FRAMES_PER_SECOND for piece in pieces]
    ends = [*starts[1:], pieces[-1].end / FRAMES_PER_SECOND]
    titles = ["Title", *(f"Shot {piece.shot.id}" for piece in pieces if piece.shot), "The End"]
    return list(zip(starts, ends, titles, strict=True))


def _as_otio(title: str, pieces: Sequence[Piece], cues: Sequence[Cue], tracks: Tracks, film: str) -> str:
    stretches = [
        Stretch(
            piece.start,
            piece.end,
            piece.dissolve,
            shot=piece.shot,
            media=piece.take.artifact if piece.take else "",
            media_frames=max(1, _frames(piece.take.seconds)) if piece.take else 0,
            fade=piece.fade,
        )
        for piece in pieces
    ]
    heard = [
        (
            name,
            [
                Heard(
                    name=each.sound.name,
                    media=each.sound.artifact,
                    media_frames=max(1, _frames(each.sound.seconds)),
                    start=_frames(each.placed.start),
                    frames=max(1, _frames(each.placed.seconds)),
                )
                for each in laid
            ],
        )
        for name, laid in tracks.named
    ]
    return as_otio(title, stretches, cues, film=film, heard=heard)


def _cards(title: str, plan: Plan, cast: Cast, pieces: Sequence[Piece], page: Page) -> list[Letters]:
    """The lettering of both cards; it goes before the picture does."""
    until = (pieces[0].end - pieces[1].dissolve) / FRAMES_PER_SECOND
    from_, end = (pieces[-1].start + pieces[-1].dissolve) / FRAMES_PER_SECOND, pieces[-1].end / FRAMES_PER_SECOND
    return [
        *title_card(title, plan.logline, start=0.0, end=until, language=plan.language, page=page),
        *end_card(title, cast, start=from_, end=end, language=plan.language, page=page),
    ]


# --- pictures -------------------------------------------------------------------------------------


def _backgrounds(takes: Sequence[Take], folder: Path, report: Report) -> tuple[Path, Path]:
    """What the cards stand on: the film's first and its last picture, out of focus."""
    shot = takes[0].shot
    width, height = size_of(shot.format)
    small = Size(width // _BLURRED_SHARE, height // _BLURRED_SHARE)
    filters = _BACKGROUND.format(small=small, size=shot.picture_size)
    first, last = folder / "title.png", folder / "end.png"
    _still(takes[0].path, filters, first, part_of(report, 0.0, 0.5), seek=())
    _still(takes[-1].path, f"reverse,{filters}", last, part_of(report, 0.5, 1.0), seek=("-sseof", "-0.3"))
    return first, last


def _poster(takes: Sequence[Take], folder: Path, report: Report) -> Path:
    """The richest picture among the middles of some shots with people: the one that needs most bytes as a JPEG."""
    peopled = [take for take in takes if take.shot.characters] or list(takes)
    chosen = peopled[:: max(1, -(-len(peopled) // POSTER_CANDIDATES))]
    candidates = []
    for number, take in enumerate(chosen):
        path = folder / f"poster-{number}.jpg"
        share = part_of(report, number / len(chosen), (number + 1) / len(chosen))
        moment = _frames(take.seconds) * 2 // 5 / FRAMES_PER_SECOND
        _still(take.path, ffmpeg.conform(take.shot.picture_size), path, share, seek=("-ss", f"{moment:.4f}"))
        candidates.append(path)
    return max(candidates, key=lambda path: path.stat().st_size)


def _still(path: Path, filters: str, to: Path, report: Report, *, seek: Sequence[str]) -> None:
    arguments = [*ffmpeg.source(path, *seek), "-vf", filters, "-frames:v", "1", "-q:v", "3"]
    ffmpeg.run(arguments, to=to, seconds=1.0, report=report, words="Looking for the best pictures")


# --- film -----------------------------------------------------------------------------------------


def _prepare_fonts(folder: Path, letters: Sequence[Letters], language: str, report: Report) -> None:
    """Fonts under a name that needs no escaping in a filter, with all signs of the letters; a font cache that goes with the folder."""
    fonts = folder / "fonts"
    fonts.mkdir()
    for font in FONTS.glob("*.ttf"):
        (fonts / font.name).symlink_to(font)
    text = "".join({sign for piece in letters for sign in piece.text})
    if may_lack(text):
        work = partial(cut_faces, "".join(sorted(text)), fonts, language=language)
        draw(work, report=report, words="Cutting the letters")
    configuration = _FONT_CONFIGURATION.format(fonts="fonts", cache="font-cache")
    (folder / "fonts.conf").write_text(configuration, encoding="utf-8")


def _encode_all(
    pieces: Sequence[Piece], letters: Sequence[Letters], like: Shot, folder: Path, report: Report
) -> list[Path]:
    """Every piece as a file of its own, in order."""
    works = []
    files = []
    for number, piece in enumerate(pieces):
        files.append(folder / f"piece-{number:04}.mp4")
        works.append((piece.frames, partial(_encode, number, pieces, letters, like, files[-1])))
    run_parallel(works, report)
    return files


def _encode(
    number: int, pieces: Sequence[Piece], letters: Sequence[Letters], like: Shot, to: Path, report: Report
) -> None:
    """One piece, up to where the next one begins: its dissolve with the piece before, its letters."""
    piece, before = pieces[number], pieces[number - 1] if number else None
    following = pieces[number + 1] if number + 1 < len(pieces) else None
    until = following.start if following else piece.end
    seconds = (until - piece.start) / FRAMES_PER_SECOND
    script = to.with_suffix(".ass")
    script.write_text(
        as_ass(letters, start=piece.start / FRAMES_PER_SECOND, end=until / FRAMES_PER_SECOND, page=PAGES[like.format]),
        encoding="utf-8",
    )
    arguments = ffmpeg.source(piece.path, *_pace(piece))
    graph = f"[0:v]{_held(0, until - piece.start, like.picture_size)}[own]"
    if before and piece.dissolve:
        arguments += ffmpeg.source(before.path, *_pace(before))
        graph += f";[1:v]{_held(before.frames - piece.dissolve, before.frames, like.picture_size)}[gone]"
        graph += f";{ffmpeg.vanish('gone', 'own', seconds=piece.dissolve / FRAMES_PER_SECOND)}"
    else:
        graph += ";[own]null"
    graph += f",ass=filename={script.name}:fontsdir=fonts,format=yuv420p,{ffmpeg.COLOURS}"
    graph += _fades(piece, following, until - piece.start)
    if following is None:
        graph += f",fade=t=out:st={seconds - FADE_OUT_SECONDS:.3f}:d={FADE_OUT_SECONDS}"
    arguments += ["-filter_complex", f"{graph}[out]", "-map", "[out]", "-frames:v", str(until - piece.start), *ENCODING]
    ffmpeg.run(arguments, to=to, seconds=seconds, report=report, words=_words(piece, number), folder=to.parent)


def _fades(piece: Piece, following: Piece | None, frames: int) -> str:
    """Filters for the way out of a colour and into one, where the script asks for it."""
    length = min(FADE_FRAMES, frames // 2)
    into = f",fade=t=in:s=0:n={length}:c={piece.fade}" if piece.fade else ""
    if following is None or not following.fade:
        return into
    return f"{into},fade=t=out:s={frames - length}:n={length}:c={following.fade}"


def _pace(piece: Piece) -> tuple[str, ...]:
    return () if piece.shot else ("-framerate", str(FRAMES_PER_SECOND))


def _held(from_: int, until: int, size: Size) -> str:
    """In the film's size, the frames of a source from one number to another; its last one is held as long as it takes."""
    return f"{ffmpeg.conform(size)},tpad=stop=-1:stop_mode=clone,trim=start_frame={from_}:end_frame={until},setpts=PTS-STARTPTS"


def _words(piece: Piece, number: int) -> str:
    if piece.shot:
        return f"Cutting shot {piece.shot.id}"
    return "Lettering the end card" if number else "Lettering the title"


# --- sound ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sound:
    """ffmpeg's arguments for a sound: those that open it, and those that encode it."""

    source: Sequence[str]
    encoding: Sequence[str]


# Not without any sound track: players treat such a film as decoration: browsers stop it in hidden tabs, and some editors
# and sites refuse it.
SILENCE = _Sound(("-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"), ("-c:a", "aac", "-b:a", "32k"))


def _sound(tracks: Tracks, seconds: float, folder: Path, report: Report) -> _Sound:
    mixed = folder / "mixed.raw"
    loudness = soundtrack.mix(tracks, seconds, mixed, report=report)
    # The other coder (twoloop) of ffmpeg 9 lets peaks pass 3 dB above what it was given.
    encoding = ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "128k")
    return _Sound(soundtrack.opened(mixed), ("-af", soundtrack.levelled(loudness), *encoding))


def _join(files: Sequence[Path], cues: list[Cue], sound: _Sound, seconds: float, *, to: Path, report: Report) -> None:
    """The pieces as one film, with the sound and a soft copy of the captions."""
    reel, soft = to.with_name("reel.txt"), to.with_name("soft.vtt")
    reel.write_text("".join(f"file '{file.name}'\n" for file in files), encoding="utf-8")
    soft.write_text(as_webvtt(cues, name_speakers=True).translate(_NO_OVERRIDES), encoding="utf-8")
    arguments = ["-protocol_whitelist", "file", "-f", "concat", "-i", str(reel), *sound.source]
    arguments += ffmpeg.source(soft) if cues else []
    arguments += ["-map", "0:v", "-map", "1:a", *(["-map", "2:s", "-c:s", "mov_text"] if cues else [])]
    arguments += ["-t", f"{seconds:.4f}", "-c:v", "copy", *sound.encoding, "-movflags", "+faststart"]
    arguments += ["-disposition:s", "0", "-metadata:s:s:0", "language=und"]
    ffmpeg.run(arguments, to=to, seconds=seconds, report=report, words="Joining the film")
