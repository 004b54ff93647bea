"""文书一览：每种文书的编号、字号、由谁核稿和签发、去向、是否归档和依据（规程第四、五、六、十三、十四条；条例第二十三、三十二条）。"""

import pytest

from xinfang.procedure.papers import ANSWERS, MUST_LEAVE, NOTICES, PAPERS, REPLIES, FilingRule, PaperRule
from xinfang.procedure.words import PaperKind

TABLE = """
D1 | 信访事项登记表 | — | — | — | 内部 | 必归 | H7、N19、N21
D2 | 接收回执（含查询码） | — | — | — | 内部 | 有则归 | H7、N22
D3 | 接谈记录 | — | — | — | 内部 | 必归 | H11、N19、N31
D4 | 代表推选书 | — | — | — | 内部 | 有则归 | H15、N20
D5 | 受理告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H8、N23
D5 | 程序启动告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H7、N23、N31
D5 | 接收情况告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H8、N23
D6 | 转送去向告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H8、N23
D7 | 不属职权告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H9、N23
D7 | 政府信息公开申请告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | N23、I39
D8 | 法定途径告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H9、N31
D9 | 不予受理告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H9、N19、N23、N31
D10 | 不再受理告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | N36
D10 | 存信告知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H10、N23
D10 | 存信审批单 | — | — | — | 内部 | 必归 | H10
D11 | 补正通知 | 内科信告 | — | 办公室主任 | 外发、送达信访人 | 必归 | N19、N23
D12 | 转送函 | 内科信函 | — | 办公室主任 | 外发，由决定产生 | 必归 | H8、N23
D12 | 转送情况复函 | 内科信函 | — | 办公室主任 | 外发，由决定产生 | 必归 | H8、N23
D12 | 移送函（密封） | 内科信函 | — | 办公室主任 | 外发 | 密封卷 | N22、N30
D12 | 移送回执 | — | — | — | 内部 | 密封卷 | N22、N30
D13 | 异议（退办）函 | 内科信函 | — | 办公室主任 | 外发，由决定产生 | 必归 | H8、N23
D13 | 材料交还清单 | — | — | — | 内部 | 必归 | H8、N23
D14 | 呈批单 | — | — | — | 内部 | 必归 | H7、H8
D15 | 内部转办（交办）通知单 | — | — | — | 内部 | 必归 | H8、H13
D16 | 调查笔录 | — | — | — | 内部 | 有则归 | H13、N31
D16 | 调查报告 | — | 承办处室（单位）负责人 | — | 内部 | 有则归 | H13、N31
D16 | 证据目录 | — | — | — | 内部 | 有则归 | H13、H14
D17 | 法律顾问意见（内部） | — | — | — | 内部 | 密封卷 | H13、H14
D18 | 听证通知书 | 内科信告 | — | 办公室主任 | 外发、送达信访人 | 必归 | N31、N36
D18 | 听证笔录 | — | — | — | 内部 | 必归 | N31
D18 | 听证报告（评议意见） | — | — | — | 内部 | 有则归 | N31
D19 | 调解申请（同意）书 | — | — | — | 内部 | 有则归 | N33
D19 | 调解（和解）协议书 | — | — | — | 内部 | 必归 | N33
D20 | 回避申请 | — | — | — | 内部 | 有则归 | N28
D20 | 回避决定 | — | — | 办公室主任、厅领导 | 内部，由决定产生 | 必归 | N28
D21 | 延期审批单 | — | — | — | 内部 | 必归 | H13、N34
D21 | 延期告知书 | 内科信延 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | H13、N34
D22 | 信访处理（答复）意见书 | 内科信答 | 承办处室（单位）负责人 | 包案厅领导 | 外发、送达信访人，由决定产生 | 必归 | H13、N32、N35
D22 | 履行职责答复书 | 内科信答 | 承办处室（单位）负责人 | 包案厅领导 | 外发、送达信访人，由决定产生 | 必归 | H13、N31
D23 | 简易办理答复 | 内科信答 | 承办处室（单位）负责人 | 包案厅领导 | 外发、送达信访人，由决定产生 | 有则归 | H11、N31
D24 | 建议（咨询）回复 | 内科信答 | 承办处室（单位）负责人 | 办公室主任、包案厅领导 | 外发、送达信访人，由决定产生 | 必归 | N29
D25 | 送达回证 | — | — | — | 内部 | 必归 | H14、N35
D26 | 办结报告 | 内科信 | — | 包案厅领导、厅领导 | 外发 | 有则归 | H13、N22
D26 | 报送材料 | 内科信 | — | 办公室主任、厅领导 | 外发 | 有则归 | H12、H13、N22
D27 | 督办通知单 | 内科信督 | — | 办公室主任、厅领导 | 内部 | 有则归 | H5、N40
D27 | 督办反馈 | — | — | — | 内部 | 有则归 | N40
D27 | 建议采纳情况反馈函 | 内科信函 | — | 办公室主任、厅领导 | 外发，由决定产生 | 必归 | N40
D28 | 复查（复核）申请书 | — | — | — | 内部 | 有则归 | N35、N36
D28 | 复查受理通知 | 内科信复 | — | 办公室主任 | 外发、送达信访人（他机关作出） | 必归 | N23、N35
D28 | 复查不予受理告知书 | 内科信复 | — | 办公室主任 | 外发、送达信访人，由决定产生 | 必归 | N19、N23、N35
D28 | 复查意见书 | 内科信复 | 承办处室（单位）负责人 | 包案厅领导 | 外发、送达信访人（他机关作出） | 有则归 | N35
D28 | 复核意见书 | 内科信复 | — | 厅领导 | 外发、送达信访人（他机关作出） | 有则归 | N36
D29 | 重大紧急信访信息专报 | 内科信 | — | 厅领导 | 外发 | 有则归 | H16、H18、N25
D30 | 群体来访处置记录 | — | — | — | 内部 | 有则归 | H15、H16
D31 | 结案审批单 | — | — | — | 内部 | 必归 | H6、H14
D32 | 归档移交清单与卷内目录 | — | — | — | 内部 | 不归 | H14
D33 | 回访记录 | — | — | — | 内部 | 有则归 | H6、H14
D34 | 息诉罢访承诺书（自愿，如有） | — | — | — | 内部 | 有则归 | H14
"""
"""编号 | 文书 | 字号 | 由谁核稿 | 由谁签发 | 去向 | 归档 | 依据（H 规程，N 条例）"""
FILED = {
    FilingRule.MUST: "必归",
    FilingRule.IF_ANY: "有则归",
    FilingRule.APART: "密封卷",
    FilingRule.NOT: "不归",
}
ROWS = {row.split(" | ")[1]: row.split(" | ") for row in TABLE.strip().splitlines()}


def goes_to(rule: PaperRule) -> str:
    where = "外发、送达信访人" if rule.served else "外发" if rule.outward else "内部"
    return where + ("（他机关作出）" if rule.elsewhere else "") + ("，由决定产生" if rule.decides else "")


def test_every_paper_has_its_row() -> None:
    assert list(ROWS) == [rule.label for rule in PAPERS.values()] and set(PAPERS) == set(PaperKind)


@pytest.mark.parametrize("kind", PAPERS)
def test_a_paper_is_signed_numbered_sent_and_filed_as_the_table_says(kind: PaperKind) -> None:
    rule = PAPERS[kind]
    assert ROWS[rule.label] == [
        rule.code,
        rule.label,
        rule.series or "—",
        "、".join(w.label for w in rule.checks) or "—",
        "、".join(w.label for w in rule.signs) or "—",
        goes_to(rule),
        FILED[rule.filed],
        "、".join(article.id for article in rule.cites),
    ]


def test_what_goes_to_the_petitioner_leaves_the_house() -> None:
    assert all(rule.outward for rule in PAPERS.values() if rule.served)


def test_which_papers_tell_the_petitioner_and_which_answer() -> None:
    assert {kind.label for kind in NOTICES} == {
        "受理告知书",
        "接收情况告知书",
        "转送去向告知书",
        "不属职权告知书",
        "法定途径告知书",
        "不予受理告知书",
        "不再受理告知书",
        "存信告知书",
        "复查受理通知",
        "复查不予受理告知书",
        "程序启动告知书",
        "政府信息公开申请告知书",
    }
    assert {kind.label for kind in REPLIES} == {"信访处理（答复）意见书", "建议（咨询）回复"}
    assert {kind.label for kind in set(ANSWERS) - set(REPLIES)} == {"复查意见书", "履行职责答复书"}
    assert {kind.label for kind in set(MUST_LEAVE) - {*NOTICES, *ANSWERS}} == {"延期告知书"}
