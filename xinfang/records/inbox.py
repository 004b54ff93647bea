"""What is asked of one person: his own tasks, those of his roles, those of his units."""

from django.db.models import Q, QuerySet

from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role

from .models import Task
from .queries import visible_to

ALSO_DOES = {
    Role.OFFICE_HEAD: (Role.OFFICE_HEAD, Role.OFFICE),
    Role.UNIT_HEAD: (Role.UNIT_HEAD, Role.HANDLER),
    Role.PRINCIPAL_LEADER: (Role.PRINCIPAL_LEADER, Role.LEADER),
}
"""Whoever heads others finds the tasks that nobody in particular was given."""
IN_A_UNIT = (Role.UNIT_HEAD, Role.HANDLER)


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """The tasks on this person's desk, those due first in front; only of cases he may see."""
    mine = Q(staff__username__in=actor.codes)
    for duty in actor.duties:
        roles = [r.value for r in ALSO_DOES.get(duty.role, (duty.role,))]
        if duty.role in IN_A_UNIT:
            mine |= Q(role__in=roles, unit__code=duty.unit, staff=None)
        else:
            mine |= Q(role__in=roles, unit=None, staff=None)
    return Task.objects.filter(mine).filter(petition__in=visible_to(actor)).order_by("due", "id")
