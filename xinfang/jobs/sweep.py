"""The deadline sweep: who must be warned today is warned, once, whatever was missed and however many workers run.

The claim of an alert, its event and its messages are kept together or not at all.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from xinfang.actions.calendars import recount_open_deadlines
from xinfang.actions.concerned import Concerned
from xinfang.actions.deadlines import reset_deadlines
from xinfang.actions.perform import Done, perform_locked
from xinfang.notify.tell import tell
from xinfang.people import sign_ins
from xinfang.people.actors import today
from xinfang.procedure.alerts import Level, level_on, next_alert
from xinfang.procedure.articles import cite
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import SYSTEM, Facts
from xinfang.procedure.rules import Step
from xinfang.procedure.steps.oversight import MarkOverdue, Warn
from xinfang.procedure.timing import Running
from xinfang.records import pieces
from xinfang.records.models import Deadline, Petition
from xinfang.records.queries import calendar, facts_of_all
from xinfang.records.sealing import seal_yesterday

from . import mail

_CHUNK = 25
"""Alerts in one transaction: few enough that people who write meanwhile hardly wait, enough to share its cost."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Swept:
    """What a sweep did. `alerts` warned of a limit that comes near, `overdue` were marked as passed, `moved` had a new date."""

    alerts: int = 0
    overdue: int = 0
    failed: int = 0
    looked: int = 0
    mailed: int = 0
    mail_failed: int = 0
    moved: int = 0


def sweep(now: datetime | None = None) -> Swept:
    """Give every alert that is due, those due first in front, then send waiting mail. `now` is an aware time.

    Before that, a calendar import that was cut off is finished, as an alert must not follow an old date; and the first
    sweep of a day seals the records of the days before.
    """
    now = now or timezone.now()
    recounted = recount_open_deadlines(now)
    seal_yesterday(today(now), now)
    sign_ins.close_forgotten(now)
    pieces.forget_old(now)
    run = _Sweep(now)
    run.all()
    sent = mail.send_waiting(now)
    swept = Swept(
        run.alerts, run.overdue, run.failed + recounted.failed, run.looked, sent.mailed, sent.failed, recounted.moved
    )
    if swept != Swept():
        _log.info("sweep_done", **asdict(swept))
    return swept


class _Sweep:
    """One run: it counts, and remembers who is concerned."""

    def __init__(self, now: datetime) -> None:
        self.now, self.day = now, today(now)
        self.alerts = self.overdue = self.failed = self.looked = 0
        self._people = Concerned(self.day)
        self._calendar = calendar()

    def all(self) -> None:
        """Chunk by chunk; rows that were dealt with point to a later day, so it ends."""
        after = (date.min, 0)
        while batch := _due(self.day, after):
            self.looked += len(batch)
            try:
                counts = self._chunk([pk for pk, _ in batch])
            except DatabaseError as e:
                # The commit itself failed: nothing of the chunk is kept, and it is still due.
                _log.error("sweep_chunk_failed", error=type(e).__name__)
                self.failed += len(batch)
            else:
                self.overdue += counts[Level.OVERDUE]
                self.alerts += sum(n for level, n in counts.items() if isinstance(level, Level)) - counts[Level.OVERDUE]
                self.failed += counts["failed"]
            after = (batch[-1][1], batch[-1][0])

    @transaction.atomic
    def _chunk(self, pks: list[int]) -> Counter[Level | str]:
        """Some alerts in one transaction, each of them whole or not at all."""
        # The cases first, then their deadlines: in the order in which `perform` locks them, so that none waits for the other.
        petitions = Petition.objects.filter(pk__in=Deadline.objects.filter(pk__in=pks).values("petition_id"))
        locked = {p.pk: p for p in petitions.order_by("pk").select_for_update()}
        facts = facts_of_all(locked.values())
        # Whatever another worker dealt with meanwhile is no longer due.
        rows = Deadline.objects.filter(pk__in=pks, next_alert__lte=self.day).order_by("next_alert", "id")
        counts: Counter[Level | str] = Counter()
        for row in list(rows):
            try:
                with transaction.atomic():
                    level = self._look(row, locked, facts)
            except Exception:
                # One case that can't be written must not keep the others waiting; it is tried again tomorrow.
                _log.exception("alert_failed", deadline=row.pk)
                # What was half done is undone in the database, so it must not be remembered here either.
                locked[row.petition_id] = Petition.objects.get(pk=row.petition_id)
                _push_forward(row.pk, self.day)
                counts["failed"] += 1
                continue
            if level:
                counts[level] += 1
        return counts

    def _look(self, row: Deadline, locked: dict[int, Petition], known: dict[int, Facts]) -> Level | None:
        """Give the alert of one row, or bring the row in line if its history says that nothing is due."""
        petition, facts = locked[row.petition_id], known[row.petition_id]
        run = _run(facts, row, self._calendar)
        level = level_on(run, row.warned, self.day) if run else None
        if run is None or level is None or run.due.due != row.due:
            reset_deadlines(petition, facts, self._calendar)
            petition.save(update_fields=["next_due", "next_clock", "next_provisional"])
            petition.tasks.update(due=petition.next_due)
            put_right = Deadline.objects.filter(pk=row.pk).first()
            if run is None or put_right is None:
                return None
            row = put_right
            level = level_on(run, row.warned, self.day)
        # An earlier alert of this very chunk may have brought the row in line.
        upcoming = next_alert(run, level.value) if level else None
        if level is None or not _claim(row, upcoming, level, self.day):
            return None
        done = self._warn(petition, facts, run, level, f"alert:{row.pk}:{level.value}:{run.due.due}")
        # The next alert of this chunk may be about the same case.
        locked[row.petition_id], known[row.petition_id] = done.petition, done.facts
        return level

    def _warn(self, petition: Petition, facts: Facts, run: Running, level: Level, key: str) -> Done:
        clock, due = run.clock, run.due
        step: Step
        if level is Level.OVERDUE:
            step = MarkOverdue(clock=clock.code, due=due.due)
        else:
            step = Warn(clock=clock.code, due=due.due, level=level.label)
        done = perform_locked(step, petition, facts, by=SYSTEM, key=key, now=self.now)
        unsure = "（暂定）" if due.provisional else ""
        tell(
            self._people.by(done.petition, done.facts),
            done.petition,
            kind="overdue" if level is Level.OVERDUE else "deadline",
            text=f"{petition.number}：“{clock.label}”{level.label}，{due.due}{unsure} 到期（{cite(clock.cites)}）",
            once=key,
            now=self.now,
        )
        return done


def _claim(row: Deadline, upcoming: date | None, level: Level, day: date) -> bool:
    """Whether this worker is the one to give the alert: the row was still as it was read."""
    # Two thousand times a sweep, so without the ORM, which takes longer to put it than the database to do it.
    as_day = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_deadline SET next_alert = %s, warned = %s, alert_retry = 0"
            " WHERE id = %s AND warned = %s AND next_alert <= %s",
            [as_day(upcoming), level.value, row.pk, row.warned, as_day(day)],
        )
        return bool(cursor.rowcount)


def _due(day: date, after: tuple[date, int]) -> list[tuple[int, date]]:
    """The next rows to look at, those due first in front."""
    rows = Deadline.objects.filter(next_alert__lte=day).order_by("next_alert", "id")
    if after[1]:
        rows = rows.filter(next_alert__gte=after[0]).exclude(next_alert=after[0], pk__lte=after[1])
    return list(rows.values_list("pk", "next_alert")[:_CHUNK])


def _run(facts: Facts, row: Deadline, the_calendar: Calendar) -> Running | None:
    runs = running(facts, the_calendar)
    return next((r for r in runs if (r.clock.code, r.occurrence) == (row.clock, row.occurrence)), None)


def _push_forward(pk: int, day: date) -> None:
    Deadline.objects.filter(pk=pk).update(next_alert=day + timedelta(days=1), alert_retry=F("alert_retry") + 1)
