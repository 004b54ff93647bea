"""Changes of rights by two people: one proposes, the security administrator confirms. Nobody can do it alone.

Proposing runs the change itself and takes it back, so that what is not allowed is said at once; confirming runs it
again, as things may have changed meanwhile. At the command line of the server (`by` is None) one person is enough: that
sets up a department.

Nobody proposes or confirms what concerns themselves. Where the only security administrator is concerned, the principal
leader confirms; never anybody of the office, whose head proposes. The people concerned are told at the proposal and at
its end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.actions import accounts, essential_posts, owner_notices, people
from xinfang.accounts.actions.change_checks import MANAGES_PEOPLE
from xinfang.accounts.actions.owner_notices import notify_owner
from xinfang.accounts.models import Duty, PendingChange, Staff, Unit
from xinfang.accounts.queries.actors import actor_of, staff_with_role
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused, staff_target
from xinfang.core.clock import today
from xinfang.notifications.actions import end_notifications, notify
from xinfang.procedure.administrators import ONLY_BY_SYSTEM_ADMINISTRATOR
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_schema import clean_text
from xinfang.procedure.words import Role
from xinfang.web.dates import chinese_date, period

ChangeKind = PendingChange.Kind
CONFIRMS = (Role.SECURITY_ADMINISTRATOR,)
CONFIRMS_INSTEAD = (Role.PRINCIPAL_LEADER,)
"""Where every security administrator is concerned or proposed it themselves."""
_OF_THE_OFFICE = (Role.OFFICE, Role.OFFICE_HEAD)
_BY_WORD_OF_THE_OFFICE_HEAD = (Role.COUNTER.value, Role.COUNTER.label)
"""A standing authorisation to sign in the place of the head of the office is theirs to give."""
_ONLY_SYSTEM_ADMINISTRATOR = (ChangeKind.NEW_PASSWORD, ChangeKind.FORGET_SECOND_FACTOR)
_GIVES_OR_TAKES_ALL_DUTIES = (ChangeKind.LEAVE, ChangeKind.RETURN, ChangeKind.ABSENCE)
_MAX_TEXT_CHARACTERS = 200
"""Characters that a confirmer is shown at most; nothing of what they confirm is cut off."""
_NO_SECURITY_ADMINISTRATOR = (
    "目前没有在岗的安全管理员，无人能够确认。请在服务器上运行："
    "xinfang staff duty 用户名 security_administrator，再重新提出。"
)


def propose_change(kind: str, staff: Staff, *, by: Staff, **data: Any) -> PendingChange:
    """Ask for a change that a second person has to confirm.

    `staff` is the person it is about; for a unit, the leader in charge. `data` as JSON keeps it: role, unit (code),
    since, until, duty (id), deputy, leader (user names), reason, left_on, ended_on, without_successor, name, title,
    email, unit_kind; dates in ISO form.

    Raises:
        AdminChangeRefused: the change is not allowed, with every reason; nobody could confirm it; it waits already.
    """
    data = {k: v for k, v in data.items() if k != "without_successor" or v}
    _may_propose(kind, staff, by, data)
    if not staff_with_role(CONFIRMS, (), today()):
        raise AdminChangeRefused(_NO_SECURITY_ADMINISTRATOR)
    with transaction.atomic():
        # A copy, as the trial leaves its marks on what it is given.
        text = _run(kind, Staff.objects.get(pk=staff.pk), data, by, by)[0]
        transaction.set_rollback(True)
    if len(text) > _MAX_TEXT_CHARACTERS:
        raise AdminChangeRefused(f"变更内容超过 {_MAX_TEXT_CHARACTERS} 字，确认人看不全，请分几次提出。")
    with transaction.atomic():
        same = PendingChange.objects.filter(kind=kind, staff=staff, data=data, decided_at=None).first()
        if same:
            raise AdminChangeRefused(f"同样的变更已由{same.proposed_by.name}提出，正在等待安全管理员确认。")
        now = timezone.now()
        change = PendingChange.objects.create(
            kind=kind, staff=staff, data=data, text=text, proposed_by=by, proposed_at=now
        )
        audit_log.record(by, "提出变更", staff_target(staff), change=change.pk, kind=kind, text=text)
        words = f"有一项人员变更等待您确认：{staff.name}，{change.get_kind_display()}。"
        about = concerned_by_change(change)
        deciders = Deciders.today().of(change, about)
        notify(deciders, None, kind="change_waiting", text=words, about=_about_change(change), now=now)
        for person in about:
            notify_owner(person, owner_notices.PROPOSED)
        _tell_auditors_of_an_empty_post(change, "提出")
    return change


@transaction.atomic
def propose_new_account(*, by: Staff, **about: str) -> Staff:
    """Add an account (`people.add_staff`) and propose its first password."""
    staff = people.add_staff(**about, by=by)
    propose_change(ChangeKind.NEW_PASSWORD, staff, by=by)
    return staff


@transaction.atomic
def propose_new_unit(*, code: str, name: str, kind: str, leader: Staff | None, by: Staff) -> Unit:
    """Add a unit (`people.add_unit`) and, where a leader in charge is chosen, propose them."""
    unit = people.add_unit(code=code, name=name, kind=kind, by=by)
    if leader:
        propose_change(ChangeKind.UNIT, leader, by=by, unit=code, leader=leader.get_username())
    return unit


def concerned_by_change(change: PendingChange) -> list[Staff]:
    """Return the people whom the change is about.

    They are the person, a deputy, the leaders of a unit before and after, and everybody who holds a key post in it.
    """
    found = {change.staff_id: change.staff}
    names = [change.data.get(k, "") for k in ("deputy", "leader")]
    found |= {s.pk: s for s in Staff.objects.filter(username__in=[n for n in names if n])}
    unit = Unit.objects.select_related("leader").filter(code=change.data["unit"]).first() if _of_unit(change) else None
    if unit:
        found |= {s.pk: s for s in essential_posts.concerned_by_unit_change(unit, None)}
    return list(found.values())


def _of_unit(change: PendingChange) -> bool:
    return bool(change.kind == ChangeKind.UNIT and change.data.get("unit"))


@dataclass(frozen=True)
class Deciders:
    """The people whose own duties let them decide on changes; asked once for a page of changes (3 queries)."""

    security: tuple[int, ...]
    instead: tuple[int, ...]

    @classmethod
    def today(cls) -> "Deciders":
        """Read the people who can decide today (3 queries)."""
        office = set(staff_with_role(_OF_THE_OFFICE, (), today()))
        leaders = staff_with_role(CONFIRMS_INSTEAD, (), today())
        return cls(tuple(staff_with_role(CONFIRMS, (), today())), tuple(pk for pk in leaders if pk not in office))

    def of(self, change: PendingChange, about: list[Staff]) -> list[int]:
        """Return the primary keys of the people who can decide on this change, which is about these people.

        They are the security administrators, or in their place the principal leader, without the proposer and anybody
        concerned.
        """
        out = {change.proposed_by_id, *(s.pk for s in about)}
        security = [pk for pk in self.security if pk not in out]
        return security or [pk for pk in self.instead if pk not in out]


def why_not_confirm(change: PendingChange, by: Actor, pk: int, deciders: Deciders) -> str:
    """Tell why this person (`pk` their account) can't confirm or refuse it; empty where they can."""
    about = concerned_by_change(change)
    if not (by.has(*CONFIRMS) or pk in deciders.of(change, about)):
        return "人员变更由安全管理员确认，您目前没有这项职责。"
    if pk == change.proposed_by_id:
        return "自己提出的变更不能由自己确认，请由另一位安全管理员确认。"
    if pk in [s.pk for s in about]:
        return "涉及自己的变更不能由自己确认，请由另一位安全管理员或厅主要领导确认。"
    return ""


def _tell_auditors_of_an_empty_post(change: PendingChange, what: str) -> None:
    if change.data.get("without_successor"):
        words = f"{change.staff.name}的{change.get_kind_display()}已{what}，重要岗位没有接任人，理由见“人员变更”。"
        owner_notices.notify_auditors(staff_with_role((Role.AUDITOR,), (), today()), words)


@transaction.atomic
def confirm_change(change: PendingChange, *, by: Staff) -> str:
    """Carry out what somebody else proposed; return what to show once (a one-time password) or an empty text.

    Raises:
        AdminChangeRefused: this person may not confirm it, its proposer no longer manages people, or it is no longer
            allowed.
    """
    change = _waiting(change)
    _may_decide(change, by)
    proposer = actor_of(change.proposed_by)
    if not proposer.has(*MANAGES_PEOPLE):
        raise AdminChangeRefused(
            f"提出人{change.proposed_by.name}已没有管理人员的职责，这项变更不能再确认，请选“不同意”。"
        )
    _, shown = _run(change.kind, change.staff, change.data, change.proposed_by, by)
    _decide(change, by, PendingChange.Outcome.CONFIRMED, "")
    _tell_auditors_of_an_empty_post(change, "确认")
    audit_log.record(by, "确认变更", staff_target(change.staff), change=change.pk, kind=change.kind, text=change.text)
    return shown


@transaction.atomic
def refuse_change(change: PendingChange, *, reason: str, by: Staff) -> None:
    """Refuse what somebody else proposed, and say why.

    Raises:
        AdminChangeRefused: this person may not decide on it, or the reason is missing or can't be used.
    """
    change = _waiting(change)
    _may_decide(change, by)
    try:
        reason = clean_text(reason, "理由", 200, lines=False)
    except ValueError as e:
        raise AdminChangeRefused(str(e)) from None
    if not reason:
        raise AdminChangeRefused("不同意的，请填写理由，提出人会看到。")
    _decide(change, by, PendingChange.Outcome.REFUSED, reason)
    audit_log.record(by, "不同意变更", staff_target(change.staff), change=change.pk, kind=change.kind, text=change.text)
    words = f"您提出的人员变更未获同意：{change.staff.name}，{change.get_kind_display()}。"
    notify([change.proposed_by_id], None, kind="change_refused", text=words, now=timezone.now())
    for person in concerned_by_change(change):
        notify_owner(person, owner_notices.NOT_DONE)


@transaction.atomic
def withdraw_change(change: PendingChange, *, by: Staff) -> None:
    """Withdraw a proposal, as the person who made it.

    Raises:
        AdminChangeRefused: somebody else proposed it, or it was decided already.
    """
    change = _waiting(change)
    if change.proposed_by_id != by.pk:
        raise AdminChangeRefused("只有提出人可以撤回。")
    _decide(change, by, PendingChange.Outcome.WITHDRAWN, "")
    audit_log.record(by, "撤回变更", staff_target(change.staff), change=change.pk, kind=change.kind, text=change.text)
    for person in concerned_by_change(change):
        notify_owner(person, owner_notices.NOT_DONE)


def _may_propose(kind: str, staff: Staff, by: Staff, data: dict[str, Any]) -> None:
    actor = actor_of(by)
    if not actor.has(*MANAGES_PEOPLE):
        raise AdminChangeRefused("单位、人员、职责由系统管理员或办公室主任维护，您目前没有这项职责。")
    if by.pk == staff.pk or by.get_username() in (data.get("deputy"), data.get("leader")):
        raise AdminChangeRefused("不能为自己提出变更，请由另一位管理员提出。")
    if kind == ChangeKind.ADD_DUTY and data.get("role") in _BY_WORD_OF_THE_OFFICE_HEAD:
        if not actor.has(Role.OFFICE_HEAD):
            raise AdminChangeRefused("“窗口签发”是办公室主任的授权，由办公室主任本人提出。")
        if not data.get("until"):
            raise AdminChangeRefused("“窗口签发”的授权须写明到哪一天为止。")
    if actor.has(Role.SYSTEM_ADMINISTRATOR):
        return
    # Who enters a new account proposes its first password; nobody has worked with that account yet.
    new = (
        kind == ChangeKind.NEW_PASSWORD and not staff.has_usable_password() and not essential_posts.roles_held_by(staff)
    )
    if kind in _ONLY_SYSTEM_ADMINISTRATOR and not new:
        raise AdminChangeRefused("重设密码和清除验证器由系统管理员提出，办公室主任不能提出。")
    roles = {data.get("role", "")}
    if kind == ChangeKind.END_DUTY:
        roles = set(Duty.objects.filter(pk=data.get("duty", 0)).values_list("role", flat=True))
    if kind in _GIVES_OR_TAKES_ALL_DUTIES:
        roles = {r.value for r in essential_posts.roles_held_by(staff)}
    reserved = [r.label for r in ONLY_BY_SYSTEM_ADMINISTRATOR if roles & {r.value, r.label}]
    if reserved:
        raise AdminChangeRefused(f"“{reserved[0]}”的授予、结束、代行和离任由系统管理员提出，办公室主任不能提出。")


def _may_decide(change: PendingChange, by: Staff) -> None:
    why = why_not_confirm(change, actor_of(by), by.pk, Deciders.today())
    if why:
        raise AdminChangeRefused(why)


def _waiting(change: PendingChange) -> PendingChange:
    found: PendingChange = (
        PendingChange.objects.select_for_update(of=("self",)).select_related("staff", "proposed_by").get(pk=change.pk)
    )
    if found.decided_at is not None:
        raise AdminChangeRefused(f"这项变更{found.get_outcome_display()}，不必再办。请刷新后查看。")
    return found


def _decide(change: PendingChange, by: Staff, outcome: str, reason: str) -> None:
    change.decided_by, change.decided_at = by, timezone.now()
    change.outcome, change.reason = outcome, reason
    change.save(update_fields=["decided_by", "decided_at", "outcome", "reason"])
    end_notifications(None, {_about_change(change): f"此项变更{change.get_outcome_display()}"}, change.decided_at)


def _about_change(change: PendingChange) -> str:
    return f"change:{change.pk}"


def _run(kind: str, staff: Staff, data: dict[str, Any], by: Staff, confirmed_by: Staff) -> tuple[str, str]:
    """Carry the change out. Return its words, and what its confirmer is shown once.

    Raises:
        AdminChangeRefused: there is no such kind of change, or it is not allowed.
    """
    run = _RUNS.get(ChangeKind(kind)) if kind in ChangeKind.values else None
    if run is None:
        raise AdminChangeRefused("没有这种变更，请刷新后再试。")
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
    return f"{duty.words}，{period(duty.since, duty.until)}", ""


def _end_duty(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    duty = Duty.objects.filter(pk=data.get("duty", 0), staff=staff).select_related("unit").first()
    if duty is None:
        raise AdminChangeRefused("没有这项职责，请刷新后再试。")
    without = _reason(data)
    until = _day(data.get("until"))
    ended = people.end_duty(duty, until=until, by=by, confirmed_by=second, without_successor=without)
    words = f"{duty.words}，至{chinese_date(ended.until)}结束"
    return words + _empty_post(without), ""


def _absence(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    deputy = Staff.objects.filter(username=data.get("deputy", "")).first()
    since, until = _day(data.get("since")), _day(data.get("until"))
    if not (deputy and since and until):
        raise AdminChangeRefused("请填写起止日期，并选择代行人员。")
    reason = data.get("reason", "")
    people.add_absence(staff, deputy=deputy, since=since, until=until, reason=reason, by=by, confirmed_by=second)
    return f"由{deputy.name}代行，{period(since, until)}", ""


def _return(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    left = _day(data.get("left_on"))
    was = staff.left_on
    people.change_staff(staff, left_on=left, by=by, confirmed_by=second)
    words = f"离任日期由{chinese_date(was)}改为{chinese_date(left) or '未定'}，其间职责恢复有效"
    staff.refresh_from_db()
    # A password from before is no longer valid: somebody may know it.
    if not staff.has_usable_password():
        return words, ""
    return f"{words}；原密码作废，生成一次性密码", accounts.give_one_time_password(staff, by=by, confirmed_by=second)


def _leave(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    left, without = _day(data.get("left_on")), _reason(data)
    people.change_staff(staff, left_on=left, by=by, confirmed_by=second, without_successor=without)
    words = (
        f"离任日期为{chinese_date(left)}，次日起不再有任何职责"
        if left
        else f"取消离任日期{chinese_date(staff.left_on)}"
    )
    return words + _empty_post(without), ""


def _about(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    asked = {k: data[k] for k in ("name", "title", "email") if k in data}
    was = {k: getattr(staff, k) for k in asked}
    now = people.change_staff(staff, **asked, by=by, confirmed_by=second)
    labels = {"name": "姓名", "title": "职务", "email": "电子邮箱"}
    changed = [f"{labels[k]}改为“{getattr(now, k) or '空'}”" for k in asked if getattr(now, k) != was[k]]
    if not changed:
        raise AdminChangeRefused("没有更改任何内容。")
    return "，".join(changed), ""


def _unit(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    unit = Unit.objects.select_related("leader").filter(code=data.get("unit", "")).first()
    if unit is None:
        raise AdminChangeRefused("没有选中的单位，请从列表中选择。")
    leader = Staff.objects.filter(username=data["leader"]).first() if data.get("leader") else None
    asked: dict[str, Any] = {k: data[given] for k, given in (("name", "name"), ("kind", "unit_kind")) if given in data}
    if "leader" in data:
        asked["leader"] = leader
    if "ended_on" in data:
        asked["ended_on"] = _day(data["ended_on"])
    now = people.change_unit(unit, **asked, by=by, confirmed_by=second)
    changed = []
    if now.name != unit.name:
        changed.append(f"名称改为“{now.name}”")
    if now.kind != unit.kind:
        changed.append(f"类型改为“{now.get_kind_display()}”")
    if now.leader_id != unit.leader_id:
        changed.append(
            f"分管厅领导由{unit.leader.name if unit.leader else '未定'}改为{leader.name if leader else '未定'}"
        )
    if now.ended_on != unit.ended_on:
        changed.append(f"撤销日期改为 {now.ended_on or '未定'}")
    if not changed:
        raise AdminChangeRefused("没有更改任何内容。")
    return f"{unit.name}：{'，'.join(changed)}", ""


def _new_password(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    shown = accounts.give_one_time_password(staff, by=by, confirmed_by=second)
    return "生成一次性密码，提出人和确认人各得一半，本人首次登录时自行修改", shown


def _forget_second_factor(staff: Staff, data: dict[str, Any], by: Staff, second: Staff) -> tuple[str, str]:
    accounts.reset_second_factor(staff, by=by, confirmed_by=second)
    return "本人下次登录时重新设置验证器", ""


_RUNS: dict[ChangeKind, Callable[[Staff, dict[str, Any], Staff, Staff], tuple[str, str]]] = {
    ChangeKind.ADD_DUTY: _add_duty,
    ChangeKind.END_DUTY: _end_duty,
    ChangeKind.ABSENCE: _absence,
    ChangeKind.RETURN: _return,
    ChangeKind.LEAVE: _leave,
    ChangeKind.ABOUT: _about,
    ChangeKind.UNIT: _unit,
    ChangeKind.NEW_PASSWORD: _new_password,
    ChangeKind.FORGET_SECOND_FACTOR: _forget_second_factor,
}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _reason(data: dict[str, Any]) -> str:
    try:
        return clean_text(data.get("without_successor", ""), "没有接任人的理由", 60, lines=False)
    except ValueError as e:
        raise AdminChangeRefused(str(e)) from None


def _empty_post(without: str) -> str:
    return f"；没有接任人：{without}" if without else ""
