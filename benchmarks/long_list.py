"""`python -m benchmarks.long_list`: a register of 50,000 cases written in the background while pages are asked for.

Tells seconds, the writer's peak memory and the p95 of pages with and without it; then LibreOffice opens the file, and
each of its rows is compared with the database. The exit code is 1 where a target is missed or a number differs.
"""

import argparse
import csv
import io
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.urls import reverse

from .apart import own_installation, print_figures, print_missed
from .measure import peak_mb

PEAK_MB_AT_MOST = 400
SLOWER_AT_MOST = 2.5
"""p95 of pages while the list is written, as a multiple of p95 without.

With two processors one is taken, at the lowest priority.
"""


def main(argv: list[str] | None = None) -> int:
    """Measure in a folder of its own and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_list", description=__doc__)
    parser.add_argument("--size", type=int, default=50_000, help="how many petitions")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args(argv)
    with own_installation() as folder:
        found = measure(options.size, folder)
    found["load"] = os.getloadavg()[0]
    print_figures(found, 2, options.json)
    missed = [f"{name} differs" for name in ("wrong_in_libreoffice",) if found[name]]
    missed += ["memory"] if found["peak_mb"] > PEAK_MB_AT_MOST else []
    missed += ["p95 of pages"] if found["slower"] > SLOWER_AT_MOST else []
    print_missed(missed)
    return 1 if missed else 0


def measure(size: int, folder: Path) -> dict[str, Any]:
    """Build the population, write the list beside a server, and compare what LibreOffice reads of it."""
    from django.core.management import call_command

    from xinfang.accounts.models import Staff
    from xinfang.accounts.queries.actors import actor_of
    from xinfang.core import installation
    from xinfang.core.clock import today
    from xinfang.registers.actions.exporting import Export, hand_out, queue_export
    from xinfang.registers.columns import LEDGER
    from xinfang.registers.exported_lists import CASES
    from xinfang.registers.models import ExportJob

    from . import department, pages, population
    from .measure import percentile
    from .reading import request_pages
    from .server import running_server

    call_command("migrate", verbosity=0)
    installation.record_installation()
    department.make_department()
    population.build(size, today(), say=_say)
    desk = pages.Desk(lambda *_: None, "clerk1")
    addresses = [reverse("inbox"), reverse("petitions"), reverse("boards"), f"{reverse('petitions')}?sort=due"]
    clerk = Staff.objects.get(username="clerk1")
    with running_server() as (port, _):
        request_pages(port, desk.cookie, addresses, seconds=3)  # what a server does once
        alone = request_pages(port, desk.cookie, addresses, seconds=15)
        export = Export(CASES, "信访事项总台账", {"sort": "received"}, LEDGER, "xlsx")
        began = time.monotonic()
        job = queue_export(export, actor=actor_of(clerk), staff=clerk)
        asked = time.monotonic() - began
        peak, meanwhile = 0.0, list[float]()
        while job.open:
            meanwhile += request_pages(port, desk.cookie, addresses, seconds=1)
            peak = max(peak, _peak_of_writer_mb())
            job = ExportJob.objects.get(pk=job.pk)
        seconds = time.monotonic() - began
    if job.state != ExportJob.State.DONE:
        raise RuntimeError(f"not written: {job.error}")
    began = time.monotonic()
    content = hand_out(job, staff=clerk)
    return {
        "petitions": size,
        "rows": job.rows_done,
        "file_mb": len(content) / 1024 / 1024,
        "seconds_to_ask": asked,
        "seconds_to_write": seconds,
        "seconds_to_hand_out": time.monotonic() - began,
        "peak_mb": peak,
        "p95_ms_alone": percentile(alone, 95) * 1000,
        "p95_ms_meanwhile": percentile(meanwhile, 95) * 1000,
        "slower": percentile(meanwhile, 95) / percentile(alone, 95),
        "pages_meanwhile": len(meanwhile),
        "wrong_in_libreoffice": _wrong(content, folder),
    }


def _peak_of_writer_mb() -> float:
    """Return the most memory that the writing process has had, in MB; 0 where there is none."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"write-exports" in (folder / "cmdline").read_bytes():
                return peak_mb(int(folder.name))
        except OSError:
            continue
    return 0.0


def _wrong(content: bytes, folder: Path) -> list[str]:
    """Return what LibreOffice reads otherwise than the database says it."""
    from xinfang.cases.models import Petition
    from xinfang.procedure.words import State

    (folder / "list.xlsx").write_bytes(content)
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(folder / "list.xlsx")],
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(folder)},
    )
    rows = list(csv.reader(io.StringIO((folder / "list.csv").read_text("utf-8"))))
    heads, body = rows[2], [row for row in rows[3:] if row and len(row[0]) == 12]
    said = {row[0]: dict(zip(heads, row, strict=False)) for row in body}
    wrong, states = [], Counter[str]()
    seen = Petition.objects.filter(sealed=False).only("number", "received_on", "state", "group_size", "accepted_on")
    for petition in seen.iterator(chunk_size=2000):
        row = said.pop(petition.number, None)
        if row is None:
            wrong.append(f"{petition.number} is missing")
            continue
        states[row["办理状态"]] += 1
        day = petition.accepted_on.isoformat() if petition.accepted_on else ""
        right = (petition.received_on.isoformat(), State.label_of(petition.state), str(petition.group_size), day)
        if (row["收到日期"], row["办理状态"], row["人数"], row["受理日期"]) != right:
            wrong.append(f"{petition.number}: {row}")
    wrong += [f"{number} isn't in the database" for number in said]
    _say(f"{len(body)} rows in LibreOffice: {dict(states.most_common(4))}")
    return wrong[:20]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
