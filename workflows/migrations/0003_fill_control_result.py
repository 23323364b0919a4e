"""Fills in the results of controls that were resolved before their row held them, from the events."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    Control, Event = apps.get_model("workflows", "Control"), apps.get_model("workflows", "Event")
    for control in Control.objects.exclude(outcome="").filter(resolved_seq=None).select_related("by"):
        events = Event.objects.filter(
            workflow_id=control.workflow_id,
            kind="control_resolved",
            data__request_id=control.request_id,
            data__action=control.action,
            data__outcome=control.outcome,
        )
        # Two users may have chosen the same request_id; and a user may have been renamed since.
        event = events.filter(data__by=control.by.username).first() or events.first()
        if event is None:
            continue
        Control.objects.filter(pk=control.pk).update(
            resolved_state=event.data["state"],
            resolved_seq=event.seq,
            resolved_reason=event.data.get("reason", ""),
            resolved_at=event.created_at,
        )


class Migration(migrations.Migration):
    dependencies = [("workflows", "0002_control_result")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
