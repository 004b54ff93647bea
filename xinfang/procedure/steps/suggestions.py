"""Suggestions are studied in earnest before they are answered (N29)."""

from dataclasses import dataclass
from datetime import date

from xinfang.procedure.actor_rules import a_handler
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.rules import CaseContext, Rule, Step, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import a_unit_handles_it
from ..facts import Directory
from ..words import State


@condition("此件不是建议意见", REGULATION[29], todo="咨询请直接回复；申诉求决请调查核实。", about_case=True)
def it_is_to_be_studied(q: CaseContext) -> bool:
    return q.facts.suggestion


@dataclass(frozen=True, kw_only=True)
class StudySuggestion(Step):
    """Who studied a suggestion, when, and what they found: before the answer says whether it is taken up."""

    rule = Rule["StudySuggestion"](
        code=StepCode.STUDY,
        label="研究论证",
        cites=(REGULATION[29],),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(it_is_to_be_studied, a_unit_handles_it),
    )
    when_field = "studied_on"
    studied_on: date | None = step_field("研究论证日期", default=None)
    studied_by: str = step_field("参加的处室和人员", max=500, help="有专家参加的一并写明")
    result: str = step_field("研究论证的结果", long=True, help="科学合理、具有现实可行性的，应当采纳或者部分采纳")

    def says(self, directory: Directory) -> str:
        return f"{self.studied_by}：{self.result}"
