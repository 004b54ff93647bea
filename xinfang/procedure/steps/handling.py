"""Handling: acceptance, hand-over to units, talks and promises."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    a_handler,
    a_head_of_the_handling_unit,
    a_leader,
    an_involved_unit,
    reception,
    the_leader_to_meet,
    the_leader_who_instructed,
    the_office,
    the_responsible_leader,
)
from xinfang.procedure.articles import ALL_ARTICLES, HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, step_field

from ..conditions import (
    a_reason_is_given,
    it_is_a_claim_of_route_six,
    it_is_handled_on_its_own,
    it_is_no_review,
    the_leader_is_a_leader,
    the_leader_is_not_recused,
    the_unit_can_handle,
    the_unit_has_a_head,
    the_unit_has_signed_for_it,
    the_unit_is_not_complained_of,
)
from ..due_dates import answer_due, is_dated_back
from ..facts import NO_UNIT, NOBODY, Actor, Directory, Facts
from ..limits import HANDLING, NOTICE
from ..rules import CaseContext, DecisionContext, Rule, Step, acts_as_stand_in, condition
from ..words import OPEN_STATES, Channel, PaperKind, ReplyStage, Role, State
from .told_orally import ToldOrally, who_was_told_orally_could_be


@condition(
    "普通程序须先有厅领导批示",
    HOUSE_RULES[7],
    HOUSE_RULES[8],
    todo="请先拟办并请厅领导批示；简易办理的可以直接受理。",
    about_case=True,
)
def it_was_instructed_or_is_simple(q: CaseContext) -> bool:
    return q.facts.state is not State.REGISTERED or q.facts.simple


@condition("受理日期早于收到日期", HOUSE_RULES[13], REGULATION[23], todo="请核对受理日期。")
def not_accepted_before_receipt(q: "DecisionContext[Acceptance]") -> bool:
    return q.facts.received_on is None or q.step.day(q.today) >= q.facts.received_on


@condition(
    "简易办理当面（电话）告知受理，受理日期不能补录在上一工作日之前，也不能因补录改变期限",
    REGULATION[23],
    ALL_ARTICLES["S"],
    todo="请按实际告知并录入的日期填写；已经逾期的如实记录。",
)
def a_simple_acceptance_is_entered_at_once(q: "DecisionContext[Accept]") -> bool:
    return not q.facts.simple_claim or not is_dated_back(q.step.day(q.today), q.today, q.facts, q.calendar)


@condition(
    "须明确承办处室（单位）和包案厅领导",
    HOUSE_RULES[4],
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    todo="请选择承办处室（单位）和包案厅领导。",
)
def acceptance_names_unit_and_leader(q: "DecisionContext[Acceptance]") -> bool:
    unit = q.step.handling_unit or q.facts.handling_unit
    leader = q.step.responsible_leader or q.facts.responsible_leader
    return bool(unit and leader)


def departs_from_the_instruction(q: CaseContext, unit: UnitCode, leader: StaffCode = NOBODY) -> bool:
    """Tell whether another unit or leader is named than a leader has instructed (H7, H8)."""
    facts = q.facts
    another_unit = bool(unit) and unit != facts.handling_unit
    another_leader = bool(leader) and leader != facts.responsible_leader
    return bool(facts.instructed_by) and (another_unit or another_leader)


BEFORE_THE_REPLY = (State.REGISTERED, State.PROPOSED, State.INSTRUCTED, State.HANDLING)
DEPARTURE = "与批示的承办处室（单位）或者包案厅领导不一致的"


@dataclass(frozen=True, kw_only=True)
class Acceptance(Step):
    """What acceptances have in common: from here on a unit and a leader are responsible, and the petitioner is told.

    What departs from the instruction takes effect only when the leader who gave it agrees (H7).
    """

    when_field = "accepted_on"
    confirmed_when = DEPARTURE
    accepted_on: date | None = step_field(
        "受理日期（印在受理告知书上）",
        default=None,
        help=f"{HANDLING}自次日起算；晚于收到后第{NOTICE}的，从第{NOTICE}起算",
    )
    handling_unit: UnitCode = step_field("承办处室（单位）", default=NO_UNIT, help="不填则按批示")
    assisting_units: tuple[UnitCode, ...] = step_field("协办处室（单位）", default=())
    responsible_leader: StaffCode = step_field("包案厅领导", default=NOBODY, help="不填则按批示")
    contact: str = step_field("承办联系方式", default="", help="印在告知书上的联系电话")

    def asks_second_person(self, q: CaseContext) -> bool:
        return departs_from_the_instruction(q, self.handling_unit, self.responsible_leader)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts,
            state=State.HANDLING,
            accepted_on=on,
            noticed_on=on if self.tells_without_paper(facts) else facts.noticed_on,
            handling_unit=self.handling_unit or facts.handling_unit,
            assisting_units=self.assisting_units or facts.assisting_units,
            responsible_leader=self.responsible_leader or facts.responsible_leader,
        )


@dataclass(frozen=True, kw_only=True)
class Accept(ToldOrally, Acceptance):
    """Accepted: the 60 days begin. Its notice stops the 15 days on the day it leaves (N23)."""

    rule = Rule["Accept"](
        code=StepCode.ACCEPT,
        label="受理并告知",
        cites=(HOUSE_RULES[5], HOUSE_RULES[7], HOUSE_RULES[13], REGULATION[23], REGULATION[34]),
        who=(the_office,),
        then=(the_leader_who_instructed,),
        when=(State.INSTRUCTED, State.REGISTERED),
        to=(State.HANDLING,),
        provided=(
            it_is_a_claim_of_route_six,
            it_was_instructed_or_is_simple,
            not_accepted_before_receipt,
            a_simple_acceptance_is_entered_at_once,
            who_was_told_orally_could_be,
            acceptance_names_unit_and_leader,
            the_unit_can_handle,
            the_unit_has_a_head,
            the_unit_is_not_complained_of,
            the_leader_is_a_leader,
            the_leader_is_not_recused,
        ),
        papers=(PaperKind.ACCEPTANCE_NOTICE,),
    )

    def tells_without_paper(self, facts: Facts) -> bool:
        return self.was_told_orally(facts)

    def says(self, directory: Directory) -> str:
        unit = directory.unit_name(self.handling_unit) if self.handling_unit else ""
        return f"予以受理{f'，由{unit}承办' if unit else ''}"


@condition("此件已有意见书待审核、签发或印发，不能改派", CHOSEN_BY_DEPARTMENT, todo="请先退回意见书。", about_case=True)
def no_reply_is_under_way(q: CaseContext) -> bool:
    return q.facts.reply_stage is ReplyStage.NONE


@condition(
    "普通程序须先受理，才能转办、交办", HOUSE_RULES[5], HOUSE_RULES[7], todo="请先办理“受理并告知”。", about_case=True
)
def it_is_accepted_or_a_suggestion(q: CaseContext) -> bool:
    return q.facts.state is State.HANDLING or q.facts.short_path


@dataclass(frozen=True, kw_only=True)
class DispatchToUnit(Step):
    """What referring and assigning have in common: a unit gets the case."""

    handling_unit: UnitCode = step_field("承办处室（单位）")
    assisting_units: tuple[UnitCode, ...] = step_field("协办处室（单位）", default=())
    note: str = step_field("办理要求", default="", long=True, max=2000)
    confirmed_when = DEPARTURE

    def asks_second_person(self, q: CaseContext) -> bool:
        return departs_from_the_instruction(q, self.handling_unit)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts,
            state=State.HANDLING,
            handling_unit=self.handling_unit,
            assisting_units=self.assisting_units,
            handed_over_to_unit=True,
            signed_for=False,
            handler=NOBODY,
        )

    def says(self, directory: Directory) -> str:
        assist = "、".join(directory.unit_name(u) for u in self.assisting_units)
        return f"{directory.unit_name(self.handling_unit)}承办{f'，{assist}协办' if assist else ''}。{self.note}"


@dataclass(frozen=True, kw_only=True)
class Refer(DispatchToUnit):
    """To a unit, without a date for feedback; a suggestion goes this way from the register, or as instructed."""

    rule = Rule["Refer"](
        code=StepCode.REFER,
        label="转办",
        cites=(HOUSE_RULES[5], HOUSE_RULES[7], REGULATION[29]),
        who=(the_office,),
        then=(the_leader_who_instructed,),
        when=(State.REGISTERED, State.INSTRUCTED, State.HANDLING),
        to=(State.HANDLING,),
        provided=(
            it_is_no_review,
            it_is_handled_on_its_own,
            it_is_accepted_or_a_suggestion,
            no_reply_is_under_way,
            the_unit_can_handle,
            the_unit_has_a_head,
            the_unit_is_not_complained_of,
        ),
        papers=(PaperKind.HAND_OVER_SLIP,),
    )


@condition(
    "交办应当写明反馈日期，且不早于今天",
    HOUSE_RULES[5],
    CHOSEN_BY_DEPARTMENT,
    todo="请填写反馈日期；不要求反馈的请用“转办”。",
)
def a_feedback_date_is_set(q: "DecisionContext[Assign]") -> bool:
    return bool(q.step.feedback_on >= q.today)


@dataclass(frozen=True, kw_only=True)
class Assign(DispatchToUnit):
    """To a unit, which must report back by a date."""

    rule = Rule["Assign"](
        code=StepCode.ASSIGN,
        label="交办",
        cites=(HOUSE_RULES[5], HOUSE_RULES[7]),
        who=(the_office,),
        then=(the_leader_who_instructed,),
        when=(State.HANDLING,),
        provided=(
            it_is_no_review,
            it_is_handled_on_its_own,
            no_reply_is_under_way,
            the_unit_can_handle,
            the_unit_has_a_head,
            the_unit_is_not_complained_of,
            a_feedback_date_is_set,
        ),
        papers=(PaperKind.HAND_OVER_SLIP,),
    )
    feedback_on: date = step_field("反馈日期")


@condition(
    "所选承办人不在承办处室（单位），或应当回避",
    HOUSE_RULES[6],
    REGULATION[28],
    todo="请从本处室（单位）人员中另选承办人。",
)
def the_handler_is_of_the_unit(q: "DecisionContext[SignFor]") -> bool:
    code = q.step.handler
    if not code:
        return True
    person = q.directory.staff.get(code)
    fit = person is not None and q.facts.handling_unit in person.units and person.roles & {Role.HANDLER, Role.UNIT_HEAD}
    return bool(fit) and code not in q.facts.unfit


@condition(
    "此件没有等待签收的转办、交办",
    HOUSE_RULES[6],
    todo="已经签收的不必再签；尚未交办的请办公室先交办。",
    about_case=True,
)
def it_waits_for_signature(q: CaseContext) -> bool:
    return q.facts.handed_over_to_unit and not q.facts.signed_for


@dataclass(frozen=True, kw_only=True)
class SignFor(Step):
    """The head of the handling unit takes it, and may name who handles it."""

    rule = Rule["SignFor"](
        code=StepCode.SIGN_FOR,
        label="签收",
        cites=(HOUSE_RULES[6],),
        who=(a_head_of_the_handling_unit,),
        when=(State.HANDLING,),
        provided=(it_waits_for_signature, the_handler_is_of_the_unit),
    )
    handler: StaffCode = step_field("承办人", default=NOBODY, help="可以暂不指定，由本处室（单位）人员共同办理")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, signed_for=True, handler=self.handler)

    def says(self, directory: Directory) -> str:
        return f"承办人：{directory.staff_name(self.handler)}" if self.handler else ""


@dataclass(frozen=True, kw_only=True)
class SendBack(Step):
    """The unit gives it back to the office, with its reason."""

    rule = Rule["SendBack"](
        code=StepCode.SEND_BACK,
        label="退回",
        cites=(HOUSE_RULES[6],),
        who=(a_head_of_the_handling_unit,),
        when=(State.HANDLING,),
        provided=(it_waits_for_signature, a_reason_is_given),
    )
    reason: str = step_field("退回理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, handed_over_to_unit=False, signed_for=False)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "此件已交承办处室（单位），承诺的答复由其作出",
    HOUSE_RULES[11],
    todo="只听取陈述、没有答复的，请不勾选“已就承诺答复的事项答复信访人”；已经答复的，请由作出答复的处室（单位）记录。",
)
def who_has_the_case_keeps_the_promise(q: "DecisionContext[TalkWithPetitioner]") -> bool:
    has_it = (a_handler,) if q.facts.handed_over_to_unit else TalkWithPetitioner.rule.who
    own = any(w.includes(q.actor, q.facts) for w in has_it)
    return not q.step.answered or own or acts_as_stand_in(q.actor, has_it, q.facts, q.directory)


@dataclass(frozen=True, kw_only=True)
class TalkWithPetitioner(Step):
    """The petitioner is spoken to, from the first day on: who, when, where, what was said.

    They count as heard (N31) once the matter is in hand, on what they ask for until then; who wasn't reached, after
    attempts that the unit recorded on three different days (`hearing`). A promise is kept by a talk only where it
    answered them.
    """

    rule = Rule["TalkWithPetitioner"](
        code=StepCode.TALK,
        label="接谈",
        cites=(HOUSE_RULES[11], REGULATION[31]),
        who=(a_handler, an_involved_unit, the_office, reception),
        when=BEFORE_THE_REPLY,
        provided=(who_has_the_case_keeps_the_promise,),
        papers=(PaperKind.CONVERSATION_RECORD,),
    )
    when_field = "talked_on"
    talked_on: date | None = step_field("接谈日期", default=None)
    place: str = step_field("地点或方式", help="如：一楼信访接待室、电话")
    who_was_there: str = step_field("参加人员", help="我方人员和来访人员")
    said: str = step_field("谈话内容", long=True, help="如实记录，不评价信访人")
    missed: bool = step_field(
        "没有见到（接通）信访人",
        default=False,
        help="打电话无人接听、上门未遇的，勾选并在当日记录；处室签收以后，在不同的三日都没有联系上的，方可不再等待其陈述，按记录之日计",
    )
    answered: bool = step_field(
        "已就承诺答复的事项答复信访人",
        default=False,
        help="履行承诺的勾选，并在谈话内容中写明怎样答复；只听取陈述的不勾选",
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, heard=facts.heard or (facts.state is State.HANDLING and not self.missed))

    def says(self, directory: Directory) -> str:
        return f"{self.place}{'，没有联系上信访人' if self.missed else ''}：{self.said}"


@condition(
    "当场处理限信访人来访、来电的，或者当日已经接谈的",
    HOUSE_RULES[11],
    todo="信访人不在场的，请先接谈（可以电话）并记录，或者在意见书中答复。",
    about_case=True,
)
def somebody_is_there(q: CaseContext) -> bool:
    talked = any(
        h.code == StepCode.TALK and h.took_effect and not h.step.missed and h.happened_on == q.today
        for h in q.facts.history
    )
    return talked or q.facts.channel in (Channel.VISIT, Channel.PHONE)


@dataclass(frozen=True, kw_only=True)
class SettleOnTheSpot(Step):
    """What can be dealt with at once, with who came or called, is dealt with at once; the written reply still follows.

    It says what they said, and that is how they were heard (H11, N31).
    """

    rule = Rule["SettleOnTheSpot"](
        code=StepCode.SETTLE_ON_THE_SPOT,
        label="当场处理",
        cites=(HOUSE_RULES[11], REGULATION[31]),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(the_unit_has_signed_for_it, somebody_is_there),
    )
    said: str = step_field("信访人陈述的事实和理由", long=True, max=4000, help="如实记录信访人在场所说的")
    text: str = step_field("当场处理意见", long=True, max=4000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, heard=True)

    def says(self, directory: Directory) -> str:
        return self.text


@condition("承诺的答复日期应在今天之后", HOUSE_RULES[11], todo="请填写今天以后的日期。")
def the_promise_lies_ahead(q: "DecisionContext[PromiseReply]") -> bool:
    return bool(q.step.promised_on > q.today)


@condition(
    "承诺的答复日期晚于办结期限",
    HOUSE_RULES[11],
    HOUSE_RULES[13],
    REGULATION[34],
    todo="请填写办结期限以内的日期；确需延长的，请先办理延期。",
)
def the_promise_is_within_the_limit(q: "DecisionContext[PromiseReply]") -> bool:
    due = answer_due(q.facts, q.calendar)
    return due is None or q.step.promised_on <= due


@dataclass(frozen=True, kw_only=True)
class PromiseReply(Step):
    """What can't be dealt with at once gets a date, from the first day on, and the date its own clock."""

    rule = Rule["PromiseReply"](
        code=StepCode.PROMISE_REPLY,
        label="告知答复时间",
        cites=(HOUSE_RULES[11],),
        who=(a_handler, the_office, reception),
        when=BEFORE_THE_REPLY,
        provided=(the_promise_lies_ahead, the_promise_is_within_the_limit),
    )
    promised_on: date = step_field("承诺答复日期")
    text: str = step_field("告知内容", default="", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, promised_on=self.promised_on)

    def says(self, directory: Directory) -> str:
        return f"承诺 {self.promised_on} 前答复。{self.text}"


@condition(
    "要求会见的不是厅领导，或者该厅领导应当回避、已被反映",
    HOUSE_RULES[11],
    REGULATION[28],
    todo="请从厅领导名单中选择；没有指明哪一位的，请留空。",
)
def the_wanted_leader_is_fit(q: "DecisionContext[AskToMeet]") -> bool:
    leader, barred = q.step.leader, q.facts.recused | q.facts.complained_staff
    return not leader or (q.directory.is_leader(leader) and leader not in barred)


@dataclass(frozen=True, kw_only=True)
class AskToMeet(Step):
    """The petitioner asks to see a leader, from the first day on; the leader asked for sees the case."""

    rule = Rule["AskToMeet"](
        code=StepCode.ASK_TO_MEET,
        label="要求见厅领导",
        cites=(HOUSE_RULES[11],),
        who=(reception, the_office, a_handler),
        when=OPEN_STATES,
        provided=(the_wanted_leader_is_fit,),
    )
    leader: StaffCode = step_field("要求会见的厅领导", default=NOBODY, help="没有指明哪一位的不填")
    reason: str = step_field("信访人的说明和接待人员（处室）意见", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, meeting_wanted=True, wanted_leader=self.leader)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition("没有待决定的会见要求", HOUSE_RULES[11], todo="无须决定。", about_case=True)
def a_meeting_is_wanted(q: CaseContext) -> bool:
    return q.facts.meeting_wanted


@condition(
    "不见信访人的，须由信访人要求会见的厅领导本人、包案厅领导或者厅主要领导决定",
    HOUSE_RULES[11],
    CHOSEN_BY_DEPARTMENT,
    todo="愿意代为会见的，请选“同意会见”；不见的，请由被要求会见的厅领导决定。",
)
def who_refuses_was_asked(q: "DecisionContext[DecideMeeting]") -> bool:
    asked = the_leader_to_meet.includes(q.actor, q.facts) or q.actor.has(Role.PRINCIPAL_LEADER)
    return q.step.agree or asked


@dataclass(frozen=True, kw_only=True)
class DecideMeeting(Step):
    """The leader decides whether to meet, and says why."""

    rule = Rule["DecideMeeting"](
        code=StepCode.DECIDE_MEETING,
        label="决定会见",
        cites=(HOUSE_RULES[11],),
        who=(the_responsible_leader, a_leader),
        when=OPEN_STATES,
        provided=(a_meeting_is_wanted, who_refuses_was_asked, a_reason_is_given),
    )
    agree: bool = step_field("同意会见", default=True)
    reason: str = step_field("时间安排或不见的理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        # Who doesn't meet the petitioner needs the case no longer for it.
        wanted = facts.wanted_leader if self.agree else NOBODY
        return replace(facts, meeting_wanted=False, wanted_leader=wanted)

    def says(self, directory: Directory) -> str:
        return f"{'同意会见' if self.agree else '不安排会见'}：{self.reason}"
