"""The office's proposal and the leaders' instruction (呈批)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_leader_in_charge, the_next_reader, the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.rules import CaseContext, DecisionContext, Rule, Step, acts_as_stand_in, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, step_field

from ..conditions import (
    it_is_classified,
    it_is_handled_or_reviewed_here,
    it_is_no_report_of_wrongdoing,
    the_leader_is_a_leader,
    the_leader_is_not_recused,
    the_unit_can_handle,
    the_unit_has_a_head,
    the_unit_is_not_complained_of,
    units_that_are_accused,
    units_with_a_head,
)
from ..facts import NO_UNIT, NOBODY, Actor, Directory, Facts, FileFacts
from ..words import OPEN_STATES, Material, PaperKind, Role, State
from .attachments import PAGED_KINDS


@condition("请选择拟请批示的厅领导", HOUSE_RULES[7], HOUSE_RULES[8], todo="请从厅领导名单中选择。")
def a_leader_is_proposed(q: "DecisionContext[Propose]") -> bool:
    return q.directory.is_leader(q.step.leader)


@condition(
    "建议承办的处室（单位）不存在、不承办信访事项，或正是被反映的单位（含由被反映人员负责的）",
    HOUSE_RULES[5],
    REGULATION[28],
    todo="请改选承办处室（单位）。",
)
def the_proposed_unit_is_fit(q: "DecisionContext[Propose]") -> bool:
    unit, accused = q.step.unit, units_that_are_accused(q.facts, q.directory)
    return unit in q.directory.units and q.directory.units[unit].can_handle and unit not in accused


@condition(
    "建议承办的处室（单位）现在没有可以签收的负责人（未任命，或应当回避、已被反映）",
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    REGULATION[28],
    todo="请改选承办处室（单位）；尚未任命负责人的，请先由系统管理员在“单位与人员”中办理。",
)
def the_proposed_unit_has_a_head(q: "DecisionContext[Propose]") -> bool:
    return q.step.unit in units_with_a_head(q.facts, q.directory)


@condition("所选厅领导应当回避或已被反映", REGULATION[28], todo="请另选一位厅领导。")
def the_proposed_leader_is_not_recused(q: "DecisionContext[Propose]") -> bool:
    return q.step.leader not in q.facts.unfit


@condition(
    "拟请批示的就是厅主要领导，无须再报",
    HOUSE_RULES[7],
    todo="请取消勾选“分管领导批示后再报主要领导”，或者另选分管厅领导。",
)
def the_principal_is_asked_once(q: "DecisionContext[Propose]") -> bool:
    leader = q.directory.staff.get(q.step.leader)
    return not (q.step.to_principal and leader is not None and Role.PRINCIPAL_LEADER in leader.roles)


def the_principal_leader_may_instruct(facts: Facts, directory: Directory) -> bool:
    """Tell whether a principal leader, or who acts for them, is neither accused nor has to withdraw (N28)."""
    return any(a.has(Role.PRINCIPAL_LEADER) and not a.codes & facts.unfit for a in directory.actors(here=False))


@condition(
    "厅主要领导应当回避或已被反映，不能再报其批示",
    REGULATION[28],
    todo="请取消勾选“分管领导批示后再报主要领导”。",
)
def the_principal_may_be_asked(q: "DecisionContext[Propose]") -> bool:
    return not q.step.to_principal or the_principal_leader_may_instruct(q.facts, q.directory)


@dataclass(frozen=True, kw_only=True)
class Propose(Step):
    """The office says how the matter should be handled, by whom and under which leader (呈批)."""

    rule = Rule["Propose"](
        code=StepCode.PROPOSE,
        label="拟办",
        group="甄别",
        cites=(HOUSE_RULES[5], HOUSE_RULES[7], HOUSE_RULES[8]),
        who=(the_office,),
        when=(State.REGISTERED,),
        to=(State.PROPOSED,),
        provided=(
            it_is_classified,
            it_is_no_report_of_wrongdoing,
            it_is_handled_or_reviewed_here,
            a_leader_is_proposed,
            the_proposed_leader_is_not_recused,
            the_principal_is_asked_once,
            the_principal_may_be_asked,
            the_proposed_unit_is_fit,
            the_proposed_unit_has_a_head,
        ),
        papers=(PaperKind.INSTRUCTION_SHEET,),
    )
    text: str = step_field("拟办意见", long=True, max=4000)
    unit: UnitCode = step_field("建议承办处室（单位）")
    leader: StaffCode = step_field("拟请批示并包案的厅领导")
    to_principal: bool = step_field("分管领导批示后再报主要领导", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts,
            state=State.PROPOSED,
            proposed_leader=self.leader,
            proposed_unit=self.unit,
            to_principal=self.to_principal,
            awaiting_principal=False,
            instructed_by=(),
        )

    def says(self, directory: Directory) -> str:
        return f"{self.text}（建议{directory.unit_name(self.unit)}承办，请{directory.staff_name(self.leader)}批示）"


@condition(
    "同意时须明确承办处室（单位）和包案厅领导",
    HOUSE_RULES[4],
    HOUSE_RULES[7],
    HOUSE_RULES[8],
    todo="请选择；不填则按拟办意见。",
)
def agreement_names_unit_and_leader(q: "DecisionContext[Instruct]") -> bool:
    unit = q.step.handling_unit or q.facts.proposed_unit
    leader = q.step.responsible_leader or q.facts.proposed_leader
    return not q.step.agree or bool(unit and leader)


def scanned_instructions(facts: Facts) -> tuple[FileFacts, ...]:
    """Return the scans of sheets on which leaders wrote an instruction that nobody has entered yet."""
    instructions = (h for h in facts.history if h.code == StepCode.INSTRUCT and h.took_effect)
    entered = {h.step.attachment for h in instructions}
    sheets = facts.filed(Material.INSTRUCTION)
    return tuple(f for f in sheets if f.kind in PAGED_KINDS and f.number not in entered)


@condition("退回时须写明意见", CHOSEN_BY_DEPARTMENT, todo="请写明为何退回、应如何修改。")
def sending_back_says_why(q: "DecisionContext[Instruct]") -> bool:
    return q.step.agree or bool(q.step.text)


@condition(
    "此件已经批示：此时只能退回重新甄别",
    HOUSE_RULES[7],
    HOUSE_RULES[8],
    CHOSEN_BY_DEPARTMENT,
    todo="发现类别、途径、职权认定有误，或者已在诉讼、仲裁、复议的，请取消“同意拟办意见”并写明意见；其他的由办公室受理、转办。",
)
def what_was_instructed_is_only_given_back(q: "DecisionContext[Instruct]") -> bool:
    return q.facts.state is not State.INSTRUCTED or not q.step.agree


def _is_theirs(actor: Actor, q: "DecisionContext[Instruct]") -> bool:
    """Tell whether this person's instruction is the one that the case waits for."""
    whos = (the_leader_in_charge,)
    return the_leader_in_charge.includes(actor, q.facts) or acts_as_stand_in(actor, whos, q.facts, q.directory)


@condition(
    "代录的纸质批示须是此件正在等待的厅领导所作，且其无须回避；厅领导本人批示的不得填写他人",
    HOUSE_RULES[7],
    HOUSE_RULES[8],
    REGULATION[28],
    todo="请选择在呈批单上批示的厅领导；本人批示的请留空。改请其他厅领导批示的，请先退回重新拟办。",
)
def a_paper_instruction_names_its_leader(q: "DecisionContext[Instruct]") -> bool:
    leader, facts = q.step.paper_leader, q.facts
    if not leader:
        return _is_theirs(q.actor, q)
    if leader in facts.recused | facts.complained_staff or not the_office.includes(q.actor, facts):
        return False
    # Who signed on paper may have left for a journey since.
    named = (a for a in q.directory.actors(here=False) if a.code == leader)
    return any(_is_theirs(a, q) for a in named)


@condition(
    "代录纸质批示须附批示件的扫描件，每次批示各附一份",
    HOUSE_RULES[14],
    CHOSEN_BY_DEPARTMENT,
    todo="请先将呈批单扫描添加为附件，材料种类选“批示件”，再在此选择。",
)
def a_paper_instruction_has_its_scan(q: "DecisionContext[Instruct]") -> bool:
    return not q.step.paper_leader or any(f.number == q.step.attachment for f in scanned_instructions(q.facts))


@condition(
    "拟办的人不能代理厅领导批示自己的拟办意见",
    HOUSE_RULES[5],
    HOUSE_RULES[7],
    CHOSEN_BY_DEPARTMENT,
    todo="请由厅领导本人、其他代理人或者厅主要领导批示。",
)
def who_proposed_does_not_instruct_as_a_deputy(q: "DecisionContext[Instruct]") -> bool:
    proposed = q.facts.last_by(StepCode.PROPOSE) == q.actor.code
    deputy = q.actor.only_stands_in(Role.LEADER, Role.PRINCIPAL_LEADER)
    return bool(q.step.paper_leader) or not (proposed and deputy)


@dataclass(frozen=True, kw_only=True)
class Instruct(Step):
    """The leader in charge decides, and where it was asked the principal leader after them; or it goes back.

    What was instructed and turns out wrong before it is accepted goes back by a leader too: to whom it was put.
    """

    rule = Rule["Instruct"](
        code=StepCode.INSTRUCT,
        label="批示",
        group="甄别",
        cites=(HOUSE_RULES[4], HOUSE_RULES[7], HOUSE_RULES[8]),
        who=(the_leader_in_charge, the_office),
        when=(State.PROPOSED, State.INSTRUCTED),
        to=(State.INSTRUCTED, State.REGISTERED),
        then=(the_office,),
        provided=(
            what_was_instructed_is_only_given_back,
            agreement_names_unit_and_leader,
            sending_back_says_why,
            who_proposed_does_not_instruct_as_a_deputy,
            a_paper_instruction_names_its_leader,
            a_paper_instruction_has_its_scan,
            the_unit_can_handle,
            the_unit_has_a_head,
            the_unit_is_not_complained_of,
            the_leader_is_a_leader,
            the_leader_is_not_recused,
        ),
    )
    when_field = "instructed_on"
    confirmed_when = "代录纸质批示时"
    agree: bool = step_field("同意拟办意见", default=True)
    text: str = step_field("批示", default="", long=True, max=4000)
    handling_unit: UnitCode = step_field("承办处室（单位）", default=NO_UNIT, help="不填则按拟办意见")
    assisting_units: tuple[UnitCode, ...] = step_field("协办处室（单位）", default=())
    responsible_leader: StaffCode = step_field("包案厅领导", default=NOBODY, help="不填则按拟办意见")
    paper_leader: StaffCode = step_field("作出纸质批示的厅领导（办公室代录时填写）", default=NOBODY)
    attachment: int | None = step_field("批示件的扫描件（附件序号，办公室代录时填写）", default=None)
    instructed_on: date | None = step_field("批示日期", default=None)

    def asks_second_person(self, q: CaseContext) -> bool:
        return bool(self.paper_leader)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        leader = self.paper_leader or by.code
        if not self.agree:
            return replace(
                facts,
                state=State.REGISTERED,
                proposed_leader=NOBODY,
                proposed_unit=NO_UNIT,
                awaiting_principal=False,
                instructed_by=(),
                # What an earlier leader agreed to doesn't bind the next proposal.
                handling_unit=NO_UNIT,
                assisting_units=(),
                responsible_leader=NOBODY,
            )
        facts = replace(
            facts,
            instructed_by=(*facts.instructed_by, leader),
            handling_unit=self.handling_unit or facts.handling_unit or facts.proposed_unit,
            assisting_units=self.assisting_units or facts.assisting_units,
            responsible_leader=self.responsible_leader or facts.responsible_leader or facts.proposed_leader,
        )
        if facts.to_principal and not facts.awaiting_principal:
            return replace(facts, awaiting_principal=True)
        return replace(facts, state=State.INSTRUCTED, awaiting_principal=False)

    def says(self, directory: Directory) -> str:
        text = self.text or ("同意拟办意见。" if self.agree else "")
        paper = f"（{directory.staff_name(self.paper_leader)}纸质批示，办公室录入）" if self.paper_leader else ""
        return f"“{text}”{paper}" if self.agree else f"退回：“{text}”{paper}"


@condition("圈阅的须是无须回避的厅领导，每人一次", HOUSE_RULES[4], REGULATION[28], todo="请从厅领导名单中选择。")
def the_readers_are_fit(q: "DecisionContext[CirculateSheet]") -> bool:
    readers, barred = q.step.readers, q.facts.recused | q.facts.complained_staff
    fit = all(q.directory.is_leader(reader) and reader not in barred for reader in readers)
    return fit and len(set(readers)) == len(readers)


@dataclass(frozen=True, kw_only=True)
class CirculateSheet(Step):
    """The sheet goes round among leaders, one after the other, so that they know; it decides nothing and stops nothing.

    Sent round again, the new round takes the place of what was left of the old one.
    """

    rule = Rule["CirculateSheet"](
        code=StepCode.CIRCULATE_SHEET,
        label="送圈阅",
        group="甄别",
        cites=(HOUSE_RULES[4], HOUSE_RULES[7], CHOSEN_BY_DEPARTMENT),
        who=(the_office,),
        when=(State.PROPOSED, State.INSTRUCTED, State.HANDLING),
        provided=(it_is_no_report_of_wrongdoing, the_readers_are_fit),
    )
    readers: tuple[StaffCode, ...] = step_field("圈阅的厅领导", help="依名单先后传阅")
    note: str = step_field("请注意的事项", default="", long=True, max=500)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, readers=self.readers)

    def says(self, directory: Directory) -> str:
        names = "、".join(directory.staff_name(reader) for reader in self.readers)
        return f"依次送{names}{f'：{self.note}' if self.note else ''}"


@dataclass(frozen=True, kw_only=True)
class ReadSheet(Step):
    """A leader has read the sheet and passes it on."""

    rule = Rule["ReadSheet"](
        code=StepCode.READ_SHEET,
        label="圈阅",
        group="甄别",
        cites=(HOUSE_RULES[4], HOUSE_RULES[7], CHOSEN_BY_DEPARTMENT),
        who=(the_next_reader,),
        when=OPEN_STATES,
    )
    opinion: str = step_field("意见", default="", long=True, max=2000, help="可以不写；要求改变办理的，请另行批示")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, readers=facts.readers[1:], read_by=(*facts.read_by, *facts.readers[:1]))

    def says(self, directory: Directory) -> str:
        return self.opinion or "已阅"
