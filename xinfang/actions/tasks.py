"""Tasks: what the case now asks of whom, written beside it so that an inbox is one indexed query."""

from datetime import date, datetime

from xinfang.notify.tell import holders, tell
from xinfang.people.models import Staff, Unit
from xinfang.procedure.asks import asks
from xinfang.procedure.facts import Facts
from xinfang.procedure.words import Role
from xinfang.records.known import pk
from xinfang.records.models import Petition, Task
from xinfang.records.rows import insert

Key = tuple[str, str, int | None, int | None]


def task_rows(petition: Petition, facts: Facts) -> dict[Key, Task]:
    """What the case asks now, by what tells one task from another."""
    wanted: dict[Key, Task] = {}
    for ask in asks(facts):
        unit, person = ask.who.unit(facts), ask.who.person(facts)
        unit_id, staff_id = pk(Unit, unit), pk(Staff, person)
        role = str(ask.who.role(facts))
        wanted[(ask.step, role, unit_id, staff_id)] = Task(
            petition=petition,
            step=ask.step,
            words=ask.words,
            role=role,
            unit_id=unit_id,
            staff_id=staff_id,
            due=petition.next_due,
        )
    return wanted


def reset_tasks(petition: Petition, facts: Facts, day: date, now: datetime) -> None:
    """Bring the task rows in line with the facts, and tell the one person or unit that has a new one."""
    wanted = task_rows(petition, facts)
    have = {(t.step, t.role, t.unit_id, t.staff_id): t for t in petition.tasks.all()}
    gone = [t.pk for k, t in have.items() if k not in wanted]
    if gone:
        Task.objects.filter(pk__in=gone).delete()
    if any(t.due != petition.next_due for t in have.values()):
        petition.tasks.update(due=petition.next_due)
    new = [t for k, t in wanted.items() if k not in have]
    insert(Task, new)
    for task in new:
        tell_of(task, petition, day, now)


def tell_of(task: Task, petition: Petition, day: date, now: datetime) -> None:
    """Tell the one person or unit to whom a task is addressed."""
    if task.staff_id:
        people = [task.staff_id]
    elif task.unit_id:
        people = holders([next(r for r in Role if r.value == task.role)], [task.unit_id], day)
    else:
        return  # a whole role sees it in its inbox; a message to each would only be noise
    tell(people, petition, kind="task", text=f"{petition.number}：请办理“{task.words}”", now=now)
