"""The reply of a case: draft, review, sign, issue, serve, carry out what was supported."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    a_handler,
    a_head_of_the_handling_unit,
    the_office,
    the_responsible_leader,
)
from xinfang.procedure.articles import CIVIL_PROCEDURE_LAW, HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT, MAX_REPLY_CHARACTERS, REQUEST_FIRST_REVIEW
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field
from xinfang.procedure.words import (
    NOT_YET_SIGNED,
    Conclusion,
    Disposition,
    Material,
    PaperKind,
    PaperStage,
    ReplyStage,
    Role,
    ServiceMethod,
    State,
)

from ..conditions import (
    it_is_no_review,
    it_is_no_suggestion,
    it_is_not_in_our_own_power,
    sending_back_says_why,
    the_unit_has_signed_for_it,
)
from ..due_dates import is_dated_back
from ..facts import Actor, Directory, Facts, Finding
from ..hearing import is_heard
from ..papers import OPINIONS, drafting_step, latest_opinion, opinion_kind
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..voided import without_advice
from .service import (
    SERVICE_CONDITIONS,
    Service,
    not_before_it_left,
    served,
    taken_as_served_on,
    was_tried_twice,
)


@condition(
    "意见书已经签发，不能改写", HOUSE_RULES[13], REGULATION[32], todo="请在印发后的“文书”中改回拟稿。", about_case=True
)
def the_reply_is_not_signed(q: CaseContext) -> bool:
    return q.facts.reply_stage in NOT_YET_SIGNED


@condition(
    "每项诉求都要有认定的事实、结论（支持、解释说明、不予支持）和法律法规依据", REGULATION[32], todo="请逐项补齐。"
)
def each_request_is_concluded(q: "DecisionContext[FindingsDraft]") -> bool:
    found = {f.request: f for f in q.step.findings}
    return all(
        r.number in found and found[r.number].finding and found[r.number].conclusion and found[r.number].basis
        for r in q.facts.requests
    )


@condition("有的诉求序号在本件中不存在", REGULATION[32], todo="请按本件的诉求序号填写。")
def findings_answer_the_requests(q: "DecisionContext[FindingsDraft]") -> bool:
    numbers = [f.request for f in q.step.findings]
    return len(set(numbers)) == len(numbers) and set(numbers) <= {r.number for r in q.facts.requests}


@condition("应写明复查机关，信访人须知道向谁请求复查", REGULATION[35], todo="请填写复查机关的名称和地址。")
def the_review_body_is_named(q: "DecisionContext[DraftReply]") -> bool:
    return bool(q.step.review_body)


@dataclass(frozen=True, kw_only=True)
class FindingsDraft(Step):
    """What drafts of a reply have in common: each request with its finding, conclusion and basis.

    Until it is signed it may be written again; the head's check and the legal advice are then asked for again.
    """

    findings: tuple[Finding, ...] = step_field("逐项处理意见")
    disposition: Disposition = step_field("处理方式")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        found = {f.request: f for f in self.findings}
        requests = tuple(
            replace(
                r, finding=found[r.number].finding, conclusion=found[r.number].conclusion, basis=found[r.number].basis
            )
            for r in facts.requests
        )
        return replace(
            without_advice(facts), requests=requests, disposition=self.disposition, reply_stage=ReplyStage.DRAFTED
        )

    def says(self, directory: Directory) -> str:
        made = "；".join(f"诉求{f.request} {f.conclusion.label}" for f in self.findings if f.conclusion)
        return f"{made}。{self.disposition.label}"


@dataclass(frozen=True, kw_only=True)
class DraftReply(FindingsDraft):
    """The handler drafts the reply: each request with its finding, conclusion and basis, and the way of review."""

    rule = Rule["DraftReply"](
        code=StepCode.DRAFT_REPLY,
        label="拟写意见书",
        group="答复",
        cites=(HOUSE_RULES[13], REGULATION[27], REGULATION[31], REGULATION[32], REGULATION[35]),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(
            it_is_no_suggestion,
            it_is_no_review,
            it_is_not_in_our_own_power,
            the_unit_has_signed_for_it,
            the_reply_is_not_signed,
            each_request_is_concluded,
            findings_answer_the_requests,
            the_review_body_is_named,
        ),
    )
    review_body: str = step_field(
        "复查机关", help=f"名称和地址，印在意见书上，写明自收到之日起{REQUEST_FIRST_REVIEW}内可请求复查"
    )


def draft_in_words(facts: Facts) -> str:
    """Return the draft of the reply as the legal adviser reads it: each request, what was found and what is decided."""
    parts = [
        f"诉求{r.number}：{r.text}\n认定的事实：{r.finding}\n"
        f"结论：{r.conclusion.label if r.conclusion else ''}\n依据：{r.basis}"
        for r in facts.requests
    ]
    drafted = facts.last(drafting_step(facts))
    if facts.disposition:
        parts.append(f"处理方式：{facts.disposition.label}")
    if drafted and facts.own_power:
        s = drafted.step
        parts.append(f"救济途径：{s.other_remedy or f'行政复议机关：{s.reconsideration_body}；人民法院：{s.court}'}")
    elif drafted:
        parts.append(f"复查机关：{drafted.step.review_body}")
    return "\n\n".join(parts)


@condition("没有待审核的意见书", HOUSE_RULES[13], todo="请由承办人先拟稿。", about_case=True)
def a_draft_waits_for_review(q: CaseContext) -> bool:
    return q.facts.reply_stage is ReplyStage.DRAFTED


@condition("没有待签发的意见书", HOUSE_RULES[13], todo="请先由处室（单位）负责人审核。", about_case=True)
def a_draft_waits_for_signature(q: CaseContext) -> bool:
    return q.facts.reply_stage is ReplyStage.REVIEWED


@condition("没有待印发的意见书", HOUSE_RULES[13], todo="请先由包案厅领导签发。", about_case=True)
def a_reply_waits_for_issue(q: CaseContext) -> bool:
    return q.facts.reply_stage is ReplyStage.SIGNED


def _sends_back(q: CaseContext) -> bool:
    """Tell whether a leader gives a draft back: that is allowed before all that their signature asks for is there."""
    return isinstance(q.step, SignReply) and not q.step.agree


@condition("尚无法律顾问意见", HOUSE_RULES[13], todo="请先由承办人征求法律顾问意见。", about_case=True)
def legal_advice_is_on_file(q: CaseContext) -> bool:
    return q.facts.advice_given or _sends_back(q)


@condition("有的诉求还没有结论和依据", REGULATION[32], todo="请退回补齐。", about_case=True)
def all_requests_are_concluded(q: CaseContext) -> bool:
    if _sends_back(q) or q.facts.review_of is not None:
        return True
    return bool(q.facts.requests) and all(r.concluded for r in q.facts.requests)


@condition(
    "尚未听取信访人陈述事实和理由",
    REGULATION[31],
    HOUSE_RULES[11],
    todo="请先接谈（可以电话）；联系不上的，由承办处室在不同的三日各联系一次，当日记录；接谈以后又增加诉求的，再接谈一次。",
    about_case=True,
)
def the_petitioner_was_heard(q: CaseContext) -> bool:
    # A review judges an opinion that heard them; nothing in N35 asks that they are heard once more.
    asked = q.facts.review_of is None and q.facts.contact_clear_since is not None
    return _sends_back(q) or is_heard(q.facts) or not asked


def _drafted_it(q: CaseContext) -> bool:
    draft = q.facts.last(drafting_step(q.facts))
    return draft is not None and draft.by in q.actor.codes


def _who_drafted(facts: Facts) -> frozenset[StaffCode]:
    draft = facts.last(drafting_step(facts))
    return frozenset({draft.by}) if draft else frozenset()


@condition(
    "经手过原事项的人员不得审核、签发对它的复查意见；复查意见不得由拟写的人审核",
    REGULATION[28],
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请由没有经手过原事项的负责人、厅领导办理；需要更换的，请办公室改定包案厅领导。",
    about_case=True,
)
def who_decides_on_a_review_did_not_handle_it(q: CaseContext) -> bool:
    if q.facts.review_of is None:
        return True
    return q.actor.code not in q.facts.review_of.barred and not _drafted_it(q)


@condition(
    "拟写意见书的人员不能审核自己拟写的意见书",
    HOUSE_RULES[6],
    CHOSEN_BY_DEPARTMENT,
    todo="请由本处室（单位）的另一位负责人审核；没有的，由办公室主任、厅领导代为审核。",
    about_case=True,
)
def who_reviews_did_not_draft_it(q: CaseContext) -> bool:
    return not _drafted_it(q)


@condition(
    "拟写意见书的人员不能签发",
    HOUSE_RULES[4],
    CHOSEN_BY_DEPARTMENT,
    todo="请办公室改定包案厅领导，由另一位厅领导签发。",
    about_case=True,
)
def who_signs_did_not_draft_it(q: CaseContext) -> bool:
    return _sends_back(q) or not _drafted_it(q)


@dataclass(frozen=True, kw_only=True)
class ReviewReply(Step):
    """The head of the unit checks the draft, or gives it back."""

    rule = Rule["ReviewReply"](
        code=StepCode.REVIEW_REPLY,
        label="审核意见书",
        group="答复",
        cites=(HOUSE_RULES[6], HOUSE_RULES[13]),
        who=(a_head_of_the_handling_unit,),
        when=(State.HANDLING,),
        provided=(
            a_draft_waits_for_review,
            who_reviews_did_not_draft_it,
            who_decides_on_a_review_did_not_handle_it,
            sending_back_says_why,
        ),
        not_by=_who_drafted,
    )
    agree: bool = step_field("同意", default=True)
    opinion: str = step_field("审核意见", default="", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, reply_stage=ReplyStage.REVIEWED if self.agree else ReplyStage.NONE)

    def says(self, directory: Directory) -> str:
        return f"{'同意' if self.agree else '退回修改'}。{self.opinion}"


@condition(
    "审核意见书的人不能代理厅领导签发",
    HOUSE_RULES[4],
    HOUSE_RULES[6],
    CHOSEN_BY_DEPARTMENT,
    todo="请由包案厅领导本人或者没有审核过的代理人签发；包案厅领导不在的，请办公室改定包案厅领导。",
    about_case=True,
)
def who_checked_does_not_sign_as_a_deputy(q: CaseContext) -> bool:
    checked = q.facts.last_by(StepCode.REVIEW_REPLY) == q.actor.code
    return not (checked and q.actor.only_stands_in(Role.LEADER, Role.PRINCIPAL_LEADER))


@dataclass(frozen=True, kw_only=True)
class SignReply(Step):
    """The responsible leader signs the reply, after the adviser was asked and the petitioner heard."""

    rule = Rule["SignReply"](
        code=StepCode.SIGN_REPLY,
        label="签发意见书",
        group="答复",
        cites=(HOUSE_RULES[4], HOUSE_RULES[13], REGULATION[31], REGULATION[32]),
        who=(the_responsible_leader,),
        when=(State.HANDLING,),
        provided=(
            a_draft_waits_for_signature,
            legal_advice_is_on_file,
            the_petitioner_was_heard,
            all_requests_are_concluded,
            who_signs_did_not_draft_it,
            who_checked_does_not_sign_as_a_deputy,
            who_decides_on_a_review_did_not_handle_it,
            sending_back_says_why,
        ),
    )
    agree: bool = step_field("同意签发", default=True)
    opinion: str = step_field("意见", default="", long=True, max=2000)
    digest: str = step_field("所签文本的 SM3 摘要", default="", plain=True, max=64, help="由系统填写")
    text: str = step_field("所签文本", default="", long=True, private=True, max=MAX_REPLY_CHARACTERS, help="由系统填写")
    """What was signed is kept with the signature: this text, and no other, is what can be issued (H13, N32)."""

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        stage = ReplyStage.SIGNED if self.agree else ReplyStage.NONE
        return replace(facts, reply_stage=stage, signed_text=self.digest if self.agree else "")

    def says(self, directory: Directory) -> str:
        return f"{'同意签发' if self.agree else '退回修改'}。{self.opinion}"


@condition(
    "拟写、审核、签发意见书或者出具法律顾问意见的人员中，有人的回避正在等待决定",
    REGULATION[28],
    todo="请先由有权的人员决定回避：同意回避的，其办理的环节重新办理；不同意的，继续印发。",
    about_case=True,
)
def nobody_behind_it_may_have_to_withdraw(q: CaseContext) -> bool:
    waits = q.facts.pending.get(StepCode.RECUSE)
    behind = (drafting_step(q.facts), StepCode.REVIEW_REPLY, StepCode.GIVE_LEGAL_ADVICE, StepCode.SIGN_REPLY)
    return waits is None or waits.step.person not in {q.facts.last_by(code) for code in behind}


@dataclass(frozen=True, kw_only=True)
class IssueReply(Step):
    """The office gives the signed reply its number; its paper is made with it, in the department's name (N32, N35).

    The 60 days end when the reply leaves (N34).
    """

    rule = Rule["IssueReply"](
        code=StepCode.ISSUE_REPLY,
        label="印发意见书",
        group="答复",
        cites=(HOUSE_RULES[13], REGULATION[28], REGULATION[32], REGULATION[35]),
        who=(the_office,),
        when=(State.HANDLING,),
        to=(State.REPLIED,),
        provided=(
            a_reply_waits_for_issue,
            nobody_behind_it_may_have_to_withdraw,
            legal_advice_is_on_file,
            all_requests_are_concluded,
        ),
    )
    may_owe = OPINIONS
    document_number: str = step_field(
        "文号", default="", plain=True, max=40, help="不填则由系统按字号取号，如：内科信答〔2026〕12号"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REPLIED, reply_stage=ReplyStage.ISSUED)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        return (opinion_kind(facts),)

    def says(self, directory: Directory) -> str:
        return self.document_number


@condition("送达日期早于印发日期，或者早于发出日期", REGULATION[35], todo="请核对送达日期。")
def served_after_it_was_issued(q: "DecisionContext[ServeReply]") -> bool:
    reply = latest_opinion(q.facts)
    return reply is None or not_before_it_left(reply, q.step.day(q.today))


@condition(
    "意见书还没有制作、印发，或者正在修改、重新送签",
    HOUSE_RULES[13],
    REGULATION[35],
    todo="请先在“文书”中印发意见书，再办理送达。",
    about_case=True,
)
def the_reply_that_is_served_was_issued(q: CaseContext) -> bool:
    reply = latest_opinion(q.facts)
    again = PaperStage.SERVED if q.facts.state is State.SERVED else PaperStage.ISSUED
    return reply is not None and reply.stage in (PaperStage.ISSUED, again)


@condition(
    "意见书已经送达，没有还应送达的信访人",
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请继续办理执行、结案。",
    about_case=True,
)
def somebody_is_to_be_served(q: CaseContext) -> bool:
    return q.facts.state is not State.SERVED or bool(q.facts.still_to_be_served)


@condition(
    "几位信访人联名、没有推选代表的，须写明意见书送达了哪一位",
    REGULATION[20],
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请选择收到意见书的信访人，其他各位另行送达；登记了代表的，送达代表即可。",
)
def who_got_it_is_named(q: "DecisionContext[ServeReply]") -> bool:
    left, named = q.facts.still_to_be_served, set(q.step.persons)
    return (not left and not named) or bool(named & left and named <= q.facts.who_still_asks)


@condition(
    "公告送达限于邮寄退回、以其他方式（其他地址）也没有送达的",
    CIVIL_PROCEDURE_LAW[95],
    CHOSEN_BY_DEPARTMENT,
    todo="请先邮寄，退回的记录“送达未成”并填写单号；再上门、按其他地址或者以其他方式送达，仍未成的再次记录；没有地址的，在不同的两日各试一次。",
)
def other_ways_failed_before_a_public_notice(q: "DecisionContext[ServeReply]") -> bool:
    opinion = latest_opinion(q.facts)
    tried = opinion is not None and was_tried_twice(opinion, q.facts)
    return q.step.method is not ServiceMethod.PUBLIC or tried


@dataclass(frozen=True, kw_only=True)
class ServeReply(Service):
    """The reply reaches the petitioner: the 30 days to ask for review begin.

    Without the signed receipt, refused, left or by public notice, another person confirms it (N35). Of several whom
    nobody represents each is served: who asks for a review has the days of the latest service.
    """

    rule = Rule["ServeReply"](
        code=StepCode.SERVE,
        label="送达",
        group="答复",
        cites=(HOUSE_RULES[14], REGULATION[35]),
        who=(a_handler, the_office),
        then=(a_handler, the_office),
        when=(State.REPLIED, State.SERVED),
        to=(State.SERVED,),
        provided=(
            somebody_is_to_be_served,
            the_reply_that_is_served_was_issued,
            who_got_it_is_named,
            served_after_it_was_issued,
            *SERVICE_CONDITIONS,
            other_ways_failed_before_a_public_notice,
        ),
        papers=(PaperKind.SERVICE_RECEIPT,),
    )
    proof = (Material.RECEIPT,)
    confirmed_when = "没有附签收的送达回证、补录影响期限，或者拒收、留置、公告送达的"

    def asks_second_person(self, q: CaseContext) -> bool:
        return self.is_unproven(q.facts) or is_dated_back(self.served_on, q.today, q.facts, q.calendar)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return with_opinion_served(facts, self.served_on, taken_as_served_on(self), self.persons)


def with_opinion_served(facts: Facts, came_on: date, counts_from: date, persons: tuple[int, ...] = ()) -> Facts:
    """Return the facts once the case's own opinion reached the petitioner, or these of them, or counts as if it had."""
    reply = latest_opinion(facts)
    after = served(facts, reply.number, came_on) if reply else facts
    after = replace(after, served_persons=facts.served_persons | set(persons))
    if facts.state is State.SERVED:
        return replace(after, served_on=max(counts_from, facts.served_on or counts_from))
    if facts.review_of is not None:
        # What is served is a first review: a final one may be asked for from here on (N36).
        after = replace(
            after, review_stage="first_done", review_result=facts.review_of.result, review_served_on=counts_from
        )
    return replace(after, state=State.SERVED, served_on=counts_from)


@condition("本件没有予以支持的诉求", REGULATION[32], todo="无须执行。", about_case=True)
def something_is_supported(q: CaseContext) -> bool:
    return any(r.conclusion is Conclusion.SUPPORT for r in q.facts.requests)


@condition("诉求序号不存在，或该诉求没有得到支持", REGULATION[32], todo="请核对诉求序号。")
def that_request_is_supported(q: "DecisionContext[CarryOut]") -> bool:
    return any(r.number == q.step.request and r.conclusion is Conclusion.SUPPORT for r in q.facts.requests)


@dataclass(frozen=True, kw_only=True)
class CarryOut(Step):
    """What was done, or is scheduled, for a supported request."""

    rule = Rule["CarryOut"](
        code=StepCode.CARRY_OUT,
        label="执行",
        group="答复",
        cites=(REGULATION[32],),
        who=(a_handler,),
        when=(State.SERVED, State.CLOSED, State.ARCHIVED),
        provided=(something_is_supported, that_request_is_supported),
    )
    when_field = "done_on"
    request: int = step_field("诉求序号")
    text: str = step_field("执行情况或时间安排", long=True, max=4000)
    done_on: date | None = step_field("日期", default=None)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts,
            requests=tuple(
                replace(r, carried_out=self.text) if r.number == self.request else r for r in facts.requests
            ),
        )

    def says(self, directory: Directory) -> str:
        return f"诉求{self.request}：{self.text}"
