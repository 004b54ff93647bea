"""规程第十八条：先劝阻、教育；具体威胁或重大紧急事项报厅领导和信访主管部门。"""

from tests.articles.department import CLERK, HEAD, LEADER
from tests.articles.events import GUARD, Event, gathering
from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.words import FilingReason, IncidentKind


def test_persuasion_comes_first() -> None:
    rule = INCIDENTS[IncidentKind.DISTURBANCE]
    assert rule.first.startswith("劝阻、批评、教育")
    assert "规程第十八条" in [str(a) for a in rule.cites]


def test_a_report_to_the_bureau_tells_facts_and_forecasts_nothing() -> None:
    rule = INCIDENTS[IncidentKind.REPORT_TO_BUREAU]
    assert "仅限对人身、公共秩序的具体威胁" in rule.first
    assert "事实，不作预测" in rule.records
    assert "是否已书面告知复查复核渠道" in rule.records
    assert "规程第十八条" in [str(a) for a in rule.cites]


def test_saying_that_one_will_go_higher_is_no_ground_to_refuse_or_to_file() -> None:
    assert [r.label for r in FilingReason] == ["已按程序办理完结", "已回复的重复来信", "经联系仍内容不清", "无参考价值"]


def test_a_wish_to_go_higher_is_not_reported() -> None:
    refused = Event().refused(
        "report", CLERK, kind="report_to_bureau", text="表示将到上级机关反映。", review_rights_given=True
    )
    assert "表示要到上级机关反映是信访人的权利，不属于报告事项（规程第十八条、条例第二十条、条例第二十五条）" in refused


def test_a_threat_is_reported_with_its_facts() -> None:
    threat = {"kind": "report_to_bureau", "ground": "threat"}
    assert "报告只写已经发生的事实" in Event().refused("report", CLERK, review_rights_given=True, **threat)
    assert "这类事件由办公室登记" in Event().refused("report", GUARD, text="持械。", review_rights_given=True, **threat)
    Event().do("report", CLERK, text="十时许，持械进入大厅，未伤人。", review_rights_given=True, **threat)


def test_a_threat_by_telephone_is_reported_at_once_though_nobody_can_be_handed_a_paper() -> None:
    """条例第二十五条要求及时报告；不能当面书面告知的，不影响报告。"""
    event = Event().do(
        "report", CLERK, kind="report_to_bureau", ground="threat", text="九时许来电，称将携带汽油到厅机关。"
    )
    assert [str(t.role) for t in event.facts.told] == ["leader"]


def test_the_written_report_is_signed_by_a_leader_before_it_leaves() -> None:
    event = gathering().do("confirm", CLERK, 1)
    assert "专报尚未签发" in event.refused("send_report", CLERK, 5, body="自治区信访局")
    event.do("draft_report", CLERK, 6, text="事实如下。")
    assert "应由厅主要领导、分管厅领导办理" in event.refused("sign_report", HEAD, 7)
    assert "不同意签发时应写明意见" in event.refused("sign_report", LEADER, 7, agree=False)
    event.do("sign_report", LEADER, 7, agree=False, opinion="请补充人数。").do(
        "draft_report", CLERK, 9, text="十二人。"
    )
    event.do("sign_report", LEADER, 10).do(
        "send_report", CLERK, 12, body="自治区信访局", document_number="内科信〔2026〕1号"
    )
    assert event.facts.report_number == "内科信〔2026〕1号"
    assert "专报已经报送" in event.refused("draft_report", CLERK, 13, text="再改。")
