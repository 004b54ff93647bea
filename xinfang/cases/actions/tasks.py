"""Tasks: what the case now asks of whom, written beside it so that an inbox is one indexed query."""

from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from xinfang.accounts.models import Staff, Unit
from xinfang.accounts.queries.actors import directory, role_of
from xinfang.cases.models import Petition, Seeing, Task
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.known import pk
from xinfang.core.rows import insert
from xinfang.notifications.actions import holders, tell
from xinfang.procedure.addressees import NOBODY_THERE, Addressed, addressed
from xinfang.procedure.asks import asks
from xinfang.procedure.facts import NO_UNIT, NOBODY, Actor, Directory, Facts
from xinfang.procedure.shapes import StaffCode, UnitCode
from xinfang.procedure.words import Role

Key = tuple[str, str, int | None, int | None]


def task_rows(petition: Petition, facts: Facts, directory: Directory) -> dict[Key, Task]:
    """What the case asks now, by what tells one task from another. The directory is only looked at where somebody may be missing."""
    wanted: dict[Key, Task] = {}
    for ask in asks(facts):
        to = addressed(ask, facts, directory)
        unit_id, staff_id, role = pk(Unit, to.unit), pk(Staff, to.person), str(to.role)
        wanted[(to.step, role, unit_id, staff_id)] = Task(
            petition=petition,
            step=to.step,
            words=to.words,
            role=role,
            unit_id=unit_id,
            staff_id=staff_id,
            due=petition.next_due,
        )
    return wanted


def reset_tasks(petition: Petition, facts: Facts, directory: Directory, day: date, now: datetime) -> None:
    """Bring the task rows in line with the facts and with who is there today, and tell who has a new one."""
    wanted = task_rows(petition, facts, directory)
    have = {(t.step, t.role, t.unit_id, t.staff_id): t for t in petition.tasks.all()}
    gone = [t.pk for k, t in have.items() if k not in wanted or t.words != wanted[k].words]
    if gone:
        Task.objects.filter(pk__in=gone).delete()
    if any(t.due != petition.next_due for t in have.values()):
        petition.tasks.update(due=petition.next_due)
    new = [t for k, t in wanted.items() if k not in have or have[k].words != t.words]
    insert(Task, new)
    for task in new:
        tell_of(task, petition, day, now)


def readdress(day: date, now: datetime) -> int:
    """Put tasks on the desk of somebody who is there: people leave, are away and come back without any step of a case.

    Returns how many cases were looked at. A few queries where nobody is missing; `now` is an aware time.
    """
    the_directory = directory(day)
    there = list(the_directory.actors())
    # In a fixed order, as `perform` locks one case at a time.
    found = sorted({*_astray(there), *_stood_in_for()})
    for case in found:
        with transaction.atomic():
            petition = Petition.objects.select_for_update().get(pk=case)
            reset_tasks(petition, facts_of(petition), the_directory, day, now)
    _tell_of_sealed(there, day, now)
    return len(found)


def _tell_of_sealed(there: list[Actor], day: date, now: datetime) -> None:
    """Nobody stands in within the sealed compartment (N30): who can name another officer is told that one is needed, once a day."""
    waits = Task.objects.filter(petition__sealed=True, role=Role.SEALED_OFFICER.value).order_by()
    cases = Petition.objects.filter(pk__in=waits.values("petition_id"))
    barred = Seeing.objects.filter(why__in=(Seeing.Why.RECUSED, Seeing.Why.COMPLAINED_OF), staff__isnull=False)
    officers = [a for a in there if a.has(Role.SEALED_OFFICER)]
    seen = reduce(or_, (_not_barred(a, barred) for a in officers), Q(pk__in=[]))
    if not cases.exclude(seen).exists():
        return
    people = holders([Role.PRINCIPAL_LEADER, Role.SECURITY_ADMINISTRATOR], [], day)
    text = "有密封件没有可以办理的检举控告专管员（离任、外出，或应当回避、已被反映），请尽快另行任命一名专管员。"
    tell(people, None, kind="task", text=text, once=f"sealed:{day}", now=now)


def _not_barred(officer: Actor, barred: QuerySet[Seeing]) -> Q:
    return ~Q(pk__in=barred.filter(staff__username__in=officer.codes).values("petition_id"))


def _astray(there: list[Actor]) -> list[int]:
    """The cases with a task that nobody finds who is there."""
    addresses = Task.objects.order_by().values_list("role", "unit__code", "staff__username").distinct()
    lost = Q(pk__in=[])
    for role, unit, staff in addresses:
        to = Addressed("", "", role_of(role), UnitCode(unit or NO_UNIT), StaffCode(staff or NOBODY))
        if not any(to.found_by(actor) for actor in there):
            lost |= Q(role=role, unit__code=unit, staff__username=staff)
    return list(Task.objects.filter(lost).order_by().values_list("petition_id", flat=True).distinct())


def _stood_in_for() -> list[int]:
    """The cases whose task somebody else has for now, and those that not everybody may see: there somebody else may be missing."""
    standing_in = Task.objects.filter(words__startswith=NOBODY_THERE).order_by().values_list("petition_id", flat=True)
    barred = Seeing.objects.filter(why__in=(Seeing.Why.RECUSED, Seeing.Why.COMPLAINED_OF), staff__isnull=False)
    asked = Task.objects.filter(petition__in=barred.values("petition_id")).order_by()
    return [*standing_in.distinct(), *asked.values_list("petition_id", flat=True).distinct()]


def tell_of(task: Task, petition: Petition, day: date, now: datetime) -> None:
    """Tell the one person or unit to whom a task is addressed."""
    if task.staff_id:
        people = [task.staff_id]
    elif task.unit_id:
        people = holders([role_of(task.role)], [task.unit_id], day)
    elif task.words.startswith(NOBODY_THERE):
        people = holders([role_of(task.role)], [], day)
    else:
        return  # a whole role sees it in its inbox; a message to each would only be noise
    tell(people, petition, kind="task", text=f"{petition.number}：请办理“{task.words}”", now=now)
