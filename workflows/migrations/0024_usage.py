"""Counts what models take: per attempt, task and workflow, and by model. Null columns: a server of the version before may still write."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `usage`, `Workflow.budget` and ModelTotals."""

    dependencies = [
        ("workflows", "0023_long_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelTotals",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(max_length=100, unique=True)),
                ("calls", models.PositiveBigIntegerField(default=0)),
                ("prompt_tokens", models.PositiveBigIntegerField(default=0)),
                ("completion_tokens", models.PositiveBigIntegerField(default=0)),
                ("pictures", models.PositiveBigIntegerField(default=0)),
                ("video_seconds", models.FloatField(default=0.0)),
                ("speech_characters", models.PositiveBigIntegerField(default=0)),
                ("cost", models.FloatField(default=0.0)),
            ],
            options={
                "ordering": ["model"],
            },
        ),
        migrations.AddField(
            model_name="attempt",
            name="usage",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="usage",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="workflow",
            name="budget",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="workflow",
            name="usage",
            field=models.JSONField(null=True),
        ),
    ]
