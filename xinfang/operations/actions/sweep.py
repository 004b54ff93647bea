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

from xinfang.accounts.actions import passwords, sign_ins
from xinfang.attachments.actions import chunks
from xinfang.calendars.queries import calendar
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import perform_locked
from xinfang.cases.actions.recipients import Recipients
from xinfang.cases.actions.task_reassignment import reassign_tasks
from xinfang.cases.actions.waiting_steps import tell_of_waiting_steps
from xinfang.cases.models import Deadline, Petition
from xinfang.cases.projections.deadlines import about_limit, alert_key, reset_deadlines
from xinfang.cases.queries.petitions import facts_with_damaged_text
from xinfang.casework.actions.calendar_import import recompute_open_deadlines
from xinfang.core.clock import today
from xinfang.incidents.actions.act import run_report_chains
from xinfang.matters.actions import night
from xinfang.notifications.actions import notify_each
from xinfang.operations.actions import notification_mail, weekly_digest
from xinfang.procedure.alerts import Level, level_on, next_alert, said
from xinfang.procedure.articles import cite
from xinfang.procedure.calendar import Calendar, in_chinese
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import SYSTEM, Facts
from xinfang.procedure.rules import Step
from xinfang.procedure.steps.supervision import Escalate, MarkOverdue, Warn
from xinfang.procedure.timing import ClockRun
from xinfang.proof.actions.seal_copies import send_seals
from xinfang.proof.actions.sealing import make_seal
from xinfang.registers.actions.exporting import delete_old_files
from xinfang.supervision.actions import draw_monthly_sample
from xinfang.supervision.projections import reset_grounds
from xinfang.trusted_time import queries as trusted_time
from xinfang.trusted_time.actions import accept_time
from xinfang.vault.sm_ciphers import DecryptionFailed

_CASES_PER_BATCH = 25
"""Alerts in one transaction: few enough that people who write meanwhile hardly wait, enough to share its cost."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SweepReport:
    """What a sweep did.

    `alerts` warned of a limit that comes near, `overdue` were marked as passed, `escalated` were told to the principal
    leader, `moved` had a new date, `weekly` people were given their digest, `waiting` people were told
    of steps that have waited too long for a second person, `sampled` decisions were drawn to be checked, `compared` new
    cases were compared with the register, of which came `pairs` that may be about one matter.
    """

    alerts: int = 0
    overdue: int = 0
    escalated: int = 0
    failed: int = 0
    looked: int = 0
    mailed: int = 0
    mail_failed: int = 0
    moved: int = 0
    weekly: int = 0
    sampled: int = 0
    waiting: int = 0
    compared: int = 0
    pairs: int = 0


def run_sweep(now: datetime | None = None) -> SweepReport:
    """Give every alert that is due, those due first in front, then send waiting mail. `now` is an aware time.

    Before that, a calendar import that was cut off is finished, as an alert must not follow an old date; and what
    was recorded until now is sealed.

    Raises:
        ClockNotBelieved: `now` strays too far from what was known of the time until now; then none of this was done.
    """
    now = now or timezone.now()
    run_report_chains(now)
    _believed(now)
    recounted = recompute_open_deadlines(now)
    make_seal(today(now), now)
    sign_ins.close_abandoned(now)
    passwords.remove_expired_halves(now)
    chunks.remove_expired_uploads(now)
    delete_old_files(now)
    reassign_tasks(today(now), now)
    waiting = tell_of_waiting_steps(today(now), now)
    run = _Sweep(now)
    run.all()
    digests = weekly_digest.send_weekly_digest(now)
    sampled = draw_monthly_sample(now)
    sent = notification_mail.send_waiting_mail(now)
    send_seals(now)
    # Last, as nobody waits for it.
    likely = night.compare_new_cases()
    swept = SweepReport(
        alerts=run.given[Level.HALF] + run.given[Level.WEEK] + run.given[Level.DAYS],
        overdue=run.given[Level.OVERDUE],
        escalated=run.given[Level.LONG],
        failed=run.failed + recounted.failed,
        looked=run.looked,
        mailed=sent.mailed,
        mail_failed=sent.failed,
        moved=recounted.moved,
        weekly=digests,
        sampled=sampled,
        waiting=waiting,
        compared=likely.compared,
        pairs=likely.pairs,
    )
    if swept != SweepReport():
        _log.info("sweep_done", **asdict(swept))
    return swept


def _believed(now: datetime) -> None:
    try:
        accept_time(now)
    except trusted_time.ClockNotBelieved as e:
        _log.error("clock_not_believed", shows=e.doubt.now.isoformat(), known=e.doubt.known.isoformat())
        raise


class _Sweep:
    """One run: it counts, and remembers who is concerned."""

    def __init__(self, now: datetime) -> None:
        self.now, self.day = now, today(now)
        self.failed = self.looked = 0
        self.given: Counter[Level] = Counter()
        self._people = Recipients(self.day)
        self._calendar = calendar()

    def all(self) -> None:
        """Give the alerts chunk by chunk; rows that were dealt with point to a later day, so it ends."""
        after = (date.min, 0)
        while batch := _due(self.day, after):
            self.looked += len(batch)
            try:
                given, failed = self._chunk([pk for pk, _ in batch])
            except DatabaseError as e:
                # The commit itself failed: nothing of the chunk is kept, and it is still due.
                _log.error("sweep_chunk_failed", error=type(e).__name__)
                self.failed += len(batch)
            else:
                self.given.update(given)
                self.failed += failed
            after = (batch[-1][1], batch[-1][0])

    @transaction.atomic
    def _chunk(self, pks: list[int]) -> tuple[Counter[Level], int]:
        """Give some alerts in one transaction, each of them whole or not at all.

        Returns what was given, and how many failed.
        """
        # The cases first, then their deadlines: in the order in which `perform` locks them, so that neither waits for
        # the other.
        petitions = Petition.objects.filter(pk__in=Deadline.objects.filter(pk__in=pks).values("petition_id"))
        locked = {p.pk: p for p in petitions.order_by("pk").select_for_update()}
        facts = facts_with_damaged_text(locked.values())
        # Whatever another worker dealt with meanwhile is no longer due.
        rows = Deadline.objects.filter(pk__in=pks, next_alert__lte=self.day).order_by("next_alert", "id")
        given: Counter[Level] = Counter()
        failed = 0
        for row in list(rows):
            try:
                with transaction.atomic():
                    levels = self._look(row, locked, facts)
            except Exception:
                # One case that can't be written must not keep the others waiting; it is tried again tomorrow.
                _log.exception("alert_failed", deadline=row.pk)
                # What was half done is undone in the database, so it must not be remembered here either.
                locked[row.petition_id] = Petition.objects.get(pk=row.petition_id)
                _push_forward(row.pk, self.day)
                failed += 1
                continue
            given.update(levels)
        return given, failed

    def _look(self, row: Deadline, locked: dict[int, Petition], known: dict[int, Facts]) -> list[Level]:
        """Give what is due of one row, or bring the row in line if its history says that nothing is.

        That a limit passed is recorded before the principal leader is told of it, also when both were missed.

        Raises:
            DecryptionFailed: the history of the case can't be read.
        """
        petition = locked[row.petition_id]
        if row.petition_id not in known:
            raise DecryptionFailed
        facts = known[row.petition_id]
        run = _run(facts, row, self._calendar)
        level = level_on(run, row.warned, self.day) if run else None
        if run is None or level is None or run.due.due != row.due:
            reset_grounds(petition, None, facts, reset_deadlines(petition, facts, self._calendar, self.now))
            petition.save(update_fields=["next_due", "next_clock", "next_provisional"])
            petition.tasks.update(due=petition.next_due)
            put_right = Deadline.objects.filter(pk=row.pk).first()
            if run is None or put_right is None:
                return []
            row = put_right
        given: list[Level] = []
        while level := level_on(run, row.warned, self.day):
            # An earlier alert of this very chunk may have brought the row in line.
            upcoming = next_alert(run, level.value)
            if not _claim(row, upcoming, level, self.day):
                break
            row.warned, row.next_alert = level.value, upcoming
            done = self._say(petition, facts, run, level, alert_key(row, level, run.due.due))
            petition, facts = done.petition, done.facts
            given.append(level)
        # The next alert of this chunk may be about the same case.
        locked[row.petition_id], known[row.petition_id] = petition, facts
        return given

    def _say(self, petition: Petition, facts: Facts, run: ClockRun, level: Level, key: str) -> StepResult:
        """Record a level on the case and tell whom it concerns, each with the reason why they are told."""
        clock, due = run.clock, run.due
        done = perform_locked(
            self._step(facts, run, level), petition, facts, by=SYSTEM, idempotency_key=key, now=self.now
        )
        unsure = "（暂定）" if due.provisional else ""
        when = f"{in_chinese(due.due)}{unsure}到期"
        what = f"{petition.number}：“{clock.label}”{said(level, clock.code)}，{when}（{cite(clock.cites)}）"
        told = self._people.told(done.petition, done.facts, level, clock.code)
        texts = {who: f"{what}。告知原因：{why}" for why, people in told.items() for who in people}
        about = about_limit(clock.code, run.occurrence)
        notify_each(texts, done.petition, kind=_KINDS.get(level, "deadline"), once=key, about=about, now=self.now)
        return done

    def _step(self, facts: Facts, run: ClockRun, level: Level) -> Step:
        clock, due = run.clock, run.due.due
        if level is Level.OVERDUE:
            return MarkOverdue(clock=clock.code, due=due)
        if level is Level.LONG and not facts.sealed:
            late = (self.day - due).days
            why = f"“{clock.label}”{due} 到期，超期{late}日仍未办"
            return Escalate(clock=clock.code, due=due, why=why, told=self._people.principals(facts))
        return Warn(clock=clock.code, due=due, level=said(level, clock.code))


_KINDS = {Level.OVERDUE: "overdue", Level.LONG: "escalated"}


def _claim(row: Deadline, upcoming: date | None, level: Level, day: date) -> bool:
    """Tell whether this worker is the one to give the alert: the row was still as it was read."""
    # Two thousand times a sweep, so without the ORM, which takes longer to put it than the database to do it.
    as_day = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Deadline._meta.db_table} SET next_alert = %s, warned = %s, alert_retry = 0"  # noqa: S608
            " WHERE id = %s AND warned = %s AND next_alert <= %s",
            [as_day(upcoming), level.value, row.pk, row.warned, as_day(day)],
        )
        return bool(cursor.rowcount)


def _due(day: date, after: tuple[date, int]) -> list[tuple[int, date]]:
    """Return the next rows to look at, those due first in front."""
    rows = Deadline.objects.filter(next_alert__lte=day).order_by("next_alert", "id")
    if after[1]:
        rows = rows.filter(next_alert__gte=after[0]).exclude(next_alert=after[0], pk__lte=after[1])
    return [(pk, at) for pk, at in rows.values_list("pk", "next_alert")[:_CASES_PER_BATCH] if at]


def _run(facts: Facts, row: Deadline, the_calendar: Calendar) -> ClockRun | None:
    runs = running(facts, the_calendar)
    return next((r for r in runs if (r.clock.code, r.occurrence) == (row.clock, row.occurrence)), None)


def _push_forward(pk: int, day: date) -> None:
    Deadline.objects.filter(pk=pk).update(next_alert=day + timedelta(days=1), alert_retry=F("alert_retry") + 1)
