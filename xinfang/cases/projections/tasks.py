"""Tasks: what the case now asks of whom, written beside it so that an inbox is one indexed query."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet

from xinfang.accounts.models import Staff, Unit
from xinfang.accounts.queries.actors import staff_with_role
from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Petition, Task
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.cases.projections.deadlines import set_first_due
from xinfang.core import pk_cache
from xinfang.core.prepared_inserts import PreparedInsert, insert_many
from xinfang.notifications.actions import end_notifications, notify
from xinfang.procedure.addressees import NOBODY_CAN_ACT, address_task
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.task_rules import CONFIRM, task_rules
from xinfang.procedure.words import Role
from xinfang.web.dates import chinese_date

TaskKey = tuple[str, str, int | None, int | None]


class TaskRows(Projection):
    """What the case asks now, of whom; who has a new task is told."""

    derived = (Derived(Task, ("step", "role", "unit_id", "staff_id"), ("words", "due")),)

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the case's tasks."""
        dated = Petition(pk=case.petition.pk, number=case.petition.number)
        set_first_due(dated, case.runs)
        yield from task_rows(dated, case.facts, case.directory).values()

    def prepare(self, change: Change) -> tuple[list[Task], PreparedInsert] | None:
        """Make the tasks of a registration; None for other steps."""
        if not change.begins:
            return None
        tasks = list(task_rows(change.petition, change.facts, change.directory).values())
        return tasks, PreparedInsert(Task, tasks, "petition")

    def write(self, prepared: tuple[list[Task], PreparedInsert] | None, change: Change) -> None:
        """Insert the tasks of a registration, or bring those of a case in line with its facts.

        People who have a new one are told.
        """
        if prepared is None:
            why = f"{chinese_date(change.day)}办理“{change.step_label}”后，不再需要办理"
            reset_tasks(change.petition, change.facts, change.directory, change.day, change.now, why)
            answered = [c for c, p in change.before.pending.items() if change.facts.pending.get(c) is not p]
            end_notifications(change.petition, {about_waiting(code): why for code in answered}, change.now)
            return
        tasks, rows = prepared
        rows.insert(petition=change.petition.pk)
        for task in tasks:
            _tell_of(task, change.petition, change.day, change.now)


def task_rows(petition: Petition, facts: Facts, directory: Directory) -> dict[TaskKey, Task]:
    """Return the case's tasks, by what tells one task from another.

    The directory is only looked at where somebody may be missing.
    """
    wanted: dict[TaskKey, Task] = {}
    for ask in task_rules(facts):
        to = address_task(ask, facts, directory)
        unit_id, staff_id, role = pk_cache.get_one(Unit, to.unit), pk_cache.get_one(Staff, to.person), str(to.role)
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


def reset_tasks(
    petition: Petition, facts: Facts, directory: Directory, day: date, now: datetime, why_gone: str
) -> None:
    """Bring the task rows in line with the facts and with who is there today, and tell who has a new one.

    What was told of a task that is gone calls for nothing any more: `why_gone` is said with it.
    """
    wanted = task_rows(petition, facts, directory)
    have = {(t.step, t.role, t.unit_id, t.staff_id): t for t in petition.tasks.all()}
    gone = [t for k, t in have.items() if k not in wanted or t.words != wanted[k].words]
    if gone:
        Task.objects.filter(pk__in=[t.pk for t in gone]).delete()
        end_notifications(petition, {_about(t): why_gone for t in gone if _is_told(t)}, now)
    if any(t.due != petition.next_due for t in have.values()):
        petition.tasks.update(due=petition.next_due)
    new = [t for k, t in wanted.items() if k not in have or have[k].words != t.words]
    insert_many(Task, new)
    for task in new:
        _tell_of(task, petition, day, now)


def _tell_of(task: Task, petition: Petition, day: date, now: datetime) -> None:
    """Tell the one person or unit to whom a task is addressed."""
    if task.staff_id:
        people = [task.staff_id]
    elif task.unit_id:
        people = staff_with_role([Role.of(task.role)], [task.unit_id], day)
    elif task.words.startswith(NOBODY_CAN_ACT):
        people = staff_with_role([Role.of(task.role)], [], day)
    else:
        return  # a whole role sees it in its inbox; a message to each would only be noise
    words = f"{petition.number}：请办理“{task.words}”"
    notify(people, petition, kind="task", text=words, about=_about(task), now=now)


def _is_told(task: Task) -> bool:
    """Tell whether somebody was told of a task when it came up."""
    return bool(task.staff_id or task.unit_id or task.words.startswith(NOBODY_CAN_ACT))


def cases_that_wait() -> QuerySet[Any, Any]:
    """Return the keys of the cases in which something waits for a second person."""
    waits = Task.objects.filter(words__contains=CONFIRM).order_by()
    return waits.values_list("petition_id", flat=True).distinct()


def about_waiting(code: str) -> str:
    """Return what a message about a step that waits for its second person is about."""
    return f"waits:{code}"


def _about(task: Task) -> str:
    return f"task:{task.step}:{task.role}:{task.unit_id or ''}:{task.staff_id or ''}"
