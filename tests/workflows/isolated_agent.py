"""An agent that runs in a process of its own, for tests. What it does depends on the word that it is to spell.

Imports no models: it is loaded in the child process, which has none.
"""

import ctypes
import errno
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from msgspec import Struct

from agents import usage
from agents.contract import (
    Agent,
    AgentError,
    ArtifactKind,
    Job,
    JobStopped,
    Outcome,
    ProviderUnavailable,
    UnusableInput,
    typed_skill,
)
from agents.usage import Usage


class Text(Struct):
    """What `cut` takes."""

    text: str


class Words(Struct):
    """What `cut` gives."""

    words: list[str]


class Word(Struct):
    """What `spell` takes."""

    word: str


class Spelt(Struct):
    """What `spell` gives."""

    letters: str


class SpeltWords(Struct):
    """What `join` takes."""

    spelt: list[Spelt]
    title: str = ""


class Joined(Struct):
    """What `join` gives."""

    text: str
    artifact: str


class IsolatedAgent(Agent):
    """Performs the skills of the sample pipeline."""

    name = "hermit"
    description = "Works behind a closed door."
    skills = (
        typed_skill("cut", "Cut", "Cuts a text into words.", Text, Words),
        typed_skill("spell", "Spell", "Spells a word out.", Word, Spelt),
        typed_skill("join", "Join", "Joins spelt words.", SpeltWords, Joined),
    )
    is_isolated = True

    def __init__(self, separator: str = "-") -> None:
        self.separator = separator

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "cut":
                return Outcome(Words(job.read(Text).text.split()))
            case "spell":
                word = job.read(Word).word
                job.progress(0.5, f"Spelling {word}")
                letters = BEHAVIOUR[word](job) if word in BEHAVIOUR else self.separator.join(word)
                return Outcome(Spelt(letters), f"Spelt {word}")
            case _:
                return self._join(job, job.read(SpeltWords))

    def _join(self, job: Job, given: SpeltWords) -> Outcome:
        path = job.workdir / "telegram.txt"
        path.write_text(" ".join(spelt.letters for spelt in given.spelt))
        artifact = job.keep(path, name=path.name, kind=ArtifactKind.SCRIPT, media_type="text/plain")
        return Outcome(Joined(job.fetch(artifact).read_text(), artifact))


def linger(job: Job) -> str:
    """Works until it is asked to stop."""
    while True:
        job.checkpoint()
        threading.Event().wait(0.01)


def deaf(job: Job) -> str:
    """Ignores every request to stop, as does a process that it starts in a session of its own; says their ids."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    other = subprocess.Popen(["setsid", "sh", "-c", "trap '' TERM; while true; do sleep 1000; done"])
    job.progress(0.6, f"{os.getpid()} {other.pid}")
    while True:
        try:
            linger(job)
        except JobStopped:
            continue


def frozen(job: Job) -> str:
    """Never gives the interpreter lock back, so that not even its own watching threads run; says its id."""
    job.progress(0.6, f"{os.getpid()}")
    ctypes.PyDLL(None).sleep(1_000)
    raise AssertionError


def full(_job: Job) -> str:
    """Finds no room to write."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_beneath(job: Job) -> str:
    """The same, as agents say it who catch errors."""
    try:
        return full(job)
    except OSError as error:
        raise AgentError("The picture could not be drawn.") from error


def kept_in_vain(job: Job) -> str:
    """Hands over a file for which the storage has no room."""
    path = job.workdir / "letters.txt"
    path.write_text("letters")
    return job.keep(path, name=path.name, kind=ArtifactKind.SCRIPT, media_type="text/plain")


def orphan(job: Job) -> str:
    """Leaves a process behind whose parent is gone."""
    shell = subprocess.run(
        ["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"], capture_output=True, text=True, check=True
    )
    job.progress(0.6, shell.stdout.strip())
    return "left"


def crash(_job: Job) -> str:
    """Takes its process down."""
    os.abort()


def leave(_job: Job) -> str:
    """Ends its process."""
    os._exit(3)


def busy(_job: Job) -> str:
    """Fails, for the moment."""
    raise AgentError("The line is busy.", retryable=True, retry_after=77.0)


def cut_off(_job: Job) -> str:
    """Fails because of what it works with."""
    raise ProviderUnavailable("The line is dead.", retryable=True)


def unreadable(_job: Job) -> str:
    """Blames its input."""
    raise UnusableInput("I cannot read that.")


def broken(_job: Job) -> str:
    """Has a bug."""
    raise ZeroDivisionError("a bug")


def query(_job: Job) -> str:
    """Asks the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "answered"


def missing(job: Job) -> str:
    """Asks for an artifact that is not there, and keeps a file that is not there."""
    try:
        job.fetch("00000000-0000-0000-0000-000000000000")
    except UnusableInput as error:
        kept = job.workdir / "nothing"
        try:
            job.keep(kept, name="x", kind=ArtifactKind.SCRIPT, media_type="text/plain")
        except FileNotFoundError:
            return f"{error}"
    return ""


def secrets(_job: Job) -> str:
    """What a process can see of itself."""
    return f"{dict(os.environ)} command line: {Path('/proc/self/cmdline').read_text()}"


def tell(_job: Job) -> str:
    """Writes a line into the log."""
    logging.getLogger(__name__).warning("Told.")
    return "told"


def spend(_job: Job) -> str:
    """Calls a model as long as it may."""
    for _ in range(10):
        usage.check_budget()
        usage.report(Usage(model="painter", pictures=1))
    return "rich"


BEHAVIOUR: dict[str, Callable[[Job], str]] = {
    behaviour.__name__: behaviour
    for behaviour in (
        *(linger, deaf, frozen, orphan, crash, leave, busy, cut_off, unreadable, broken, query, missing, secrets, tell),
        *(full, full_beneath, kept_in_vain, spend),
    )
}
