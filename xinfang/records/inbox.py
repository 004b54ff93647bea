"""What is asked of one person: his own tasks, those of his roles, those of his units."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xinfang.people.models import Staff, Unit
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role, Source

from .lists import Cut, cut
from .models import Petition, Task
from .queries import visible_to

ALSO_DOES = {
    Role.OFFICE_HEAD: (Role.OFFICE_HEAD, Role.OFFICE),
    Role.UNIT_HEAD: (Role.UNIT_HEAD, Role.HANDLER),
    Role.PRINCIPAL_LEADER: (Role.PRINCIPAL_LEADER, Role.LEADER),
}
"""Whoever heads others finds the tasks that nobody in particular was given."""
IN_A_UNIT = (Role.UNIT_HEAD, Role.HANDLER)
SOON = 7
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


def counts(actor: Actor, day: date) -> dict[str, int]:
    """How many cases each tab holds (1 query)."""
    asked = Task.objects.filter(_mine(actor)).order_by().values("petition_id")
    found: dict[str, int] = (
        visible_to(actor, each=True)
        .filter(pk__in=asked)
        .order_by()
        .aggregate(**{tab: Count("pk", filter=in_tab(tab, day, of="") or None) for tab in TABS})
    )
    return {tab: found[tab] for tab in TABS}


@dataclass(frozen=True)
class Waiting:
    """One case of an inbox: what is asked, and the case itself with what a line shows."""

    petition: Petition
    tasks: tuple[Task, ...]


def waiting(actor: Actor, condition: Q, *, limit: int, at: str = "", where: str = "after") -> tuple[list[Waiting], Cut]:
    """One page of an inbox by due date, with the tasks of each case (4 queries)."""
    mine = tasks_for(actor).filter(condition)
    # The due date of a task is that of its case, so a case stands in one place however much it asks.
    cases = mine.order_by().values("due", "petition_id").distinct()
    page = cut(cases, ("due", "petition_id"), limit=limit, at=at, where=where)
    ids = [row["petition_id"] for row in page.rows]
    petitions = {p.pk: p for p in Petition.objects.filter(pk__in=ids).select_related("handling_unit")}
    tasks: dict[int, list[Task]] = {}
    for task in tasks_for(actor).filter(petition_id__in=ids):
        tasks.setdefault(task.petition_id, []).append(task)
    return [Waiting(petitions[pk], tuple(tasks.get(pk, ()))) for pk in ids], page
