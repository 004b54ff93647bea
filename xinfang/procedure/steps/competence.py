"""Whose matter it is where that isn't plain: a request for information, and several bodies that are concerned."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_office
from xinfang.procedure.articles import DISCLOSURE_RULES, REGULATION
from xinfang.procedure.limits import DISCLOSURE
from xinfang.procedure.rules import DecisionContext, Rule, Step, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import a_reason_is_given, it_is_classified, it_is_no_report_of_wrongdoing
from ..facts import Actor, Directory, Facts
from ..words import OPEN_STATES, CompetenceQuestion, PaperKind, State


@condition(
    "须确认全部诉求都是要求提供政府信息；还有其他诉求的，仍是信访事项",
    REGULATION[23],
    REGULATION[44],
    DISCLOSURE_RULES[39],
    todo="请逐项核对诉求；有其他诉求的按信访事项办理，并告知信访人可以另行申请政府信息公开。",
)
def it_asks_for_information_only(q: "DecisionContext[TakeAsDisclosure]") -> bool:
    return q.step.information_only


@dataclass(frozen=True, kw_only=True)
class TakeAsDisclosure(Step):
    """Nothing but information is asked for: by two persons it goes to the department's disclosure office instead.

    The petitioner is told that it isn't handled as a petition, where it is and how to apply. The day of receipt here
    is the day of their application, so that nothing is lost.
    """

    rule = Rule["TakeAsDisclosure"](
        code=StepCode.DISCLOSE,
        label="转为政府信息公开申请并告知",
        group="甄别",
        cites=(REGULATION[23], DISCLOSURE_RULES[29], DISCLOSURE_RULES[39]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.REDIRECTED,),
        provided=(
            it_is_classified,
            it_is_no_report_of_wrongdoing,
            it_asks_for_information_only,
            a_reason_is_given,
        ),
        papers=(PaperKind.DISCLOSURE_NOTICE,),
    )
    information: str = step_field("要求提供的政府信息", long=True, max=2000)
    information_only: bool = step_field("全部诉求均为要求提供政府信息", default=False)
    body: str = step_field("受理公开申请的机构和联系方式", help="本厅政府信息公开工作机构；其他机关的信息请办理“告知”")
    how: str = step_field("申请还须补充的材料和提出方式", default="", long=True, max=1000)
    reason: str = step_field("说明", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REDIRECTED)

    def says(self, directory: Directory) -> str:
        return f"不作为信访事项办理，转{self.body}按公开申请答复（自收到之日起{DISCLOSURE}内）：{self.reason}"


@dataclass(frozen=True, kw_only=True)
class SettleCompetence(Step):
    """Several bodies are concerned, dispute who takes it, or one took another's place: what was done about it.

    It stops no clock and moves nothing: whose matter it turns out to be is said by the steps for that.
    """

    rule = Rule["SettleCompetence"](
        code=StepCode.COORDINATE,
        label="协商（报请确定）受理机关",
        group="甄别",
        cites=(REGULATION[24],),
        who=(the_office,),
        when=OPEN_STATES,
        provided=(it_is_no_report_of_wrongdoing,),
    )
    when_field = "held_on"
    held_on: date | None = step_field("日期", default=None)
    question: CompetenceQuestion = step_field("情形")
    bodies: str = step_field("所涉及的机关、单位", long=True, max=1000, help="写明协商的各方，或者报请的机关")
    result: str = step_field("结果或者进展", long=True, max=2000, help="期间各项期限照常计算")
    competent: str = step_field(
        "确定的受理机关", default="", max=200, help="尚未确定的不填；确定后另行办理受理、转送或者告知"
    )

    def says(self, directory: Directory) -> str:
        return f"{self.question.label}（{self.bodies}）：{self.result}{f'；由{self.competent}受理' if self.competent else ''}"
