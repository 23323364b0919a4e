"""Callboard's settings, with the pipeline of benchmarks/crashes, and the census."""

from benchmarks.crashes.settings import *  # noqa: F403
from benchmarks.crashes.settings import INSTALLED_APPS

INSTALLED_APPS.append("benchmarks.soak.census.CensusConfig")
