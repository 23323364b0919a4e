"""Loads what installed packages offer: agents under `callboard.agents`, pipelines under `callboard.pipelines`.

One that is broken stops nothing: it is left out, logged, and shown by `manage.py check`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import jsonschema
import msgspec
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's name for it

from agents import registry
from agents.contract import Agent, Skill, described_skills

AGENTS = "callboard.agents"
PIPELINES = "callboard.pipelines"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BrokenEntryPoint:
    """One that was left out, and why."""

    group: str
    name: str
    package: str  # with its version
    reason: str

    def __str__(self) -> str:
        """A sentence."""
        return f"The entry point {self.name!r} ({self.group}) of {self.package} cannot be used: {self.reason}"


_broken: dict[EntryPoint, BrokenEntryPoint] = {}


def load(group: str, use: Callable[[Any], None]) -> None:
    """Hands each object that installed packages offer under `group` to `use`, which raises for one that it cannot use."""
    for entry_point in sorted(entry_points(group=group), key=lambda found: (found.name, found.value)):
        _broken.pop(entry_point, None)
        try:
            use(entry_point.load())
        except (Exception, SystemExit) as error:
            broken = BrokenEntryPoint(group, entry_point.name, _package_of(entry_point), _reason(error))
            _broken[entry_point] = broken
            log.exception("%s", broken)


def _package_of(entry_point: EntryPoint) -> str:
    return f"{entry_point.dist.name} {entry_point.dist.version}" if entry_point.dist else "an unknown package"


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def use_agent(offered: object) -> None:
    """Registers an agent, given as its class or an instance.

    Raises: TypeError or ValueError for what is none, or whose name is taken.
    """
    agent = offered() if isinstance(offered, type) and issubclass(offered, Agent) else offered
    if not isinstance(agent, Agent):
        raise TypeError(f"{offered!r} is no agents.contract.Agent.")
    if agent.name in {other.name for other in registry.registered()}:
        raise ValueError(f"there is an agent {agent.name!r} already.")
    _check(agent)
    registry.register(agent)


def _check(agent: Agent) -> None:
    """What would later break the list of all agents, if it were wrong."""
    for skill in agent.skills:
        if not isinstance(skill, Skill):
            raise TypeError(f"{skill!r} is no agents.contract.Skill.")
        check_schema(skill.input_schema)
        check_schema(skill.output_schema)
    msgspec.json.encode([agent.description, *described_skills(agent.skills)])
    if agent.max_concurrent < 1:
        raise ValueError(f"max_concurrent is {agent.max_concurrent}; expected at least 1.")


def check_schema(schema: object) -> None:
    """Raises ValueError for what is no JSON Schema (2020-12) of an object."""
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ValueError(f"{error.json_path} of a schema is wrong: {error.message}") from error


def broken_entry_points(**_: Any) -> list[CheckMessage]:
    """A system check: a warning for each that was left out."""
    hint = "Correct or update the package, or uninstall it; then restart. The log has the whole error."
    return [Warning(str(broken), hint=hint, obj=broken.package, id="callboard.W001") for broken in _broken.values()]
