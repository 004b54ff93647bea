"""规程第十八条：先劝阻、教育；具体威胁或重大紧急事项报厅领导和信访主管部门。"""

from xinfang.procedure.incidents import INCIDENTS
from xinfang.procedure.words import FilingReason, IncidentKind


def test_persuasion_comes_first() -> None:
    rule = INCIDENTS[IncidentKind.DISTURBANCE]
    assert rule.first.startswith("劝阻、批评、教育")
    assert "规程第十八条" in [str(a) for a in rule.cites]


def test_a_report_to_the_bureau_tells_facts_and_forecasts_nothing() -> None:
    rule = INCIDENTS[IncidentKind.REPORT_TO_BUREAU]
    assert "仅限对人身、公共秩序的具体威胁" in rule.first
    assert "事实，不作预测" in rule.records
    assert "已书面告知复查复核渠道" in rule.records
    assert "规程第十八条" in [str(a) for a in rule.cites]


def test_saying_that_one_will_go_higher_is_no_ground_to_refuse_or_to_file() -> None:
    assert [r.label for r in FilingReason] == ["已按程序办理完结", "已回复的重复来信", "经联系仍内容不清", "无参考价值"]
