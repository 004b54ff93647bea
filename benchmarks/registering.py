"""Registration through all rules, by many clients at once: `perform` in processes of their own, then over HTTP."""

import multiprocessing
import random
import time
from typing import Any

from xinfang.procedure.step_codes import StepCode

from .measure import percentile

CLIENTS = 8


def _client(which: int, count: int, ready: Any, out: Any) -> None:
    """Register letters as fast as one client process may; tell when it began, ended, and how long each took."""
    import django

    django.setup()
    from xinfang.accounts.models import Staff
    from xinfang.accounts.queries.actors import actor_of
    from xinfang.cases.actions.perform import perform
    from xinfang.procedure.step_schema import load_step
    from xinfang.procedure.steps import STEPS

    actor = actor_of(Staff.objects.get(username="clerk1"))
    rng = random.Random(which)
    answers = [letter_answers(rng) for _ in range(count)]
    # The first use of every class and regular expression is not what is measured.
    for given in answers[:3]:
        load_step(STEPS[StepCode.REGISTER], given)
    ready.wait()
    numbers, times, began = [], [], time.time()
    for given in answers:
        start = time.perf_counter()
        done = perform(load_step(STEPS[StepCode.REGISTER], given), None, by=actor)
        times.append(time.perf_counter() - start)
        numbers.append(done.petition.number)
    out.put((began, time.time(), numbers, times))


def letter_answers(rng: random.Random) -> dict[str, Any]:
    """Return the answers of a registration as the form sends them."""
    from xinfang.core.clock import today

    from .department import CATEGORIES
    from .texts import letter

    text = letter(rng, requests=2)
    return {
        "secrecy": "no",
        "channel": rng.choice(("letter", "letter", "phone")),
        "source": "direct",
        "received_on": today().isoformat(),
        "subject": text.subject,
        "body": text.body,
        "requests": [{"text": r} for r in text.requests],
        "persons": [{"name": text.name, "phone": text.phone, "address": text.address}],
        "category": rng.choice(CATEGORIES),
    }


def register_at_once(count: int, clients: int = CLIENTS) -> dict[str, Any]:
    """Have every client register `count` letters; the rate counts from the first start to the last end."""
    from django.db import connection

    connection.close()
    processes = multiprocessing.get_context("spawn")
    ready, out = processes.Barrier(clients), processes.Queue()
    workers = [processes.Process(target=_client, args=(i, count, ready, out)) for i in range(clients)]
    for worker in workers:
        worker.start()
    results = [out.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    seconds = max(r[1] for r in results) - min(r[0] for r in results)
    numbers = [n for r in results for n in r[2]]
    times = sorted(t for r in results for t in r[3])
    return {
        "clients": clients,
        "registered": len(numbers),
        "per_second": len(numbers) / seconds,
        "unique": len(set(numbers)) == len(numbers),
        "missing_numbers": missing_numbers(),
        "p50_ms": percentile(times, 50) * 1000,
        "p95_ms": percentile(times, 95) * 1000,
        "max_ms": max(times) * 1000,
    }


def missing_numbers() -> int:
    """Return the number of gaps in any series; there must be none."""
    from xinfang.core.numbering import check_series

    return sum(len(s.missing) for s in check_series())
