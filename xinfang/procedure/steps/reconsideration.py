"""The petitioner asks that an end without an opinion be looked at once more, by somebody who took no part in it.

存信, 不予受理, 认定重复, 告知, 导入, 转送, 退回来文机关, 不再受理, 转为公开申请, a withdrawal entered for them, and an answer to what
was a claim to them: every end but the opinion, and the hand-over of a report.

None of these ends has the review of N35, which is of an opinion on the matter. That it can be asked for, and within
which time it is answered, the department has set itself; that nothing within its powers is turned away is N44.
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import a_leader, reception, the_office, the_office_head, the_petitioner
from xinfang.procedure.archive import terminal_state
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..conditions import holds_proof
from ..facts import Actor, Directory, Facts
from ..people_words import ReconsideredDecision
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import EVERY_MATTER, Material, PaperKind, State
from .ends_without_reply import Reopen

_ENDED_AS = {
    ReconsideredDecision.FILED: State.FILED,
    ReconsideredDecision.DECLINED: State.DECLINED,
    ReconsideredDecision.REDIRECTED: State.REDIRECTED,
    ReconsideredDecision.DISCLOSED: State.REDIRECTED,
    ReconsideredDecision.ROUTED: State.ROUTED,
    ReconsideredDecision.ANSWERED: State.ANSWERED,
    ReconsideredDecision.WITHDRAWN: State.WITHDRAWN,
    ReconsideredDecision.FORWARDED: State.FORWARDED,
    ReconsideredDecision.RETURNED: State.RETURNED,
    ReconsideredDecision.REFUSED_FURTHER: State.REFUSED_FURTHER,
}
_TAKEN_BY: dict[ReconsideredDecision | None, tuple[StepCode, ...]] = {
    None: (),
    ReconsideredDecision.FILED: (StepCode.FILE_WITHOUT_ACTION,),
    ReconsideredDecision.DECLINED: (StepCode.DECLINE, StepCode.DECLINE_REVIEW),
    ReconsideredDecision.MERGED: (StepCode.LINK_REPEAT,),
    ReconsideredDecision.REDIRECTED: (StepCode.REDIRECT,),
    ReconsideredDecision.DISCLOSED: (StepCode.DISCLOSE,),
    ReconsideredDecision.ROUTED: (StepCode.ROUTE,),
    ReconsideredDecision.ANSWERED: (StepCode.CLASSIFY, StepCode.ANSWER),
    ReconsideredDecision.WITHDRAWN: (StepCode.WITHDRAW,),
    ReconsideredDecision.FORWARDED: (StepCode.FORWARD,),
    ReconsideredDecision.RETURNED: (StepCode.OBJECT, StepCode.OBJECTION_UPHELD),
    ReconsideredDecision.REFUSED_FURTHER: (StepCode.REFUSE_FURTHER,),
}
"""The steps by which each was decided; who took them, or agreed to them, doesn't look at it once more."""
LOOKED_AT_AGAIN = tuple(s for s in EVERY_MATTER if s not in (State.HANDED_OVER, State.HISTORY))
"""In the archive too: that a file was put away ends nobody's right to have its end looked at once more."""


def who_took_part(facts: Facts) -> frozenset[StaffCode]:
    """Return who put forward, or agreed to, the decision that the petitioner asks to be looked at once more."""
    return frozenset(h.by for h in facts.history if h.code in _TAKEN_BY[facts.reconsidering])


@condition(
    "已有等待决定的重新审查请求",
    REGULATION[44],
    CHOSEN_BY_DEPARTMENT,
    todo="请等待决定；补充的材料请办理“补充”或者添加附件。",
    about_case=True,
)
def no_reconsideration_waits(q: CaseContext) -> bool:
    return q.facts.reconsidering is None


def reconsidered_decisions(facts: Facts) -> tuple[ReconsideredDecision, ...]:
    """Return the decisions of this case that the petitioner may ask to be looked at once more."""
    ended = tuple(d for d, state in _ENDED_AS.items() if terminal_state(facts) is state and _was_taken(d, facts))
    return (*ended, ReconsideredDecision.MERGED) if facts.repeat_of else ended


def _was_taken(decision: ReconsideredDecision, facts: Facts) -> bool:
    """Tell whether the case ended by this decision, of those that end in the same way."""
    if decision is ReconsideredDecision.ANSWERED:
        return facts.short_path  # what was answered under the simple procedure has its review (N35)
    latest = {code: h.seq for code in (StepCode.REDIRECT, StepCode.DISCLOSE) if (h := facts.last(code))}
    if decision is ReconsideredDecision.DISCLOSED:
        return latest.get(StepCode.DISCLOSE, 0) > latest.get(StepCode.REDIRECT, 0)
    if decision is ReconsideredDecision.REDIRECTED:
        return latest.get(StepCode.REDIRECT, 0) >= latest.get(StepCode.DISCLOSE, 0)
    return True


@condition(
    "此件没有可以请求重新审查的决定（存信、不予受理、不再受理、认定重复、告知、转送、退回来文机关、导入、转公开申请、按建议咨询回复、撤回）",
    REGULATION[44],
    CHOSEN_BY_DEPARTMENT,
    todo="对书面意见不同意的，请求复查。",
    about_case=True,
)
def a_decision_can_be_reconsidered(q: CaseContext) -> bool:
    return bool(reconsidered_decisions(q.facts))


@condition("此件没有作出这一决定", REGULATION[44], CHOSEN_BY_DEPARTMENT, todo="请按此件实际作出的决定选择。")
def that_decision_was_taken(q: "DecisionContext[RequestReconsideration]") -> bool:
    return q.step.against in reconsidered_decisions(q.facts) or not a_decision_can_be_reconsidered.holds(q)


@condition(
    "代为登记的，须附信访人本人的请求（书面、录音或者经其签名的笔录）",
    REGULATION[19],
    CHOSEN_BY_DEPARTMENT,
    todo="请先添加为附件，材料种类选“信访人本人的申请（撤回、评价等）”，再在此选择。",
)
def their_own_request_is_attached(q: "DecisionContext[RequestReconsideration]") -> bool:
    return the_petitioner.includes(q.actor, q.facts) or holds_proof(q)


@dataclass(frozen=True, kw_only=True)
class RequestReconsideration(Step):
    """The petitioner does not accept that nothing is done, or that their matter was tied to another."""

    rule = Rule["RequestReconsideration"](
        code=StepCode.REQUEST_RECONSIDERATION,
        label="请求重新审查",
        group="甄别",
        cites=(REGULATION[19], REGULATION[44], CHOSEN_BY_DEPARTMENT),
        who=(the_petitioner, the_office, reception),
        when=LOOKED_AT_AGAIN,
        provided=(
            a_decision_can_be_reconsidered,
            no_reconsideration_waits,
            that_decision_was_taken,
            their_own_request_is_attached,
        ),
    )
    proof = (Material.PETITIONERS_WORDS,)
    when_field = "asked_on"
    against: ReconsideredDecision = step_field("不服哪一决定")
    asked_on: date | None = step_field(
        "请求日期", default=None, help="收到请求的日期；自次日起{reconsideration}内作出决定并告知"
    )
    reason: str = step_field("信访人的理由", long=True, help="照信访人所写，不改写、不概括")
    attachment: int | None = step_field("信访人本人的请求（附件序号）", default=None)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, reconsidering=self.against)

    def says(self, directory: Directory) -> str:
        return f"不服{self.against.label}：{self.reason}"


@condition("没有等待决定的重新审查请求", REGULATION[44], todo="无须办理。", about_case=True)
def a_reconsideration_waits(q: CaseContext) -> bool:
    return q.facts.reconsidering is not None


@condition(
    "提出、同意原决定的人不得决定重新审查",
    REGULATION[28],
    CHOSEN_BY_DEPARTMENT,
    todo="请由没有参与原决定的办公室主任或者厅领导决定。",
    about_case=True,
)
def who_decides_took_no_part(q: CaseContext) -> bool:
    return not q.actor.codes & who_took_part(q.facts)


@dataclass(frozen=True, kw_only=True)
class DecideReconsideration(Step):
    """Somebody who took no part in the decision upholds it or takes it back, and the petitioner is told why.

    Taken back, the case is open as it was received: the day of receipt stays, and every limit counts from it.
    """

    rule = Rule["DecideReconsideration"](
        code=StepCode.DECIDE_RECONSIDERATION,
        label="决定重新审查",
        group="甄别",
        cites=(REGULATION[23], REGULATION[28], REGULATION[44], CHOSEN_BY_DEPARTMENT),
        who=(the_office_head, a_leader),
        when=LOOKED_AT_AGAIN,
        to=(State.REGISTERED,),
        provided=(a_reconsideration_waits, who_decides_took_no_part),
        not_by=who_took_part,
    )
    may_owe = (PaperKind.RECONSIDERATION_NOTICE,)
    agree: bool = step_field("撤销原决定", default=True)
    reason: str = step_field("决定的理由", long=True, max=4000, help="逐项回应信访人的理由，印在告知书上")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        after = replace(facts, reconsidering=None)
        if not self.agree:
            return after
        if facts.reconsidering is ReconsideredDecision.MERGED:
            apart = replace(after, repeat_of="", joined_to="")
            # What waited for the answer to the first is handled on its own.
            waits = facts.joined_to and facts.state is State.HANDLING
            return replace(apart, state=State.REGISTERED) if waits else apart
        if terminal_state(facts) not in _ENDED_AS.values():
            return after
        opened = Reopen(reason=self.reason).change(after, by, on)
        if facts.reconsidering is not ReconsideredDecision.ANSWERED:
            return opened
        # It is a claim to who brought it: what it is must be found again.
        return replace(opened, matter_class=None, purpose=None, route=None, competence=None)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        return (PaperKind.RECONSIDERATION_NOTICE,) if facts.contact_clear_since else ()

    def tells_without_paper(self, facts: Facts) -> bool:
        return facts.contact_clear_since is None

    def says(self, directory: Directory) -> str:
        return f"{'撤销原决定' if self.agree else '维持原决定'}：{self.reason}"
