"""What the pages of a person and a unit change: alone where one may, otherwise proposed to a second person."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from xinfang.accounts.actions import accounts, two_persons
from xinfang.accounts.actions import people as actions
from xinfang.accounts.actions.essential_posts import (
    concerned_by_unit_change,
    why_two_persons_needed,
    why_unit_needs_two_persons,
)
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.actions.two_persons import ChangeKind
from xinfang.accounts.pages import DeskRequest
from xinfang.accounts.queries.duties import duty_of
from xinfang.core.clock import today
from xinfang.web.dates import chinese_date

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff, Unit

_PROPOSED = "已提出，等待安全管理员确认后生效。进展见“人员变更”。"
CONFIRMED_AGAIN = ("add-duty", "end-duty", "new-password", "forget-second-factor", "release")
"""What asks its proposer to confirm again that it is them."""


def change(request: DeskRequest, person: "Staff", do: str, given: Mapping[str, Any]) -> str:
    """Make the one change that `do` names, with what its form read; return the sentence for it.

    Raises:
        AdminChangeRefused: there is no such change or duty, or it is not allowed.
    """
    by = request.user
    if do == "about":
        changed = {k: v for k, v in given.items() if v != getattr(person, k)}
        if changed and why_two_persons_needed(person):
            _propose(person, ChangeKind.ABOUT, by, **changed)
            return _PROPOSED
        actions.change_staff(person, **given, by=by)
        return "已保存，并已通知本人。" if changed else "没有更改。"
    if do == "leave":
        left = given["left_on"]
        if person.left_on and person.left_on < today() and (left is None or left > person.left_on):
            _propose(person, ChangeKind.RETURN, by, left_on=_iso(left))
            return _PROPOSED
        if left != person.left_on and why_two_persons_needed(person):
            without = given.get("without_successor", "")
            _propose(person, ChangeKind.LEAVE, by, left_on=_iso(left), without_successor=without)
            return _PROPOSED
        actions.change_staff(person, left_on=left, by=by)
        return f"离任日期为{chinese_date(left)}，次日起不再有任何职责。" if left else "已取消离任日期。"
    if do == "add-duty":
        data = {"role": given["role"], "unit": given["unit"].code if given["unit"] else ""}
        since = given["since"] or today()
        _propose(person, ChangeKind.ADD_DUTY, by, **data, since=_iso(since), until=_iso(given["until"]))
        return _PROPOSED
    if do == "end-duty":
        duty = duty_of(person, given["duty"])
        if duty is None:
            raise AdminChangeRefused("没有这项职责，请刷新后再试。")
        until, without = _iso(given["until"]), given["without_successor"]
        _propose(person, ChangeKind.END_DUTY, by, duty=duty.pk, until=until, without_successor=without)
        return _PROPOSED
    if do == "absence":
        deputy, since, until, reason = (given[k] for k in ("deputy", "since", "until", "reason"))
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
    raise AdminChangeRefused("没有这种更改，请刷新后再试。")


def change_unit(unit: "Unit | None", given: Mapping[str, Any], by: "Staff") -> str:
    """Make or change a unit as the form says; what takes two people is proposed. Return the sentence for it.

    Raises:
        AdminChangeRefused: the change is not allowed.
    """
    leader = given["leader"]
    if unit is None:
        made = two_persons.propose_new_unit(**given, by=by)
        return f"已保存“{made.name}”。" + ("分管厅领导" + _PROPOSED if leader else "")
    ends = (given["kind"], given["ended_on"]) != (unit.kind, unit.ended_on)
    if not why_unit_needs_two_persons(unit, leader=leader, ends=ends):
        return f"已保存“{actions.change_unit(unit, **given, by=by).name}”。"
    data = _plain(given)
    was = _plain({name: getattr(unit, name) for name in given})
    changed = {k: data[k] for k in was if data[k] != was[k]}
    if "kind" in changed:
        changed["unit_kind"] = changed.pop("kind")
    _propose(concerned_by_unit_change(unit, leader)[0], ChangeKind.UNIT, by, unit=unit.code, **changed)
    return _PROPOSED


def _plain(of_unit: Mapping[str, Any]) -> dict[str, str]:
    """Return the unit's details as a proposal keeps them."""
    leader = of_unit["leader"]
    return {**of_unit, "leader": leader.get_username() if leader else "", "ended_on": _iso(of_unit["ended_on"])}


def _propose(person: "Staff", kind: ChangeKind, by: "Staff", **data: Any) -> None:
    two_persons.propose_change(kind, person, by=by, **data)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
