"""Reads a picture that somebody brings, in a text process: see `agents.uploads`."""

from agents.animatic.errors import UnusableText
from agents.animatic.progress import unheard
from agents.contract import UnusableInput
from agents.studio.offline.processes import text_work
from agents.uploads import Upload, read_picture


def picture_of(content: bytes) -> Upload:
    """The picture in a file: JPEG, PNG or WebP. May take a second.

    Raises: UnusableInput when it is none, or too much; AgentError (retryable) when the process died or the machine is too busy.
    """
    try:
        return text_work(read_picture, content, report=unheard)
    except UnusableInput as error:
        if isinstance(error.__cause__, UnusableText):
            raise
        raise UnusableInput("This picture takes too much time or memory to read. Make it smaller first.") from error
