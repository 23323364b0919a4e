"""What the studios' calls of models take reaches the job that they are for, whatever becomes of the answer."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from msgspec.structs import replace
from PIL import Image

from agents import usage
from agents.animatic import film
from agents.contract import AgentError, BudgetReached, FolderJob
from agents.prices import cost_of, read_prices
from agents.studio.openai import video
from agents.studio.openai.images import OpenAIImages
from agents.studio.openai.text import OpenAIText
from agents.studio.openai.video import OpenAIVideo
from agents.usage import Usage
from project import env
from tests.agents.openai_server import COMPLETION_TOKENS, PROMPT_TOKENS, Provider, hangs, says, sends, status
from tests.agents.roles import SHOT
from tests.fixtures.openai_provider import Reports, Stopped

CHAT = "/chat/completions"
CALL = Usage(model="text-model", prompt_tokens=PROMPT_TOKENS, completion_tokens=COMPLETION_TOKENS)
BRIEF = replace(SHOT, seconds=5.0)


class CountingJob(FolderJob):
    """Its budget is reached when the test says so."""

    is_poor = False

    def check_budget(self) -> None:
        if self.is_poor:
            raise BudgetReached("The budget of this film is reached.")


@pytest.fixture
def job(tmp_path: Path) -> Iterator[CountingJob]:
    """The job that all calls of this test are for."""
    job = CountingJob(skill="any", input={}, workdir=tmp_path, folder=tmp_path)
    with usage.metered(job):
        yield job


@pytest.fixture
def plan(provider: Provider, reports: Reports) -> Callable[[], film.Plan]:
    """Asks the text model."""
    return lambda: OpenAIText().plan_idea("A keeper waits.", requirement="", style="", scenes=2, report=reports)


def test_tokens_are_those_that_the_provider_says(job: CountingJob, plan: Callable[[], film.Plan]) -> None:
    plan()
    assert job.used == [CALL]


def test_an_answer_that_is_of_no_use_is_counted_too(
    job: CountingJob, plan: Callable[[], film.Plan], provider: Provider
) -> None:
    provider.next(CHAT, says("{}"), says(None, refusal="I'd rather not."))
    with pytest.raises(AgentError):
        plan()
    assert job.used == [CALL, CALL]


def test_an_error_of_the_provider_is_not_counted(
    job: CountingJob, plan: Callable[[], film.Plan], provider: Provider
) -> None:
    provider.next(CHAT, status(401))
    with pytest.raises(AgentError):
        plan()
    assert job.used == []


def test_where_the_provider_says_no_tokens_they_are_estimated(
    job: CountingJob, plan: Callable[[], film.Plan], provider: Provider
) -> None:
    answer = json.dumps({"title": "T", "logline": "l", "genre": "g", "tone": "t", "time": "now", "place": "here"})
    raw = json.dumps({"choices": [{"message": {"content": answer}}]}).encode()
    provider.next(CHAT, sends(raw))
    plan()
    asked = sum(len(message["content"]) for message in provider.seen[0].body["messages"])
    assert job.used == [Usage(model="text-model", prompt_tokens=asked // 4, completion_tokens=len(raw) // 4)]


def test_nothing_is_counted_for_a_job_that_was_stopped_before_the_answer(
    job: CountingJob, plan: Callable[[], film.Plan], provider: Provider, reports: Reports
) -> None:
    provider.next(CHAT, hangs)
    reports.stop_when = lambda: bool(provider.seen)
    with pytest.raises(Stopped):
        plan()
    assert job.used == []


def test_with_its_budget_reached_no_studio_asks_a_model(
    job: CountingJob, plan: Callable[[], film.Plan], provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    job.is_poor = True
    picture = tmp_path / "first.png"
    Image.new("RGB", (1280, 720)).save(picture)
    with pytest.raises(BudgetReached):
        plan()
    with pytest.raises(BudgetReached):
        draw(tmp_path, reports)
    with pytest.raises(BudgetReached):
        OpenAIVideo().clip(BRIEF, first=picture, last=None, style="", to=tmp_path / "c.mp4", report=reports)
    assert provider.seen == []


def draw(folder: Path, reports: Reports) -> None:
    """A frame without references."""
    OpenAIImages().frame(
        SHOT, is_last=False, variant=0, cast=[], references=[], style="", to=folder / "f.jpg", report=reports
    )


def test_a_picture_is_counted_with_the_tokens_that_it_took(
    job: CountingJob, provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    draw(tmp_path, reports)
    provider.next("/images/generations", sends(b'{"data": [], "usage": {"input_tokens": 50, "output_tokens": 1056}}'))
    with pytest.raises(AgentError):
        draw(tmp_path, reports)
    plain = Usage(model="image-model", pictures=1)
    assert job.used == [plain, Usage(model="image-model", prompt_tokens=50, completion_tokens=1056, pictures=1)]


def test_a_clip_is_counted_by_the_seconds_that_were_ordered(
    job: CountingJob, provider: Provider, reports: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "POLL_SECONDS", 0.02)
    picture = tmp_path / "first.png"
    Image.new("RGB", (1280, 720)).save(picture)
    OpenAIVideo().clip(BRIEF, first=picture, last=None, style="", to=tmp_path / "c.mp4", report=reports)
    assert job.used == [Usage(model="video-model", video_seconds=8)]


# --- prices ---------------------------------------------------------------------------------------

SAID = "gpt-4o-mini=0.15/0.60, gpt-image-1=0.04 per picture, gpt-image-1=5/40 per million tokens, sora-2=0.10 per second, tts-1=15 per million characters"


@pytest.mark.parametrize(
    ("used", "cost"),
    [
        (Usage(model="gpt-4o-mini", prompt_tokens=1_000_000, completion_tokens=500_000), 0.45),
        (Usage(model="gpt-image-1", pictures=3), 0.12),
        (Usage(model="gpt-image-1", pictures=1, prompt_tokens=100, completion_tokens=1_000), 0.0805),
        (Usage(model="sora-2", video_seconds=8), 0.8),
        (Usage(model="tts-1", speech_characters=2_000), 0.03),
        (Usage(model="tts-1", pictures=1), None),
        (Usage(model="gpt-5", pictures=1), None),
    ],
)
def test_a_call_costs_what_the_prices_say(used: Usage, cost: float | None) -> None:
    assert cost_of(used, read_prices(SAID.split(","))) == cost


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("gpt=cheap", "gpt=cheap"),
        ("0.15/0.60", "0.15/0.60"),
        ("a=1/2, b=3", "b=3"),
        ("a=-1/2", "a=-1/2"),
        ("a=1 per image", "a=1 per image"),
        ("a=1/2, a=3/4", "a=3/4"),
        ("a=1e9/2", "a=1e9/2"),
    ],
)
def test_a_price_that_is_none_is_told_at_the_start(said: str, entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_PRICES", said)
    with pytest.raises(ImproperlyConfigured, match=f"OPENAI_PRICES is {entry!r}; expected model=IN/OUT"):
        env.prices("OPENAI_PRICES")


@pytest.mark.parametrize("amount", ["-1", "nan", "inf", "ten"])
def test_a_budget_is_an_amount_of_money(amount: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDGET_PER_FILM", amount)
    with pytest.raises(ImproperlyConfigured, match=r"BUDGET_PER_FILM is .*; expected an amount of money"):
        env.amount("BUDGET_PER_FILM", 0.0)


def test_a_currency_has_three_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICE_CURRENCY", "$")
    with pytest.raises(ImproperlyConfigured, match="three letters"):
        env.currency("PRICE_CURRENCY", "USD")
