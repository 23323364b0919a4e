"""Reads screenplays: text of any form becomes a Screenplay (`parse`), and a Screenplay becomes Fountain (fountain.py)."""

from agents.animatic.screenplays.reading import parse

__all__ = ["parse"]
