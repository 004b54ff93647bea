"""A matter handed down that isn't ours: the objection, and what its sender answers (H8, N23)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import (
    a_reason_is_given,
)
from ..due_dates import objection_due
from ..facts import Actor, Directory, Facts
from ..limits import OBJECTION
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import PaperKind, State


@condition(
    "此件由信访人直接提出，没有可提异议的来文机关",
    HOUSE_RULES[7],
    REGULATION[23],
    todo="请办理“告知向有权机关提出”。",
    about_case=True,
)
def it_was_handed_down(q: CaseContext) -> bool:
    return q.facts.source.handed_down


@condition(
    f"收到已超过{OBJECTION}，异议期已过",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="请继续办理；如确不属本厅职权，请与来文机关协商。",
    about_case=True,
)
def within_five_working_days(q: CaseContext) -> bool:
    due = objection_due(q.facts, q.calendar)
    return due is None or q.today <= due


@dataclass(frozen=True, kw_only=True)
class RaiseObjection(Step):
    """Handed down but not ours: an objection with reasons. Until it is upheld the department owns the case."""

    rule = Rule["RaiseObjection"](
        code=StepCode.OBJECT,
        label="提出异议（申请转交）",
        group="甄别",
        cites=(HOUSE_RULES[8], REGULATION[23]),
        who=(the_office,),
        when=(State.REGISTERED,),
        to=(State.OBJECTED,),
        provided=(it_was_handed_down, within_five_working_days, a_reason_is_given),
        papers=(PaperKind.OBJECTION_LETTER,),
    )
    reason: str = step_field("详细理由", long=True, max=4000, help="写明不属本厅及本系统职权的依据")
    right_body: str = step_field("建议有权处理的机关", default="")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.OBJECTED)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "应填写来文机关答复的日期和文号", REGULATION[23], todo="请照复函填写；口头答复的，文号写明“口头”及答复人单位。"
)
def the_answer_is_dated_and_numbered(q: "DecisionContext[ObjectionUpheld | ObjectionRejected]") -> bool:
    return bool(q.step.answered_on and q.step.answer_number)


@dataclass(frozen=True, kw_only=True)
class ObjectionUpheld(Step):
    """The sender agrees: the material goes back."""

    rule = Rule["ObjectionUpheld"](
        code=StepCode.OBJECTION_UPHELD,
        label="异议同意",
        group="甄别",
        cites=(REGULATION[23],),
        who=(the_office,),
        when=(State.OBJECTED,),
        to=(State.RETURNED,),
        provided=(the_answer_is_dated_and_numbered,),
        papers=(PaperKind.TRANSFER_SHEET,),
    )
    when_field = "answered_on"
    answered_on: date | None = step_field("答复日期", default=None)
    answer_number: str = step_field("答复文号")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.RETURNED)

    def says(self, directory: Directory) -> str:
        return f"来文机关 {self.answer_number} 核实同意，交还材料"


@dataclass(frozen=True, kw_only=True)
class ObjectionRejected(Step):
    """The sender does not agree: the case goes on here, and its 15 days never stopped."""

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
    answer_number: str = step_field("答复文号")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REGISTERED)

    def says(self, directory: Directory) -> str:
        return f"来文机关 {self.answer_number} 不同意，继续由本厅办理"
