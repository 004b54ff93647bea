"""After the archive: how long a file is kept, and its destruction when that time is over (H14, 档案法)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_archive_room, the_named_officer, the_office_head
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..archive import period_has_ended
from ..conditions import a_reason_is_given
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import Retention, State


@condition("新的保管期限与现在的相同", CHOSEN_BY_DEPARTMENT, todo="请核对；不变的不必办理。")
def the_period_changes(q: "DecisionContext[ChangeRetention]") -> bool:
    return q.step.retention is not q.facts.retention


@dataclass(frozen=True, kw_only=True)
class ChangeRetention(Step):
    """The archive room changes how long a file is kept, as when it is appraised and found worth keeping."""

    rule = Rule["ChangeRetention"](
        code=StepCode.CHANGE_RETENTION,
        label="变更保管期限",
        group="结案归档",
        cites=(HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT),
        who=(the_archive_room, the_named_officer),
        when=(State.ARCHIVED,),
        provided=(the_period_changes, a_reason_is_given),
    )
    retention: Retention = step_field("保管期限")
    reason: str = step_field("理由", long=True, max=2000, help="如：鉴定认为仍有保存价值")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, retention=self.retention)

    def says(self, directory: Directory) -> str:
        return f"改为{self.retention.label}。{self.reason}"


@condition(
    "保管期限尚未届满，或者永久保管，不能销毁",
    CHOSEN_BY_DEPARTMENT,
    todo="请继续保管。",
    about_case=True,
)
def the_period_has_ended(q: CaseContext) -> bool:
    return period_has_ended(q.facts, q.today)


@condition(
    "复查或复核正在进行，不能销毁",
    REGULATION[35],
    REGULATION[36],
    CHOSEN_BY_DEPARTMENT,
    todo="请等复查、复核办结。",
    about_case=True,
)
def no_review_is_under_way(q: CaseContext) -> bool:
    return not q.facts.review_stage.endswith("_asked")


@dataclass(frozen=True, kw_only=True)
class Destroy(Step):
    """A file whose period is over is destroyed: the archive room proposes it after appraisal, another person agrees."""

    rule = Rule["Destroy"](
        code=StepCode.DESTROY,
        label="销毁",
        group="结案归档",
        cites=(HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT),
        who=(the_archive_room, the_named_officer),
        then=(the_office_head, the_named_officer),
        when=(State.ARCHIVED,),
        provided=(the_period_has_ended, no_review_is_under_way, a_reason_is_given),
    )
    reason: str = step_field(
        "鉴定意见", long=True, max=2000, help="为什么不再保存；销毁后内容和个人信息都不能恢复，只留办理记录"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, destroyed_on=on)

    def says(self, directory: Directory) -> str:
        return self.reason
