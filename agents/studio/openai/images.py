"""The image studio on an image model: prompts from shot, look and style; what comes back is brought to our sizes."""

import base64
import binascii
import io
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import ParseResult, urlparse

import httpx
import msgspec
from django.conf import settings
from openai import AsyncOpenAI
from PIL import Image, ImageOps

from agents import usage
from agents.animatic import pictures
from agents.animatic.film import Character, FilmFormat, PortraitView, Reference, Shot, Size
from agents.animatic.progress import Report
from agents.contract import AgentError
from agents.guarded_http import Misdirected, Rules, guarded_client
from agents.pictures import UnusablePicture, opened_picture
from agents.studio.contract import NO_PICTURES, OwnPictures
from agents.studio.openai import client, prompts
from agents.studio.openai.counting import counted
from agents.studio.openai.errors import ProviderError

PORTRAIT_SIZE = Size(640, 800)  # as the contract has it
MOST_REFERENCES = 4
MOST_STYLES = 1  # of them
LARGEST_ANSWER = 40 * 1024 * 1024  # bytes of one picture
# Where there is no such door, pictures are made without references.
NO_SUCH_DOOR = frozenset({404, 405, 501})


class Sizes(NamedTuple):
    """What a model can draw that comes nearest to our shapes."""

    wide: str
    tall: str
    square: str = "1024x1024"

    def of(self, film_format: FilmFormat) -> str:
        """That for a film of this format."""
        return {"16:9": self.wide, "9:16": self.tall, "1:1": self.square}[film_format]


# These models draw in sizes of their own, and keep to no references.
SIZES = {"dall-e-3": Sizes("1792x1024", "1024x1792"), "dall-e-2": Sizes("1024x1024", "1024x1024")}
USUAL_SIZES = Sizes("1536x1024", "1024x1536")


class _Picture(msgspec.Struct):
    b64_json: str | None = None
    url: str | None = None


class _Pictures(msgspec.Struct):
    """What we rely on in an answer, in both of its forms."""

    data: list[_Picture]


class OpenAIImages:
    """Draws with OPENAI_IMAGE_MODEL."""

    def __init__(self) -> None:
        self._can_edit = True

    def missing(self) -> str:
        """The variables that are not set."""
        return client.missing("OPENAI_IMAGE_MODEL")

    def refuses_pictures(self) -> str:
        """Why the model keeps to no pictures; "" as long as nothing else is known of it."""
        model = settings.OPENAI_IMAGE_MODEL
        if model in SIZES or not self._can_edit:
            return f"The image model {model} takes no pictures: those that you brought are not used"
        return ""

    def portrait(
        self,
        character: Character,
        view: PortraitView,
        *,
        style: str,
        to: Path,
        report: Report,
        own: OwnPictures = NO_PICTURES,
    ) -> None:
        """A portrait as a JPEG of 640x800 at `to`, kept to the maker's own pictures where the model can.

        Raises: AgentError.
        """
        waiting = partial(report, 0.1, f"Drawing {character.name} from the {view}")
        face = own.faces.get(character.name)
        asked = _Asked(prompts.portrait(character, view, style), _sizes().tall)
        if face or own.styles:
            styles = list(own.styles[:MOST_STYLES])
            kept = prompts.portrait(character, view, style, has_face=face is not None)
            asked = asked._replace(
                kept=prompts.with_own(kept, has_face=face is not None, styles=len(styles)),
                pictures=[*([face] if face else []), *styles],
            )
        _save(self._drawn(asked, waiting), to, PORTRAIT_SIZE)
        report(1.0, f"Drew {character.name} from the {view}")

    def frame(
        self,
        shot: Shot,
        *,
        is_last: bool,
        variant: int,
        cast: list[Character],
        references: list[tuple[Reference, Path]],
        style: str,
        to: Path,
        report: Report,
        own: OwnPictures = NO_PICTURES,
    ) -> None:
        """The first or last frame of a shot as a JPEG in the size of the film at `to`, kept to the references where the model can.

        Raises: AgentError.
        """
        words = f"Drawing shot {shot.id}, its {'last' if is_last else 'first'} frame"
        words_of = partial(prompts.frame, shot, is_last=is_last, variant=variant, cast=cast, style=style)
        styles = list(own.styles[:MOST_STYLES])
        portraits = [path for _, path in references[: MOST_REFERENCES - len(styles)]]
        kept = prompts.with_references(words_of(faces=own.faces), portraits=len(portraits), styles=len(styles))
        asked = _Asked(words_of(), _sizes().of(shot.format), kept, [*portraits, *styles])
        _save(self._drawn(asked, partial(report, 0.1, words)), to, shot.picture_size)
        report(1.0, words)

    def _drawn(self, asked: "_Asked", waiting: Callable[[], None]) -> bytes:
        without = partial(_generate, prompt=asked.prompt, size=asked.size)
        if not asked.pictures or self.refuses_pictures():
            return _picture(without, waiting)
        call = partial(_edit, prompt=asked.kept, size=asked.size, pictures=asked.pictures)
        try:
            return _picture(call, waiting)
        except ProviderError as error:
            if error.status not in NO_SUCH_DOOR:
                raise
        raw = _picture(without, waiting)
        self._can_edit = False  # known only now: the model itself might have been unknown
        return raw


class _Asked(NamedTuple):
    """A picture to be drawn: by the prompt alone, or where the model can, by another one with pictures to keep to."""

    prompt: str
    size: str
    kept: str = ""
    pictures: Sequence[Path] = ()


def _sizes() -> Sizes:
    return SIZES.get(settings.OPENAI_IMAGE_MODEL, USUAL_SIZES)


async def _generate(ai: AsyncOpenAI, *, prompt: str, size: str) -> bytes:
    answer = await ai.images.with_raw_response.generate(
        model=settings.OPENAI_IMAGE_MODEL, prompt=prompt, n=1, size=size
    )
    content: bytes = answer.content
    return content


async def _edit(ai: AsyncOpenAI, *, prompt: str, size: str, pictures: Sequence[Path]) -> bytes:
    answer = await ai.images.with_raw_response.edit(
        model=settings.OPENAI_IMAGE_MODEL, prompt=prompt, n=1, size=size, image=list(pictures)
    )
    content: bytes = answer.content
    return content


def _picture(call: client.Call[bytes], waiting: Callable[[], None]) -> bytes:
    """The encoded picture in the model's answer.

    Raises: AgentError.
    """
    usage.check_budget()
    answer = client.endpoint().ask(call, waiting=waiting)
    usage.report(counted(answer, settings.OPENAI_IMAGE_MODEL, pictures=1))
    try:
        first = msgspec.json.decode(answer, type=_Pictures).data[0]
        if first.b64_json:
            return base64.b64decode(first.b64_json, validate=True)
    except (msgspec.DecodeError, UnicodeError, IndexError, binascii.Error):
        raise _no_picture("its answer is not a picture") from None
    if not first.url:
        raise _no_picture("its answer is empty")
    return client.endpoint().ask(partial(_fetch, address=first.url), waiting=waiting)


async def _fetch(ai: AsyncOpenAI, *, address: str) -> bytes:
    """A picture that was given by address. Our key is not sent along."""
    is_home = _is_at_home(ai, address)
    if not is_home and not _may_be_fetched(address):
        raise _no_picture("it points to an address that is not safe (OPENAI_FILE_HOSTS names those that are)")
    rules = Rules(most_bytes=LARGEST_ANSWER, may_be_private=is_home)
    try:
        async with guarded_client(rules, timeout=httpx.Timeout(settings.OPENAI_TIMEOUT_SECONDS)) as web:
            answer = await web.get(address)
    except Misdirected as error:
        raise _no_picture(f"it cannot be fetched. {error}") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise _no_picture("it cannot be fetched") from None
    if answer.status_code != httpx.codes.OK:
        raise _no_picture(f"its address answers {answer.status_code}")
    return answer.content


def _is_at_home(ai: AsyncOpenAI, address: str) -> bool:
    """Whether the provider itself has it, in whatever network that is."""
    parts, home = _parts(address), ai.base_url
    return (parts.scheme, parts.hostname, parts.port) == (home.scheme, home.host, home.port)


def _may_be_fetched(address: str) -> bool:
    parts = _parts(address)
    return parts.scheme == "https" and any(fnmatch(parts.hostname or "", host) for host in settings.OPENAI_FILE_HOSTS)


def _parts(address: str) -> ParseResult:
    try:
        parts = urlparse(address)
        _ = parts.port  # read only now
    except ValueError:
        raise _no_picture("its address is none") from None
    return parts


def _save(raw: bytes, to: Path, size: tuple[int, int]) -> None:
    """The picture as a JPEG of exactly that size; what hangs over is cut off, rather below than above."""
    try:
        with opened_picture(io.BytesIO(raw)) as picture:
            fitted = ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    except UnusablePicture as error:
        raise _no_picture(str(error)) from None
    pictures.write(fitted, to)


def _no_picture(why: str) -> AgentError:
    return AgentError(
        f"The image model {settings.OPENAI_IMAGE_MODEL} gave no usable picture: {why}. "
        "Try again, or name another OPENAI_IMAGE_MODEL.",
        retryable=True,
    )
