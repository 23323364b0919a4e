"""Keeps the texts of an input that are as long as a book.

The row of a workflow is read and locked at every step, and its input goes to everyone who watches: it has the beginning
of such a text only. The whole of it is read by the task that takes it.
"""

from typing import Any, Final

from django.db.models import QuerySet

from agents.animatic.wording import shortened
from workflows.models import LongText, Workflow
from workflows.pipelines.base import Pipeline

BEGINNING: Final = 2_000  # characters that are shown of a text that is kept apart

Json = dict[str, Any]


def parted(recipe: Pipeline, given: Json) -> tuple[Json, dict[str, str]]:
    """The input as it is shown, and by field the texts that are kept apart because they are longer."""
    texts = {field: given[field] for field in recipe.long_fields if len(given[field]) > BEGINNING}
    return {**given, **{field: shortened(text, BEGINNING) for field, text in texts.items()}}, texts


def keep(workflow: Workflow, texts: dict[str, str]) -> None:
    """Writes the texts of a workflow that has just been saved."""
    LongText.objects.bulk_create(
        LongText(workflow=workflow, field=field, text=text, size=len(text.encode())) for field, text in texts.items()
    )


def whole(workflow: Workflow, recipe: Pipeline, field: str) -> object:
    """A field of the input, as it was given."""
    if field in recipe.long_fields:
        text = _of(workflow).filter(field=field).values_list("text", flat=True).first()
        if text is not None:
            return text
    return recipe.value_of(workflow.input, field)


def inherited(source: Workflow, new: Workflow, texts: dict[str, str]) -> dict[str, str]:
    """The texts of a rerun: a field that holds what is shown of the earlier workflow's means the whole of that."""
    before = dict(_of(source).values_list("field", "text"))
    return {
        **texts,
        **{
            field: text
            for field, text in before.items()
            if field not in texts and new.input[field] == source.input[field]
        },
    }


def changed(source: Workflow, texts: dict[str, str]) -> set[str]:
    """The fields whose texts are others than those of an earlier workflow."""
    before = dict(_of(source).values_list("field", "text"))
    return {field for field, text in texts.items() if before.get(field) != text}


def _of(workflow: Workflow) -> QuerySet[LongText]:
    return LongText.objects.filter(workflow_id=workflow.pk)
