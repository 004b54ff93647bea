"""What trust costs.

Verifying everything, the policy in the inbox, finding a case by a telephone number that is kept encrypted.
"""

import importlib.util
import random
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.urls import reverse

from xinfang.accounts.queries.actors import actor_of
from xinfang.cases import page_frame_part
from xinfang.cases.models import Petition, Petitioner
from xinfang.cases.queries import inbox
from xinfang.cases.queries.list_rows import with_list_columns
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.casework.views import inbox as view
from xinfang.core.clock import today
from xinfang.proof.verify import verify
from xinfang.search.finding import find_page

from .measure import percentile
from .pages import USERS, Desk

_PAGE = 51
_TABS = ("", "?tab=late", "?tab=soon")


def verify_times() -> dict[str, Any]:
    """Time verifying everything, by as many processes as the command takes."""
    before = _cpu()
    proof = verify()
    used = _cpu() - before
    return {
        "events": proof.events,
        "verify_s": proof.seconds,
        "cpu_s": used,
        "per_second": proof.events / proof.seconds,
        **({} if proof.whole else {"failed": f"does not verify: {proof.broken[0].place}"}),
    }


def _cpu() -> float:
    """Return seconds of processor time of this process and of those it started that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in both)


def policy_times(runs: int) -> dict[str, Any]:
    """Time the inbox as it is, and as it would be if everybody saw every case.

    By turns, the same pages, processor time.
    """
    from xinfang.config.wsgi import application

    open_to_all = _inbox_without_policy()
    found: dict[str, Any] = {"users": {}}
    for kind, username in USERS.items():
        desk = Desk(application, username)
        actor = actor_of(desk.staff)
        same = inbox.tab_counts(actor, today()) == open_to_all.tab_counts(actor, today())
        pairs: list[tuple[float, float]] = []
        for i in range(runs + 3):
            pair = [0.0, 0.0]
            # By turns first, and each compared with its neighbour: the machine is not equally quick from one minute to
            # the next.
            for free in (i % 2, 1 - i % 2):
                with _asking(open_to_all) if free else _asking(inbox):
                    start = time.thread_time()
                    status, _ = desk.get(reverse("inbox") + _TABS[i % len(_TABS)])
                    pair[free] = (time.thread_time() - start) * 1000
                if not status.startswith("200"):
                    return {"failed": f"the inbox answered {status}"}
            # The first round composes its questions.
            if i >= 3:
                pairs.append((pair[0], pair[1]))
        found["users"][kind] = {
            "with_ms": median(with_it for with_it, _ in pairs),
            "without_ms": median(without for _, without in pairs),
            "added_percent": (median(with_it / without for with_it, without in pairs) - 1) * 100,
            "same_cases": same,
        }
    # Where the policy hides something, the pages differ, and so does what it takes to show them.
    fair = [u["added_percent"] for u in found["users"].values() if u["same_cases"]]
    if not fair:
        return found | {"failed": "no user whose inbox is the same without the policy"}
    return found | {"added_percent": max(fair)}


def _inbox_without_policy() -> Any:
    """Load the queries of the inbox a second time, with their own compiled SQL, over all cases there are."""
    spec = importlib.util.find_spec(inbox.__name__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.visible_to = lambda actor, *, each=False: Petition.objects.all()  # type: ignore[attr-defined]
    return module


@contextmanager
def _asking(module: Any) -> Iterator[None]:
    """Have the page ask this module."""
    places = [
        (view, "inbox_page"),
        (view, "tab_counts"),
        (page_frame_part, "inbox_count"),
        (page_frame_part, "unread_count"),
    ]
    had = [(place, name, getattr(place, name)) for place, name in places]
    for place, name, function in had:
        assert getattr(inbox, name) is function
        setattr(place, name, getattr(module, name))
    try:
        yield
    finally:
        for place, name, function in had:
            setattr(place, name, function)


def phone_times(ids: list[int], runs: int) -> dict[str, Any]:
    """Time looking up a telephone number as the search page does it; each must lead to its petition."""
    from xinfang.accounts.models import Staff

    lines = with_list_columns(visible_to(actor_of(Staff.objects.get(username=USERS["clerk"]))))
    rng = random.Random(11)
    some = Petitioner.objects.filter(petition__in=rng.sample(ids, min(len(ids), runs * 2)), petition__sealed=False)
    numbers = [(p.petition_id, p.phone) for p in some.exclude(phone_sealed=None).select_related("petition")[:runs]]
    times, busy = [], []
    for pk, phone in numbers:
        start, worked = time.perf_counter(), time.thread_time()
        found = find_page(phone, lines, _PAGE)
        times.append((time.perf_counter() - start) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
        # The walks that the others are copied from share one number, and fill more than a page.
        if pk not in {p.pk for p in found} and len(found) < _PAGE:
            return {"failed": "a telephone number didn't lead to its petition"}
    if not times:
        return {"failed": "no petition with a telephone number"}
    return {
        "p50_ms": percentile(times, 50),
        "p95_ms": percentile(times, 95),
        "cpu_p50_ms": percentile(busy, 50),
        "cpu_p95_ms": percentile(busy, 95),
        "looked_up": len(times),
    }


def proof_times(ids: list[int], runs: int) -> dict[str, Any]:
    """Measure all three."""
    parts = {"verify": verify_times(), "policy": policy_times(runs), "phone": phone_times(ids, runs * 5)}
    failed = next((p["failed"] for p in parts.values() if "failed" in p), None)
    return {
        **parts,
        "per_second": parts["verify"].get("per_second"),
        "added_percent": parts["policy"].get("added_percent"),
        "phone_p95_ms": parts["phone"].get("p95_ms"),
        **({"failed": failed} if failed else {}),
    }
