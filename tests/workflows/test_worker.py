"""`manage.py worker`, as it is called in a terminal."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.django_db
def test_a_skill_that_no_agent_has_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CommandError, match=r"No agent has the skill 'juggle'\. There are: .*make_clip"):
        call_command("worker", "--skills", "make_clip,juggle")


@pytest.mark.django_db
def test_a_worker_without_threads_is_refused() -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("worker", "--threads", "0")
