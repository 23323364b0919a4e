"""Callboard's settings, with the agents and the pipeline of this benchmark."""

from project.settings import *  # noqa: F403
from project.settings import INSTALLED_APPS

INSTALLED_APPS.insert(INSTALLED_APPS.index("workflows"), "benchmarks.crashes.apps.CrashesConfig")
