"""Asks for advisories about what the locks hold: python -m script.audit.

Ends with 0: there are none; 1: there are some; 2: some of it could not be asked for. What was not audited is never called clean.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 120
SHOWN: Final = 5  # names
PYTHON: Final = [
    *(sys.executable, "-m", "pip_audit", "--requirement", "requirements.lock", "--require-hashes", "--disable-pip"),
    *("--progress-spinner", "off", "--timeout", "10", "--format", "json"),
]
PAGES: Final = [
    *("npm", "--prefix", "frontend", "audit", "--package-lock-only", "--json"),
    *("--fetch-retries", "0", "--fetch-timeout", "10000"),
]
Json = dict[str, Any]


class Verdict(NamedTuple):
    """What is known: advisories, and of what it is not known whether there are any."""

    advisories: list[str]
    not_audited: str = ""

    @property
    def status(self) -> int:
        """The exit status."""
        return 1 if self.advisories else 2 if self.not_audited else 0


def main() -> int:
    """Asks for both, says what came of it, and returns the exit status."""
    verdicts = {
        "Python packages": asked(PYTHON, python_verdict),
        "Packages of the pages": asked(PAGES, pages_verdict),
    }
    for name, verdict in verdicts.items():
        print(f"{name}: {sentence(verdict)}")
    statuses = {verdict.status for verdict in verdicts.values()}
    return 1 if 1 in statuses else max(statuses)


def asked(command: list[str], judge: Callable[[Json], Verdict]) -> Verdict:
    """What the command's answer means; it could not be asked when there is none."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False, env=environment()
        )
        return judge(json.loads(done.stdout))
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError, AttributeError) as error:
        return Verdict([], f"{Path(command[0]).name} gave no answer ({type(error).__name__})")


def environment() -> dict[str, str]:
    """With the caches under DATA_DIR."""
    cache = Path(os.environ.get("DATA_DIR") or ROOT / "var", "cache")
    return {**os.environ, "npm_config_cache": str(cache / "npm"), "XDG_CACHE_HOME": str(cache)}


def python_verdict(answer: Json) -> Verdict:
    """Of pip-audit's answer. It calls what it could not look up "skipped", and still ends with 0."""
    packages = answer["dependencies"]
    found = [f"{one['name']}: {bug['id']}" for one in packages for bug in one.get("vulns", ())]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    if not packages:
        return Verdict(found, "pip-audit named no package")
    if skipped:
        return Verdict(found, f"{len(skipped)} of {len(packages)} packages: {', '.join(skipped[:SHOWN])} …")
    return Verdict(found)


def pages_verdict(answer: Json) -> Verdict:
    """Of npm's answer, which is an error where the registry knows no advisories."""
    if "vulnerabilities" not in answer:
        return Verdict([], "the registry answers no such questions")
    return Verdict([f"{name}: {one['severity']}" for name, one in answer["vulnerabilities"].items()])


def sentence(verdict: Verdict) -> str:
    """The verdict in words."""
    parts = [f"{len(verdict.advisories)} advisories: {', '.join(verdict.advisories)}."] if verdict.advisories else []
    if verdict.not_audited:
        parts.append(f"NOT AUDITED, as the advisories could not be asked for: {verdict.not_audited}.")
    return " ".join(parts) or "no advisories."


if __name__ == "__main__":
    sys.exit(main())
