"""A calendar import is killed half-way: the next sweep finishes it, and nobody is told twice."""

import json
from pathlib import Path

from tests.cases.racing import environment, run

DEPARTMENT = """
from django.core.management import call_command; call_command("migrate", verbosity=0)
from xinfang.core import installation; installation.record_installation()
from datetime import date
from tests.world import make_department, register
make_department()
for _ in range(6):
    register(date(2026, 12, 25), source="bureau_forwarded", sender="自治区信访局", sender_number="内信转〔2026〕9号")
"""
KILLED = """
import os, signal
from datetime import date
from tests.world import noon
from xinfang.casework.actions import calendar_import, recomputed_dates
record, done = recomputed_dates.perform, []
def dies_at_the_third(*args, **kwargs):
    if len(done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(record(*args, **kwargs))
    return done[-1]
recomputed_dates.perform = dies_at_the_third
days = ("日期,类型,名称\\n2027-01-01至2027-01-04,放假,元旦\\n2027-02-06至2027-02-14,放假,春节\\n"
        "2027-05-01,放假,劳动节\\n2027-10-01~10-07,放假,国庆节")
calendar_import.import_year(days.encode(), by=None, agreed=None, now=noon(date(2026, 12, 25)))
"""
STATE = """
import json
from xinfang.calendars.models import CalendarYear
from xinfang.cases.models import Deadline, Event, Petition
from xinfang.notifications.models import Notification
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.petitions import facts_of
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
the_calendar = calendar()
wrong = sum(
    {(d.clock, d.due) for d in p.deadlines.filter(stopped_on=None)}
    != {(r.clock.code, r.due.due) for r in running(facts_of(p), the_calendar) if r.stopped_on is None}
    for p in Petition.objects.all()
)
moved = Event.objects.filter(code=StepCode.RECOMPUTE_DEADLINE)
print(json.dumps({
    "wrong": wrong,
    "moved": moved.count(),
    "cases": moved.values("petition").distinct().count(),
    "told": Notification.objects.filter(text__contains="改为").count(),
    "open": CalendarYear.objects.filter(recounted_at=None).count(),
}))
"""
SWEEP = """
from datetime import date
from tests.world import sweep_on
print(sweep_on(date(2026, 12, 25)).moved)
"""


def test_the_next_sweep_finishes_an_import_that_was_killed(tmp_path: Path) -> None:
    here = environment(tmp_path)
    run(here, DEPARTMENT)
    run(here, KILLED, ends=-9)
    half = json.loads(run(here, STATE))
    assert half["open"] == 1 and half["wrong"] >= 4 and half["moved"] == 2
    assert int(run(here, SWEEP)) > 0
    whole = json.loads(run(here, STATE))
    assert whole["open"] == 0 and whole["wrong"] == 0
    assert (whole["moved"], whole["cases"]) == (6, 6) and whole["told"] == 3 * 6
    assert int(run(here, SWEEP)) == 0 and json.loads(run(here, STATE)) == whole
