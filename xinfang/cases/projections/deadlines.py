"""Deadlines are computed from history after every step; the stored rows are only what lists are sorted by."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Model

from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Deadline, Petition
from xinfang.cases.models.case import NO_DUE_DATE
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.core.prepared_inserts import PreparedInsert, insert_many
from xinfang.notifications.actions import end_notifications, reopen_notifications
from xinfang.procedure.alerts import Level, next_alert
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts
from xinfang.procedure.timing import ClockRun, is_late
from xinfang.procedure.what_is_due import WhatIsDue
from xinfang.web.dates import chinese_date

_WRITTEN = ("started_on", "due", "alarm", "provisional", "stopped_on", "stopped_by", "next_alert")
_ALERT = re.compile(r"alert:(\d+):([a-z]+):(\d{4}-\d\d-\d\d)")


def alert_key(row: Deadline, level: Level, due: date) -> str:
    """Return what makes a warning one event: the row, the level and the date of which it warns."""
    return f"alert:{row.pk}:{level.value}:{due}"


@dataclass(frozen=True, slots=True)
class _Given:
    """A warning, as its event says."""

    clock: str
    level: str
    due: date


def _given(case: CaseHistory) -> dict[int, list[_Given]]:
    """Return the warnings given, in order, by the primary key of the row that was warned of."""
    found: dict[int, list[_Given]] = defaultdict(list)
    for event, happening in zip(case.events, case.facts.history, strict=True):
        if said := _ALERT.fullmatch(event.key or ""):
            found[int(said[1])].append(_Given(happening.step.clock, said[2], date.fromisoformat(said[3])))
    return found


class DeadlineRows(Projection):
    """Every run of every clock, and on the case's row the one by which lists sort it."""

    derived = (Derived(Deadline, ("clock", "occurrence"), (*_WRITTEN, "warned"), kept=("alert_retry",)),)

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the case's limits, each with how far it was warned of."""
        stored = {(d.clock, d.occurrence): d for d in case.stored[Deadline]}
        given = _given(case)
        # Of a row that is lost, only the clock and the date tell which warnings were its own.
        there = {d.pk for d in stored.values()}
        of_lost_rows = [g for pk, every in given.items() if pk not in there for g in every]
        for run in case.runs:
            kept = stored.get((run.clock.code, run.occurrence))
            if kept:
                row = _row(case.petition, run, _warned(kept, given[kept.pk], run))
                if kept.alert_retry and _tried_again(row.next_alert, kept.next_alert, case.day):
                    row.next_alert = kept.next_alert
            else:
                own = [g for g in of_lost_rows if (g.clock, g.due) == (run.clock.code, run.due.due)]
                row = _row(case.petition, run, own[-1].level if own else "")
            yield row

    def revise(self, case: CaseHistory, rows: Sequence[Model]) -> None:
        """Set the first due date in the row of the case."""
        for row in rows:
            if isinstance(row, Petition):
                set_first_due(row, case.runs)

    def prepare(self, change: Change) -> PreparedInsert | None:
        """Set the case's first due date, and make the limits of a registration."""
        set_first_due(change.petition, change.runs)
        if not change.begins:
            return None
        return PreparedInsert(Deadline, [_row(change.petition, run, "") for run in change.runs], "petition")

    def write(self, prepared: PreparedInsert | None, change: Change) -> None:
        """Insert the limits of a registration, or bring those of a case in line with its history."""
        if prepared is not None:
            prepared.insert(petition=change.petition.pk)
        else:
            _write(change.petition, change.runs, change.now)


def _warned(kept: Deadline, given: Sequence[_Given], run: ClockRun) -> str:
    """Return how far this row was warned of: what it says itself if that is nothing or was given, else the last given.

    A later date makes warnings void, and its date may have been later for a while: so a row may say less than its
    events, and is warned of again, but never what they don't say.
    """
    levels = [g.level for g in given if g.due >= run.due.due]
    return kept.warned if kept.warned in ("", *levels) else levels[-1] if levels else ""


def _tried_again(wanted: date | None, kept: date | None, day: date) -> bool:
    """Tell whether a warning that couldn't be given waits to be tried again: on the next day, never later."""
    return wanted is not None and kept is not None and wanted <= kept <= day + timedelta(days=1)


def reset_deadlines(petition: Petition, facts: Facts, calendar: Calendar, now: datetime) -> tuple[ClockRun, ...]:
    """Bring the rows and the case's first due date in line with the history, and return the runs.

    The caller saves the case.
    """
    runs = running(facts, calendar)
    set_first_due(petition, runs)
    _write(petition, runs, now)
    return runs


def about_limit(clock: str, occurrence: int) -> str:
    """Return what a message about this run of a limit is about."""
    return f"clock:{clock}:{occurrence}"


def _ended(row: Deadline, fresh: Deadline) -> str:
    """Return why what was said of a limit calls for nothing any more; empty where it still does."""
    if fresh.stopped_on is not None and row.stopped_on is None:
        late = (fresh.stopped_on - fresh.due).days if is_late(fresh.due, fresh.stopped_on) else 0
        if fresh.stopped_by is None:
            return f"“{row.label}”已随事项终结，{chinese_date(fresh.stopped_on)}起不再计算"
        return f"“{row.label}”已于{chinese_date(fresh.stopped_on)}完成" + (f"，超期{late}日" if late else "")
    if fresh.stopped_on is None and fresh.due > row.due:
        return f"“{row.label}”的到期日已改为{chinese_date(fresh.due)}"
    return ""


def _write(petition: Petition, runs: tuple[ClockRun, ...], now: datetime) -> None:
    ended: dict[str, str] = {}
    have = {(d.clock, d.occurrence): d for d in petition.deadlines.all()}
    added, changed = [], []
    for run in runs:
        row = have.pop((run.clock.code, run.occurrence), None)
        fresh = _row(petition, run, row.warned if row else "")
        if row is None:
            added.append(fresh)
        elif any(getattr(row, f) != getattr(fresh, f) for f in _WRITTEN):
            if row.warned and (why := _ended(row, fresh)):
                ended[about_limit(row.clock, row.occurrence)] = why
            if row.warned and row.stopped_on is not None and fresh.stopped_on is None:
                reopen_notifications(petition, [about_limit(row.clock, row.occurrence)])
            if row.due != fresh.due:
                # A later date makes old warnings void: they will be given again in time.
                fresh.warned = row.warned = "" if fresh.due > row.due else row.warned
                fresh.next_alert = next_alert(run, row.warned)
            for f in _WRITTEN:
                setattr(row, f, getattr(fresh, f))
            changed.append(row)
    insert_many(Deadline, added)
    if changed:
        Deadline.objects.bulk_update(changed, [*_WRITTEN, "warned"])
    if have:
        # The clock does not run in this case after all (another class, a corrected source): history says why.
        Deadline.objects.filter(pk__in=[d.pk for d in have.values()]).delete()
        ended |= {about_limit(d.clock, d.occurrence): f"“{d.label}”不再适用" for d in have.values() if d.warned}
    end_notifications(petition, ended, now)


def _row(petition: Petition, run: ClockRun, warned: str) -> Deadline:
    return Deadline(
        petition=petition,
        clock=run.clock.code,
        occurrence=run.occurrence,
        started_on=run.started_on,
        due=run.due.due,
        alarm=run.due.alarm,
        provisional=run.due.provisional and run.stopped_on is None,
        stopped_on=run.stopped_on,
        stopped_by=run.stopped_by,
        warned=warned,
        next_alert=next_alert(run, warned),
    )


def set_first_due(petition: Petition, runs: tuple[ClockRun, ...]) -> None:
    """Set the date by which lists sort this petition: the first open limit of the department's that leads."""
    first = WhatIsDue(runs).first
    petition.next_due = first.due.due if first else date.fromisoformat(NO_DUE_DATE)
    petition.next_clock = first.clock.code if first else ""
    petition.next_provisional = first.due.provisional if first else False
