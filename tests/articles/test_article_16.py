"""规程第十六条：突发群体性上访，物业值班第一时间报办公室，办公室立即报厅领导并现场登记。"""

import pytest

from tests.articles.department import ADVISER, CLERK, HEAD, LEADER, RECEIVED
from tests.articles.events import GUARD, gathering
from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.words import IncidentKind

RULE = INCIDENTS[IncidentKind.SUDDEN_GATHERING]


def test_the_duty_desk_tells_the_office_and_the_office_the_leaders() -> None:
    assert [(r.label, str(limit)) for r, limit in RULE.told] == [
        ("办公室", "5分钟"),
        ("厅主要领导", "15分钟"),
        ("分管厅领导", "15分钟"),
    ]
    assert "规程第十六条" in [str(a) for a in RULE.cites]
    assert "现场登记每一件信访事项" in RULE.records


def test_minutes_are_not_counted_as_days() -> None:
    with pytest.raises(ValueError, match="按分钟计"):
        CLOCKS["incident_office"].compute(RECEIVED, seed_calendar())


def test_the_chain_runs_with_true_times() -> None:
    event = gathering().do("confirm", CLERK, 3).do("confirm", LEADER, 7).do("set_out", CLERK, 4).do("arrive", CLERK, 9)
    assert event.log == [(0, "报告"), (3, "确认收到"), (7, "确认收到"), (4, "正在赶往现场"), (9, "已到场")]
    office, leaders = event.facts.told
    assert (office.since, office.confirmed_by) == (event.facts.opened_at, "clerk")
    assert (leaders.since, leaders.why) == (office.confirmed_at, "办公室接到报告，立即报告厅领导")


def test_an_office_that_does_not_answer_is_reminded_and_then_the_leaders_are_told_without_it() -> None:
    event = gathering().until(11)
    assert event.log == [
        (0, "报告"),
        (5, "超时未确认，再次提醒"),
        (10, "超时未确认，再次提醒"),
        (10, "办公室未确认，直接报告厅领导"),
    ]


def test_leaders_who_do_not_answer_are_reminded_too() -> None:
    event = gathering().do("confirm", CLERK, 1).until(17)
    assert event.log[-1] == (16, "超时未确认，再次提醒")
    assert event.do("told_by_phone", CLERK, 18, leader="leader").until(90).log[-1] == (18, "已电话报告厅领导")


def test_each_matter_is_registered_once_on_the_spot() -> None:
    event = gathering().do("register_on_the_spot", CLERK, 6, number="LF2026000001")
    assert "此件已与本次事件关联" in event.refused("register_on_the_spot", CLERK, 7, number="LF2026000001")
    assert "应由办公室、办公室主任、接待登记办理" in event.refused(
        "register_on_the_spot", GUARD, 7, number="LF2026000002"
    )


def test_who_has_nothing_to_do_there_writes_nothing() -> None:
    assert "您目前没有这项职责" in gathering().refused("note", ADVISER, 3, text="路过。")
    assert "应由厅主要领导、分管厅领导办理" in gathering().refused("instruct", HEAD, 3, text="请处理。")


def test_nobody_confirms_twice_and_the_log_goes_on_after_the_end() -> None:
    event = gathering().do("confirm", CLERK, 3)
    assert "没有等待您确认的报告" in event.refused("confirm", CLERK, 4)
    event.do("confirm", LEADER, 5).do("arrive", CLERK, 6).do("end", CLERK, 50, text="已全部登记，人员离开。")
    assert "此事件已经结束" in event.refused("count_people", GUARD, 51, people=3)
    assert event.do("note", GUARD, 52, text="大厅已恢复原状。").log[-1] == (52, "现场情况")
