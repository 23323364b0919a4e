"""Pictures that users bring along: kept, given to the workflows that name them, and deleted when none uses them.

An input names them in fields of the format "picture-id". A picture lies in the storage of artifacts. While a workflow
uses it, the workflow's tasks may fetch it; it is deleted with the last of these workflows, or when it has been in none for a day.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils import timezone

from agents import schemas
from agents.errors import TargetNotFound
from agents.uploads import Upload
from workflows import quotas
from workflows.artifacts.storage import AtomicFileSystemStorage
from workflows.errors import InvalidInput, PictureInUse
from workflows.models import Picture, PictureUse, Workflow, artifact_storage
from workflows.pipelines.base import Pipeline

log = logging.getLogger(__name__)

PICTURE_ID_FORMAT: Final = "picture-id"
UNUSED_DAYS: Final = 1  # for which a picture waits for the first workflow that uses it

Json = dict[str, Any]


# --- bringing and taking away ---------------------------------------------------------------------


def add(upload: Upload, *, owner: User) -> Picture:
    """Keeps a picture.

    Raises: TooManyPictures, StorageLimitExceeded.
    """
    picture = Picture(owner=owner, size=len(upload.content), width=upload.width, height=upload.height)
    quotas.check_new_picture(owner)  # before anything is written
    # The file first: without its row nobody refers to it.
    picture.file.save("picture", ContentFile(upload.content), save=False)
    try:
        with transaction.atomic():
            quotas.check_new_picture(owner)
            picture.save(force_insert=True)
    except BaseException:
        _delete_file(str(picture.pk), str(picture.file.name))
        raise
    return picture


def of(owner: User, picture_id: UUID) -> Picture:
    """A picture of this user.

    Raises: TargetNotFound, also for those of others.
    """
    picture = Picture.objects.filter(pk=picture_id, owner_id=owner.pk).first()
    if picture is None:
        raise TargetNotFound("There is no such picture, or it is not yours.")
    return picture


def remove(picture: Picture) -> None:
    """Deletes a picture that no workflow uses.

    Raises: PictureInUse.
    """
    if not _removed(picture.pk):
        raise PictureInUse


def remove_unused() -> None:
    """Deletes the pictures that were brought a day ago and are in no workflow."""
    before = timezone.now() - timedelta(days=UNUSED_DAYS)
    unused = Picture.objects.filter(created_at__lt=before, uses=None).order_by("created_at")
    gone = sum(map(_removed, unused.values_list("pk", flat=True)))
    if gone:
        log.info("Retention: %d unused pictures were deleted.", gone)


def _removed(picture_id: UUID) -> bool:
    """Deletes it, unless a workflow uses it. Its row is locked: a workflow that begins with it now waits, and finds it gone."""
    with transaction.atomic():
        picture = Picture.objects.select_for_update().filter(pk=picture_id).first()
        if picture is None or picture.uses.exists():
            return False
        picture.delete()
        return True


# --- workflows ------------------------------------------------------------------------------------


def use(workflow: Workflow, recipe: Pipeline, *, reused: Collection[UUID] = ()) -> None:
    """Keeps the pictures that the input of a workflow names for it. To be called in the transaction that creates it.

    They must be its owner's, or `reused`: those of the workflow of which it takes over what was made with them.
    Raises: InvalidInput.
    """
    named = named_in(workflow.input, recipe)
    wanted = {*named.values(), *map(str, reused)}
    if not wanted:
        return
    mine = Picture.objects.select_for_update().order_by("pk").filter(pk__in=_ids(wanted))
    known = {
        str(picture.pk): picture for picture in mine if picture.owner_id == workflow.owner_id or picture.pk in reused
    }
    unknown = [number for number, picture_id in enumerate(named.values(), 1) if picture_id not in known]
    if unknown:
        which = ", ".join(map(str, unknown))
        message = f"Picture {which} is not there any more, or not yours: add it again."
        raise InvalidInput(
            message, fields=dict.fromkeys({field for (field, _), i in named.items() if i not in known}, message)
        )
    PictureUse.objects.bulk_create(PictureUse(picture=picture, workflow=workflow) for picture in known.values())


def named_in(given: Json, recipe: Pipeline) -> dict[tuple[str, int], str]:
    """The pictures that an input names, by field and number."""
    found: dict[tuple[str, int], str] = {}
    for field, value in given.items():
        schema = {"properties": {field: schemas.fields_of(recipe.input_schema).get(field, {})}}
        for number, picture_id in enumerate(schemas.references(schema, {field: value}, of_format=PICTURE_ID_FORMAT)):
            found[field, number] = picture_id
    return found


def used_by(workflow: Workflow) -> set[UUID]:
    """The ids of the pictures that a workflow uses."""
    return set(PictureUse.objects.filter(workflow_id=workflow.pk).values_list("picture_id", flat=True))


def _ids(texts: Iterable[str]) -> list[UUID]:
    """Those that are ids."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


# --- deletion -------------------------------------------------------------------------------------


@receiver(pre_delete, sender=Workflow, dispatch_uid="pictures.of_workflow")
def _remove_with_workflow(instance: Workflow, **_: Any) -> None:
    mine = used_by(instance)

    def remove_pictures() -> None:  # not a partial: Django needs its name to log an error
        for picture_id in mine:
            _removed(picture_id)

    if mine:
        transaction.on_commit(remove_pictures, robust=True)


@receiver(post_delete, sender=Picture, dispatch_uid="pictures.file")
def _remove_file(instance: Picture, **_: Any) -> None:
    folder, name = str(instance.pk), str(instance.file.name)

    def remove_file() -> None:
        _delete_file(folder, name)

    transaction.on_commit(remove_file, robust=True)


def _delete_file(folder: str, name: str) -> None:
    storage = artifact_storage()
    storage.delete(name)
    if isinstance(storage, AtomicFileSystemStorage):  # others have no folders
        storage.remove_folder(folder)
