"""A repeat of what is still being handled is joined to the first: not filed, not handled twice, and answered with it.

It keeps its number, its day of receipt and its own sixty days; it ends with the reply to the first and a notice of its
own (H10, N19, N23, N34).
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import a_reason_is_given, it_is_classified, it_is_no_report_of_wrongdoing
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import PaperKind, State
from .inquiry import answered
from .intake import it_is_linked


@condition(
    "首件不在办理之中，不能并案",
    HOUSE_RULES[10],
    CHOSEN_BY_DEPARTMENT,
    todo="首件已经答复的，办理“存信”（已回复的重复来信）；首件没有办理、另有结果的，请单独办理此件。",
)
def the_first_is_being_handled(q: "DecisionContext[JoinFirst]") -> bool:
    return q.step.first_is_handled


@dataclass(frozen=True, kw_only=True)
class JoinFirst(Step):
    """It is handled together with the first, and the petitioner is told so.

    Two persons found it to be the same matter, and two join it: what the petitioner gets is one answer for both.
    """

    rule = Rule["JoinFirst"](
        code=StepCode.JOIN_FIRST,
        label="并案办理",
        group="甄别",
        cites=(HOUSE_RULES[10], REGULATION[23], CHOSEN_BY_DEPARTMENT),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.HANDLING,),
        provided=(
            it_is_no_report_of_wrongdoing,
            it_is_classified,
            it_is_linked,
            the_first_is_being_handled,
            a_reason_is_given,
        ),
        papers=(PaperKind.JOINING_NOTICE,),
    )
    reason: str = step_field("并案理由", long=True, max=2000)
    first_is_handled: bool = step_field("首件正在办理（由系统核对）", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.HANDLING, joined_to=facts.repeat_of)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition("此件没有并案", CHOSEN_BY_DEPARTMENT, todo="请按此件自己的步骤办理。", about_case=True)
def it_is_joined(q: CaseContext) -> bool:
    return bool(q.facts.joined_to)


@dataclass(frozen=True, kw_only=True)
class HandleApart(Step):
    """It is handled on its own after all; its sixty days go on as they were."""

    rule = Rule["HandleApart"](
        code=StepCode.HANDLE_APART,
        label="改为单独办理",
        group="甄别",
        cites=(REGULATION[34], CHOSEN_BY_DEPARTMENT),
        who=(the_office,),
        when=(State.HANDLING,),
        to=(State.REGISTERED,),
        provided=(it_is_joined, a_reason_is_given),
    )
    reason: str = step_field("理由", long=True, max=2000, help="如：首件已撤回、转送，或者此件另有新的事实、诉求")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REGISTERED, joined_to="")

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "首件还没有答复信访人",
    HOUSE_RULES[10],
    CHOSEN_BY_DEPARTMENT,
    todo="首件的答复送出以后再办理；首件另有结果的，请办理“改为单独办理”。",
)
def the_first_was_answered(q: "DecisionContext[AnswerWithFirst]") -> bool:
    return q.step.first_is_answered


@condition(
    "首件的答复没有回应本件的每一项诉求",
    REGULATION[31],
    REGULATION[32],
    todo="请对照首件的答复逐项核对；没有回应的诉求，先“分出一件”单独办理，或者整件“改为单独办理”。",
)
def the_first_answers_each_request(q: "DecisionContext[AnswerWithFirst]") -> bool:
    return set(q.step.requests) == {r.number for r in q.facts.requests}


@dataclass(frozen=True, kw_only=True)
class AnswerWithFirst(Step):
    """The reply to the first answers this one too: it ends with a notice of its own that names that reply.

    Two compare request by request: what the first doesn't answer isn't answered here. From this notice the petitioner
    has thirty days of their own to ask for a review, also who brought the repeat alone (N35).
    """

    rule = Rule["AnswerWithFirst"](
        code=StepCode.ANSWER_WITH_FIRST,
        label="随首件答复",
        cites=(REGULATION[32], REGULATION[34], REGULATION[35], CHOSEN_BY_DEPARTMENT),
        who=(the_office,),
        then=(the_office,),
        when=(State.HANDLING,),
        to=(State.ANSWERED,),
        provided=(it_is_joined, the_first_was_answered, the_first_answers_each_request),
        papers=(PaperKind.JOINED_REPLY,),
    )
    requests: tuple[int, ...] = step_field(
        "首件的答复已经回应的诉求", help="请对照首件的答复逐项核对；有一项没有回应的，不能随首件答复"
    )
    note: str = step_field("补充说明", default="", long=True, max=1000)
    first_is_answered: bool = step_field("首件的答复已经送出（由系统核对）", default=False)
    opinion_number: str = step_field("首件意见书的文号（由系统填写）", default="", max=100)
    answered_on: date | None = step_field("首件答复送出的日期（由系统填写）", default=None)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return answered(facts, on if self.tells_without_paper(facts) else None)

    def tells_without_paper(self, facts: Facts) -> bool:
        return facts.contact_clear_since is None

    def says(self, directory: Directory) -> str:
        return f"首件答复 {self.opinion_number}".rstrip()
