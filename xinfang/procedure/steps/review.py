"""First and final review of a reply by the body above (复查、复核)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_office, the_petitioner
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.facts import Actor, CaseEvent, Directory, Facts, RequestFacts
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import holds_proof, speaks_for_nobody_else
from ..due_dates import review_right_due
from ..limits import REQUEST_FIRST_REVIEW
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import Conclusion, Material, ReplyStage, ReviewResult, State

AFTER_SERVICE = (State.SERVED, State.CLOSED, State.ANSWERED, State.ARCHIVED)
"""An answer under the simple procedure is told without a paper: it can be reviewed as a reply can (N35, S4)."""


@condition(
    "没有送达过处理意见，没有可以请求复查的意见",
    REGULATION[35],
    todo="存信、不予受理有误的请恢复办理；有新的诉求请另行登记。",
    about_case=True,
)
def a_reply_was_served(q: CaseContext) -> bool:
    return q.facts.served_on is not None or answered_without_an_opinion(q.facts)


def answered_without_an_opinion(facts: Facts) -> bool:
    """Tell whether a claim was answered under the simple procedure, or with the first case that it repeats."""
    simply = facts.simple_claim and facts.last(StepCode.ANSWER) is not None
    return facts.replied_on is not None and (simply or (bool(facts.joined_to) and not facts.short_path))


@condition(
    "此件由本厅依法履行职责并答复，不适用信访复查：不服的，按答复书写明的途径申请行政复议或者提起诉讼",
    REGULATION[31],
    REGULATION[35],
    todo="请告知信访人答复书中写明的救济途径。",
    about_case=True,
)
def a_petition_review_is_its_remedy(q: CaseContext) -> bool:
    return not q.facts.own_power


@condition("已经请求过复查", REGULATION[35], todo="对复查意见不服的，请办理“请求复核”。", about_case=True)
def no_review_was_asked(q: CaseContext) -> bool:
    joins = q.facts.review_stage == "first_asked" and q.facts.each_of_several - q.facts.review_askers
    return q.facts.review_stage == "" or bool(joins)


@condition(
    "几位信访人联名的，须写明哪一位请求复查；已经请求的不再登记",
    REGULATION[20],
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请选择请求复查的信访人：各位自收到书面答复之日起都可以请求，一位请求不影响其他各位。",
)
def who_asks_is_named(q: "DecisionContext[RequestFirstReview]") -> bool:
    named = set(q.step.persons)
    if not q.facts.each_of_several:
        return not named
    return speaks_for_nobody_else(q, named) and named <= q.facts.who_still_asks - q.facts.review_askers


@condition(
    f"请求日期已过{REQUEST_FIRST_REVIEW}，且没有写明逾期的理由",
    REGULATION[35],
    REGULATION[36],
    todo="请填写逾期理由，由复查（复核）机关决定是否收下。",
)
def the_right_has_not_lapsed(q: "DecisionContext[RequestFirstReview | RequestFinalReview]") -> bool:
    due = review_right_due(q.facts, q.calendar)
    return due is None or q.step.day(q.today) <= due or bool(q.step.late_reason)


@condition(
    "收到请求的日期早于请求日期，或在今天之后",
    REGULATION[35],
    REGULATION[36],
    todo="请核对两个日期；还没有收到的，收到后再登记。",
)
def it_arrived_after_it_was_sent(q: "DecisionContext[RequestFirstReview | RequestFinalReview]") -> bool:
    return q.step.arrived_on is None or q.step.day(q.today) <= q.step.arrived_on <= q.today


ARRIVED_HELP = "信访人直接向该机关提出的填写，其期限自次日起算；交到本厅的不填，由本厅转送后登记"


def latest_request(facts: Facts) -> CaseEvent | None:
    """Return the latest request for a review that is decided now, first or final; None where there is none."""
    final = facts.review_stage == "final_asked"
    return facts.last(StepCode.REQUEST_FINAL_REVIEW if final else StepCode.REQUEST_FIRST_REVIEW)


@dataclass(frozen=True, kw_only=True)
class RequestFirstReview(Step):
    """The petitioner does not accept the reply: within 30 days, to the body above."""

    rule = Rule["RequestFirstReview"](
        code=StepCode.REQUEST_FIRST_REVIEW,
        label="请求复查",
        group="复查复核",
        cites=(REGULATION[35],),
        who=(the_petitioner, the_office),
        then=(the_office,),
        when=AFTER_SERVICE,
        provided=(
            a_reply_was_served,
            a_petition_review_is_its_remedy,
            no_review_was_asked,
            who_asks_is_named,
            the_right_has_not_lapsed,
            it_arrived_after_it_was_sent,
        ),
    )
    when_field = "requested_on"
    confirmed_when = "办公室代为登记的"
    persons: tuple[int, ...] = step_field(
        "请求复查的信访人", default=(), help="几位信访人联名、没有推选代表的填写；其他各位仍可以自己请求"
    )
    requested_on: date | None = step_field("请求日期（邮寄的以邮戳为准）", default=None)
    arrived_on: date | None = step_field("复查机关收到请求的日期", default=None, help=ARRIVED_HELP)
    body: str = step_field("复查机关")
    reason: str = step_field("理由", default="", long=True)
    late_reason: str = step_field("逾期理由", default="", long=True, max=2000)

    def asks_second_person(self, q: CaseContext) -> bool:
        return not the_petitioner.includes(q.actor, q.facts)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts,
            review_stage="first_asked",
            # Whoever joins has a request of their own, which must go on to the body above too.
            review_askers=facts.review_askers | set(self.persons),
            review_sent_on=None,
            review_arrived_on=self.arrived_on,
        )

    def says(self, directory: Directory) -> str:
        return f"向{self.body}请求复查"


@condition("没有待作出的复查意见", REGULATION[35], todo="请先登记复查请求。", about_case=True)
def a_first_review_is_asked(q: CaseContext) -> bool:
    return q.facts.review_stage == "first_asked"


@condition("意见日期早于收到请求的日期", REGULATION[35], REGULATION[36], todo="请核对意见日期。")
def decided_after_the_request_arrived(q: "DecisionContext[ReviewDecision]") -> bool:
    request = latest_request(q.facts)
    began = q.facts.review_arrived_on or (request.happened_on if request else None)
    return began is None or q.step.day(q.today) >= began


@condition(
    "信访人收到日期早于意见日期，或在今天之后",
    REGULATION[35],
    REGULATION[36],
    todo="请按送达回证填写；还没有收到的，收到后再登记，或者不填。",
)
def received_after_it_was_decided(q: "DecisionContext[ReviewDecision]") -> bool:
    return q.step.served_on is None or q.step.day(q.today) <= q.step.served_on <= q.today


@condition(
    "登记复查（复核）意见须附意见书的扫描件（已归档的案卷除外）",
    REGULATION[35],
    REGULATION[36],
    CHOSEN_BY_DEPARTMENT,
    todo="请先添加为附件，材料种类选“其他机关的来函、文书”，再在此选择。",
)
def the_opinion_is_attached(q: "DecisionContext[ReviewDecision]") -> bool:
    # Nothing is added to a file that the archive room keeps: there another person compares the sheet itself.
    return q.facts.state is State.ARCHIVED or holds_proof(q)


@condition(
    "这份扫描件已经用来登记另一份复查（复核）意见",
    REGULATION[35],
    REGULATION[36],
    CHOSEN_BY_DEPARTMENT,
    todo="请添加这一份意见书自己的扫描件，再在此选择。",
)
def each_opinion_has_its_own_scan(q: "DecisionContext[ReviewDecision]") -> bool:
    number = q.step.attachment
    decided = (h for h in q.facts.history if h.code in (StepCode.FIRST_REVIEW, StepCode.FINAL_REVIEW))
    return number is None or all(h.step.attachment != number for h in decided if h.took_effect)


@condition(
    "结论为“变更”的，须逐项写明改变了哪项诉求、变更后的意见、结论和依据；其他结论不填",
    REGULATION[32],
    REGULATION[35],
    REGULATION[36],
    todo="请照复查（复核）意见书，在改变了的诉求一行填写；没有改变的留空。",
)
def a_change_says_what_is_changed(q: "DecisionContext[ReviewDecision]") -> bool:
    changed = tuple(c for c in q.step.changes if c.decision)
    numbers = [c.request for c in changed]
    known = {r.number for r in q.facts.requests}
    whole = all(c.conclusion and c.basis for c in changed) and len(set(numbers)) == len(numbers)
    return bool(changed) == (q.step.result is ReviewResult.CHANGED) and whole and set(numbers) <= known


@dataclass(frozen=True, kw_only=True)
class ChangedRequest:
    """What a review put in place of the decision on one request; empty where it left it as it was."""

    request: int = step_field("诉求序号")
    decision: str = step_field("变更后的意见", default="", long=True, max=4000, help="没有改变的留空")
    conclusion: Conclusion | None = step_field("变更后的结论", default=None)
    basis: str = step_field("变更的依据", default="", long=True, max=2000)


@dataclass(frozen=True, kw_only=True)
class ReviewDecision(Step):
    """What a review decided.

    When the matter must be redone, it comes back to handling with a new 60 days. What it changed binds the department:
    what is supported now is to be carried out, also after the case was closed (N32).
    """

    when_field = "decided_on"
    proof = (Material.OTHER_BODYS_PAPER,)
    decided_on: date | None = step_field("意见日期", default=None)
    result: ReviewResult = step_field("结论")
    document_number: str = step_field("意见书文号")
    served_on: date | None = step_field(
        "信访人收到日期", default=None, help="不知道的不填，知道后补登；请求复核的期限自信访人收到的次日起算"
    )

    attachment: int | None = step_field("复查（复核）意见书的扫描件（附件序号）", default=None)
    changes: tuple[ChangedRequest, ...] = step_field("变更的诉求", default=())

    def with_its_changes(self, facts: Facts) -> Facts:
        """Return the facts with the requests as the review decided them; what is to be done now opens the case."""
        changed = {c.request: c for c in self.changes if c.decision}
        requests = tuple(
            replace(r, conclusion=c.conclusion, basis=c.basis, changed=c.decision, carried_out="")
            if (c := changed.get(r.number))
            else r
            for r in facts.requests
        )
        after = replace(facts, requests=requests)
        if all(c.conclusion is not Conclusion.SUPPORT for c in changed.values()) or facts.state is State.SERVED:
            return after
        # What was answered under the simple procedure was served with its answer.
        served_on = facts.served_on or facts.replied_on
        return replace(
            after,
            state=State.SERVED,
            served_on=served_on,
            closed_on=None,
            archive_submitted=False,
            archived_from=None,
        )

    def redone(self, facts: Facts, on: date) -> Facts:
        """Return the facts with what the review decided of the matter."""
        if not self.result.sends_back:
            return self.with_its_changes(facts)
        return replace(
            facts,
            state=State.HANDLING,
            accepted_on=on,
            extended_days=0,
            extension_asked=0,
            reply_stage=ReplyStage.NONE,
            signed_text="",
            advice_given=False,
            heard=False,
            requests=tuple(RequestFacts(r.number, r.text) for r in facts.requests),
            served_on=None,
            served_persons=frozenset(),
            failed_services=0,
            replied_on=None,
            simple=False,
            closed_on=None,
            archive_submitted=False,
            archived_from=None,
            review_stage="",
            review_askers=frozenset(),
            review_sent_on=None,
            review_arrived_on=None,
            # What was answered with the first case is now handled once more, on its own.
            joined_to="",
            review_of=replace(facts.review_of, result=None, term=None, complied_on=None) if facts.review_of else None,
        )

    def says(self, directory: Directory) -> str:
        changed = "；".join(f"诉求{c.request} {c.decision}" for c in self.changes if c.decision)
        return f"{self.result.label}（{self.document_number}）{f'：{changed}' if changed else ''}"


@dataclass(frozen=True, kw_only=True)
class FirstReview(ReviewDecision):
    """The opinion of the first review."""

    rule = Rule["FirstReview"](
        code=StepCode.FIRST_REVIEW,
        label="复查意见",
        group="复查复核",
        cites=(REGULATION[35],),
        who=(the_office,),
        then=(the_office,),
        when=AFTER_SERVICE,
        to=(State.HANDLING, State.SERVED),
        provided=(
            a_first_review_is_asked,
            decided_after_the_request_arrived,
            received_after_it_was_decided,
            the_opinion_is_attached,
            each_opinion_has_its_own_scan,
            a_change_says_what_is_changed,
        ),
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        after = replace(facts, review_stage="first_done", review_result=self.result, review_served_on=self.served_on)
        return self.redone(after, on)


@condition("没有可以请求复核的复查意见", REGULATION[36], todo="请先登记复查意见。", about_case=True)
def a_first_review_is_done(q: CaseContext) -> bool:
    return q.facts.review_stage == "first_done"


@dataclass(frozen=True, kw_only=True)
class RequestFinalReview(Step):
    """The petitioner does not accept the first review: within 30 days, once more."""

    rule = Rule["RequestFinalReview"](
        code=StepCode.REQUEST_FINAL_REVIEW,
        label="请求复核",
        group="复查复核",
        cites=(REGULATION[36],),
        who=(the_petitioner, the_office),
        then=(the_office,),
        when=AFTER_SERVICE,
        provided=(a_first_review_is_done, the_right_has_not_lapsed, it_arrived_after_it_was_sent),
    )
    when_field = "requested_on"
    confirmed_when = "办公室代为登记的"
    requested_on: date | None = step_field("请求日期（邮寄的以邮戳为准）", default=None)
    arrived_on: date | None = step_field("复核机关收到请求的日期", default=None, help=ARRIVED_HELP)
    body: str = step_field("复核机关")
    reason: str = step_field("理由", default="", long=True)
    late_reason: str = step_field("逾期理由", default="", long=True, max=2000)

    def asks_second_person(self, q: CaseContext) -> bool:
        return not the_petitioner.includes(q.actor, q.facts)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, review_stage="final_asked", review_sent_on=None, review_arrived_on=self.arrived_on)

    def says(self, directory: Directory) -> str:
        return f"向{self.body}请求复核"


@condition("没有待作出的复核意见", REGULATION[36], todo="请先登记复核请求。", about_case=True)
def a_final_review_is_asked(q: CaseContext) -> bool:
    return q.facts.review_stage == "final_asked"


@condition("听证天数应在0至180之间", REGULATION[36], CHOSEN_BY_DEPARTMENT, todo="请核对听证天数。")
def hearing_days_are_possible(q: "DecisionContext[FinalReview]") -> bool:
    return bool(0 <= q.step.hearing_days <= 180)


@dataclass(frozen=True, kw_only=True)
class FinalReview(ReviewDecision):
    """The opinion of the final review; the days of a hearing don't count in its limit."""

    rule = Rule["FinalReview"](
        code=StepCode.FINAL_REVIEW,
        label="复核意见",
        group="复查复核",
        cites=(REGULATION[36],),
        who=(the_office,),
        then=(the_office,),
        when=AFTER_SERVICE,
        to=(State.HANDLING, State.SERVED),
        provided=(
            a_final_review_is_asked,
            decided_after_the_request_arrived,
            received_after_it_was_decided,
            the_opinion_is_attached,
            each_opinion_has_its_own_scan,
            a_change_says_what_is_changed,
            hearing_days_are_possible,
        ),
    )
    hearing_days: int = step_field("听证所用天数", default=0)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        after = replace(
            facts,
            review_stage="final_done",
            review_result=self.result,
            review_served_on=self.served_on,
            hearing_days=self.hearing_days,
        )
        return self.redone(after, on)
