"""The offline image studio: draws portraits and frames as vector pictures, the same for the same input."""

from functools import partial
from pathlib import Path

from agents.animatic.drawing import picture
from agents.animatic.film import Character, PortraitView, Reference, Shot
from agents.animatic.progress import Report
from agents.contract import AgentError
from agents.studio.offline import processes


class OfflineImages:
    """Draws in the processes of the pool. Needs no key and no network."""

    def missing(self) -> str:
        """Always "": it needs no key and no network."""
        return ""

    def portrait(self, character: Character, view: PortraitView, *, style: str, to: Path, report: Report) -> None:
        """The character before a plain studio background.

        Raises: AgentError.
        """
        words = f"Drawing {character.name} from the {view}"
        report(0.0, words)
        self._draw(picture.PortraitOrder(character, view, style, str(to)), report, words)
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
    ) -> None:
        """The shot's first or last frame; a variant chooses another camera position.

        Raises: AgentError.
        """
        words = f"Drawing shot {shot.id}, its {'last' if is_last else 'first'} frame"
        report(0.0, words)
        order = picture.FrameOrder(shot, cast, style, str(to), is_last=is_last, variant=variant)
        self._draw(order, report, words)
        report(1.0, words)

    def _draw(self, order: picture.PortraitOrder | picture.FrameOrder, report: Report, words: str) -> None:
        try:
            processes.draw(partial(picture.draw, order), report=lambda _, said: report(0.3, said), words=words)
        except (ValueError, OSError) as error:
            raise AgentError(f"The picture could not be drawn: {error}.") from error
