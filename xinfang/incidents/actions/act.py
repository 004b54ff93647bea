"""The one way to write into the log of an event: check, append, set the row, tell people.

It is one transaction: all of it or none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from xinfang.accounts.models import Staff, Unit
from xinfang.accounts.queries.actors import directory, staff_with_role
from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core import pk_cache
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.incidents.models import Incident
from xinfang.incidents.queries.incidents import append_log_entry, form_was_sent, incident_facts, incidents_visible_to
from xinfang.incidents.series import EVENTS
from xinfang.notifications.actions import end_notifications, notify
from xinfang.procedure.articles import HOUSE_RULES, cite
from xinfang.procedure.facts import SYSTEM, Actor
from xinfang.procedure.incidents import report_chain
from xinfang.procedure.incidents.facts import IncidentFacts, LogEntry
from xinfang.procedure.incidents.kinds import INCIDENTS, LEADERS, OFFICE
from xinfang.procedure.incidents.on_site import CallIn, RegisterOnTheSpot
from xinfang.procedure.incidents.replay import apply_entry
from xinfang.procedure.incidents.reporting import ReportIncident
from xinfang.procedure.incidents.rules import IncidentQuestion, IncidentStep, decide_incident, incident_reasons
from xinfang.procedure.rules import Reason, Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Role
from xinfang.trusted_time import queries as trusted_time
from xinfang.vault.keys import keyring
from xinfang.web.dates import chinese_date

_log = structlog.get_logger(__name__)
_LONGEST_OFFLINE = timedelta(days=2)
_CLOCKS_DIFFER = timedelta(minutes=5)
_UNDER_THIS_CLOCK = timedelta(hours=1)
"""How long something may be due: if longer, the event was reported before the clock strayed, or nothing ran."""


@dataclass(frozen=True)
class IncidentStepResult:
    """What a step led to. `again` is true when the same form had been sent before."""

    incident: Incident
    facts: IncidentFacts
    again: bool = False


@translate_disk_full
def take_incident_step(
    step: IncidentStep,
    number: str | None,
    *,
    by: Actor,
    staff: Staff | None,
    idempotency_key: str = "",
    now: datetime | None = None,
    seen_at: datetime | None = None,
) -> IncidentStepResult:
    """Take a step at an event, or begin one with `number` None.

    `idempotency_key` makes what a flaky connection sends twice one entry of the log. `seen_at` is when the sender's
    device says it was typed: it is kept beside the true time, which is always the server's. Times are aware.

    Raises:
        Refused: the rules don't allow it, with all reasons.
        NotVisible: the event isn't this person's to see.
    """
    now = now or timezone.now()
    seen_at = _believable(seen_at, now)
    if number is None:
        return _begin(step, by, staff, idempotency_key, now, seen_at)
    with transaction.atomic():
        incident = lock_incident(number, by)
        facts = incident_facts(incident)
        if form_was_sent(incident, idempotency_key):
            return IncidentStepResult(incident, facts, again=True)
        return _write(incident, facts, step, by, staff, idempotency_key, now, seen_at)


def _begin(
    step: IncidentStep, by: Actor, staff: Staff | None, key: str, now: datetime, seen_at: datetime | None
) -> IncidentStepResult:
    if before := _begun_with(key):
        return before
    _, wrapped = keyring().new_key()
    try:
        with transaction.atomic():
            # Decided before the row is made, as a refusal must not use up a number.
            _decided(step, IncidentFacts(), by, now)
            assert isinstance(step, ReportIncident) and staff is not None
            incident = Incident.objects.create(
                number=EVENTS.next(today(now).year),
                kind=str(step.kind),
                place=step.place,
                people=step.people,
                opened_at=now,
                opened_by=staff,
                revision=0,
                key=key or None,
                wrapped_key=wrapped,
            )
            return _write(incident, IncidentFacts(number=incident.number), step, by, staff, key, now, seen_at)
    except IntegrityError:
        # Two copies of one form in the same instant: the second finds what the first did.
        if before := _begun_with(key):
            return before
        raise


def _begun_with(key: str) -> IncidentStepResult | None:
    incident = Incident.objects.filter(key=key).first() if key else None
    return IncidentStepResult(incident, incident_facts(incident), again=True) if incident else None


def lock_incident(number: str, by: Actor) -> Incident:
    """Return the event, locked until the transaction ends.

    Raises:
        NotVisible: the event isn't this person's to see.
    """
    found = incidents_visible_to(by).filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise NotVisible(number)
    return Incident.objects.select_for_update().get(pk=found)


def _decided(step: IncidentStep, facts: IncidentFacts, by: Actor, now: datetime) -> Role:
    asked = IncidentQuestion(step=step, facts=facts, actor=by, now=now, directory=directory(today(now)))
    return decide_incident(step, asked)[1]


def _write(
    incident: Incident,
    facts: IncidentFacts,
    step: IncidentStep,
    by: Actor,
    staff: Staff | None,
    key: str,
    now: datetime,
    seen_at: datetime | None,
) -> IncidentStepResult:
    linked = _matter(step, by)
    if linked and isinstance(step, RegisterOnTheSpot):
        step = replace(step, number=linked.number)
    role = _decided(step, facts, by, now)
    duties = [r for r in step.rule.roles if by.has(r)]
    line = append_log_entry(
        incident,
        incident.secret(),
        step,
        by=staff,
        role=role,
        duties=duties,
        now=now,
        seen_at=seen_at,
        idempotency_key=key,
    )
    after = apply_entry(facts, step, line)
    _set_row(incident, after)
    if linked:
        incident.petitions.add(linked)
    if isinstance(step, CallIn):
        incident.units.add(_unit(step.unit))
    _tell(incident, facts, after, now)
    return IncidentStepResult(incident, after)


def _unit(code: str) -> int:
    found = pk_cache.get_one(Unit, code)
    assert found is not None, "the step was decided: the unit exists"
    return found


def _set_row(incident: Incident, facts: IncidentFacts) -> None:
    incident.kind = str(facts.kind)
    incident.place, incident.people = facts.place, facts.people
    incident.by_duty_desk, incident.ended_at = facts.by_duty_desk, facts.ended_at
    incident.report_number = facts.report_number
    incident.next_look = report_chain.next_moment(facts)
    incident.save()


def _matter(step: IncidentStep, by: Actor) -> Petition | None:
    """Return the petition that a step names; None where it names none.

    Raises:
        Refused: the writer of the step sees no petition of this number.
    """
    if not isinstance(step, RegisterOnTheSpot):
        return None
    found = visible_to(by, each=True).filter(number=step.number.strip().upper()).first()
    if found is None:
        raise Refused(
            [Reason(f"没有找到信访件 {step.number}", (HOUSE_RULES[16],), "请核对编号，或先登记此件。", "number")]
        )
    return found


def _believable(seen_at: datetime | None, now: datetime) -> datetime | None:
    """Return a device's time if it can be true, else None: a device's clock is only a hint."""
    if seen_at is None or not now - _LONGEST_OFFLINE <= seen_at <= now + _CLOCKS_DIFFER:
        return None
    return min(seen_at, now)


def _tell(incident: Incident, before: IncidentFacts, after: IncidentFacts, now: datetime) -> None:
    """Tell those whom the step newly concerns, without a word of content."""
    line, day = after.lines[-1], today(now)
    if after.ended_at is not None and before.ended_at is None:
        end_notifications(None, {f"incident:{incident.number}": f"此事件已于{chinese_date(day)}结束"}, now)
    head = f"{incident.number} {incident.get_kind_display()}{'，' + incident.place if incident.place else ''}"
    for link in after.told:
        if before.link_of(link.role) is None:
            who = OFFICE if link.role is Role.OFFICE else LEADERS
            people = [
                p for p in staff_with_role(who, (), day) if p != incident.opened_by_id or link.role is not Role.OFFICE
            ]
            _send(people, incident, f"{head}：{link.why}，请立即确认（{_cited(after)}）", line, now)
    if line.code == CallIn.rule.code:
        called = staff_with_role((Role.UNIT_HEAD, Role.HANDLER), (_unit(line.step.unit),), day)
        _send(called, incident, f"{head}：请到场共同接访（{_cited(after)}）", line, now)
    elif line.code == report_chain.Remind.rule.code:
        whom = {
            *staff_with_role(OFFICE, (), day),
            *(staff_with_role(LEADERS, (), day) if line.step.whom is Role.LEADER else ()),
        }
        _send(
            {*whom, incident.opened_by_id},
            incident,
            f"{head}：{_reminder(line)}，请打电话确认（{_cited(after)}）",
            line,
            now,
        )
    elif line.code == "draft_report":
        _send(staff_with_role(LEADERS, (), day), incident, f"{head}：专报等待签发", line, now)
    elif line.code in ("sign_report", "instruct"):
        words = "专报已签发，请报送" if line.code == "sign_report" and line.step.agree else "厅领导有意见，请查看"
        _send(staff_with_role(OFFICE, (), day), incident, f"{head}：{words}", line, now)


def _reminder(line: LogEntry) -> str:
    return str(line.step.says(directory()))


def _cited(facts: IncidentFacts) -> str:
    return cite(INCIDENTS[facts.kind].cites) if facts.kind else ""


def _send(people: Iterable[int], incident: Incident, text: str, line: LogEntry, now: datetime) -> None:
    notify(
        people,
        None,
        kind="incident",
        text=text,
        once=f"incident:{incident.number}:{line.seq}",
        about=f"incident:{incident.number}",
        now=now,
        incident=incident,
    )


def run_report_chains(now: datetime | None = None) -> int:
    """Do what the chains of reports do by themselves, for every event that is due; return how many entries it made.

    Called every half minute, and whenever somebody opens the board: the first of them does the work. While the clock
    isn't believed, only what has just become due: an event reported under this clock is chased by its minutes, one of
    before it isn't.
    """
    now = now or timezone.now()
    written = 0
    due = list(Incident.objects.filter(next_look__lte=now).values_list("pk", "next_look"))
    if due and trusted_time.clock_doubt(now):
        due = [(pk_, look) for pk_, look in due if look and look > now - _UNDER_THIS_CLOCK]
    for pk_, _ in due:
        try:
            written += _run_chain(pk_, now)
        except Exception:
            # One event that can't be read must not keep the others waiting; it stays due and is tried again.
            _log.exception("chain_failed", incident=pk_)
    return written


@transaction.atomic
def _run_chain(pk_: int, now: datetime) -> int:
    incident = Incident.objects.select_for_update().get(pk=pk_)
    if incident.next_look is None or incident.next_look > now:
        return 0  # another worker was faster
    facts = incident_facts(incident)
    steps = report_chain.due_chain_steps(facts, now)
    for step in steps:
        facts = _write(incident, facts, step, SYSTEM, None, "", now, None).facts
    _set_row(incident, facts)
    return len(steps)


def why_not_at_incident(
    kind: type[IncidentStep], incident: Incident | None, facts: IncidentFacts, *, by: Actor
) -> list[Reason]:
    """Return why this person may not take this step now, whatever they would answer."""
    asked = IncidentQuestion(step=None, facts=facts, actor=by, now=timezone.now(), directory=directory())
    return incident_reasons(kind.rule, asked)
