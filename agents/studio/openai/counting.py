"""Reads from a model's answer what the call took."""

from typing import Annotated

import msgspec
from msgspec import Meta

from agents.usage import Usage

CHARACTERS_PER_TOKEN = 4  # about, where a provider does not say how many tokens there were

_Count = Annotated[int, Meta(ge=0)]


class _Tokens(msgspec.Struct):
    """Their names in answers of text models, and in those of image models."""

    prompt_tokens: _Count = 0
    completion_tokens: _Count = 0
    input_tokens: _Count = 0
    output_tokens: _Count = 0


class _Counted(msgspec.Struct):
    usage: _Tokens | None = None


def counted(raw: bytes, model: str, *, pictures: int = 0, asked_characters: int = 0) -> Usage:
    """What the call took that was answered with `raw`, whatever that is.

    With `asked_characters` the tokens are estimated where the provider does not say them: a budget must hold all the same.
    """
    tokens = _tokens(raw)
    if asked_characters and not tokens.prompt_tokens + tokens.input_tokens:
        tokens = _Tokens(
            prompt_tokens=asked_characters // CHARACTERS_PER_TOKEN, completion_tokens=len(raw) // CHARACTERS_PER_TOKEN
        )
    return Usage(
        model=model,
        prompt_tokens=tokens.prompt_tokens or tokens.input_tokens,
        completion_tokens=tokens.completion_tokens or tokens.output_tokens,
        pictures=pictures,
    )


def _tokens(raw: bytes) -> _Tokens:
    try:
        return msgspec.json.decode(raw, type=_Counted).usage or _Tokens()
    except (msgspec.DecodeError, UnicodeError):
        return _Tokens()
