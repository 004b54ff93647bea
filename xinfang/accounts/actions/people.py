"""Changing units, staff, duties, absences and settings, with an audit trail. Nothing is deleted, things end.

`by` is the member of staff who asks for the change, or None at the command line of the server. AdminChangeRefused
tells every reason.
What gives or takes rights needs `confirmed_by` as well, a second person: pages go through `two_persons`.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from xinfang.accounts.actions import essential_posts, owner_notices, passwords
from xinfang.accounts.actions.change_checks import raise_if_any, require_manager, single_line
from xinfang.accounts.actions.owner_notices import notify_owner
from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused, confirmed_by_detail, staff_target
from xinfang.core.clock import today
from xinfang.procedure.administrators import NEVER_EMPTY, THREE_ADMINISTRATORS, clashes
from xinfang.procedure.words import STAFF_ROLES, Role
from xinfang.web.dates import chinese_date, period

__all__ = [
    "AdminChangeRefused",
    "StaffChanges",
    "UnitChanges",
    "add_absence",
    "add_duty",
    "add_staff",
    "add_unit",
    "change_staff",
    "change_unit",
    "end_duty",
    "set_password",
]

IN_A_UNIT = (Role.UNIT_HEAD, Role.HANDLER)
"""Roles that mean nothing without a unit."""
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,39}")
_BOTH_ADDRESSES = timedelta(days=7)
"""So long what is told about an account goes to the e-mail address that it had before as well."""
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class UnitChanges(TypedDict, total=False):
    """What may be changed of a unit."""

    name: str
    kind: str
    leader: Staff | None
    ended_on: date | None


class StaffChanges(TypedDict, total=False):
    """What may be changed of a person."""

    name: str
    title: str
    email: str
    left_on: date | None


def _by_two(by: Staff | None, confirmed_by: Staff | None) -> None:
    """Refuse to give or take rights without a second person; the server's command line (`by` is None) needs none.

    Raises:
        AdminChangeRefused: `by` may not manage people, or nobody has confirmed the change.
    """
    require_manager(by)
    if by is not None and confirmed_by is None:
        raise AdminChangeRefused("这项变更需要两人办理：请在人员页面提出，由安全管理员确认。")


def _is_leader(staff: Staff) -> bool:
    return actor_of(staff).has(Role.LEADER, Role.PRINCIPAL_LEADER)


@transaction.atomic
def add_unit(*, code: str, name: str, kind: str, leader: Staff | None = None, by: Staff | None) -> Unit:
    """Add a unit to the department. Its leader in charge is given by two people (`change_unit`)."""
    require_manager(by)
    reasons: list[str] = []
    if by is not None and (why := essential_posts.why_unit_needs_two_persons(None, leader=leader, ends=False)):
        reasons.append(why)
    if not _CODE.fullmatch(code):
        reasons.append("“代码”用小写字母开头，只含小写字母、数字、- 和 _，不超过 40 个。")
    elif Unit.objects.filter(code=code).exists():
        reasons.append(f"代码“{code}”已有单位使用。")
    name = single_line(name, "名称", 60, reasons)
    if name and Unit.objects.filter(name=name).exists():
        reasons.append(f"已有名为“{name}”的单位。")
    if kind not in Unit.Kind.values:
        reasons.append(f"“类型”应为：{'、'.join(Unit.Kind.labels)}。")
    if leader and not _is_leader(leader):
        reasons.append(f"{leader.name}不是厅领导，不能分管单位。")
    raise_if_any(reasons)
    unit = Unit.objects.create(code=code, name=name, kind=kind, leader=leader)
    audit_log.record(by, "新增单位", name, code=code, kind=kind, leader=leader.get_username() if leader else "")
    return unit


@transaction.atomic
def change_unit(
    unit: Unit, *, by: Staff | None, confirmed_by: Staff | None = None, **changes: Unpack[UnitChanges]
) -> Unit:
    """Change `name`, `kind`, `leader` or `ended_on` of a unit; its code stays, as history refers to it.

    Another leader in charge, and another kind or the end of a unit that has one, take two people.

    Raises:
        AdminChangeRefused: the change takes two people and nobody has confirmed it, or it is not allowed; with every
            reason.
    """
    require_manager(by)
    unit = Unit.objects.select_for_update(of=("self",)).select_related("leader").get(pk=unit.pk)
    reasons: list[str] = []
    _known(changes, ("name", "kind", "leader", "ended_on"))
    leader = changes.get("leader", unit.leader)
    ends = any(k in changes and changes[k] != getattr(unit, k) for k in ("kind", "ended_on"))
    concerned = essential_posts.concerned_by_unit_change(unit, leader) if ends or leader != unit.leader else []
    if by is not None and confirmed_by is None:
        why = essential_posts.why_unit_needs_two_persons(unit, leader=leader, ends=ends)
        if why:
            raise AdminChangeRefused(why)
    if "name" in changes:
        changes["name"] = single_line(changes["name"], "名称", 60, reasons)
        if Unit.objects.filter(name=changes["name"]).exclude(pk=unit.pk).exists():
            reasons.append(f"已有名为“{changes['name']}”的单位。")
    if "kind" in changes and changes["kind"] not in Unit.Kind.values:
        reasons.append(f"“类型”应为：{'、'.join(Unit.Kind.labels)}。")
    if (other := changes.get("leader")) and not _is_leader(other):
        reasons.append(f"{other.name}不是厅领导，不能分管单位。")
    if changes.get("ended_on") and unit.ended_on is None:
        open_work = unit.handled.filter(closed_on=None, state__in=["handling", "replied", "served"]).count()
        if open_work:
            reasons.append(f"{unit.name}还有 {open_work} 件在办的信访事项，请先退回或改交其他单位。")
    raise_if_any(reasons)
    _write(unit, changes, by, "修改单位", unit.name, confirmed_by)
    for person in concerned:
        notify_owner(person, owner_notices.UNIT)
    return unit


def _known(changes: Mapping[str, object], fields: tuple[str, ...]) -> None:
    unknown = set(changes) - set(fields)
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")


def _write(
    row: Unit | Staff,
    changes: Mapping[str, object],
    by: Staff | None,
    what: str,
    target: str,
    confirmed_by: Staff | None,
) -> set[str]:
    """Keep what is different now; returns the names of those fields."""
    was, now = {}, {}
    for field, value in changes.items():
        if getattr(row, field) != value:
            was[field], now[field] = _plain(getattr(row, field)), _plain(value)
            setattr(row, field, value)
    if now:
        row.save(update_fields=list(now))
        audit_log.record(by, what, target, was=was, now=now, **confirmed_by_detail(confirmed_by))
    return set(now)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Staff):
        return value.get_username()
    return value


@transaction.atomic
def add_staff(*, username: str, name: str, title: str = "", email: str = "", by: Staff | None) -> Staff:
    """Add an account. Nobody can sign in with it until two people have given it a first password."""
    require_manager(by)
    reasons: list[str] = []
    if not _USERNAME.fullmatch(username):
        reasons.append("“用户名”用字母开头，2 至 40 个字母、数字、点、- 或 _。")
    elif username.lower() == "system":
        reasons.append("“system”是系统自己的名字，请另取用户名。")
    elif Staff.objects.filter(username__iexact=username).exists():
        reasons.append(f"用户名“{username}”已有人使用。")
    name = single_line(name, "姓名", 60, reasons)
    title = single_line(title, "职务", 60, reasons, needed=False)
    email = _email(email, reasons)
    staff = Staff(username=username, name=name, title=title, email=email)
    staff.set_unusable_password()
    raise_if_any(reasons)
    staff.save()
    audit_log.record(by, "新增人员", staff_target(staff), title=title, email=bool(email))
    return staff


def _email(email: str, reasons: list[str]) -> str:
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            reasons.append(f"“{email[:60]}”不是有效的电子邮箱地址。")
    return email


def _check_password(staff: Staff, password: str, reasons: list[str]) -> None:
    try:
        validate_password(password, staff)
    except ValidationError as e:
        reasons.extend(e.messages)


@transaction.atomic
def change_staff(
    staff: Staff,
    *,
    by: Staff | None,
    confirmed_by: Staff | None = None,
    without_successor: str = "",
    **changes: Unpack[StaffChanges],
) -> Staff:
    """Change `name`, `title`, `email` or `left_on`. User names stay, as history refers to them.

    It takes two people where the person holds a key post, and where another last day gives somebody who has left their
    duties back. The last holder of a post leaves only for the reason given as `without_successor`; the last of the
    three administrators can't leave.

    Raises:
        AdminChangeRefused: the change takes two people and nobody has confirmed it, or it is not allowed; with every
            reason.
    """
    require_manager(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    reasons: list[str] = []
    _known(changes, ("name", "title", "email", "left_on"))
    if by is not None and confirmed_by is None and any(getattr(staff, k) != v for k, v in changes.items()):
        why = essential_posts.why_two_persons_needed(staff)
        if why:
            raise AdminChangeRefused(why)
    if "name" in changes:
        changes["name"] = single_line(changes["name"], "姓名", 60, reasons)
    if "title" in changes:
        changes["title"] = single_line(changes["title"], "职务", 60, reasons, needed=False)
    if "email" in changes:
        changes["email"] = _email(changes["email"], reasons)
    if "left_on" in changes:
        left = changes["left_on"]
        if staff.left_on and staff.left_on < today() and (left is None or left > staff.left_on):
            _by_two(by, confirmed_by)
        if left:
            _not_the_last(staff, left, NEVER_EMPTY, without_successor, reasons)
        reasons += _clashes(staff, left_on=left)
    raise_if_any(reasons)
    if changes.get("email", staff.email) != staff.email:
        _keep_address_before(staff)
    done = _write(staff, changes, by, "修改人员", staff_target(staff), confirmed_by)
    if done & {"name", "title", "email"}:
        notify_owner(staff, owner_notices.ABOUT)
    if "left_on" in done:
        notify_owner(staff, owner_notices.LEAVING)
    return staff


def _keep_address_before(staff: Staff) -> None:
    """Keep the first address that was replaced within a week, so that two changes in a row don't get rid of it."""
    now = timezone.now()
    if staff.email and not (staff.email_before and staff.email_before_until and staff.email_before_until > now):
        staff.email_before = staff.email
        staff.email_before_until = now + _BOTH_ADDRESSES
        staff.save(update_fields=["email_before", "email_before_until"])


@transaction.atomic
def set_password(staff: Staff, password: str, *, by: Staff) -> None:
    """Set the password that its owner chooses.

    One for somebody else is made by the program: `two_persons`, kind NEW_PASSWORD.

    Raises:
        AdminChangeRefused: the password is for somebody else, or it isn't allowed.
    """
    if by.pk != staff.pk:
        raise AdminChangeRefused("重设他人的密码需要两人办理：请在人员页面提出，由安全管理员确认。")
    reasons: list[str] = []
    _check_password(staff, password, reasons)
    raise_if_any(reasons)
    passwords.set_own_password(staff, password)
    audit_log.record(by, "设置密码", staff_target(staff))
    notify_owner(staff, owner_notices.OWN_CHOSEN)


def _role(role: Role | str) -> Role:
    found = next((r for r in STAFF_ROLES if str(role) in (r.value, r.label)), None)
    if found is None:
        raise AdminChangeRefused(f"没有“{role}”这项职责，可选：{'、'.join(r.label for r in STAFF_ROLES)}。")
    return found


@transaction.atomic
def add_duty(
    staff: Staff,
    *,
    role: Role | str,
    unit: Unit | None = None,
    since: date | None = None,
    until: date | None = None,
    by: Staff | None,
    confirmed_by: Staff | None = None,
    reason: str = "",
) -> Duty:
    """Give a duty from a day (today, if not said) to a day, or until further notice.

    Nobody gets two of the three administrators' duties.
    """
    _by_two(by, confirmed_by)
    Staff.objects.select_for_update().get(pk=staff.pk)
    since = since or today()
    reasons: list[str] = []
    found = _role(role)
    if until and until < since:
        reasons.append(f"止日{chinese_date(until)}早于起日{chinese_date(since)}，请核对。")
    if found in IN_A_UNIT and unit is None:
        reasons.append(f"“{found.label}”是某个单位的职责，请选择单位。")
    if unit and unit.ended_on and unit.ended_on <= since:
        reasons.append(f"{unit.name}已于{chinese_date(unit.ended_on)}撤销。")
    if staff.left_on and staff.left_on < since:
        reasons.append(f"{staff.name}已于{chinese_date(staff.left_on)}离任。")
    if not reasons:
        same = Duty.objects.filter(staff=staff, role=found.value, unit=unit).filter(Q(until=None) | Q(until__gte=since))
        overlap = (same.filter(since__lte=until) if until else same).first()
        if overlap:
            reasons.append(f"{staff.name}已有同样的职责（{period(overlap.since, overlap.until)}），起止日期不能重叠。")
    raise_if_any(reasons)
    duty: Duty = Duty.objects.create(staff=staff, role=found.value, unit=unit, since=since, until=until)
    raise_if_any(_clashes_from(staff, since, until))
    audit_log.record(
        by,
        "新增职责",
        staff_target(staff),
        role=found.value,
        unit=unit.code if unit else "",
        since=since.isoformat(),
        until=until.isoformat() if until else "",
        **confirmed_by_detail(confirmed_by),
        **({"reason": reason} if reason else {}),
    )
    notify_owner(staff, owner_notices.DUTY_GIVEN)
    return duty


@transaction.atomic
def end_duty(
    duty: Duty,
    *,
    until: date | None = None,
    by: Staff | None,
    confirmed_by: Staff | None = None,
    without_successor: str = "",
) -> Duty:
    """End a duty with a day (yesterday, if not said: from now on it gives no rights). It stays on record.

    `without_successor` as in `change_staff`.
    """
    _by_two(by, confirmed_by)
    duty = Duty.objects.select_for_update().select_related("staff").get(pk=duty.pk)
    until = until or max(duty.since, date.fromordinal(today().toordinal() - 1))
    reasons: list[str] = []
    if until < duty.since:
        reasons.append(f"止日{chinese_date(until)}早于起日{chinese_date(duty.since)}，请核对。")
    if duty.until and duty.until < until:
        reasons.append(f"这项职责已于{chinese_date(duty.until)}结束；如需恢复，请新增一段。")
    if duty.role in NEVER_EMPTY:
        held = Role.get(duty.role)
        _not_the_last(duty.staff, until, (held,) if held else (), without_successor, reasons)
    raise_if_any(reasons)
    was = duty.until.isoformat() if duty.until else ""
    duty.until = until
    duty.save(update_fields=["until"])
    audit_log.record(
        by,
        "结束职责",
        staff_target(duty.staff),
        role=duty.role,
        was=was,
        until=until.isoformat(),
        **confirmed_by_detail(confirmed_by),
    )
    notify_owner(duty.staff, owner_notices.DUTY_ENDED)
    return duty


def _not_the_last(
    staff: Staff, until: date, roles: tuple[Role, ...], without_successor: str, reasons: list[str]
) -> None:
    """Add a reason where the last holder of a post would go.

    There is always one of each of the three administrators, and one officer of sealed cases unless `without_successor`
    says why not.
    """
    for role in essential_posts.posts_left_empty(staff, until, roles):
        if role in THREE_ADMINISTRATORS or not without_successor:
            reasons.append(f"{staff.name}是最后一位{role.label}，请先指定另一位。")


def _clashes_from(staff: Staff, since: date, until: date | None) -> list[str]:
    """Tell why this person, or a deputy of theirs, would hold duties on some day that one person may not hold together.

    Asked after the change, inside its transaction. Roles only change on days on which a duty or an absence begins.
    """
    reasons: list[str] = []
    people = [staff, *Staff.objects.filter(stands_in__staff=staff, stands_in__until__gte=since).distinct()]
    for person in people:
        first = [since]
        away = Absence.objects.filter(deputy=person, until__gte=since)
        holders = [person.pk, *away.values_list("staff_id", flat=True)]
        begins = [*Duty.objects.filter(staff_id__in=holders, since__gt=since).values_list("since", flat=True)]
        begins += away.filter(since__gt=since).values_list("since", flat=True)
        for day in sorted({*first, *(d for d in begins if until is None or d <= until)}):
            found = clashes(d.role for d in actor_of(person, day).duties)
            if found:
                reasons += [f"{person.name}自{chinese_date(day)}起：{r}" for r in found]
                break
    return reasons


def _clashes(staff: Staff, left_on: date | None) -> list[str]:
    """Tell why the duties of somebody who comes back may not go together with those that were given meanwhile."""
    if not staff.left_on or (left_on and left_on <= staff.left_on):
        return []
    was, staff.left_on = staff.left_on, left_on
    try:
        return _clashes_from(staff, max(was, today()), None)
    finally:
        staff.left_on = was


@transaction.atomic
def add_absence(
    staff: Staff,
    *,
    deputy: Staff,
    since: date,
    until: date,
    reason: str = "",
    by: Staff | None,
    confirmed_by: Staff | None = None,
) -> Absence:
    """Record that somebody is away and who deputises for them; one absence at a time. One may enter one's own.

    Entered by others it takes two people, as the deputy holds the duties of the person who is away.
    """
    if by is None or by.pk != staff.pk:
        _by_two(by, confirmed_by)
    Staff.objects.select_for_update().get(pk=staff.pk)
    reasons: list[str] = []
    reason = single_line(reason, "事由", 100, reasons, needed=False)
    if deputy.pk == staff.pk:
        reasons.append("代行人员不能是本人。")
    if not deputy.is_active or (deputy.left_on and deputy.left_on < until):
        reasons.append(f"{deputy.name}届时已不在岗，请另选代行人员。")
    if until < since:
        reasons.append(f"止日{chinese_date(until)}早于起日{chinese_date(since)}，请核对。")
    elif until < today():
        reasons.append("止日在今天之前，代行不能倒填。")
    overlap = staff.absences.filter(since__lte=until, until__gte=since).first()
    if overlap:
        reasons.append(f"{staff.name}在{period(overlap.since, overlap.until)}已有代行安排（{overlap.deputy.name}）。")
    away = deputy.absences.filter(since__lte=until, until__gte=since).first()
    if away:
        reasons.append(f"{deputy.name}在{period(away.since, away.until)}本人外出，不能代行。")
    raise_if_any(reasons)
    absence = Absence.objects.create(staff=staff, deputy=deputy, since=since, until=until, reason=reason)
    raise_if_any(_clashes_from(deputy, since, until))
    audit_log.record(
        by,
        "安排代行",
        staff_target(staff),
        deputy=deputy.get_username(),
        since=since.isoformat(),
        until=until.isoformat(),
        **confirmed_by_detail(confirmed_by),
    )
    if by is None or by.pk != staff.pk:
        notify_owner(staff, owner_notices.ABSENCE)
    notify_owner(deputy, owner_notices.DEPUTY)
    return absence
