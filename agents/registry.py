"""Which agents exist, and which one should take a job for a skill. Never calls one.

The built-in agents register when the program starts. Remote ones are rows of the database: each process makes their
`contract.Agent` of the row, and makes it anew when the row's `version` has changed.
A skill can be asked for by its id, from any agent that has it, or by `<agent>/<id>`, from this agent only.
"""

import logging
import re
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from agents import contract, switches
from agents.models import AGENT_NAME_PATTERN, Agent
from agents.signals import agents_changed

log = logging.getLogger(__name__)

# A circuit breaker: UNHEALTHY_AFTER failures in a row open it; when the last one is this old, the agent gets one job to
# prove itself (half-open). Its success closes the breaker, its failure starts the wait anew.
COOL_DOWN = timedelta(seconds=30)

_agents: dict[str, contract.Agent] = {}  # of the program
_remote: dict[str, tuple[int, contract.Agent]] = {}  # of rows, each with the version of its row
_adopting = threading.Lock()


class AgentNotFound(LookupError):
    """There is no agent of this name."""


def register(agent: contract.Agent) -> None:
    """Adds the agent to this process; one of the same name is replaced. `sync` makes it known to operators.

    Raises: ValueError for a name that no URL or room could hold.
    """
    if not re.fullmatch(AGENT_NAME_PATTERN, agent.name):
        raise ValueError(f"{agent.name!r} is no name for an agent: a-z, 0-9, _ and -, at most 64 characters.")
    _agents[agent.name] = agent
    agents_changed.send_robust(sender=Agent)


def unregister(name: str) -> None:
    """Takes the agent out of this process; unknown names are ignored."""
    _agents.pop(name, None)
    _remote.pop(name, None)


def refresh() -> None:
    """Adopts the remote agents as their rows are now. One small query, and one for each that has changed."""
    adopt(dict(Agent.objects.filter(kind=Agent.Kind.A2A).values_list("name", "version")))


def adopt(versions: Mapping[str, int]) -> None:
    """Adopts the remote agents with these names and versions of their rows, and drops all others."""
    if {name: version for name, (version, _) in _remote.items()} == versions:
        return
    from agents.remote import agent_of  # noqa: PLC0415 - where there is no remote agent, the SDK is not needed

    with _adopting:
        changed = [name for name, version in versions.items() if _remote.get(name, (None,))[0] != version]
        for row in Agent.objects.filter(name__in=changed):
            try:
                _remote[row.name] = (row.version, agent_of(row))
            except Exception:  # one broken row must not stop the others
                log.exception("A remote agent cannot be used.", extra={"agent": row.name})
                _remote.pop(row.name, None)
        for name in _remote.keys() - versions:
            _remote.pop(name, None)
    agents_changed.send_robust(sender=Agent)


def register_crew() -> None:
    """Adds the built-in agents."""
    from agents.crew import CREW  # noqa: PLC0415 - the crew needs Django set up

    for member in CREW:
        register(member())


def get(name: str) -> contract.Agent:
    """The agent of this name.

    Raises: AgentNotFound.
    """
    if name in _agents:
        return _agents[name]
    if name in _remote:
        return _remote[name][1]
    raise AgentNotFound(f"There is no agent {name!r} here.")


def registered() -> list[contract.Agent]:
    """Every agent that this process knows, in the order in which they came."""
    return [*_agents.values(), *(agent for _, agent in list(_remote.values()))]


def skills() -> dict[str, contract.Skill]:
    """Every skill that some agent has, by id; where several have it, as the first registered describes it."""
    known: dict[str, contract.Skill] = {}
    for agent in registered():
        for skill in agent.skills:
            known.setdefault(skill.id, skill)
    return known


def skill_named(asked: str) -> contract.Skill | None:
    """The skill with this id, or `<agent>/<id>`; None when nobody has it."""
    agent_name, _, skill_id = asked.rpartition("/")
    found = (skill for agent in registered() if agent_name in ("", agent.name) for skill in agent.skills)
    return next((skill for skill in found if skill.id == skill_id), None)


def skill_id_of(asked: str) -> str:
    """The id of a skill that may be asked for as `<agent>/<id>`."""
    return asked.rpartition("/")[2]


def sync() -> None:
    """Writes what the registered agents say of themselves into their rows. Switches and counts stay as they are."""
    with transaction.atomic():
        for agent in _agents.values():
            described = {"description": agent.description, "skills": [*contract.described_skills(agent.skills)]}
            Agent.objects.update_or_create(
                name=agent.name,
                defaults={**described, "is_reachable": True},
                create_defaults={**described, "max_concurrent": agent.max_concurrent},
            )
        # Its history stays readable; it only gets no more work.
        Agent.objects.filter(kind=Agent.Kind.CREW).exclude(name__in=_agents).update(is_reachable=False)


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """An agent that may take a job, and the first of its `max_concurrent` slots that is free."""

    name: str
    slot: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an agent's row decides whether it gets the next job."""

    name: str
    status: str
    max_concurrent: int
    message_count: int
    kind: str
    version: int
    is_draining: bool
    weight: float
    has_cooled: bool  # its last failure is older than COOL_DOWN, or there is none

    @classmethod
    def of(cls, row: Agent) -> "Candidate":
        """As the row says it."""
        has_cooled = row.last_error_at is None or row.last_error_at <= cooled_since()
        read = (row.name, row.status, row.max_concurrent, row.message_count, row.kind, row.version, row.is_draining)
        return cls(*read, weight=row.weight, has_cooled=has_cooled)

    def load(self, jobs: int) -> tuple[float, float, str]:
        """How loaded it is with so many jobs; the least comes first. Of those that are idle, who had the least work."""
        return jobs / (self.max_concurrent * self.weight), self.message_count / self.weight, self.name


def cooled_since() -> datetime:
    """An unhealthy agent gets a job again when its last failure is not later than this."""
    return timezone.now() - COOL_DOWN


def free_agents(taken: Mapping[str, Collection[int]], candidates: Iterable[Candidate]) -> dict[str, FreeAgent]:
    """By skill: the agent with the least load for its weight that may take a job now. Skills without one are left out.

    `taken` holds the slots of each agent's running jobs: capacity is counted, not kept.
    """
    rows = list(candidates)
    adopt({row.name: row.version for row in rows if row.kind == Agent.Kind.A2A})
    reachable = {row.name: row for row in rows if row.status != Agent.Status.OFFLINE}
    free: dict[str, FreeAgent] = {}
    for skill_id, able in _by_skill().items():
        willing = [agent for agent in able if agent.name in reachable]
        # One that lacks a setting takes a job only where no other agent could: it says what is missing.
        ready = [reachable[agent.name] for agent in [a for a in willing if not a.missing()] or willing]
        with_room = [row for row in ready if _has_room(row, len(taken.get(row.name, ())))]
        if with_room:
            row = min(with_room, key=lambda row: row.load(len(taken.get(row.name, ()))))
            slots = taken.get(row.name, ())
            free[skill_id] = FreeAgent(row.name, next(slot for slot in count() if slot not in slots))
    return free


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why no agent may take a job for a skill now: a sentence for people, and until when, where that is known."""

    agent: str
    text: str
    is_busy: bool = False  # it only has its hands full
    is_unhealthy: bool = False  # it failed too often, and is tried again at `until`
    until: datetime | None = None


def unavailable(taken: Mapping[str, Collection[int]]) -> dict[str, Unavailable]:
    """By skill: why no agent may take a job for it now. Skills with a free agent are left out. One query.

    `taken` holds the slots of each agent's running jobs. Of several agents the one is named that will be free first.
    """
    # Asked every few seconds by every process: without what is large, which is not needed here.
    rows = {row.name: row for row in Agent.objects.defer("card", "skills")}
    adopt({row.name: row.version for row in rows.values() if row.kind == Agent.Kind.A2A})
    found: dict[str, Unavailable] = {}
    for skill_id, able in _by_skill().items():
        known = [rows[agent.name] for agent in able if agent.name in rows]
        if not any(_has_room(Candidate.of(row), len(taken.get(row.name, ()))) for row in known):
            reasons = [_why_unavailable(row) for row in known]
            if reasons:
                found[skill_id] = min(reasons, key=lambda reason: (not reason.is_busy, reason.until is None))
    return found


def _why_unavailable(row: Agent) -> Unavailable:
    title = title_of(row.name)
    if not row.is_enabled:
        return Unavailable(row.name, f"{title}: switched off{_by(row)}")
    if row.status == Agent.Status.OFFLINE:
        why = f" ({row.problem})" if row.problem else ""
        return Unavailable(row.name, f"{title}: out of reach{why}")
    if row.is_draining:
        return Unavailable(row.name, f"{title}: draining{_by(row, ',')}")
    if row.status == Agent.Status.ERROR:
        until = row.last_error_at + COOL_DOWN if row.last_error_at else None
        text = f"{title}: failed {row.consecutive_errors} times in a row"
        return Unavailable(row.name, text, is_unhealthy=True, until=until)
    return Unavailable(row.name, f"{title}: busy with other work", is_busy=True)


def _by(row: Agent, comma: str = "") -> str:
    """Who took it out of service, and why, where that is known."""
    by = f"{comma} by {row.disabled_by}" if row.disabled_by else ""
    return f"{by} ({row.disabled_why})" if row.disabled_why else by


def title_of(agent_name: str) -> str:
    """The name for people: "Clip maker" of "clip_maker"."""
    return agent_name.replace("_", " ").replace("-", " ").capitalize()


def _by_skill() -> dict[str, list[contract.Agent]]:
    able: dict[str, list[contract.Agent]] = {}
    for agent in registered():
        for skill in agent.skills:
            able.setdefault(skill.id, []).append(agent)
            able[f"{agent.name}/{skill.id}"] = [agent]
    return able


def _has_room(row: Candidate, jobs: int) -> bool:
    match row.status:
        case _ if row.is_draining:
            return False
        case Agent.Status.OFFLINE:
            return False
        case Agent.Status.ERROR:
            return row.has_cooled and jobs == 0
        case _:
            return jobs < row.max_concurrent


def missing_for(skill_ids: Iterable[str]) -> list[str]:
    """What is lacking before these skills can be performed, one sentence each; empty when nothing is."""
    return missing_for_each([skill_ids])[0]


def missing_for_each(sets: Iterable[Iterable[str]]) -> list[list[str]]:
    """The same for several sets of skills. Two queries, and those of `refresh`."""
    refresh()
    enabled = set(Agent.objects.filter(is_enabled=True).values_list("name", flat=True))
    by_skill = _by_skill()
    return [
        list(dict.fromkeys(filter(None, (_lacking(skill_id, by_skill, enabled) for skill_id in skill_ids))))
        for skill_ids in sets
    ]


def _lacking(skill_id: str, by_skill: Mapping[str, list[contract.Agent]], enabled: set[str]) -> str:
    able = {agent.name: agent for agent in by_skill.get(skill_id, ())}
    if not able:
        return f"No agent has the skill {skill_id!r}."
    lacks = [agent.missing() for name, agent in able.items() if name in enabled]
    if not lacks:
        return f"{' and '.join(map(title_of, able))} {'is' if len(able) == 1 else 'are'} switched off."
    return "" if "" in lacks else lacks[0]


def check(name: str) -> str:
    """Asks the agent whether it could work now. Returns what it lacks, in a sentence; "" when it is ready.

    Of a remote agent the card is read: it may take some seconds.
    """
    row = Agent.objects.filter(name=name).first()
    if row is not None and row.kind == Agent.Kind.A2A:
        from agents.remote.health import check_agent  # noqa: PLC0415 - the SDK takes a second to load

        async_to_sync(check_agent)(row)
        row.refresh_from_db()
        return row.problem
    try:
        return get(name).missing()
    except AgentNotFound as error:
        return str(error)


def set_enabled(names: Iterable[str], *, is_enabled: bool, by: str = "", why: str = "") -> int:
    """Switches agents on or off, for all processes, effective at once. Returns how many changed.

    `by` (a username) and `why` are shown to those whose work waits for an agent that is off.
    """
    return switches.change(names, by=by, why=why, is_enabled=is_enabled)
