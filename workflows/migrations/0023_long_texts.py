"""Keeps long texts of inputs apart from the workflow: a new table, which a server of the version before does not know and does not need."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `LongText`."""

    dependencies = [("workflows", "0022_traceparent")]

    operations = [
        migrations.CreateModel(
            name="LongText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=64)),
                ("text", models.TextField()),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="long_texts",
                        to="workflows.workflow",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("workflow", "field"), name="long_text_once_per_field")],
            },
        ),
    ]
