"""An event through `take_incident_step`.

The chain of reports with true times, what is told to whom, and a log that proves itself.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.tables import T
from tests.world import SHANGHAI, register, who
from xinfang.accounts.models import Staff
from xinfang.audit import append_only_triggers
from xinfang.audit.models import AdminRecord
from xinfang.incidents.actions.act import run_report_chains, take_incident_step
from xinfang.incidents.models import Incident
from xinfang.incidents.queries.incidents import incident_facts, incidents_visible_to, log_entries_of
from xinfang.notifications.models import Notification
from xinfang.procedure.incidents.facts import IncidentFacts
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Role
from xinfang.proof.verify import verify
from xinfang.trusted_time.actions import set_trusted_time

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
NINE = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)


def do(which: str | None, code: str, by: str, minute: int = 0, key: str = "", **answers: Any) -> Incident:
    now = NINE + timedelta(minutes=minute)
    step = load_step(INCIDENT_STEPS[code], answers)
    staff = Staff.objects.get(username=by)
    return take_incident_step(step, which, by=who(by, now.date()), staff=staff, idempotency_key=key, now=now).incident


def facts(incident: Incident) -> IncidentFacts:
    return incident_facts(Incident.objects.get(pk=incident.pk))


def told(incident: Incident) -> dict[str, int]:
    found: dict[str, int] = {}
    for notice in Notification.objects.filter(incident=incident).select_related("staff"):
        found[notice.staff.username] = found.get(notice.staff.username, 0) + 1
    return found


def codes(incident: Incident) -> list[str]:
    return [line.code for line in facts(incident).lines]


def gathering(**answers: Any) -> Incident:
    return do(None, "report", "guard", kind="sudden_gathering", place="厅机关一楼大厅", people=12, **answers)


def test_the_duty_desk_tells_the_office_and_the_office_the_leaders() -> None:
    incident = gathering()
    assert incident.number == "TF2026-001"
    assert set(told(incident)) == {"clerk", "clerk2", "office_head"}
    assert facts(incident).link_of(Role.LEADER) is None
    do(incident.number, "confirm", "clerk", 3)
    assert set(told(incident)) == {"clerk", "clerk2", "office_head", "leader", "leader2", "principal"}
    do(incident.number, "confirm", "leader", 5)
    after = facts(incident)
    assert [(t.role, str(t.confirmed_by)) for t in after.told] == [(Role.OFFICE, "clerk"), (Role.LEADER, "leader")]
    assert [line.at - NINE for line in after.lines] == [timedelta(minutes=m) for m in (0, 3, 5)]


def test_who_does_not_confirm_is_reminded_and_the_leaders_are_told_without_the_office() -> None:
    incident = gathering()
    assert run_report_chains(NINE + timedelta(minutes=4)) == 0
    assert run_report_chains(NINE + timedelta(minutes=5)) == 1
    assert run_report_chains(NINE + timedelta(minutes=5, seconds=30)) == 0
    assert told(incident)["clerk"] == 2
    assert told(incident)["guard"] == 1, "the person who reported is told that nobody confirmed, and can telephone"
    run_report_chains(NINE + timedelta(minutes=10))
    assert codes(incident) == ["report", "remind", "remind", "tell_leaders"]
    assert "leader" in told(incident)
    do(incident.number, "confirm", "principal", 12)
    do(incident.number, "confirm", "clerk", 12)
    assert run_report_chains(NINE + timedelta(hours=3)) == 0


def test_after_an_interruption_one_reminder_says_how_long_it_has_been() -> None:
    incident = gathering()
    run_report_chains(NINE + timedelta(minutes=47))
    reminder = next(line for line in facts(incident).lines if line.code == "remind")
    assert (reminder.step.minutes, reminder.step.times) == (47, 9)
    assert run_report_chains(NINE + timedelta(minutes=49)) == 0


def test_under_a_clock_that_is_not_believed_only_what_was_reported_under_it_is_chased() -> None:
    """The office must answer within minutes whatever the clock shows.

    Of an event of before, the minutes are invented.
    """
    before = gathering()
    set_trusted_time(NINE)
    ahead = NINE + timedelta(days=200)
    assert run_report_chains(ahead) == 0 and codes(before) == ["report"]
    now = do(None, "report", "guard", 200 * 24 * 60, kind="sudden_gathering", place="厅机关一楼大厅", people=12)
    assert run_report_chains(ahead + timedelta(minutes=5)) == 1
    assert codes(now) == ["report", "remind"] and codes(before) == ["report"]
    set_trusted_time(ahead)
    run_report_chains(ahead + timedelta(minutes=6))
    assert "remind" in codes(before)


def test_an_event_that_cannot_be_read_keeps_no_other_waiting() -> None:
    """Its key is gone or damaged: the chain of the next event, and the sweep that called, go on."""
    damaged, whole = gathering(), gathering()
    Incident.objects.filter(pk=damaged.pk).update(wrapped_key=b"\x00" * 64)
    assert damaged.pk < whole.pk
    assert run_report_chains(NINE + timedelta(minutes=5)) == 1
    assert codes(whole) == ["report", "remind"]
    assert Incident.objects.get(pk=damaged.pk).next_look == NINE + timedelta(minutes=5), "it is tried again"


def test_in_an_emergency_everybody_is_told_at_once_and_nothing_is_asked_for() -> None:
    incident = do(None, "report", "guard", kind="medical_emergency")
    assert set(told(incident)) == {"clerk", "clerk2", "office_head", "leader", "leader2", "principal"}
    do(incident.number, "called", "guard", 1, number="120")
    assert facts(incident).calls == {"120"}


def test_a_form_that_is_sent_twice_is_one_line() -> None:
    first = gathering(key="abc")
    again = gathering(key="abc")
    assert first.pk == again.pk
    for _ in range(3):
        do(first.number, "note", "guard", 2, key="n1", text="人群在大厅东侧，秩序平稳。")
    assert codes(first) == ["report", "note"]


def test_what_an_auditor_reads_of_it_holds_no_text() -> None:
    incident = gathering()
    do(incident.number, "note", "guard", 2, text="一位老人身体不适，已请其坐下。")
    line = log_entries_of(incident).last()
    assert line is not None and "老人" not in str(line.detail)
    assert facts(incident).lines[-1].step.text == "一位老人身体不适，已请其坐下。"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT detail FROM {T.audit_adminrecord}")
        assert not any("老人" in str(row) for row in cursor.fetchall())


def test_the_log_proves_itself() -> None:
    incident = gathering()
    do(incident.number, "confirm", "clerk", 3)
    assert verify().whole
    append_only_triggers.remove()
    line = AdminRecord.objects.get(target=incident.number, detail__step="confirm")
    AdminRecord.objects.filter(pk=line.pk).update(at=NINE + timedelta(minutes=1))
    broken = verify().broken
    append_only_triggers.install()
    assert broken[0].chain == "管理记录"


def test_who_sees_an_event() -> None:
    theirs = gathering()
    office_only = do(None, "report", "clerk", kind="group_visit", people=7)
    seen = {
        u: {i.number for i in incidents_visible_to(who(u))}
        for u in ("guard", "clerk", "head", "adviser", "auditor", "leader")
    }
    assert seen["guard"] == {theirs.number}
    assert seen["clerk"] == seen["leader"] == {theirs.number, office_only.number}
    assert seen["head"] == seen["adviser"] == seen["auditor"] == set()
    do(office_only.number, "call_in", "clerk", unit="funds")
    assert {i.number for i in incidents_visible_to(who("head"))} == {office_only.number}
    with pytest.raises(NotVisible):
        do(office_only.number, "note", "guard", text="不在其值守范围。")


def test_it_does_not_end_before_the_leaders_know_and_reception_was_joint() -> None:
    incident = do(None, "report", "clerk", kind="group_visit", people=7)
    with pytest.raises(Refused) as refused:
        do(incident.number, "end", "clerk", 1, text="已散去。")
    said = str(refused.value)
    assert "还没有厅领导确认收到报告" in said and "应当到场的人员没有到齐" in said
    do(incident.number, "told_by_phone", "clerk", 2, leader="leader")
    do(incident.number, "call_in", "clerk", 2, unit="funds")
    for person in ("clerk", "head", "support"):
        do(incident.number, "arrive", person, 4)
    assert not Notification.objects.filter(incident=incident).exclude(ended_why="").exists()
    do(incident.number, "end", "clerk", 40, text="已接待并登记，来访人员离开。")
    ended = Notification.objects.filter(incident=incident).values_list("ended_why", flat=True)
    assert set(ended) == {"此事件已于2026年11月2日结束"}
    after = facts(incident)
    assert after.ended_at is not None
    assert str(after.link_of(Role.LEADER).confirmed_by) == "leader"  # type: ignore[union-attr]
    with pytest.raises(Refused, match="已经结束"):
        do(incident.number, "count_people", "clerk", 41, people=3)
    do(incident.number, "note", "clerk", 41, text="补记：接待时间共四十分钟。")


def test_matters_raised_there_are_registered_apart_and_linked() -> None:
    incident = gathering()
    numbers = [register(NINE.date(), channel="visit") for _ in range(3)]
    for n in numbers:
        do(incident.number, "register_on_the_spot", "clerk", 5, number=n)
    assert facts(incident).petitions == tuple(numbers)
    assert list(incident.petitions.order_by("id").values_list("number", flat=True)) == numbers
    with pytest.raises(Refused, match="没有找到信访件"):
        do(incident.number, "register_on_the_spot", "clerk", 6, number="LF2026999999")


def test_a_wish_to_petition_higher_is_no_report() -> None:
    with pytest.raises(Refused, match="信访人的权利"):
        do(
            None,
            "report",
            "clerk",
            kind="report_to_bureau",
            text="来访人员表示要到北京反映。",
            review_rights_given=True,
        )
