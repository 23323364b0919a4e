"""Runs a module in a process that ends with the test run: python -m tests.child MODULE [ARGUMENTS], its stdin a pipe of that run.

A run may be killed and so never stop its servers. Then the pipe ends, and with it this process. A run that was started in the
background ignores Ctrl-C, and its children would inherit that: here Ctrl-C interrupts as it does in a terminal.
"""

import os
import runpy
import signal
import sys
import threading
import time

STOP_SECONDS = 10.0


def main(module: str, *arguments: str) -> None:
    """Runs the module as __main__."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=end_with_the_test_run, daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def end_with_the_test_run() -> None:
    """Waits for the end of the pipe; then stops this process, at first gently."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
