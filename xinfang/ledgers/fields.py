"""What a column of a ledger can be, and the headings under which offices have it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xinfang.core.table_files import heading_of


@dataclass(frozen=True, slots=True)
class LedgerField:
    """One thing that a ledger says of a matter: what we call it, and how offices head the column."""

    code: str
    label: str
    headings: tuple[str, ...]
    long: bool = False


SKIP = "skip"
"""Nothing is taken from this column; it is named in the account."""
NOTED = "noted"
"""Taken as it is, as a line of its own under its heading. More than one column may be."""
_FIELDS = (
    LedgerField(
        "number",
        "原编号",
        (
            "信访编号",
            "编号",
            "信访件编号",
            "登记编号",
            "来信编号",
            "来访编号",
            "原编号",
            "受理编号",
            "件号",
            "留言编号",
            "工单编号",
            "登记号",
            "流水号",
        ),
    ),
    LedgerField(
        "day",
        "收到日期",
        (
            "收到日期",
            "来信日期",
            "来访日期",
            "来电日期",
            "信访日期",
            "登记日期",
            "收文日期",
            "受理日期",
            "日期",
            "收信日期",
            "接访日期",
            "留言时间",
            "登记时间",
            "时间",
            "收件日期",
            "来信来访日期",
            "来访时间",
            "来信时间",
            "反映日期",
        ),
    ),
    LedgerField(
        "channel",
        "信访形式",
        (
            "信访形式",
            "来件方式",
            "来源渠道",
            "形式",
            "渠道",
            "信访方式",
            "方式",
            "信访渠道",
            "来信来访",
            "类别（信/访）",
            "受理方式",
            "来访来信",
        ),
    ),
    LedgerField(
        "name",
        "信访人",
        (
            "信访人",
            "来信人",
            "来访人",
            "姓名",
            "信访人姓名",
            "来信人姓名",
            "来访人姓名",
            "反映人",
            "当事人",
            "投诉人",
            "留言用户",
            "来电人",
            "来信来访人",
            "诉求人",
        ),
    ),
    LedgerField(
        "phone",
        "电话",
        ("电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "来信人电话", "信访人电话"),
    ),
    LedgerField("id_number", "证件号码", ("身份证号", "身份证号码", "证件号码", "身份证", "证件号", "公民身份号码")),
    LedgerField(
        "address",
        "住址",
        (
            "住址",
            "地址",
            "家庭住址",
            "联系地址",
            "通讯地址",
            "现住址",
            "信访人地址",
            "来信人地址",
            "单位住址",
            "单位及住址",
        ),
    ),
    LedgerField("group_size", "人数", ("人数", "信访人数", "来访人数", "涉及人数")),
    LedgerField(
        "subject",
        "事由",
        (
            "事由",
            "标题",
            "主题",
            "概况",
            "信访事项",
            "留言主题",
            "反映问题",
            "问题摘要",
            "摘要",
            "主要问题",
            "信访事由",
            "来信事由",
        ),
    ),
    LedgerField(
        "body",
        "内容",
        (
            "内容",
            "主要内容",
            "反映内容",
            "信访内容",
            "具体内容",
            "反映的主要问题",
            "主要诉求",
            "诉求",
            "反映事项",
            "诉求内容",
            "留言详情",
            "来信内容",
            "来访内容",
            "投诉内容",
            "主要内容及诉求",
            "内容摘要",
        ),
        long=True,
    ),
    LedgerField("category", "内容分类", ("内容分类", "分类", "问题类别", "类别", "问题分类", "信访类别")),
    LedgerField(
        "unit",
        "承办处室（单位）",
        (
            "承办处室",
            "承办单位",
            "责任单位",
            "责任处室",
            "办理单位",
            "办理处室",
            "承办部门",
            "主办处室",
            "承办处室（单位）",
            "承办处室(单位)",
            "转办单位",
            "转办处室",
        ),
    ),
    LedgerField(
        "state",
        "办理状态",
        ("办理状态", "状态", "是否办结", "办理情况（是否办结）", "办结情况", "办结与否", "进展", "是否结案"),
    ),
    LedgerField(
        "result",
        "办理结果",
        (
            "办理结果",
            "处理结果",
            "办理情况",
            "处理情况",
            "结果",
            "处理意见",
            "办理意见",
            "结论",
            "处理结论",
            "办结意见",
        ),
        long=True,
    ),
    LedgerField(
        "reply", "答复", ("答复意见", "答复", "回复", "答复内容", "回复内容", "回复意见", "答复情况"), long=True
    ),
    LedgerField("replied", "答复日期", ("答复时间", "答复日期", "回复日期", "回复时间")),
    LedgerField(
        "ended",
        "办结日期",
        (
            "办结日期",
            "办结时间",
            "结案日期",
            "完成日期",
            "办结日",
            "结案时间",
            "完成时间",
            "办理完成时间",
            "销号日期",
            "销号时间",
        ),
    ),
)
FIELDS: Mapping[str, LedgerField] = {f.code: f for f in _FIELDS}
CHOICES = (*((f.code, f.label) for f in _FIELDS), (NOTED, "其他（照原文带入）"), (SKIP, "不采用"))
"""What the clerk chooses from for each column."""
_BY_HEADING = {heading_of(h): f.code for f in _FIELDS for h in f.headings}
WAS_ROW, WRONG = "原表行号", "问题"
"""Columns of the workbook in which refused rows come back: never taken."""
_ONLY_ORDER = {WAS_ROW, WRONG, "序号", "序", "No", "NO", "No.", "行号"}
NEEDED = ("day",)
SAYS_WHAT = ("subject", "body")
"""One of these two is needed."""


def field_of_heading(heading: str) -> str:
    """Return which field a heading means, empty where it is none of ours: of “来信人/姓名” by the whole or its end."""
    whole = heading_of(heading)
    for part in (whole, *reversed(whole.split("/"))):
        if found := _BY_HEADING.get(part):
            return found
    return ""


def guess_columns(headings: Iterable[str]) -> dict[str, str]:
    """Return a field for each heading: every field once, at the heading that comes first; the others are noted.

    A column of 序号 is the number only where no other column is one; without a heading nothing is taken.
    """
    guessed: dict[str, str] = {}
    every = list(headings)
    for heading in every:
        code = field_of_heading(heading)
        guessed[heading] = code if code and code not in guessed.values() else NOTED
    for heading in every:
        if heading_of(heading) in _ONLY_ORDER:
            guessed[heading] = SKIP
    return guessed
