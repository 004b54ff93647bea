"""Who may do what is changed by two people.

One alone can't, nobody confirms themselves, and the three are kept apart.
"""

from datetime import timedelta

import pytest
from django.test import Client

from tests.urls import url
from tests.world import PASSWORD, confirm_changes
from xinfang.accounts.actions import people, second_factor, two_persons
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.models import Absence, Authenticator, Duty, PendingChange, Staff, Unit
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.procedure.administrators import SEES_CASES, THREE_ADMINISTRATORS, clashes
from xinfang.procedure.words import Role
from xinfang.web.dates import chinese_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
Kind = PendingChange.Kind
DAY = timedelta(days=1)
TODAY = today().isoformat()


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def propose_duty(who: str = "support", role: str = "handler", unit: str = "funds", by: str = "admin") -> PendingChange:
    data = {"role": role, "unit": unit, "since": TODAY, "until": ""}
    return two_persons.propose_change(Kind.ADD_DUTY, staff(who), by=staff(by), **data)


def test_one_alone_gives_nothing_and_two_do() -> None:
    change = propose_duty()
    assert not actor_of(staff("support")).has(Role.HANDLER)
    assert "资源配置与经费处承办人" in change.text
    assert Notification.objects.get(staff=staff("security")).text.startswith("有一项人员变更等待您确认")
    two_persons.confirm_change(change, by=staff("security"))
    assert Notification.objects.get(staff=staff("security")).ended_why == "此项变更已确认"
    assert actor_of(staff("support")).units(Role.HANDLER) == {"funds"}
    detail = AdminRecord.objects.get(what="新增职责")
    assert detail.by == staff("admin") and detail.detail["confirmed_by"] == "security"
    assert [e.what for e in AdminRecord.objects.order_by("id")] == ["提出变更", "新增职责", "确认变更"]


@pytest.mark.parametrize(
    ("unit", "kind", "role", "words"),
    [
        ("规划处", "division", Role.UNIT_HEAD, "规划处负责人"),
        ("规划处", "division", Role.HANDLER, "规划处承办人"),
        ("办公室", "office", Role.OFFICE, "办公室"),
        ("办公室", "office", Role.OFFICE_HEAD, "办公室主任"),
        ("办公室", "office", Role.RECEPTION, "办公室接待登记"),
        ("厅领导", "leadership", Role.LEADER, "分管厅领导"),
        ("厅领导", "leadership", Role.PRINCIPAL_LEADER, "厅主要领导"),
        ("机要室", "archive", Role.ARCHIVE_ROOM, "机要室"),
        ("", "", Role.AUDITOR, "审计员"),
    ],
)
def test_a_duty_is_called_as_people_call_it(unit: str, kind: str, role: Role, words: str) -> None:
    assert Duty(role=role.value, unit=Unit(name=unit, kind=kind) if unit else None).words == words


def test_the_days_of_a_duty_are_written_as_people_write_them() -> None:
    day = chinese_date(today())
    assert propose_duty().text == f"资源配置与经费处承办人，{day}起"


@pytest.mark.parametrize("by", ["admin", "office_head", "clerk", "principal", "auditor"])
def test_only_the_security_administrator_confirms(by: str) -> None:
    with pytest.raises(AdminChangeRefused, match="安全管理员确认"):
        two_persons.confirm_change(propose_duty(), by=staff(by))
    with pytest.raises(AdminChangeRefused, match="安全管理员确认"):
        two_persons.refuse_change(PendingChange.objects.get(), reason="不", by=staff(by))
    assert Duty.objects.filter(staff=staff("support")).count() == 1


@pytest.mark.parametrize("by", ["security", "clerk", "auditor", "leader"])
def test_only_managers_propose(by: str) -> None:
    with pytest.raises(AdminChangeRefused, match="没有这项职责"):
        propose_duty(by=by)


def test_nobody_confirms_himself_or_what_concerns_himself() -> None:
    # An account that could do both, from a time before the rule: the same person still can't play both parts.
    Duty.objects.create(staff=staff("admin"), role="security_administrator", since="2020-01-01")
    with pytest.raises(AdminChangeRefused, match="自己提出"):
        two_persons.confirm_change(propose_duty(), by=staff("admin"))
    with pytest.raises(AdminChangeRefused, match="为自己提出"):
        propose_duty("admin")
    mine = two_persons.propose_change(Kind.NEW_PASSWORD, staff("security"), by=staff("admin"))
    with pytest.raises(AdminChangeRefused, match="涉及自己"):
        two_persons.confirm_change(mine, by=staff("security"))


def test_the_three_administrators_exclude_each_other() -> None:
    for who, role in [
        ("auditor", "system_administrator"),
        ("security", "auditor"),
        ("clerk", "security_administrator"),
    ]:
        with pytest.raises(AdminChangeRefused, match="请另选一人"):
            propose_duty(who, role, "")
        with pytest.raises(AdminChangeRefused, match="请另选一人"):
            people.add_duty(staff(who), role=role, by=None)
    with pytest.raises(AdminChangeRefused, match="不看事项内容"):
        propose_duty("auditor", "reception", "office")
    assert not PendingChange.objects.exists()
    for role in Role:
        assert (role in SEES_CASES) == bool(clashes([Role.AUDITOR, role]) and role not in THREE_ADMINISTRATORS)


def test_nor_by_standing_in_nor_later_nor_by_coming_back() -> None:
    with pytest.raises(AdminChangeRefused, match="不看事项内容"):
        people.add_absence(staff("leader"), deputy=staff("admin"), since=today(), until=today(), by=staff("leader"))
    with pytest.raises(AdminChangeRefused, match="同一人"):
        people.add_absence(staff("admin"), deputy=staff("auditor"), since=today(), until=today(), by=staff("admin"))
    assert not Absence.objects.exists()
    # A duty that begins later, and one given to somebody whose deputy is an administrator already.
    people.add_duty(staff("support"), role="auditor", since=today() + 10 * DAY, by=None)
    with pytest.raises(AdminChangeRefused, match="不看事项内容"):
        people.add_duty(staff("support"), role="handler", unit=Unit.objects.get(code="funds"), by=None)
    before = today() + 9 * DAY
    people.add_duty(staff("support"), role="handler", unit=Unit.objects.get(code="funds"), until=before, by=None)
    people.add_absence(staff("guard"), deputy=staff("security"), since=today(), until=today() + DAY, by=staff("guard"))
    with pytest.raises(AdminChangeRefused, match="安全员自"):
        people.add_duty(staff("guard"), role="office", unit=Unit.objects.get(code="office"), by=None)


def test_the_office_head_proposes_ordinary_duties_only() -> None:
    assert propose_duty(by="office_head")
    for role in ("auditor", "sealed_officer", "系统管理员"):
        with pytest.raises(AdminChangeRefused, match="由系统管理员提出"):
            propose_duty("guard", role, "", by="office_head")
    with pytest.raises(AdminChangeRefused, match="由系统管理员提出"):
        two_persons.propose_change(Kind.NEW_PASSWORD, staff("clerk"), by=staff("office_head"))
    sealed = Duty.objects.get(role="sealed_officer")
    with pytest.raises(AdminChangeRefused, match="由系统管理员提出"):
        two_persons.propose_change(Kind.END_DUTY, sealed.staff, by=staff("office_head"), duty=sealed.pk, until=TODAY)


def test_what_cannot_be_is_said_when_it_is_proposed_and_leaves_no_trace() -> None:
    for wrong, says in [({"role": "king"}, "没有“king”"), ({"unit": ""}, "请选择单位")]:
        with pytest.raises(AdminChangeRefused, match=says):
            propose_duty(**wrong)
    assert not PendingChange.objects.exists() and not AdminRecord.objects.exists()
    propose_duty()
    with pytest.raises(AdminChangeRefused, match="正在等待"):
        propose_duty()


def test_what_has_become_impossible_meanwhile_is_not_done() -> None:
    change = propose_duty()
    people.add_duty(staff("support"), role="handler", unit=Unit.objects.get(code="funds"), by=None)
    with pytest.raises(AdminChangeRefused, match="不能重叠"):
        two_persons.confirm_change(change, by=staff("security"))
    Duty.objects.filter(staff=staff("admin")).update(until=today() - DAY)
    with pytest.raises(AdminChangeRefused, match="提出人"):
        two_persons.confirm_change(change, by=staff("security"))
    assert PendingChange.objects.get().decided_at is None


def test_it_is_decided_once() -> None:
    change = propose_duty()
    with pytest.raises(AdminChangeRefused, match="理由"):
        two_persons.refuse_change(change, reason=" ", by=staff("security"))
    two_persons.refuse_change(change, reason="未见任命文件", by=staff("security"))
    for again in (
        lambda: two_persons.confirm_change(change, by=staff("security")),
        lambda: two_persons.withdraw_change(change, by=staff("admin")),
    ):
        with pytest.raises(AdminChangeRefused, match="未同意，不必再办"):
            again()
    assert "未获同意" in Notification.objects.get(staff=staff("admin")).text
    other = propose_duty()
    with pytest.raises(AdminChangeRefused, match="只有提出人"):
        two_persons.withdraw_change(other, by=staff("office_head"))
    two_persons.withdraw_change(other, by=staff("admin"))
    assert PendingChange.objects.filter(decided_at=None).count() == 0


def test_a_duty_is_ended_and_the_last_of_the_three_stays() -> None:
    duty = Duty.objects.get(staff=staff("handler"))
    two_persons.propose_change(Kind.END_DUTY, staff("handler"), by=staff("admin"), duty=duty.pk, until=TODAY)
    assert actor_of(staff("handler"), today() + DAY).duties
    confirm_changes()
    assert not actor_of(staff("handler"), today() + DAY).duties
    for who in ("security", "auditor"):
        last = Duty.objects.get(staff=staff(who))
        with pytest.raises(AdminChangeRefused, match="最后一位"):
            two_persons.propose_change(Kind.END_DUTY, staff(who), by=staff("admin"), duty=last.pk, until=TODAY)
        with pytest.raises(AdminChangeRefused, match="最后一位"):
            two_persons.propose_change(Kind.LEAVE, staff(who), by=staff("admin"), left_on=TODAY)
        with pytest.raises(AdminChangeRefused, match="两人"):
            people.change_staff(staff(who), left_on=today(), by=staff("admin"))


def test_who_left_comes_back_by_two() -> None:
    people.change_staff(staff("handler"), left_on=today() - DAY, by=staff("admin"))
    with pytest.raises(AdminChangeRefused, match="两人"):
        people.change_staff(staff("handler"), left_on=None, by=staff("admin"))
    two_persons.propose_change(Kind.RETURN, staff("handler"), by=staff("admin"), left_on="")
    assert not actor_of(staff("handler")).duties
    confirm_changes()
    assert actor_of(staff("handler")).has(Role.HANDLER)


def test_a_deputy_named_by_others_needs_two() -> None:
    with pytest.raises(AdminChangeRefused, match="两人"):
        people.add_absence(
            staff("head"), deputy=staff("handler"), since=today(), until=today(), by=staff("office_head")
        )
    data = {"deputy": "handler", "since": TODAY, "until": TODAY, "reason": "培训"}
    two_persons.propose_change(Kind.ABSENCE, staff("head"), by=staff("office_head"), **data)
    confirm_changes()
    assert actor_of(staff("handler")).has(Role.UNIT_HEAD)


def test_a_new_password_changes_nothing_until_it_is_confirmed() -> None:
    victim = Client()
    victim.post(url("login"), {"username": "clerk", "password": PASSWORD})
    two_persons.propose_change(Kind.NEW_PASSWORD, staff("clerk"), by=staff("admin"))
    assert staff("clerk").check_password(PASSWORD), "proposing changes nothing"
    assert victim.get(url("inbox")).status_code == 200
    confirm_changes()
    assert not staff("clerk").check_password(PASSWORD) and staff("clerk").one_time_until
    assert victim.get(url("inbox")).status_code == 302


def test_a_lost_phone_is_forgotten_by_two() -> None:
    second_factor.begin_setup(staff("leader"))
    two_persons.propose_change(Kind.FORGET_SECOND_FACTOR, staff("leader"), by=staff("admin"))
    assert Authenticator.objects.exists()
    confirm_changes()
    assert not Authenticator.objects.exists()


def test_without_a_security_administrator_it_says_what_to_do() -> None:
    Duty.objects.filter(role="security_administrator").delete()
    with pytest.raises(AdminChangeRefused, match="xinfang staff duty 用户名 security_administrator"):
        propose_duty()
