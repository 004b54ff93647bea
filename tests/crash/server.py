"""The product's own web server in a process group of its own, to be killed whole."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.urls import url
from xinfang.procedure.step_codes import StepCode

_SETTINGS = {
    # People don't sign in or upload as often as here; tests/web is about the limits.
    "XINFANG_RATE_LIMITS": "0",
    # Two hundred rounds may take longer than somebody may be idle.
    "XINFANG_SESSION_IDLE_MINUTES": "1440",
}
_PATIENCE = 120


def _environment() -> dict[str, str]:
    # Compiling the whole program at every start would take longer than the round.
    return {**{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}, **_SETTINGS}


class Server:
    """`xinfang serve` as docs/operations.md starts it, always on the same port, as a browser expects."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, workers: int) -> float:
        """Start and wait until a page can be asked for; returns how many seconds that took."""
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(Path(sys.executable).with_name("xinfang")),
                    StepCode.SERVE,
                    "--port",
                    str(self.port),
                    "--workers",
                    str(workers),
                ],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        while time.monotonic() - began < _PATIENCE:
            if self.answers():
                return time.monotonic() - began
            try:
                ended = self._process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"the server ended with {ended}: {self._log.read_text()[-2000:]}")
        raise AssertionError(f"the server didn't answer: {self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """Kill every process of it with -9, and return when none is left."""
        process, self._process = self._process, None
        if process is None:
            return
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        # Each of them holds this pipe, which ends with the last.
        assert process.stdout is not None
        with process.stdout:
            process.stdout.read()

    def answers(self) -> bool:
        """Whether it says that it is well."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("GET", url("healthz"))
            return link.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            link.close()
