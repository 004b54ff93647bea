"""The field's words: one English name and one Chinese label for each (glossary; procedure.md)."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A code that is stored and a Chinese label that is shown."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        """Make a word of its stored code and its label."""
        word = str.__new__(cls, code)
        word._value_ = code
        word.label = label
        return word

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the word of a stored code.

        Raises:
            ValueError: there is no such word.
        """
        word = cls.get(code)
        if word is None:
            raise ValueError(f"{code!r} is no {cls.__name__}")
        return word

    @classmethod
    def get(cls, code: str | None) -> Self | None:
        """Return the word of a code that somebody sent; None where it is none."""
        word = cls._value2member_map_.get(code)
        return word if isinstance(word, cls) else None

    @classmethod
    def label_of(cls, code: str) -> str:
        """Return the label of a stored code; empty where it is none."""
        word = cls.get(code)
        return word.label if word else ""


class State(Word):
    """The state of a petition. The first eight are the main path; the others are ends beside it."""

    REGISTERED = "registered", "已登记"
    PROPOSED = "proposed", "待批示"
    INSTRUCTED = "instructed", "已批示"
    HANDLING = "handling", "办理中"
    REPLIED = "replied", "已出具意见书"
    SERVED = "served", "已送达"
    CLOSED = "closed", "已结案"
    ARCHIVED = "archived", "已归档"
    REDIRECTED = "redirected", "已告知有权机关"
    OBJECTED = "objected", "异议待核"
    RETURNED = "returned", "已退回"
    FORWARDED = "forwarded", "已转送下级"
    ROUTED = "routed", "已导入法定途径"
    DECLINED = "declined", "不予受理"
    FILED = "filed", "存信"
    HANDED_OVER = "handed_over", "已移送（检举控告）"
    REFUSED_FURTHER = "refused_further", "不再受理"
    WITHDRAWN = "withdrawn", "已撤回"
    ANSWERED = "answered", "已回复"
    HISTORY = "history", "历史件"
    UNDONE = "undone", "导入已撤销"


MAIN_PATH = (
    State.REGISTERED,
    State.PROPOSED,
    State.INSTRUCTED,
    State.HANDLING,
    State.REPLIED,
    State.SERVED,
    State.CLOSED,
    State.ARCHIVED,
)
OPEN_STATES = (
    State.REGISTERED,
    State.PROPOSED,
    State.INSTRUCTED,
    State.HANDLING,
    State.REPLIED,
    State.SERVED,
    State.OBJECTED,
)
"""States in which the department still owes the petitioner something."""
TERMINAL_STATES = tuple(s for s in State if s not in OPEN_STATES)
EVERY_MATTER = tuple(s for s in State if s is not State.UNDONE)
"""All states but that of a row that was brought in by mistake: it is no matter, and nothing is done with it."""


class Channel(Word):
    """How it reached us (H1, N17)."""

    ONLINE = "online", "网络"
    LETTER = "letter", "来信"
    PHONE = "phone", "来电"
    FAX = "fax", "传真"
    VISIT = "visit", "来访"


NUMBER_PREFIX = {
    Channel.ONLINE: "WX",
    Channel.LETTER: "LX",
    Channel.PHONE: "LD",
    Channel.FAX: "CZ",
    Channel.VISIT: "LF",
}


class Source(Word):
    """Who brought it to us (H7, H8, H12)."""

    DIRECT = "direct", "信访人直接提出"
    BUREAU_FORWARDED = "bureau_forwarded", "自治区信访部门转送"
    BUREAU_ASSIGNED = "bureau_assigned", "自治区信访部门交办"
    SUPERIOR = "superior", "上级部门转来"
    LEADER_ASSIGNED = "leader_assigned", "厅领导交办"
    AT_BUREAU = "at_bureau", "在自治区信访部门上访"
    HOTLINE = "hotline", "12345热线转办"
    MESSAGE_BOARD = "message_board", "人民网留言板转办"
    DISCIPLINE = "discipline", "纪检监察机关转办"
    CONGRESS = "congress", "人大转办"
    CPPCC = "cppcc", "政协转办"

    @property
    def handed_down(self) -> bool:
        """Forwarded or assigned by the petition bureau or a superior, always with a paper (H8, N23)."""
        return self in (Source.BUREAU_FORWARDED, Source.BUREAU_ASSIGNED, Source.SUPERIOR)

    @property
    def passed_on(self) -> bool:
        """Passed on by a body that is neither petition bureau nor superior, with its number: nothing to object to."""
        return self in (
            Source.HOTLINE,
            Source.MESSAGE_BOARD,
            Source.DISCIPLINE,
            Source.CONGRESS,
            Source.CPPCC,
        )


class MatterClass(Word):
    """The three classes of the national regulation (N29–31)."""

    SUGGESTION = "suggestion", "建议意见"
    REPORT = "report", "检举控告"
    CLAIM = "claim", "申诉求决"


class Purpose(Word):
    """What the petitioner wants, as the regional system counts it."""

    APPEAL = "appeal", "申诉"
    CLAIM = "claim", "求决"
    REPORT = "report", "揭发控告"
    SUGGESTION = "suggestion", "意见建议"
    CONSULTATION = "consultation", "咨询"
    OTHER = "other", "其他"


class Route(Word):
    """The six ways of N31 for 申诉求决."""

    ONE = "one", "（一）诉讼、复议、检察或公安程序"
    TWO = "two", "（二）仲裁"
    THREE = "three", "（三）党员申诉、申请复审"
    FOUR = "four", "（四）行政复议、裁决、确认、许可、处罚等行政程序"
    FIVE = "five", "（五）查处违法行为、履行保护职责"
    SIX = "six", "（六）信访处理程序"


class PersonKind(Word):
    """Who a petitioner can be (H1, N17, N48)."""

    NATURAL = "natural", "自然人"
    LEGAL = "legal", "法人"
    ORGANISATION = "organisation", "其他组织"


class PersonRole(Word):
    """What a person is in this petition."""

    PETITIONER = "petitioner", "信访人"
    CO_SIGNER = "co_signer", "联名人"
    REPRESENTATIVE = "representative", "代表"
    AGENT = "agent", "代理人"
    HEIR = "heir", "近亲属（权利承受人）"


class Role(Word):
    """The duties a member of staff can hold (docs/procedure.md)."""

    RECEPTION = "reception", "接待登记"
    COUNTER = "counter", "窗口签发（办公室主任授权）"
    OFFICE = "office", "办公室"
    OFFICE_HEAD = "office_head", "办公室主任"
    PRINCIPAL_LEADER = "principal_leader", "厅主要领导"
    LEADER = "leader", "分管厅领导"
    UNIT_HEAD = "unit_head", "处室（单位）负责人"
    HANDLER = "handler", "承办人"
    LEGAL_ADVISER = "legal_adviser", "法律顾问"
    ARCHIVE_ROOM = "archive_room", "机要室"
    SUPPORT_CENTRE = "support_centre", "保障中心"
    DUTY_DESK = "duty_desk", "物业值班"
    SEALED_OFFICER = "sealed_officer", "检举控告专管员"
    AUDITOR = "auditor", "审计员"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    SECURITY_ADMINISTRATOR = "security_administrator", "安全管理员"
    PETITIONER = "petitioner", "信访人"
    SYSTEM = "system", "系统"


STAFF_ROLES = tuple(r for r in Role if r not in (Role.PETITIONER, Role.SYSTEM))
"""The duties that can be given to somebody."""


class Conclusion(Word):
    """What is decided on one request (N32)."""

    SUPPORT = "support", "予以支持"
    EXPLAIN = "explain", "解释说明"
    REFUSE = "refuse", "不予支持"


class Disposition(Word):
    """The four ways of H13 and N27."""

    SOLVE = "solve", "解决问题"
    EDUCATE = "educate", "思想教育"
    ASSIST = "assist", "帮扶救助"
    LAWFUL = "lawful", "依法处理"


class Competence(Word):
    """Whose matter it is, as the office finds when it classifies (H7, H8, N23)."""

    OURS = "ours", "属于本厅职权"
    SUBORDINATE = "subordinate", "属于下级科技部门职权"
    ELSEWHERE = "elsewhere", "属于其他机关、单位职权"


class DeclineGround(Word):
    """Why a matter is not accepted (H9, N19)."""

    IN_LAWFUL_PROCEDURE = "in_lawful_procedure", "已经通过诉讼、仲裁、行政复议等法定途径处理"
    PENDING_BELOW = "pending_below", "下级机关、单位已经受理或者正在办理同一事项，尚在规定期限内"


class FilingReason(Word):
    """Why a letter may be filed without action (H10)."""

    CONCLUDED = "concluded", "已按程序办理完结"
    ANSWERED_REPEAT = "answered_repeat", "已回复的重复来信"
    UNCLEAR = "unclear", "经联系仍内容不清"
    NO_VALUE = "no_value", "无参考价值"


class ServiceMethod(Word):
    """How a paper reaches the petitioner."""

    IN_PERSON = "in_person", "当面送达"
    POST = "post", "邮寄送达"
    ELECTRONIC = "electronic", "电子送达（经同意）"
    LEFT = "left", "留置送达"
    PUBLIC = "public", "公告送达"


class DispatchMethod(Word):
    """How a paper leaves the house before anybody has signed for it."""

    POST = "post", "邮寄"
    ELECTRONIC = "electronic", "电子方式（经同意）"
    EXCHANGE = "exchange", "公文交换（限机关、单位）"


class ReceiptKind(Word):
    """What the petitioner did with the paper served."""

    SIGNED = "signed", "签收"
    REFUSED = "refused", "拒收"


class FailedServiceReason(Word):
    """Why a paper did not reach the petitioner."""

    RETURNED = "returned", "邮件退回"
    NOT_FOUND = "not_found", "多次上门未遇，下落不明"
    MOVED = "moved", "地址不详或者已经搬迁"
    DIED = "died", "受送达人死亡"


class ReviewResult(Word):
    """What a review decides (N35, N36)."""

    UPHELD = "upheld", "维持"
    REVOKED = "revoked", "撤销"
    CHANGED = "changed", "变更"
    REDO = "redo", "责令重新办理"

    @property
    def sends_back(self) -> bool:
        """Whether the matter must be handled once more, by whom the opinion was."""
        return self in (ReviewResult.REVOKED, ReviewResult.REDO)


class AdviceKind(Word):
    """What the petition bureau advises the department to do (N40)."""

    IMPROVE = "improve", "改进工作"
    POLICY = "policy", "完善政策"
    ACCOUNT = "account", "追究责任"


class CompetenceQuestion(Word):
    """How it is settled which of several bodies takes a matter (N24)."""

    AGREED = "agreed", "与有关机关、单位协商"
    REFERRED = "referred", "受理有争议，报请共同上一级或者联席会议决定"
    SUCCESSOR = "successor", "机关、单位分立、合并、撤销，由承继职权的受理"


class Adoption(Word):
    """Whether a suggestion is taken up (N29)."""

    FULL = "full", "予以采纳"
    PARTLY = "partly", "部分采纳"
    NOT = "not", "未采纳"


class ReviewDeclineGround(Word):
    """Why a request to review another body's opinion is not accepted (N19, N35, N36)."""

    LATE = "late", "逾期提出，没有正当理由"
    NOT_ABOVE = "not_above", "本厅不是作出意见机关的上一级"
    ELSEWHERE = "elsewhere", "其他机关正在复查，或者已经作出复查意见"
    NO_OPINION = "no_opinion", "所附文书不是信访处理意见，应当通过法定途径解决"
    CONCLUDED = "concluded", "该事项已有复核意见"


class SupervisionGround(Word):
    """Why the office presses a unit (N40)."""

    OVERDUE = "overdue", "无正当理由未按期办结"
    NO_FEEDBACK = "no_feedback", "未按规定反馈办理结果"
    WRONG_PROCEDURE = "wrong_procedure", "未按规定程序受理、办理"
    EVASION = "evasion", "推诿、敷衍、拖延、弄虚作假"
    NOT_CARRIED_OUT = "not_carried_out", "拒不执行处理意见"


class ReplyStage(Word):
    """How far the reply (意见书) has come."""

    NONE = "none", "未拟稿"
    DRAFTED = "drafted", "待审核"
    REVIEWED = "reviewed", "待签发"
    SIGNED = "signed", "待印发"
    ISSUED = "issued", "已印发"


NOT_YET_SIGNED = (ReplyStage.NONE, ReplyStage.DRAFTED, ReplyStage.REVIEWED)
"""As long as it is so, the reply may be written again."""


class CorrectionOf(Word):
    """What may be corrected openly, with a reason; nothing is overwritten."""

    RECEIVED_ON = "received_on", "收到日期"
    CHANNEL = "channel", "信访形式"
    SOURCE = "source", "来源"
    SUBJECT = "subject", "事由"
    BODY = "body", "来信（来访）内容"
    CATEGORY = "category", "内容分类"
    SENDER = "sender", "来文机关"
    SENDER_NUMBER = "sender_number", "来文编号"
    SENDER_DATE = "sender_date", "来文日期"
    FEEDBACK_DUE = "feedback_due", "要求反馈日期"
    GROUP_SIZE = "group_size", "人数"
    REQUEST = "request", "诉求的文字"
    SERVED_ON = "served_on", "送达日期"
    ACCEPTED_ON = "accepted_on", "受理日期"
    NAME = "name", "信访人姓名（名称）"
    PHONE = "phone", "信访人电话"
    ADDRESS = "address", "信访人住址"
    ROLE = "role", "信访人的身份"
    LIVING = "living", "误登的死亡（终止）"


class Living(Word):
    """Whether one of those who brought the matter lives, or the organisation is still there."""

    ALIVE = "alive", "在世（存续），登记有误"
    DECEASED = "deceased", "已登记死亡（终止）"


class PaperKind(Word):
    """The papers of the procedure. What each is, who signs it and whether it is archived: `papers.py`."""

    REGISTRATION_SHEET = "registration_sheet", "信访事项登记表"
    RECEIPT = "receipt", "接收回执（含查询码）"
    ACCEPTANCE_NOTICE = "acceptance_notice", "受理告知书"
    REDIRECT_NOTICE = "redirect_notice", "不属职权告知书"
    OBJECTION_LETTER = "objection_letter", "异议（退办）函"
    TRANSFER_SHEET = "transfer_sheet", "材料交还清单"
    DISCLOSURE_NOTICE = "disclosure_notice", "政府信息公开申请告知书"
    FORWARDING_LETTER = "forwarding_letter", "转送函"
    FORWARDING_NOTICE = "forwarding_notice", "转送去向告知书"
    SENDER_LETTER = "sender_letter", "转送情况复函"
    ROUTE_NOTICE = "route_notice", "法定途径告知书"
    DECLINE_NOTICE = "decline_notice", "不予受理告知书"
    FILING_SLIP = "filing_slip", "存信审批单"
    FILING_NOTICE = "filing_notice", "存信告知书"
    JOINING_NOTICE = "joining_notice", "并案办理告知书"
    JOINED_REPLY = "joined_reply", "并案答复告知书"
    PARTS_NOTICE = "parts_notice", "分件去向告知书"
    RECONSIDERATION_NOTICE = "reconsideration", "重新审查结果告知书"
    SEALED_LETTER = "sealed_letter", "移送函（密封）"
    HAND_OVER_RECEIPT = "hand_over_receipt", "移送回执"
    REFUSAL_NOTICE = "refusal_notice", "不再受理告知书"
    INSTRUCTION_SHEET = "instruction_sheet", "呈批单"
    HAND_OVER_SLIP = "hand_over_slip", "内部转办（交办）通知单"
    CONVERSATION_RECORD = "conversation_record", "接谈记录"
    MEDIATION_AGREEMENT = "mediation_agreement", "调解（和解）协议书"
    HEARING_NOTICE = "hearing_notice", "听证通知书"
    HEARING_RECORD = "hearing_record", "听证笔录"
    EXTENSION_APPROVAL = "extension_approval", "延期审批单"
    EXTENSION_NOTICE = "extension_notice", "延期告知书"
    REPLY_OPINION = "reply_opinion", "信访处理（答复）意见书"
    SERVICE_RECEIPT = "service_receipt", "送达回证"
    CLOSING_SHEET = "closing_sheet", "结案审批单"
    VOLUME_LIST = "volume_list", "归档移交清单与卷内目录"
    REVIEW_OPINION = "review_opinion", "复查意见书"
    FINAL_REVIEW_OPINION = "final_review_opinion", "复核意见书"
    SUPERVISION_LETTER = "supervision_letter", "督办通知单"
    RECUSAL_DECISION = "recusal_decision", "回避决定"
    REPORT_PACKAGE = "report_package", "报送材料"
    SUGGESTION_REPLY = "suggestion_reply", "建议（咨询）回复"
    RECEIPT_NOTICE = "receipt_notice", "接收情况告知书"
    SETTLEMENT_PLEDGE = "settlement_pledge", "息诉罢访承诺书（自愿，如有）"
    REPRESENTATIVES_SHEET = "representatives_sheet", "代表推选书"
    SUPPLEMENT_NOTICE = "supplement_notice", "补正通知"
    INQUIRY_RECORD = "inquiry_record", "调查笔录"
    INQUIRY_REPORT = "inquiry_report", "调查报告"
    EVIDENCE_LIST = "evidence_list", "证据目录"
    LEGAL_ADVICE = "legal_advice", "法律顾问意见（内部）"
    HEARING_REPORT = "hearing_report", "听证报告（评议意见）"
    MEDIATION_CONSENT = "mediation_consent", "调解申请（同意）书"
    RECUSAL_REQUEST = "recusal_request", "回避申请"
    SIMPLE_REPLY = "simple_reply", "简易办理答复"
    COMPLETION_REPORT = "completion_report", "办结报告"
    SUPERVISION_ANSWER = "supervision_answer", "督办反馈"
    ADVICE_REPLY = "advice_reply", "建议采纳情况反馈函"
    REVIEW_APPLICATION = "review_application", "复查（复核）申请书"
    REVIEW_ACCEPTANCE = "review_acceptance", "复查受理通知"
    REVIEW_REFUSAL = "review_refusal", "复查不予受理告知书"
    DUTY_NOTICE = "duty_notice", "程序启动告知书"
    DUTY_REPLY = "duty_reply", "履行职责答复书"
    URGENT_REPORT = "urgent_report", "重大紧急信访信息专报"
    GROUP_VISIT_RECORD = "group_visit_record", "群体来访处置记录"
    FOLLOW_UP_RECORD = "follow_up_record", "回访记录"


class PaperStage(Word):
    """How far a paper has come."""

    DRAFT = "draft", "拟稿"
    CHECKING = "checking", "待核稿"
    SIGNING = "signing", "待签发"
    SIGNED = "signed", "待印发"
    ISSUED = "issued", "已印发"
    SERVED = "served", "已送达"
    WITHDRAWN = "withdrawn", "已撤回"


class IncidentKind(Word):
    """Events of H11 and H15–H18, N25. A record of an event, never a label on a person."""

    GROUP_VISIT = "group_visit", "集体来访"
    SUDDEN_GATHERING = "sudden_gathering", "突发群体性上访"
    MEDICAL_EMERGENCY = "medical_emergency", "人身安全紧急情况"
    DISTURBANCE = "disturbance", "扰乱秩序行为"
    REPORT_TO_BUREAU = "report_to_bureau", "向信访主管部门报告事项"


class AccessKind(Word):
    """How somebody looked at a case; each look is kept in the access log."""

    READ = "read", "查看"
    UNMASK = "unmask", "查看个人信息"
    FILE = "file", "打开附件"
    EXPORT = "export", "导出"
    COMMAND = "command", "命令行查看"


class Material(Word):
    """What an attachment is to its case (H14)."""

    LETTER = "letter", "来信（来件）原件"
    EVIDENCE = "evidence", "证据材料"
    RECORDING = "recording", "录音录像"
    RECEIPT = "receipt", "送达回证"
    INSTRUCTION = "instruction", "批示件"
    PETITIONERS_WORDS = "own_words", "信访人本人的申请（撤回、评价等）"
    OTHER_BODYS_PAPER = "other_body", "其他机关的来函、文书"
    PAPER = "paper", "文书"
    OTHER = "other", "其他"


class Retention(Word):
    """How long the archive room keeps a file."""

    PERMANENT = "permanent", "永久"
    YEARS_30 = "years_30", "30年"
    YEARS_10 = "years_10", "10年"
