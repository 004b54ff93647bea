"""This department reviews the opinion of a body below it (复查): a matter of its own, with thirty days (N35).

It goes the way of a claim as far as that way is the same: proposed, instructed, drafted, checked, advised on, signed,
issued and served by the steps of a reply. What differs is here.
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import a_handler, a_reviewer, the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT, REQUEST_FINAL_REVIEW, REQUEST_FIRST_REVIEW
from xinfang.procedure.rules import CaseContext, DecisionContext, Rule, Step, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..calendar import in_chinese
from ..conditions import (
    a_reason_is_given,
    is_attached,
    is_far_ahead,
    it_is_a_request_for_review,
    it_is_no_report_of_wrongdoing,
)
from ..due_dates import last_day_to_ask
from ..facts import Actor, Directory, Facts, OpinionUnderReview
from ..voided import without_advice
from ..words import (
    Material,
    MatterClass,
    PaperKind,
    Purpose,
    ReplyStage,
    ReviewDeclineGround,
    ReviewResult,
    Role,
    State,
)
from .reply import the_reply_is_not_signed

_DID_NOT_HANDLE_IT = (
    StepCode.REGISTER,
    StepCode.IMPORT_HISTORY,
    StepCode.UNDO_IMPORT,
    StepCode.SUPPLEMENT,
    StepCode.CORRECT,
    StepCode.ATTACH,
    StepCode.WITHDRAW_ATTACHMENT,
    StepCode.ENTER_REGIONAL,
    StepCode.LINK_REPEAT,
    StepCode.UNLINK_REPEAT,
    StepCode.SEND_PAPER,
    StepCode.SERVE_PAPER,
    StepCode.SUBMIT_ARCHIVE,
    StepCode.ACCEPT_ARCHIVE,
    StepCode.RETURN_ARCHIVE,
)
"""Steps by which somebody only kept the books of a matter."""


def who_handled(facts: Facts) -> frozenset[StaffCode]:
    """Return who handled a matter in this department: they never review what became of it (N28, N35).

    Who proposed, instructed, forwarded or assigned it, wrote, checked or signed in it; not who only kept its books.
    """
    acted = {h.by for h in facts.history if h.code not in _DID_NOT_HANDLE_IT}
    return frozenset(code for code in acted | facts.leaders | facts.advisers | {facts.handler} if code)


@condition(
    "信访人收到处理意见、提出复查请求、本厅收到请求的日期先后矛盾",
    REGULATION[35],
    todo="请对照送达回证、邮戳和收文记录核对：先收到意见，再提出请求，本厅最后收到。",
)
def the_days_of_the_request_are_in_order(q: "DecisionContext[TakeAsReview]") -> bool:
    received = q.facts.received_on
    return received is None or q.step.got_on <= (q.step.requested_on or received) <= received


@condition(
    f"自信访人收到处理意见之日起已过{REQUEST_FIRST_REVIEW}，且没有写明逾期的理由",
    REGULATION[35],
    todo="请填写信访人说明的逾期理由；没有正当理由的，登记后办理“不予受理复查”。",
)
def a_late_request_says_why(q: "DecisionContext[TakeAsReview]") -> bool:
    asked = q.step.requested_on or q.facts.received_on
    return asked is None or asked <= last_day_to_ask(q.step.got_on, q.calendar) or bool(q.step.late_reason)


@dataclass(frozen=True, kw_only=True)
class TakeAsReview(Step):
    """The matter is a request to review another body's opinion; the thirty days run since its receipt here.

    What was classified already becomes a review by two: a claim that is ours would be handled no more (N44). Taken once
    more, by two as well, what is said last counts; but who was found to have handled the matter stays kept from it.
    """

    rule = Rule["TakeAsReview"](
        code=StepCode.TAKE_AS_REVIEW,
        label="登记复查请求",
        group="本厅复查",
        cites=(REGULATION[35],),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        provided=(it_is_no_report_of_wrongdoing, the_days_of_the_request_are_in_order, a_late_request_says_why),
    )
    confirmed_when = "已经分类，或者已经登记为复查请求的"
    body: str = step_field("作出处理意见的机关", help="全称，如：某市科学技术局；不是本厅")
    opinion_number: str = step_field("处理意见书文号", max=60)
    got_on: date = step_field("信访人收到意见书的日期", help=f"自次日起{REQUEST_FIRST_REVIEW}内可以请求复查")
    decided: str = step_field(
        "处理意见的内容", long=True, max=4000, help="按意见书摘要：支持、不予支持了什么，依据什么"
    )
    reason: str = step_field("信访人请求复查的事实和理由", long=True)
    requested_on: date | None = step_field("请求日期（邮寄的以邮戳为准）", default=None, help="不填则为本厅收到之日")
    late_reason: str = step_field("逾期理由", default="", long=True, max=2000)
    handed_down_as: str = step_field(
        "本厅转送该事项时的编号", default="", plain=True, max=20, help="填写后，经手过该件的人员由系统列为不得参加复查"
    )
    handled_by: tuple[StaffCode, ...] = step_field(
        "本厅经手过原事项的人员", default=(), help="转送、批示、指导过原办理的，都不得参加复查"
    )

    def asks_second_person(self, q: CaseContext) -> bool:
        return q.facts.classified_as is not None

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        barred = facts.review_of.barred if facts.review_of else frozenset()
        opinion = OpinionUnderReview(
            body=self.body, number=self.opinion_number, got_on=self.got_on, barred=barred | frozenset(self.handled_by)
        )
        return replace(
            facts,
            review_of=opinion,
            matter_class=MatterClass.CLAIM,
            purpose=Purpose.APPEAL,
            route=None,
            simple=False,
        )

    def says(self, directory: Directory) -> str:
        barred = "、".join(directory.staff_name(code) for code in self.handled_by)
        return f"不服{self.body}{self.opinion_number}{f'；不参加复查：{barred}' if barred else ''}"


@condition(
    "不予受理的理由与登记的日期不符：请求没有逾期，或者已写明逾期理由而没有说明为何不成立",
    REGULATION[35],
    todo="请核对日期；逾期理由不成立的，请在“说明”中写明。",
)
def lateness_is_a_ground_only_where_it_is_late(q: "DecisionContext[DeclineReview]") -> bool:
    taken = q.facts.last(StepCode.TAKE_AS_REVIEW)
    if q.step.ground is not ReviewDeclineGround.LATE or taken is None:
        return True
    asked = taken.step.requested_on or q.facts.received_on
    assert asked is not None  # what was taken as a request for review was registered
    return bool(asked > last_day_to_ask(taken.step.got_on, q.calendar))


@dataclass(frozen=True, kw_only=True)
class DeclineReview(Step):
    """No review: on one of five grounds, by two persons, and the petitioner is told why and where to turn to."""

    rule = Rule["DeclineReview"](
        code=StepCode.DECLINE_REVIEW,
        label="不予受理复查",
        group="本厅复查",
        cites=(REGULATION[19], REGULATION[35], REGULATION[36]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.DECLINED,),
        provided=(it_is_a_request_for_review, lateness_is_a_ground_only_where_it_is_late, a_reason_is_given),
        papers=(PaperKind.REVIEW_REFUSAL,),
    )
    ground: ReviewDeclineGround = step_field("不予受理的理由")
    reason: str = step_field("说明", long=True, max=2000, help="写入不予受理告知书")
    way: str = step_field(
        "信访人可以采取的途径", long=True, max=2000, help="如：向作出意见机关的上一级请求复查，写明名称和地址"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.DECLINED)

    def says(self, directory: Directory) -> str:
        return f"{self.ground.label}：{self.reason}"


@condition(
    "复查人员须是承办处室（单位）的人员，且不是经手过原事项、应当回避或者被反映的人员",
    HOUSE_RULES[6],
    REGULATION[28],
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请按批示从承办处室（单位）人员中选择；该处室没有合适人员的，请厅领导改定承办处室。",
)
def the_reviewers_are_fit(q: "DecisionContext[AcceptReview]") -> bool:
    chosen = q.step.reviewers
    people = [q.directory.staff.get(code) for code in chosen]
    of_the_unit = all(
        p is not None and q.facts.handling_unit in p.units and p.roles & {Role.HANDLER, Role.UNIT_HEAD} for p in people
    )
    return bool(chosen) and len(set(chosen)) == len(chosen) and of_the_unit and not q.facts.unfit & set(chosen)


@dataclass(frozen=True, kw_only=True)
class AcceptReview(Step):
    """Accepted for review, as the leader instructed: the reviewers are named, and the petitioner is told."""

    rule = Rule["AcceptReview"](
        code=StepCode.ACCEPT_REVIEW,
        label="受理复查",
        group="本厅复查",
        cites=(HOUSE_RULES[7], HOUSE_RULES[8], REGULATION[23], REGULATION[28], REGULATION[35]),
        who=(the_office,),
        when=(State.INSTRUCTED,),
        to=(State.HANDLING,),
        provided=(it_is_a_request_for_review, the_reviewers_are_fit),
        papers=(PaperKind.REVIEW_ACCEPTANCE,),
    )
    reviewers: tuple[StaffCode, ...] = step_field("复查人员（按批示）", help="须未经手过原事项；第一位为承办人")
    contact: str = step_field("承办联系方式", default="", help="印在受理通知上的联系电话")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if facts.review_of is None:
            return facts
        return replace(
            facts,
            state=State.HANDLING,
            accepted_on=on,
            handed_over_to_unit=True,
            signed_for=True,
            handler=self.reviewers[0],
            review_of=replace(facts.review_of, reviewers=self.reviewers),
        )

    def says(self, directory: Directory) -> str:
        return f"复查人员：{'、'.join(directory.staff_name(code) for code in self.reviewers)}"


@condition(
    "复查意见须写明查明的事实、理由和法律依据",
    REGULATION[32],
    REGULATION[35],
    todo="请补齐：维持、撤销、变更、责令重新办理，都要写明理由和依据。",
)
def the_result_has_its_grounds(q: "DecisionContext[DraftReview]") -> bool:
    return bool(q.step.finding and q.step.reason and q.step.basis)


@condition(
    "撤销、变更、责令重新办理的，须写明原办理机关应当做什么、至迟哪一日，且在今天之后；维持的不填",
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请填写“变更的内容或者重新办理的要求”和期限；维持的请清空这两项。",
)
def what_is_ordered_has_its_term(q: "DecisionContext[DraftReview]") -> bool:
    if q.step.result is ReviewResult.UPHELD:
        return not q.step.order and q.step.term is None
    return bool(q.step.order) and q.step.term is not None and q.step.term > q.today


@condition(
    "责令重新办理或者落实的期限，长于条例给一件事项的最长期限（办结期限加延长期限）",
    REGULATION[34],
    REGULATION[35],
    todo="请核对年份；重新办理的，原办理机关也应当在条例规定的期限内办结。",
)
def what_is_ordered_is_due_in_time(q: "DecisionContext[DraftReview]") -> bool:
    return not is_far_ahead(q.step.term, q.today)


@condition("应写明复核机关，信访人须知道向谁请求复核", REGULATION[36], todo="请填写复核机关的名称和地址。")
def the_next_body_is_named(q: "DecisionContext[DraftReview]") -> bool:
    return bool(q.step.final_body)


@dataclass(frozen=True, kw_only=True)
class DraftReview(Step):
    """A reviewer drafts the opinion: what was found, the result with its grounds, what is ordered and by when.

    Until it is signed it may be written again; the head's check and the legal advice are then asked for again.
    """

    rule = Rule["DraftReview"](
        code=StepCode.DRAFT_REVIEW,
        label="拟写复查意见书",
        group="本厅复查",
        cites=(HOUSE_RULES[13], REGULATION[28], REGULATION[32], REGULATION[35], REGULATION[36]),
        who=(a_reviewer,),
        when=(State.HANDLING,),
        provided=(
            it_is_a_request_for_review,
            the_reply_is_not_signed,
            the_result_has_its_grounds,
            what_is_ordered_has_its_term,
            what_is_ordered_is_due_in_time,
            the_next_body_is_named,
        ),
    )
    finding: str = step_field("复查查明的事实", long=True)
    result: ReviewResult = step_field("复查结论")
    reason: str = step_field("理由", long=True)
    basis: str = step_field("法律法规依据", long=True, max=2000)
    order: str = step_field(
        "变更的内容或者重新办理的要求", default="", long=True, max=4000, help="撤销、变更、责令重新办理时必填"
    )
    term: date | None = step_field("原办理机关重新作出或者落实的期限", default=None, help="至迟哪一日；维持的不填")
    final_body: str = step_field(
        "复核机关", help=f"名称和地址，印在复查意见书上，写明自收到之日起{REQUEST_FINAL_REVIEW}内可请求复核"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if facts.review_of is None:
            return facts
        opinion = replace(facts.review_of, result=self.result, term=self.term, complied_on=None)
        return replace(without_advice(facts), review_of=opinion, reply_stage=ReplyStage.DRAFTED)

    def says(self, directory: Directory) -> str:
        ordered = f"；至迟{in_chinese(self.term)}：{self.order}" if self.order and self.term else ""
        return f"{self.result.label}。{self.reason.rstrip('。')}{ordered}"


@condition(
    "复查意见没有要求原办理机关重新办理或者落实", REGULATION[35], todo="维持原意见的，无须登记。", about_case=True
)
def something_was_ordered(q: CaseContext) -> bool:
    opinion = q.facts.review_of
    return opinion is not None and opinion.term is not None


@condition("重新作出的处理意见须写明文号", REGULATION[35], CHOSEN_BY_DEPARTMENT, todo="请照原办理机关的来文填写。")
def a_new_opinion_has_its_number(q: "DecisionContext[RecordCompliance]") -> bool:
    opinion = q.facts.review_of
    again = opinion is not None and opinion.result is not None and opinion.result.sends_back
    return not again or bool(q.step.document_number)


@dataclass(frozen=True, kw_only=True)
class RecordCompliance(Step):
    """What the body below did about the review: its new opinion, or how it carried out what was changed."""

    rule = Rule["RecordCompliance"](
        code=StepCode.RECORD_COMPLIANCE,
        label="登记原办理机关落实情况",
        group="本厅复查",
        cites=(REGULATION[32], REGULATION[35]),
        who=(the_office, a_handler),
        then=(the_office,),
        when=(State.SERVED, State.CLOSED, State.ARCHIVED),
        provided=(something_was_ordered, a_new_opinion_has_its_number),
    )
    when_field = "done_on"
    proof = (Material.OTHER_BODYS_PAPER,)
    confirmed_when = "没有附原办理机关来函、意见书的"
    done_on: date | None = step_field("作出（落实）日期", default=None)
    document_number: str = step_field("重新作出的处理意见书文号", default="", max=60, help="变更的可以不填")
    text: str = step_field("内容", long=True, max=4000, help="如实记录原办理机关的报告；是否同意由信访人决定")
    attachment: int | None = step_field("原办理机关的来函、意见书（附件序号）", default=None)

    def asks_second_person(self, q: CaseContext) -> bool:
        # The term that this department set ends by it (N35).
        return not is_attached(q.facts, self.attachment, *self.proof)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if facts.review_of is None:
            return facts
        return replace(facts, review_of=replace(facts.review_of, complied_on=on))

    def says(self, directory: Directory) -> str:
        return f"{self.document_number}　{self.text}".strip()


def review_in_words(facts: Facts) -> str:
    """Return the draft of a review opinion as the legal adviser reads it."""
    drafted, taken = facts.last(StepCode.DRAFT_REVIEW), facts.last(StepCode.TAKE_AS_REVIEW)
    if drafted is None:
        return ""
    assert taken is not None  # only a request for review has such a draft
    s, asked = drafted.step, taken.step
    parts = [
        f"原处理意见（{asked.body}，{asked.opinion_number}）：{asked.decided}",
        f"请求复查的理由：{asked.reason}",
        f"查明的事实：{s.finding}",
        f"复查结论：{s.result.label}\n理由：{s.reason}\n依据：{s.basis}",
    ]
    if s.order:
        parts.append(f"至迟{in_chinese(s.term)}：{s.order}")
    return "\n\n".join((*parts, f"复核机关：{s.final_body}"))
