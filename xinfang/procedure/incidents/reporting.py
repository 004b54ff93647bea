"""Something happens and the right people know: the first report and the chain of confirmations (H15–H18, N25).

A person's name is in these records only where they acted for the department. Of visitors there is their number.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.incidents.words import EmergencyCall, ReportGround
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_schema import StaffCode, step_field

from ..facts import Actor, Directory
from ..limits import GROUP_VISIT
from ..rules import condition
from ..words import IncidentKind, Role
from .facts import IncidentFacts
from .kinds import INCIDENTS, LEADERS, OFFICE, UNITS
from .rules import EventContext, IncidentQuestion, IncidentStep, IncidentStepRule

AT_THE_DESK = (Role.DUTY_DESK, Role.RECEPTION, Role.SUPPORT_CENTRE)
ALL_WHO_ATTEND = (*OFFICE, *AT_THE_DESK, *UNITS, *LEADERS)
DESK_REPORTS = (IncidentKind.MEDICAL_EMERGENCY, IncidentKind.SUDDEN_GATHERING, IncidentKind.DISTURBANCE)
"""What the property duty desk and others at the door report; the rest needs the office's judgement."""


@condition(
    "这类事件由办公室登记",
    HOUSE_RULES[15],
    HOUSE_RULES[18],
    todo="请报告“人身安全紧急情况”“突发群体性上访”或“扰乱秩序行为”。",
)
def this_kind_is_theirs_to_report(q: "IncidentQuestion[ReportIncident]") -> bool:
    return q.step.kind in DESK_REPORTS or q.actor.has(*OFFICE)


@condition(
    "不足{group_visit}的来访不是集体来访",
    HOUSE_RULES[15],
    CHOSEN_BY_DEPARTMENT,
    todo="请按一般来访登记；人数有误的，请改正人数。",
)
def a_group_is_large_enough(q: "IncidentQuestion[ReportIncident]") -> bool:
    small = q.step.people is not None and q.step.people < GROUP_VISIT.on(q.today).value
    return not (q.step.kind is IncidentKind.GROUP_VISIT and small)


class CountsPeople(Protocol):
    """A step that says how many people there are."""

    @property
    def people(self) -> int | None: ...


@condition("人数应在 1 至 100000 之间", CHOSEN_BY_DEPARTMENT, todo="不清楚人数的，可以不填，以后再补。")
def the_number_of_people_can_be(q: IncidentQuestion[CountsPeople]) -> bool:
    return q.step.people is None or 1 <= q.step.people <= 100_000


def _reports_to_bureau(q: "IncidentQuestion[ReportIncident]") -> bool:
    return q.step.kind is IncidentKind.REPORT_TO_BUREAU


@condition(
    "表示要到上级机关反映是信访人的权利，不属于报告事项",
    HOUSE_RULES[18],
    REGULATION[20],
    REGULATION[25],
    todo="只有对人身、公共秩序的具体威胁，或条例第二十五条的重大紧急事项才报告；请选择报告事由。",
)
def a_ground_for_the_bureau(q: "IncidentQuestion[ReportIncident]") -> bool:
    return not _reports_to_bureau(q) or q.step.ground is not None


@condition(
    "报告只写已经发生的事实",
    HOUSE_RULES[18],
    CHOSEN_BY_DEPARTMENT,
    todo="请在“情况”中写明何时、何地、何人何举，不写推测。",
)
def the_facts_are_written(q: "IncidentQuestion[ReportIncident]") -> bool:
    return not _reports_to_bureau(q) or bool(q.step.text)


@dataclass(frozen=True, kw_only=True)
class ReportIncident(IncidentStep):
    """Something happens. Nothing but its kind is asked for: first the calls, then the paper (H16, H17)."""

    rule = IncidentStepRule["ReportIncident"](
        code="report",
        label="报告",
        cites=(HOUSE_RULES[15], HOUSE_RULES[16], HOUSE_RULES[17]),
        roles=ALL_WHO_ATTEND,
        provided=(
            this_kind_is_theirs_to_report,
            a_group_is_large_enough,
            the_number_of_people_can_be,
            a_ground_for_the_bureau,
            the_facts_are_written,
        ),
        new=True,
    )
    kind: IncidentKind = step_field("发生了什么")
    place: str = step_field("地点", default="", max=60)
    people: int | None = step_field("大约人数", default=None)
    text: str = step_field("情况", default="", long=True, private=True, max=4000, help="只写看到的事实")
    ground: ReportGround | None = step_field("报告事由", default=None)
    review_rights_given: bool = step_field(
        "已当面给予复查复核渠道的书面告知", default=False, help="如实填写；不能当面告知的（如来电）不影响报告"
    )

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        opened = replace(
            facts,
            kind=self.kind,
            place=self.place,
            people=self.people,
            opened_at=at,
            opened_by=by.code,
            by_duty_desk=role is Role.DUTY_DESK,
        )
        rule, office_knows = INCIDENTS[self.kind], role in OFFICE
        if not office_knows:
            opened = opened.with_link(Role.OFFICE, at, f"{role.label}报告")
        if office_knows or not rule.office_first:
            opened = opened.with_link(Role.LEADER, at, "立即报告厅领导")
        return opened

    def says(self, directory: Directory) -> str:
        people = f"，约{self.people}人" if self.people else ""
        return (
            f"{self.kind.label}{people}{'，' + self.place if self.place else ''}{'：' + self.text if self.text else ''}"
        )


@dataclass(frozen=True, kw_only=True)
class RecordEmergencyCall(IncidentStep):
    """Help was called. It is never asked before the call was made (H17)."""

    rule = IncidentStepRule["RecordEmergencyCall"](
        code="called", label="已拨打急救、报警电话", cites=(HOUSE_RULES[17],), roles=ALL_WHO_ATTEND
    )
    number: EmergencyCall = step_field("拨打了")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, calls=facts.calls | {str(self.number)})

    def says(self, directory: Directory) -> str:
        return self.number.label


def _links_of(actor: Actor) -> tuple[Role, ...]:
    return tuple(r for r, own in ((Role.OFFICE, OFFICE), (Role.LEADER, LEADERS)) if actor.has(*own))


@condition("没有等待您确认的报告", HOUSE_RULES[16], todo="可能已由他人确认，请刷新后查看。", about_case=True)
def something_waits_for_their_word(q: EventContext) -> bool:
    return any(t.role in _links_of(q.actor) and not t.confirmed_at for t in q.facts.told)


def with_links_confirmed(facts: IncidentFacts, roles: tuple[Role, ...], by: StaffCode, at: datetime) -> IncidentFacts:
    """Return the same facts with these links of the chain confirmed, where they weren't yet."""
    return replace(
        facts,
        told=tuple(
            replace(t, confirmed_at=at, confirmed_by=by) if t.role in roles and not t.confirmed_at else t
            for t in facts.told
        ),
    )


@dataclass(frozen=True, kw_only=True)
class ConfirmReport(IncidentStep):
    """The office or a leader says that they know. The office's word tells the leaders (H16)."""

    rule = IncidentStepRule["ConfirmReport"](
        code="confirm",
        label="确认收到",
        cites=(HOUSE_RULES[15], HOUSE_RULES[16]),
        roles=(*OFFICE, *LEADERS),
        provided=(something_waits_for_their_word,),
    )

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        after = with_links_confirmed(facts, _links_of(by), by.code, at)
        if by.has(*OFFICE):
            after = after.with_link(Role.LEADER, at, "办公室接到报告，立即报告厅领导")
        return after


@condition("所选人员不是厅领导", HOUSE_RULES[16], todo="请从厅领导名单中选择。")
def that_person_is_a_leader(q: "IncidentQuestion[ToldByPhone]") -> bool:
    return q.directory.is_leader(q.step.leader)


@dataclass(frozen=True, kw_only=True)
class ToldByPhone(IncidentStep):
    """A leader was told by telephone: written down by the office, as a leader may have no screen at hand."""

    rule = IncidentStepRule["ToldByPhone"](
        code="told_by_phone",
        label="已电话报告厅领导",
        cites=(HOUSE_RULES[15], HOUSE_RULES[16]),
        roles=OFFICE,
        provided=(that_person_is_a_leader,),
    )
    leader: StaffCode = step_field("厅领导")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        told = facts.with_link(Role.LEADER, at, "办公室电话报告")
        return with_links_confirmed(
            with_links_confirmed(told, (Role.OFFICE,), by.code, at), (Role.LEADER,), self.leader, at
        )

    def says(self, directory: Directory) -> str:
        return directory.staff_name(self.leader)


REPORTING: tuple[type[IncidentStep], ...] = (ReportIncident, RecordEmergencyCall, ConfirmReport, ToldByPhone)
