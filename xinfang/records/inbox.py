"""What is asked of one person: his own tasks, those of his roles, those of his units."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from xinfang.people.models import Staff, Unit
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role, Source

from .composed import composed_once
from .lists import Cut, cut, first_page
from .models import Notice, Petition, Task
from .queries import visible_to

ALSO_DOES = {
    Role.OFFICE_HEAD: (Role.OFFICE_HEAD, Role.OFFICE),
    Role.UNIT_HEAD: (Role.UNIT_HEAD, Role.HANDLER),
    Role.PRINCIPAL_LEADER: (Role.PRINCIPAL_LEADER, Role.LEADER),
}
"""Whoever heads others finds the tasks that nobody in particular was given."""
IN_A_UNIT = (Role.UNIT_HEAD, Role.HANDLER)
SOON = 7
KEYS = ("due", "petition_id")
TABS: dict[str, str] = {"all": "全部", "late": "已超期", "soon": f"{SOON}日内", "notice": "待告知", "handed": "转来件"}


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """The tasks on this person's desk, those due first in front; only of cases he may see."""
    # Asked of each task found and not of all cases there are: an inbox stays quick in a large archive.
    seen = Exists(visible_to(actor, each=True).filter(pk=OuterRef("petition_id")))
    return Task.objects.filter(_mine(actor)).filter(seen).order_by("due", "id")


def _mine(actor: Actor) -> Q:
    # People and units by subquery and not by join, so that each part finds its own index.
    mine = Q(staff__in=Staff.objects.filter(username__in=actor.codes).values("pk"))
    for duty in actor.duties:
        roles = [r.value for r in ALSO_DOES.get(duty.role, (duty.role,))]
        if duty.role in IN_A_UNIT:
            mine |= Q(role__in=roles, unit__in=Unit.objects.filter(code=duty.unit).values("pk"), staff=None)
        else:
            mine |= Q(role__in=roles, unit=None, staff=None)
    return mine


def in_tab(tab: str, day: date, of: str = "petition__") -> Q:
    """The cases of one tab: as a condition on tasks, or on petitions with `of` empty."""
    due = "next_due" if not of else "due"
    soon = day + timedelta(days=SOON)
    return {
        "late": Q(**{f"{due}__lt": day}),
        "soon": Q(**{f"{due}__gte": day, f"{due}__lte": soon}),
        "notice": Q(**{f"{of}next_clock__in": ("notice", "simple_acceptance")}),
        "handed": Q(**{f"{of}source__in": [s.value for s in Source if s.handed_down]}),
    }.get(tab, Q())


def how_many(actor: Actor, most: int) -> int:
    """How many cases wait for this person, counted as far as `most` (1 query)."""
    return len(_cases(actor, most))


@composed_once
def _cases(actor: Actor, most: int) -> QuerySet[Any, Any]:
    return tasks_for(actor).order_by().values("petition_id").distinct()[:most]


def told(actor: Actor) -> QuerySet[Notice]:
    """The messages of this person. What was told of a case ends with the sight of it: recusal and sealing come later."""
    seen = Exists(visible_to(actor, each=True).filter(pk=OuterRef("petition_id")))
    return Notice.objects.filter(
        Q(petition=None) | seen, staff__in=Staff.objects.filter(username=actor.code).values("pk")
    )


def unread(actor: Actor) -> int:
    """How many messages are new (1 query)."""
    found = _unread(actor)
    return int(found[0][0]) if found else 0


@composed_once
def _unread(actor: Actor) -> QuerySet[Any, Any]:
    new = told(actor).filter(read_at=None).order_by()
    return new.annotate(nothing=Value(0)).values("nothing").annotate(number=Count("pk")).values_list("number")


def counts(actor: Actor, day: date) -> dict[str, int]:
    """How many cases each tab holds (1 query)."""
    found = _counts(actor, day) or [(0,) * len(TABS)]
    return dict(zip(TABS, found[0], strict=True))


@composed_once
def _counts(actor: Actor, day: date) -> QuerySet[Any, Any]:
    asked = Task.objects.filter(_mine(actor)).order_by().values("petition_id")
    cases = visible_to(actor, each=True).filter(pk__in=asked).order_by()
    # Together, for the group of all that have nothing in common: aggregate() would answer at once.
    together = cases.annotate(nothing=Value(0)).values("nothing")
    return together.annotate(**{t: Count("pk", filter=in_tab(t, day, of="") or None) for t in TABS}).values_list(*TABS)


@dataclass(frozen=True)
class Waiting:
    """One case of an inbox: what is asked, and the case itself with what a line shows."""

    petition: Petition
    tasks: tuple[Task, ...]


def waiting(
    actor: Actor, tab: str, day: date, *, limit: int, at: str = "", where: str = "after"
) -> tuple[list[Waiting], Cut]:
    """One page of an inbox by due date, with the tasks of each case (2 queries, 3 further on). Raises WrongPlace."""
    if at or where != "after":
        page = cut(_tab(actor, tab, day), KEYS, limit=limit, at=at, where=where)
    else:
        page = first_page(_first(actor, tab, day, limit + 1), KEYS, limit)
    ids = [pk for _, pk in page.rows]
    # Whose cases he may see is settled; what else these ask of him is left.
    tasks: dict[int, list[Task]] = {}
    asked = Task.objects.filter(_mine(actor), petition_id__in=ids).select_related("petition__handling_unit")
    for task in asked.order_by("due", "id"):
        tasks.setdefault(task.petition_id, []).append(task)
    return [Waiting(tasks[pk][0].petition, tuple(tasks[pk])) for pk in ids], page


def _tab(actor: Actor, tab: str, day: date) -> QuerySet[Any, Any]:
    # The due date of a task is that of its case, so a case stands in one place however much it asks.
    return tasks_for(actor).filter(in_tab(tab, day)).order_by().values_list(*KEYS).distinct()


@composed_once
def _first(actor: Actor, tab: str, day: date, most: int) -> QuerySet[Any, Any]:
    return _tab(actor, tab, day).order_by(*KEYS)[:most]
