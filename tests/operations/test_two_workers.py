"""Two real processes sweep one SQLite file at once: each alert exactly once."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

PREPARE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from xinfang.core.database import set_up; set_up()
from tests.world import make_department, register
from xinfang.accounts.queries.actors import today
from xinfang.trusted_time.actions import set_trusted_time
make_department()
for _ in range(30):
    register(today() - timedelta(days=30))
set_trusted_time(timezone.now())
"""
SWEEP = """
import sys
import django; django.setup()
from django.db import connection
from xinfang.operations.actions.sweep import run_sweep
connection.ensure_connection()
print("ready", flush=True); sys.stdin.readline()
print(run_sweep())
"""
COUNT = """
import django; django.setup()
from xinfang.cases.models import Event
from xinfang.notifications.models import Notification
for e in Event.objects.filter(code="mark_overdue").select_related("petition"):
    print(e.petition.number, e.data["clock"])
print("notices", Notification.objects.filter(kind="overdue").count())
escalated = Event.objects.filter(code="escalate")
print("escalated", escalated.values("petition").distinct().count(), escalated.count())
print("weekly", sorted(Notification.objects.filter(kind="weekly").values_list("staff__username", flat=True)))
"""
ROOT = Path(__file__).resolve().parents[2]


def test_each_alert_is_given_by_one_of_them(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("XINFANG_")} | {
        "XINFANG_DATA": str(tmp_path),
        "XINFANG_MODE": "test",
        "XINFANG_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
    }

    def python(program: str, **how):
        return subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, **how
        )

    assert python(PREPARE).wait() == 0
    workers = [python(SWEEP, stdin=subprocess.PIPE) for _ in range(2)]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    said = [worker.communicate()[0] for worker in workers]
    assert all("failed=0" in text for text in said), said
    *marks, notices, escalated, weekly = python(COUNT).communicate()[0].splitlines()
    # notice and regional_entry have passed on each; three people of the office are told of each.
    assert len(marks) == 60 and set(Counter(marks).values()) == {1}
    assert notices == "notices 180"
    # The notice is fifteen days late, and that is told to the principal leader; entering is our own book-keeping.
    assert escalated == "escalated 30 30"
    assert weekly == "weekly ['clerk', 'clerk2', 'office_head', 'principal']"
    assert sum(int(text.split("weekly=")[1].split(",")[0]) for text in said) == 4
