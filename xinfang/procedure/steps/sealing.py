"""The sealed compartment: what turns out later to be a report of wrongdoing goes in, what was put in wrongly comes out.

The state stays, and so does the day of receipt: whatever ran before the seal runs again after it as if it had never
stopped (N22, N30).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from xinfang.procedure.actor_rules import (
    a_leader,
    an_involved_unit,
    another_named_officer,
    reception,
    the_named_officer,
    the_office,
    the_office_head,
    the_overseer,
    the_petitioner,
)
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import a_reason_is_given, is_certainly_the_petitioner, it_is_no_report_of_wrongdoing
from ..facts import Actor, ClassifiedAs, Directory, Facts
from ..rules import CaseContext, Rule, Step
from ..words import OPEN_STATES
from .screening import (
    AgreedWithinTheSeal,
    it_is_a_report_of_wrongdoing,
    sealed_on_its_way,
    what_was_answered_stays,
)


@dataclass(frozen=True, kw_only=True)
class SealCase(Step):
    """It is found to be a report of wrongdoing: from here on only the named officers see it.

    A petitioner says that it is one when they submit it (N22, N30). What is being handled goes there by two persons:
    to seal a case takes it from its unit, its leader and its limits.
    """

    rule = Rule["SealCase"](
        code=StepCode.SEAL,
        label="转入密封区",
        group="监督",
        cites=(REGULATION[22], REGULATION[30]),
        who=(reception, the_office, an_involved_unit, a_leader, the_petitioner),
        then=(the_office_head, a_leader),
        when=OPEN_STATES,
        provided=(it_is_no_report_of_wrongdoing, what_was_answered_stays, a_reason_is_given),
    )
    confirmed_when = (
        "已经受理或者交办的，由工作人员提出或者不能证明出自信访人本人的（只凭工作人员也知道的查询码、电话）"
    )
    reason: str = step_field(
        "理由", long=True, max=2000, help="写明何处属于检举控告；办理后此件仅检举控告专管员可见，其他人的待办一并收回"
    )

    def asks_second_person(self, q: CaseContext) -> bool:
        in_hand = q.facts.accepted_on is not None or bool(q.facts.handling_unit)
        return in_hand and not is_certainly_the_petitioner(q)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return sealed_on_its_way(facts)

    def says(self, directory: Directory) -> str:
        return self.reason


@dataclass(frozen=True, kw_only=True)
class UnsealCase(AgreedWithinTheSeal):
    """It was no report of wrongdoing: it is again where it was, as it was classified then.

    The other officer agrees, or who oversees it: out of the compartment whom it names may see it (N30).
    """

    rule: ClassVar[Rule[Any]] = Rule["UnsealCase"](
        code=StepCode.UNSEAL,
        label="移出密封区",
        group="监督",
        cites=(REGULATION[22], REGULATION[30]),
        who=(the_named_officer,),
        then=(another_named_officer, the_overseer),
        when=OPEN_STATES,
        provided=(it_is_a_report_of_wrongdoing, a_reason_is_given),
    )
    reason: str = step_field(
        "理由", long=True, max=2000, help="误转的才移出，恢复原来的办理环节和各项期限；理由移出后办公室可见"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        before = facts.classified_before or ClassifiedAs()
        return replace(
            facts,
            classified_before=None,
            # What was a report from the first has nothing that was found of it to come back to.
            competence=facts.competence if facts.classified_before else None,
            matter_class=before.matter_class,
            route=before.route,
            purpose=before.purpose,
            simple=before.simple,
        )

    def says(self, directory: Directory) -> str:
        return self.reason
