"""Finds workflows by the beginning of their input, and by when they ended."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

ROWS_AT_ONCE = 500
CHARACTERS = 500


def fill(apps: Any, _schema_editor: object) -> None:  # noqa: ANN401 - Django's registry of historical models
    """Takes the text of each input, a few hundred rows at once: an input may be a whole novel."""
    workflows = apps.get_model("workflows", "Workflow").objects
    changed = []
    for workflow in workflows.only("pk", "input").order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        texts = (value[:CHARACTERS] for value in workflow.input.values() if isinstance(value, str))
        workflow.search_text = " ".join(" ".join(texts).casefold().split())[:CHARACTERS]
        workflow.input = None
        changed.append(workflow)
        if len(changed) == ROWS_AT_ONCE:
            workflows.bulk_update(changed, ["search_text"])
            changed.clear()
    workflows.bulk_update(changed, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("workflows", "0017_event_progress")]

    operations = [
        migrations.AddField(
            model_name="workflow",
            name="search_text",
            field=models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="workflow",
            index=models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="workflow_by_end"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["workflow"], condition=Q(state="input_required"), name="task_asking"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
