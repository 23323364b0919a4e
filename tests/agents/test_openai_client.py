"""The line to the provider: patience, pace, an end to everything, and words instead of raw errors."""

import asyncio
import logging
import multiprocessing
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from openai import AsyncOpenAI, OpenAIError
from pytest_django import Settings

from agents.contract import AgentError, ProviderUnavailable, UnusableInput
from agents.studio.openai import bounds, client
from tests.agents.openai_server import (
    DROPPED_SECONDS,
    KEY,
    Provider,
    breaks_off,
    hangs,
    packed,
    says,
    sends,
    status,
    trickles,
)
from tests.fixtures.openai_provider import Reports, Stopped
from tests.waiting import TIMEOUT_SECONDS

CHAT = "/chat/completions"


async def hello(ai: AsyncOpenAI) -> str | None:
    """The smallest question."""
    answer = await ai.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello"}])
    return answer.choices[0].message.content


def ask() -> str | None:
    return client.endpoint().ask(hello, waiting=lambda: None)


def refusal() -> AgentError:
    with pytest.raises(AgentError) as caught:
        ask()
    return caught.value


def test_an_answer_comes_back_and_the_key_goes_only_into_the_header(provider: Provider) -> None:
    provider.next(CHAT, says("Hi"))
    assert ask() == "Hi"
    (seen,) = provider.seen
    assert seen.headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in f"{seen.path}{seen.body}"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (401, "Check OPENAI_API_KEY"),
        (402, "no credit"),
        (403, "does not allow"),
        (404, "Check OPENAI_BASE_URL"),
        (413, "too much at once"),
        (400, "refused the request (400): No."),
        (422, "refused the request (422)"),
    ],
)
def test_what_cannot_get_better_is_asked_once_and_explained(provider: Provider, code: int, expected: str) -> None:
    provider.always(CHAT, status(code))
    error = refusal()
    assert expected in error.message
    assert not error.retryable
    assert not isinstance(error, ProviderUnavailable)
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [(500, "fault of its own (500)"), (503, "(503)"), (429, "slow down"), (408, "gave up"), (409, "busy")],
)
def test_what_may_get_better_is_tried_three_times(provider: Provider, code: int, expected: str) -> None:
    provider.always(CHAT, status(code))
    error = refusal()
    assert expected in error.message
    assert error.retryable
    assert isinstance(error, ProviderUnavailable)
    assert len(provider.seen) == client.TRIES


def test_a_passing_fault_is_not_noticed(provider: Provider) -> None:
    provider.next(CHAT, status(500), status(503), says("Hi"))
    assert ask() == "Hi"


def test_the_wait_that_the_provider_asks_for_is_kept(provider: Provider) -> None:
    provider.next(CHAT, status(429, Retry_After="0.4"), says("Hi"))
    assert ask() == "Hi"
    first, second = provider.seen
    assert second.at - first.at >= 0.4


def test_a_long_wait_gives_the_job_back_with_the_time_to_wait(provider: Provider) -> None:
    provider.always(CHAT, status(429, Retry_After="120"))
    error = refusal()
    assert (error.retryable, error.retry_after, len(provider.seen)) == (True, 120.0, 1)


def test_a_wait_until_a_date_is_understood(provider: Provider) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    provider.always(CHAT, status(503, Retry_After=until))
    assert 80 < (refusal().retry_after or 0) <= 90


@pytest.mark.parametrize("nonsense", ["soon", "nan", "-5", "inf", ""])
def test_a_wait_that_makes_no_sense_is_ignored(provider: Provider, nonsense: str) -> None:
    provider.next(CHAT, status(500, Retry_After=nonsense), says("Hi"))
    assert ask() == "Hi"


def test_an_account_without_credit_is_not_asked_again(provider: Provider) -> None:
    provider.always(CHAT, status(429, error_code="insufficient_quota"))
    assert "no credit" in refusal().message
    assert len(provider.seen) == 1


def test_a_violation_of_the_content_rules_is_reported_as_one(provider: Provider) -> None:
    provider.always(CHAT, status(400, error_code="content_policy_violation"))
    error = refusal()
    assert "content rules" in error.message
    assert isinstance(error, UnusableInput)  # the provider is well


def test_the_provider_may_forbid_another_try(provider: Provider) -> None:
    provider.always(CHAT, status(500, x_should_retry="false"))
    assert not refusal().retryable
    assert len(provider.seen) == 1


def test_a_provider_that_stays_silent_is_given_up(provider: Provider, settings: Settings) -> None:
    settings.OPENAI_TIMEOUT_SECONDS = 0.2
    provider.always(CHAT, hangs)
    error = refusal()
    assert error.message == "The AI provider did not answer within 0.2 s."
    assert error.retryable
    assert isinstance(error, ProviderUnavailable)


def test_an_answer_that_trickles_in_without_end_is_given_up(provider: Provider, settings: Settings) -> None:
    settings.OPENAI_TIMEOUT_SECONDS = 0.3
    provider.always(CHAT, trickles)
    assert "did not answer within 0.3 s" in refusal().message
    assert provider.dropped.wait(DROPPED_SECONDS)


def test_an_answer_that_breaks_off_is_reported(provider: Provider) -> None:
    provider.always(CHAT, breaks_off)
    error = refusal()
    assert error.message == "The connection to the AI provider broke off."
    assert error.retryable
    assert isinstance(error, ProviderUnavailable)


def test_an_unreachable_provider_is_reported(provider: Provider, settings: Settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.OPENAI_BASE_URL = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        error = refusal()
    assert error.message == "The provider is unreachable. Check the network and OPENAI_BASE_URL."
    assert error.retryable
    assert isinstance(error, ProviderUnavailable)


def test_a_stop_in_mid_request_is_noticed_before_the_answer_and_closes_the_connection(
    provider: Provider, reports: Reports
) -> None:
    provider.always(CHAT, hangs)
    reports.stop_when = lambda: provider.seen
    with pytest.raises(Stopped):
        client.endpoint().ask(hello, waiting=lambda: reports(0.0, ""))
    assert provider.dropped.wait(DROPPED_SECONDS)


def test_waiting_is_reported_again_and_again_until_there_is_an_answer(provider: Provider) -> None:
    assert client.TICK_SECONDS <= 0.25
    reported = 0

    def waiting() -> None:
        nonlocal reported
        reported += 1
        if reported == 4:
            provider.closing.set()

    provider.always(CHAT, hangs)
    with pytest.raises(AgentError):
        client.endpoint().ask(hello, waiting=waiting)
    assert reported >= 4


def test_a_stop_while_waiting_for_the_next_try_asks_no_more(provider: Provider, reports: Reports) -> None:
    provider.always(CHAT, status(429, Retry_After="20"))
    reports.stop_when = lambda: provider.seen
    with pytest.raises(Stopped):
        client.endpoint().ask(hello, waiting=lambda: reports(0.0, ""))
    assert len(provider.seen) == 1


def test_nothing_secret_reaches_a_message_or_the_log(
    provider: Provider, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    leaks = f"Key {KEY} at https://user:hunter2@api.example.org/v1 with Bearer abc.def.ghi and sk-proj-1234567890abcdef"
    settings.OPENAI_BASE_URL = provider.base_url.replace("://", "://user:hunter2@")
    messages = []
    for code in (400, 401, 422, 429, 500):
        provider.always(CHAT, status(code, leaks))
        messages.append(refusal().message)
    written = "\n".join([*messages, caplog.text, *(str(record.args) for record in caplog.records)])
    for secret in (KEY, "hunter2", "abc.def.ghi", "sk-proj-1234567890abcdef"):
        assert secret not in written
    assert "Trying again" in caplog.text


def test_a_long_complaint_of_the_provider_is_cut(provider: Provider) -> None:
    provider.always(CHAT, status(400, "no good " * 1_000))
    assert len(refusal().message) < 300


def test_a_refusal_without_a_message_is_reported(provider: Provider) -> None:
    provider.always(CHAT, status(400, ""))
    assert "it did not say why" in refusal().message


@pytest.mark.parametrize("requests_per_minute", [1, 2, 7, 60, 1_000])
async def test_the_pace_never_lets_more_than_the_limit_through_in_a_minute(requests_per_minute: int) -> None:
    limiter = client.pace(requests_per_minute)
    burst = limiter.max_rate
    assert burst + burst / limiter.time_period * 60 <= max(requests_per_minute, 2)


def test_all_threads_share_one_pace(provider: Provider, settings: Settings) -> None:
    settings.OPENAI_REQUESTS_PER_MINUTE = 600  # 60 at once, then 9 a second
    provider.always(CHAT, says("Hi"))
    threads = [threading.Thread(target=lambda: [ask() for _ in range(16)]) for _ in range(4)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(provider.seen) == 64
    assert time.monotonic() - began >= 0.4  # the last four had to wait


def test_retries_wait_for_their_turn_too(provider: Provider, settings: Settings) -> None:
    settings.OPENAI_REQUESTS_PER_MINUTE = 100  # 10 at once, then one every 0.67 s
    provider.always(CHAT, status(500))
    for _ in range(3):
        refusal()
    began = time.monotonic()
    refusal()
    assert len(provider.seen) == 12
    assert time.monotonic() - began >= 0.6


def test_the_connection_is_the_same_for_the_same_settings(provider: Provider, settings: Settings) -> None:
    first = client.endpoint()
    assert client.endpoint() is first
    settings.OPENAI_API_KEY = "another"
    assert client.endpoint() is not first


def test_each_missing_variable_is_named(settings: Settings) -> None:
    settings.OPENAI_API_KEY = settings.OPENAI_TEXT_MODEL = ""
    assert client.missing("OPENAI_TEXT_MODEL") == "OPENAI_API_KEY is not set. OPENAI_TEXT_MODEL is not set."
    settings.OPENAI_API_KEY = "key"
    assert client.missing("OPENAI_TEXT_MODEL") == "OPENAI_TEXT_MODEL is not set."
    settings.OPENAI_TEXT_MODEL = "model"
    assert client.missing("OPENAI_TEXT_MODEL") == ""


def test_a_bug_of_ours_is_not_dressed_up_as_the_providers(provider: Provider) -> None:
    async def broken(_: AsyncOpenAI) -> None:
        await asyncio.sleep(0)
        raise KeyError("ours")

    with pytest.raises(KeyError):
        client.endpoint().ask(broken, waiting=lambda: None)


def test_an_impossible_key_or_address_is_reported_before_it_is_used(provider: Provider, settings: Settings) -> None:
    settings.OPENAI_API_KEY = "sk-schl\u00fcssel\n"
    settings.OPENAI_BASE_URL = "api.example.org"
    error = refusal()
    assert error.message == (
        "OPENAI_API_KEY holds characters that no key has. "
        "OPENAI_BASE_URL is no address: it must begin with https:// or http://."
    )
    assert provider.seen == []


def test_without_a_key_nothing_is_asked(provider: Provider, settings: Settings) -> None:
    settings.OPENAI_API_KEY = ""
    assert refusal().message == "OPENAI_API_KEY is not set."


def test_an_answer_that_the_client_cannot_read_may_be_retried(provider: Provider) -> None:
    async def unreadable(_: AsyncOpenAI) -> None:
        raise OpenAIError("odd https://user:hunter2@example.org")

    with pytest.raises(AgentError, match="could not be read: odd …") as caught:
        client.endpoint().ask(unreadable, waiting=lambda: None)
    assert caught.value.retryable


def test_a_forked_worker_opens_its_own_line(provider: Provider) -> None:
    provider.always(CHAT, says("Hi"))
    ask()
    child = multiprocessing.get_context("fork").Process(target=ask)
    child.start()
    child.join(TIMEOUT_SECONDS)
    assert child.exitcode == 0
    assert len(provider.seen) == 2


def test_what_never_ends_does_not_keep_the_process_from_ending(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "FAREWELL_SECONDS", 0.1)
    provider.always(CHAT, hangs)
    asked = client.endpoint().begin(hello)
    while not provider.seen:
        time.sleep(0.01)
    client.close()
    assert asked.cancelled()


def test_a_packed_answer_is_refused_before_it_is_unpacked(provider: Provider) -> None:
    """0.58 MB became 2.9 GB."""
    provider.always(CHAT, packed(b" " * 50_000_000))
    assert "compressed answer" in refusal().message
    assert provider.requests(CHAT)[0].headers["Accept-Encoding"] == "identity"


def test_an_answer_without_end_is_not_read_to_its_end(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 1_000)
    provider.always(CHAT, sends(b" " * 1_000_000))
    assert refusal().message == "The AI provider's answer has more than 1,000 bytes."


def test_an_error_without_end_is_not_read_to_its_end(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 1_000)
    provider.always(CHAT, status(400, "x" * 10_000))
    assert refusal().message == "The AI provider's answer has more than 1,000 bytes."


def test_a_redirect_is_not_followed(provider: Provider) -> None:
    """It could lead our key, or our prompts, anywhere."""
    provider.always(CHAT, status(307, Location=f"{provider.base_url}/elsewhere"))
    assert refusal().message == "The AI provider sends us to another address. Check OPENAI_BASE_URL."
    assert not provider.requests("/elsewhere")
