"""The Celery application, for `celery -A project worker -Q make_clip,edit_video`. See docs/operating.md."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

import django

django.setup()

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from workflows.runners.celery import app

__all__ = ["app"]

if settings.RUNNER != "celery":
    raise ImproperlyConfigured(f"RUNNER is {settings.RUNNER!r}; Celery's workers expect celery, as the servers do.")
