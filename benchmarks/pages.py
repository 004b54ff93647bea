"""The desk's pages as several kinds of users ask for them: server time and number of queries, through the WSGI door.

Each call goes through every middleware and opens its own database connection, as in the server; the network is left
out.
"""

import io
import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinfang.accounts.actions import sign_ins
from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.cases.models import Petition, Petitioner
from xinfang.cases.queries.visible_petitions import visible_to

from .department import HANDLING_UNITS, handler, head
from .measure import percentile

USERS = {
    "clerk": "clerk1",
    "head of a unit": head(HANDLING_UNITS[2]),
    "handler": handler(HANDLING_UNITS[2]),
    "leader": "leader2",
}
INBOX, BOARDS, LIST, PETITION, SEARCH = "inbox", "boards", "list", "petition", "search"
NUMBER = f"{SEARCH}, number"
"""Leads straight to the petition."""


class Desk:
    """One person signed in."""

    def __init__(self, application: Callable[..., Any], username: str) -> None:
        self.application = application
        self.staff = Staff.objects.get(username=username)
        self.client = Client()
        self.client.force_login(self.staff)
        # As after a whole sign-in: the registry of sign-ins knows the session.
        session = self.client.session
        sign_ins.register_sign_in(session, self.staff, "127.0.0.1", "benchmark", second_factor=True)
        session.save()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={self.client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def asked(self, text: str) -> str:
        """Return the address of a search, as the search box leaves it: the words stay in the session."""
        return str(self.client.post(reverse("search"), {"q": text}, HTTP_HOST="127.0.0.1")["Location"])

    def get(self, address: str) -> tuple[str, bytes]:
        """Return the status line and the body of one page."""
        parts = urlsplit(address)
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": self.cookie,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }
        status: list[str] = []
        answer = self.application(environ, lambda line, headers, exc_info=None: status.append(line))
        body = b"".join(answer)
        answer.close()
        return status[0], body


def measure_pages(ids: list[int], runs: int) -> list[dict[str, Any]]:
    """Return for each page and kind of user p50 and p95 in ms, queries, and what failed if it could not be measured."""
    from xinfang.config.wsgi import application

    rng = random.Random(7)
    found = []
    for kind, username in USERS.items():
        desk = Desk(application, username)
        numbers = _seen(desk.staff, ids, rng, runs)
        for page, addresses in _addresses(desk, numbers).items():
            status = "302" if page == NUMBER else "200"
            found.append({"user": kind, "page": page, **_measure(desk, addresses, runs, status)})
    return found


def _seen(staff: Staff, ids: list[int], rng: random.Random, count: int) -> list[str]:
    """Random petitions that this person may see."""
    own = visible_to(actor_of(staff)).order_by()
    among = own.filter(pk__in=rng.sample(ids, min(20_000, len(ids)))).values_list("number", flat=True)
    numbers = sorted(among)
    return rng.sample(numbers, min(count, len(numbers)))


def _addresses(desk: Desk, numbers: list[str]) -> dict[str, list[str]]:
    person = Petitioner.objects.order_by("-id").values_list("name", flat=True)[10]
    subject = Petition.objects.filter(sealed=False).order_by("-id").values_list("subject", flat=True)[20]
    unit = HANDLING_UNITS[2]
    pages = {
        INBOX: [reverse("inbox"), f"{reverse('inbox')}?tab=late", f"{reverse('inbox')}?tab=soon"],
        BOARDS: [reverse("boards")],
        PETITION: [reverse("petition", args=[n]) for n in numbers],
        f"{LIST}, first page": [reverse("petitions")],
        f"{LIST}, filtered": [
            f"{reverse('petitions')}?state=handling&sort=due",
            f"{reverse('petitions')}?unit={unit}",
            f"{reverse('petitions')}?channel=phone",
            f"{reverse('petitions')}?due=late&sort=due",
            f"{reverse('petitions')}?state=archived&since=2024-01-01&until=2024-06-30",
        ],
        f"{LIST}, last page": [
            f"{reverse('petitions')}?end=1",
            f"{reverse('petitions')}?unit=none&end=1",
            f"{reverse('petitions')}?sort=due&end=1",
        ],
        NUMBER: [desk.asked(n) for n in numbers[:3]],
        f"{SEARCH}, name": [desk.asked(person)],
        f"{SEARCH}, rare words": [desk.asked(subject)],
        f"{SEARCH}, frequent words": [desk.asked(w) for w in ("领导", "说明原因", "科技特派员 补发")],
        f"{SEARCH}, nothing found": [desk.asked("龘靐齉")],
    }
    return {page: addresses for page, addresses in pages.items() if addresses}


def _measure(desk: Desk, addresses: list[str], runs: int, expected: str) -> dict[str, Any]:
    for address in addresses[:2]:
        status, body = desk.get(address)
        if not status.startswith(expected):
            return {"failed": f"{address} answered {status}"}
    times, busy = [], []
    for i in range(runs):
        start, worked = time.perf_counter(), time.thread_time()
        status, body = desk.get(addresses[i % len(addresses)])
        times.append((time.perf_counter() - start) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
        if not status.startswith(expected):
            return {"failed": f"{addresses[i % len(addresses)]} answered {status}"}
    queries = []
    for address in addresses[:10]:
        with CaptureQueriesContext(connection) as captured:
            desk.get(address)
        queries.append(len([q for q in captured.captured_queries if not q["sql"].startswith("PRAGMA")]))
    return {
        "p50_ms": percentile(times, 50),
        "p95_ms": percentile(times, 95),
        "cpu_p50_ms": percentile(busy, 50),
        "cpu_p95_ms": percentile(busy, 95),
        "queries": max(queries),
        "fewest_queries": min(queries),
        "kilobytes": len(body) / 1024,
    }
