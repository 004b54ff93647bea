"""A petitioner writes at any time, whatever became of the matter, and is answered (N18, N21; PIPL 45-50).

A message takes nothing away, moves nothing and ends nothing: it asks for an answer until it has one. That one must be
answered, and by when, no text says of a message; of a request about personal data it says 及时, and that a refusal
tells its reason. Whom the petitioner asks to withdraw, a superior names: a petitioner knows no staff codes (N28).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    ActorRule,
    a_handler,
    a_leader,
    reception,
    the_named_officer,
    the_office,
    the_office_head,
    the_petitioner,
    the_principal_leader,
    the_responsible_leader,
)
from xinfang.procedure.articles import PERSONAL_INFORMATION_LAW, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..facts import NOBODY, Actor, CaseEvent, Directory, Facts, MessageFacts
from ..overseers import answers_to
from ..people_words import MessageKind, MessageOutcome
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..visibility import may_see
from ..words import EVERY_MATTER, OPEN_STATES, Channel, Role

DECIDES_RECUSALS = (the_office_head, a_leader, the_named_officer)
"""Who decides whether somebody has to withdraw; in the sealed compartment its officers, as nobody else sees it."""


@condition(
    "代为登记的留言须写明如何提出；信访人本人在网上留言的不填",
    REGULATION[19],
    CHOSEN_BY_DEPARTMENT,
    todo="请选择来电、来访、来信、传真或者网络。",
)
def how_it_came_is_said(q: "DecisionContext[LeaveMessage]") -> bool:
    return the_petitioner.includes(q.actor, q.facts) == (q.step.channel is None)


@condition(
    "事项已经办结，没有正在办理、应当回避的人员",
    REGULATION[28],
    todo="对结果不服的，可以请求复查、复核或者重新审查；反映工作人员的，请作为新的事项提出，或者选“留言”。",
)
def a_recusal_is_asked_while_somebody_decides(q: "DecisionContext[LeaveMessage]") -> bool:
    return q.step.kind is not MessageKind.RECUSAL or q.facts.state in OPEN_STATES


@dataclass(frozen=True, kw_only=True)
class LeaveMessage(Step):
    """The petitioner writes or says something, also after the matter ended: it stays open until it was answered."""

    rule = Rule["LeaveMessage"](
        code=StepCode.LEAVE_MESSAGE,
        label="信访人留言",
        group="来件",
        cites=(
            REGULATION[18],
            REGULATION[21],
            REGULATION[28],
            PERSONAL_INFORMATION_LAW[45],
            PERSONAL_INFORMATION_LAW[46],
            PERSONAL_INFORMATION_LAW[47],
            PERSONAL_INFORMATION_LAW[48],
            PERSONAL_INFORMATION_LAW[50],
        ),
        who=(the_petitioner, reception, the_office, the_named_officer),
        when=EVERY_MATTER,
        provided=(how_it_came_is_said, a_recusal_is_asked_while_somebody_decides),
    )
    when_field = "left_on"
    kind: MessageKind = step_field("留言的种类")
    text: str = step_field(
        "内容",
        long=True,
        max=4000,
        help="照信访人所说，不改写。提出复查、补充材料、撤回的，请直接办理相应步骤；申请回避的，写明是谁、有什么利害关系",
    )
    channel: Channel | None = step_field("如何提出", default=None, help="代为登记的填写")
    left_on: date | None = step_field("留言日期", default=None, help="收到的日期，自次日起{message}内答复")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        left = MessageFacts(len(facts.messages) + 1, self.kind, on, self.channel is None)
        return replace(facts, messages=(*facts.messages, left))

    def says(self, directory: Directory) -> str:
        how = f"（{self.channel.label}）" if self.channel else ""
        return f"{self.kind.label}{how}：{self.text}"


def open_messages(facts: Facts) -> tuple[MessageFacts, ...]:
    """Return the messages that nobody has answered yet, the oldest first."""
    return tuple(m for m in facts.messages if m.answered_on is None)


def conversation(facts: Facts) -> Iterator[tuple[MessageFacts, CaseEvent, CaseEvent | None]]:
    """Yield each message with the events by which it came and was answered (None before), the oldest first."""
    left = [h for h in facts.history if h.code == StepCode.LEAVE_MESSAGE and h.took_effect]
    answers = {h.step.message: h for h in facts.history if h.code == StepCode.ANSWER_MESSAGE and h.took_effect}
    for message in facts.messages:
        yield message, left[message.number - 1], answers.get(message.number)


def waiting_events(facts: Facts) -> tuple[tuple[MessageFacts, CaseEvent], ...]:
    """Return the messages that nobody has answered yet, each with the event by which it came, the oldest first."""
    return tuple((message, left) for message, left, answer in conversation(facts) if answer is None)


def message_of(number: int, facts: Facts) -> MessageFacts | None:
    """Return the message of this number, or None."""
    return next((m for m in facts.messages if m.number == number), None)


def who_answers(facts: Facts) -> ActorRule:
    """Return who has the case: the unit while it handles it, its officers under the seal, else the office."""
    if facts.sealed:
        return the_named_officer
    handled = facts.handling_unit and facts.signed_for and facts.state in OPEN_STATES
    return a_handler if handled else the_office


def who_decides_on_recusal(facts: Facts) -> tuple[ActorRule, ...]:
    """Return who is asked to decide on a recusal: never the head of the office alone, who may be the one meant."""
    if facts.sealed:
        return (the_named_officer,)
    leader = the_responsible_leader if facts.responsible_leader else the_principal_leader
    return (the_office_head, leader)


@condition("没有待答复的留言", REGULATION[21], CHOSEN_BY_DEPARTMENT, todo="无须答复。", about_case=True)
def a_message_waits(q: CaseContext) -> bool:
    return bool(open_messages(q.facts))


@condition("没有这一条留言，或者已经答复", CHOSEN_BY_DEPARTMENT, todo="请选择是哪一条留言。")
def that_message_waits(q: "DecisionContext[AnswerMessage]") -> bool:
    return any(m.number == q.step.message for m in open_messages(q.facts))


@condition(
    "应当回避、被反映或者经手过原事项的人员不得答复",
    REGULATION[28],
    CHOSEN_BY_DEPARTMENT,
    todo="请由办公室或者承办处室（单位）的其他人员答复。",
    about_case=True,
)
def who_answers_is_fit(q: CaseContext) -> bool:
    return not q.actor.codes & q.facts.unfit


def _kind(q: "DecisionContext[AnswerMessage]") -> MessageKind | None:
    message = message_of(q.step.message, q.facts)
    return message.kind if message else None


@condition(
    "请求更正、查阅本人信息和申请回避的，答复须写明是否照办",
    REGULATION[28],
    PERSONAL_INFORMATION_LAW[50],
    todo="请选择“已照办”或者“不照办”；不照办的，在答复中说明理由。",
)
def a_request_is_answered_yes_or_no(q: "DecisionContext[AnswerMessage]") -> bool:
    return _kind(q) in (None, MessageKind.MESSAGE) or q.step.outcome is not None


@condition(
    "留言之后还没有更正的记录",
    PERSONAL_INFORMATION_LAW[46],
    todo="请先核实并办理“更正”（补充的办理“补充”）；不能更正、删除的，选“不照办”并说明理由，如保管期限未满。",
)
def a_correction_was_made(q: "DecisionContext[AnswerMessage]") -> bool:
    if _kind(q) is not MessageKind.CORRECT or q.step.outcome is not MessageOutcome.DONE:
        return True
    asked = next(left.seq for m, left, _ in conversation(q.facts) if m.number == q.step.message)
    made = (q.facts.last(code) for code in (StepCode.CORRECT, StepCode.SUPPLEMENT))
    return any(h is not None and h.seq > asked for h in made)


@condition(
    "回避申请由办公室主任或者厅领导决定",
    REGULATION[28],
    CHOSEN_BY_DEPARTMENT,
    todo="请交办公室主任或者厅领导决定；密封件由检举控告专管员决定。",
)
def a_superior_decides_on_recusal(q: "DecisionContext[AnswerMessage]") -> bool:
    return _kind(q) is not MessageKind.RECUSAL or any(w.includes(q.actor, q.facts) for w in DECIDES_RECUSALS)


@condition(
    "决定回避申请须写明所指的人员，本人及其下级不得决定其是否回避",
    REGULATION[28],
    todo="请核实信访人所指的人员并选择；所指是您本人或者您的上级的，请由另一位有权决定的人员决定。",
)
def who_is_meant_is_named_and_does_not_decide(q: "DecisionContext[AnswerMessage]") -> bool:
    if _kind(q) is not MessageKind.RECUSAL:
        return True
    meant = q.step.meant
    if meant not in q.directory.staff or meant in q.actor.codes:
        return False
    others = (a for a in q.directory.actors(here=False) if a.has(Role.LEADER, Role.PRINCIPAL_LEADER))
    somebody_else = any(meant not in a.codes and may_see(a, q.facts) for a in others)
    return not (somebody_else and answers_to(q.actor, (meant,), (), q.directory))


@condition(
    "所指的人员还没有回避的决定",
    REGULATION[28],
    todo="请先办理“回避”，由另一人确认；不应回避的，选“不照办”并说明理由。",
)
def the_recusal_was_decided(q: "DecisionContext[AnswerMessage]") -> bool:
    granted = _kind(q) is MessageKind.RECUSAL and q.step.outcome is MessageOutcome.DONE
    return not granted or q.step.meant in q.facts.recused


@condition(
    "信访人不是在网上留言的，看不到网上的答复：须写明何时、怎样告知",
    REGULATION[21],
    CHOSEN_BY_DEPARTMENT,
    todo="请电话、当面或者写信告知，再填写何时、怎样告知；联系不上的写明联系经过。",
)
def who_did_not_write_online_was_told(q: "DecisionContext[AnswerMessage]") -> bool:
    message = message_of(q.step.message, q.facts)
    return message is None or message.online or bool(q.step.told)


@dataclass(frozen=True, kw_only=True)
class AnswerMessage(Step):
    """One message is answered, by who has the case; a recusal that was asked for by words, by a superior."""

    rule = Rule["AnswerMessage"](
        code=StepCode.ANSWER_MESSAGE,
        label="答复留言",
        group="来件",
        cites=(
            REGULATION[21],
            REGULATION[28],
            PERSONAL_INFORMATION_LAW[45],
            PERSONAL_INFORMATION_LAW[46],
            PERSONAL_INFORMATION_LAW[50],
        ),
        who=(a_handler, the_office, a_leader, the_named_officer),
        when=EVERY_MATTER,
        provided=(
            a_message_waits,
            who_answers_is_fit,
            that_message_waits,
            a_request_is_answered_yes_or_no,
            a_correction_was_made,
            a_superior_decides_on_recusal,
            who_is_meant_is_named_and_does_not_decide,
            the_recusal_was_decided,
            who_did_not_write_online_was_told,
        ),
        not_by=lambda facts: facts.unfit,
    )
    message: int = step_field("哪一条留言（序号）")
    outcome: MessageOutcome | None = step_field(
        "是否照办", default=None, help="请求更正、查阅本人信息和申请回避的必选；一般留言不选"
    )
    meant: StaffCode = step_field("信访人所指的人员", default=NOBODY, help="决定回避申请时选择")
    text: str = step_field(
        "答复", long=True, max=4000, help="信访人看得到：不写内部意见和工作人员姓名；不照办的写明理由和可以怎么办"
    )
    told: str = step_field(
        "何时、怎样告知", default="", max=200, help="信访人本人在网上留言的不填，在查询页面可以看到答复"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts,
            messages=tuple(replace(m, answered_on=on) if m.number == self.message else m for m in facts.messages),
        )

    def says(self, directory: Directory) -> str:
        outcome = f"{self.outcome.label}。" if self.outcome else ""
        return f"留言{self.message}：{outcome}{self.text}"
