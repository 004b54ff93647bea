"""Each month a leader looks at some of the matters on which nothing was decided: the sample, and what they say of each.

No text asks for it. N44 forbids to turn away what is the department's to deal with; who decided so doesn't judge it.
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_principal_leader
from xinfang.procedure.archive import terminal_state
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..facts import Actor, CaseEvent, Directory, Facts
from ..people_words import SampleResult
from ..rules import CaseContext, Rule, Step, condition
from ..words import EVERY_MATTER, State
from .ends_without_reply import REOPENED

SAMPLED_STEPS = (StepCode.FILE_WITHOUT_ACTION, StepCode.DECLINE, StepCode.DECLINE_REVIEW, StepCode.REDIRECT)
"""The decisions from which the sample of a month is drawn: 存信, 不予受理, 告知向有权机关提出."""


def sampled_events(facts: Facts) -> tuple[CaseEvent, ...]:
    """Return every event of a decision that may be sampled, also where it was only put forward."""
    return tuple(h for h in facts.history if h.code in SAMPLED_STEPS)


@condition(
    "此件没有作出存信、不予受理或者告知的决定", HOUSE_RULES[9], HOUSE_RULES[10], todo="请核对编号。", about_case=True
)
def there_is_a_decision_to_check(q: CaseContext) -> bool:
    return any(h.took_effect for h in sampled_events(q.facts))


@condition(
    "参与原决定的人不得抽查", REGULATION[28], CHOSEN_BY_DEPARTMENT, todo="请由没有参与的厅领导抽查。", about_case=True
)
def who_checks_took_no_part(q: CaseContext) -> bool:
    return not q.actor.codes & {h.by for h in sampled_events(q.facts)}


@dataclass(frozen=True, kw_only=True)
class SpotCheck(Step):
    """A leader says of one case of the sample whether the decision was right; if not, the office takes it up again."""

    rule = Rule["SpotCheck"](
        code=StepCode.SPOT_CHECK,
        label="抽查",
        group="监督",
        cites=(HOUSE_RULES[9], HOUSE_RULES[10], REGULATION[44], CHOSEN_BY_DEPARTMENT),
        who=(the_principal_leader,),
        when=tuple(s for s in EVERY_MATTER if s not in (State.HANDED_OVER, State.HISTORY)),
        provided=(there_is_a_decision_to_check, who_checks_took_no_part),
    )
    result: SampleResult = step_field("抽查结果")
    reason: str = step_field("理由", long=True, max=2000, help="认可的也要写明看了什么、为什么认可")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if self.result is SampleResult.APPROVED:
            return facts
        return replace(facts, to_redo=terminal_state(facts) in REOPENED)

    def says(self, directory: Directory) -> str:
        return f"{self.result.label}：{self.reason}"
