"""A gateway that is there, and what it got."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from typing import Any

from tests.petitioner_news import sms_gateway

TOKEN = "sms-token"
MOBILE = "15000004321"


class Gateway:
    """The process and its settings."""

    def __init__(self, port: int, settings: Any) -> None:
        self.port, self._settings = port, settings
        self.took: queue.Queue[dict[str, str]] = queue.Queue()

    def does(self, what: str, *, ok: str = "", timeout: float = 5, token: str = TOKEN, port: int = 0) -> None:
        """Point the program at it; `what` is what it does with a message."""
        self._settings.SMS = {
            "url": f"http://127.0.0.1:{port or self.port}/{what}", "token": token, "ok": ok, "timeout": timeout,
            "body": '{"mobile": "{to}", "content": "【某厅】{text}", "ref": {"id": "{id}"}}',
        }  # fmt: skip

    def next(self) -> dict[str, Any]:
        """The next message that it took; waits for it a while."""
        return self.took.get(timeout=10)

    def has_none(self) -> bool:
        return self.took.empty()


@contextmanager
def running_gateway(settings: Any) -> Iterator[Gateway]:
    process = subprocess.Popen([sys.executable, sms_gateway.__file__, TOKEN], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    gateway = Gateway(int(process.stdout.readline()), settings)

    def read() -> None:
        for line in process.stdout or ():
            gateway.took.put(json.loads(line))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    gateway.does("send")
    settings.QUIET_HOURS = (time(0), time(0))
    try:
        yield gateway
    finally:
        process.kill()
        process.wait()
        reader.join(5)
