"""The lines of the log: what can be found in them, and what can not."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from agents.contract import AgentError
from project.logs import FIELDS, JsonLines, Lines, TextLines
from realtime.database import in_thread
from tests.fixtures.connections import Connect
from tests.server import ROOT, Server
from tests.tokens import token_of
from tests.waiting import until
from tests.websocket_client import connected_client
from tests.workflows.sample_pipeline import SampleAgent
from workflows.artifacts.links import signed_artifact_url
from workflows.models import Workflow

Json = dict[str, Any]

ACCESS_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.c2lnbmF0dXJl-_"


class Log(logging.Handler):
    """Keeps what is logged, as JSON lines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines([settings.SECRET_KEY]))
        self.lines: list[Json] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def about(self, message: str) -> Json:
        """The one line with this message."""
        [line] = [line for line in self.lines if line["message"] == message]
        return line

    def has(self, message: str) -> bool:
        return any(line["message"] == message for line in self.lines)


@pytest.fixture
def log() -> Iterator[Log]:
    """All that our own loggers say, from DEBUG on."""
    log = Log()
    loggers = [logging.getLogger("realtime"), logging.getLogger("workflows")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(log)
        logger.setLevel(logging.DEBUG)
    yield log
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(log)
        logger.setLevel(level)


def record(message: str, *given: object, level: int = logging.WARNING, **extra: object) -> logging.LogRecord:
    made = logging.getLogger("x").makeRecord("x", level, __file__, 1, message, given, None, extra=extra)
    made.created = 0.0
    return made


def thrown(error: Exception) -> Any:  # noqa: ANN401 - what logging calls exc_info
    with pytest.raises(type(error)) as caught:
        raise error
    return caught._excinfo


# --- how lines look -------------------------------------------------------------------------------


def test_a_text_line_ends_with_its_fields() -> None:
    line = TextLines().format(record("A client has gone.", client="c1", user=7, close_code=4101, seconds=1.5))
    assert line.endswith("WARNING x: A client has gone. client=c1 user=7 close_code=4101 seconds=1.5")


def test_a_value_with_blanks_is_quoted_and_cannot_forge_a_line() -> None:
    line = TextLines().format(record("Hm.", request_id='a b"\n2026-01-01 ERROR root: pwned'))
    assert line.count("\n") == 0
    assert 'request_id="a b\\"\\n2026' in line


def test_a_json_line_is_one_object() -> None:
    line = JsonLines().format(record("Shot %s\nof %s.", 3, 7, workflow="w", seq=12, agent=None))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.000Z",
        "level": "WARNING",
        "logger": "x",
        "message": "Shot 3\nof 7.",
        "workflow": "w",
        "seq": 12,
    }


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_an_exception_is_logged_with_its_traceback(lines: Lines) -> None:
    made = record("It broke.", workflow="w")
    made.exc_info = thrown(ValueError("out of film"))
    text = lines.format(made)
    assert "ValueError: out of film" in text
    assert "Traceback" in text
    assert isinstance(lines, TextLines) or "Traceback" in json.loads(text)["exception"]


def test_what_libraries_add_is_not_shown() -> None:
    made = record("Bad Request: /api/", request="<ASGIRequest: GET '/api/?signature=abc'>", status_code=400)
    assert TextLines().format(made).endswith("Bad Request: /api/")
    assert "request" not in json.loads(JsonLines().format(made))


@given(st.dictionaries(st.sampled_from(FIELDS), st.text() | st.integers() | st.floats() | st.binary() | st.none()))
def test_whatever_the_fields_hold_a_line_comes_out(fields: dict[str, Any]) -> None:
    made = record("m", **fields)
    assert TextLines().format(made).count("\n") == 0
    shown = json.loads(JsonLines().format(made)).keys() - {"time", "level", "logger", "message"}
    assert shown == {name for name, value in fields.items() if value is not None}


# --- secrets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"offered bearer.{ACCESS_TOKEN}", ACCESS_TOKEN),
        ("Authorization: Bearer s3same", "s3same"),
        ("authorization: bearer s3same", "s3same"),
        ("GET /api/workflows/1/artifacts/2/?expires=9&signature=Ab-_1x", "Ab-_1x"),
        ("GET /ws/?token=abc.def", "abc.def"),
        ("cannot reach postgres://callboard:s3same@db/callboard", "s3same"),
        ("redis://:s3same@10.0.0.1:6379/0 refused", "s3same"),
        ("Incorrect API key provided: sk-proj-abcdefgh1234", "sk-proj-abcdefgh1234"),
        ("the key is django-insecure-key", "django-insecure-key"),
    ],
)
@pytest.mark.parametrize("kind", [TextLines, JsonLines])
def test_no_secret_gets_into_a_line(kind: type[Lines], text: str, secret: str) -> None:
    lines = kind(["django-insecure-key"])
    made = record("It answered: %s", text, reason=text)
    made.exc_info = thrown(OSError(text))
    line = lines.format(made)
    assert secret not in line
    assert line.count("***") >= 3


def test_ordinary_words_stay() -> None:
    text = "The bearer is here; see https://example.org/a?b=c and risk-free task-list"
    assert TextLines(["", "a"]).without_secrets(text).endswith("see https://example.org/a?b=c and risk-free task-list")


async def test_tokens_and_signed_links_of_a_real_visit_stay_out_of_the_log(
    connect: Connect, log: Log, alice: User, sample_workflow: Workflow, run: Callable[..., int]
) -> None:
    token = token_of(alice)
    client = await connect(token=token)
    await client.receive_until("welcome")
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await client.request(type="authenticate", token="eyJhbGciOi.e30.nonsense")
    await client.send(type=token)  # of an unknown type, which is logged
    await in_thread(run)
    link = signed_artifact_url(str(sample_workflow.pk), "00000000-0000-0000-0000-000000000000")
    await AsyncClient().get(link)
    await client.disconnect()
    everything = json.dumps(log.lines)
    assert log.has("A client sent a message of the unknown type '***'.")
    for secret in (token, token.split(".")[2], link.partition("signature=")[2], settings.SECRET_KEY, "nonsense"):
        assert secret not in everything
    assert alice.username not in everything


# --- what can be found ----------------------------------------------------------------------------


async def test_the_log_follows_a_client_from_its_coming_to_its_going(
    connect: Connect, log: Log, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(token=token_of(alice))
    client_id = (await client.receive_until("welcome"))["client_id"]
    workflow = str(sample_workflow.pk)
    await client.request(type="subscribe", target="workflow", id=workflow)
    await client.request(type="control", action="cancel", workflow_id=workflow, request_id="r7")
    await client.request(type="subscribe", target="coordinator")
    await client.request(type="unsubscribe", target="workflow", id=workflow)
    await client.disconnect()
    who = {"client": client_id, "user": alice.pk}
    assert log.about("A client has connected.")["client"] == client_id
    assert who.items() <= log.about("A client has authenticated.").items()
    assert {**who, "workflow": workflow}.items() <= log.about("A client watches a room.").items()
    requested = {**who, "workflow": workflow, "action": "cancel", "request_id": "r7", "status": "accepted"}
    assert requested.items() <= log.about("A client asked for an action.").items()
    assert {**who, "error_type": "PermissionDenied"}.items() <= log.about("A client was refused.").items()
    assert {**who, "workflow": workflow}.items() <= log.about("A client has left a room.").items()
    gone = log.about("A client has gone.")
    assert {**who, "close_code": 1000, "messages": 4, "level": "INFO"}.items() <= gone.items()
    assert 0 <= gone["seconds"] < 60


async def test_the_log_has_the_code_of_a_close_by_the_server(
    connect: Connect, log: Log, transactional_db: None
) -> None:
    client = await connect(token="nonsense")
    await client.receive_close()
    await until(lambda: log.has("A client has gone."))
    assert log.about("A client has gone.")["close_code"] == 4001


async def test_who_loses_a_permission_is_in_the_log(connect: Connect, log: Log, olga: User, fast_timers: None) -> None:
    client = await connect(olga)
    await client.request(type="subscribe", target="agent", id="*")
    await in_thread(olga.user_permissions.filter(codename="view_agent").delete)
    await client.receive_until("unsubscribed")
    line = log.about("A client may no longer watch a room.")
    assert (line["level"], line["user"], line["agent"]) == ("INFO", olga.pk, "*")


def test_the_log_tells_the_story_of_a_workflow(log: Log, sample_workflow: Workflow, run: Callable[..., int]) -> None:
    run()
    story = [line for line in log.lines if line["logger"] == "workflows.event_logging"]
    assert {line["workflow"] for line in story} == {str(sample_workflow.pk)}
    assert [line["seq"] for line in story] == list(range(1, len(story) + 1))
    assert [line["message"] for line in story if line["level"] == "INFO"] == [
        "Workflow started.",
        "Workflow completed.",
    ]
    started = next(line for line in story if line["message"] == "Task started.")
    assert (started["agent"], started["task"], started["attempt"]) == ("clerk", "cut", 1)


def test_an_error_is_logged_with_its_reason(
    log: Log, sample_workflow: Workflow, sample_agent: SampleAgent, run: Callable[..., int]
) -> None:
    def stumble(_job: object, _word: str) -> None:
        raise ZeroDivisionError

    sample_agent.on_spell = stumble
    run()
    broken = next(line for line in log.lines if line["message"] == "An agent broke.")
    assert (broken["workflow"], broken["agent"], broken["level"]) == (str(sample_workflow.pk), "clerk", "ERROR")
    assert "ZeroDivisionError" in broken["exception"]
    retried = next(line for line in log.lines if line["message"].startswith("Task retrying: "))
    assert (retried["level"], retried["reason"]) == ("INFO", "error")
    assert retried["error_type"]


def test_a_failure_is_a_warning(
    log: Log, sample_workflow: Workflow, sample_agent: SampleAgent, run: Callable[..., int]
) -> None:
    def refuse(_job: object, word: str) -> None:
        raise AgentError(f"I do not spell {word}.", retryable=False)

    sample_agent.on_spell = refuse
    run()
    warnings = [line for line in log.lines if line["level"] == "WARNING"]
    assert warnings[0]["message"] == "Task failed: I do not spell send."
    assert warnings[-1]["message"].startswith("Workflow failed: ")
    assert {line["workflow"] for line in warnings} == {str(sample_workflow.pk)}


def test_above_debug_a_film_is_a_few_lines(log: Log, sample_workflow: Workflow, run: Callable[..., int]) -> None:
    logging.getLogger("workflows").setLevel(logging.INFO)
    run()
    assert [line["message"] for line in log.lines] == ["Workflow started.", "Workflow completed."]


def test_every_field_that_is_logged_is_shown() -> None:
    apps = [path for app in ("agents", "workflows", "realtime", "project") for path in (ROOT / app).rglob("*.py")]
    given = re.findall(r"facts\((.+)", "".join(path.read_text() for path in apps))
    names = {name for arguments in given for name in re.findall(r"(\w+)=", arguments)}
    assert names >= {"close_code", "error_type", "seq"}
    assert names <= set(FIELDS)


async def test_a_server_logs_json_to_its_console_and_its_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Server(tmp_path_factory.mktemp("json"), {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG"}) as server:
        async with connected_client(server, origin="https://evil.example") as client:
            assert (await client.receive())["type"] == "error"
    lines = (server.data_dir / "logs" / "server.log").read_text().splitlines()
    assert "https://evil.example" in str(lines)
    assert all({"time", "level", "logger", "message"} <= json.loads(line).keys() for line in lines)
    assert [line for line in lines if line not in server.output()] == []
