"""What models cost, as the operator says it: `OPENAI_PRICES`.

    gpt-4o-mini=0.15/0.60, gpt-image-1=0.04 per picture, sora-2=0.10 per second, tts-1=15 per million characters

Two numbers are the prices of a million prompt tokens and of a million completion tokens. A model that is named twice has
both prices.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from agents.usage import Usage

# By model, and by the field of `Usage` that is counted, the price of one.
Prices: TypeAlias = Mapping[str, Mapping[str, Decimal]]

MILLION: Final = 1_000_000
COST_DIGITS: Final = 9  # that are kept: a token costs millionths
EXPECTED: Final = (
    "model=IN/OUT (per million tokens), model=N per picture, model=N per second or model=N per million characters"
)
_NUMBER: Final = r"\d{1,9}(?:\.\d{1,9})?"
_OF_TOKENS: Final = re.compile(rf"({_NUMBER}) ?/ ?({_NUMBER})(?: per million tokens)?")
_OF_OTHERS: Final = re.compile(rf"({_NUMBER}) per (picture|second|million characters)")
_COUNTED: Final = {
    "picture": ("pictures", 1),
    "second": ("video_seconds", 1),
    "million characters": ("speech_characters", MILLION),
}


def read_prices(entries: Iterable[str]) -> Prices:
    """The prices that the entries say.

    Raises: ValueError with the entry that says none, or says again what another one said.
    """
    prices: dict[str, dict[str, Decimal]] = {}
    for entry in entries:
        name, _, said = entry.rpartition("=")
        of_model = prices.setdefault(name.strip(), {})
        found = dict(_prices_of(" ".join(said.split())))
        if not name.strip() or not found or found.keys() & of_model.keys():
            raise ValueError(entry)
        of_model.update(found)
    return prices


def _prices_of(said: str) -> Iterator[tuple[str, Decimal]]:
    if tokens := _OF_TOKENS.fullmatch(said):
        yield "prompt_tokens", Decimal(tokens[1]) / MILLION
        yield "completion_tokens", Decimal(tokens[2]) / MILLION
    elif others := _OF_OTHERS.fullmatch(said):
        counted, of_so_many = _COUNTED[others[2]]
        yield counted, Decimal(others[1]) / of_so_many


def cost_of(usage: Usage, prices: Prices) -> float | None:
    """What the call cost; None where no price is known for anything that was counted."""
    of_model = prices.get(usage.model, {})
    costs = [Decimal(str(count)) * price for counted, price in of_model.items() if (count := getattr(usage, counted))]
    return float(round(sum(costs, Decimal(0)), COST_DIGITS)) if costs else None


def unpriced(models: Iterable[tuple[str, tuple[str, ...]]], prices: Prices) -> list[str]:
    """Those of the models that have no price for any of the fields of `Usage` beside them."""
    return [model for model, counted in models if not prices.get(model, {}).keys() & set(counted)]
