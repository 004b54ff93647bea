"""A case is never without somebody who sees it and can lead it on, no matter who is complained of (N28, N30).

Whoever records that somebody is complained of, or withdraws, has the system write down who is left: the principal
leader; where they may not, the other leaders; where these may not either and nobody of the office is left, the officers
for reports of wrongdoing, and last the heads of other units. They name the unit that acts for the office, and of a
sealed case that no officer may see, an officer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from xinfang.procedure.actor_rules import a_leader, the_office, the_overseer
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..conditions import a_reason_is_given, units_that_are_accused, units_with_a_head
from ..facts import Actor, Directory, Facts
from ..people_words import Overseer
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..visibility import may_see
from ..words import OPEN_STATES, MatterClass, Role

S = TypeVar("S", bound="ChangesWhoMayAct")


@dataclass(frozen=True, kw_only=True)
class ChangesWhoMayAct(Step):
    """A step after which people may not see the case any more, or may again."""

    overseer: Overseer | None = step_field("代行监督职责（由系统填写）", default=None)
    sealed_overseer: Overseer | None = step_field("密封件代行监督职责（由系统填写）", default=None)

    def overseen(self, facts: Facts) -> Facts:
        """Return these facts with who is there for the case where those who see every other may not be."""
        return replace(facts, overseer=self.overseer, sealed_overseer=self.sealed_overseer)


def with_overseers(step: S, facts: Facts, by: Actor, on: date, directory: Directory) -> S:
    """Return the step with who is left to see the case after it, by the duties of today."""
    after = replace(step.change(facts, by, on), overseer=None, sealed_overseer=None)
    opened = replace(after, matter_class=None, purpose=None)
    closed = replace(after, matter_class=MatterClass.REPORT)
    return replace(step, overseer=_of_the_open(opened, directory), sealed_overseer=_of_the_sealed(closed, directory))


def _of_the_open(facts: Facts, directory: Directory) -> Overseer | None:
    people = _who_sees(facts, directory)
    if any(p.has(Role.PRINCIPAL_LEADER) for p in people):
        return None
    if any(_who_sees(replace(facts, overseer=Overseer.LEADERS), directory, Role.LEADER)):
        return Overseer.LEADERS
    if any(the_office.includes(p, facts) for p in people):
        return None
    return _first(facts, directory, Overseer.OFFICERS, Overseer.HEADS)


def _of_the_sealed(facts: Facts, directory: Directory) -> Overseer | None:
    if _who_sees(facts, directory):
        return None
    return _first(facts, directory, Overseer.PRINCIPAL, Overseer.LEADERS, Overseer.HEADS)


def _first(facts: Facts, directory: Directory, *rungs: Overseer) -> Overseer | None:
    seen = (r for r in rungs if _who_sees(replace(facts, overseer=r, sealed_overseer=r), directory))
    return next(seen, None)


def _who_sees(facts: Facts, directory: Directory, *roles: Role) -> list[Actor]:
    people = directory.actors(here=False)
    return [a for a in people if may_see(a, facts) and (not roles or a.has(*roles))]


def units_fit_to_act(facts: Facts, directory: Directory) -> Iterator[str]:
    """Yield the units that may do here what the office does in other cases (H5, H6, N28)."""
    for unit in directory.units.values():
        fit = unit.can_handle and unit.code in units_with_a_head(facts, directory)
        if fit and unit.code not in units_that_are_accused(facts, directory):
            yield unit.code


@condition(
    "此后没有未被反映、无须回避的人员可以看到并推进此件",
    REGULATION[28],
    REGULATION[30],
    todo="请只登记确有所指的处室（单位）和人员；反映全厅的，请将原件密封报送上级机关、单位，并告知信访人向其提出。",
)
def somebody_is_left_to_lead_it_on(q: DecisionContext[ChangesWhoMayAct]) -> bool:
    after = q.step.change(q.facts, q.actor, q.today)
    people = _who_sees(after, q.directory)
    if after.sealed:
        return bool(people)
    names = any(units_fit_to_act(after, q.directory))
    return any(
        the_office.includes(p, after) or a_leader.includes(p, after) or (names and the_overseer.includes(p, after))
        for p in people
    )


@condition(
    "此件有可以办理的检举控告专管员，无须另行指定",
    REGULATION[30],
    todo="请由检举控告专管员办理“移送检举控告”。",
    about_case=True,
)
def no_officer_may_have_it(q: CaseContext) -> bool:
    return q.facts.sealed and q.facts.sealed_overseer is not None


@condition(
    "所选人员不存在，或者应当回避、已被反映、属于被反映的处室（单位）",
    REGULATION[28],
    REGULATION[30],
    todo="请另选一名与此件无关的人员。",
)
def the_officer_is_fit(q: "DecisionContext[NameOfficer]") -> bool:
    person = q.directory.staff.get(q.step.person)
    if person is None or not person.duties or person.code in q.facts.unfit:
        return False
    return not person.units & units_that_are_accused(q.facts, q.directory)


@dataclass(frozen=True, kw_only=True)
class NameOfficer(Step):
    """A report of wrongdoing about its officers: somebody else is named, who has it from here on (N30)."""

    rule = Rule["NameOfficer"](
        code=StepCode.NAME_OFFICER,
        label="指定检举控告专管员",
        group="监督",
        cites=(REGULATION[28], REGULATION[30]),
        who=(the_overseer,),
        when=OPEN_STATES,
        provided=(no_officer_may_have_it, the_officer_is_fit, a_reason_is_given),
    )
    person: StaffCode = step_field(
        "专管员", help="此件反映检举控告专管员或者其所在单位：由所指定的人员办理移送，其他专管员看不到此件"
    )
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, named_officers=frozenset({self.person}))

    def says(self, directory: Directory) -> str:
        return f"{directory.staff_name(self.person)}：{self.reason}"
