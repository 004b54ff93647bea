"""The nightly work: sweeps with nothing and with much to say, and every open deadline after a calendar import."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from xinfang.accounts.models import Staff
from xinfang.cases.models import Deadline
from xinfang.casework.actions.calendar_import import import_year
from xinfang.casework.queries.what_if import what_if
from xinfang.core.clock import today
from xinfang.operations.actions.sweep import run_sweep
from xinfang.procedure.calendar import published_years
from xinfang.procedure.dated_rules import LimitVersion
from xinfang.procedure.limits import HANDLING

from .measure import timed


def sweep_times(alerts: int) -> dict[str, Any]:
    """Time three sweeps, of which the first isn't counted.

    It gives the warnings of the past but this many; then nothing is due; then these are.
    """
    day = today()
    due = Deadline.objects.filter(stopped_on=None, next_alert__lte=day)
    late = list(due.order_by("-due", "id").values_list("pk", flat=True)[:alerts])
    Deadline.objects.filter(pk__in=late).update(next_alert=None)
    run_sweep()
    nothing, quiet = timed(run_sweep)
    # As if the sweep had missed these until now.
    Deadline.objects.filter(pk__in=late).update(next_alert=day - timedelta(days=1))
    seconds, swept = timed(run_sweep)
    return {
        "nothing_s": nothing,
        "nothing_looked": quiet.looked,
        "alerts": swept.alerts + swept.overdue,
        "alerts_s": seconds,
        "failed": swept.failed,
    }


def import_times() -> dict[str, Any]:
    """Import the next year's invented schedule, then a changed one for this year, by which working-day dates move."""
    day = today()
    by = Staff.objects.get(username="office_head")
    open_rows = Deadline.objects.filter(stopped_on=None).count()
    first, report = timed(lambda: import_year(_schedule(day.year + 1), by=by, origin="样本", agreed=None))
    second, again = timed(
        lambda: import_year(_schedule(day.year, day + timedelta(days=2)), by=by, origin="样本", agreed=None)
    )
    return {
        "open_deadlines": open_rows,
        "next_year_s": first,
        "looked": report.looked,
        "moved": report.moved,
        "confirmed": report.confirmed,
        "this_year_s": second,
        "this_year_looked": again.looked,
        "this_year_moved": again.moved,
        "this_year_confirmed": again.confirmed,
        "failed": report.failed + again.failed,
    }


def what_if_times() -> dict[str, Any]:
    """Try 45 days in place of 60, for what runs too, on every open case; the seconds are told for 20,000 of them."""
    changed = LimitVersion(today(), 45, HANDLING.unit, HANDLING.cites, holds_for_running=True)
    seconds, found = timed(lambda: what_if({HANDLING.code: (changed,)}, today()))
    return {
        "cases": found.cases,
        "limits": found.limits,
        "moved": found.moved,
        "seconds": seconds,
        "of_20000_s": seconds * 20_000 / max(found.cases, 1),
    }


def backup_times() -> dict[str, Any]:
    """Time a backup by the command line, and its restore into an empty folder with the keys of this one."""
    program = str(Path(sys.executable).with_name("xinfang"))
    with tempfile.TemporaryDirectory(prefix="xinfang-backup-", dir=settings.DATA.parent) as folder:
        file, fresh = Path(folder) / "backup", Path(folder) / "data"
        made = json.loads(
            subprocess.run([program, "backup", str(file), "--json"], check=True, capture_output=True).stdout
        )
        fresh.mkdir(mode=0o700)
        shutil.copytree(settings.KEYS_DIR, fresh / "keys")
        environment = {**os.environ, "XINFANG_DATA": str(fresh)}
        done = subprocess.run(
            [program, "restore", str(file), "--json"], env=environment, check=False, capture_output=True
        )
        restored = json.loads(done.stdout)
        return {
            "backup_s": made["seconds"],
            "megabytes": made["bytes"] / 2**20,
            "restore_s": restored["seconds"],
            "verified": restored["whole"],
            **({} if restored["whole"] else {"failed": "the restored records do not verify"}),
        }


def _schedule(year: int, extra: date | None = None) -> bytes:
    """Return a year as a CSV file: its published days where it has any, else the three statutory feasts.

    With `extra`, one more day off.
    """
    known = published_years().get(year)
    days = {d: ("放假", n) for d, n in known.off.items()} if known else {}
    days |= {d: ("上班", n) for d, n in known.work.items()} if known else {}
    for month, day, name in ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节")):
        days.setdefault(date(year, month, day), ("放假", name))
    if extra:
        days[extra] = ("放假", "样本假日")
    lines = [f"{d.isoformat()},{kind},{name}" for d, (kind, name) in sorted(days.items())]
    return "\n".join(["日期,类型,名称", *lines]).encode()
