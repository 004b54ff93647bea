"""办理步骤一览：由谁办理、由谁确认、在何种状态下办理、办理后成为何种状态、产生何种文书（规程第五至十四条；条例第三章、第四章）。

The table is read against the texts of the two procedures, and each row is asked of the rules themselves.
"""

from dataclasses import replace

import pytest

from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.printed_procedure import papers_of
from xinfang.procedure.rules import case_reasons
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import State

from .test_every_condition import READY

TABLE = """
登记 | 接待登记人员、办公室、信访人、系统（期限巡查） | — | — | 已登记 | 信访事项登记表、接收回执（含查询码）
导入历史件 | 系统（服务器上的导入命令） | — | — | 历史件 | —
认定重复 | 办公室 | 办公室 | 任何时候 | — | —
撤销重复 | 办公室 | 办公室 | 任何时候 | — | —
补充 | 信访人、接待登记人员、办公室 | — | 办结前 | — | —
更正 | 办公室 | — | 办结前、已结案、存信、历史件 | — | —
撤回 | 信访人、办公室 | — | 已登记、待批示、已批示、办理中、已出具意见书、已送达 | 已撤回 | —
录入自治区系统 | 办公室、系统（期限巡查） | — | 任何时候 | — | —
分类 | 办公室、检举控告专管员 | — | 已登记 | — | —
告知向有权机关提出 | 办公室 | — | 已登记 | 已告知有权机关 | 不属职权告知书
提出异议（申请转交） | 办公室 | — | 已登记 | 异议待核 | 异议（退办）函
异议同意 | 办公室 | — | 异议待核 | 已退回 | 材料交还清单
异议不同意 | 办公室 | — | 异议待核 | 已登记 | —
转送下级科技部门 | 办公室 | — | 已登记 | 已转送下级 | 转送函、转送去向告知书
导入法定途径／不予受理并告知 | 办公室 | — | 已登记 | 已导入法定途径、不予受理 | 法定途径告知书、不予受理告知书
存信 | 办公室 | 办公室 | 已登记 | 存信 | 存信审批单、存信告知书
恢复办理 | 办公室 | — | 已归档、不予受理、存信、历史件 | 已登记 | —
移送检举控告 | 检举控告专管员 | — | 已登记 | 已移送（检举控告） | 移送函（密封）、移送回执
不再受理 | 办公室 | 办公室 | 已登记 | 不再受理 | 不再受理告知书
拟办 | 办公室 | — | 已登记 | 待批示 | 呈批单
批示 | 分管厅领导、厅主要领导、办公室 | — | 待批示 | 已批示、已登记 | —
受理并告知 | 办公室 | — | 已登记、已批示 | 办理中 | 受理告知书
告知接收情况 | 办公室 | — | 已登记、办理中 | — | 接收情况告知书
转办 | 办公室 | — | 已登记、办理中 | 办理中 | 内部转办（交办）通知单
交办 | 办公室 | — | 办理中 | — | 内部转办（交办）通知单
签收 | 承办处室（单位）负责人 | — | 办理中 | — | —
退回 | 承办处室（单位）负责人 | — | 办理中 | — | —
接谈 | 承办处室（单位）承办人、承办或协办处室（单位）、办公室 | — | 办理中 | — | 接谈记录
当场处理 | 承办处室（单位）承办人 | — | 办理中 | — | —
告知答复时间 | 承办处室（单位）承办人 | — | 办理中 | — | —
要求见厅领导 | 承办处室（单位）承办人、办公室 | — | 办理中 | — | —
决定会见 | 包案厅领导、厅领导 | — | 办理中 | — | —
征求法律顾问意见 | 承办处室（单位）承办人 | — | 办理中 | — | —
出具法律顾问意见 | 法律顾问 | — | 办理中 | — | —
调解 | 承办处室（单位）承办人 | — | 办理中 | — | 调解（和解）协议书
听证 | 承办处室（单位）承办人 | — | 办理中 | — | 听证通知书、听证笔录
申请延期 | 承办处室（单位）承办人 | — | 办理中 | — | —
批准延期 | 包案厅领导 | — | 办理中 | — | 延期审批单、延期告知书
转为普通程序 | 办公室、承办处室（单位）负责人 | — | 已登记、办理中 | — | —
回复 | 承办处室（单位）承办人 | — | 办理中 | 已回复 | 建议（咨询）回复、简易办理答复
拟写意见书 | 承办处室（单位）承办人 | — | 办理中 | — | —
审核意见书 | 承办处室（单位）负责人 | — | 办理中 | — | —
签发意见书 | 包案厅领导 | — | 办理中 | — | —
印发意见书 | 办公室 | — | 办理中 | 已出具意见书 | 信访处理（答复）意见书
送达 | 承办处室（单位）承办人、办公室 | — | 已出具意见书 | 已送达 | 送达回证
送达未成 | 承办处室（单位）承办人、办公室 | — | 已出具意见书 | — | —
执行 | 承办处室（单位）承办人 | — | 已送达、已结案 | — | —
销号结案 | 承办处室（单位）负责人 | 包案厅领导 | 已送达 | 已结案 | 结案审批单
移交归档 | 承办处室（单位）承办人、办公室（没有承办处室的） | — | 移交归档的办结 | — | 归档移交清单与卷内目录
接收归档 | 机要室 | — | 移交归档的办结 | 已归档 | —
退回补齐 | 机要室 | — | 移交归档的办结 | — | —
变更保管期限 | 机要室、检举控告专管员 | — | 已归档 | — | —
销毁 | 机要室、检举控告专管员 | 办公室主任、检举控告专管员 | 已归档 | — | —
请求复查 | 信访人、办公室 | — | 已送达、已结案、已归档 | — | —
复查意见 | 办公室 | — | 已送达、已结案、已归档 | 办理中 | —
请求复核 | 信访人、办公室 | — | 已送达、已结案、已归档 | — | —
复核意见 | 办公室 | — | 已送达、已结案、已归档 | 办理中 | —
督办 | 办公室、厅领导 | — | 办结前 | — | 督办通知单
督办反馈 | 承办或协办处室（单位） | — | 办结前 | — | —
回避 | 信访人、经办人员及其领导 | 厅领导、办公室主任、另一名检举控告专管员（密封件） | 办结前 | — | 回避决定
改定包案厅领导 | 办公室主任、厅领导、办公室 | — | 待批示、已批示、办理中、已出具意见书、已送达 | — | —
改派承办人 | 承办处室（单位）负责人、办公室主任、办公室 | — | 办理中、已出具意见书、已送达、已结案 | — | —
报送 | 办公室 | — | 任何时候 | — | 报送材料
评价 | 信访人 | — | 登记后 | — | —
建议表扬奖励 | 办公室、承办处室（单位）承办人 | 厅领导 | 已归档、已回复 | — | —
添加附件 | 接待登记人员、办公室、承办或协办处室（单位）、检举控告专管员 | — | 归档前 | — | —
撤下附件 | 接待登记人员、办公室、承办或协办处室（单位）、检举控告专管员 | — | 归档前 | — | —
制作文书 | 接待登记人员、办公室、承办或协办处室（单位）、检举控告专管员 | — | 归档前 | — | —
送审文书 | 接待登记人员、办公室、承办或协办处室（单位）、检举控告专管员 | — | 归档前 | — | —
核稿 | 承办处室（单位）负责人 | — | 归档前 | — | —
签发文书 | 办公室主任、包案厅领导、厅领导 | — | 归档前 | — | —
改回拟稿 | 接待登记人员、办公室、承办或协办处室（单位）、检举控告专管员 | — | 归档前 | — | —
印发文书 | 接待登记人员、办公室、承办或协办处室（单位）、检举控告专管员 | — | 归档前 | — | —
发出文书 | 接待登记人员、办公室、承办处室（单位）承办人、检举控告专管员 | — | 归档前 | — | —
送达文书 | 接待登记人员、办公室、承办处室（单位）承办人、检举控告专管员 | — | 归档前 | — | 送达回证
撤回文书 | 接待登记人员、办公室、承办或协办处室（单位）、检举控告专管员 | — | 归档前 | — | —
临期提醒 | 系统（期限巡查） | — | 任何时候 | — | —
记录逾期 | 系统（期限巡查） | — | 任何时候 | — | —
报厅主要领导 | 系统（期限巡查） | — | 任何时候 | — | —
期限重算 | 系统（期限巡查） | — | 任何时候 | — | —
"""
"""步骤 | 由谁办理 | 由谁确认 | 何种状态下 | 成为何种状态 | 文书"""

BEFORE_THE_END = {"已登记", "待批示", "已批示", "办理中", "已出具意见书", "已送达", "异议待核"}
EVER = {s.label for s in State}
AT_TIMES = {
    "任何时候": EVER,
    "办结前": BEFORE_THE_END,
    "归档前": EVER - {"已归档"},
    "登记后": EVER - {"已登记"},
    "移交归档的办结": EVER - BEFORE_THE_END - {"已归档", "已移送（检举控告）", "历史件"},
}
"""A report of wrongdoing never leaves its compartment, and what came in as history has no file here."""
ROWS = {label: rest for label, *rest in (row.split(" | ") for row in TABLE.strip().splitlines())}
BY_LABEL = {step.rule.label: code for code, step in STEPS.items()}


def listed(words: str) -> set[str]:
    return set() if words == "—" else set(words.split("、"))


def states(words: str) -> set[str]:
    return {state for word in listed(words) for state in AT_TIMES.get(word, {word})}


def test_every_step_has_its_row() -> None:
    assert list(ROWS) == list(BY_LABEL)


@pytest.mark.parametrize("label", ROWS)
def test_a_step_is_taken_by_whom_and_when_the_table_says_and_leads_where_it_says(label: str) -> None:
    who, then, when, to, papers = ROWS[label]
    step = STEPS[BY_LABEL[label]]
    assert "、".join(w.label for w in step.rule.who) == who
    assert ("、".join(w.label for w in step.rule.then) or "—") == then
    assert {s.label for s in step.rule.to} == listed(to)
    assert {p.label for p in papers_of(step)} == listed(papers)
    case = READY[BY_LABEL[label]][0]()
    allowed = set()
    for state in State:
        case.facts = replace(case.facts, state=state)
        if "when" not in {r.code for r in case_reasons(step.rule, case.question(None, SYSTEM))}:  # who sees every case
            allowed.add(state.label)
    assert allowed == states(when)
