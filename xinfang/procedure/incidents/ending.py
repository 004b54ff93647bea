"""When an event may be declared over (H15–H17).

The leaders knew, reception was joint, help was called, or it says why not.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from xinfang.procedure.articles import HOUSE_RULES
from xinfang.procedure.step_schema import step_field

from ..facts import Actor, Directory
from ..rules import condition
from ..words import IncidentKind, Role
from .facts import IncidentFacts
from .kinds import INCIDENTS, OFFICE
from .rules import EventContext, IncidentQuestion, IncidentStep, IncidentStepRule


@condition("办公室尚未确认收到报告", HOUSE_RULES[16], todo="请办公室先确认收到。", about_case=True)
def the_office_knows(q: EventContext) -> bool:
    link = q.facts.link_of(Role.OFFICE)
    return link is None or link.confirmed_at is not None


@condition(
    "还没有厅领导确认收到报告",
    HOUSE_RULES[15],
    HOUSE_RULES[16],
    todo="请厅领导确认，或由办公室电话报告后填报“已电话报告厅领导”。",
    about_case=True,
)
def a_leader_knows(q: EventContext) -> bool:
    link = q.facts.link_of(Role.LEADER)
    return link is not None and link.confirmed_at is not None


def missing_at_reception(facts: IncidentFacts) -> tuple[str, ...]:
    """Return who should receive the visitors jointly and hasn't come (H15)."""
    if facts.kind is None:
        return ()
    return tuple(words for words, roles in INCIDENTS[facts.kind].attends if not facts.there(*roles))


@condition(
    "应当到场的人员没有到齐",
    HOUSE_RULES[15],
    HOUSE_RULES[16],
    todo="请到场人员填报“已到场”；确实没有到场的，请写明原因。",
)
def reception_was_joint_or_why_not(q: "IncidentQuestion[EndIncident]") -> bool:
    return not missing_at_reception(q.facts) or bool(q.step.why_not)


@condition("没有拨打120、110的记录", HOUSE_RULES[17], todo="请补记“已拨打急救、报警电话”；确实没有拨打的，请写明原因。")
def help_was_called_or_why_not(q: "IncidentQuestion[EndIncident]") -> bool:
    return q.facts.kind is not IncidentKind.MEDICAL_EMERGENCY or bool(q.facts.calls) or bool(q.step.why_not)


@dataclass(frozen=True, kw_only=True)
class EndIncident(IncidentStep):
    """It is over. The log stays, and notes may still be added."""

    rule = IncidentStepRule["EndIncident"](
        code="end",
        label="结束",
        cites=(HOUSE_RULES[15], HOUSE_RULES[16]),
        roles=OFFICE,
        provided=(the_office_knows, a_leader_knows, reception_was_joint_or_why_not, help_was_called_or_why_not),
    )
    text: str = step_field("处置结果", long=True, private=True, max=4000)
    why_not: str = step_field(
        "应做而未做的说明", default="", long=True, private=True, max=1000, help="如有人没有到场、没有拨打电话，写明原因"
    )

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, ended_at=at)

    def says(self, directory: Directory) -> str:
        return f"{self.text}{'　说明：' + self.why_not if self.why_not else ''}"
