"""One thing done to several cases: each by its own rules and in its own transaction, with what became of it.

Only what is the same for all of them may be done so: the same person takes them over, the instruction that each has
is carried out, somebody is reminded. What decides on a petition is decided case by case.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff, Unit
from xinfang.accounts.queries.actors import directory, staff_with_role
from xinfang.audit.actions import audit_log
from xinfang.calendars.queries import calendar
from xinfang.cases.access import open_case
from xinfang.cases.actions.perform import perform
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.cases.step_forms.known import Known, known_answers
from xinfang.notifications.actions import notify
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused, Step
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.steps.handling import Assign
from xinfang.procedure.steps.supervision import ChangeHandler
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import OPEN_STATES, Role

MAX_CASES = 100
REMINDER = "请抓紧办理"
_NOT_SEEN = "没有此件，或者此件不在您可以查看的范围内。"


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What became of one case; `why_not` is empty where it was done."""

    number: str
    why_not: tuple[str, ...] = ()


def reassign(numbers: Sequence[str], handler: StaffCode, reason: str, *, by: Actor, key: str) -> list[CaseOutcome]:
    """Give these cases to another person of the unit that handles them."""
    return _each(numbers, lambda _: ChangeHandler(handler=handler, reason=reason), by=by, key=key)


def dispatch(numbers: Sequence[str], *, by: Actor, key: str, today: date) -> list[CaseOutcome]:
    """Hand these cases to the units that their instructions name, each to report by the day of its own limit."""

    def step(number: str) -> Step:
        facts = open_case(by, number).facts
        known = Known(facts, today, CaseChoices(facts, directory(today)), by, calendar())
        report_by = known_answers(Assign, known).get("feedback_on", today)
        return Assign(handling_unit=facts.handling_unit, assisting_units=facts.assisting_units, feedback_on=report_by)

    return _each(numbers, step, by=by, key=key)


def _each(numbers: Sequence[str], step: Callable[[str], Step], *, by: Actor, key: str) -> list[CaseOutcome]:
    found: list[CaseOutcome] = []
    for number in numbers[:MAX_CASES]:
        try:
            perform(step(number), number, by=by, idempotency_key=f"{key}-{number}"[:100])
            found.append(CaseOutcome(number))
        except Refused as e:
            found.append(CaseOutcome(number, tuple(str(r) for r in e.reasons)))
        except NotVisible:
            found.append(CaseOutcome(number, (_NOT_SEEN,)))
    return found


def remind(numbers: Sequence[str], *, by: Actor, staff: Staff, today: date) -> list[CaseOutcome]:
    """Leave a message for who handles each case, or for the heads of its unit. It changes no limit.

    It is written down in the administrative log, with who was reminded of which cases.
    """
    found: list[CaseOutcome] = []
    for number in numbers[:MAX_CASES]:
        try:
            case = open_case(by, number)
        except NotVisible:
            found.append(CaseOutcome(number, (_NOT_SEEN,)))
            continue
        facts = case.facts
        if facts.sealed or facts.state not in OPEN_STATES or not facts.handling_unit:
            found.append(CaseOutcome(number, ("此件已有结果，或者尚未交承办处室（单位）。",)))
            continue
        people = _handlers(facts.handler, facts.handling_unit, today)
        if not people:
            found.append(CaseOutcome(number, ("承办处室（单位）目前没有可以提醒的人员。",)))
            continue
        with transaction.atomic():
            text = f"{number}：{staff.name}提醒您，{REMINDER}"
            once = f"reminder:{number}:{today.isoformat()}:{staff.pk}"
            notify(people, case.petition, kind="task", text=text, once=once, now=timezone.now())
            audit_log.record(staff, "提醒办理", number)
        found.append(CaseOutcome(number))
    return found


def _handlers(handler: str, unit: str, today: date) -> list[int]:
    if handler:
        return list(Staff.objects.filter(username=handler, left_on=None).values_list("pk", flat=True))
    return staff_with_role([Role.UNIT_HEAD], list(Unit.objects.filter(code=unit).values_list("pk", flat=True)), today)
