"""Coming in: registration, repeats, supplements, entry in the regional system."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from xinfang.procedure.actor_rules import (
    reception,
    the_named_officer,
    the_office,
    the_petitioner,
    the_system,
)
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.facts import (
    Actor,
    ClassInLetter,
    Directory,
    Facts,
    PersonFacts,
    RequestFacts,
    RequestText,
    came_on_paper,
    can_be_reached,
)
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import CategoryCode, StaffCode, UnitCode, step_field

from ..conditions import A_YEAR, a_reason_is_given, is_attached, it_is_handled_on_its_own, the_accused_exist
from ..limits import REPRESENTATIVES
from ..people_words import Secrecy
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..voided import without_a_draft
from ..words import (
    EVERY_MATTER,
    OPEN_STATES,
    Channel,
    Material,
    PaperKind,
    PersonRole,
    ReplyStage,
    Source,
    State,
)
from .oversight import ChangesWhoMayAct, somebody_is_left_to_lead_it_on


@condition(
    "涉及或者可能涉及国家秘密、工作秘密的，不得在本系统登记",
    HOUSE_RULES[3],
    todo="请停止录入，不要扫描、拍照，立即将原件交机要室，按机要渠道登记办理；确认不涉及的，再选“不涉及”登记。",
)
def nothing_secret_is_registered(q: "DecisionContext[Register]") -> bool:
    # What the import and the regional system bring was typed elsewhere, in systems for what is no secret.
    # Of a part of a letter it was asked when the letter came.
    brought = the_system.includes(q.actor, q.facts) or bool(q.step.part_of)
    return q.step.secrecy is Secrecy.NO or brought


@condition(
    "没有写明诉求，也没有来信（来访）内容",
    REGULATION[19],
    HOUSE_RULES[7],
    todo="请填写内容或至少一项诉求；口头提出的，请如实记录并勾选“口头提出”。",
)
def a_request_or_as_told(q: "DecisionContext[Register]") -> bool:
    return bool(q.step.body or q.step.requests)


def _channel(q: "DecisionContext[Register | Supplement]") -> Channel:
    return q.step.channel if isinstance(q.step, Register) else q.facts.channel


@condition(
    f"来访的代表过多：代表不得超过{REPRESENTATIVES}",
    REGULATION[20],
    todo="请填写不超过 {representatives_value} 位代表，其余人数填入“人数”。",
)
def at_most_five_representatives(q: "DecisionContext[Register | Supplement]") -> bool:
    if _channel(q) is not Channel.VISIT:
        return True
    people = (*q.facts.persons, *q.step.persons)
    return sum(p.role is PersonRole.REPRESENTATIVE for p in people) <= REPRESENTATIVES.on(q.today).value


@condition("人数少于已填写的信访人数", CHOSEN_BY_DEPARTMENT, todo="请核对“人数”。")
def the_group_is_not_smaller_than_its_list(q: "DecisionContext[Register]") -> bool:
    people = sum(p.role is not PersonRole.AGENT for p in q.step.persons)
    return bool(q.step.group_size >= max(people, 1))


@condition(
    "上级转来、其他机关（平台）转办的事项应填写来文机关和来文编号或日期",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="请照来文（工单、留言）填写；没有编号的写“无”。在自治区信访部门上访、没有来文的，来文各项都不填。",
)
def a_handed_down_matter_names_its_sender(q: "DecisionContext[Register]") -> bool:
    s = q.step
    numbered = bool(s.sender_number or s.sender_date)
    named = came_on_paper(s.source, s.sender_number, s.sender_date) or s.source.passed_on
    return not named or bool(s.sender and numbered)


@condition("来文日期晚于收到日期", HOUSE_RULES[8], todo="请核对来文日期和收到日期。")
def sent_before_it_came(q: "DecisionContext[Register]") -> bool:
    return q.step.sender_date is None or q.step.sender_date <= q.step.day(q.today)


@condition(
    "要求反馈日期在收到之日一年以后",
    REGULATION[22],
    CHOSEN_BY_DEPARTMENT,
    todo="请对照来文核对年份；来文没有要求的不填。",
)
def the_sender_wants_it_in_time(q: "DecisionContext[Register]") -> bool:
    due, came = q.step.feedback_due, q.step.day(q.today)
    return due is None or (due - came).days <= A_YEAR


@condition(
    "代理人之外没有填写被代理的信访人",
    REGULATION[19],
    CHOSEN_BY_DEPARTMENT,
    todo="请填写被代理的信访人；姓名不清可留空。",
)
def an_agent_acts_for_somebody(q: "DecisionContext[Register]") -> bool:
    return not q.step.persons or any(p.role is not PersonRole.AGENT for p in q.step.persons)


@condition(
    "填写了姓名的不是匿名",
    REGULATION[19],
    REGULATION[23],
    todo="请取消“匿名”，照常告知、答复；信访人要求保密的，在内容中写明，办理时不对外透露。确实没有留下姓名的，请清空姓名。",
)
def who_gave_a_name_is_not_anonymous(q: "DecisionContext[Register]") -> bool:
    return not (q.step.anonymous and any(p.name for p in q.step.persons))


@condition(
    somebody_is_left_to_lead_it_on.written,
    *somebody_is_left_to_lead_it_on.cites,
    todo=somebody_is_left_to_lead_it_on.written_todo,
)
def the_accused_leave_somebody(q: "DecisionContext[Register]") -> bool:
    accused = q.step.complained_units or q.step.complained_staff
    return not accused or somebody_is_left_to_lead_it_on.holds(q)


@dataclass(frozen=True, kw_only=True)
class Register(ChangesWhoMayAct):
    """Everything that comes in is registered and numbered, whatever becomes of it."""

    rule: ClassVar[Rule[Any]] = Rule["Register"](
        code=StepCode.REGISTER,
        label="登记",
        group="来件",
        new=True,
        cites=(
            HOUSE_RULES[1],
            HOUSE_RULES[3],
            HOUSE_RULES[5],
            HOUSE_RULES[7],
            HOUSE_RULES[8],
            HOUSE_RULES[12],
            REGULATION[17],
            REGULATION[19],
            REGULATION[20],
            REGULATION[23],
        ),
        who=(reception, the_office, the_named_officer, the_petitioner, the_system),
        when=(),
        to=(State.REGISTERED,),
        provided=(
            nothing_secret_is_registered,
            a_request_or_as_told,
            at_most_five_representatives,
            the_group_is_not_smaller_than_its_list,
            a_handed_down_matter_names_its_sender,
            sent_before_it_came,
            the_sender_wants_it_in_time,
            an_agent_acts_for_somebody,
            who_gave_a_name_is_not_anonymous,
            the_accused_exist,
            the_accused_leave_somebody,
        ),
        papers=(PaperKind.REGISTRATION_SHEET, PaperKind.RECEIPT),
    )
    when_field = "received_on"

    secrecy: Secrecy | None = step_field(
        "是否涉及国家秘密或者工作秘密",
        default=None,
        help="录入、扫描之前先判断；涉及或者不能确定的，交机要室，不在本系统登记",
    )
    channel: Channel = step_field("信访形式")
    source: Source = step_field("来源", default=Source.DIRECT)
    received_on: date = step_field("收到日期", help="收文或来访的当日；期限自次日起算")
    subject: str = step_field("事由", max=120, help="一句话说明反映什么")
    body: str = step_field("内容", default="", long=True, private=True, help="信件、留言原文，或口头陈述的如实记录")
    told_orally: bool = step_field("口头提出，已如实记录", default=False)
    requests: tuple[RequestText, ...] = step_field("诉求", default=())
    persons: tuple[PersonFacts, ...] = step_field("信访人", default=())
    anonymous: bool = step_field("匿名", default=False, help="没有留下姓名的才选；来访的应当问清姓名、住址")
    group_size: int = step_field(
        "人数", default=1, help="{group_visit}以上来访为集体来访，由来访人员推选代表；还没有推选的照样登记"
    )
    category: CategoryCode | None = step_field("内容分类", default=None)
    sender: str = step_field("来文机关（平台）", default="")
    sender_number: str = step_field(
        "来文编号", default="", help="工单、留言填其编号；在自治区信访部门上访、没有来文的不填"
    )
    sender_date: date | None = step_field("来文日期", default=None)
    feedback_due: date | None = step_field("要求反馈日期", default=None, help="交办件按来文要求填写")
    reception_place: str = step_field("接待地点", default="", help="默认为厅机关一楼信访接待室")
    complained_units: tuple[UnitCode, ...] = step_field("被反映的处室（单位）", default=())
    complained_staff: tuple[StaffCode, ...] = step_field("被反映的工作人员", default=())
    external_number: str = step_field("外部编号", default="", help="网上留言编号、自治区系统编号等")
    part_of: str = step_field("分自", default="", plain=True, max=20)
    letter_class: tuple[ClassInLetter, ...] = step_field("原件的分类", default=())
    letter_accepted_on: date | None = step_field("原件受理日期", default=None)
    letter_sent_back_on: date | None = step_field("原件被责令重办的日期", default=None)
    letter_extended: int | None = step_field("原件已延长的天数", default=None)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        clear = can_be_reached(self.channel, self.persons, unnamed=self.anonymous)
        facts = replace(
            facts,
            state=State.REGISTERED,
            received_on=self.received_on,
            contact_clear_since=self.received_on if clear else None,
            channel=self.channel,
            source=self.source,
            sender=self.sender,
            sender_number=self.sender_number,
            sender_date=self.sender_date,
            feedback_due=self.feedback_due,
            subject=self.subject,
            category=self.category or CategoryCode(""),
            persons=self.persons,
            group_size=self.group_size,
            requests=tuple(RequestFacts(i, a.text) for i, a in enumerate(self.requests, 1))
            or (RequestFacts(1, self.subject),),
            complained_units=frozenset(self.complained_units),
            complained_staff=frozenset(self.complained_staff),
            part_of=self.part_of,
            class_in_letter=next(iter(self.letter_class), None) if self.part_of else None,
            accepted_in_letter_on=self.letter_accepted_on if self.part_of else None,
            sent_back_in_letter_on=self.letter_sent_back_on if self.part_of else None,
            extended_in_letter=(self.letter_extended or 0) if self.part_of else 0,
        )
        return self.overseen(facts)

    def says(self, directory: Directory) -> str:
        sender = f"；{self.sender} {self.sender_number}".rstrip() if self.sender else ""
        people = f"；{self.group_size} 人" if self.group_size > 1 else ""
        checked = "；经登记人判断，不涉及国家秘密、工作秘密" if self.secrecy is Secrecy.NO else ""
        return f"{self.channel.label}，{self.source.label}，{self.received_on} 收到{sender}{people}{checked}"


@condition("没有找到首件，或首件就是本件", HOUSE_RULES[10], todo="请填写首件的完整编号。")
def it_repeats_another(q: "DecisionContext[LinkRepeat]") -> bool:
    return bool(q.step.first) and q.step.first != q.facts.number


@condition("须确认是同一信访人、同一事项", HOUSE_RULES[10], todo="请核对后勾选；不是同人同事的不要认定。")
def same_person_same_matter(q: "DecisionContext[LinkRepeat]") -> bool:
    return bool(q.step.same_person and q.step.same_matter)


@condition("此件已经认定为重复件", HOUSE_RULES[10], todo="如有误，请先撤销重复认定。", about_case=True)
def it_is_not_linked_yet(q: CaseContext) -> bool:
    return not q.facts.repeat_of


@condition("此件没有被认定为重复件", HOUSE_RULES[10], todo="无须撤销。", about_case=True)
def it_is_linked(q: CaseContext) -> bool:
    return bool(q.facts.repeat_of)


@dataclass(frozen=True, kw_only=True)
class LinkRepeat(Step):
    """Two petitions of the same person on the same matter are tied; both keep their number and their history."""

    rule = Rule["LinkRepeat"](
        code=StepCode.LINK_REPEAT,
        label="认定重复",
        group="来件",
        cites=(HOUSE_RULES[10],),
        who=(the_office,),
        then=(the_office,),
        when=EVERY_MATTER,
        provided=(it_is_not_linked_yet, it_repeats_another, same_person_same_matter, a_reason_is_given),
    )
    first: str = step_field("首件编号", plain=True, max=20)
    same_person: bool = step_field("同人：至少一人完全相同", default=False)
    same_matter: bool = step_field("同事：事实和诉求基本相同", default=False)
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, repeat_of=self.first)

    def says(self, directory: Directory) -> str:
        return f"首件 {self.first}：{self.reason}"


@dataclass(frozen=True, kw_only=True)
class UnlinkRepeat(Step):
    """A tie that was wrong is undone; nothing had been lost by it."""

    rule = Rule["UnlinkRepeat"](
        code=StepCode.UNLINK_REPEAT,
        label="撤销重复",
        group="来件",
        cites=(HOUSE_RULES[10],),
        who=(the_office,),
        then=(the_office,),
        when=EVERY_MATTER,
        provided=(it_is_linked, it_is_handled_on_its_own, a_reason_is_given),
    )
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, repeat_of="")

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "意见书已印发，不能再增加诉求",
    REGULATION[32],
    REGULATION[35],
    todo="补充材料可以登记；新的诉求请另行登记一件，或在请求复查时提出。",
)
def no_request_is_added_after_the_reply(q: "DecisionContext[Supplement]") -> bool:
    return not q.step.requests or q.facts.reply_stage is not ReplyStage.ISSUED


@condition(
    "意见书已经签发：代为增加诉求的，须附信访人本人的申请（书面、录音或者经其签名的笔录）",
    REGULATION[19],
    REGULATION[32],
    CHOSEN_BY_DEPARTMENT,
    todo="请先将信访人的申请添加为附件，材料种类选“信访人本人的申请（撤回、评价等）”，再填写附件序号；信访人也可以在信访窗口自己补充。",
)
def a_request_that_voids_a_signature_is_theirs(q: "DecisionContext[Supplement]") -> bool:
    voids = bool(q.step.requests) and q.facts.reply_stage is ReplyStage.SIGNED
    theirs = the_petitioner.includes(q.actor, q.facts)
    return not voids or theirs or is_attached(q.facts, q.step.attachment, Material.PETITIONERS_WORDS)


PROOF_OF = {
    PersonRole.AGENT: (Material.EVIDENCE, Material.PETITIONERS_WORDS),
    PersonRole.HEIR: (Material.EVIDENCE, Material.OTHER_BODYS_PAPER),
    PersonRole.REPRESENTATIVE: (Material.EVIDENCE, Material.PETITIONERS_WORDS),
}
"""What shows that somebody who joins may act: a power of attorney; a paper that shows them to be a relative; that the
others chose them."""


@condition(
    "增加代理人须附授权委托书，增加代表须附各位信访人签名的推选书，增加近亲属（权利承受人）须附身份、亲属关系或者权利承受的证明",
    REGULATION[20],
    CHOSEN_BY_DEPARTMENT,
    todo="请先添加为附件，再填写附件序号：委托书、推选书选“证据材料”或“信访人本人的申请（撤回、评价等）”，"
    "证明选“证据材料”或“其他机关的来函、文书”。",
)
def who_is_added_has_their_proof(q: "DecisionContext[Supplement]") -> bool:
    needed = {p.role for p in q.step.persons} & set(PROOF_OF)
    return all(is_attached(q.facts, q.step.attachment, *PROOF_OF[role]) for role in needed)


@condition(
    "还没有登记信访人死亡（终止），没有可以承受的权利",
    CHOSEN_BY_DEPARTMENT,
    todo="请先办理“登记信访人死亡（终止）”；受其委托的，身份选“代理人”。",
)
def an_heir_follows_somebody_who_died(q: "DecisionContext[Supplement]") -> bool:
    return bool(q.facts.deceased) or all(p.role is not PersonRole.HEIR for p in q.step.persons)


@condition(
    "已经答复、结案的，只能补充近亲属（权利承受人）",
    REGULATION[32],
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="送达、执行和请求复查由权利承受人继续；有新的诉求的，请另行登记。",
)
def after_the_answer_only_heirs(q: "DecisionContext[Supplement]") -> bool:
    if q.facts.state in OPEN_STATES:
        return True
    heirs = bool(q.step.persons) and all(p.role is PersonRole.HEIR for p in q.step.persons)
    return heirs and not q.step.requests


@dataclass(frozen=True, kw_only=True)
class Supplement(Step):
    """More material, a clearer name or address, a further request, somebody who joins.

    What reaches a representative reaches everybody (N20), and an heir stands in another's place: each shows a paper.
    """

    rule = Rule["Supplement"](
        code=StepCode.SUPPLEMENT,
        label="补充",
        group="来件",
        cites=(REGULATION[19], REGULATION[23]),
        who=(the_petitioner, reception, the_office, the_named_officer),
        when=(*OPEN_STATES, State.CLOSED, State.ANSWERED),
        provided=(
            after_the_answer_only_heirs,
            no_request_is_added_after_the_reply,
            a_request_that_voids_a_signature_is_theirs,
            at_most_five_representatives,
            who_is_added_has_their_proof,
            an_heir_follows_somebody_who_died,
        ),
    )
    text: str = step_field("补充内容", long=True)
    contact_clear: bool = step_field("姓名、住址现已清楚，可以书面告知", default=False)
    requests: tuple[RequestText, ...] = step_field("增加的诉求", default=())
    persons: tuple[PersonFacts, ...] = step_field("增加的代表、联名人、代理人或者近亲属（权利承受人）", default=())
    attachment: int | None = step_field(
        "授权委托书、推选书、证明或者信访人的申请（附件序号）",
        default=None,
        help="增加代理人、代表、近亲属（权利承受人）的，意见书签发以后代为增加诉求的填写；"
        "信访人后来才说明姓名、住址的，附其来函、来电记录",
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        # What was split off keeps its number in the part's list: none is given twice.
        have = max((r.number for r in (*facts.requests, *(r for p in facts.parts for r in p.requests))), default=0)
        more = tuple(RequestFacts(have + i, a.text) for i, a in enumerate(self.requests, 1))
        since = facts.contact_clear_since or self._clear_since(facts, on)
        people = (*facts.persons, *self.persons)
        # Who goes on for somebody who died takes their place, and makes the group no larger.
        size = max(facts.group_size, sum(p.role not in (PersonRole.AGENT, PersonRole.HEIR) for p in people))
        # A further request must be answered too: a reply that isn't issued yet is drafted again.
        # On it they are to be heard too (N31).
        before = replace(without_a_draft(facts), heard=False) if more else facts
        return replace(
            before, requests=facts.requests + more, contact_clear_since=since, persons=people, group_size=size
        )

    def _clear_since(self, facts: Facts, on: date) -> date | None:
        """Return since when it is known where to write to, by this step: later only what was said later (N23).

        What the office left blank delays nobody's notice; who joins does so on this day.
        """
        if can_be_reached(facts.channel, self.persons):
            return on
        if not self.contact_clear:
            return None
        theirs = is_attached(facts, self.attachment, Material.PETITIONERS_WORDS)
        return on if theirs else facts.received_on or on

    def says(self, directory: Directory) -> str:
        added = "、".join(p.role.label for p in self.persons)
        return f"{self.text}{f'（增加{added}）' if added else ''}"


@dataclass(frozen=True, kw_only=True)
class EnterRegional(Step):
    """The matter is entered in the regional petition system; its number there is kept."""

    rule = Rule["EnterRegional"](
        code=StepCode.ENTER_REGIONAL,
        label="录入自治区系统",
        group="来件",
        cites=(HOUSE_RULES[5], HOUSE_RULES[12], REGULATION[21]),
        who=(the_office, the_system),
        when=EVERY_MATTER,
    )
    when_field = "entered_on"
    external_number: str = step_field("自治区系统编号")
    entered_on: date | None = step_field("录入日期", default=None)

    def says(self, directory: Directory) -> str:
        return self.external_number
