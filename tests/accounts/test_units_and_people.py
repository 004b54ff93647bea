"""Units, staff, duties, absences, settings: each change is checked, and written down for the auditors."""

from datetime import date, timedelta

import pytest

from tests.world import register, take, walk, who
from xinfang.accounts.actions import people
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.casework.actions.staff_leaving import reassign_open_work
from xinfang.core.clock import today
from xinfang.department.actions import set_setting
from xinfang.department.models import EffectiveSetting
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def test_a_new_unit_with_its_people_can_work_and_is_on_record() -> None:
    admin = staff("admin")
    with pytest.raises(AdminChangeRefused, match="两人"):
        people.add_unit(code="talent", name="人才处", kind="division", leader=staff("leader"), by=admin)
    unit = people.add_unit(code="talent", name="人才处", kind="division", by=admin)
    new = people.add_staff(username="narisu", name="那日苏", by=admin)
    people.add_duty(new, role="处室（单位）负责人", unit=unit, by=admin, confirmed_by=staff("security"))
    assert actor_of(new).units(Role.UNIT_HEAD) == {"talent"}
    assert [e.what for e in AdminRecord.objects.order_by("id")] == ["新增单位", "新增人员", "新增职责"]
    assert {e.by for e in AdminRecord.objects.all()} == {admin}
    assert AdminRecord.objects.get(what="新增职责").detail["confirmed_by"] == "security"
    assert not new.has_usable_password()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"username": "clerk", "name": "甲"}, "已有人使用"),
        ({"username": "CLERK", "name": "甲"}, "已有人使用"),
        ({"username": "1", "name": "甲"}, "用户名"),
        ({"username": "system", "name": "甲"}, "系统自己"),
        ({"username": "new", "name": " "}, "请填写“姓名”"),
        ({"username": "new", "name": "甲\u202e乙"}, "控制字符"),
        ({"username": "new", "name": "甲", "email": "x"}, "电子邮箱"),
    ],
)
def test_a_wrong_account_is_rejected(wrong: dict, says: str) -> None:
    with pytest.raises(AdminChangeRefused, match=says):
        people.add_staff(**wrong, by=None)
    assert not AdminRecord.objects.exists()


def test_rare_name_characters_are_kept() -> None:
    assert people.add_staff(username="rare", name="㛃𠅤", by=None).name == "㛃𠅤"


def test_without_the_duty_nothing_is_changed() -> None:
    with pytest.raises(AdminChangeRefused, match="没有这项职责"):
        people.add_unit(code="x", name="新处", kind="division", by=staff("clerk"))
    with pytest.raises(AdminChangeRefused, match="没有这项职责"):
        set_setting("reception_place", "二楼", by=staff("handler"))


def test_the_same_duty_cannot_overlap_itself() -> None:
    clerk, office = staff("clerk2"), Unit.objects.get(code="office")
    with pytest.raises(AdminChangeRefused, match="不能重叠"):
        people.add_duty(clerk, role=Role.OFFICE, unit=office, by=None)
    duty = Duty.objects.get(staff=clerk)
    people.end_duty(duty, by=None)
    assert not actor_of(clerk).duties
    people.add_duty(clerk, role=Role.OFFICE, unit=office, until=today() + DAY, by=None)
    with pytest.raises(AdminChangeRefused, match="不能重叠"):
        people.add_duty(clerk, role=Role.OFFICE, unit=office, since=today() + DAY, by=None)
    people.add_duty(clerk, role=Role.OFFICE, unit=office, since=today() + 2 * DAY, by=None)
    assert Duty.objects.filter(staff=clerk).count() == 3


def test_a_duty_that_needs_a_unit_and_one_that_does_not_exist() -> None:
    with pytest.raises(AdminChangeRefused, match="请选择单位"):
        people.add_duty(staff("guard"), role=Role.HANDLER, by=None)
    with pytest.raises(AdminChangeRefused, match="没有“system”这项职责"):
        people.add_duty(staff("guard"), role="system", by=None)
    with pytest.raises(AdminChangeRefused, match="早于起日"):
        people.add_duty(staff("guard"), role=Role.AUDITOR, since=today(), until=today() - DAY, by=None)


def test_the_last_administrator_stays() -> None:
    with pytest.raises(AdminChangeRefused, match="最后一位系统管理员"):
        people.end_duty(Duty.objects.get(staff__username="admin"), by=None)
    with pytest.raises(AdminChangeRefused, match="最后一位系统管理员"):
        people.change_staff(staff("admin"), left_on=today(), by=None)
    people.add_duty(staff("support"), role=Role.SYSTEM_ADMINISTRATOR, by=None)
    people.end_duty(Duty.objects.get(staff__username="admin"), by=None)


def test_an_absence_has_another_person_and_no_second_one() -> None:
    leader = staff("leader")
    with pytest.raises(AdminChangeRefused, match="不能是本人"):
        people.add_absence(leader, deputy=leader, since=today(), until=today(), by=leader)
    people.add_absence(leader, deputy=staff("leader2"), since=today(), until=today() + DAY, reason="出差", by=leader)
    assert "leader" in actor_of(staff("leader2")).codes
    with pytest.raises(AdminChangeRefused, match="已有代行安排"):
        people.add_absence(leader, deputy=staff("principal"), since=today() + DAY, until=today() + DAY, by=None)
    with pytest.raises(AdminChangeRefused, match="本人外出"):
        people.add_absence(staff("principal"), deputy=leader, since=today(), until=today(), by=None)
    with pytest.raises(AdminChangeRefused, match="没有这项职责"):
        people.add_absence(staff("head"), deputy=staff("handler"), since=today(), until=today(), by=staff("clerk"))
    assert Absence.objects.count() == 1


def test_changes_of_a_unit_say_what_was_before() -> None:
    unit = Unit.objects.get(code="funds")
    people.change_unit(unit, leader=staff("leader2"), name="经费处", by=None)
    assert AdminRecord.objects.get().detail == {
        "was": {"leader": "leader", "name": "资源配置与经费处"},
        "now": {"leader": "leader2", "name": "经费处"},
    }
    with pytest.raises(AdminChangeRefused, match="不是厅领导"):
        people.change_unit(unit, leader=staff("clerk"), by=None)
    number = register(MONDAY)
    walk(number, "signed", MONDAY)
    with pytest.raises(AdminChangeRefused, match="还有 1 件"):
        people.change_unit(unit, ended_on=today(), by=None)


def test_a_setting_holds_from_a_day_and_the_old_one_stays() -> None:
    set_setting("reception_place", "一楼", since=MONDAY, by=None)
    set_setting("reception_place", "二楼", reason="搬迁", by=staff("office_head"))
    assert EffectiveSetting.objects.filter(name="reception_place").count() == 2
    with pytest.raises(AdminChangeRefused, match="没有名为"):
        set_setting("nothing", "x", by=None)


def test_a_handler_who_leaves_hands_everything_over() -> None:
    numbers = [register(MONDAY) for _ in range(3)]
    for number, place in zip(numbers, ("signed", "served", "archived"), strict=True):
        walk(number, place, MONDAY)
    new = people.add_staff(username="tuya", name="图雅", by=None)
    people.add_duty(new, role=Role.HANDLER, unit=Unit.objects.get(code="funds"), since=date(2020, 1, 1), by=None)
    done = reassign_open_work(staff("handler"), new, reason="调离", by=staff("office_head"))
    assert (done.moved, done.refused) == (tuple(numbers[:2]), ())
    assert set(Petition.objects.filter(handler=new).values_list("number", flat=True)) == set(numbers[:2])
    assert Petition.objects.get(number=numbers[0]).events.last().code == StepCode.CHANGE_HANDLER
    assert AdminRecord.objects.filter(what="移交在办事项").get().detail["moved"] == 2


def test_a_leader_hands_over_what_they_lead_and_what_waits_for_their_word() -> None:
    led, waiting = register(MONDAY), register(MONDAY)
    walk(led, "signed", MONDAY)
    walk(waiting, "proposed", MONDAY)
    done = reassign_open_work(staff("leader"), staff("leader2"), reason="分工调整", by=staff("office_head"))
    assert set(done.moved) == {led, waiting} and not done.refused
    for number in (led, waiting):
        take(number, StepCode.CHANGE_LEADER, "clerk", agree=True)
    assert take(waiting, StepCode.INSTRUCT, "leader2", None, text="同意").petition.state == "instructed"


def test_what_the_rules_refuse_stays_and_is_reported() -> None:
    number = register(MONDAY)
    walk(number, "signed", MONDAY)
    done = reassign_open_work(staff("handler"), staff("handler2"), reason="调离", by=staff("office_head"))
    assert done.moved == () and done.refused[0][0] == number and "承办处室" in done.refused[0][1][0]
    assert Petition.objects.get(number=number).handler == staff("handler")
    with pytest.raises(AdminChangeRefused, match="没有这项职责"):
        reassign_open_work(staff("handler"), staff("head"), reason="x", by=staff("guard"))
    assert who("handler").duties
