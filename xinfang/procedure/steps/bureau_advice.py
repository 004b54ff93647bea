"""What the petition bureau advises the department to do is answered in writing (N40)."""

from dataclasses import dataclass
from datetime import date

from xinfang.procedure.actor_rules import the_office
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.rules import CaseContext, DecisionContext, Rule, Step, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import A_YEAR, holds_proof, it_is_no_report_of_wrongdoing
from ..facts import CaseEvent, Directory, Facts
from ..words import EVERY_MATTER, Adoption, AdviceKind, Material, PaperKind, State

BEFORE_THE_ARCHIVE = tuple(s for s in EVERY_MATTER if s not in (State.ARCHIVED, State.HISTORY, State.HANDED_OVER))


def open_advice(facts: Facts) -> CaseEvent | None:
    """Return the latest advice of the bureau that nobody has answered yet, or None."""
    advised, answered = facts.last(StepCode.RECORD_ADVICE), facts.last(StepCode.ANSWER_ADVICE)
    latest = max((h for h in (advised, answered) if h), key=lambda h: h.seq, default=None)
    return latest if latest is advised else None


@condition(
    "登记信访部门的建议须附其来函",
    REGULATION[40],
    CHOSEN_BY_DEPARTMENT,
    todo="请先将来函添加为附件，材料种类选“其他机关的来函、文书”，再在此选择。",
)
def the_advice_is_attached(q: "DecisionContext[RecordAdvice]") -> bool:
    return holds_proof(q)


@condition("要求反馈的日期早于收到建议的日期", REGULATION[40], todo="请核对来函；没有要求日期的不填。")
def it_is_to_be_answered_after_it_came(q: "DecisionContext[RecordAdvice]") -> bool:
    return q.step.reply_by is None or q.step.reply_by >= q.step.day(q.today)


@condition(
    "要求反馈的日期在一年以后",
    REGULATION[40],
    CHOSEN_BY_DEPARTMENT,
    todo="请对照来函核对年份；没有要求日期的不填。",
)
def the_advice_is_answered_within_a_year(q: "DecisionContext[RecordAdvice]") -> bool:
    return q.step.reply_by is None or (q.step.reply_by - q.today).days <= A_YEAR


@condition("前一项建议还没有反馈", REGULATION[40], todo="请先办理“反馈建议采纳情况”。", about_case=True)
def no_advice_waits(q: CaseContext) -> bool:
    return open_advice(q.facts) is None


@dataclass(frozen=True, kw_only=True)
class RecordAdvice(Step):
    """The bureau advises to work better, to mend a policy, or to hold somebody to account; its letter is attached."""

    rule = Rule["RecordAdvice"](
        code=StepCode.RECORD_ADVICE,
        label="登记信访部门建议",
        group="监督",
        cites=(REGULATION[40],),
        who=(the_office,),
        when=BEFORE_THE_ARCHIVE,
        provided=(
            it_is_no_report_of_wrongdoing,
            no_advice_waits,
            the_advice_is_attached,
            it_is_to_be_answered_after_it_came,
            the_advice_is_answered_within_a_year,
        ),
    )
    when_field = "received_on"
    proof = (Material.OTHER_BODYS_PAPER,)
    kind: AdviceKind = step_field("建议的种类")
    body: str = step_field("提出建议的信访部门")
    document_number: str = step_field("来函文号", default="", max=60)
    received_on: date | None = step_field("收到日期", default=None)
    reply_by: date | None = step_field(
        "要求反馈的日期", default=None, help="来函没有要求的不填，按本厅设定自收到之日起{bureau_advice}"
    )
    text: str = step_field("建议的内容", long=True, max=4000)
    attachment: int | None = step_field("来函（附件序号）", default=None)

    def says(self, directory: Directory) -> str:
        return f"{self.body}{self.document_number}，{self.kind.label}：{self.text}"


@condition(
    "没有待反馈的信访部门建议", REGULATION[40], todo="请先登记信访部门建议；已经反馈的不必再办。", about_case=True
)
def an_advice_waits(q: CaseContext) -> bool:
    return open_advice(q.facts) is not None


@dataclass(frozen=True, kw_only=True)
class AnswerAdvice(Step):
    """Whether the advice is taken up, and how, in a signed letter: its leaving ends the term, and not this step."""

    rule = Rule["AnswerAdvice"](
        code=StepCode.ANSWER_ADVICE,
        label="反馈建议采纳情况",
        group="监督",
        cites=(REGULATION[40], REGULATION[45]),
        who=(the_office,),
        when=BEFORE_THE_ARCHIVE,
        provided=(it_is_no_report_of_wrongdoing, an_advice_waits),
        papers=(PaperKind.ADVICE_REPLY,),
    )
    adoption: Adoption = step_field("采纳情况")
    text: str = step_field("采纳的措施，或者不采纳的理由", long=True, max=4000)

    def says(self, directory: Directory) -> str:
        return f"{self.adoption.label}：{self.text}"
