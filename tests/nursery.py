"""A process whose children do one thing and may be killed at it. It has everything imported, so that 50 of them take seconds."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from factories import ENVIRONMENT

NURSERY = """
run(*sys.argv[1:])  # once here, so that the children find everything imported
print("ready", flush=True)

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            run(*line.split())
            status = 0
        finally:
            os._exit(status)
    print(pid, flush=True)
    _, status = os.waitpid(pid, 0)
    print(status, flush=True)
"""
"""Reads a line of arguments, calls `run` with them in a child, and tells the child's number and then how it ended."""


class Nursery:
    """Calls the function `run` that `program` defines, each time in a child."""

    def __init__(self, program: str, *first: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"import os, sys\n{program}\n{NURSERY}", *first],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def run(self, *arguments: Path, kill_after: float | None = None) -> int:
        """Call `run`; gives the status that the child ended with."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(" ".join(map(str, arguments)) + "\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        if kill_after is not None:
            select.select([self.process.stdout], [], [], kill_after)  # no longer than the child lives
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                os.kill(child, signal.SIGKILL)
        return int(self.process.stdout.readline())

    def seconds(self, *arguments: Path) -> float:
        """How long a call takes that is not killed."""
        began = time.monotonic()
        assert self.run(*arguments) == 0
        return time.monotonic() - began

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
