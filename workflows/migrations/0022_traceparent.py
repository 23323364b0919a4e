"""Stores the trace that a workflow belongs to. With a default in the database: a server of the version before may still write."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `Workflow.traceparent`."""

    dependencies = [("workflows", "0021_list_indexes")]

    operations = [
        migrations.AddField(
            model_name="workflow",
            name="traceparent",
            field=models.CharField(blank=True, db_default="", default="", max_length=55),
        ),
    ]
