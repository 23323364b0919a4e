"""Counts what models take for a film, and holds it to its budget."""

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import F

from accounts import audit
from agents.contract import BudgetReached
from agents.errors import TargetNotFound
from agents.prices import COST_DIGITS, cost_of
from agents.usage import MODEL_LENGTH, Usage
from workflows import events, transitions
from workflows.bodies import FilmUsage, UsageBody
from workflows.models import Attempt, ModelTotals, Task, Workflow
from workflows.outcomes import Claim

log = logging.getLogger(__name__)

Json = dict[str, Any]
COUNTED = ("prompt_tokens", "completion_tokens", "pictures", "video_seconds", "speech_characters")


def record_usage(claim: Claim, usage: Usage, call: int) -> None:
    """Adds what a call took to its attempt, its task and its workflow, whatever became of the attempt meanwhile.

    `call`: the how manieth call of the attempt it is, from 1: one that has been counted changes nothing, so that it may be
    recorded again after an outage of the database.
    """
    try:
        _record(claim, msgspec.structs.replace(usage, model=usage.model[:MODEL_LENGTH]), call)
    except (TargetNotFound, Attempt.DoesNotExist):
        log.info("The workflow was deleted meanwhile.", extra=claim.log_fields)


def _record(claim: Claim, usage: Usage, call: int) -> None:
    cost = cost_of(usage, settings.OPENAI_PRICES)
    with transitions.transition(claim.workflow) as workflow:
        attempt = (
            Attempt.objects.select_related("task")
            .only("usage", "task", "task__key", "task__usage")
            .get(pk=claim.attempt)
        )
        by_model: Json = attempt.usage or {}
        if sum(each["calls"] for each in by_model.values()) >= call:
            return
        by_model[usage.model] = msgspec.to_builtins(_added(by_model.get(usage.model), usage, cost))
        of_task = _added(attempt.task.usage, usage, cost)
        of_film = FilmUsage(
            **msgspec.structs.asdict(_added(workflow.usage, usage, cost)), budget=budget_of(workflow) or None
        )
        Attempt.objects.filter(pk=attempt.pk).update(usage=by_model)
        Task.objects.filter(pk=attempt.task_id).update(
            usage=msgspec.to_builtins(of_task), changed_seq=workflow.first_new_seq
        )
        workflow.usage = msgspec.to_builtins(of_film)
        events.record(
            workflow,
            events.UsageRecorded(
                task=attempt.task.key, attempt=claim.number, model=usage.model, usage=of_task, total=of_film
            ),
        )
        transaction.on_commit(partial(_count_model, usage, cost))


def _added(sums: Json | None, usage: Usage, cost: float | None) -> UsageBody:
    before = msgspec.convert(sums or {}, UsageBody)
    counts: Json = {name: round(getattr(before, name) + getattr(usage, name), 3) for name in COUNTED}
    return UsageBody(
        **counts,
        calls=before.calls + 1,
        cost=before.cost if cost is None else round((before.cost or 0.0) + cost, COST_DIGITS),
        currency=settings.PRICE_CURRENCY,
        unpriced_calls=before.unpriced_calls + int(cost is None),
    )


def counted_for(claim: Claim, remote_task: str) -> list[Usage]:
    """What the attempts at a task have counted that were about the same task of a remote agent, by model."""
    attempts = Attempt.objects.filter(task__attempts=claim.attempt, remote_task=remote_task)
    return _by_model(attempts.values_list("usage", flat=True)) if remote_task else []


def used_by(workflow: Workflow) -> list[Usage]:
    """What was counted for a workflow so far, by model."""
    return _by_model(Attempt.objects.filter(task__workflow=workflow).values_list("usage", flat=True))


def _by_model(counted: Iterable[Json | None]) -> list[Usage]:
    sums: dict[str, Usage] = {}
    for model, took in (entry for one in counted if one for entry in one.items()):
        before = sums.get(model, Usage(model=model))
        counts: Json = {name: getattr(before, name) + took.get(name, 0) for name in COUNTED}
        sums[model] = Usage(model=model, **counts)
    return [sums[model] for model in sorted(sums)]


def _count_model(usage: Usage, cost: float | None) -> None:
    """For the metrics of the server. A count that is lost in an outage is no reason to stop the work."""
    try:
        row, _ = ModelTotals.objects.get_or_create(model=usage.model)
        counts = {name: F(name) + getattr(usage, name) for name in COUNTED}
        ModelTotals.objects.filter(pk=row.pk).update(calls=F("calls") + 1, cost=F("cost") + (cost or 0.0), **counts)
    except DatabaseError as error:
        log.warning("A call of a model could not be counted for the metrics: %s", error)


def totals(most: int) -> dict[str, dict[str, float]]:
    """What models took in all films so far, by their names; at most so many, the most used first."""
    rows = ModelTotals.objects.order_by("-calls", "model").values("model", "calls", "cost", *COUNTED)[:most]
    return {str(row.pop("model")): row for row in rows}


def budget_of(workflow: Workflow) -> float:
    """What the film may cost; 0: anything."""
    return float(settings.BUDGET_PER_FILM if workflow.budget is None else workflow.budget)


def check_budget(workflow_id: UUID | str) -> None:
    """To be asked before each call of a model that costs.

    A call is counted before its task asks again: so what is spent exceeds the budget by at most one call of each task that
    runs at that time.

    Raises: BudgetReached.
    """
    workflow = Workflow.objects.only("usage", "budget").filter(pk=workflow_id).first()
    if workflow is None:
        return  # it was deleted: the job will be stopped
    budget, spent = budget_of(workflow), (workflow.usage or {}).get("cost") or 0.0
    if budget and spent >= budget:
        currency = settings.PRICE_CURRENCY
        raise BudgetReached(
            f"This film has cost about {_amount(spent)} {currency}, and its budget is {_amount(budget)} {currency}: no more models are "
            "called for it. What is made is kept. An operator can raise the budget (BUDGET_PER_FILM, or in the admin for "
            "this film alone); then a retry goes on from here."
        )


def _amount(money: float) -> str:
    """With two decimals; less than a few cents with two digits that are not 0."""
    return f"{money:,.2f}" if money >= 0.1 else f"{money:.2g}"


def set_budget(*, workflow: Workflow, amount: float | None, by: User) -> None:
    """Sets what this film may cost; 0: anything; None: BUDGET_PER_FILM. What has failed at its budget waits for a retry."""
    Workflow.objects.filter(pk=workflow.pk).update(budget=amount)
    outcome = "as all films" if amount is None else f"{amount:g} {settings.PRICE_CURRENCY}"
    audit.record("budgeted", user=by.get_username(), subject=f"workflow {workflow.pk}", outcome=outcome)
