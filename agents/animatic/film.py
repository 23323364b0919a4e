"""The types of film making: what the agents of the crew hand from one to the next.

Every skill takes and gives these; msgspec checks them and makes their JSON Schemas. Fractions are 0.0-1.0, durations seconds, sizes pixels.
"""

from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct, field

FRAMES_PER_SECOND = 24

FilmFormat = Literal["16:9", "9:16", "1:1"]
Resolution = Literal["720p", "1080p"]

TimeOfDay = Literal["dawn", "day", "dusk", "night"]
Weather = Literal["clear", "cloudy", "rain", "snow", "fog", "storm"]
ShotSize = Literal["extreme_wide", "wide", "full", "medium", "close_up", "extreme_close_up"]
ShotAngle = Literal["eye_level", "high", "low", "overhead", "dutch", "over_the_shoulder"]
CameraMove = Literal["hold", "pan_left", "pan_right", "tilt_up", "tilt_down", "push_in", "pull_out"]
PortraitView = Literal["front", "side", "back"]
ElementKind = Literal["action", "dialogue", "transition", "camera"]
FilmForm = Literal["story", "advertisement", "documentary", "how_to", "music_video"]
Gender = Literal["female", "male", "unknown"]
Age = Literal["child", "young", "adult", "old"]
Period = Literal["medieval", "19th_century", "today", "future"]
Outfit = Literal[
    "shirt", "coat", "dress", "hoodie", "uniform", "robot",
    "tunic", "gown", "robe", "royal", "armour",  # of the middle ages
    "frock_coat", "waistcoat", "long_dress",  # of the 19th century
    "jumpsuit", "high_collar",  # of the future
    "suit", "apron", "white_coat", "chef", "scrubs", "overalls", "turnout", "spacesuit", "wedding_dress",
]  # fmt: skip
Accessory = Literal[
    "none", "glasses", "hat", "scarf", "beard", "cap", "cloak", "jabot", "crown", "top_hat", "bowler", "bonnet", "straw_hat",
    "cowboy_hat", "tricorne", "pointed_hat", "peaked_cap", "chef_hat", "hard_hat", "steel_helmet", "helm", "space_helmet",
    "hood", "wimple", "veil", "eye_patch",
]  # fmt: skip
# As `agents.contract.ArtifactId`, which nothing here may know.
ArtifactId = Annotated[str, Meta(extra_json_schema={"format": "artifact-id"})]
# Of a picture that the maker has brought along.
PictureId = Annotated[str, Meta(min_length=1, max_length=64, extra_json_schema={"format": "picture-id"})]


class Size(NamedTuple):
    """Of a picture, in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


_SHARES: dict[FilmFormat, tuple[int, int]] = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}
_SHORT_SIDES: dict[Resolution, int] = {"720p": 720, "1080p": 1080}


def size_of(film_format: FilmFormat, resolution: Resolution = "720p") -> Size:
    """How large a film's picture is; "720p" and "1080p" name its shorter side."""
    shares, short = _SHARES[film_format], _SHORT_SIDES[resolution]
    return Size(*(short * share // min(shares) for share in shares))


class Film(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Base of all types here: immutable, named fields only."""


# --- plan -----------------------------------------------------------------------------------------


class Plan(Film, frozen=True):
    """What kind of film it will be, before a word of it is written."""

    title: str
    logline: str
    genre: str
    tone: str
    time: str  # "Present day, one long night"
    place: str
    scenes: Annotated[int, Meta(ge=1)]
    style: str = ""  # as the maker asked, e.g. "watercolour"
    requirement: str = ""  # what the maker insists on, e.g. "a hopeful ending"
    form: FilmForm = "story"
    language: str = ""  # of its words, ISO 639-1; "" where it is not known
    seconds: Annotated[float, Meta(ge=0)] = (
        0.0  # how long the maker wants it, cards included; 0 where that is left open
    )


# --- script ---------------------------------------------------------------------------------------


class Setting(Film, frozen=True):
    """Where and when a scene is: enough to paint a backdrop."""

    place: str  # "Lighthouse kitchen"
    interior: bool
    time_of_day: TimeOfDay = "day"
    weather: Weather = "clear"
    period: Period = "today"  # in whose houses, lamps and vehicles it is painted


class SceneOutline(Film, frozen=True):
    """One scene of a story, before its script is written."""

    number: Annotated[int, Meta(ge=1)]
    summary: str
    setting: Setting
    characters: list[str]


class Story(Film, frozen=True):
    """The story in prose, and its scenes in outline."""

    title: str
    text: str
    outlines: list[SceneOutline]


class SceneScript(Film, frozen=True):
    """One scene as screenplay text (Fountain)."""

    number: Annotated[int, Meta(ge=1)]
    text: str


class Element(Film, frozen=True):
    """One paragraph of a scene. `character`, `parenthetical` and `is_dual` only with dialogue."""

    kind: ElementKind
    text: str
    character: str = ""
    parenthetical: str = ""
    is_dual: bool = False  # said at the same time as the speech ahead of it


class Scene(Film, frozen=True):
    """One scene, normalised. `characters` in the order in which they first appear."""

    number: Annotated[int, Meta(ge=1)]
    heading: str  # "INT. LIGHTHOUSE KITCHEN - NIGHT"
    setting: Setting
    elements: list[Element]
    characters: list[str]
    label: str = ""  # its number in the script, e.g. "12A"; "" where it has none


class Note(Film, frozen=True):
    """Something in a script that could not be read as it seems to be meant."""

    line: Annotated[int, Meta(ge=1)]  # of the text as it was given
    text: str  # a sentence: what is odd, and what it was taken for


class Screenplay(Film, frozen=True):
    """The whole film in words. Character names are spelt one way throughout, as in `Character.name`."""

    title: str
    scenes: list[Scene]
    author: str = ""
    notes: list[Note] = field(default_factory=list)  # in the order of the lines


# --- the maker's own pictures ---------------------------------------------------------------------


class OwnPicture(Film, frozen=True):
    """A picture that the maker has brought along: the face of a character, or how the whole film is to look."""

    picture: PictureId
    use: Literal["face", "style"]
    name: Annotated[str, Meta(max_length=80)] = ""  # of the character, with "face"

    def shows(self, character: str) -> bool:
        """Whether it is the face of this character: ANNA's is that of "Anna", and of "ANNA MILLER" where only a part is named."""
        wanted, name = self.name.casefold().split(), character.casefold().split()
        return (
            self.use == "face"
            and bool(wanted)
            and any(name[at : at + len(wanted)] == wanted for at in range(len(name) - len(wanted) + 1))
        )


class PictureToUse(OwnPicture, frozen=True):
    """One for an agent that looks at it: it comes along as a file."""

    picture: ArtifactId


# --- characters -----------------------------------------------------------------------------------


class Look(Film, frozen=True):
    """How a figure is drawn: the same in the portrait and in every shot. Colours are "#rrggbb"."""

    skin: str
    hair: str
    hair_style: Literal["short", "long", "bun", "curly", "bald", "ponytail"]
    top: str
    bottom: str
    height: Annotated[float, Meta(ge=0.4, le=1.3)]  # 1.0 is an average grown-up
    build: Literal["slim", "average", "broad"]
    age: Age
    outfit: Outfit
    accessory: Accessory = "none"
    also: list[Accessory] = field(default_factory=list)  # what else they wear or have: glasses and a beard
    accessory_colour: str = ""  # of a hat, cap, cloak or scarf; "" for one that goes with the clothes
    animal: str = ""  # the kind of animal that it is ("fox", see vocabulary/animals.toml); "" for people and robots

    def wears(self, accessory: Accessory) -> bool:
        """Whether they have it on."""
        return accessory == self.accessory or accessory in self.also


class Character(Film, frozen=True):
    """One character of the film."""

    name: str  # as spelt in the screenplay, e.g. "MARA"
    description: str
    look: Look
    lines: int = 0  # of dialogue
    gender: Gender = "unknown"


class Cast(Film, frozen=True):
    """All characters of the film, most important first."""

    characters: list[Character]


class Portraits(Film, frozen=True):
    """A character from three sides."""

    character: Character
    front_artifact: ArtifactId
    side_artifact: ArtifactId
    back_artifact: ArtifactId
    face_artifact: ArtifactId = ""  # the maker's own picture of the face; "" without one


# --- storyboard -----------------------------------------------------------------------------------


class Line(Film, frozen=True):
    """One line of dialogue as it is captioned."""

    character: str
    text: str
    parenthetical: str = ""


class Shot(Film, frozen=True):
    """One shot of the storyboard. `seconds` already leaves time to read its dialogue."""

    id: str  # "2.3": scene 2, shot 3
    scene: Annotated[int, Meta(ge=1)]
    number: Annotated[int, Meta(ge=1)]
    size: ShotSize
    angle: ShotAngle
    move: CameraMove
    seconds: Annotated[float, Meta(gt=0, le=30)]
    setting: Setting
    description: str  # what happens, for people
    first_frame: str  # what the first frame shows, for an image model
    last_frame: str
    characters: list[str]  # in the picture, left to right
    ages: dict[str, Age] = field(
        default_factory=dict
    )  # of those who are at another age here: "young MARA", "MARA, now 60"
    speaker: str = ""  # who talks; "" in a silent shot
    dialogue: list[Line] = field(default_factory=list)
    caption: str = ""  # shown in a shot without dialogue: the action in a few words
    format: FilmFormat = "16:9"  # for which it is staged
    resolution: Resolution = "720p"

    @property
    def picture_size(self) -> Size:
        """Of its clip, and of the film."""
        return size_of(self.format, self.resolution)


class Storyboard(Film, frozen=True):
    """The shots of one scene, in order."""

    scene: Annotated[int, Meta(ge=1)]
    heading: str
    shots: list[Shot]


# --- sound ----------------------------------------------------------------------------------------


class SpokenLine(Film, frozen=True):
    """One line as it is heard, in seconds from the beginning of the speech. `pages`: when each of its captions begins."""

    character: str  # "" for the narrator
    text: str
    start: float
    end: float
    pages: list[float] = field(default_factory=list)


class Speech(Film, frozen=True):
    """What is said in one shot, as one recording. Without an artifact nothing is heard."""

    shot: str
    artifact: ArtifactId = ""
    seconds: float = 0.0
    lines: list[SpokenLine] = field(default_factory=list)


class Effect(Film, frozen=True):
    """A sound that belongs to what happens in a shot."""

    shot: str
    artifact: ArtifactId
    name: str  # "thunder"


class Ambience(Film, frozen=True):
    """How a scene sounds where nobody speaks: a recording that may be repeated, and effects. Without an artifact: silence."""

    scene: int
    artifact: ArtifactId = ""
    description: str = ""  # "rain, a clock"
    effects: list[Effect] = field(default_factory=list)


class Score(Film, frozen=True):
    """The music of a film: for its title, for under it (which may be repeated), and for its end. Without artifacts: none."""

    title_artifact: ArtifactId = ""
    under_artifact: ArtifactId = ""
    end_artifact: ArtifactId = ""
    description: str = ""  # "strings in D minor, 66 beats a minute"


# --- frames and clips -----------------------------------------------------------------------------


class Reference(Film, frozen=True):
    """A portrait that the camera should keep to."""

    character: Character
    view: PortraitView
    artifact: ArtifactId
    face_artifact: ArtifactId = ""  # the maker's own picture of the face; "" without one


class References(Film, frozen=True):
    """The portraits chosen for one shot, in the order of `Shot.characters`."""

    shot: str
    references: list[Reference]


class Candidate(Film, frozen=True):
    """One try at a frame."""

    artifact: ArtifactId
    variant: int
    position: Literal["first", "last"]


class Candidates(Film, frozen=True):
    """All tries at the frames of one shot."""

    shot: str
    candidates: list[Candidate]


class Frames(Film, frozen=True):
    """The chosen first (and, where there is one, last) frame of a shot, with why."""

    shot: str
    first_artifact: ArtifactId
    last_artifact: ArtifactId = ""
    scores: dict[str, float] = field(default_factory=dict)  # e.g. {"sharpness": 0.8, "contrast": 0.6}


class RatedTake(Film, frozen=True):
    """How good a take is: 0.0-1.0 for each quality, and `total`."""

    take: Annotated[int, Meta(ge=1)]
    scores: dict[str, float]


class Choice(Film, frozen=True):
    """Which take of a shot was kept, and how good each is. `is_asked_for`: a person chose it."""

    shot: str
    kept: int
    is_asked_for: bool
    takes: list[RatedTake]


class Clip(Film, frozen=True):
    """A moving picture of one shot, in the size of the film: 24 fps, H.264, no captions burnt in."""

    shot: Shot
    artifact: ArtifactId
    seconds: float


class Video(Film, frozen=True):
    """The finished film."""

    title: str
    video_artifact: ArtifactId
    poster_artifact: ArtifactId
    captions_artifact: ArtifactId
    seconds: float
    chapters_artifact: ArtifactId = ""
    subtitles_artifact: ArtifactId = ""  # the captions as SubRip
    timeline_artifact: ArtifactId = ""  # the cut as OpenTimelineIO
