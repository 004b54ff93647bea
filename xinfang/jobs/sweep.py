"""The deadline sweep: who must be warned today is warned, once, whatever was missed and however many workers run.

An alert is one transaction: the claim, the event, the messages. Nothing of it is kept if any part fails.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from xinfang.actions.concerned import Concerned
from xinfang.actions.deadlines import reset_deadlines
from xinfang.actions.perform import perform
from xinfang.notify.tell import tell
from xinfang.people.actors import today
from xinfang.procedure.alerts import Level, level_on, next_alert
from xinfang.procedure.articles import cite
from xinfang.procedure.clocks import Running, running
from xinfang.procedure.facts import SYSTEM, Facts
from xinfang.procedure.rules import Step
from xinfang.procedure.steps.oversight import MarkOverdue, Warn
from xinfang.records.models import Deadline, Petition
from xinfang.records.queries import calendar, facts_of

from . import mail

_CHUNK = 200
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Swept:
    """What a sweep did. `alerts` warned of a limit that comes near, `overdue` were marked as passed."""

    alerts: int = 0
    overdue: int = 0
    failed: int = 0
    looked: int = 0
    mailed: int = 0
    mail_failed: int = 0


def sweep(now: datetime | None = None) -> Swept:
    """Give every alert that is due, those due first in front, then send waiting mail. `now` is an aware time."""
    now = now or timezone.now()
    day = today(now)
    people = Concerned(day)
    counts = {"alerts": 0, "overdue": 0, "failed": 0, "looked": 0}
    after = (date.min, 0)
    while batch := _due(day, after):
        for pk, when in batch:
            counts["looked"] += 1
            try:
                level = _look(pk, when, day, now, people)
            except Exception:
                # One case that can't be written must not keep the others waiting; it is tried again tomorrow.
                _log.exception("alert_failed", deadline=pk)
                _push_forward(pk, when, day)
                counts["failed"] += 1
                continue
            if level is not None:
                counts["overdue" if level is Level.OVERDUE else "alerts"] += 1
        after = (batch[-1][1], batch[-1][0])
    sent = mail.send_waiting(now)
    swept = Swept(**counts, mailed=sent.mailed, mail_failed=sent.failed)
    if counts["looked"] or sent.mailed or sent.failed:
        _log.info("sweep_done", **counts, mailed=sent.mailed, mail_failed=sent.failed)
    return swept


def _due(day: date, after: tuple[date, int]) -> list[tuple[int, date]]:
    """The next rows to look at. Rows that were dealt with point to a later day, so the sweep ends."""
    rows = Deadline.objects.filter(next_alert__lte=day).order_by("next_alert", "id")
    if after[1]:
        rows = rows.filter(next_alert__gte=after[0]).exclude(next_alert=after[0], pk__lte=after[1])
    return list(rows.values_list("pk", "next_alert")[:_CHUNK])


@transaction.atomic
def _look(pk: int, when: date, day: date, now: datetime, people: Concerned) -> Level | None:
    """Give the alert of one row, or bring the row in line if its history says that nothing is due."""
    # The case first, then its deadline: in the order in which `perform` locks them, so that none waits for the other.
    petition = Petition.objects.select_for_update().filter(deadlines=pk).first()
    row = Deadline.objects.filter(pk=pk, next_alert=when).first()
    if petition is None or row is None:
        return None  # somebody else gave it, or the clock no longer runs
    facts = facts_of(petition)
    run = _run(facts, row)
    level = level_on(run, row.warned, day) if run else None
    if run is None or level is None or run.due.due != row.due:
        reset_deadlines(petition, facts, calendar())
        petition.save(update_fields=["next_due", "next_clock", "next_provisional"])
        petition.tasks.update(due=petition.next_due)
        row = Deadline.objects.filter(pk=pk).first()
        level = level_on(run, row.warned, day) if run and row else None
    if run is None or row is None or level is None:
        return None
    upcoming = next_alert(run, level.value)
    claimed = Deadline.objects.filter(pk=pk, next_alert=row.next_alert, warned=row.warned).update(
        next_alert=upcoming, warned=level.value, alert_retry=0
    )
    if not claimed:
        return None
    _warn(petition, run, level, people, now, f"alert:{pk}:{level.value}:{run.due.due}")
    return level


def _run(facts: Facts, row: Deadline) -> Running | None:
    return next(
        (r for r in running(facts, calendar()) if (r.clock.code, r.occurrence) == (row.clock, row.occurrence)), None
    )


def _warn(petition: Petition, run: Running, level: Level, people: Concerned, now: datetime, key: str) -> None:
    clock, due = run.clock, run.due
    step: Step
    if level is Level.OVERDUE:
        step = MarkOverdue(clock=clock.code, due=due.due)
    else:
        step = Warn(clock=clock.code, due=due.due, level=level.label)
    done = perform(step, petition.number, by=SYSTEM, key=key, now=now)
    unsure = "（暂定）" if due.provisional else ""
    tell(
        people.by(done.petition, done.facts),
        done.petition,
        kind="overdue" if level is Level.OVERDUE else "deadline",
        text=f"{petition.number}：“{clock.label}”{level.label}，{due.due}{unsure} 到期（{cite(clock.cites)}）",
        once=key,
        now=now,
    )


def _push_forward(pk: int, when: date, day: date) -> None:
    Deadline.objects.filter(pk=pk, next_alert=when).update(
        next_alert=day + timedelta(days=1), alert_retry=F("alert_retry") + 1
    )
