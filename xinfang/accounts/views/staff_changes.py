"""What the pages of a person and a unit change: by oneself where one may, otherwise proposed to the security administrator."""

from datetime import date
from typing import TYPE_CHECKING, Any

from xinfang.accounts.actions import accounts, two_persons
from xinfang.accounts.actions import people as actions
from xinfang.accounts.actions.key_posts import (
    concerned_by_unit_change,
    why_two_persons_needed,
    why_unit_needs_two_persons,
)
from xinfang.accounts.actions.people import Rejected
from xinfang.accounts.actions.two_persons import ChangeKind
from xinfang.accounts.pages import DeskRequest
from xinfang.accounts.queries.duties import duty_of
from xinfang.accounts.queries.staff import staff_by_username, unit_by_code
from xinfang.core.clock import today
from xinfang.procedure.step_schema import read_date
from xinfang.web.dates import chinese_date

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff, Unit

_PROPOSED = "已提出，等待安全管理员确认后生效。进展见“人员变更”。"
CONFIRMED_AGAIN = ("add-duty", "end-duty", "new-password", "forget-second-factor", "release")
"""What asks its proposer to confirm again that it is them."""


def change(request: DeskRequest, person: "Staff", do: str, typed: dict[str, str]) -> str:
    """Make the one change that the form names; returns the sentence for it."""
    by = request.user
    if do == "about":
        asked: actions.StaffChanges = {
            "name": typed.get("name", "").strip(),
            "title": typed.get("title", "").strip(),
            "email": typed.get("email", "").strip(),
        }
        changed = {k: v for k, v in asked.items() if v != getattr(person, k)}
        if changed and why_two_persons_needed(person):
            _propose(person, ChangeKind.ABOUT, by, **changed)
            return _PROPOSED
        actions.change_staff(person, **asked, by=by)
        return "已保存，并已通知本人。" if changed else "没有更改。"
    if do == "leave":
        left = day_or_none(typed.get("left_on", ""), "离任日期")
        if person.left_on and person.left_on < today() and (left is None or left > person.left_on):
            _propose(person, ChangeKind.RETURN, by, left_on=_iso(left))
            return _PROPOSED
        if left != person.left_on and why_two_persons_needed(person):
            without = typed.get("without_successor", "").strip()
            _propose(person, ChangeKind.LEAVE, by, left_on=_iso(left), without_successor=without)
            return _PROPOSED
        actions.change_staff(person, left_on=left, by=by)
        return f"离任日期为{chinese_date(left)}，次日起不再有任何职责。" if left else "已取消离任日期。"
    if do == "add-duty":
        unit, begins = unit_or_none(typed.get("unit", "")), day_or_none(typed.get("since", ""), "起") or today()
        until = day_or_none(typed.get("until", ""), "止")
        data = {"role": typed.get("role", ""), "unit": unit.code if unit else ""}
        _propose(person, ChangeKind.ADD_DUTY, by, **data, since=_iso(begins), until=_iso(until))
        return _PROPOSED
    if do == "end-duty":
        given = typed.get("duty", "")
        duty = duty_of(person, int(given)) if given.isdecimal() and len(given) < 19 else None
        if duty is None:
            raise Rejected("没有这项职责，请刷新后再试。")
        until = day_or_none(typed.get("until", ""), "止")
        without = typed.get("without_successor", "").strip()
        _propose(person, ChangeKind.END_DUTY, by, duty=duty.pk, until=_iso(until), without_successor=without)
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
        _propose(person, ChangeKind.ABSENCE, by, **data)
        return _PROPOSED
    if do in ("new-password", "forget-second-factor"):
        kind = ChangeKind(do.replace("-", "_"))
        _propose(person, kind, by)
        return _PROPOSED
    if do == "release":
        accounts.end_lockout(person, by=by)
        return "已解除登录限制，可以重新登录。"
    raise Rejected("没有这种更改，请刷新后再试。")


def change_unit(unit: "Unit | None", typed: dict[str, str], by: "Staff") -> str:
    """Make or change a unit as the form says; what takes two people is proposed. Returns the sentence for it."""
    leader = staff_or_none(typed["leader"], "分管厅领导")
    if unit is None:
        made = two_persons.propose_new_unit(
            code=typed["code"], name=typed["name"], kind=typed["kind"], leader=leader, by=by
        )
        return f"已保存“{made.name}”。" + ("分管厅领导" + _PROPOSED if leader else "")
    ended_on = day_or_none(typed["ended_on"], "撤销日期")
    asked: actions.UnitChanges = {
        "name": typed["name"],
        "kind": typed["kind"],
        "leader": leader,
        "ended_on": ended_on,
    }
    ends = (asked["kind"], ended_on) != (unit.kind, unit.ended_on)
    if not why_unit_needs_two_persons(unit, leader=leader, ends=ends):
        return f"已保存“{actions.change_unit(unit, **asked, by=by).name}”。"
    data = {**typed, "ended_on": _iso(ended_on)}
    was = {"name": unit.name, "kind": unit.kind, "ended_on": _iso(unit.ended_on)}
    was["leader"] = unit.leader.get_username() if unit.leader else ""
    changed = {k: data[k] for k in was if data[k] != was[k]}
    if "kind" in changed:
        changed["unit_kind"] = changed.pop("kind")
    _propose(concerned_by_unit_change(unit, leader)[0], ChangeKind.UNIT, by, unit=unit.code, **changed)
    return _PROPOSED


def _propose(person: "Staff", kind: ChangeKind, by: "Staff", **data: Any) -> None:
    two_persons.propose_change(kind, person, by=by, **data)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def staff_or_none(username: str, label: str) -> "Staff | None":
    if not username:
        return None
    found = staff_by_username(username)
    if found is None:
        raise Rejected(f"没有选中的“{label}”，请从列表中选择。")
    return found


def unit_or_none(code: str) -> "Unit | None":
    if not code:
        return None
    found = unit_by_code(code)
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
