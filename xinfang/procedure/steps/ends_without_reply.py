"""Ends without a reply: filed, withdrawn, no longer accepted; and the way back from each end aside."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_named_officer, the_office, the_petitioner
from xinfang.procedure.archive import terminal_state
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..conditions import (
    a_reason_is_given,
    holds_proof,
    is_certainly_the_petitioner,
    is_the_petitioners_own,
    it_is_classified,
    it_is_no_report_of_wrongdoing,
    no_review_decides_on_it,
)
from ..facts import NO_UNIT, NOBODY, Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..voided import without_a_draft
from ..words import (
    Channel,
    FilingReason,
    Material,
    PaperKind,
    State,
)


@condition("以“内容不清”存信前应当联系过信访人", HOUSE_RULES[10], CHOSEN_BY_DEPARTMENT, todo="请先联系并填写联系经过。")
def an_unclear_one_was_asked(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.UNCLEAR or bool(q.step.contact_attempt)


@condition("以“重复来信”存信，须先认定重复", HOUSE_RULES[10], todo="请先办理“认定重复”，由另一人确认。")
def a_repeat_is_linked(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.ANSWERED_REPEAT or bool(q.facts.repeat_of)


@condition("以“已办理完结”存信，须写明完结的原件编号", HOUSE_RULES[10], todo="请填写原件编号。")
def the_concluded_case_is_named(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.CONCLUDED or bool(q.step.concluded_number)


@condition(
    "原件在本系统没有答复、办结的记录：没有答复的重复来信不得存信",
    HOUSE_RULES[10],
    REGULATION[44],
    todo="请核对原件；还在办理的，并案答复。在本系统之前办结的，将答复扫描添加为附件，材料种类选“文书”，再在此选择。",
)
def the_earlier_case_was_answered(q: "DecisionContext[FileWithoutAction]") -> bool:
    rests_on_another = q.step.ground in (FilingReason.CONCLUDED, FilingReason.ANSWERED_REPEAT)
    on_paper = q.step.ground is FilingReason.CONCLUDED and holds_proof(q)
    return not rests_on_another or q.step.answered or on_paper


@condition(
    "只有来信（含传真、网上来信）可以存信；来访、来电应当当面（电话中）问清并办理",
    HOUSE_RULES[10],
    HOUSE_RULES[11],
    REGULATION[19],
    todo="请分类办理；不属本厅职权的，告知向有权机关提出。",
    about_case=True,
)
def it_is_a_letter(q: CaseContext) -> bool:
    return q.facts.channel not in (Channel.VISIT, Channel.PHONE)


@condition(
    "用蒙古文等其他文字写的来信，不得以内容不清、无参考价值存信",
    HOUSE_RULES[10],
    CHOSEN_BY_DEPARTMENT,
    todo="请先翻译，按译文办理；原文为准，翻译的时间不计入信访人的等待。",
)
def it_can_be_read_here(q: "DecisionContext[FileWithoutAction]") -> bool:
    foreign = any(p.translate or p.language not in CHINESE for p in q.facts.persons)
    return not foreign or q.step.ground not in (FilingReason.UNCLEAR, FilingReason.NO_VALUE)


CHINESE = ("", "汉语", "中文", "普通话", "汉文", "国家通用语言文字")
"""How clerks name the language that needs no translation."""


@dataclass(frozen=True, kw_only=True)
class FileWithoutAction(Step):
    """存信: only on four grounds, by two persons, reversible, registered and counted all the same."""

    rule = Rule["FileWithoutAction"](
        code=StepCode.FILE_WITHOUT_ACTION,
        label="存信",
        group="甄别",
        cites=(HOUSE_RULES[10], REGULATION[44]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.FILED,),
        provided=(
            it_is_no_report_of_wrongdoing,
            it_is_a_letter,
            it_can_be_read_here,
            an_unclear_one_was_asked,
            a_repeat_is_linked,
            the_concluded_case_is_named,
            the_earlier_case_was_answered,
            a_reason_is_given,
        ),
    )
    proof = (Material.PAPER,)
    may_owe = (PaperKind.FILING_SLIP, PaperKind.FILING_NOTICE)
    ground: FilingReason = step_field("存信理由")
    concluded_number: str = step_field("已完结的原件编号", default="", max=20)
    contact_attempt: str = step_field("联系经过", default="", long=True, max=2000)
    reason: str = step_field("说明", long=True, max=2000)
    attachment: int | None = step_field("原件答复的扫描件（附件序号）", default=None, help="原件在本系统办理的不必")
    answered: bool = step_field("原件在本系统已经答复（由系统核对）", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.FILED)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        notice = (PaperKind.FILING_NOTICE,) if facts.contact_clear_since else ()
        return (PaperKind.FILING_SLIP, *notice)

    def says(self, directory: Directory) -> str:
        return f"{self.ground.label}：{self.reason}"


REOPENED = (
    State.REDIRECTED,
    State.RETURNED,
    State.FORWARDED,
    State.ROUTED,
    State.DECLINED,
    State.FILED,
    State.HANDED_OVER,
    State.REFUSED_FURTHER,
    State.WITHDRAWN,
    State.ANSWERED,
    State.HISTORY,
)
"""Ends aside: each of them can be wrong, or be undone by somebody else."""


@condition(
    "此件已经结案，不能恢复办理",
    HOUSE_RULES[10],
    REGULATION[35],
    REGULATION[36],
    todo="对处理意见不服的请办理复查、复核；有新的事实的请另行登记。",
    about_case=True,
)
def it_ended_aside(q: CaseContext) -> bool:
    return terminal_state(q.facts) in REOPENED


@condition(
    "信访人本人只能恢复自己撤回的事项",
    CHOSEN_BY_DEPARTMENT,
    todo="不服存信、不予受理的，请“请求重新审查”；其他的可以留言，或者提出新的事项。",
    about_case=True,
)
def a_petitioner_reopens_what_they_withdrew(q: CaseContext) -> bool:
    return not the_petitioner.includes(q.actor, q.facts) or terminal_state(q.facts) is State.WITHDRAWN


@dataclass(frozen=True, kw_only=True)
class Reopen(Step):
    """A case that ended aside is open again: the end was wrong, or another body gave the matter back.

    Also from the archive; by the petitioner, what they withdrew. The day of receipt stays, and every time limit counts
    from it: what went wrong here never lengthens the petitioner's wait (N23, N34).

    An answer was given by two and is taken back by two; never once a review of it was asked for (N35).
    """

    rule = Rule["Reopen"](
        code=StepCode.REOPEN,
        label="恢复办理",
        group="甄别",
        cites=(HOUSE_RULES[10], REGULATION[23], REGULATION[44]),
        who=(the_office, the_named_officer, the_petitioner),
        then=(the_office,),
        when=(*REOPENED, State.ARCHIVED),
        to=(State.REGISTERED,),
        provided=(
            it_ended_aside,
            no_review_decides_on_it,
            a_petitioner_reopens_what_they_withdrew,
            a_reason_is_given,
        ),
    )
    confirmed_when = "已经答复信访人的"
    reason: str = step_field(
        "理由", long=True, max=2000, help="如：原处理有误、被转送的部门退回、信访人改变主意；期限仍自收到之日起算"
    )

    def asks_second_person(self, q: CaseContext) -> bool:
        return terminal_state(q.facts) is State.ANSWERED

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            without_a_draft(facts),
            state=State.REGISTERED,
            # Only what comes in for the first time is handled simply (S4).
            simple=False,
            noticed_on=None,
            accepted_on=None,
            duty_term=None,
            replied_on=None,
            served_on=None,
            closed_on=None,
            extended_days=0,
            extension_asked=0,
            proposed_leader=NOBODY,
            proposed_unit=NO_UNIT,
            to_principal=False,
            instructed_by=(),
            handling_unit=NO_UNIT,
            assisting_units=(),
            responsible_leader=NOBODY,
            handler=NOBODY,
            handed_over_to_unit=False,
            signed_for=False,
            review_stage="",
            review_askers=frozenset(),
            archive_submitted=False,
            archived_from=None,
            joined_to="",
            gone=(),
            to_redo=False,
        )

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "不再受理须写明处理、复查、复核三份意见的文号",
    REGULATION[36],
    todo="请照三份意见书逐一填写文号（“无”不是文号）；没有复核意见的，信访人仍可请求复查、复核。",
)
def a_final_review_exists(q: "DecisionContext[RefuseFurther]") -> bool:
    s = q.step
    return all(any(c.isdigit() for c in n) for n in (s.opinion_number, s.first_review_number, s.final_review_number))


@condition(
    "没有可以核对的复核终结记录：首件在本系统没有复核终结，也没有附复核意见书",
    REGULATION[36],
    REGULATION[44],
    todo="请先“认定重复”，由系统核对首件的三份意见；在本系统之前办理的，将复核意见书扫描添加为附件，"
    "材料种类选“其他机关的来函、文书”，再在此选择。",
)
def the_final_review_is_on_record(q: "DecisionContext[RefuseFurther]") -> bool:
    return q.step.on_record or holds_proof(q)


@condition("须确认仍是同一事实和理由", REGULATION[36], todo="有新的事实或理由的，应当另行办理。")
def same_facts_and_reasons(q: "DecisionContext[RefuseFurther]") -> bool:
    return bool(q.step.same_facts)


@dataclass(frozen=True, kw_only=True)
class RefuseFurther(Step):
    """After a final review on the same facts and reasons; two persons."""

    rule = Rule["RefuseFurther"](
        code=StepCode.REFUSE_FURTHER,
        label="不再受理",
        group="甄别",
        cites=(REGULATION[36],),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.REFUSED_FURTHER,),
        provided=(
            it_is_classified,
            it_is_no_report_of_wrongdoing,
            a_final_review_exists,
            the_final_review_is_on_record,
            same_facts_and_reasons,
            a_reason_is_given,
        ),
        papers=(PaperKind.REFUSAL_NOTICE,),
    )
    proof = (Material.OTHER_BODYS_PAPER,)
    opinion_number: str = step_field("处理意见书文号")
    first_review_number: str = step_field("复查意见书文号")
    final_review_number: str = step_field("复核意见书文号")
    same_facts: bool = step_field("仍以同一事实和理由提出", default=False)
    attachment: int | None = step_field("复核意见书的扫描件（附件序号）", default=None, help="首件在本系统办理的不必")
    on_record: bool = step_field("首件在本系统已经复核终结（由系统核对）", default=False)
    reason: str = step_field("说明", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REFUSED_FURTHER)

    def says(self, directory: Directory) -> str:
        return f"复核意见 {self.final_review_number}：{self.reason}"


NOT_YET_ANSWERED = (State.REGISTERED, State.PROPOSED, State.INSTRUCTED, State.HANDLING, State.OBJECTED)
"""Until the reply is issued; from then on there is nothing to withdraw, only rights and an execution to lose."""


@condition(
    "由办公室代为登记撤回的，须附信访人本人的申请（书面、录音或者经其签名的笔录）",
    CHOSEN_BY_DEPARTMENT,
    todo="请先将信访人的申请添加为附件，材料种类选“信访人本人的申请（撤回、评价等）”，再在此选择。",
)
def the_petitioners_own_words_are_attached(q: "DecisionContext[Withdraw]") -> bool:
    return is_the_petitioners_own(q, StepCode.WITHDRAW) or holds_proof(q)


@condition("信访人本人提出撤回的，不须附申请", CHOSEN_BY_DEPARTMENT, todo="请不要填写附件序号。")
def what_they_say_themselves_rests_on_no_sheet(q: "DecisionContext[Withdraw]") -> bool:
    return q.step.attachment is None or not is_the_petitioners_own(q, StepCode.WITHDRAW)


@condition(
    "信访人已经死亡（终止），没有人可以撤回",
    CHOSEN_BY_DEPARTMENT,
    todo="此件继续办理；近亲属、权利承受人要求撤回的，请先办理“补充”登记其身份和证明。",
    about_case=True,
)
def somebody_is_left_to_withdraw(q: CaseContext) -> bool:
    return not q.facts.deceased or bool(q.facts.who_still_asks)


@condition(
    "来信有几位信访人的，须写明哪一位撤回：一位撤回不影响其他各位",
    REGULATION[17],
    REGULATION[20],
    CHOSEN_BY_DEPARTMENT,
    todo="请选择提出撤回的信访人（已故、已撤回的和代理人除外）；其他各位没有撤回的，继续办理。",
)
def who_withdraws_is_named(q: "DecisionContext[Withdraw]") -> bool:
    asking = q.facts.who_still_asks
    named = set(q.step.persons)
    if the_petitioner.includes(q.actor, q.facts) and len(asking) > 1:
        return named == {q.actor.person}
    return named <= asking and (bool(named) or len(asking) <= 1)


@dataclass(frozen=True, kw_only=True)
class Withdraw(Step):
    """A petitioner takes it back; what was done stays on record and a new petition stays possible.

    It ends for who takes it back; the case ends when all who are named did. What the office enters for them rests on
    their own words and a second person, and can be taken up again; so does what one says for more than are named. What
    was said by somebody who knew no more than the office does waits until somebody who didn't register the case has
    asked the petitioner.
    """

    rule = Rule["Withdraw"](
        code=StepCode.WITHDRAW,
        label="撤回",
        group="来件",
        cites=(CHOSEN_BY_DEPARTMENT,),
        who=(the_petitioner, the_office),
        then=(the_office,),
        when=NOT_YET_ANSWERED,
        to=(State.WITHDRAWN,),
        provided=(
            it_is_no_report_of_wrongdoing,
            somebody_is_left_to_withdraw,
            the_petitioners_own_words_are_attached,
            what_they_say_themselves_rests_on_no_sheet,
            who_withdraws_is_named,
            a_reason_is_given,
        ),
    )
    confirmed_when = (
        "办公室代为登记的，还有没有署名的共同信访人的，或者不能证明出自信访人本人的（只凭工作人员也知道的查询码、电话）"
    )
    proof = (Material.PETITIONERS_WORDS,)
    persons: tuple[int, ...] = step_field(
        "哪一位信访人撤回（序号）", default=(), help="只有一位的不必选；有几位的，只对所选的人生效，其他各位继续办理"
    )
    reason: str = step_field("信访人说明", long=True, max=2000, help="须出于信访人自愿；代为登记的，写明如何提出")
    attachment: int | None = step_field("信访人本人的申请（附件序号）", default=None)

    def asks_second_person(self, q: CaseContext) -> bool:
        f = q.facts
        ends = self.change(f, q.actor, q.today).state is State.WITHDRAWN
        for_others = ends and f.group_size > max(1, len(f.persons))
        return for_others or not is_certainly_the_petitioner(q)

    def not_agreed_to_by(self, facts: Facts) -> frozenset[StaffCode]:
        # Who registered it knows the code, and could be both persons.
        return frozenset() if self.attachment else frozenset(h.by for h in facts.history[:1] if h.by)

    def asks_how_it_was_checked(self) -> str:
        return "" if self.attachment else "须写明何时、怎样向信访人本人核实（如打其登记的电话）"

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        after = replace(facts, gone=(*facts.gone, *self.persons))
        if self.persons and after.who_still_asks:
            return after
        return replace(after, state=State.WITHDRAWN)

    def says(self, directory: Directory) -> str:
        who = f"第{'、'.join(map(str, self.persons))}位信访人：" if self.persons else ""
        proof = f"（附件{self.attachment}）" if self.attachment else ""
        return f"{who}{self.reason}{proof}"
