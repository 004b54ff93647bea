"""The petitioner's own word on how the matter was handled: given once, by them, and changed by nobody (N21)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import a_leader, reception, the_office, the_petitioner
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import holds_proof
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import Material, Role, State

RATINGS = {0: "满意", 1: "基本满意", 3: "不满意"}
"""What can be said, by the number that the regional system keeps of it."""


@condition("已经评价过，评价不能修改", REGULATION[21], CHOSEN_BY_DEPARTMENT, todo="无须再次评价。", about_case=True)
def not_rated_yet(q: CaseContext) -> bool:
    return not q.facts.rated


@condition("意见书或告知书送达之后才能评价", REGULATION[21], todo="请在收到书面告知后评价。", about_case=True)
def something_was_told(q: CaseContext) -> bool:
    return q.facts.noticed_on is not None or q.facts.served_on is not None


@condition("评价应在 0 满意、1 基本满意、3 不满意 中选择", REGULATION[21], CHOSEN_BY_DEPARTMENT, todo="请选择。")
def the_rating_is_one(q: "DecisionContext[Rate]") -> bool:
    return q.step.office_rating in RATINGS and q.step.unit_rating in RATINGS


@condition(
    "代为登记评价，须附信访人本人签名的评价表",
    REGULATION[21],
    CHOSEN_BY_DEPARTMENT,
    todo="请先将评价表扫描添加为附件，材料种类选“信访人本人的申请（撤回、评价等）”，再在此选择。"
    "没有评价表的，不得代为评价。",
)
def the_sheet_that_they_signed_is_attached(q: "DecisionContext[Rate]") -> bool:
    return the_petitioner.includes(q.actor, q.facts) or holds_proof(q)


@condition(
    "承办、协办处室（单位）的人员不得登记对本单位的评价",
    REGULATION[28],
    CHOSEN_BY_DEPARTMENT,
    todo="请将评价表交办公室（由办公室承办的，交接待登记人员）登记。",
    about_case=True,
)
def nobody_rates_their_own_work(q: CaseContext) -> bool:
    return not q.facts.units & q.actor.units(Role.HANDLER, Role.UNIT_HEAD)


@dataclass(frozen=True, kw_only=True)
class Rate(Step):
    """The petitioner's own word, office and unit apart; nobody asks for it and nobody edits it.

    What they wrote on paper is entered for them by two persons, from the sheet that they signed; the first word counts.
    """

    rule = Rule["Rate"](
        code=StepCode.RATE,
        label="评价",
        group="监督",
        cites=(REGULATION[21],),
        who=(the_petitioner, the_office, reception),
        then=(the_office, a_leader),
        when=tuple(s for s in State if s is not State.REGISTERED),
        provided=(
            something_was_told,
            not_rated_yet,
            nobody_rates_their_own_work,
            the_rating_is_one,
            the_sheet_that_they_signed_is_attached,
        ),
    )
    when_field = "rated_on"
    confirmed_when = "凭信访人签名的评价表代为登记的"
    proof = (Material.PETITIONERS_WORDS,)
    office_rating: int = step_field("对办公室", help="0 满意 1 基本满意 3 不满意")
    unit_rating: int = step_field("对承办单位", help="0 满意 1 基本满意 3 不满意")
    text: str = step_field("说明", default="", long=True, max=2000, help="照评价表所写，不改写、不概括")
    rated_on: date | None = step_field("评价日期", default=None, help="评价表上的日期")
    attachment: int | None = step_field("评价表（附件序号）", default=None)

    def asks_second_person(self, q: CaseContext) -> bool:
        return not the_petitioner.includes(q.actor, q.facts)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, rated=True)

    def says(self, directory: Directory) -> str:
        given = f"对办公室{RATINGS.get(self.office_rating, '')}，对承办单位{RATINGS.get(self.unit_rating, '')}"
        source = f"（凭附件{self.attachment}评价表代为登记）" if self.attachment else "（信访人本人评价）"
        return f"{given}{source}{f'：{self.text}' if self.text else ''}"
