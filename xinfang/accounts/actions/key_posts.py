"""重要岗位: whose account, units and leaving nobody changes alone, and which post never stands empty by accident."""

from datetime import date

from django.db.models import Q

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.core.clock import today
from xinfang.procedure.administrators import KEY_POSTS, NEVER_EMPTY
from xinfang.procedure.words import Role

_OPEN = "重要岗位（厅领导、检举控告专管员、系统管理员、安全管理员、审计员）"


def roles_held_by(staff: Staff) -> set[Role]:
    """The duties that this person has today or will have, their own and those of whom they stand in for."""
    day = today()
    held = Duty.objects.filter(Q(until=None) | Q(until__gte=day))
    away = Absence.objects.filter(deputy=staff, until__gte=day).values("staff_id")
    roles = held.filter(Q(staff=staff) | Q(staff__in=away)).values_list("role", flat=True)
    return {role for r in roles if (role := Role.get(r))}


def why_two_persons_needed(staff: Staff) -> str:
    """Why nobody changes this person's account alone; empty where somebody may."""
    if roles_held_by(staff).isdisjoint(KEY_POSTS):
        return ""
    return f"{staff.name}任{_OPEN}，这项变更需要两人办理：请在人员页面提出，由安全管理员确认。"


def concerned_by_unit_change(unit: Unit, leader: Staff | None) -> list[Staff]:
    """Whom it concerns that this unit ends, is of another kind or gets this leader: both leaders, and who holds a key post in it."""
    posts = Duty.objects.filter(Q(until=None) | Q(until__gte=today()), unit=unit, role__in=[r.value for r in KEY_POSTS])
    found = {s.pk: s for s in Staff.objects.filter(duties__in=posts).distinct()}
    found |= {s.pk: s for s in (leader, unit.leader) if s}
    return [found[pk] for pk in sorted(found)]


def why_unit_needs_two_persons(unit: Unit | None, *, leader: Staff | None, ends: bool) -> str:
    """Why nobody alone gives this unit (None: a new one) this leader or ends it (another kind is an end too); empty where they may."""
    if leader != (unit.leader if unit else None):
        return "更换单位的分管厅领导需要两人办理：请在单位页面提出，由安全管理员确认。"
    if unit and ends and concerned_by_unit_change(unit, leader):
        return f"{unit.name}有分管厅领导或{_OPEN}，撤销或改变类型需要两人办理：请在单位页面提出，由安全管理员确认。"
    return ""


def posts_left_empty(staff: Staff, until: date, roles: tuple[Role, ...] = NEVER_EMPTY) -> list[Role]:
    """The posts that would stand empty after this day if this person held none of them any more."""
    empty = []
    for role in roles:
        holds = Duty.objects.on(today()).filter(role=role.value)
        after = Q(until=None) | Q(until__gt=until)
        others = holds.filter(after, staff__is_active=True, staff__left_on=None).exclude(staff=staff)
        if holds.filter(staff=staff).exists() and not others.exists():
            empty.append(role)
    return empty
