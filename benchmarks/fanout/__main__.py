"""Measures Callboard's fan-out and, on the same machine in the same way, that of the usual alternatives.

The server has one core, the load generator another one. The figures of a partial run (--only) replace the saved
ones of the same candidates.

    python -m benchmarks.fanout [--only callboard-uvicorn,stock-uvicorn] [--quick] [--no-publish] [--keep-as NAME]
    python -m benchmarks.fanout --profile
"""

import argparse
import signal
import sys
import time
from typing import Any

from rich.console import Console

from benchmarks import reporting
from benchmarks.fanout import profile, report, scenario, workload
from benchmarks.fanout.candidate import Candidate
from benchmarks.fanout.candidates import CANDIDATES
from benchmarks.fanout.cores import Cores, allow_many_connections, two_cores

WORKLOADS = {"full": workload.Workload(), "quick": workload.QUICK, "tiny": workload.TINY}


def main() -> int:
    """Measures, prints, saves. The exit status says whether every candidate could be measured, or was skipped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped, too
    options = _options()
    cores = two_cores()
    allow_many_connections()
    screen, began = Console(highlight=False), time.monotonic()
    if options.profile:
        return _profile(cores, options, screen)
    failures = [one.name for one in options.only if not _measure(one, cores, options, screen)]
    screen.print(f"{time.monotonic() - began:.0f} s in all")
    if options.publish:
        report.publish()
    return 1 if failures else 0


def _measure(candidate: Candidate, cores: Cores, options: argparse.Namespace, screen: Console) -> bool:
    figures: dict[str, Any] = {}
    if reason := candidate.missing():
        figures = {"skipped": reason}
    else:
        try:
            with screen.status(f"{candidate.label} …") as status:
                figures = scenario.measure(candidate, cores, WORKLOADS[options.workload], status.update)
        except scenario.MeasurementFailed as error:
            screen.print(f"{candidate.label}: {error}", soft_wrap=True)
            return False
    report.save(options.keep_as, candidate, figures)
    screen.print(f"{candidate.label}: {report.summary(figures)}", soft_wrap=True)
    return True


def _profile(cores: Cores, options: argparse.Namespace, screen: Console) -> int:
    if reason := profile.missing():
        screen.print(f"No profile can be taken: {reason}.")
        return 1
    with screen.status("Profiling a delivery …"):
        shares = profile.record(CANDIDATES[0], cores, WORKLOADS[options.workload])
    screen.print(shares)
    reporting.save(report.PROFILE, shares)
    if options.publish:
        report.publish()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=_named, default=CANDIDATES, help="names of candidates, separated by commas")
    parser.add_argument("--keep-as", default="fanout", help="name of the file in benchmarks/results")
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    parser.add_argument("--profile", action="store_true", help="measure where the time of a delivery goes, instead")
    parser.add_argument("--quick", dest="workload", action="store_const", const="quick", default="full")
    parser.add_argument(
        "--tiny", dest="workload", action="store_const", const="tiny", help="for the tests; the figures mean nothing"
    )
    return parser.parse_args()


def _named(names: str) -> list[Candidate]:
    known = {candidate.name: candidate for candidate in CANDIDATES}
    try:
        return [known[name] for name in names.split(",")]
    except KeyError as error:
        raise argparse.ArgumentTypeError(f"{error} is not one of {', '.join(known)}") from None


if __name__ == "__main__":
    sys.exit(main())
