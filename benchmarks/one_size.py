"""Everything measured at one size; run by `python -m benchmarks` in a process of its own with an empty XINFANG_DATA."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.urls import reverse

from xinfang.procedure.step_codes import StepCode


def measure(size: int, quick: bool, cold: bool, parts: set[str]) -> dict[str, Any]:
    """Build the population, then measure each part; a part that fails says so in its place.

    Before each the database is read into memory, or with `cold` let go of, so that parts don't depend on what went
    before.
    """
    from django.core.management import call_command

    from xinfang.cases.models import Event, Petition
    from xinfang.core.clock import today

    from . import checks, department, jobs, pages, papers, population, proof, registering, reports, server
    from .measure import let_go, read_through, timed

    call_command("migrate", verbosity=0)
    from xinfang.core import installation

    installation.record_installation()
    from django.conf import settings

    # Written when a population is whole: one that was kept may be measured again, half a one never.
    built = settings.DATA / "benchmark.json"
    if built.exists():
        seconds = json.loads(built.read_text())["build_s"]
        ids = list(Petition.objects.order_by("id").values_list("id", flat=True)[:size])
    else:
        department.make_department()
        seconds, ids = timed(lambda: population.build(size, today(), say=_say))
        built.write_text(json.dumps({"build_s": seconds}))

    found: dict[str, Any] = {
        "petitions": len(ids),
        "events": Event.objects.count(),
        "database_mb": _database().stat().st_size / 1024 / 1024,
        "build_s": seconds,
        "wrong_in_sample": checks.wrong_in_sample(ids, 60 if quick else 200),
    }
    _say(f"built in {seconds:.0f} s; sample: {found['wrong_in_sample'] or 'histories and rows agree'}")
    clients, each, alerts = (2, 10, 50) if quick else (registering.CLIENTS, 150, 2000)

    def of_server(what: str) -> dict[str, Any]:
        desk = pages.Desk(lambda *_: None, "clerk1")
        if what == "memory":
            return server.memory(
                desk.cookie, [reverse("inbox"), reverse("boards"), reverse("petitions"), desk.asked("说明")], 200
            )
        return server.register_over_http(desk.cookie, each)

    steps = {
        "pages": lambda: pages.measure_pages(ids, 4 if quick else 60),
        StepCode.REGISTER: lambda: registering.register_at_once(each, clients),
        "register_http": lambda: of_server(StepCode.REGISTER),
        "memory": lambda: of_server("memory"),
        "sweep": lambda: jobs.sweep_times(alerts),
        "import": lambda: jobs.import_times(),
        "what_if": lambda: jobs.what_if_times(),
        "backup": lambda: jobs.backup_times(),
        "proof": lambda: proof.proof_times(ids, 9 if quick else 60),
        "reports": reports.report_times,
        "papers": lambda: papers.paper_times(20 if quick else 200),
    }
    for name, step in steps.items():
        if name not in parts:
            continue
        load = os.getloadavg()[0]
        (let_go if cold else read_through)(_database())
        try:
            took, found[name] = timed(step)
        except Exception as e:
            took, found[name] = 0.0, {"failed": f"{type(e).__name__}: {e}"}
        found[f"{name}_load"] = load
        _say(f"{name}: {took:.0f} s")
    return found


def _database() -> Path:
    from django.conf import settings

    return Path(settings.DATABASES["default"]["NAME"])


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure one size and write what was found as JSON, as the arguments say."""
    size, mode, parts, out = sys.argv[1:5]
    django.setup()
    found = measure(int(size), "quick" in mode, "cold" in mode, set(parts.split(",")))
    Path(out).write_text(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
