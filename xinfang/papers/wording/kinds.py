"""Which fields each kind of paper may use, and what its wording must say whatever else it says.

A paper gets only what it needs: letters that are sent out never see what was written inside the department, the legal
adviser's words are in no field but those of their own opinion (规程第十三条), and papers of a report of wrongdoing know
neither who reported nor what (条例第三十条).
"""

from collections.abc import Callable, Mapping

from xinfang.papers.wording.case_data import WordingData
from xinfang.papers.wording.fields import WordingField, answer_field, yes_no_field
from xinfang.procedure import limits
from xinfang.procedure.papers import opinion_kind
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import DeclineGround, PaperKind, Route

from . import fields as f
from . import own_power_fields as duties
from . import review_fields as reviews

K = PaperKind

TELL_THE_INFORMER = frozenset({K.REGISTRATION_SHEET, K.RECEIPT})
"""The only papers of a report of wrongdoing that say who reported and what.

They are the report's own receipt, and the sheet in the sealed file.
"""

_CASE = (*f.CASE_FIELDS, f.REQUESTS, f.MORE_THAN_ONE, *f.NAMES)
_NOTICE = (*_CASE, *f.INQUIRY)
_FOUND = (*f.CASE_FIELDS, *f.NAMES, *f.REPLY_FIELDS)

_VISITED = (
    WordingField("回访日期", "回访日期", lambda t: t.happened_on if t.step else None, day=True),
    answer_field("回访方式", "回访的方式和地点", "place"),
    WordingField("回访人", "登记回访的人员", lambda t: t.by if t.step else ""),
    answer_field("参加人员", "参加回访的人员", "who_was_there"),
    answer_field("信访人意见", "如实记录的信访人意见", "said"),
    answer_field("执行情况", "予以支持的诉求执行情况", "carried_out"),
    answer_field("后续处理", "后续处理", "further"),
)
_TALK = (
    answer_field("接谈地点", "接谈的地点或方式", "place"),
    answer_field("参加人员", "参加接谈的人员", "who_was_there"),
    answer_field("谈话内容", "如实记录的谈话内容", "said"),
    WordingField("谈话日期", "接谈日期", lambda t: t.happened_on, day=True),
    WordingField("记录人", "登记接谈的人员", lambda t: t.by),
)
_FORWARDED = (
    answer_field("转送机关", "转送到的下级科技部门", "body"),
    answer_field("转送机关联系方式", "该部门的地址和电话", "contact"),
    answer_field("转送理由", "属于其职责的依据", "reason"),
)
_ROUTES: Mapping[Route, tuple[str, str]] = {
    # The item of article 31, and whose matters it speaks of, in its words.
    Route.ONE: (
        "第一项",
        "应当通过审判机关诉讼程序或者复议程序、检察机关刑事立案程序或者法律监督程序、公安机关法律程序处理",
    ),
    Route.TWO: ("第二项", "应当通过仲裁解决"),
    Route.THREE: ("第三项", "可以通过党员申诉、申请复审等解决"),
    Route.FOUR: ("第四项", "可以通过行政复议、行政裁决、行政确认、行政许可、行政处罚等行政程序解决"),
    Route.FIVE: ("第五项", "申请查处违法行为、履行保护人身权或者财产权等合法权益职责"),
}


def _clause_of_declining(t: WordingData) -> str:
    return "第十九条" if t.said("ground") is DeclineGround.PENDING_BELOW else f"第三十一条{_of_route(0)(t)}"


def _of_route(which: int) -> Callable[[WordingData], str]:
    return lambda t: _ROUTES.get(t.facts.route, ("", ""))[which] if t.facts.route else ""


_ITEM = (
    WordingField("条例项", "条例第三十一条中的一项：第一项至第五项", _of_route(0)),
    WordingField("条例情形", "该项所列的情形，如“应当通过仲裁解决”", _of_route(1)),
)
_ROUTED = (
    answer_field("法定途径", "应当通过的法定途径", "route_name"),
    answer_field("法律依据", "法定途径的法律依据", "law"),
    answer_field("受理机关", "受理的机关", "body"),
    *_ITEM,
    answer_field("提出期限", "提出的期限", "time_limit"),
    answer_field("说明", "说明", "reason"),
)
_DECLINED = (
    answer_field("不予受理情形", "两种不予受理的情形之一", "ground"),
    WordingField("条例条款", "不予受理所依据的条例条款", _clause_of_declining),
    answer_field("处理机关", "正在处理或者已经处理的机关、单位", "body"),
    answer_field("案号", "案号、受理文号或者编号", "reference"),
    answer_field("法律依据", "不予受理的法律依据", "law"),
    answer_field("途径", "信访人可以采取的途径", "way"),
    answer_field("说明", "说明", "reason"),
)
_HANDED_TO = WordingField(
    "移送机关敬称", "对移送机关的称呼：贵组、贵单位等", lambda t: f.polite_name(t.said("body") or ""), always=True
)
_FILED = (
    answer_field("存信理由", "四种存信理由之一", "ground"),
    answer_field("原件编号", "已完结的原件编号", "concluded_number"),
    answer_field("说明", "说明", "reason"),
)
_RECONSIDERED = (
    WordingField(
        "不服的决定",
        "存信、不予受理、告知、导入、按建议（咨询）回复或者认定重复（并案）等",
        lambda t: f.earlier_answer(t, StepCode.REQUEST_RECONSIDERATION, "against"),
    ),
    WordingField(
        "请求日期", "信访人请求重新审查的日期", lambda t: f.when(t, StepCode.REQUEST_RECONSIDERATION), day=True
    ),
    WordingField(
        "请求理由",
        "信访人请求重新审查的理由，加引号",
        lambda t: f.quoted(f.earlier_answer(t, StepCode.REQUEST_RECONSIDERATION, "reason") or ""),
    ),
    WordingField("撤销原决定", "是否撤销原决定", lambda t: bool(t.said("agree")), yes_no=True),
    answer_field("决定理由", "决定的理由", "reason"),
)
_RECUSED = (
    WordingField("回避人员", "被提出回避的人员", lambda t: t.staff(t.said("person") or "")),
    answer_field("利害关系", "申请回避的理由", "reason"),
    WordingField("提出人", "提出回避的人员", lambda t: t.by),
    WordingField("提出日期", "提出回避的日期", lambda t: t.happened_on, day=True),
    WordingField("决定意见", "决定人的意见", lambda t: t.second.answer.opinion if t.second else ""),
    WordingField("决定人", "作出决定的人员", lambda t: t.staff(t.second.by) if t.second else ""),
)
_HEARING = (
    WordingField("听证日期", "听证日期", lambda t: t.happened_on, day=True),
    answer_field("听证情况", "听证情况", "text"),
)
_MEDIATION = (
    WordingField("调解日期", "调解日期", lambda t: t.happened_on, day=True),
    answer_field("经过和结果", "调解经过和结果", "text"),
)


def _asked_for_more_time(t: WordingData) -> str:
    h = t.last(StepCode.REQUEST_EXTENSION)
    return str(h.step.days) if h else ""


_EXTENSION = (
    WordingField("延长天数", "批准延长的天数", lambda t: str(t.said("days") or "")),
    answer_field("延期理由", "批准延期的理由", "reason"),
    WordingField("原办结期限", "延期前应当办结的日期", lambda t: t.handling_due(0), day=True),
    WordingField("新办结期限", "延期后应当办结的日期", lambda t: t.handling_due(t.said("days") or 0), day=True),
    WordingField("申请天数", "申请延长的天数", _asked_for_more_time),
    WordingField("申请理由", "申请延期的理由", lambda t: f.earlier_answer(t, StepCode.REQUEST_EXTENSION, "reason")),
    WordingField("申请人", "申请延期的人员", lambda t: _who(t, StepCode.REQUEST_EXTENSION)),
    WordingField("申请日期", "申请延期的日期", lambda t: f.when(t, StepCode.REQUEST_EXTENSION), day=True),
    WordingField("批准人", "批准延期的厅领导", lambda t: t.by),
    WordingField("批准日期", "批准延期的日期", lambda t: t.happened_on, day=True),
)
_ANSWERED = (
    answer_field("回复内容", "回复的内容", "text"),
    answer_field("采纳情况", "予以采纳、部分采纳或未采纳；不是建议的为空", "adoption"),
    answer_field("采纳的部分", "部分采纳的，采纳哪一部分", "adopted_part"),
    WordingField("论证日期", "研究论证的日期", lambda t: f.when(t, StepCode.STUDY), day=True),
    WordingField("论证人员", "参加研究论证的处室和人员", lambda t: f.earlier_answer(t, StepCode.STUDY, "studied_by")),
    answer_field("依据", "处理依据", "basis"),
)
_REPORTED = (
    answer_field("报送机关", "报送到的机关", "body"),
    WordingField(
        "报送机关敬称", "对报送机关的称呼：贵局、贵厅等", lambda t: f.polite_name(t.said("body") or ""), always=True
    ),
    answer_field("对方编号", "对方的编号", "external_number"),
    answer_field("报送内容", "报送的内容", "text"),
    yes_no_field("办结报告", "是否为办结报告", "completion"),
)
_PRESSED = WordingField("督办办公室", "交办之前由厅领导督办办公室的", lambda t: t.facts.office_pressed, yes_no=True)
_SUPERVISED = (
    _PRESSED,
    answer_field("督办事由", "督办的事由", "ground"),
    answer_field("督办要求", "督办的要求", "text"),
    WordingField("反馈日期", "要求反馈的日期", lambda t: t.due("supervision"), day=True),
)


def _opinion_by(t: WordingData) -> str:
    """Return who gave the opinion that is reviewed: this department where the case has a reply, else nobody known."""
    return t.department if f.reply_number(t) else ""


_REVIEW_ASKED = (
    WordingField(
        "请求机关",
        "受理复查（复核）请求的机关；只填写了名称的取系统设置，有地址",
        lambda t: f.with_address(t, t.said("body") or ""),
    ),
    WordingField("请求机关名称", "受理复查（复核）请求的机关，不带地址", lambda t: f.bare_name(t.said("body") or "")),
    WordingField("原办理机关", "作出处理意见的机关", _opinion_by),
    answer_field("请求理由", "请求复查（复核）的理由", "reason"),
    answer_field("逾期理由", "逾期的理由", "late_reason"),
    WordingField("请求日期", "请求复查（复核）的日期", lambda t: t.happened_on, day=True),
    WordingField(
        "请求复核",
        "是否为请求复核",
        lambda t: t.happening is not None and t.happening.code == StepCode.REQUEST_FINAL_REVIEW,
        yes_no=True,
    ),
)


def _asked_body(t: WordingData, code: str) -> str:
    return f.bare_name(f.earlier_answer(t, code, "body") or "")


_REVIEWED = (
    answer_field("复查结论", "维持、撤销、变更或责令重新办理", "result"),
    WordingField("复查请求日期", "收到复查请求的日期", lambda t: f.when(t, StepCode.REQUEST_FIRST_REVIEW), day=True),
    WordingField(
        "复查请求理由",
        "信访人所写的请求复查的理由，加引号",
        lambda t: f.quoted(f.earlier_answer(t, StepCode.REQUEST_FIRST_REVIEW, "reason") or ""),
    ),
    WordingField("原办理机关", "作出处理意见的机关", _opinion_by),
    WordingField("复查机关名称", "作出复查意见的机关", lambda t: _asked_body(t, StepCode.REQUEST_FIRST_REVIEW)),
    WordingField("复核机关名称", "作出复核意见的机关", lambda t: _asked_body(t, StepCode.REQUEST_FINAL_REVIEW)),
    WordingField("复核请求日期", "收到复核请求的日期", lambda t: f.when(t, StepCode.REQUEST_FINAL_REVIEW), day=True),
    WordingField(
        "复核请求理由",
        "信访人所写的请求复核的理由，加引号",
        lambda t: f.quoted(f.earlier_answer(t, StepCode.REQUEST_FINAL_REVIEW, "reason") or ""),
    ),
    WordingField(
        "复查意见书文号", "复查意见书文号", lambda t: f.earlier_answer(t, StepCode.FIRST_REVIEW, "document_number")
    ),
)


def _served_paper(t: WordingData) -> str:
    """Return what was served, with its number; the reply where the step names no paper."""
    place = t.said("paper")
    paper = next((p for p in t.now.papers if p.number == place), None)
    name, number = (
        (paper.kind.label, paper.document_number) if paper else (opinion_kind(t.now).label, f.reply_number(t))
    )
    return f"{name}　{number}".strip()


_SERVED = (
    WordingField("送达文书", "送达文书的名称和文号", _served_paper, always=True),
    WordingField("送达日期", "送达日期", lambda t: t.happened_on, day=True),
    answer_field("送达方式", "送达方式", "method"),
    answer_field("签收情况", "签收或拒收", "receipt"),
    WordingField("受送达人", "受送达人", lambda t: t.petitioner, always=True),
    WordingField("送达人", "送达人员", lambda t: t.by),
    answer_field("签收人", "签收人", "receiver"),
    answer_field("见证人", "见证人", "witness"),
    answer_field("邮件号码", "挂号（快递）单号", "mail_number"),
)
_CLOSED = (
    answer_field("结案说明", "结案说明", "text"),
    WordingField("提出人", "申请结案的人员", lambda t: t.by),
    WordingField("提出日期", "申请结案的日期", lambda t: t.happened_on, day=True),
    WordingField("批准人", "批准结案的厅领导", lambda t: t.staff(t.second.by) if t.second else ""),
    WordingField("批准日期", "批准结案的日期", lambda t: t.second.happened_on if t.second else None, day=True),
    WordingField("批准意见", "批准人的意见", lambda t: t.second.answer.opinion if t.second else ""),
    WordingField("延长天数", "本件批准延长的天数", lambda t: str(t.facts.extended_days or "")),
    WordingField("听取意见", "是否已听取信访人陈述", lambda t: t.facts.heard, yes_no=True),
    WordingField("有法律意见", "是否已有法律顾问意见", lambda t: t.facts.advice_given, yes_no=True),
)


def _who(t: WordingData, code: str) -> str:
    h = t.last(code)
    return t.staff(h.by) if h else ""


_OF: Mapping[PaperKind, tuple[WordingField, ...]] = {
    K.REGISTRATION_SHEET: (*_CASE, *f.REGISTERED_FIELDS, f.WHOLE_PEOPLE, *f.ADDRESS),
    K.RECEIPT: (*_CASE, *f.INQUIRY, f.MATERIAL_COUNT, *(x for x in f.REGISTERED_FIELDS if x.name == "登记人")),
    K.CONVERSATION_RECORD: (*_CASE, *_TALK),
    K.REPRESENTATIVES_SHEET: (*_CASE, f.REPRESENTATIVES),
    K.ACCEPTANCE_NOTICE: (
        *_NOTICE,
        WordingField(
            "承办电话",
            "受理时填写的联系方式；未填写的取系统设置",
            lambda t: t.said("contact") or t.setting("contact_phone"),
        ),
        WordingField("简易办结期限", "简易办理应当办结的日期", lambda t: t.due("simple_handling"), day=True),
    ),
    K.RECEIPT_NOTICE: (
        *_NOTICE,
        answer_field("处理途径", "处理途径和程序", "text"),
        WordingField("回复期限", "应当回复的日期", lambda t: t.due("suggestion"), day=True),
    ),
    K.FORWARDING_NOTICE: (*_NOTICE, *_FORWARDED),
    K.FORWARDING_LETTER: (*_CASE, *_FORWARDED, f.CONTACTS, f.MATERIAL_COUNT),
    K.SENDER_LETTER: (*_CASE, *_FORWARDED),
    K.REDIRECT_NOTICE: (
        *_NOTICE,
        answer_field("有权机关", "有权处理的机关、单位", "body"),
        answer_field("提出方式", "提出的方式和地址", "how"),
        answer_field("理由", "不属本厅职权的依据", "reason"),
    ),
    K.DISCLOSURE_NOTICE: (
        *_NOTICE,
        answer_field("申请的信息", "要求提供的政府信息", "information"),
        answer_field("受理机构", "受理公开申请的机构和联系方式", "body"),
        answer_field("提出方式", "还须补充的材料和提出方式", "how"),
        answer_field("说明", "说明", "reason"),
        WordingField(
            "公开答复天数", "答复公开申请的工作日天数", lambda t: str(t.number_of(limits.DISCLOSURE)), always=True
        ),
    ),
    K.ROUTE_NOTICE: (*_NOTICE, *_ROUTED),
    K.DECLINE_NOTICE: (*_NOTICE, *_DECLINED),
    K.REFUSAL_NOTICE: (
        *_NOTICE,
        answer_field("处理意见书文号", "处理意见书文号", "opinion_number"),
        answer_field("复查意见书文号", "复查意见书文号", "first_review_number"),
        answer_field("复核意见书文号", "复核意见书文号", "final_review_number"),
        answer_field("说明", "说明", "reason"),
    ),
    K.FILING_NOTICE: (*_NOTICE, *_FILED),
    K.JOINING_NOTICE: (*_NOTICE, answer_field("理由", "并案的理由", "reason")),
    K.JOINED_REPLY: (
        *_NOTICE,
        answer_field("首件意见书文号", "首件意见书的文号", "opinion_number"),
        WordingField("首件答复日期", "首件答复送出的日期", lambda t: t.said("answered_on"), day=True),
        WordingField("可以复查", "申诉求决的答复可以请求复查", lambda t: not t.facts.short_path, yes_no=True),
        answer_field("补充说明", "补充说明", "note"),
    ),
    K.PARTS_NOTICE: (
        *_NOTICE,
        WordingField(
            "各件",
            "来信分成的各件和各自的去向（清单）",
            lambda t: [
                {"序号": n, "编号": w.number, "诉求": w.requests, "去向": w.where}
                for n, w in enumerate(t.said("whereabouts") or (), 1)
            ],
            columns={"序号": "从1起的序号", "编号": "该件的编号", "诉求": "该件的诉求", "去向": "该件由谁怎样办理"},
        ),
        answer_field("补充说明", "补充说明", "note"),
    ),
    K.RECONSIDERATION_NOTICE: (*_NOTICE, *_RECONSIDERED),
    K.FILING_SLIP: (
        *_CASE,
        *_FILED,
        answer_field("联系经过", "联系信访人的经过", "contact_attempt"),
        WordingField("提出人", "提出存信的人员", lambda t: t.by),
        WordingField("提出日期", "提出存信的日期", lambda t: t.happened_on, day=True),
        WordingField("确认人", "确认存信的另一人", lambda t: t.staff(t.second.by) if t.second else ""),
        WordingField("确认日期", "确认存信的日期", lambda t: t.second.happened_on if t.second else None, day=True),
        WordingField("确认意见", "确认人的意见", lambda t: t.second.answer.opinion if t.second else ""),
    ),
    K.SUPPLEMENT_NOTICE: (*_NOTICE, *f.ADDRESS),
    K.SEALED_LETTER: (
        *f.RECEIVED_FIELDS,
        answer_field("移送机关", "移送到的机关", "body"),
        _HANDED_TO,
        f.MATERIAL_COUNT,
    ),
    K.HAND_OVER_RECEIPT: (
        answer_field("移送机关", "移送到的机关", "body"),
        answer_field("回执编号", "对方的回执编号", "receipt_number"),
        WordingField("移送日期", "移送日期", lambda t: t.happened_on, day=True),
    ),
    K.OBJECTION_LETTER: (
        *_CASE,
        answer_field("异议理由", "提出异议的详细理由", "reason"),
        answer_field("建议机关", "建议有权处理的机关", "right_body"),
        f.MATERIAL_COUNT,
    ),
    K.TRANSFER_SHEET: (
        *_CASE,
        answer_field("答复文号", "来文机关答复的文号", "answer_number"),
        WordingField("答复日期", "来文机关答复的日期", lambda t: t.happened_on, day=True),
        f.MATERIALS,
    ),
    K.INSTRUCTION_SHEET: (*_CASE, *f.PROPOSAL_FIELDS),
    K.HAND_OVER_SLIP: (
        *_CASE,
        answer_field("办理要求", "办理要求", "note"),
        WordingField("交办反馈日期", "要求反馈的日期", lambda t: t.said("feedback_on"), day=True),
        WordingField("转交日期", "转办、交办的日期", lambda t: t.happened_on, day=True),
        WordingField("经办人", "办理转办、交办的人员", lambda t: t.by),
        WordingField("回复期限", "建议、咨询应当回复的日期", lambda t: t.due("suggestion"), day=True),
        WordingField(
            "批示", "厅领导批示（清单）", f.instructions, columns=dict.fromkeys(("厅领导", "意见", "日期"), "批示")
        ),
    ),
    K.INQUIRY_RECORD: _CASE,
    K.INQUIRY_REPORT: _FOUND,
    K.EVIDENCE_LIST: (*_CASE, f.EVIDENCE),
    K.LEGAL_ADVICE: (
        WordingField("事由", "一句话说明反映什么", lambda t: t.facts.subject, always=True),
        WordingField("送审意见", "送审的处理意见", lambda t: f.earlier_answer(t, StepCode.SEEK_LEGAL_ADVICE, "draft")),
        WordingField("送审日期", "送审日期", lambda t: f.when(t, StepCode.SEEK_LEGAL_ADVICE), day=True),
        WordingField("送审人", "送审人员", lambda t: _who(t, StepCode.SEEK_LEGAL_ADVICE)),
        answer_field("法律意见", "法律顾问的意见", "text"),
        WordingField("法律顾问", "出具意见的法律顾问", lambda t: t.by),
        WordingField("出具日期", "出具意见的日期", lambda t: t.happened_on, day=True),
    ),
    K.HEARING_NOTICE: (*_NOTICE, *_HEARING[:1]),
    K.HEARING_RECORD: (*_CASE, *_HEARING),
    K.HEARING_REPORT: (*_CASE, *_HEARING),
    K.MEDIATION_CONSENT: (*_CASE, *_MEDIATION[:1]),
    K.MEDIATION_AGREEMENT: (*_CASE, *_MEDIATION, *f.ADDRESS),
    K.RECUSAL_REQUEST: (*_CASE, *_RECUSED),
    K.RECUSAL_DECISION: (*_CASE, *_RECUSED),
    K.EXTENSION_APPROVAL: (*_CASE, *_EXTENSION),
    K.EXTENSION_NOTICE: (
        *_NOTICE,
        *(
            x
            for x in _EXTENSION
            if x.name in ("延长天数", "延期理由", "原办结期限", "新办结期限", "批准人", "批准日期")
        ),
    ),
    K.REPLY_OPINION: (*_FOUND, f.OWN_ACCOUNT),
    K.SIMPLE_REPLY: (*_NOTICE, *_ANSWERED, *(x for x in f.REPLY_FIELDS if x.name == "复查机关")),
    K.SUGGESTION_REPLY: (*_NOTICE, *_ANSWERED, *(x for x in f.REPLY_FIELDS if x.name == "复查机关")),
    K.SERVICE_RECEIPT: (*_FOUND, *f.ADDRESS, *_SERVED),
    K.COMPLETION_REPORT: (*_FOUND, *_REPORTED),
    K.REPORT_PACKAGE: (*_CASE, *_REPORTED, f.MATERIAL_COUNT),
    K.SUPERVISION_LETTER: (*_CASE, *_SUPERVISED),
    K.SUPERVISION_ANSWER: (
        *_CASE,
        _PRESSED,
        answer_field("反馈内容", "督办反馈的内容", "text"),
        WordingField("督办事由", "所反馈的督办事由", lambda t: f.earlier_answer(t, StepCode.SUPERVISE, "ground")),
        WordingField("督办要求", "所反馈的督办要求", lambda t: f.earlier_answer(t, StepCode.SUPERVISE, "text")),
        WordingField("督办日期", "督办日期", lambda t: f.when(t, StepCode.SUPERVISE), day=True),
        WordingField("反馈人", "反馈的人员", lambda t: t.by),
    ),
    K.ADVICE_REPLY: (
        *_CASE,
        answer_field("采纳情况", "予以采纳、部分采纳或未采纳", "adoption"),
        answer_field("反馈内容", "采纳的措施，或者不采纳的理由", "text"),
        WordingField("建议机关", "提出建议的信访部门", lambda t: f.earlier_answer(t, StepCode.RECORD_ADVICE, "body")),
        WordingField(
            "建议机关敬称",
            "对该部门的称呼：贵局、贵单位等",
            lambda t: f.polite_name(f.earlier_answer(t, StepCode.RECORD_ADVICE, "body") or ""),
            always=True,
        ),
        WordingField(
            "建议文号", "来函的文号", lambda t: f.earlier_answer(t, StepCode.RECORD_ADVICE, "document_number")
        ),
        WordingField("建议种类", "三种建议之一", lambda t: f.earlier_answer(t, StepCode.RECORD_ADVICE, "kind")),
        WordingField("建议内容", "建议的内容", lambda t: f.earlier_answer(t, StepCode.RECORD_ADVICE, "text")),
    ),
    K.REVIEW_APPLICATION: (*_FOUND, *f.ADDRESS, *_REVIEW_ASKED),
    K.REVIEW_ACCEPTANCE: (*_NOTICE, *reviews.ASKED, *reviews.ACCEPTED),
    K.REVIEW_REFUSAL: (*_NOTICE, *reviews.ASKED, *reviews.REFUSED),
    K.REVIEW_OPINION: (*f.CASE_FIELDS, *f.NAMES, *reviews.ASKED, *reviews.DECIDED),
    K.FINAL_REVIEW_OPINION: (*_FOUND, *_REVIEWED),
    K.DUTY_NOTICE: (*_NOTICE, *_ITEM, *duties.ACCEPTED),
    K.DUTY_REPLY: (*_FOUND, f.OWN_ACCOUNT, *_ITEM, *duties.ANSWERED),
    K.URGENT_REPORT: _CASE,
    K.GROUP_VISIT_RECORD: (*_CASE, f.REPRESENTATIVES),
    K.CLOSING_SHEET: (*_FOUND, *_CLOSED, reviews.IS_REVIEW, reviews.TERM, reviews.RESULT, *duties.CLOSED),
    K.VOLUME_LIST: (
        *_FOUND,
        WordingField("页数", "移交的页数", lambda t: str(t.said("pages") or "")),
        answer_field("移交说明", "移交说明", "note"),
        WordingField("移交人", "移交人员", lambda t: t.by),
        WordingField("移交日期", "移交日期", lambda t: t.happened_on, day=True),
        f.PAPERS_OWED,
        f.MATERIALS,
    ),
    K.FOLLOW_UP_RECORD: (*_FOUND, *_VISITED),
    K.SETTLEMENT_PLEDGE: _CASE,
}

FIELDS: Mapping[PaperKind, Mapping[str, WordingField]] = {
    kind: f.by_name((*f.DEPARTMENT_FIELDS, *own)) for kind, own in ((k, _OF[k]) for k in PaperKind)
}
"""The fields of every kind of paper by name, for wordings and for the page that lists them."""


def known_fields(kind: PaperKind) -> dict[str, tuple[str, ...] | None]:
    """Return the names a wording of this kind may use; for lists with their columns."""
    return {name: tuple(x.columns) if x.columns is not None else None for name, x in FIELDS[kind].items()}


VOLUNTARY = "本承诺出于自愿；不影响承诺人依法申请复查、复核、行政复议、提起诉讼及提出新的信访事项的权利；不作为兑现处理意见的条件。"
"""The fixed paragraph of the pledge (domain of the constitution, art. 41): no wording may leave it out."""

_ASKED = ("诉求.内容", "诉求.认定事实", "诉求.处理意见|诉求.结论", "诉求.依据", "复查机关", "复查天数")
MUST_NAME: Mapping[PaperKind, tuple[str, ...]] = {
    # What the law wants to be read in a paper: fields that its wording can't do without, one of those between bars.
    K.ACCEPTANCE_NOTICE: ("收到日期", "受理日期", "办理天数", "办结期限", "查询码"),
    K.FORWARDING_NOTICE: ("转送机关", "转送机关联系方式"),
    K.SENDER_LETTER: ("转送机关",),
    K.REDIRECT_NOTICE: ("有权机关",),
    K.DISCLOSURE_NOTICE: ("受理机构", "收到日期", "公开答复天数"),
    K.ROUTE_NOTICE: ("法定途径", "法律依据", "受理机关", "提出期限"),
    K.DECLINE_NOTICE: ("处理机关", "法律依据", "途径"),
    K.REFUSAL_NOTICE: ("处理意见书文号", "复查意见书文号", "复核意见书文号"),
    K.EXTENSION_NOTICE: ("延期理由", "新办结期限"),
    K.ADVICE_REPLY: ("建议内容", "采纳情况", "反馈内容"),
    K.REPLY_OPINION: _ASKED,
    K.REVIEW_ACCEPTANCE: ("原办理机关", "复查期限"),
    K.REVIEW_REFUSAL: ("不予受理理由", "不予受理依据", "可以采取的途径"),
    K.REVIEW_OPINION: ("原办理机关", "复查查明事实", "复查结论", "复查依据", "落实期限", "复核机关", "复核天数"),
    K.FINAL_REVIEW_OPINION: ("复查结论",),
    K.DUTY_NOTICE: ("适用法律", "答复期限"),
    K.DUTY_REPLY: (*_ASKED[:4], "救济途径|行政复议机关", "复议天数", "起诉月数"),
}
MUST_SAY: Mapping[PaperKind, tuple[str, ...]] = {
    K.ACCEPTANCE_NOTICE: ("回避",),
    K.REPLY_OPINION: ("自收到", "复查"),
    K.REVIEW_ACCEPTANCE: ("回避",),
    K.DUTY_NOTICE: ("回避",),
    K.REVIEW_OPINION: ("自收到", "复核"),
    K.REGISTRATION_SHEET: ("个人信息",),
    K.SETTLEMENT_PLEDGE: (VOLUNTARY,),
}
"""Words that a wording can't do without."""
