"""A matter handed down that isn't ours: the objection, and what its sender answers (H8, N23)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import (
    a_reason_is_told_as_the_objection_asks,
    holds_proof,
    it_is_no_report_of_wrongdoing,
)
from ..due_dates import objection_due
from ..facts import Actor, Directory, Facts
from ..limits import OBJECTION
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import Material, PaperKind, State


@condition(
    "此件由信访人直接提出，没有可提异议的来文机关",
    HOUSE_RULES[7],
    REGULATION[23],
    todo="请办理“告知向有权机关提出”。",
    about_case=True,
)
def it_was_handed_down(q: CaseContext) -> bool:
    return q.facts.handed_down


def _is_late(q: CaseContext) -> bool:
    due = objection_due(q.facts, q.calendar)
    return due is not None and q.today > due


@condition(
    f"收到已超过{OBJECTION}，且没有写明逾期的理由",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="请写明为何逾期才提出，由另一人确认；来文机关可以不予同意。期间书面告知的期限照常计算。",
)
def a_late_objection_says_why(q: "DecisionContext[RaiseObjection]") -> bool:
    return not _is_late(q) or bool(q.step.late_reason)


@dataclass(frozen=True, kw_only=True)
class RaiseObjection(Step):
    """Handed down but not ours: an objection with reasons, a late one with the reason why it is late.

    Until it is upheld the department owns the case, and its 15 days run.
    """

    rule = Rule["RaiseObjection"](
        code=StepCode.OBJECT,
        label="提出异议（申请转交）",
        group="甄别",
        cites=(HOUSE_RULES[8], REGULATION[23]),
        who=(the_office,),
        when=(State.REGISTERED,),
        to=(State.OBJECTED,),
        then=(the_office,),
        provided=(
            it_was_handed_down,
            it_is_no_report_of_wrongdoing,
            a_late_objection_says_why,
            a_reason_is_told_as_the_objection_asks,
        ),
        papers=(PaperKind.OBJECTION_LETTER,),
    )
    confirmed_when = f"收到已超过{OBJECTION}的"
    reason: str = step_field("详细理由", long=True, max=4000, help="写明不属本厅及本系统职权的依据")
    right_body: str = step_field("建议有权处理的机关", default="")
    late_reason: str = step_field("逾期理由", default="", long=True, max=2000)

    def asks_second_person(self, q: CaseContext) -> bool:
        return _is_late(q)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.OBJECTED)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "应填写来文机关答复的日期和文号；没有答复的，须说明",
    REGULATION[23],
    todo="请照复函填写；来文机关没有答复的，请勾选。",
)
def the_answer_is_dated_and_numbered(q: "DecisionContext[ObjectionUpheld | ObjectionRejected]") -> bool:
    unanswered = isinstance(q.step, ObjectionRejected) and q.step.no_answer
    return unanswered or bool(q.step.answered_on and q.step.answer_number)


@condition(
    "来文机关同意异议的，须附复函（口头答复的，附电话记录）",
    REGULATION[23],
    CHOSEN_BY_DEPARTMENT,
    todo="请先添加为附件，材料种类选“其他机关的来函、文书”，再在此选择。",
)
def the_agreement_is_proven(q: "DecisionContext[ObjectionUpheld]") -> bool:
    return holds_proof(q)


@dataclass(frozen=True, kw_only=True)
class ObjectionUpheld(Step):
    """The sender agrees: the material goes back, by two persons, on the sender's answer."""

    rule = Rule["ObjectionUpheld"](
        code=StepCode.OBJECTION_UPHELD,
        label="异议同意",
        group="甄别",
        cites=(REGULATION[23], REGULATION[44]),
        who=(the_office,),
        then=(the_office,),
        when=(State.OBJECTED,),
        to=(State.RETURNED,),
        provided=(the_answer_is_dated_and_numbered, the_agreement_is_proven),
        papers=(PaperKind.TRANSFER_SHEET,),
    )
    proof = (Material.OTHER_BODYS_PAPER,)
    when_field = "answered_on"
    answered_on: date | None = step_field("答复日期", default=None)
    answer_number: str = step_field("答复文号", help="口头答复的，写明“口头”及答复人单位")
    attachment: int | None = step_field("来文机关的答复（附件序号）", default=None)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.RETURNED)

    def says(self, directory: Directory) -> str:
        return f"来文机关 {self.answer_number} 核实同意，交还材料"


@dataclass(frozen=True, kw_only=True)
class ObjectionRejected(Step):
    """The sender does not agree, or doesn't answer: the case goes on here, and its 15 days never stopped."""

    rule = Rule["ObjectionRejected"](
        code=StepCode.OBJECTION_REJECTED,
        label="异议不同意",
        group="甄别",
        cites=(REGULATION[23],),
        who=(the_office,),
        when=(State.OBJECTED,),
        to=(State.REGISTERED,),
        provided=(the_answer_is_dated_and_numbered,),
    )
    when_field = "answered_on"
    answered_on: date | None = step_field("答复日期", default=None)
    answer_number: str = step_field("答复文号", default="", help="口头答复的，写明“口头”及答复人单位")
    no_answer: bool = step_field("来文机关没有答复", default=False, help="不再等待，由本厅继续办理")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REGISTERED)

    def says(self, directory: Directory) -> str:
        if self.no_answer:
            return "来文机关没有答复，由本厅继续办理"
        return f"来文机关 {self.answer_number} 不同意，继续由本厅办理"
