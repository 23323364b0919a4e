"""Pictures that users bring along, and the workflows that use them. New tables only: a server of the version before never sees them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import workflows.models


class Migration(migrations.Migration):
    """Adds Picture and PictureUse."""

    dependencies = [
        ("workflows", "0024_usage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=workflows.models.artifact_storage,
                        upload_to=workflows.models.picture_path,
                    ),
                ),
                ("size", models.PositiveBigIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="PictureUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="workflows.picture"
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="picture_uses",
                        to="workflows.workflow",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="picture",
            name="workflows",
            field=models.ManyToManyField(
                related_name="pictures", through="workflows.PictureUse", to="workflows.workflow"
            ),
        ),
        migrations.AddConstraint(
            model_name="pictureuse",
            constraint=models.UniqueConstraint(fields=("picture", "workflow"), name="picture_once_per_workflow"),
        ),
        migrations.AddIndex(
            model_name="picture",
            index=models.Index(fields=["created_at"], name="picture_by_age"),
        ),
    ]
