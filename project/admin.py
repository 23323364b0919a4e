"""The admin: its titles, and its page of users."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from workflows.models import Workflow

# What is deleted, how many of each kind, of which kinds it is forbidden, and what is protected.
Deletion = tuple[list[Any], dict[str, int], set[str], list[Any]]

admin.site.site_header = admin.site.site_title = "Callboard"
admin.site.index_title = "Administration"
admin.site.unregister(User)


@admin.register(User)
class OwnerAdmin(UserAdmin):
    """Users. Who owns workflows cannot be deleted before these are: it takes one query to say so."""

    def get_deleted_objects(self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest) -> Deletion:
        """Without gathering every event of every workflow."""
        users = list(objs)
        if Workflow.objects.filter(owner__in=users).exists():
            return [str(user) for user in users], {}, {"workflow"}, []
        return cast(Deletion, super().get_deleted_objects(users, request))
