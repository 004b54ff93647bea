"""A reference receiving server over real HTTP: it takes a key once, and it is as unreliable as it is told to be.

It fails before and after processing, is slow, repeats answers, drops the connection after it has processed, gives
receipts late and twice. Run in a thread of the test; senders may be other processes.
"""

import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from xinfang.vault.sm_ciphers import sm3

TOKEN = "a-token-for-tests"


class Region:
    """What the server has, and how it behaves. `fails` is the share of calls that go wrong."""

    def __init__(self, *, fails: float = 0, slow: float = 0, late: float = 0, seed: int = 7) -> None:
        self.fails, self.slow, self.late = fails, slow, late
        self.draw = random.Random(seed)
        self.lock = threading.Lock()
        self.entries: dict[str, dict[str, Any]] = {}
        """By key: what was sent, its number and digest."""
        self.effects: Counter[str] = Counter()
        """How often a message took effect: more than once would be a doubled entry."""
        self.receipts: list[dict[str, str]] = []
        self.refuse: dict[str, str] = {}
        """Keys to be refused, with the reason."""
        self.matters: list[dict[str, Any]] = []
        self.confirmed: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.changed_content: list[str] = []
        """Keys that came again with other bytes: the sender must never do that."""

    def take(self, key: str, content: bytes) -> dict[str, str]:
        with self.lock:
            known = self.entries.get(key)
            if known is None:
                if key in self.refuse:
                    return {"key": key, "outcome": "refused", "reason": self.refuse[key]}
                number = f"NMXF{len(self.entries) + 1:08d}"
                known = {"key": key, "number": number, "digest": sm3(content).hex(), "content": json.loads(content)}
                self.entries[key] = known
                self.effects[key] += 1
                receipt = {"key": key, "outcome": "accepted", "number": number}
                # Every receipt comes twice.
                self.receipts += [receipt, receipt]
            elif known["digest"] != sm3(content).hex():
                self.changed_content.append(key)
            if self.draw.random() < self.late:
                return {"key": key, "outcome": "taken"}
            return {"key": key, "outcome": "accepted", "number": known["number"]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    region: Region

    def log_message(self, *_: Any) -> None:
        """Silence: a test's output is its own."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self._lets_in():
            return
        path = urlsplit(self.path).path
        bad = self._misfortune()
        if bad == "before":
            return self._answer(503, {"reason": "busy"})
        if path.endswith("/received"):
            number = unquote(path.split("/")[-2])
            self.region.confirmed[number] = json.loads(body)["number"]
            answer: dict[str, Any] = {}
        else:
            assert sm3(body).hex() == self.headers["Content-SM3"]
            answer = self.region.take(self.headers["Idempotency-Key"], body)
        if bad == "drop":
            # Processed, and nobody learns of it.
            self.close_connection = True
            return None
        if bad == "after":
            return self._answer(502, {})
        if bad == "garbage":
            return self._answer(200, None)
        if answer.get("outcome") == "refused":
            return self._answer(422, answer)
        return self._answer(202 if answer.get("outcome") == "taken" else 200, answer)

    def do_GET(self) -> None:
        if not self._lets_in():
            return
        at = urlsplit(self.path)
        after = parse_qs(at.query).get("after", [""])[0]
        bad = self._misfortune()
        if bad in ("before", "after"):
            return self._answer(500, {})
        if bad == "drop":
            self.close_connection = True
            return None
        start = int(after or 0)
        if at.path.endswith("/receipts"):
            name, rows = "receipts", list(self.region.receipts)
        elif at.path.endswith("/entries"):
            name, rows = (
                "entries",
                [{k: e[k] for k in ("key", "number", "digest")} for e in self.region.entries.values()],
            )
        else:
            name, rows = "matters", [m for m in self.region.matters if m["number"] not in self.region.confirmed]
        page = rows[start : start + 200]
        following = str(start + len(page)) if page else after
        return self._answer(200, {name: page, "next": following if name != "matters" else ""})

    def _lets_in(self) -> bool:
        self.region.calls[self.command] += 1
        if self.headers.get("Authorization") == f"Bearer {TOKEN}":
            return True
        self._answer(401, {})
        return False

    def _misfortune(self) -> str:
        with self.region.lock:
            goes_wrong = self.region.draw.random() < self.region.fails
            kind = self.region.draw.choice(("before", "after", "drop", "garbage"))
        if self.region.slow:
            time.sleep(self.region.slow)
        return kind if goes_wrong else ""

    def _answer(self, status: int, data: Any) -> None:
        body = b"<html>" if data is None else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A sender that was killed has hung up; that is what the test wants."""


class Receiver:
    """The server in a thread: `with Receiver(Region()) as url`."""

    def __init__(self, region: Region) -> None:
        handler = type("Handled", (Handler,), {"region": region})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/api"

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
