"""Permissions: which workflows a user may see, and which control.

Who shows a workflow token comes with a grant: of what the user may, only what the grant says is left (`restricted`).
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from workflows.models import Workflow

May = Literal["watch", "control"]
Marked = TypeVar("Marked")


class Grant(NamedTuple):
    """One workflow, and what may be done with it."""

    workflow_id: str
    may: May


def restricted(user: User, grant: Grant | None) -> User:
    """The user, who from now on may do only what the grant says; without one as before."""
    user.__dict__["grant"] = grant
    return user


def grant_of(user: User | AnonymousUser) -> Grant | None:
    """What the user is restricted to; None when to nothing."""
    grant: Grant | None = user.__dict__.get("grant")
    return grant


def takes_workflow_tokens(*methods: str) -> Callable[[Marked], Marked]:
    """Marks a view that takes workflow tokens for these methods, because it asks this module. All others refuse them."""

    def mark(view: Marked) -> Marked:
        getattr(view, "cls", view).workflow_token_methods = methods  # type: ignore[union-attr]
        return view

    return mark


def visible_to(user: User | AnonymousUser) -> QuerySet[Workflow]:
    """The workflows that `user` may see: their own, or all with the permission `workflows.view_workflow`."""
    if not user.is_active or user.is_anonymous:
        return Workflow.objects.none()
    workflows = Workflow.objects.all() if _may_view(user) else Workflow.objects.filter(owner_id=user.pk)
    grant = grant_of(user)
    return workflows.filter(pk=grant.workflow_id) if grant else workflows


def may_see_all(user: User | AnonymousUser) -> bool:
    """Whether `user` may see the workflows of all."""
    return user.is_active and grant_of(user) is None and _may_view(user)


def _may_view(user: User | AnonymousUser) -> bool:
    return user.has_perm("workflows.view_workflow")


def may_delete(user: User | AnonymousUser, workflow: Workflow) -> bool:
    """Whether `user` may delete it: as its owner, or with `workflows.delete_workflow`."""
    if not user.is_active or grant_of(user):
        return False
    return workflow.owner_id == user.pk or user.has_perm("workflows.delete_workflow")


def may_control(user: User | AnonymousUser, workflow: Workflow) -> bool:
    """Whether `user` may pause, resume, cancel and retry it: as its owner, or with `workflows.control_workflow`."""
    if not user.is_active:
        return False
    if (grant := grant_of(user)) and grant != Grant(str(workflow.pk), "control"):
        return False
    return workflow.owner_id == user.pk or user.has_perm("workflows.control_workflow")
