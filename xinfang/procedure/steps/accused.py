"""Who is complained of may turn out at any time: they are added by one person, and taken out by two (N28, N30).

Who is added loses the case at once, and with it what they wrote, advised, checked or signed and nobody has issued. Was
it their unit's, or that of a unit they head, the office gives it to another; the limits run on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    a_head_of_the_handling_unit,
    a_leader,
    another_named_officer,
    reception,
    the_named_officer,
    the_office,
    the_office_head,
)
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, step_field

from ..conditions import NamesAccused, a_reason_is_given, the_accused_exist, units_headed_by
from ..facts import NO_UNIT, NOBODY, Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, condition
from ..voided import without_a_part_of, without_the_work_of_the_unit
from ..words import OPEN_STATES, Role
from .oversight import ChangesWhoMayAct, somebody_is_left_to_lead_it_on


@condition(
    "没有填写新的被反映对象", REGULATION[28], REGULATION[30], todo="请选择此前没有登记的处室（单位）或工作人员。"
)
def somebody_new_is_named(q: "DecisionContext[AddAccused]") -> bool:
    new_units = set(q.step.complained_units) - q.facts.complained_units
    return bool(new_units or set(q.step.complained_staff) - q.facts.complained_staff)


@condition(
    "本人不得参与补充、撤销对本人的反映",
    REGULATION[28],
    REGULATION[30],
    todo="请由他人办理；您与此件有利害关系的，请提出“回避”。",
)
def nobody_speaks_of_themselves(q: DecisionContext[NamesAccused]) -> bool:
    return not q.actor.codes & set(q.step.complained_staff)


@condition(
    "被反映处室（单位）的人员不得参与撤销对本处室（单位）的反映",
    REGULATION[28],
    REGULATION[30],
    todo="请由其他处室（单位）的人员或者厅领导办理。",
)
def nobody_speaks_for_their_unit(q: "DecisionContext[RemoveAccused]") -> bool:
    return not q.actor.units(*Role) & set(q.step.complained_units)


@condition(
    "由系统填写的“由其负责的处室（单位）”与单位与人员的记录不符",
    REGULATION[28],
    todo="请刷新页面后重新提交。",
)
def the_units_they_head_are_known(q: "DecisionContext[AddAccused]") -> bool:
    return frozenset(q.step.units_they_head) == units_headed_by(q.step.complained_staff, q.directory)


@dataclass(frozen=True, kw_only=True)
class AddAccused(ChangesWhoMayAct):
    """Somebody turns out to be complained of: from here on the case is not theirs to see or to handle.

    Whom a case is with doesn't hand it away by naming themselves, their head, adviser or leader: another agrees (N28);
    nor do the people of any unit by naming their own, as those of the office would.
    """

    rule = Rule["AddAccused"](
        code=StepCode.ADD_ACCUSED,
        label="补充被反映对象",
        group="监督",
        cites=(REGULATION[28], REGULATION[30]),
        who=(reception, the_office, a_head_of_the_handling_unit, the_named_officer),
        then=(the_office_head, a_leader, another_named_officer),
        when=OPEN_STATES,
        provided=(
            the_accused_exist,
            somebody_new_is_named,
            nobody_speaks_of_themselves,
            the_units_they_head_are_known,
            somebody_is_left_to_lead_it_on,
            a_reason_is_given,
        ),
    )
    confirmed_when = (
        "由正在承办的处室（单位）、代行办公室职责的处室（单位）提出，使此件脱离其办理的，或者填写提出人本处室（单位）的"
    )
    complained_units: tuple[UnitCode, ...] = step_field("被反映的处室（单位）", default=())
    complained_staff: tuple[StaffCode, ...] = step_field("被反映的工作人员", default=())
    reason: str = step_field(
        "理由",
        long=True,
        max=2000,
        help="写明从何处得知；所填人员和处室（单位）此后看不到此件，正在承办的收回，由办公室改交其他处室（单位），期限照算",
    )
    units_they_head: tuple[UnitCode, ...] = step_field(
        "由其负责的处室（单位）", default=(), help="由系统按当日职务填写"
    )

    def asks_second_person(self, q: CaseContext) -> bool:
        f, units = q.facts, {q.facts.handling_unit, q.facts.acting_office}
        theirs = units & q.actor.units(Role.UNIT_HEAD, Role.HANDLER)
        lost = units & {*self.complained_units, *self.units_they_head}
        named = {s for s in self.complained_staff if s in q.directory.staff}
        advises = any(Role.LEGAL_ADVISER in q.directory.staff[s].roles for s in named)
        own = q.actor.units(*Role) & {*self.complained_units, *self.units_they_head}
        # Within the seal there may be nobody to agree, and who is left to oversee it gets it (N30).
        return (bool(own) and not f.sealed) or (
            bool(theirs) and (bool(lost or named & {f.handler, *f.leaders}) or advises)
        )

    def concerns(self) -> frozenset[StaffCode]:
        return frozenset(self.complained_staff)

    def concerns_units(self) -> frozenset[UnitCode]:
        return frozenset(self.complained_units)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        for person in self.complained_staff:
            facts = without_a_part_of(facts, person)
        facts = replace(
            facts,
            complained_units=facts.complained_units | frozenset(self.complained_units),
            complained_staff=facts.complained_staff | frozenset(self.complained_staff),
        )
        return self.overseen(_taken_from(facts, {*self.complained_units, *self.units_they_head}))

    def says(self, directory: Directory) -> str:
        return f"{_names(self, directory)}：{self.reason}"


def _taken_from(facts: Facts, units: Iterable[UnitCode]) -> Facts:
    """Return the facts after these units have lost the case: no part of it is theirs or proposed to be."""
    units = frozenset(units)
    facts = replace(
        facts,
        assisting_units=tuple(u for u in facts.assisting_units if u not in units),
        acting_office=NO_UNIT if facts.acting_office in units else facts.acting_office,
        proposed_unit=NO_UNIT if facts.proposed_unit in units else facts.proposed_unit,
    )
    if facts.handling_unit not in units:
        return facts
    return replace(
        without_the_work_of_the_unit(facts),
        handling_unit=NO_UNIT,
        handler=NOBODY,
        handed_over_to_unit=False,
        signed_for=False,
    )


def _names(step: NamesAccused, directory: Directory) -> str:
    units = [directory.unit_name(u) for u in step.complained_units]
    return "、".join([*units, *(directory.staff_name(s) for s in step.complained_staff)])


@condition("所填处室（单位）或人员不是此件登记的被反映对象", REGULATION[28], todo="请在已登记的被反映对象中选择。")
def they_are_complained_of(q: "DecisionContext[RemoveAccused]") -> bool:
    units, staff = set(q.step.complained_units), set(q.step.complained_staff)
    return bool(units or staff) and units <= q.facts.complained_units and staff <= q.facts.complained_staff


@dataclass(frozen=True, kw_only=True)
class RemoveAccused(ChangesWhoMayAct):
    """Somebody was named by mistake: two persons say so, neither of them concerned."""

    rule = Rule["RemoveAccused"](
        code=StepCode.REMOVE_ACCUSED,
        label="撤销被反映对象",
        group="监督",
        cites=(REGULATION[28], REGULATION[30]),
        who=(the_office, a_leader, the_named_officer),
        then=(a_leader, the_office_head, another_named_officer),
        when=OPEN_STATES,
        provided=(
            they_are_complained_of,
            nobody_speaks_of_themselves,
            nobody_speaks_for_their_unit,
            a_reason_is_given,
        ),
    )
    complained_units: tuple[UnitCode, ...] = step_field("不再作为被反映对象的处室（单位）", default=())
    complained_staff: tuple[StaffCode, ...] = step_field("不再作为被反映对象的工作人员", default=())
    reason: str = step_field("理由", long=True, max=2000, help="限登记有误；查无实据的不撤销，写在处理意见中")

    def concerns(self) -> frozenset[StaffCode]:
        return frozenset(self.complained_staff)

    def concerns_units(self) -> frozenset[UnitCode]:
        return frozenset(self.complained_units)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        facts = replace(
            facts,
            complained_units=facts.complained_units - set(self.complained_units),
            complained_staff=facts.complained_staff - set(self.complained_staff),
            # If the office is still complained of, the principal leader is asked again.
            acting_office=NO_UNIT,
            named_officers=frozenset(),
        )
        return self.overseen(facts)

    def says(self, directory: Directory) -> str:
        return f"{_names(self, directory)}：{self.reason}"
