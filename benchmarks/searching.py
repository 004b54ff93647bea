"""`python -m benchmarks.searching`: search and likely repeats at two sizes, on SQLite or PostgreSQL.

A register of letters and, for two in three, of what was answered: no events, as search reads only its own tables. Told
for each kind of question: the processor time of this process and the time by the clock, for the first page, for the
capped total, and for what could be asked before (letters alone). Then the candidates of likely repeats, as the form of
registration asks for them. The exit code is 1 where a target is missed.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

from . import texts
from .apart import print_figures, print_missed
from .measure import percentile

HERE = Path(__file__).resolve().parent.parent
CANDIDATES_GROW_AT_MOST = 1.5
"""p50 of the candidates of likely repeats at the largest size, as a multiple of that at the smallest."""
WITH_ANSWERS_AT_MOST = 2.0
"""Processor time of a first page, p50 over all kinds, as a multiple of the same question about letters alone."""
_BATCH = 500
QUESTIONS: dict[str, Callable[[random.Random], str]] = {
    "two characters": lambda rng: _piece(rng, 2),
    "four characters": lambda rng: _piece(rng, 4),
    "two words": lambda rng: f"{_piece(rng, 2)} {_piece(rng, 3)}",
    "frequent words": lambda rng: rng.choice(("领导", "说明原因", "科技特派员 补发", "请")),
    "one of two": lambda rng: f"{_piece(rng, 3)} 或 {_piece(rng, 3)}",
    "without": lambda rng: f"{_piece(rng, 2)} 非 {_piece(rng, 2)}",
    "name": texts.name,
    "nothing there": lambda rng: "龘靐齉",
}


def main(argv: list[str] | None = None) -> int:
    """Measure each size in a process and a folder of its own, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searching", description=__doc__)
    parser.add_argument("--sizes", default="20000,200000", help="how many petitions, one register each")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--runs", type=int, default=40, help="questions of each kind")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.one:
        found = measure(int(options.sizes), options.runs, options.database)
        Path(options.one).write_text(json.dumps(found))
        return 0
    figures: dict[str, Any] = {}
    for size in options.sizes.split(","):
        figures |= {f"{size}, {name}": value for name, value in _apart(size, options).items()}
    figures["load"] = os.getloadavg()[0]
    # On PostgreSQL most of the work is the server's, so there the clock tells.
    told = "cpu p50 ms" if options.database == "sqlite" else "p50 ms"
    missed = _missed(figures, options.sizes.split(","), told)
    print_figures(figures, 2, options.json)
    print_missed(missed)
    return 1 if missed else 0


def _missed(figures: dict[str, Any], sizes: list[str], told: str) -> list[str]:
    missed = []
    first, last = (figures[f"{size}, candidates {told}"] for size in (sizes[0], sizes[-1]))
    figures["candidates grow"] = last / first
    if figures["candidates grow"] > CANDIDATES_GROW_AT_MOST:
        missed.append("candidates of likely repeats grow")
    for size in sizes:
        pages, before = (
            sum(figures[f"{size}, {kind}, {what} {told}"] for kind in QUESTIONS)
            for what in ("first page", "letters alone")
        )
        figures[f"{size}, with answers"] = pages / before
    if figures[f"{sizes[-1]}, with answers"] > WITH_ANSWERS_AT_MOST:
        missed.append("processor time of first pages")
    return missed


def _apart(size: str, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xinfang-bench-") as folder:
        out = Path(folder) / "found.json"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("XINFANG_")} | {
            "XINFANG_DATA": f"{folder}/data",
            "XINFANG_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
        }
        command = [sys.executable, "-m", "benchmarks.searching", "--sizes", size, "--runs", str(options.runs)]
        command += ["--database", options.database, "--one", str(out)]
        subprocess.run(command, check=True, cwd=HERE, env=environment)
        found: dict[str, Any] = json.loads(out.read_text())
        return found


@contextmanager
def _database(kind: str) -> Iterator[None]:
    with ExitStack() as opened:
        if kind == "postgresql":
            # The same server as in the tests, started for this alone.
            from tests import postgres

            opened.enter_context(postgres.as_default(opened.enter_context(postgres.server())))
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        yield


def measure(size: int, runs: int, kind: str) -> dict[str, Any]:
    """Build a register and ask it."""
    django.setup()
    with _database(kind):
        from django.db import connection

        start = time.perf_counter()
        _build(size)
        if kind == "postgresql":
            with connection.cursor() as cursor:
                # As its own vacuum does before long.
                cursor.execute("ANALYZE")
        return {"build s": time.perf_counter() - start, **_asked(runs), **_candidates(runs)}


def _build(size: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from xinfang.cases.models import Petition
    from xinfang.search import index
    from xinfang.search.answered import AnsweredText, Where
    from xinfang.search.folding import NamedPerson, fold_text

    rng, began, now = random.Random(5), date(2021, 1, 1), timezone.now()
    for first in range(0, size, _BATCH):
        letters = [texts.letter(rng) for _ in range(min(_BATCH, size - first))]
        rows = [
            Petition(
                number=f"LX{first + place + 1:010d}",
                state="handling",
                channel="letter",
                source="direct",
                received_on=began + timedelta(days=(first + place) * 1800 // size),
                registered_at=now,
                subject=letter.subject[:120],
                body=letter.body,
            )
            for place, letter in enumerate(letters)
        ]
        with transaction.atomic():
            for petition, letter in zip(Petition.objects.bulk_create(rows), letters, strict=True):
                people = [NamedPerson(letter.name, letter.phone)]
                index.index_petition(petition, requests=letter.requests, people=people)
                if rng.random() < 2 / 3:
                    said = [fold_text(texts.letter(rng).body) for _ in range(2)]
                    index.index_answers(petition.pk, AnsweredText("\n".join(said), Where.REPLY + Where.NOTE))


def _piece(rng: random.Random, length: int) -> str:
    text = texts.letter(rng).body
    at = rng.randrange(max(1, len(text) - length))
    return text[at : at + length].replace("非", "").replace("或", "")


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    start, worked = time.perf_counter(), time.process_time()
    ask()
    return (time.process_time() - worked) * 1000, (time.perf_counter() - start) * 1000


def _asked(runs: int) -> dict[str, Any]:
    from xinfang.cases.models import Petition
    from xinfang.cases.queries.list_rows import with_list_columns
    from xinfang.search.finding import count_found, find_page

    every, lines = Petition.objects.all(), with_list_columns(Petition.objects.all())
    found: dict[str, Any] = {}
    for kind, question in QUESTIONS.items():
        rng = random.Random(kind)
        asked = [question(rng) for _ in range(runs)]
        measured: dict[str, list[tuple[float, float]]] = {"first page": [], "letters alone": [], "total": []}
        for text in asked:
            measured["letters alone"].append(_timed(lambda text=text: find_page(text, lines, 31)))
            measured["first page"].append(_timed(lambda text=text: find_page(text, lines, 31, reads=True)))
            measured["total"].append(_timed(lambda text=text: count_found(text, every, reads=True)))
        for what, times in measured.items():
            found |= _percentiles(f"{kind}, {what}", times)
    return found


def _candidates(runs: int) -> dict[str, Any]:
    from xinfang.search.likely_repeats import find_similar

    rng = random.Random(17)
    times = []
    for _ in range(runs):
        letter = texts.letter(rng)
        asked = {"subject": letter.subject, "body": letter.body, "requests": letter.requests, "people": []}
        times.append(_timed(lambda asked=asked: find_similar(None, **asked)))
    return _percentiles("candidates", times)


def _percentiles(name: str, times: list[tuple[float, float]]) -> dict[str, float]:
    busy, waited = zip(*times, strict=True)
    return {
        f"{name} cpu p50 ms": percentile(list(busy), 50),
        f"{name} p50 ms": percentile(list(waited), 50),
        f"{name} p95 ms": percentile(list(waited), 95),
    }


if __name__ == "__main__":
    sys.exit(main())
