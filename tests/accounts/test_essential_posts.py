"""What one person alone can do to whom: the whole table, asked by request.

Finding: the head of the office alone switched off the reader of sealed reports, and changed anybody's e-mail address.
"""

from datetime import timedelta

import pytest

from tests.urls import url
from tests.world import as_, confirm_changes, make_department
from xinfang.accounts.actions import two_persons
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.models import Absence, Duty, PendingChange, Staff, Unit
from xinfang.accounts.queries.actors import actor_of, directory
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.words import Role

pytestmark = pytest.mark.django_db
Kind = PendingChange.Kind
DAY = timedelta(days=1)
KEY = ("sealed2", "admin2", "security2", "auditor2", "leader")
"""One holder of each key post who is not the last one."""
BY = ("office_head", "admin")
ALONE, TWO, REFUSED = "alone", "two", "refused"


@pytest.fixture(autouse=True)
def department(db):
    make_department()
    for username, role in (
        ("sealed2", "sealed_officer"),
        ("admin2", "system_administrator"),
        ("security2", "security_administrator"),
        ("auditor2", "auditor"),
    ):
        made = Staff.objects.create(username=username, name=f"第二{role[:4]}", email=f"{username}@example.invalid")
        Duty.objects.create(staff=made, role=role, since="2020-01-01")


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def forms(person: Staff, what: str) -> tuple[str, dict[str, str]]:
    """The address and the form by which this is done to this person."""
    page = url("staff", person.username)
    if what == "leave":
        return page, {"do": "leave", "left_on": today().isoformat()}
    if what == "e-mail":
        return page, {"do": "about", "name": person.name, "title": "", "email": "somebody.else@example.invalid"}
    if what == "name":
        return page, {"do": "about", "name": "另名", "title": "", "email": person.email}
    if what == "duty":
        return page, {"do": "end-duty", "duty": str(person.duties.first().pk), "until": today().isoformat()}
    if what == "deputy":
        day = today().isoformat()
        return page, {"do": "absence", "deputy": "clerk2", "since": day, "until": day}
    unit = Unit.objects.get(code="funds")
    about = {"name": unit.name, "kind": unit.kind, "leader": unit.leader.username, "ended_on": ""}
    if what == "leader in charge":
        return url("unit", "funds"), about | {"leader": "leader2"}
    assert what == "end of the unit"
    return url("unit", "funds"), about | {"ended_on": today().isoformat()}


def stands() -> tuple:
    """Everything that these forms could change."""
    return (
        list(Staff.objects.order_by("pk").values_list("name", "email", "left_on")),
        list(Duty.objects.order_by("pk").values_list("until", flat=True)),
        list(Unit.objects.order_by("pk").values_list("leader", "ended_on")),
        Absence.objects.count(),
    )


def expected(who: str, what: str, by: str) -> str:
    if who == by:
        return REFUSED
    reserved = who in ("sealed2", "admin2", "security2", "auditor2")
    if by == "office_head" and reserved and what in ("leave", "duty", "deputy"):
        return REFUSED
    if what == "deputy" and who in ("admin2", "security2", "auditor2"):
        return REFUSED  # an administrator can't have a deputy who sees cases
    if what in ("duty", "deputy"):
        return TWO
    return TWO if who in KEY else ALONE


TABLE = [
    (who, what, by) for by in BY for who in (*KEY, "handler") for what in ("leave", "e-mail", "name", "duty", "deputy")
] + [("leader", what, by) for by in BY for what in ("leader in charge", "end of the unit")]


@pytest.mark.parametrize(("who", "what", "by"), TABLE)
def test_who_does_what_to_whom_alone(who: str, what: str, by: str) -> None:
    person, before = staff(who), stands()
    url, form = forms(person, what)
    answer = as_(by).post(url, form)
    wanted = expected(who, what, by)
    assert answer.status_code == (422 if wanted == REFUSED else 302), answer.content.decode()[:9000]
    assert (stands() == before) is (wanted != ALONE), "nobody alone" if wanted == TWO else "as before"
    assert PendingChange.objects.filter(decided_at=None).count() == (1 if wanted == TWO else 0)
    told = Notification.objects.filter(staff=person, kind="account").count()
    assert told == (0 if wanted == REFUSED else 1), "whom it concerns is told at once"
    if wanted == TWO:
        confirm_changes()
        assert stands() != before
        assert Notification.objects.filter(staff=person, kind="account").count() == 2, "and when it is done"


@pytest.mark.parametrize("who", [*KEY, "handler"])
def test_a_first_password_alone_is_nobodys(who: str) -> None:
    for by in BY:
        as_(by).post(url("staff", who), {"do": "new-password"})
        as_(by).post(url("staff", who), {"do": "forget-second-factor"})
    assert not staff(who).one_time_until
    assert set(PendingChange.objects.values_list("proposed_by__username", flat=True)) == {"admin"}


def test_the_last_officer_of_sealed_cases_goes_only_with_a_successor_or_a_reason_told_to_the_auditors() -> None:
    Duty.objects.filter(staff=staff("sealed2")).delete()
    admin, day = as_("admin"), today().isoformat()
    duty = Duty.objects.get(role="sealed_officer")
    forms_ = ({"do": "leave", "left_on": day}, {"do": "end-duty", "duty": str(duty.pk), "until": day})
    for form in forms_:
        refused = admin.post(url("staff", "sealed"), form)
        assert refused.status_code == 422 and "最后一位检举控告专管员" in refused.content.decode()
    assert "没有接任人的理由" in admin.get(url("staff", "sealed")).content.decode()
    assert admin.post(url("staff", "sealed"), forms_[0] | {"without_successor": "因病去世"}).status_code == 302
    assert "因病去世" in PendingChange.objects.get().text
    assert actor_of(staff("sealed"), today() + DAY).has(Role.SEALED_OFFICER), "not by one"
    for auditor in ("auditor", "auditor2"):
        assert Notification.objects.filter(staff=staff(auditor), text__contains="没有接任人").count() == 1
    confirm_changes()
    assert not actor_of(staff("sealed"), today() + DAY).duties
    assert Notification.objects.filter(staff=staff("auditor"), text__contains="没有接任人").count() == 2
    assert "因病去世" in AdminRecord.objects.get(what="确认变更").detail["text"]


def test_a_reason_does_not_remove_the_last_of_the_three_administrators() -> None:
    Duty.objects.filter(staff__username__in=["auditor2", "security2"]).delete()
    for who in ("auditor", "security"):
        form = {"do": "leave", "left_on": today().isoformat(), "without_successor": "因病去世"}
        answer = as_("admin").post(url("staff", who), form)
        assert answer.status_code == 422 and "最后一位" in answer.content.decode()


def test_an_accused_head_of_the_office_cannot_switch_off_the_reader_of_sealed_reports() -> None:
    head, day = staff("office_head"), today().isoformat()
    with pytest.raises(AdminChangeRefused, match="由系统管理员提出"):
        two_persons.propose_change(Kind.LEAVE, staff("sealed"), by=head, left_on=day)
    with pytest.raises(AdminChangeRefused, match="由系统管理员提出"):
        data = {"since": day, "until": day, "reason": ""}
        two_persons.propose_change(Kind.ABSENCE, staff("sealed"), by=head, deputy="clerk", **data)
    change = two_persons.propose_change(Kind.LEAVE, staff("sealed"), by=staff("admin"), left_on=day)
    for of_the_office in ("office_head", "clerk", "clerk2", "principal"):
        with pytest.raises(AdminChangeRefused, match="由安全管理员确认"):
            two_persons.confirm_change(change, by=staff(of_the_office))


def test_nobody_makes_himself_the_deputy_of_somebody() -> None:
    day = today().isoformat()
    data = {"deputy": "office_head", "since": day, "until": day, "reason": ""}
    with pytest.raises(AdminChangeRefused, match="不能为自己"):
        two_persons.propose_change(Kind.ABSENCE, staff("principal"), by=staff("office_head"), **data)
    Duty.objects.filter(staff=staff("security2")).delete()
    # Nor confirms it: the only security administrator would be another's deputy.
    guard = {**data, "deputy": "security"}
    change = two_persons.propose_change(Kind.ABSENCE, staff("guard"), by=staff("admin"), **guard)
    with pytest.raises(AdminChangeRefused, match="涉及自己"):
        two_persons.confirm_change(change, by=staff("security"))
    two_persons.confirm_change(change, by=staff("principal"))


def test_where_the_only_security_administrator_is_concerned_the_principal_leader_confirms() -> None:
    Duty.objects.filter(staff=staff("security2")).delete()
    form = {"do": "about", "name": "安全员", "title": "", "email": "new@example.invalid"}
    assert as_("office_head").post(url("staff", "security"), form).status_code == 302
    change = PendingChange.objects.get()
    with pytest.raises(AdminChangeRefused, match="涉及自己"):
        two_persons.confirm_change(change, by=staff("security"))
    assert Notification.objects.filter(staff=staff("principal"), kind="change_waiting").exists()
    leader = as_("principal")
    assert 'value="confirm"' in leader.get(url("changes")).content.decode()
    # A person of the office who holds that post as well can't: its head proposed.
    extra = Duty.objects.create(staff=staff("principal"), role="office", since="2020-01-01")
    assert leader.post(url("changes"), {"change": change.pk, "do": "confirm"}).status_code == 422
    extra.delete()
    assert leader.post(url("changes"), {"change": change.pk, "do": "confirm"}).status_code == 302
    assert staff("security").email == "new@example.invalid"


def test_a_new_unit_gets_its_leader_by_two() -> None:
    new = {"code": "plan", "name": "战略规划处", "kind": "division", "leader": "leader"}
    assert as_("office_head").post(url("unit-new"), new).status_code == 302
    assert Unit.objects.get(code="plan").leader is None
    confirm_changes()
    assert Unit.objects.get(code="plan").leader == staff("leader")


def test_another_kind_is_an_end_as_well_and_a_name_is_not() -> None:
    unit = Unit.objects.get(code="funds")
    about = {"name": unit.name, "kind": unit.kind, "leader": "leader", "ended_on": ""}
    head = as_("office_head")
    head.post(url("unit", "funds"), about | {"kind": "support"})
    assert Unit.objects.get(code="funds").kind == "division" and PendingChange.objects.get().kind == "unit"
    head.post(url("unit", "funds"), about | {"name": "经费处"})
    assert Unit.objects.get(code="funds").name == "经费处"


def test_refused_or_withdrawn_is_told_to_whom_it_concerned() -> None:
    change = two_persons.propose_change(Kind.LEAVE, staff("leader"), by=staff("admin"), left_on=today().isoformat())
    two_persons.refuse_change(change, reason="未见文件", by=staff("security"))
    assert Notification.objects.filter(staff=staff("leader"), text__contains="没有办理").count() == 1
    change = two_persons.propose_change(Kind.LEAVE, staff("leader"), by=staff("admin"), left_on=today().isoformat())
    two_persons.withdraw_change(change, by=staff("admin"))
    assert Notification.objects.filter(staff=staff("leader"), text__contains="没有办理").count() == 2


def test_what_the_confirmer_could_not_read_whole_is_not_proposed() -> None:
    form = {"do": "about", "name": "甲" * 60, "title": "乙" * 60, "email": "x" * 60 + "@" + "y" * 60 + ".invalid"}
    answer = as_("admin").post(url("staff", "leader"), form)
    assert answer.status_code == 422 and "确认人看不全" in answer.content.decode()
    assert "甲" * 60 in answer.content.decode(), "nothing typed is lost"


def test_who_may_not_open_the_page_of_a_person_gets_no_link_to_it() -> None:
    as_("admin").post(url("staff", "handler"), {"do": "new-password"})
    link = f'href="{url("staff", "handler")}"'
    assert link in as_("security").get(url("changes")).content.decode()
    for username in ("principal", "auditor"):
        page = as_(username).get(url("changes")).content.decode()
        assert "巴特尔" in page and link not in page


def test_only_the_head_of_the_office_lets_somebody_sign_at_the_counter():
    given = {"role": Role.COUNTER.value, "unit": "office", "since": today().isoformat()}
    with pytest.raises(AdminChangeRefused, match="须写明到哪一天为止"):
        two_persons.propose_change(Kind.ADD_DUTY, staff("clerk"), by=staff("office_head"), **given)
    given["until"] = (today() + timedelta(days=180)).isoformat()
    with pytest.raises(AdminChangeRefused, match="由办公室主任本人提出"):
        two_persons.propose_change(Kind.ADD_DUTY, staff("clerk"), by=staff("admin"), **given)
    change = two_persons.propose_change(Kind.ADD_DUTY, staff("clerk"), by=staff("office_head"), **given)
    assert "窗口签发（办公室主任授权）" in change.text
    two_persons.confirm_change(change, by=staff("security"))
    assert actor_of(staff("clerk")).has(Role.COUNTER)
    Absence.objects.create(staff=staff("clerk"), deputy=staff("handler"), since=today(), until=today())
    assert actor_of(staff("handler")).has(Role.OFFICE) and not actor_of(staff("handler")).has(Role.COUNTER)
    assert not directory().staff[StaffCode("handler")].roles & {Role.COUNTER}
    assert not any(d.role is Role.COUNTER for d in directory().staff[StaffCode("handler")].duties), "given to a person"
