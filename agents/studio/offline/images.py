"""The offline image studio: draws portraits and frames as vector pictures, the same for the same input."""

from functools import partial
from pathlib import Path

from agents.animatic.drawing import picture
from agents.animatic.drawing.brought import Brought
from agents.animatic.film import Character, PortraitView, Reference, Shot
from agents.animatic.progress import Report
from agents.contract import AgentError
from agents.studio.contract import NO_PICTURES, OwnPictures
from agents.studio.offline import processes


class OfflineImages:
    """Draws in the processes of the pool. Needs no key and no network."""

    def missing(self) -> str:
        """Always "": it needs no key and no network."""
        return ""

    def refuses_pictures(self) -> str:
        """Always "": a face becomes the head of a figure, a style the colours of the film."""
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
        """The character before a plain studio background.

        Raises: AgentError.
        """
        words = f"Drawing {character.name} from the {view}"
        report(0.0, words)
        self._draw(picture.PortraitOrder(character, view, style, str(to), _brought(own)), report, words)
        report(1.0, words)

    def frame(
        self,
        shot: Shot,
        *,
        is_last: bool,
        variant: int,
        cast: list[Character],
        references: list[tuple[Reference, Path]],  # noqa: ARG002 - a figure's look already says all that they show
        style: str,
        to: Path,
        report: Report,
        own: OwnPictures = NO_PICTURES,
    ) -> None:
        """The shot's first or last frame; a variant chooses another camera position.

        Raises: AgentError.
        """
        words = f"Drawing shot {shot.id}, its {'last' if is_last else 'first'} frame"
        report(0.0, words)
        order = picture.FrameOrder(shot, cast, style, str(to), is_last=is_last, variant=variant, brought=_brought(own))
        self._draw(order, report, words)
        report(1.0, words)

    def _draw(self, order: picture.PortraitOrder | picture.FrameOrder, report: Report, words: str) -> None:
        try:
            processes.draw(partial(picture.draw, order), report=lambda _, said: report(0.3, said), words=words)
        except (ValueError, OSError) as error:
            raise AgentError(f"The picture could not be drawn: {error}.") from error


def _brought(own: OwnPictures) -> Brought:
    return Brought(tuple((name, str(path)) for name, path in own.faces.items()), tuple(map(str, own.styles)))
