"""How long to wait after a failure: docs/protocol.md, "Close codes and reconnecting"."""

import random
from typing import Final

CEILINGS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds; what is waited is 0.5 to 1 times as long
FAILURES_BEFORE_POLLING: Final = len(CEILINGS)
POLLING_SECONDS: Final = 30.0  # after which a socket is tried again


def backoff_seconds(failures: int) -> float:
    """Seconds to wait after so many failures in a row (1, 2, …); random, so that not all come back at once."""
    return jitter(CEILINGS[min(failures, len(CEILINGS)) - 1])


def jitter(ceiling: float) -> float:
    """0.5 to 1 times as long."""
    return ceiling * random.uniform(0.5, 1)  # noqa: S311 - spreads load, hides nothing
