"""Who may do what is changed by two people: one proposes, the security administrator confirms. Alone, nobody can.

Proposing runs the change itself and takes it back, so that what can't be is said at once; confirming runs it again, as
things may have moved meanwhile. At the command line of the server (`by` is None) one suffices: that founds a department.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xinfang.notify.tell import holders, tell
from xinfang.people.actors import actor_of, today
from xinfang.people.models import Duty, PendingChange, Staff, Unit
from xinfang.procedure.administrators import ONLY_BY_SYSTEM_ADMINISTRATOR
from xinfang.procedure.shapes import clean
from xinfang.procedure.words import Role

from . import accounts, people
from .ledger import Rejected, note

Kind = PendingChange.Kind
CONFIRMS = (Role.SECURITY_ADMINISTRATOR,)
_ONLY_SYSTEM_ADMINISTRATOR = (Kind.NEW_PASSWORD, Kind.FORGET_SECOND_FACTOR)
_NO_SECURITY_ADMINISTRATOR = (
    "目前没有在岗的安全管理员，无人能够确认。请在服务器上运行："
    "xinfang staff duty 用户名 security_administrator，再重新提出。"
)


class _TakeBack(Exception):
    """Ends the trial of a change."""


def propose(kind: str, staff: Staff, *, by: Staff, **data: Any) -> PendingChange:
    """Ask for a change; raises Rejected with every reason why it can't be.

    `data` as JSON keeps it: role, unit (code), since, until, duty (id), deputy (user name), reason; dates in ISO form.
    """
    _may_propose(kind, staff, by, data)
    if not holders(CONFIRMS, (), today()):
        raise Rejected(_NO_SECURITY_ADMINISTRATOR)
    try:
        with transaction.atomic():
            # A copy, as the trial leaves its marks on what it is given.
            text = _run(kind, Staff.objects.get(pk=staff.pk), data, by, by)[0]
            raise _TakeBack
    except _TakeBack:
        pass
    with transaction.atomic():
        same = PendingChange.objects.filter(kind=kind, staff=staff, data=data, decided_at=None).first()
        if same:
            raise Rejected(f"同样的变更已由{same.proposed_by.name}提出，正在等待安全管理员确认。")
        now = timezone.now()
        change = PendingChange.objects.create(
            kind=kind, staff=staff, data=data, text=text[:200], proposed_by=by, proposed_at=now
        )
        note(by, "提出变更", _who(staff), change=change.pk, kind=kind, text=text)
        words = f"有一项人员变更等待您确认：{staff.name}，{change.get_kind_display()}。"
        others = [pk for pk in holders(CONFIRMS, (), today(now)) if pk not in (by.pk, staff.pk)]
        tell(others, None, kind="change_waiting", text=words, now=now)
    return change


@transaction.atomic
def confirm(change: PendingChange, *, by: Staff) -> str:
    """Carry out what somebody else proposed; returns what to show once (a one-time password) or an empty text."""
    change = _waiting(change)
    _may_decide(change, by)
    proposer = actor_of(change.proposed_by)
    if not proposer.has(*people.MANAGE):
        raise Rejected(f"提出人{change.proposed_by.name}已没有管理人员的职责，这项变更不能再确认，请选“不同意”。")
    _, shown = _run(change.kind, change.staff, change.data, change.proposed_by, by)
    _decide(change, by, PendingChange.Outcome.CONFIRMED, "")
    note(by, "确认变更", _who(change.staff), change=change.pk, kind=change.kind, text=change.text)
    return shown


@transaction.atomic
def refuse(change: PendingChange, *, reason: str, by: Staff) -> None:
    """Not done, and why."""
    change = _waiting(change)
    _may_decide(change, by)
    try:
        reason = clean(reason, "理由", 200, lines=False)
    except ValueError as e:
        raise Rejected(str(e)) from None
    if not reason:
        raise Rejected("不同意的，请填写理由，提出人会看到。")
    _decide(change, by, PendingChange.Outcome.REFUSED, reason)
    note(by, "不同意变更", _who(change.staff), change=change.pk, kind=change.kind, text=change.text)
    words = f"您提出的人员变更未获同意：{change.staff.name}，{change.get_kind_display()}。"
    tell([change.proposed_by_id], None, kind="change_refused", text=words, now=timezone.now())


@transaction.atomic
def withdraw(change: PendingChange, *, by: Staff) -> None:
    """Who proposed it takes it back."""
    change = _waiting(change)
    if change.proposed_by_id != by.pk:
        raise Rejected("只有提出人可以撤回。")
    _decide(change, by, PendingChange.Outcome.WITHDRAWN, "")
    note(by, "撤回变更", _who(change.staff), change=change.pk, kind=change.kind, text=change.text)


def _may_propose(kind: str, staff: Staff, by: Staff, data: dict[str, Any]) -> None:
    actor = actor_of(by)
    if not actor.has(*people.MANAGE):
        raise Rejected("单位、人员、职责由系统管理员或办公室主任维护，您目前没有这项职责。")
    if by.pk == staff.pk:
        raise Rejected("不能为自己提出变更，请由另一位管理员提出。")
    if actor.has(Role.SYSTEM_ADMINISTRATOR):
        return
    if kind in _ONLY_SYSTEM_ADMINISTRATOR:
        raise Rejected("重设密码和清除验证器由系统管理员提出，办公室主任不能提出。")
    role = data.get("role", "")
    if kind == Kind.END_DUTY:
        role = Duty.objects.filter(pk=data.get("duty")).values_list("role", flat=True).first() or ""
    reserved = [r.label for r in ONLY_BY_SYSTEM_ADMINISTRATOR if role in (r.value, r.label)]
    if reserved:
        raise Rejected(f"“{reserved[0]}”的授予和结束由系统管理员提出，办公室主任不能提出。")


def _may_decide(change: PendingChange, by: Staff) -> None:
    if not actor_of(by).has(*CONFIRMS):
        raise Rejected("人员变更由安全管理员确认，您目前没有这项职责。")
    if by.pk == change.proposed_by_id:
        raise Rejected("自己提出的变更不能由自己确认，请由另一位安全管理员确认。")
    if by.pk == change.staff_id:
        raise Rejected("涉及自己的变更不能由自己确认，请由另一位安全管理员确认。")


def _waiting(change: PendingChange) -> PendingChange:
    found: PendingChange = (
        PendingChange.objects.select_for_update(of=("self",)).select_related("staff", "proposed_by").get(pk=change.pk)
    )
    if found.decided_at is not None:
        raise Rejected(f"这项变更{found.get_outcome_display()}，不必再办。请刷新后查看。")
    return found


def _decide(change: PendingChange, by: Staff, outcome: str, reason: str) -> None:
    change.decided_by, change.decided_at = by, timezone.now()
    change.outcome, change.reason = outcome, reason
    change.save(update_fields=["decided_by", "decided_at", "outcome", "reason"])


def _run(kind: str, staff: Staff, data: dict[str, Any], by: Staff, confirmed_by: Staff) -> tuple[str, str]:
    """Carry the change out. Returns its words, and what its confirmer is shown once."""
    run = _RUNS.get(Kind(kind)) if kind in Kind.values else None
    if run is None:
        raise Rejected("没有这种变更，请刷新后再试。")
    return run(staff, data, by, confirmed_by)


def _add_duty(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    unit = Unit.objects.filter(code=data["unit"]).first() if data.get("unit") else None
    duty = people.add_duty(
        staff,
        role=data["role"],
        unit=unit,
        since=_day(data.get("since")),
        until=_day(data.get("until")),
        by=by,
        confirmed_by=second,
    )
    end = f"至 {duty.until}" if duty.until else "起"
    return f"{unit.name if unit else ''}{duty.role_label}，{duty.since} {end}", ""


def _end_duty(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    duty = Duty.objects.filter(pk=data.get("duty"), staff=staff).select_related("unit").first()
    if duty is None:
        raise Rejected("没有这项职责，请刷新后再试。")
    ended = people.end_duty(duty, until=_day(data.get("until")), by=by, confirmed_by=second)
    return f"{duty.unit.name if duty.unit else ''}{ended.role_label}，至 {ended.until} 结束", ""


def _absence(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    deputy = Staff.objects.filter(username=data.get("deputy", "")).first()
    since, until = _day(data.get("since")), _day(data.get("until"))
    if not (deputy and since and until):
        raise Rejected("请填写起止日期，并选择代行人员。")
    reason = data.get("reason", "")
    people.add_absence(staff, deputy=deputy, since=since, until=until, reason=reason, by=by, confirmed_by=second)
    return f"由{deputy.name}代行，{since} 至 {until}", ""


def _return(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    left = _day(data.get("left_on"))
    people.change_staff(staff, left_on=left, by=by, confirmed_by=second)
    return f"离任日期由 {staff.left_on} 改为 {left or '未定'}，其间职责恢复有效", ""


def _new_password(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    shown = accounts.give_one_time_password(staff, by=by, confirmed_by=second)
    return "生成一次性密码，本人首次登录时自行修改", shown


def _forget_second_factor(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    accounts.forget_second_factor(staff, by=by, confirmed_by=second)
    return "本人下次登录时重新设置验证器", ""


_RUNS: dict[Kind, Callable[[Staff, dict[str, Any], Staff, Staff], tuple[str, str]]] = {
    Kind.ADD_DUTY: _add_duty,
    Kind.END_DUTY: _end_duty,
    Kind.ABSENCE: _absence,
    Kind.RETURN: _return,
    Kind.NEW_PASSWORD: _new_password,
    Kind.FORGET_SECOND_FACTOR: _forget_second_factor,
}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _who(staff: Staff) -> str:
    return f"{staff.name}（{staff.get_username()}）"
