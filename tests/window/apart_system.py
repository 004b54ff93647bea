"""A desk and a window apart as real processes, with nothing between them but a folder."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from tests.operations.process import ROOT, program
from tests.window.standing import WRITTEN

_PATIENCE = 90


def environment(folder: Path, part: str, queue: Path) -> dict[str, str]:
    """The environment of one side, and nothing else."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8",
        "XINFANG_DATA": str(folder), "XINFANG_MODE": "test", "XINFANG_PART": part, "XINFANG_WINDOW_QUEUE": str(queue),
        "XINFANG_FLOOD_NETWORK": "100000", "XINFANG_FLOOD_SAME_TEXT": "100000", "XINFANG_LOG_LEVEL": "WARNING",
    }  # fmt: skip


class Desk:
    """The desk, by its commands."""

    def __init__(self, folder: Path, queue: Path) -> None:
        self.folder, self.queue = folder, queue
        self.environment = environment(folder, "desk", queue)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "xinfang.operations.main", *words], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *words: str) -> str:
        """Run a command to its end."""
        out, err = (process := self.start(*words)).communicate(timeout=_PATIENCE)
        assert process.returncode == 0, err[-2000:]
        return out

    def cases(self) -> list[str]:
        """What was registered: the subject of each case, again and again if it was registered twice."""
        lines = (
            "import django, json; django.setup()\n"
            "from xinfang.cases.models import Petition\n"
            "print(json.dumps(list(Petition.objects.order_by('pk').values_list('subject', flat=True))))"
        )
        done = program(lines, **{k: v for k, v in self.environment.items() if k.startswith("XINFANG_")})
        assert done.returncode == 0, done.stderr[-2000:]
        return list(json.loads(done.stdout))


class Window:
    """`xinfang serve` of a window apart, in a process group of its own, to be killed whole."""

    def __init__(self, folder: Path, queue: Path) -> None:
        self.folder, self.queue = folder, queue
        self.log = folder.parent / "window.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "xinfang.operations.main", "serve", "--port", str(self.port)],
                env=environment(self.folder, "window", self.queue), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                assert self._process.poll() is None, self.log.read_text()[-2000:]
        raise AssertionError("the window doesn't answer")

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def get(self, path: str, method: str = "GET", cookie: str = "") -> tuple[int, str, str]:
        """Ask for a page: status, text, cookies."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request(method, path, headers={"Cookie": cookie} if cookie else {})
            answer = line.getresponse()
            cookies = "; ".join(c.partition(";")[0] for c in answer.headers.get_all("Set-Cookie", []))
            return answer.status, answer.read().decode("utf-8", "replace"), cookies
        finally:
            line.close()

    def post(self, path: str, fields: dict[str, str], cookie: str = "") -> tuple[int, str]:
        """Send a form as a browser does: the page first, for its mark; return status and cookies."""
        _, page, fresh = self.get("/window/submit/")
        mark = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
        assert mark
        cookies = "; ".join(c for c in (cookie, fresh) if c)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            body = urlencode({"csrfmiddlewaretoken": mark.group(1), **fields})
            form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
            line.request("POST", path, body, form)
            answer = line.getresponse()
            answer.read()
            kept = "; ".join(c.partition(";")[0] for c in answer.headers.get_all("Set-Cookie", []))
            return answer.status, kept
        finally:
            line.close()

    def submit(self, subject: str, key: str = "") -> str:
        """Submit; return the cookie of the receipt. OSError or HTTPException where it was cut off."""
        status, cookie = self.post("/window/submit/", {**WRITTEN, "subject": subject, "key": key or uuid4().hex})
        assert status == 302, status
        return cookie

    def receipt(self, cookie: str) -> tuple[str, str]:
        """Number and code as the receipt shows them."""
        page = self.get("/window/submit/done/", cookie=cookie)[1]
        number, shown = re.search(r"CK\d{16}", page), page.partition('class="inquiry-code"')[2]
        assert number, page[:500]
        return number.group(), "".join(re.findall(r"<span>(\w{4})</span>", shown)[:4])
