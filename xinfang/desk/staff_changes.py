"""What the page of one person changes: by oneself where one may, otherwise proposed to the security administrator."""

from datetime import date
from typing import Any

from xinfang.actions import accounts, two_persons
from xinfang.actions import people as actions
from xinfang.actions.people import Rejected
from xinfang.desk.shell import DeskRequest, chinese_date
from xinfang.people.actors import today
from xinfang.people.models import PendingChange, Staff, Unit
from xinfang.procedure.shapes import read_date

_PROPOSED = "已提出，等待安全管理员确认后生效。进展见“人员变更”。"
CONFIRMED_AGAIN = ("add-duty", "end-duty", "new-password", "forget-second-factor", "release")
"""What asks its proposer to confirm again that it is him."""


def change(request: DeskRequest, person: Staff, do: str, typed: dict[str, str]) -> str:
    """Make the one change that the form names; returns the sentence for it."""
    by = request.user
    if do == "about":
        actions.change_staff(person, **{k: typed.get(k, "") for k in ("name", "title", "email")}, by=by)
        return "已保存。"
    if do == "leave":
        left = day_or_none(typed.get("left_on", ""), "离任日期")
        if person.left_on and person.left_on < today() and (left is None or left > person.left_on):
            _propose(person, PendingChange.Kind.RETURN, by, left_on=_iso(left))
            return _PROPOSED
        actions.change_staff(person, left_on=left, by=by)
        return f"离任日期为{chinese_date(left)}，次日起不再有任何职责。" if left else "已取消离任日期。"
    if do == "add-duty":
        unit, since = unit_or_none(typed.get("unit", "")), day_or_none(typed.get("since", ""), "起") or today()
        until = day_or_none(typed.get("until", ""), "止")
        data = {"role": typed.get("role", ""), "unit": unit.code if unit else ""}
        _propose(person, PendingChange.Kind.ADD_DUTY, by, **data, since=_iso(since), until=_iso(until))
        return _PROPOSED
    if do == "end-duty":
        given = typed.get("duty", "")
        duty = person.duties.filter(pk=given).first() if given.isdecimal() and len(given) < 19 else None
        if duty is None:
            raise Rejected("没有这项职责，请刷新后再试。")
        until = day_or_none(typed.get("until", ""), "止")
        _propose(person, PendingChange.Kind.END_DUTY, by, duty=duty.pk, until=_iso(until))
        return _PROPOSED
    if do == "absence":
        since, until = day_or_none(typed.get("since", ""), "起"), day_or_none(typed.get("until", ""), "止")
        deputy = staff_or_none(typed.get("deputy", ""), "代行人员")
        if not (since and until and deputy):
            raise Rejected("请填写起止日期，并选择代行人员。")
        reason = typed.get("reason", "")
        if by.pk == person.pk:
            actions.add_absence(person, deputy=deputy, since=since, until=until, reason=reason, by=by)
            return f"已安排{deputy.name}代行，{chinese_date(since)}至{chinese_date(until)}。"
        data = {"deputy": deputy.username, "since": _iso(since), "until": _iso(until), "reason": reason}
        _propose(person, PendingChange.Kind.ABSENCE, by, **data)
        return _PROPOSED
    if do in ("new-password", "forget-second-factor"):
        kind = PendingChange.Kind(do.replace("-", "_"))
        _propose(person, kind, by)
        return _PROPOSED
    if do == "release":
        accounts.release(person, by=by)
        return "已解除登录限制，可以重新登录。"
    raise Rejected("没有这种更改，请刷新后再试。")


def _propose(person: Staff, kind: PendingChange.Kind, by: Staff, **data: Any) -> None:
    two_persons.propose(kind, person, by=by, **data)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def staff_or_none(username: str, label: str) -> Staff | None:
    if not username:
        return None
    found = Staff.objects.filter(username=username).first()
    if found is None:
        raise Rejected(f"没有选中的“{label}”，请从列表中选择。")
    return found


def unit_or_none(code: str) -> Unit | None:
    if not code:
        return None
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Rejected("没有选中的单位，请从列表中选择。")
    return found


def day_or_none(text: str, label: str) -> date | None:
    if not text.strip():
        return None
    try:
        return read_date(text, label)
    except ValueError as problem:
        raise Rejected(str(problem)) from None
