"""The lists of workflows: which ones somebody sees, searched, filtered, sorted, and in pages. Reads only.

Searching, and sorting by anything but age, look at the newest SEARCHED workflows that fit the filters: what they cost
does not grow with the installation, on either database.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower
from django.http import QueryDict
from msgspec import Struct

from workflows import access, snapshots
from workflows.errors import InvalidInput
from workflows.lifecycle import WorkflowState
from workflows.models import Workflow
from workflows.pipelines import one_step

SEARCHED: Final = 10_000
PAGE_ROWS: Final = 25
MOST_ROWS: Final = 100
SEARCH_LENGTH: Final = 100  # characters of what is looked for
SEARCH_WORDS: Final = 8
SORTS: Final = tuple(sign + name for name in ("created_at", "finished_at", "title", "progress") for sign in ("-", ""))

Json = dict[str, Any]


class ListQuery(Struct, frozen=True, kw_only=True):
    """What somebody wants to see of the list: words of the title or input, some states, one owner's, in which order."""

    search: str = ""
    states: tuple[str, ...] = ()
    owner: str = ""  # a username
    sort: str = "-created_at"

    @classmethod
    def of(cls, given: QueryDict) -> "ListQuery":
        """As an address has it.

        Raises: InvalidInput.
        """
        states, sort = tuple(given.getlist("state")), given.get("sort") or "-created_at"
        if unknown := set(states) - set(WorkflowState.values):
            raise InvalidInput(f"There is no state {min(unknown)!r}.", fields={"state": "No such state."})
        if sort not in SORTS:
            raise InvalidInput(f"Sort by one of {', '.join(SORTS)}.", fields={"sort": "No such order."})
        search = given.get("search", "").strip()
        if len(search) > SEARCH_LENGTH or "\0" in search:
            message = f"Look for a text of at most {SEARCH_LENGTH} characters."
            raise InvalidInput(message, fields={"search": message})
        return cls(search=search, states=states, owner=given.get("owner", "").replace("\0", ""), sort=sort)


def listed(user: User, query: ListQuery = ListQuery()) -> QuerySet[Workflow]:  # noqa: B008 - it is frozen
    """The workflows of a list, in its order; without single tasks of agents, which came over A2A."""
    workflows = _without_agent_tasks(access.visible_to(user))
    if query.states:
        workflows = workflows.filter(state__in=query.states)
    if query.owner:
        workflows = workflows.filter(owner__username=query.owner)
    if query.search or query.sort.lstrip("-") != "created_at":
        workflows = _newest(workflows)
    return _searched(workflows, query.search).order_by(*_order(query.sort))


def first_page(user: User) -> Json:
    """The first page of the newest workflows that the user may see, as GET /api/workflows/ has it."""
    workflows = listed(user)
    count, rows = workflows.count(), snapshots.workflow_summaries(_keys(workflows[:PAGE_ROWS]))
    following = "/api/workflows/?page=2" if count > PAGE_ROWS else None
    return {"count": count, "next": following, "previous": None, "results": rows}


def rows(workflow_ids: Collection[str], owners: Collection[int] | None) -> list[tuple[int, Json]]:
    """The rows of those of these workflows that lists show, each with the id of its owner. `owners`: only theirs."""
    workflows = _without_agent_tasks(Workflow.objects.filter(pk__in=workflow_ids))
    if owners is not None:
        workflows = workflows.filter(owner__in=owners)
    owner_of = {str(key): owner for key, owner in workflows.order_by().values_list("pk", "owner_id")}
    return [(owner_of[row["id"]], row) for row in snapshots.workflow_summaries([UUID(key) for key in owner_of])]


def _without_agent_tasks(workflows: QuerySet[Workflow]) -> QuerySet[Workflow]:
    return workflows.exclude(pipeline__startswith=one_step.PREFIX)


def _keys(workflows: QuerySet[Workflow]) -> Sequence[UUID]:
    return list(workflows.values_list("pk", flat=True))


def _newest(workflows: QuerySet[Workflow]) -> QuerySet[Workflow]:
    """The newest SEARCHED of them. By their age, not by their keys: that is a range in an index."""
    ages = workflows.order_by("-created_at", "-pk").values_list("created_at", flat=True)
    oldest = ages[SEARCHED - 1 : SEARCHED].first()
    return workflows if oldest is None else workflows.filter(created_at__gte=oldest)


def _searched(workflows: QuerySet[Workflow], search: str) -> QuerySet[Workflow]:
    for word in search.split()[:SEARCH_WORDS]:
        workflows = workflows.filter(Q(title__icontains=word) | Q(search_text__contains=word.casefold()))
    return workflows


def _order(sort: str) -> list[OrderBy]:
    """Those that have not ended come last, whichever way."""
    column = Lower("title") if sort.endswith("title") else F(sort.lstrip("-"))
    nulls_last = True if sort.endswith("finished_at") else None
    if sort.startswith("-"):
        return [column.desc(nulls_last=nulls_last), F("pk").desc()]
    return [column.asc(nulls_last=nulls_last), F("pk").asc()]
