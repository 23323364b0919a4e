"""Fields with a closed set of values: a plain text in Python, an enum with a name in the documents and in TypeScript.

The values are read off the code that decides about them, so that no second list can disagree.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Meta

# The values of `error_type` are known only once all modules with errors are loaded: the export fills them in.
ERROR_TYPE: Final = Meta(title="ErrorType")
API_ERROR_TYPE: Final = Meta(title="ApiErrorType")


def one_of(name: str, values: Iterable[str]) -> Meta:
    """The annotation of such a field: `Annotated[str, one_of("PauseMode", PauseMode.values)]`.

    It describes what is sent and checks nothing: what comes in is checked where it is decided about.
    """
    return Meta(title=name, extra_json_schema={"enum": [str(value) for value in values]})
