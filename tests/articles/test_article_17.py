"""规程第十七条：自杀、自残或疾病发作的，立即拨打110、120；其余情形商请有关部门，措施由他们决定。"""

from dataclasses import fields

from tests.articles.department import CLERK, LEADER
from tests.articles.events import GUARD, Event, gathering
from xinfang.procedure.facts import Facts, PersonFacts
from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.words import IncidentKind


def test_help_comes_before_any_record() -> None:
    rule = INCIDENTS[IncidentKind.MEDICAL_EMERGENCY]
    assert rule.first.startswith("立即拨打120、110")
    assert "规程第十七条" in [str(a) for a in rule.cites]
    assert "不是违规行为" in rule.records


def test_measures_are_for_other_bodies_to_take() -> None:
    rule = INCIDENTS[IncidentKind.DISTURBANCE]
    assert "必要措施由有关部门决定" in rule.first
    assert "规程第十七条" in [str(a) for a in rule.cites]


def test_an_event_never_becomes_a_fact_about_a_case_or_a_person() -> None:
    """A new petition is registered whatever happened before: nothing that rules may know tells of an incident."""
    assert not [
        f.name for kind in (Facts, PersonFacts) for f in fields(kind) if "incident" in f.name or "risk" in f.name
    ]


def test_an_emergency_asks_for_nothing_and_tells_everybody_at_once() -> None:
    event = Event().do("report", GUARD, kind="medical_emergency")
    assert [str(t.role) for t in event.facts.told] == ["office", "leader"]
    event.do("called", GUARD, 1, number="120").do("called", GUARD, 1, number="110")
    assert event.facts.calls == {"120", "110"}


def test_it_does_not_end_without_the_calls_or_the_reason_why_not() -> None:
    event = Event().do("report", CLERK, kind="medical_emergency").do("confirm", LEADER, 1).do("arrive", CLERK, 1)
    assert "没有拨打120、110的记录（规程第十七条）" in event.refused("end", CLERK, 30, text="已送医。")
    event.do("called", CLERK, 31, number="120").do("end", CLERK, 32, text="已送医。")


def test_the_police_is_asked_at_once_where_there_is_danger() -> None:
    """条例第四十七条的劝阻、批评、教育是工作人员的义务，不是商请公安机关的前提；不得为此补记没有作过的劝阻。"""
    event = gathering().do("confirm", CLERK, 1)
    event.do("record_act", CLERK, 5, act="weapons", text="持刀进入大厅。", witness="当班人员", answer="asked_police")
    assert event.facts.lines[-1].code == "record_act"
    event.do("record_act", CLERK, 9, act="violence", text="推搡。", witness="当班人员", answer="dissuaded")


def test_coming_again_is_no_act_that_can_be_recorded() -> None:
    from xinfang.procedure.incidents.words import ForbiddenAct

    assert len(ForbiddenAct) == 6, "the six items of the regulation and nothing of our own"
    assert not [a for a in ForbiddenAct if "重复" in a.label or "多次" in a.label or "再次" in a.label]
