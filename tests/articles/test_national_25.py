"""条例第二十五条：重大、紧急信访事项和信息及时报告。"""

from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.words import IncidentKind, Role


def test_what_is_grave_and_urgent_is_reported_with_its_facts() -> None:
    for kind in (IncidentKind.SUDDEN_GATHERING, IncidentKind.REPORT_TO_BUREAU):
        assert "条例第二十五条" in [str(a) for a in INCIDENTS[kind].cites]
        assert Role.PRINCIPAL_LEADER in [role for role, _ in INCIDENTS[kind].told]


def test_illness_is_no_matter_to_report_as_a_threat() -> None:
    assert "条例第二十五条" not in [str(a) for a in INCIDENTS[IncidentKind.MEDICAL_EMERGENCY].cites]
