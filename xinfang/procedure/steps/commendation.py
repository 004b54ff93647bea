"""Commending a petitioner's good proposal (N29): somebody proposes it, a leader decides.

The system never does either.
"""

from dataclasses import dataclass

from xinfang.procedure.actor_rules import a_handler, a_leader, the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field
from xinfang.procedure.steps.inquiry import AnswerPetition

from ..facts import Directory
from ..rules import CaseContext, Rule, Step, condition
from ..words import MatterClass, State


@condition("此件不是建议意见", REGULATION[29], todo="只有建议意见可以建议表扬奖励；其他事项无须办理。", about_case=True)
def it_is_a_suggestion(q: CaseContext) -> bool:
    return q.facts.matter_class is MatterClass.SUGGESTION


@condition("建议还没有回复", REGULATION[29], todo="请先研究论证并回复，再提出表扬奖励。", about_case=True)
def it_was_answered(q: CaseContext) -> bool:
    return q.facts.last(AnswerPetition.rule.code) is not None


@condition("已经决定表扬奖励", REGULATION[29], todo="无须再次提出。", about_case=True)
def not_commended_yet(q: CaseContext) -> bool:
    return q.facts.last(SuggestCommendation.rule.code) is None


@dataclass(frozen=True, kw_only=True)
class SuggestCommendation(Step):
    """A good proposal that was answered is put forward for commendation; a leader decides as second person.

    Never automatic: no clock, score or sweep leads here, nothing asks for it, and the system isn't among those who may.
    """

    rule = Rule["SuggestCommendation"](
        code=StepCode.SUGGEST_COMMENDATION,
        label="建议表扬奖励",
        group="奖惩",
        cites=(REGULATION[29], HOUSE_RULES[19]),
        who=(the_office, a_handler),
        then=(a_leader,),
        when=(State.ANSWERED, State.ARCHIVED),
        provided=(it_is_a_suggestion, it_was_answered, not_commended_yet),
    )
    adopted: str = step_field(
        "采纳了什么", long=True, max=2000, help="建议中的哪些内容被采纳或部分采纳，落实在哪里；不写姓名、电话"
    )
    achieved: str = step_field("取得的成效", long=True, max=2000, help="对改进工作、保护社会公共利益等有什么贡献")
    form: str = step_field(
        "建议的表扬奖励形式",
        help="如：致感谢信、颁发证书。由经办人提出、厅领导决定；系统不自动提出，不打分",
    )

    def says(self, directory: Directory) -> str:
        return f"{self.form}。采纳：{self.adopted}。成效：{self.achieved}"
