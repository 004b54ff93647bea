"""重要岗位: which accounts, units and departures take two people to change, and which posts must not be left empty."""

from datetime import date

from django.db.models import Q

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.core.clock import today
from xinfang.procedure.administrators import KEY_POSTS, NEVER_EMPTY
from xinfang.procedure.words import Role

_OPEN = "重要岗位（厅领导、检举控告专管员、系统管理员、安全管理员、审计员）"


def roles_held_by(staff: Staff) -> set[Role]:
    """Return the duties that this person has today or later, their own and those of colleagues they deputise for."""
    day = today()
    held = Duty.objects.filter(Q(until=None) | Q(until__gte=day))
    away = Absence.objects.filter(deputy=staff, until__gte=day).values("staff_id")
    roles = held.filter(Q(staff=staff) | Q(staff__in=away)).values_list("role", flat=True)
    return {role for r in roles if (role := Role.get(r))}


def why_two_persons_needed(staff: Staff) -> str:
    """Tell why nobody changes this person's account alone; empty where one person may."""
    if roles_held_by(staff).isdisjoint(KEY_POSTS):
        return ""
    return f"{staff.name}任{_OPEN}，这项变更需要两人办理：请在人员页面提出，由安全管理员确认。"


def concerned_by_unit_change(unit: Unit, leader: Staff | None) -> list[Staff]:
    """Return the people concerned when this unit ends, becomes another kind or gets this leader.

    They are the leader before, the leader after, and everybody who holds a key post in the unit.
    """
    posts = Duty.objects.filter(Q(until=None) | Q(until__gte=today()), unit=unit, role__in=[r.value for r in KEY_POSTS])
    found = {s.pk: s for s in Staff.objects.filter(duties__in=posts).distinct()}
    found |= {s.pk: s for s in (leader, unit.leader) if s}
    return [found[pk] for pk in sorted(found)]


def why_unit_needs_two_persons(unit: Unit | None, *, leader: Staff | None, ends: bool) -> str:
    """Tell why nobody alone gives this unit this leader or ends it; empty where one person may.

    `unit` is None for a new one. Becoming another kind counts as an end.
    """
    if leader != (unit.leader if unit else None):
        return "更换单位的分管厅领导需要两人办理：请在单位页面提出，由安全管理员确认。"
    if unit and ends and concerned_by_unit_change(unit, leader):
        return f"{unit.name}有分管厅领导或{_OPEN}，撤销或改变类型需要两人办理：请在单位页面提出，由安全管理员确认。"
    return ""


def posts_left_empty(staff: Staff, until: date, roles: tuple[Role, ...] = NEVER_EMPTY) -> list[Role]:
    """Return the posts that nobody would hold after this day if this person held none of them any more."""
    empty = []
    for role in roles:
        holds = Duty.objects.on(today()).filter(role=role.value)
        after = Q(until=None) | Q(until__gt=until)
        others = holds.filter(after, staff__is_active=True, staff__left_on=None).exclude(staff=staff)
        if holds.filter(staff=staff).exists() and not others.exists():
            empty.append(role)
    return empty
