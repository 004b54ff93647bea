"""A real server as the department runs it: its memory after many pages, and registration over HTTP by many clients."""

import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from xinfang.procedure.step_codes import StepCode

from .measure import children, percentile, resident_mb
from .registering import CLIENTS, letter_answers, missing_numbers

WORKERS = 2
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@contextmanager
def running_server() -> Iterator[tuple[int, int]]:
    """Run `xinfang serve` on a free port, until the block ends: (port, process id)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("xinfang")
    process = subprocess.Popen(
        [str(program), StepCode.SERVE, "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", reverse("healthz"))
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def memory(cookie: str, addresses: list[str], count: int = 200) -> dict[str, Any]:
    """Return the resident memory of each worker after this many pages."""
    with running_server() as (port, pid):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        for i in range(count):
            if i % 10 == 0:
                # A new connection may reach the other worker.
                connection.close()
            connection.request("GET", addresses[i % len(addresses)], headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                return {"failed": f"{addresses[i % len(addresses)]} answered {answer.status}"}
        sizes = [resident_mb(p) for p in children(pid)]
    return {"pages": count, "workers": WORKERS, "largest_mb": max(sizes), "all_mb": sorted(sizes)}


def register_over_http(cookie: str, count: int) -> dict[str, Any]:
    """Have eight people with a connection kept open post the registration form, each `count` times."""
    results: list[tuple[float, float, list[float], str]] = []
    ready = threading.Barrier(CLIENTS)
    with running_server() as (port, _):
        clients = [
            threading.Thread(target=_client, args=(port, cookie, which, count, ready, results))
            for which in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    problems = [r[3] for r in results if r[3]]
    if problems or len(results) < CLIENTS:
        return {"failed": problems[0] if problems else "a client died"}
    times = [t for r in results for t in r[2]]
    seconds = max(r[1] for r in results) - min(r[0] for r in results)
    return {
        "clients": CLIENTS,
        "registered": len(times),
        "per_second": len(times) / seconds,
        "missing_numbers": missing_numbers(),
        "p50_ms": percentile(times, 50) * 1000,
        "p95_ms": percentile(times, 95) * 1000,
        "max_ms": max(times) * 1000,
    }


def _client(
    port: int,
    cookie: str,
    which: int,
    count: int,
    ready: threading.Barrier,
    results: list[tuple[float, float, list[float], str]],
) -> None:
    rng = random.Random(1000 + which)
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", reverse("register"), headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read().decode()
    token = _TOKEN.search(page)
    set_cookie = answer.getheader("Set-Cookie") or ""
    bodies = [_form(rng, token.group(1) if token else "", f"bench-{which}-{i:06d}") for i in range(count)]
    headers = {
        "Cookie": f"{cookie}; {set_cookie.split(';')[0]}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://127.0.0.1:{port}{reverse('register')}",
    }
    ready.wait()
    began, times, problem = time.time(), [], ""
    for body in bodies:
        start = time.perf_counter()
        connection.request("POST", reverse("register"), body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        times.append(time.perf_counter() - start)
        if answer.status != 302:
            problem = f"the form was answered with {answer.status}: {re.sub('<[^>]+>', ' ', text)[:300]}"
            break
    results.append((began, time.time(), times, problem))


def _form(rng: random.Random, token: str, key: str) -> str:
    """Return the registration form as a browser sends it."""
    fields: dict[str, Any] = {"csrfmiddlewaretoken": token, "key": key}
    for name, value in letter_answers(rng).items():
        if isinstance(value, list):
            for place, row in enumerate(value):
                fields |= {f"{name}-{place}-{k}": v for k, v in row.items()}
        else:
            fields[name] = value
    return urlencode(fields)
