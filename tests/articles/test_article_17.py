"""规程第十七条：自杀、自残或疾病发作的，立即拨打110、120；其余情形商请有关部门，措施由他们决定。"""

from dataclasses import fields

from xinfang.procedure.facts import Facts, Person
from xinfang.procedure.incidents import INCIDENTS
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
    assert not [f.name for kind in (Facts, Person) for f in fields(kind) if "incident" in f.name or "risk" in f.name]
