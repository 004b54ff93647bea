"""Tasks move to somebody who is there when people leave, are away and come back."""

from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from xinfang.accounts.queries.actors import directory, staff_with_role
from xinfang.cases.models import CaseVisibility, Petition, Task
from xinfang.cases.projections.tasks import cases_that_wait, reset_tasks
from xinfang.cases.queries.petitions import facts_with_damaged_text
from xinfang.notifications.actions import notify
from xinfang.procedure.addressees import NOBODY_CAN_ACT, AddressedTask
from xinfang.procedure.facts import NO_UNIT, NOBODY, Actor, Facts
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import OPEN_STATES, Role


def reassign_tasks(day: date, now: datetime) -> int:
    """Give tasks to somebody who is there: people leave, are away and come back without any step of a case.

    Returns how many cases were looked at. A few queries where nobody is missing; `now` is an aware time.
    """
    the_directory = directory(day)
    there = list(the_directory.actors())
    # In a fixed order, as `perform` locks one case at a time.
    # Of those who may agree to what waits, the only one left may be who put it forward.
    found = sorted({*_astray(there), *_stood_in_for(), *cases_that_wait()})
    unseen = False
    for case in found:
        with transaction.atomic():
            petition = Petition.objects.select_for_update().get(pk=case)
            for facts in facts_with_damaged_text([petition]).values():
                reset_tasks(petition, facts, the_directory, day, now, "已改由其他人员办理")
                unseen = unseen or _nobody_sees(facts, there)
    if unseen:
        _tell_of_unseen(day, now)
    _tell_of_sealed(there, day, now)
    return len(found)


def _nobody_sees(facts: Facts, there: list[Actor]) -> bool:
    """Tell whether an open case is in nobody's sight today; of sealed ones `_tell_of_sealed` asks."""
    if facts.sealed or facts.state not in OPEN_STATES:
        return False
    return not any(may_see(a, facts) for a in there)


def _tell_of_unseen(day: date, now: datetime) -> None:
    """Tell the people who can see to it that a case is in nobody's sight, without its number, once a day (N28, N30)."""
    people = staff_with_role([Role.PRINCIPAL_LEADER, Role.LEADER, Role.SECURITY_ADMINISTRATOR], [], day)
    text = (
        "有未办结的信访事项没有人可以办理（有关人员被反映、应当回避、离任或者外出），请厅领导尽快明确代行职责的人员，"
        "由系统管理员、安全管理员在“单位与人员”中办理。"
    )
    notify(people, None, kind="task", text=text, once=f"unseen:{day}", now=now)


def _tell_of_sealed(there: list[Actor], day: date, now: datetime) -> None:
    """Tell the people who can name another officer that one is needed for sealed cases, once a day.

    Nobody acts in place of the officers of sealed cases (N30).
    """
    waits = Task.objects.filter(petition__sealed=True, role=Role.SEALED_OFFICER.value).order_by()
    cases = Petition.objects.filter(pk__in=waits.values("petition_id"))
    barred = CaseVisibility.objects.filter(why__in=(CaseVisibility.Why.RECUSED, CaseVisibility.Why.COMPLAINED_OF))
    officers = [a for a in there if a.has(Role.SEALED_OFFICER)]
    seen = reduce(or_, (_not_barred(a, barred) for a in officers), Q(pk__in=[]))
    if not cases.exclude(seen).exists():
        return
    people = staff_with_role([Role.PRINCIPAL_LEADER, Role.SECURITY_ADMINISTRATOR], [], day)
    text = "有密封件没有可以办理的检举控告专管员（离任、外出，或应当回避、已被反映），请尽快另行任命一名专管员。"
    notify(people, None, kind="task", text=text, once=f"sealed:{day}", now=now)


def _not_barred(officer: Actor, barred: QuerySet[CaseVisibility]) -> Q:
    theirs = Q(staff__username__in=officer.codes) | Q(unit__code__in=officer.units(*Role))
    return ~Q(pk__in=barred.filter(theirs).values("petition_id"))


def _astray(there: list[Actor]) -> list[int]:
    """Return the cases with a task that none of the people who are there finds."""
    addresses = Task.objects.order_by().values_list("role", "unit__code", "staff__username").distinct()
    lost = Q(pk__in=[])
    for role, unit, staff in addresses:
        known = Role.get(role)
        to = AddressedTask("", "", known, UnitCode(unit or NO_UNIT), StaffCode(staff or NOBODY)) if known else None
        if to is None or not any(to.found_by(actor) for actor in there):
            lost |= Q(role=role, unit__code=unit, staff__username=staff)
    return list(Task.objects.filter(lost).order_by().values_list("petition_id", flat=True).distinct())


def _stood_in_for() -> list[int]:
    """Return the cases whose task somebody else has for now, and those that not everybody may see.

    In the latter, somebody else may be missing.
    """
    standing_in = Task.objects.filter(words__startswith=NOBODY_CAN_ACT).order_by().values_list("petition_id", flat=True)
    why = CaseVisibility.Why
    barred = CaseVisibility.objects.filter(why__in=(why.RECUSED, why.COMPLAINED_OF, why.ACTS))
    asked = Task.objects.filter(petition__in=barred.values("petition_id")).order_by()
    return [*standing_in.distinct(), *asked.values_list("petition_id", flat=True).distinct()]
