"""How long calls took, as counts in fixed buckets: they add up exactly, across processes and over time.

Counts are kept by the number of their bucket, as JSON: {"40": 3}. A percentile of them is at most 9 % off.
"""

import math
from collections.abc import Mapping
from typing import Final

FIRST_SECONDS: Final = 0.001  # what the first bucket ends with
PER_DOUBLING: Final = 4  # buckets; each ends 19 % later than the one before
LAST: Final = 96  # ends after 4.7 hours, and holds what takes longer, too

Counts = Mapping[str, int]


def bucket_of(seconds: float) -> str:
    """The bucket of a call that took so long."""
    number = math.ceil(PER_DOUBLING * math.log2(seconds / FIRST_SECONDS)) if seconds > FIRST_SECONDS else 0
    return str(min(number, LAST))


def percentile(counts: Counts, share: float, longest: float) -> float | None:
    """The seconds within which this share of the calls ended, at most `longest`; None without calls."""
    rank = max(1, math.ceil(share * sum(counts.values())))
    for number in sorted(map(int, counts)):
        rank -= counts[str(number)]
        if rank <= 0:
            return min(longest, _middle(number))
    return None


def _middle(number: int) -> float:
    return float(FIRST_SECONDS * 2 ** ((number - 0.5) / PER_DOUBLING))
