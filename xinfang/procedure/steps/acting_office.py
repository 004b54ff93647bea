"""A complaint about the office itself is not the office's to see or to decide: another unit does there what it does.

The principal leader names that unit. Its head has in this case the part of the head of the office, its people that of
the clerks; all that the procedure asks of two persons of the office, it asks of two of them (N28, N30).
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_overseer, the_principal_leader
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import UnitCode, step_field

from ..conditions import a_reason_is_given, the_office_is_accused
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import OPEN_STATES
from .oversight import units_fit_to_act


@condition(
    "此件没有反映办公室，办公室人员也无须全部回避",
    HOUSE_RULES[5],
    REGULATION[28],
    todo="由办公室照常办理；反映办公室的，请先“补充被反映对象”。",
    about_case=True,
)
def the_office_may_not_act(q: CaseContext) -> bool:
    return bool(q.facts.acting_office) or the_office_is_accused(q.facts, q.directory)


@condition(
    "所选处室（单位）不承办信访事项，现在没有负责人，或者正是被反映的单位（含由被反映人员负责的）",
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    REGULATION[28],
    todo="请另选一个处室（单位）。",
)
def the_acting_unit_is_fit(q: "DecisionContext[NameActingOffice]") -> bool:
    return q.step.unit in units_fit_to_act(q.facts, q.directory)


@dataclass(frozen=True, kw_only=True)
class NameActingOffice(Step):
    """The principal leader, or who is left, names the unit that does in this case what the office does in others."""

    rule = Rule["NameActingOffice"](
        code=StepCode.NAME_ACTING_OFFICE,
        label="指定代行办公室职责",
        group="监督",
        cites=(HOUSE_RULES[4], REGULATION[28], REGULATION[30]),
        who=(the_principal_leader, the_overseer),
        when=OPEN_STATES,
        provided=(the_office_may_not_act, the_acting_unit_is_fit, a_reason_is_given),
    )
    unit: UnitCode = step_field(
        "代行办公室职责的处室（单位）",
        help="此件反映办公室或者办公室人员均须回避：分类、拟办、受理、告知、存信等由该处室（单位）办理，办公室看不到此件",
    )
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, acting_office=self.unit)

    def says(self, directory: Directory) -> str:
        return f"{directory.unit_name(self.unit)}：{self.reason}"
