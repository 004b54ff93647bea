"""Tasks: what the case now asks of whom, written beside it so that an inbox is one indexed query."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Model

from xinfang.accounts.models import Staff, Unit
from xinfang.accounts.queries.actors import staff_with_role
from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Petition, Task
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.cases.projections.deadlines import set_first_due
from xinfang.core import pk_cache
from xinfang.core.prepared_inserts import PreparedInsert, insert_many
from xinfang.notifications.actions import notify
from xinfang.procedure.addressees import NOBODY_CAN_ACT, address_task
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Role

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
            reset_tasks(change.petition, change.facts, change.directory, change.day, change.now)
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
    notify(people, petition, kind="task", text=f"{petition.number}：请办理“{task.words}”", now=now)
