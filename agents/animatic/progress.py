"""How long work says how far it is."""

from collections.abc import Callable

# (fraction 0.0-1.0, what is being done). It is a checkpoint, too: whatever it raises ends the work and is let pass.
Report = Callable[[float, str], None]


def unheard(_fraction: float, _words: str) -> None:
    """A report to nobody: for work that nobody watches."""
