"""Permissions: which workflows a user may see, and which control."""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from workflows.models import Workflow


def visible_to(user: User | AnonymousUser) -> QuerySet[Workflow]:
    """The workflows that `user` may see: their own, or all with the permission `workflows.view_workflow`."""
    if not user.is_active or user.is_anonymous:
        return Workflow.objects.none()
    if may_see_all(user):
        return Workflow.objects.all()
    return Workflow.objects.filter(owner_id=user.pk)


def may_see_all(user: User | AnonymousUser) -> bool:
    """Whether `user` may see the workflows of all."""
    return user.is_active and user.has_perm("workflows.view_workflow")


def may_delete(user: User | AnonymousUser, workflow: Workflow) -> bool:
    """Whether `user` may delete it: as its owner, or with `workflows.delete_workflow`."""
    return user.is_active and (workflow.owner_id == user.pk or user.has_perm("workflows.delete_workflow"))


def may_control(user: User | AnonymousUser, workflow: Workflow) -> bool:
    """Whether `user` may pause, resume, cancel and retry it: as its owner, or with `workflows.control_workflow`."""
    if not user.is_active:
        return False
    return workflow.owner_id == user.pk or user.has_perm("workflows.control_workflow")
