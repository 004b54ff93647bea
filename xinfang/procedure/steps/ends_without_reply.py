"""Ends without a reply: filed, withdrawn, no longer accepted; and the way back from each end aside."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_office, the_petitioner
from xinfang.procedure.archive import terminal_state
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import (
    a_reason_is_given,
    it_is_no_report_of_wrongdoing,
)
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import (
    OPEN_STATES,
    FilingReason,
    PaperKind,
    State,
)


@condition("以“内容不清”存信前应当联系过信访人", HOUSE_RULES[10], REGULATION[19], todo="请先联系并填写联系经过。")
def an_unclear_one_was_asked(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.UNCLEAR or bool(q.step.contact_attempt)


@condition("以“重复来信”存信，须先认定重复", HOUSE_RULES[10], todo="请先办理“认定重复”，由另一人确认。")
def a_repeat_is_linked(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.ANSWERED_REPEAT or bool(q.facts.repeat_of)


@condition("以“已办理完结”存信，须写明完结的原件编号", HOUSE_RULES[10], todo="请填写原件编号。")
def the_concluded_case_is_named(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.CONCLUDED or bool(q.step.concluded_number)


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
            an_unclear_one_was_asked,
            a_repeat_is_linked,
            the_concluded_case_is_named,
            a_reason_is_given,
        ),
    )
    may_owe = (PaperKind.FILING_SLIP, PaperKind.FILING_NOTICE)
    ground: FilingReason = step_field("存信理由")
    concluded_number: str = step_field("已完结的原件编号", default="", max=20)
    contact_attempt: str = step_field("联系经过", default="", long=True, max=2000)
    reason: str = step_field("说明", long=True, max=2000)
    petitioner_told: bool = step_field("已告知信访人", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.FILED)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        notice = (PaperKind.FILING_NOTICE,) if facts.contact_clear_since else ()
        return (PaperKind.FILING_SLIP, *notice)

    def says(self, directory: Directory) -> str:
        return f"{self.ground.label}：{self.reason}"


REOPENED = (State.FILED, State.DECLINED, State.HISTORY)


@condition(
    "归档前不是存信、不予受理或历史件，不能恢复办理",
    HOUSE_RULES[10],
    REGULATION[44],
    todo="对处理意见不服的请办理复查、复核；有新的事实的请另行登记。",
    about_case=True,
)
def it_was_filed_or_declined(q: CaseContext) -> bool:
    return terminal_state(q.facts) in REOPENED


@dataclass(frozen=True, kw_only=True)
class Reopen(Step):
    """A case that was filed or declined wrongly, or brought in as history while an answer is owed, is open again.

    Also from the archive; the 15 days run again from that day.
    """

    rule = Rule["Reopen"](
        code=StepCode.REOPEN,
        label="恢复办理",
        group="甄别",
        cites=(HOUSE_RULES[10], REGULATION[44]),
        who=(the_office,),
        when=(*REOPENED, State.ARCHIVED),
        to=(State.REGISTERED,),
        provided=(it_was_filed_or_declined, a_reason_is_given),
    )
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REGISTERED, noticed_on=None, archive_submitted=False, archived_from=None)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "不再受理须写明处理、复查、复核三份意见的文号",
    REGULATION[36],
    todo="请逐一填写；没有复核意见的，信访人仍可请求复查、复核。",
)
def a_final_review_exists(q: "DecisionContext[RefuseFurther]") -> bool:
    return bool(q.step.opinion_number and q.step.first_review_number and q.step.final_review_number)


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
        provided=(a_final_review_exists, same_facts_and_reasons, a_reason_is_given),
        papers=(PaperKind.REFUSAL_NOTICE,),
    )
    opinion_number: str = step_field("处理意见书文号")
    first_review_number: str = step_field("复查意见书文号")
    final_review_number: str = step_field("复核意见书文号")
    same_facts: bool = step_field("仍以同一事实和理由提出", default=False)
    reason: str = step_field("说明", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REFUSED_FURTHER)

    def says(self, directory: Directory) -> str:
        return f"复核意见 {self.final_review_number}：{self.reason}"


@dataclass(frozen=True, kw_only=True)
class Withdraw(Step):
    """The petitioner takes it back; what was done stays on record and a new petition stays possible."""

    rule = Rule["Withdraw"](
        code=StepCode.WITHDRAW,
        label="撤回",
        group="来件",
        cites=(REGULATION[17], REGULATION[19]),
        who=(the_petitioner, the_office),
        when=tuple(s for s in OPEN_STATES if s is not State.OBJECTED),
        to=(State.WITHDRAWN,),
        provided=(a_reason_is_given,),
    )
    reason: str = step_field("信访人说明", long=True, max=2000, help="须出于信访人自愿；代为登记的，写明如何提出")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.WITHDRAWN)

    def says(self, directory: Directory) -> str:
        return self.reason
