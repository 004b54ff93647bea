"""One letter, several matters: each part is a case of its own, with its class, its route, its limits and its end.

The letter stays whole in the case it came as. What a part needs of it is copied out; those who see only the part
see neither the rest of the letter nor that there is one (N29-N31).
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_named_officer, the_office
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import a_reason_is_given
from ..facts import Actor, ClassifiedAs, ClassInLetter, Directory, Facts, LetterPart
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..voided import without_a_draft
from ..words import EVERY_MATTER, OPEN_STATES, PaperKind, ReplyStage, State


@condition(
    "分出的诉求不在本件之中，或者没有选择诉求",
    REGULATION[29],
    REGULATION[30],
    REGULATION[31],
    todo="请在本件现有的诉求中选择；信中还有没有列出的诉求的，请先办理“补充”增加诉求。",
)
def the_requests_are_of_this_case(q: "DecisionContext[SplitOff]") -> bool:
    taken = q.step.requests
    return bool(taken) and len(set(taken)) == len(taken) and set(taken) <= {r.number for r in q.facts.requests}


@condition(
    "本件至少留一项诉求",
    CHOSEN_BY_DEPARTMENT,
    todo="只分出性质不同的诉求；信中有检举控告的，检举控告留在本件，把其他诉求分出。",
)
def something_stays(q: "DecisionContext[SplitOff]") -> bool:
    return bool({r.number for r in q.facts.requests} - set(q.step.requests))


@condition("随附的附件不在本件之中，或者已经撤下", CHOSEN_BY_DEPARTMENT, todo="请在本件现有的附件中选择。")
def the_attachments_are_of_this_case(q: "DecisionContext[SplitOff]") -> bool:
    chosen = q.step.attachments
    return len(set(chosen)) == len(chosen) and set(chosen) <= {f.number for f in q.facts.files if not f.withdrawn}


@condition(
    "密封件的附件不随分出件移出密封区",
    REGULATION[30],
    todo="请不选附件；确需的，由办公室将与分出的诉求有关、不含检举控告内容的页另行添加到分出件。",
)
def nothing_leaves_the_compartment(q: "DecisionContext[SplitOff]") -> bool:
    return not (q.facts.sealed and q.step.attachments)


@condition(
    "意见书已经印发，不能再分件",
    REGULATION[32],
    REGULATION[35],
    todo="对意见书不服的请办理复查；有新的诉求的请另行登记。",
    about_case=True,
)
def it_is_not_answered_yet(q: CaseContext) -> bool:
    return q.facts.reply_stage is not ReplyStage.ISSUED


@condition(
    "复查请求针对一份处理意见，不分件",
    REGULATION[35],
    todo="请整件复查；其中提出新的事项的，请另行登记。",
    about_case=True,
)
def it_is_no_review(q: CaseContext) -> bool:
    return q.facts.review_of is None


def class_for_a_part(facts: Facts) -> tuple[ClassInLetter, ...]:
    """Return how a letter was classified, for its part; sealed on its way, how it was before (N30); () where it wasn't.

    Who splits it may not make of a part what one person may not make of the letter (N44).
    """
    seen = facts
    if facts.sealed:
        before = facts.classified_before or ClassifiedAs()
        seen = replace(
            facts,
            matter_class=before.matter_class,
            route=before.route,
            purpose=before.purpose,
            simple=before.simple,
        )
    return (seen.classified_as,) if seen.classified_as else ()


@dataclass(frozen=True, kw_only=True)
class SplitOff(Step):
    """Some requests of a letter become a case of their own, received on the day on which the letter was.

    Every limit of the part counts from there: to split a letter never lengthens anybody's wait. Who is complained of in
    the letter is kept from the part too (N28). A report of wrongdoing stays with the letter, which says it all; the
    other requests leave it before it is sealed (N30).
    """

    rule = Rule["SplitOff"](
        code=StepCode.SPLIT_OFF,
        label="分出一件",
        group="甄别",
        cites=(REGULATION[29], REGULATION[30], REGULATION[31]),
        who=(the_office, the_named_officer),
        when=OPEN_STATES,
        provided=(
            it_is_no_review,
            it_is_not_answered_yet,
            the_requests_are_of_this_case,
            something_stays,
            the_attachments_are_of_this_case,
            nothing_leaves_the_compartment,
            a_reason_is_given,
        ),
    )
    requests: tuple[int, ...] = step_field("分出的诉求", help="检举控告的诉求留在本件，其他诉求逐件分出")
    subject: str = step_field("分出件的事由", max=120, help="只写这一部分，不要带出检举控告的内容")
    body: str = step_field(
        "分出件的内容",
        default="",
        long=True,
        private=True,
        help="照原信摘录与分出的诉求有关的文字；承办人只看到这里写的，看不到原信",
    )
    attachments: tuple[int, ...] = step_field("随附的附件", default=(), help="只选与分出的诉求有关、不含检举控告内容的")
    reason: str = step_field("分件理由", long=True, max=2000)
    part: str = step_field("分出件的编号", default="", plain=True, max=20)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        taken = tuple(r for r in facts.requests if r.number in self.requests)
        return replace(
            without_a_draft(facts),
            requests=tuple(r for r in facts.requests if r.number not in self.requests),
            parts=(*facts.parts, LetterPart(self.part, taken)),
            parts_told_on=None,
        )

    def says(self, directory: Directory) -> str:
        taken = "、".join(str(n) for n in sorted(self.requests))
        return f"诉求{taken}分为 {self.part}：{self.reason}"


_LED_TO: dict[str, str] = {
    StepCode.REDIRECT: "不属于本厅的职权，请向{}提出",
    StepCode.DISCLOSE: "不作为信访事项办理，转{}按政府信息公开申请答复",
    StepCode.FORWARD: "已转送{}办理",
    StepCode.ROUTE: "应当通过其他法定途径解决，请向{}提出",
}
"""The steps that lead a matter to another body, which each of them names."""
_WENT: dict[State | None, str] = {
    State.HANDLING: "由本厅办理，办结的期限见该件的告知书",
    State.ANSWERED: "本厅已经答复",
    State.RETURNED: "已退回来文机关，由其另行处理",
    State.DECLINED: "不予受理，理由见该件的告知书",
    State.FILED: "作存信处理，理由见该件的告知书",
    State.REFUSED_FURTHER: "不再受理，理由见该件的告知书",
    State.WITHDRAWN: "已按申请撤回",
    State.HANDED_OVER: "已依照规定移送有权处理的机关",
}


def where_it_went(part: Facts, *, letter: Facts) -> str:
    """Return where a part of a letter went, as the petitioner is told; empty while that isn't settled.

    Of a sealed part nothing more is told in a letter that others see (N30).
    """
    if part.sealed and not letter.sealed:
        return "由本厅专门人员依法处理"
    state = part.archived_from if part.state is State.ARCHIVED else part.state
    settled = State.HANDLING if state in (State.REPLIED, State.SERVED, State.CLOSED) else state
    if settled in (State.REDIRECTED, State.FORWARDED, State.ROUTED):
        led = [h for h in part.history if h.code in _LED_TO][-1]
        return _LED_TO[led.code].format(led.step.body)
    return _WENT.get(settled, "")


@condition("本件没有分出其他件", REGULATION[23], todo="没有分件的，按本件的办理结果告知即可。", about_case=True)
def it_was_split(q: CaseContext) -> bool:
    return bool(q.facts.parts)


@condition(
    "还有部分没有确定去向，不能告知",
    REGULATION[23],
    REGULATION[31],
    todo="请先办完各件的受理、告知、转送、导入或者移送，再一并告知信访人。",
)
def each_part_went_somewhere(q: "DecisionContext[TellParts]") -> bool:
    return bool(q.step.whereabouts) and q.step.all_directed


@dataclass(frozen=True, kw_only=True)
class PartWhereabouts:
    """Where one part of a letter went, as the petitioner is told."""

    number: str = step_field("编号", max=20)
    requests: str = step_field("诉求", long=True, max=4000)
    where: str = step_field("去向", long=True, max=1000)


@dataclass(frozen=True, kw_only=True)
class TellParts(Step):
    """The petitioner gets one notice that says where each part of the letter went, and under which number (N23)."""

    rule = Rule["TellParts"](
        code=StepCode.TELL_PARTS,
        label="告知分件去向",
        group="甄别",
        cites=(REGULATION[23], REGULATION[31]),
        who=(the_office, the_named_officer),
        when=tuple(s for s in EVERY_MATTER if s is not State.ARCHIVED),
        provided=(it_was_split, each_part_went_somewhere),
        papers=(PaperKind.PARTS_NOTICE,),
    )
    note: str = step_field("补充说明", default="", long=True, max=1000)
    whereabouts: tuple[PartWhereabouts, ...] = step_field("各件去向（由系统列出）", default=())
    all_directed: bool = step_field("各件都已确定去向（由系统核对）", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, parts_told_on=on)

    def says(self, directory: Directory) -> str:
        return "；".join(f"{w.number} {w.where}" for w in self.whereabouts)
