"""The error root: codes, default messages, and what one instance may override."""

import pytest

from agents.contract import AgentError, UnusableInput
from agents.errors import CallboardError


class Busy(CallboardError):
    """All agents are busy. Try again later."""

    http_status = 429
    retryable = True


class Renamed(Busy):
    """Its class has another name than its code."""

    error_type = "Busy"


@pytest.mark.parametrize(
    ("kind", "code"),
    [(CallboardError, "CallboardError"), (Busy, "Busy"), (Renamed, "Busy"), (UnusableInput, "UnusableInput")],
)
def test_the_code_is_the_name_of_the_class_unless_it_declares_another(kind: type[CallboardError], code: str) -> None:
    assert (kind.error_type, kind("No.").error_type) == (code, code)


def test_the_docstring_is_the_default_message() -> None:
    assert (Busy().message, str(Busy()), Busy("Wait.").message) == (Busy.__doc__, Busy.__doc__, "Wait.")


def test_an_instance_may_be_retryable_when_its_class_is_not_and_the_other_way_round() -> None:
    assert (Busy().retryable, Busy(retryable=False).retryable) == (True, False)
    assert (AgentError("No.").retryable, AgentError("No.", retryable=True).retryable) == (False, True)


def test_an_error_carries_the_seconds_to_wait_and_a_sentence_for_each_field() -> None:
    error = Busy(retry_after=2.5, fields={"idea": "Idea is missing."})
    assert (error.retry_after, error.fields, Busy().retry_after, Busy().fields) == (
        2.5,
        {"idea": "Idea is missing."},
        None,
        {},
    )
