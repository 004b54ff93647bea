"""What a wording may say of a case: each field with its Chinese name, an explanation and where it comes from.

Which papers have which fields is `kinds.py`. A field that is empty prints nothing in a form and 【待填：字段】 in a
sentence (`sandbox`); dates are printed as 2026年11月2日.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xinfang.cases.inquiry_codes import second_proof_words
from xinfang.core.clock import today
from xinfang.papers.wording.case_data import NOBODY_NAMED, WordingData, day_text
from xinfang.papers.wording.sandbox import WordingRow
from xinfang.procedure import limits
from xinfang.procedure.dated_rules import Limit
from xinfang.procedure.papers import opinion_kind
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Channel, Conclusion, MatterClass, PersonKind, PersonRole, Purpose, Word

WordingValue = str | int | bool | tuple[WordingRow, ...]


@dataclass(frozen=True, slots=True)
class WordingField:
    """One field. `always` ones are never empty; `columns` are those of a list's rows, each with its explanation."""

    name: str
    says: str
    get: Callable[[WordingData], Any]
    always: bool = False
    columns: Mapping[str, str] | None = None
    yes_no: bool = False
    day: bool = False

    def value(self, told: WordingData) -> WordingValue:
        """Return what the field says in this case, ready for a wording."""
        found = self.get(told)
        if self.columns is not None:
            return tuple(WordingRow(**{c: printable(row.get(c)) for c in self.columns}) for row in found or ())
        if self.yes_no:
            return bool(found)
        return printable(found)

    def sample(self, *, full: bool) -> WordingValue:
        """Return a made-up value, to try a wording with."""
        if self.columns is not None:
            return tuple(WordingRow(**{c: f"〔{c}{n}〕" for c in self.columns}) for n in (1, 2)) if full else ()
        if self.yes_no:
            return full
        if not full and not self.always:
            return ""
        return "2026年11月2日" if self.day else f"〔{self.name}〕"


def printable(value: Any) -> str | int:
    """Write a value as papers write it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, Word):
        return value.label
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def by_name(fields: Iterable[WordingField]) -> dict[str, WordingField]:
    """Return the fields by name; a later one of the same name replaces the earlier."""
    return {f.name: f for f in fields}


def answer_field(name: str, says: str, attribute: str, *, day: bool = False) -> WordingField:
    """Make a field that is one answer of the step that owes the paper."""
    return WordingField(name, says, lambda t: t.said(attribute), day=day)


def yes_no_field(name: str, says: str, attribute: str) -> WordingField:
    """Make a field that is a yes or no of the step that owes the paper."""
    return WordingField(name, says, lambda t: t.said(attribute), yes_no=True)


def setting_field(name: str, says: str, key: str) -> WordingField:
    """Make a field that is one of the department's dated settings."""
    return WordingField(name, says, lambda t: t.setting(key))


def _number(name: str, says: str, limit: Limit) -> WordingField:
    return WordingField(name, f"{says}（{limit.cites[0]}）", lambda t: str(t.number_of(limit)), always=True)


DEPARTMENT_FIELDS = (
    WordingField("编号", "信访件编号", lambda t: t.facts.number, always=True),
    WordingField("日期", "本文书的成文日期", lambda t: t.day, always=True, day=True),
    WordingField("文号", "本文书的文号；拟稿时为空", lambda t: t.number),
    WordingField("厅名称", "本厅全称", lambda t: t.department, always=True),
    setting_field("厅地址", "系统设置：厅地址（通信地址、邮编）", "address"),
    setting_field("联系电话", "系统设置：对外联系电话", "contact_phone"),
    setting_field("接待地点", "系统设置：信访接待地点", "reception_place"),
    setting_field("接待时间", "系统设置：信访接待时间", "reception_hours"),
    setting_field("查询方式", "系统设置：信访人怎样查询办理进展", "inquiry_ways"),
    _number("告知天数", "收到后书面告知的天数", limits.NOTICE),
    _number("办理天数", "受理后办结的天数", limits.HANDLING),
    _number("延期上限天数", "延长办理期限的上限", limits.EXTENSION),
    _number("复查天数", "信访人请求复查的天数", limits.REQUEST_FIRST_REVIEW),
    _number("复核天数", "信访人请求复核的天数", limits.REQUEST_FINAL_REVIEW),
    _number("复查办理天数", "作出复查意见的天数", limits.FIRST_REVIEW),
    _number("异议天数", "提出异议的工作日天数", limits.OBJECTION),
    _number("代表上限", "集体来访代表的人数上限", limits.REPRESENTATIVES),
)
"""Every paper has these; none of them says who wrote or what about."""

_CAME = {
    Channel.ONLINE: "通过网上信访渠道",
    Channel.LETTER: "来信",
    Channel.PHONE: "来电",
    Channel.FAX: "通过传真",
    Channel.VISIT: "来访",
}


def quoted(words: str) -> str:
    """Put somebody's words between quotation marks; those inside become single ones (GB/T 15834)."""
    inner = words.strip().translate(str.maketrans("“”", "‘’"))
    return f"“{inner}”" if inner else ""


_POLITELY = (
    ("委员会", "贵委"),
    ("办公室", "贵办"),
    ("委", "贵委"),
    ("局", "贵局"),
    ("厅", "贵厅"),
    ("部", "贵部"),
    ("院", "贵院"),
    ("组", "贵组"),
)


def polite_name(body: str) -> str:
    """Return how a letter addresses a body that isn't below the department: 贵局, 贵厅, else 贵单位."""
    bare = re.sub(r"（[^）]*）|\([^)]*\)", "", body).strip()
    return next((polite for ending, polite in _POLITELY if bare.endswith(ending)), "贵单位")


def _matter(t: WordingData) -> str:
    """Name the matter in a title: by who brought it, or, where nobody may or can be named, by what it is about."""
    who = t.petitioner
    return f"{who if who != NOBODY_NAMED else quoted(t.facts.subject)}信访事项"


RECEIVED_FIELDS = (
    WordingField("收到日期", "本厅收到信访事项的日期", lambda t: t.facts.received_on, always=True, day=True),
    WordingField("信访形式", "来信、来访、来电、传真或网络", lambda t: t.facts.channel, always=True),
    WordingField(
        "提出渠道",
        "接“提出”的说法：来信、来访、来电、通过传真、通过网上信访渠道",
        lambda t: _CAME[t.facts.channel],
        always=True,
    ),
)

CASE_FIELDS = (
    *RECEIVED_FIELDS,
    WordingField("事由", "一句话说明反映什么", lambda t: t.facts.subject, always=True),
    WordingField("来源", "信访人直接提出、上级转来等", lambda t: t.facts.source, always=True),
    WordingField("转来件", "是否由信访部门或上级部门转送、交办", lambda t: t.facts.handed_down, yes_no=True),
    WordingField("来文机关", "转送、交办的机关", lambda t: t.facts.sender),
    WordingField(
        "来文机关敬称", "对来文机关的称呼：贵局、贵厅、贵单位等", lambda t: polite_name(t.facts.sender), always=True
    ),
    WordingField("来文编号", "来文的编号", lambda t: t.facts.sender_number),
    WordingField("来文日期", "来文的日期", lambda t: t.facts.sender_date, day=True),
    WordingField("要求反馈日期", "交办机关要求反馈的日期", lambda t: t.facts.feedback_due, day=True),
    WordingField("类别", "建议意见、检举控告或申诉求决", lambda t: t.facts.matter_class),
    WordingField("途径", "条例第三十一条所列六种途径之一", lambda t: t.facts.route),
    WordingField("信访目的", "申诉、求决、意见建议、咨询等", lambda t: t.facts.purpose),
    WordingField("内容分类", "内容分类的名称", lambda t: t.category),
    WordingField("人数", "提出信访事项的人数", lambda t: str(t.facts.group_size), always=True),
    WordingField("简易办理", "是否适用简易办理", lambda t: t.facts.simple, yes_no=True),
    WordingField("建议", "是否为建议意见（咨询除外）", lambda t: _is_suggestion(t), yes_no=True),
    WordingField("首件编号", "重复件的首件编号", lambda t: t.facts.repeat_of),
    WordingField("承办处室", "承办处室（单位）", lambda t: t.unit(t.facts.handling_unit)),
    WordingField("协办处室", "协办处室（单位）", lambda t: t.units(t.facts.assisting_units)),
    WordingField("包案厅领导", "包案厅领导姓名", lambda t: t.staff(t.facts.responsible_leader)),
    WordingField("承办人", "承办人姓名", lambda t: t.staff(t.facts.handler)),
    WordingField("受理日期", "受理日期", lambda t: t.facts.accepted_on, day=True),
    WordingField("办结期限", "应当办结的日期，含已批准的延期", lambda t: t.due("handling"), day=True),
    WordingField("告知期限", "应当书面告知的日期", lambda t: t.due("notice"), day=True),
)


def _requests(t: WordingData) -> list[dict[str, Any]]:
    return [{"序号": r.number, "内容": r.text} for r in t.facts.requests]


def _is_suggestion(t: WordingData) -> bool:
    return t.facts.matter_class is MatterClass.SUGGESTION and t.facts.purpose is not Purpose.CONSULTATION


REQUESTS = WordingField(
    "诉求", "信访人的各项诉求（清单）", _requests, columns={"序号": "从1起的序号", "内容": "诉求的内容"}
)

_DECIDED = {
    Conclusion.SUPPORT: "予以支持",
    Conclusion.EXPLAIN: "予以解释说明",
    Conclusion.REFUSE: "不予支持",
}


def _concluded(t: WordingData) -> list[dict[str, Any]]:
    return [
        {
            "序号": r.number,
            "内容": r.text,
            "认定事实": r.finding,
            "结论": r.conclusion,
            "处理意见": _DECIDED[r.conclusion] if r.conclusion else "",
            "依据": r.basis,
            "执行情况": r.carried_out,
        }
        for r in t.facts.requests
    ]


CONCLUDED = WordingField(
    "诉求",
    "信访人的各项诉求和逐项处理意见（清单）",
    _concluded,
    columns={
        "序号": "从1起的序号",
        "内容": "诉求的内容",
        "认定事实": "经调查认定的事实",
        "结论": "予以支持、解释说明或不予支持",
        "处理意见": "接在“对该项诉求”之后的结论，如“予以解释说明”",
        "依据": "法律法规政策依据",
        "执行情况": "予以支持的诉求怎样执行",
    },
)
MORE_THAN_ONE = WordingField("多项诉求", "是否有两项以上诉求", lambda t: len(t.facts.requests) > 1, yes_no=True)


def earlier_answer(t: WordingData, code: str, attribute: str) -> Any:
    """Return an answer of the latest step of another kind."""
    h = t.last(code)
    return getattr(h.step, attribute, None) if h else None


REPLY_FIELDS = (
    CONCLUDED,
    MORE_THAN_ONE,
    WordingField("处理方式", "解决问题、思想教育、帮扶救助或依法处理", lambda t: t.facts.disposition),
    WordingField(
        "复查机关",
        "拟写意见书时填写的复查机关名称和地址；未填写的、只填写了名称的取系统设置",
        lambda t: _review_body(t),
    ),
    WordingField("意见书文号", "已印发的意见书文号", lambda t: reply_number(t)),
    WordingField(
        "有支持的诉求",
        "是否有予以支持的诉求",
        lambda t: any(r.conclusion is Conclusion.SUPPORT for r in t.facts.requests),
        yes_no=True,
    ),
    WordingField("印发日期", "意见书印发日期", lambda t: t.day_of(StepCode.ISSUE_REPLY), day=True),
    WordingField("送达日期", "意见书送达日期", lambda t: t.facts.served_on, day=True),
    WordingField("送达方式", "意见书送达方式", lambda t: earlier_answer(t, StepCode.SERVE, "method")),
    WordingField("签收情况", "签收或拒收", lambda t: earlier_answer(t, StepCode.SERVE, "receipt")),
    WordingField("复查届满日期", "信访人可以请求复查的最后一日", lambda t: t.due("request_first_review"), day=True),
    WordingField("接谈日期", "听取信访人陈述的日期", lambda t: when(t, StepCode.TALK), day=True),
)


def _review_body(t: WordingData) -> str:
    """Return where a review is asked for: as drafted, or the setting, which has the address that a bare name lacks."""
    return with_address(t, earlier_answer(t, StepCode.DRAFT_REPLY, "review_body") or "")


def with_address(t: WordingData, body: str) -> str:
    """Return a reviewing body as it was typed; where that is a bare name or nothing, the setting with the address."""
    known: str = t.setting("review_body")
    return known if body in known else body


def bare_name(body: str) -> str:
    """Return the name of a body without the address in brackets behind it."""
    return re.sub(r"（[^）]*）$|\([^)]*\)$", "", body.strip()).strip()


OWN_ACCOUNT = WordingField("事实和理由", "信访人所写或者口头陈述的事实和理由，加引号", lambda t: quoted(t.body))


def reply_number(t: WordingData) -> str:
    """Return the number of the latest reply, also of one from before replies were papers; empty where there is none."""
    made = [p.document_number for p in t.now.papers if p.kind is opinion_kind(t.now) and p.document_number]
    return made[-1] if made else earlier_answer(t, StepCode.ISSUE_REPLY, "document_number") or ""


def when(t: WordingData, code: str) -> date | None:
    """Return the day of the latest step of this code (Asia/Shanghai); None where there is none."""
    h = t.last(code)
    return h.happened_on if h else None


NAMES = (
    WordingField("信访人", "信访人姓名（名称），作称呼用；不清的为“信访人”", lambda t: t.petitioner, always=True),
    WordingField("称谓", "您、你们或你单位", lambda t: t.you, always=True),
    WordingField("事项名称", "标题中对信访事项的称呼：张三信访事项；姓名不清的用事由", _matter, always=True),
    WordingField(
        "代理人",
        "代理人姓名",
        lambda t: "、".join(p.name for p in t.people if p.role == PersonRole.AGENT.value and p.name),
    ),
)


def _people(t: WordingData) -> list[dict[str, Any]]:
    return [
        {
            "序号": n,
            "姓名": p.name or ("匿名" if t.anonymous else "姓名不清"),
            "类型": PersonKind.label_of(p.kind),
            "身份": PersonRole.label_of(p.role),
            "电话": p.phone,
            "住址": p.address,
            "证件号码": p.id_number,
            "使用语言": p.language + ("（需要翻译）" if p.translate else ""),
        }
        for n, p in enumerate(t.people, 1)
    ]


def _columns(*names: str) -> dict[str, str]:
    says = {"序号": "从1起的序号", "类型": "自然人、法人或其他组织", "身份": "信访人、联名人、代表或代理人"}
    return {n: says.get(n, n) for n in names}


CONTACTS = WordingField(
    "信访人名单",
    "全部信访人和代理人（清单）",
    _people,
    columns=_columns("序号", "姓名", "类型", "身份", "电话", "住址"),
)
WHOLE_PEOPLE = WordingField(
    "信访人名单",
    "全部信访人和代理人（清单）",
    _people,
    columns=_columns("序号", "姓名", "类型", "身份", "电话", "住址", "证件号码", "使用语言"),
)
ADDRESS = (
    WordingField("住址", "信访人住址", lambda t: t.first("address")),
    WordingField("电话", "信访人电话", lambda t: t.first("phone")),
)
REPRESENTATIVES = WordingField(
    "代表名单",
    "推选出的代表（清单）",
    lambda t: [r for r in _people(t) if r["身份"] == PersonRole.REPRESENTATIVE.label],
    columns=_columns("序号", "姓名", "电话"),
)
INQUIRY = (
    WordingField("查询码", "信访人查询办理进展用的查询码", lambda t: t.inquiry_code),
    WordingField("查询核对", "查询时除编号、查询码外还要核对什么", lambda t: _second_proof(t)),
)


def _second_proof(told: WordingData) -> str:
    return second_proof_words(told.now.number, has_number=any(p.phone or p.id_number for p in told.people))


REGISTERED_FIELDS = (
    WordingField("内容", "来信来件原文，或口头陈述的如实记录", lambda t: t.body),
    WordingField("口头提出", "是否口头提出", lambda t: t.told_orally, yes_no=True),
    WordingField("匿名", "是否匿名", lambda t: t.anonymous, yes_no=True),
    WordingField("登记日期", "登记入册的日期", lambda t: _registered_on(t), day=True),
    WordingField("登记人", "登记（接待）人员", lambda t: _registered_by(t)),
    WordingField("来访接待地点", "登记时填写的接待地点", lambda t: t.reception_place),
    WordingField("外部编号", "网上留言、自治区系统等编号", lambda t: t.external_number),
    WordingField("被反映处室", "被反映的处室（单位）", lambda t: t.units(sorted(t.facts.complained_units))),
    WordingField(
        "被反映人员",
        "被反映的工作人员",
        lambda t: "、".join(t.staff(s) for s in sorted(t.facts.complained_staff)),
    ),
)


def _registered_on(t: WordingData) -> date | None:
    return today(t.facts.history[0].recorded_at) if t.facts.history else None


def _registered_by(t: WordingData) -> str:
    return t.staff(t.facts.history[0].by) if t.facts.history else ""


def instructions(t: WordingData) -> list[dict[str, Any]]:
    """Return the instructions that followed this proposal."""
    after = t.happening.seq if t.happening else 0
    found = []
    for h in t.now.history:
        if h.code == StepCode.PROPOSE and h.seq > after and after:
            break
        if h.code == StepCode.INSTRUCT and h.seq > after and h.took_effect:
            step = h.step
            text = step.text or ("同意拟办意见。" if step.agree else "退回。")
            day = step.instructed_on or h.happened_on
            found.append({"厅领导": t.staff(step.paper_leader or h.by), "意见": text, "日期": day})
    return found


def readings(t: WordingData) -> list[dict[str, Any]]:
    """Return which leaders read the sheet since this proposal, and what they said."""
    after = t.happening.seq if t.happening else 0
    return [
        {"序号": n, "厅领导": t.staff(h.by), "意见": h.step.opinion, "日期": h.happened_on}
        for n, h in enumerate((h for h in t.now.history if h.code == StepCode.READ_SHEET and h.seq > after), 1)
    ]


PROPOSAL_FIELDS = (
    answer_field("拟办意见", "办公室拟办意见", "text"),
    WordingField("建议承办处室", "拟办时建议的承办处室（单位）", lambda t: t.unit(t.said("unit") or "")),
    WordingField("拟请批示领导", "拟请批示并包案的厅领导", lambda t: t.staff(t.said("leader") or "")),
    yes_no_field("再报主要领导", "分管领导批示后是否再报主要领导", "to_principal"),
    WordingField("拟办人", "提出拟办意见的人员", lambda t: t.by),
    WordingField("拟办日期", "拟办日期", lambda t: t.happened_on, day=True),
    WordingField(
        "批示",
        "厅领导批示（清单）",
        instructions,
        columns={"厅领导": "作出批示的厅领导", "意见": "批示的内容", "日期": "批示的日期"},
    ),
    WordingField(
        "圈阅",
        "厅领导圈阅（清单）",
        readings,
        columns={"序号": "从1起的序号", "厅领导": "圈阅的厅领导", "意见": "圈阅时写的意见", "日期": "圈阅的日期"},
    ),
)


def _pieces(which: Callable[[WordingData], Iterable[Any]]) -> Callable[[WordingData], list[dict[str, Any]]]:
    return lambda t: [
        {
            "序号": n,
            "名称": p.name,
            "种类": p.what,
            "日期": p.day,
            "八位日期": f"{p.day:%Y%m%d}" if p.day else "",
            "文号": p.number,
            "责任者": p.author,
        }
        for n, p in enumerate(which(t), 1)
    ]


_PIECE_COLUMNS = {"序号": "从1起的序号", "名称": "名称", "种类": "种类", "日期": "登记或应出具的日期"}
MATERIALS = WordingField(
    "材料",
    "本件的附件（清单）",
    _pieces(lambda t: t.pieces()),
    columns={**_PIECE_COLUMNS, "八位日期": "登记日期，如20261102", "责任者": "写成的人"},
)
EVIDENCE = WordingField(
    "证据",
    "登记为证据材料、录音录像的附件（清单）",
    _pieces(lambda t: (p for p in t.pieces() if p.code in ("evidence", "recording"))),
    columns=_PIECE_COLUMNS,
)
PAPERS_OWED = WordingField(
    "文书",
    "本件应有的文书（清单）",
    _pieces(lambda t: t.papers()),
    columns={
        "序号": "从1起的序号",
        "名称": "名称",
        "文号": "文号",
        "责任者": "写成的人",
        "日期": "应出具的日期",
        "八位日期": "应出具的日期，如20261102",
    },
)
MATERIAL_COUNT = WordingField("材料份数", "附件的份数；没有附件的为空", lambda t: str(len(t.pieces()) or ""))
