"""Counts what long texts take. With a default: a server of the version before may still write some, which count as nothing."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, _schema_editor: Any) -> None:  # noqa: ANN401 - Django's, without types of their own
    """Measures those that there are, one at a time: each is as long as a book."""
    texts = apps.get_model("workflows", "LongText").objects
    for key in list(texts.values_list("pk", flat=True)):
        text = texts.filter(pk=key).values_list("text", flat=True).first() or ""
        texts.filter(pk=key).update(size=len(text.encode()))


class Migration(migrations.Migration):
    """Adds `LongText.size`."""

    dependencies = [("workflows", "0025_pictures")]

    operations = [
        migrations.AddField(
            model_name="longtext",
            name="size",
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
