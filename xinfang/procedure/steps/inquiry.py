"""What belongs to handling a matter: advice, mediation, hearing, more time, the simple procedure, the answer."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    a_handler,
    a_head_of_the_handling_unit,
    the_legal_adviser,
    the_office,
    the_responsible_leader,
)
from xinfang.procedure.articles import ALL_ARTICLES, HOUSE_RULES, REGULATION
from xinfang.procedure.papers import drafting_step, told_on_paper
from xinfang.procedure.rules import CaseContext, DecisionContext, Rule, Step, condition, somebody_can_act
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..conditions import (
    a_notice_of_receipt_is_owed,
    a_reason_is_given,
    a_reason_is_told_as_the_extension_asks,
    at_most_thirty_days,
    it_is_a_claim_of_route_six,
    it_is_no_review,
    not_extended_before,
    the_limit_has_not_passed,
    the_unit_has_signed_for_it,
)
from ..facts import Actor, CaseEvent, Directory, Facts
from ..limits import CHOSEN_BY_DEPARTMENT, EXTENSION
from ..words import Adoption, Conclusion, PaperKind, ReplyStage, Role, State
from .told_orally import ToldOrally, who_was_told_orally_could_be


@condition("所选人员不是法律顾问，或应当回避", HOUSE_RULES[13], REGULATION[28], todo="请从法律顾问名单中选择。")
def the_adviser_is_one(q: "DecisionContext[SeekLegalAdvice]") -> bool:
    person = q.directory.staff.get(q.step.adviser)
    return person is not None and Role.LEGAL_ADVISER in person.roles and q.step.adviser not in q.facts.unfit


@condition(
    "还没有意见书稿，法律顾问意见须就一稿出具",
    HOUSE_RULES[13],
    todo="请先拟写意见书，再就该稿征求意见。",
    about_case=True,
)
def a_reply_is_drafted(q: CaseContext) -> bool:
    return q.facts.reply_stage in (ReplyStage.DRAFTED, ReplyStage.REVIEWED)


@condition("已在征求法律顾问意见", HOUSE_RULES[13], todo="请等待法律顾问出具意见。", about_case=True)
def no_advice_is_awaited(q: CaseContext) -> bool:
    # Where the adviser who was asked has left, is away or accused, another one may be asked.
    return not (q.facts.advice_wanted and somebody_can_act(the_legal_adviser, q.facts, q.directory))


@dataclass(frozen=True, kw_only=True)
class SeekLegalAdvice(Step):
    """The draft of the reply goes to the legal adviser, who sees only it; their opinion stays in the department.

    It speaks of this draft: one that is written again needs advice of its own (H13).
    """

    rule = Rule["SeekLegalAdvice"](
        code=StepCode.SEEK_LEGAL_ADVICE,
        label="征求法律顾问意见",
        cites=(HOUSE_RULES[13],),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(the_unit_has_signed_for_it, a_reply_is_drafted, no_advice_is_awaited, the_adviser_is_one),
    )
    adviser: StaffCode = step_field("法律顾问")
    question: str = step_field(
        "请重点审查的问题", default="", long=True, max=2000, help="法律顾问只能看到这里的文字和意见书稿"
    )
    draft: str = step_field("送审的意见书稿", default="", long=True, help="由系统填写")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        # Who signs waits for what was asked last, even where somebody advised before.
        return replace(facts, advice_wanted=True, advice_given=False, advisers=facts.advisers | {self.adviser})

    def says(self, directory: Directory) -> str:
        return f"送{directory.staff_name(self.adviser)}"


@condition("没有等待法律意见的送审稿", HOUSE_RULES[13], todo="请由承办人先征求意见。", about_case=True)
def advice_is_awaited(q: CaseContext) -> bool:
    return q.facts.advice_wanted


@condition(
    "拟写意见书的人员不能就自己拟写的意见书出具法律顾问意见",
    HOUSE_RULES[13],
    CHOSEN_BY_DEPARTMENT,
    todo="请由没有拟写的法律顾问出具；没有的，由承办处室另请法律顾问。",
    about_case=True,
)
def who_advises_did_not_draft_it(q: CaseContext) -> bool:
    return q.facts.last_by(drafting_step(q.facts)) not in q.actor.codes


@dataclass(frozen=True, kw_only=True)
class GiveLegalAdvice(Step):
    """The adviser's opinion, kept inside the department."""

    rule = Rule["GiveLegalAdvice"](
        code=StepCode.GIVE_LEGAL_ADVICE,
        label="出具法律顾问意见",
        cites=(HOUSE_RULES[13],),
        who=(the_legal_adviser,),
        when=(State.HANDLING,),
        provided=(advice_is_awaited, who_advises_did_not_draft_it),
    )
    text: str = step_field("法律意见", long=True, help="内部文件，不对外，不进入意见书")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, advice_wanted=False, advice_given=True)

    def says(self, directory: Directory) -> str:
        return "已出具（内部文件，密封归档）"


@condition("调解须经争议双方同意", REGULATION[33], todo="请征得双方同意；一方不同意的，照常办理并出具处理意见书。")
def both_sides_consent(q: "DecisionContext[Mediate]") -> bool:
    return bool(q.step.both_consent)


@dataclass(frozen=True, kw_only=True)
class Mediate(Step):
    """Mediation or settlement, with both sides' consent; an agreement is put on paper."""

    rule = Rule["Mediate"](
        code=StepCode.MEDIATE,
        label="调解",
        cites=(REGULATION[33],),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(the_unit_has_signed_for_it, both_sides_consent),
    )
    when_field = "held_on"
    may_owe = (PaperKind.MEDIATION_AGREEMENT,)
    held_on: date | None = step_field("调解日期", default=None)
    both_consent: bool = step_field("争议双方同意", default=False)
    agreed: bool = step_field("达成协议", default=False)
    text: str = step_field("经过和结果", long=True)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        return (PaperKind.MEDIATION_AGREEMENT,) if self.agreed else ()

    def says(self, directory: Directory) -> str:
        return f"{'达成协议' if self.agreed else '未达成协议'}：{self.text}"


@condition(
    "听证应当事先书面通知，须填写书面通知的日期，且不晚于听证日期",
    REGULATION[31],
    CHOSEN_BY_DEPARTMENT,
    todo="请填写送出听证通知的日期；没有书面通知的，请先通知，再举行听证。",
)
def the_hearing_was_announced(q: "DecisionContext[HoldHearing]") -> bool:
    notified = q.step.notified_on
    return notified is not None and notified <= q.step.day(q.today)


@dataclass(frozen=True, kw_only=True)
class HoldHearing(Step):
    """A hearing on a grave, complex or doubtful matter: announced in writing, it needs nobody's consent (N31).

    It does not stop the 60 days.
    """

    rule = Rule["HoldHearing"](
        code=StepCode.HOLD_HEARING,
        label="听证",
        cites=(REGULATION[31],),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(the_unit_has_signed_for_it, the_hearing_was_announced),
        papers=(PaperKind.HEARING_NOTICE, PaperKind.HEARING_RECORD),
    )
    when_field = "held_on"
    held_on: date | None = step_field("听证日期", default=None)
    notified_on: date | None = step_field("书面通知日期", default=None, help="听证不以各方同意为前提")
    attended: bool = step_field("信访人到场陈述", default=False, help="到场陈述的，视为已经听取信访人的意见")
    text: str = step_field("听证情况", long=True)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, heard=facts.heard or self.attended)

    def says(self, directory: Directory) -> str:
        return self.text


@condition("已有待批准的延期申请", HOUSE_RULES[13], todo="请等待包案厅领导决定。", about_case=True)
def no_extension_is_asked(q: CaseContext) -> bool:
    return q.facts.extension_asked == 0


@dataclass(frozen=True, kw_only=True)
class RequestExtension(Step):
    """The handling unit asks for more time before the limit passes."""

    rule = Rule["RequestExtension"](
        code=StepCode.REQUEST_EXTENSION,
        label="申请延期",
        cites=(HOUSE_RULES[13], REGULATION[34]),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(
            it_is_no_review,
            it_is_a_claim_of_route_six,
            the_unit_has_signed_for_it,
            the_limit_has_not_passed,
            not_extended_before,
            no_extension_is_asked,
            at_most_thirty_days,
            a_reason_is_told_as_the_extension_asks,
        ),
    )
    days: int = step_field("申请延长天数", help=f"不超过{EXTENSION}，只能一次")
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, extension_asked=self.days)

    def says(self, directory: Directory) -> str:
        return f"申请延长 {self.days} 日：{self.reason}"


@condition("没有待批准的延期申请", HOUSE_RULES[13], todo="请由承办处室（单位）先申请。", about_case=True)
def an_extension_is_asked(q: CaseContext) -> bool:
    return q.facts.extension_asked > 0


@condition(
    "申请延期的人员不能批准自己的申请",
    HOUSE_RULES[13],
    REGULATION[34],
    CHOSEN_BY_DEPARTMENT,
    todo="请由另一位厅领导决定；须改定包案厅领导的，请办公室办理。",
    about_case=True,
)
def who_grants_did_not_ask(q: CaseContext) -> bool:
    handles = q.facts.handling_unit in q.actor.units(Role.UNIT_HEAD, Role.HANDLER)
    return not handles and q.facts.last_by(StepCode.REQUEST_EXTENSION) not in q.actor.codes


@dataclass(frozen=True, kw_only=True)
class GrantExtension(Step):
    """The responsible leader gives a complex case more time, or doesn't; the petitioner is told why."""

    rule = Rule["GrantExtension"](
        code=StepCode.GRANT_EXTENSION,
        label="批准延期",
        cites=(HOUSE_RULES[13], REGULATION[34]),
        who=(the_responsible_leader,),
        when=(State.HANDLING,),
        provided=(
            an_extension_is_asked,
            who_grants_did_not_ask,
            the_limit_has_not_passed,
            not_extended_before,
            at_most_thirty_days,
            a_reason_is_told_as_the_extension_asks,
        ),
    )
    may_owe = (PaperKind.EXTENSION_APPROVAL, PaperKind.EXTENSION_NOTICE)
    days: int = step_field("延长天数", help=f"不超过{EXTENSION}")
    reason: str = step_field("理由", long=True, max=2000, help="写入延期告知书")
    agree: bool = step_field("批准", default=True)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, extension_asked=0, extended_days=self.days if self.agree else 0)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        return (PaperKind.EXTENSION_APPROVAL, PaperKind.EXTENSION_NOTICE) if self.agree else ()

    def says(self, directory: Directory) -> str:
        return f"{f'批准延长 {self.days} 日' if self.agree else '不批准延期'}：{self.reason}"


@condition("此件不适用简易办理", ALL_ARTICLES["S4"], todo="无须转换。", about_case=True)
def it_is_simple(q: CaseContext) -> bool:
    return q.facts.simple


@dataclass(frozen=True, kw_only=True)
class LeaveSimple(Step):
    """From the simple to the ordinary procedure; the 60 days count from the original acceptance."""

    rule = Rule["LeaveSimple"](
        code=StepCode.LEAVE_SIMPLE,
        label="转为普通程序",
        cites=(ALL_ARTICLES["S4"], REGULATION[34]),
        who=(the_office, a_head_of_the_handling_unit),
        then=(the_office, a_head_of_the_handling_unit),
        when=(State.REGISTERED, State.HANDLING),
        provided=(it_is_simple, a_reason_is_given),
    )
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, simple=False, noticed_on=told_on_paper(facts))

    def says(self, directory: Directory) -> str:
        return self.reason


@dataclass(frozen=True, kw_only=True)
class Acknowledge(Step):
    """A notice that the department received the matter, where the answer to a suggestion takes longer (N23)."""

    rule = Rule["Acknowledge"](
        code=StepCode.ACKNOWLEDGE,
        label="告知接收情况",
        cites=(REGULATION[23], REGULATION[29]),
        who=(the_office,),
        when=(State.REGISTERED, State.PROPOSED, State.INSTRUCTED, State.HANDLING),
        provided=(a_notice_of_receipt_is_owed,),
        papers=(PaperKind.RECEIPT_NOTICE,),
    )
    text: str = step_field("处理途径和程序", long=True, max=2000)

    def says(self, directory: Directory) -> str:
        return self.text


@condition(
    "直接回复只用于建议意见、咨询和简易办理",
    REGULATION[29],
    ALL_ARTICLES["S4"],
    todo="申诉求决请出具意见书。",
    about_case=True,
)
def it_may_be_answered(q: CaseContext) -> bool:
    return q.facts.short_path or q.facts.simple


@condition(
    "简易办理不得用于不予支持；须写明结论和依据",
    ALL_ARTICLES["S"],
    REGULATION[32],
    todo="请填写结论和依据；不能支持的请转为普通程序。",
)
def a_simple_answer_supports_or_explains(q: "DecisionContext[AnswerPetition]") -> bool:
    fit = q.step.conclusion in (Conclusion.SUPPORT, Conclusion.EXPLAIN)
    return q.facts.short_path or (fit and bool(q.step.basis))


@condition(
    "须确认回复没有拒绝信访人的请求：咨询、建议的回复和简易答复不能作出不予支持等决定",
    REGULATION[29],
    REGULATION[32],
    REGULATION[35],
    todo="确未拒绝的请勾选；信访人提出的是诉求的，请办理“分类”改为申诉求决，受理后出具意见书并告知复查权利；简易办理的请转为普通程序。",
)
def an_answer_refuses_nothing(q: "DecisionContext[AnswerPetition]") -> bool:
    return q.step.refuses_nothing


@condition(
    "回复建议应写明予以采纳、部分采纳或者未采纳；部分采纳的，写明采纳哪一部分",
    REGULATION[29],
    todo="请选择建议是否采纳；部分采纳的，填写采纳的部分。",
)
def it_says_whether_it_is_adopted(q: "DecisionContext[AnswerPetition]") -> bool:
    s = q.step
    return not q.facts.suggestion or (
        s.adoption is not None and (s.adoption is Adoption.PARTLY) == bool(s.adopted_part)
    )


@condition("建议尚未研究论证", REGULATION[29], todo="请先办理“研究论证”，记录由谁、何时研究和结果。", about_case=True)
def a_suggestion_was_studied(q: CaseContext) -> bool:
    return not q.facts.suggestion or studied_since(q.facts) is not None


def studied_since(facts: Facts) -> CaseEvent | None:
    """Return the latest study of a suggestion that counts: none of before it was taken up once more."""
    studied, reopened = facts.last(StepCode.STUDY), facts.last(StepCode.REOPEN)
    return studied if studied and (reopened is None or reopened.seq < studied.seq) else None


def answered(facts: Facts, told: date | None) -> Facts:
    """Return the facts of an answered case; `told` is the day on which that told the petitioner without a paper."""
    return replace(facts, state=State.ANSWERED, noticed_on=facts.noticed_on or told, replied_on=told)


@condition(
    "尚未交办承办处室（单位）；办公室当场答复的，只限来电、来访的咨询",
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    HOUSE_RULES[11],
    todo="请先由办公室转办或交办；当场答复的咨询，请先按“咨询”分类。",
    about_case=True,
)
def a_unit_handles_it_or_the_desk_does(q: CaseContext) -> bool:
    return bool(q.facts.handling_unit) or q.facts.answered_at_the_desk


@condition("此件已交承办处室（单位），由其回复", HOUSE_RULES[6], todo="请由承办处室（单位）办理。", about_case=True)
def the_unit_answers_what_it_was_given(q: CaseContext) -> bool:
    return not q.facts.handling_unit or a_handler.includes(q.actor, q.facts)


@condition(
    "当场答复须在收到当日登记",
    HOUSE_RULES[11],
    todo="不是当场答复的，请转办处室（单位），由其回复。",
)
def it_was_answered_there_and_then(q: "DecisionContext[AnswerPetition]") -> bool:
    return not q.facts.answered_at_the_desk or q.step.day(q.today) == q.facts.received_on


@dataclass(frozen=True, kw_only=True)
class AnswerPetition(ToldOrally):
    """A suggestion, a consultation or a simple matter is answered; whether it was adopted is said.

    It ends by two persons and refuses nothing: whoever answers doesn't decide alone that no claim was made, nor does
    who classified it (N31, N32). After a simple claim the petitioner may ask for a review (N35).
    """

    rule = Rule["AnswerPetition"](
        code=StepCode.ANSWER,
        label="回复",
        cites=(HOUSE_RULES[11], REGULATION[29], REGULATION[32], ALL_ARTICLES["S4"]),
        who=(a_handler, the_office),
        then=(a_head_of_the_handling_unit, a_handler, the_office),
        when=(State.REGISTERED, State.HANDLING),
        to=(State.ANSWERED,),
        provided=(
            it_may_be_answered,
            a_unit_handles_it_or_the_desk_does,
            the_unit_answers_what_it_was_given,
            it_was_answered_there_and_then,
            a_simple_answer_supports_or_explains,
            who_was_told_orally_could_be,
            an_answer_refuses_nothing,
            a_suggestion_was_studied,
            it_says_whether_it_is_adopted,
        ),
    )
    when_field = "answered_on"
    not_agreed_because = "您对此件作了分类"
    may_owe = (PaperKind.SUGGESTION_REPLY, PaperKind.SIMPLE_REPLY)
    text: str = step_field("回复内容", long=True)
    adoption: Adoption | None = step_field("建议是否采纳（建议意见必填）", default=None)
    adopted_part: str = step_field("采纳的部分", default="", long=True, max=2000, help="部分采纳的填写")
    conclusion: Conclusion | None = step_field("结论（简易办理必填）", default=None, help="不能支持的，请转为普通程序")
    basis: str = step_field("依据（简易办理必填）", default="", long=True, max=2000)
    answered_on: date | None = step_field("回复日期", default=None)
    refuses_nothing: bool = step_field(
        "回复没有拒绝信访人的请求",
        default=False,
        help="必须勾选，由另一人核对；信访人要求解决问题、本厅不能同意的，不能这样回复",
    )

    def not_agreed_to_by(self, facts: Facts) -> frozenset[StaffCode]:
        return frozenset({facts.last_by(StepCode.CLASSIFY)})

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return answered(facts, on if self.tells_without_paper(facts) else None)

    def tells_without_paper(self, facts: Facts) -> bool:
        return self.was_told_orally(facts) or facts.answered_at_the_desk or facts.contact_clear_since is None

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        if facts.answered_at_the_desk:
            return ()  # who asked heard the answer
        return (PaperKind.SIMPLE_REPLY if facts.simple_claim else PaperKind.SUGGESTION_REPLY,)

    def says(self, directory: Directory) -> str:
        return f"{f'（{self.adoption.label}）' if self.adoption else ''}{self.text}"
