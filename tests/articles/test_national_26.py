"""条例第二十六条：信访秩序。只记事实，不给人下结论。"""

from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.printed_procedure import cited_by
from xinfang.procedure.words import IncidentKind


def test_a_disturbance_is_recorded_against_one_of_the_six_items_with_a_witness() -> None:
    rule = INCIDENTS[IncidentKind.DISTURBANCE]
    assert "条例第二十六条的哪一项" in rule.records
    assert "见证人" in rule.records


def test_nothing_else_cites_it() -> None:
    """Coming, coming again or asking for a leader is no breach of order, and no step is refused for one."""
    assert cited_by()["N26"] == ["事件“扰乱秩序行为”", "事件记录“记录扰乱秩序的行为”"]
