"""Screening: classes and routes, what is not ours, objections, filing without action."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_named_officer, the_office
from xinfang.procedure.archive import terminal_state
from xinfang.procedure.articles import ALL_ARTICLES, HOUSE_RULES, REGULATION
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import (
    a_reason_is_given,
    it_is_classified,
    it_is_no_report_of_wrongdoing,
)
from ..due_dates import objection_due
from ..facts import Actor, Directory, Facts
from ..limits import OBJECTION
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import FilingReason, MatterClass, PaperKind, Purpose, Route, Source, State


@condition("申诉求决应选定（一）至（六）中的一种途径", REGULATION[31], todo="请选择途径；咨询不必选择。")
def a_claim_has_a_route(q: "DecisionContext[Classify]") -> bool:
    s = q.step
    return s.matter_class is not MatterClass.CLAIM or s.route is not None or s.purpose is Purpose.CONSULTATION


@condition("只有申诉求决才选择途径", REGULATION[31], todo="请清空途径，或改选“申诉求决”。")
def only_a_claim_has_a_route(q: "DecisionContext[Classify]") -> bool:
    return q.step.matter_class is MatterClass.CLAIM or q.step.route is None


@condition(
    "不符合简易办理的条件：上级交办、联名或集体提出、重复提出、或不属途径（六）的申诉求决",
    ALL_ARTICLES["S4"],
    todo="请按普通程序办理。",
)
def it_may_be_handled_simply(q: "DecisionContext[Classify]") -> bool:
    s, f = q.step, q.facts
    if not s.simple:
        return True
    plain = f.group_size == 1 and not f.repeat_of and f.source not in (Source.BUREAU_ASSIGNED, Source.SUPERIOR)
    return plain and s.matter_class is not MatterClass.REPORT and s.route in (None, Route.SIX)


@dataclass(frozen=True, kw_only=True)
class Classify(Step):
    """One of the three classes; a claim also gets its route. A report of wrongdoing is sealed from here on."""

    rule = Rule["Classify"](
        code=StepCode.CLASSIFY,
        label="分类",
        group="甄别",
        cites=(REGULATION[29], REGULATION[30], REGULATION[31], ALL_ARTICLES["S4"]),
        who=(the_office, the_named_officer),
        when=(State.REGISTERED,),
        provided=(a_claim_has_a_route, only_a_claim_has_a_route, it_may_be_handled_simply),
    )
    matter_class: MatterClass = step_field("类别", help="选“检举控告”后，此件即转入密封区，仅专管员可见")
    route: Route | None = step_field("途径（申诉求决）", default=None)
    purpose: Purpose | None = step_field("信访目的", default=None)
    simple: bool = step_field("适用简易办理", default=False, help="初次提出、事实清楚、责任明确、争议不大、易于解决的")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts, matter_class=self.matter_class, route=self.route, purpose=self.purpose, simple=self.simple
        )

    def says(self, directory: Directory) -> str:
        simple = "；适用简易办理" if self.simple else ""
        return self.matter_class.label + (f"，途径{self.route.label}" if self.route else "") + simple


@condition(
    "此件是转来件，不属本厅职权的应向来文机关提出异议",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="请办理“提出异议”。",
    about_case=True,
)
def it_came_directly(q: CaseContext) -> bool:
    return not q.facts.source.handed_down


@condition(
    "此件由信访人直接提出，没有可提异议的来文机关",
    HOUSE_RULES[7],
    REGULATION[23],
    todo="请办理“告知向有权机关提出”。",
    about_case=True,
)
def it_was_handed_down(q: CaseContext) -> bool:
    return q.facts.source.handed_down


@condition(
    f"收到已超过{OBJECTION}，异议期已过",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="请继续办理；如确不属本厅职权，请与来文机关协商。",
    about_case=True,
)
def within_five_working_days(q: CaseContext) -> bool:
    due = objection_due(q.facts, q.calendar)
    return due is None or q.today <= due


@dataclass(frozen=True, kw_only=True)
class Redirect(Step):
    """Not ours: the petitioner is told in writing whom to turn to."""

    rule = Rule["Redirect"](
        code=StepCode.REDIRECT,
        label="告知向有权机关提出",
        group="甄别",
        cites=(HOUSE_RULES[7], REGULATION[23]),
        who=(the_office,),
        when=(State.REGISTERED,),
        to=(State.REDIRECTED,),
        provided=(it_came_directly, it_is_no_report_of_wrongdoing, a_reason_is_given),
        papers=(PaperKind.REDIRECT_NOTICE,),
    )
    body: str = step_field("有权处理的机关、单位", help="名称要准确，并写明提出方式")
    how: str = step_field("提出方式和地址", default="")
    reason: str = step_field("不属本厅职权的依据", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REDIRECTED)

    def says(self, directory: Directory) -> str:
        return f"告知向{self.body}提出：{self.reason}"


@dataclass(frozen=True, kw_only=True)
class RaiseObjection(Step):
    """Handed down but not ours: an objection with reasons. Until it is upheld the department owns the case."""

    rule = Rule["RaiseObjection"](
        code=StepCode.OBJECT,
        label="提出异议（申请转交）",
        group="甄别",
        cites=(HOUSE_RULES[8], REGULATION[23]),
        who=(the_office,),
        when=(State.REGISTERED,),
        to=(State.OBJECTED,),
        provided=(it_was_handed_down, within_five_working_days, a_reason_is_given),
        papers=(PaperKind.OBJECTION_LETTER,),
    )
    reason: str = step_field("详细理由", long=True, max=4000, help="写明不属本厅及本系统职权的依据")
    right_body: str = step_field("建议有权处理的机关", default="")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.OBJECTED)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition(
    "应填写来文机关答复的日期和文号", REGULATION[23], todo="请照复函填写；口头答复的，文号写明“口头”及答复人单位。"
)
def the_answer_is_dated_and_numbered(q: "DecisionContext[ObjectionUpheld | ObjectionRejected]") -> bool:
    return bool(q.step.answered_on and q.step.answer_number)


@dataclass(frozen=True, kw_only=True)
class ObjectionUpheld(Step):
    """The sender agrees: the material goes back."""

    rule = Rule["ObjectionUpheld"](
        code=StepCode.OBJECTION_UPHELD,
        label="异议同意",
        group="甄别",
        cites=(REGULATION[23],),
        who=(the_office,),
        when=(State.OBJECTED,),
        to=(State.RETURNED,),
        provided=(the_answer_is_dated_and_numbered,),
        papers=(PaperKind.TRANSFER_SHEET,),
    )
    when_field = "answered_on"
    answered_on: date | None = step_field("答复日期", default=None)
    answer_number: str = step_field("答复文号")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.RETURNED)

    def says(self, directory: Directory) -> str:
        return f"来文机关 {self.answer_number} 核实同意，交还材料"


@dataclass(frozen=True, kw_only=True)
class ObjectionRejected(Step):
    """The sender does not agree: the case goes on here, and its 15 days never stopped."""

    rule = Rule["ObjectionRejected"](
        code=StepCode.OBJECTION_REJECTED,
        label="异议不同意",
        group="甄别",
        cites=(REGULATION[23],),
        who=(the_office,),
        when=(State.OBJECTED,),
        to=(State.REGISTERED,),
        provided=(the_answer_is_dated_and_numbered,),
    )
    when_field = "answered_on"
    answered_on: date | None = step_field("答复日期", default=None)
    answer_number: str = step_field("答复文号")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REGISTERED)

    def says(self, directory: Directory) -> str:
        return f"来文机关 {self.answer_number} 不同意，继续由本厅办理"


@dataclass(frozen=True, kw_only=True)
class Forward(Step):
    """A subordinate department's duty: forwarded there, and the petitioner told where it went."""

    rule = Rule["Forward"](
        code=StepCode.FORWARD,
        label="转送下级科技部门",
        group="甄别",
        cites=(HOUSE_RULES[8], REGULATION[23]),
        who=(the_office,),
        when=(State.REGISTERED,),
        to=(State.FORWARDED,),
        provided=(it_is_no_report_of_wrongdoing, a_reason_is_given),
        papers=(PaperKind.FORWARDING_LETTER, PaperKind.FORWARDING_NOTICE),
    )
    body: str = step_field("转送到（下级科技部门）")
    contact: str = step_field(
        "该部门的地址和电话", default="", help="写入转送去向告知书，信访人据此查询；不填写的，告知书待填写后才能印发"
    )
    reason: str = step_field("属于其职责的依据", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.FORWARDED)

    def says(self, directory: Directory) -> str:
        return f"转送{self.body}：{self.reason}"


@condition(
    "途径（六）由本厅受理办理，不能以导入或不予受理了结",
    HOUSE_RULES[9],
    REGULATION[31],
    REGULATION[44],
    todo="请拟办并受理。",
    about_case=True,
)
def it_is_not_route_six(q: CaseContext) -> bool:
    return q.facts.route is not Route.SIX and not q.facts.short_path


@condition(
    "不予受理必须写明法律依据；属于本厅职权的不得不予受理",
    HOUSE_RULES[9],
    REGULATION[19],
    REGULATION[44],
    todo="请填写所依据的条款。",
)
def a_law_is_named(q: "DecisionContext[DirectToLegalRoute]") -> bool:
    return bool(q.step.law)


@dataclass(frozen=True, kw_only=True)
class DirectToLegalRoute(Step):
    """A lawful procedure exists: the matter is led into it, or declined.

    The petitioner is told which, where and by when.
    """

    rule = Rule["DirectToLegalRoute"](
        code=StepCode.ROUTE,
        label="导入法定途径／不予受理并告知",
        group="甄别",
        cites=(HOUSE_RULES[9], REGULATION[31], REGULATION[19]),
        who=(the_office,),
        when=(State.REGISTERED,),
        to=(State.ROUTED, State.DECLINED),
        provided=(
            it_is_classified,
            it_is_no_report_of_wrongdoing,
            it_is_not_route_six,
            a_law_is_named,
            a_reason_is_given,
        ),
    )
    may_owe = (PaperKind.ROUTE_NOTICE, PaperKind.DECLINE_NOTICE)
    decline: bool = step_field("不予受理", default=False, help="仅限上级正在依法受理办理等情形；能导入程序的应导入")
    route_name: str = step_field("法定途径", help="如：行政复议、劳动人事争议仲裁、科研失信行为调查")
    law: str = step_field("法律依据")
    body: str = step_field("受理机关")
    time_limit: str = step_field("提出期限", help="如：自知道之日起60日内")
    reason: str = step_field("说明", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.DECLINED if self.decline else State.ROUTED)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        return (PaperKind.DECLINE_NOTICE if self.decline else PaperKind.ROUTE_NOTICE,)

    def says(self, directory: Directory) -> str:
        return (
            f"{'不予受理' if self.decline else '导入'}：{self.route_name}（{self.law}），{self.body}，{self.time_limit}"
        )


@condition("以“内容不清”存信前应当联系过信访人", HOUSE_RULES[10], REGULATION[19], todo="请先联系并填写联系经过。")
def an_unclear_one_was_asked(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.UNCLEAR or bool(q.step.contact_attempt)


@condition("以“重复来信”存信，须先认定重复", HOUSE_RULES[10], todo="请先办理“认定重复”，由另一人确认。")
def a_repeat_is_linked(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.ANSWERED_REPEAT or bool(q.facts.repeat_of)


@condition("以“已办理完结”存信，须写明完结的原件编号", HOUSE_RULES[10], todo="请填写原件编号。")
def the_concluded_case_is_named(q: "DecisionContext[FileWithoutAction]") -> bool:
    return q.step.ground is not FilingReason.CONCLUDED or bool(q.step.concluded_number)


@dataclass(frozen=True, kw_only=True)
class FileWithoutAction(Step):
    """存信: only on four grounds, by two persons, reversible, registered and counted all the same."""

    rule = Rule["FileWithoutAction"](
        code=StepCode.FILE_WITHOUT_ACTION,
        label="存信",
        group="甄别",
        cites=(HOUSE_RULES[10], REGULATION[44]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.FILED,),
        provided=(
            it_is_no_report_of_wrongdoing,
            an_unclear_one_was_asked,
            a_repeat_is_linked,
            the_concluded_case_is_named,
            a_reason_is_given,
        ),
    )
    may_owe = (PaperKind.FILING_SLIP, PaperKind.FILING_NOTICE)
    ground: FilingReason = step_field("存信理由")
    concluded_number: str = step_field("已完结的原件编号", default="", max=20)
    contact_attempt: str = step_field("联系经过", default="", long=True, max=2000)
    reason: str = step_field("说明", long=True, max=2000)
    petitioner_told: bool = step_field("已告知信访人", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.FILED)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        notice = (PaperKind.FILING_NOTICE,) if facts.contact_clear_since else ()
        return (PaperKind.FILING_SLIP, *notice)

    def says(self, directory: Directory) -> str:
        return f"{self.ground.label}：{self.reason}"


REOPENED = (State.FILED, State.DECLINED, State.HISTORY)


@condition(
    "归档前不是存信、不予受理或历史件，不能恢复办理",
    HOUSE_RULES[10],
    REGULATION[44],
    todo="对处理意见不服的请办理复查、复核；有新的事实的请另行登记。",
    about_case=True,
)
def it_was_filed_or_declined(q: CaseContext) -> bool:
    return terminal_state(q.facts) in REOPENED


@dataclass(frozen=True, kw_only=True)
class Reopen(Step):
    """A case that was filed or declined wrongly, or brought in as history while an answer is owed, is open again.

    Also from the archive; the 15 days run again from that day.
    """

    rule = Rule["Reopen"](
        code=StepCode.REOPEN,
        label="恢复办理",
        group="甄别",
        cites=(HOUSE_RULES[10], REGULATION[44]),
        who=(the_office,),
        when=(*REOPENED, State.ARCHIVED),
        to=(State.REGISTERED,),
        provided=(it_was_filed_or_declined, a_reason_is_given),
    )
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REGISTERED, noticed_on=None, archive_submitted=False, archived_from=None)

    def says(self, directory: Directory) -> str:
        return self.reason


@condition("此件不是检举控告", REGULATION[30], todo="请按普通程序办理。", about_case=True)
def it_is_a_report_of_wrongdoing(q: CaseContext) -> bool:
    return q.facts.matter_class is MatterClass.REPORT


@dataclass(frozen=True, kw_only=True)
class TransferReport(Step):
    """A report of wrongdoing goes, sealed, to the body in charge; nothing of it is told to those it names."""

    rule = Rule["TransferReport"](
        code=StepCode.HAND_OVER,
        label="移送检举控告",
        group="甄别",
        cites=(REGULATION[22], REGULATION[30]),
        who=(the_named_officer,),
        when=(State.REGISTERED,),
        to=(State.HANDED_OVER,),
        provided=(it_is_a_report_of_wrongdoing,),
        papers=(PaperKind.SEALED_LETTER, PaperKind.HAND_OVER_RECEIPT),
    )
    body: str = step_field("移送到", help="有管理权限的纪检监察机关或机构")
    receipt_number: str = step_field("回执编号", default="")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.HANDED_OVER)

    def says(self, directory: Directory) -> str:
        return "已密封移送"


@condition(
    "不再受理须写明处理、复查、复核三份意见的文号",
    REGULATION[36],
    todo="请逐一填写；没有复核意见的，信访人仍可请求复查、复核。",
)
def a_final_review_exists(q: "DecisionContext[RefuseFurther]") -> bool:
    return bool(q.step.opinion_number and q.step.first_review_number and q.step.final_review_number)


@condition("须确认仍是同一事实和理由", REGULATION[36], todo="有新的事实或理由的，应当另行办理。")
def same_facts_and_reasons(q: "DecisionContext[RefuseFurther]") -> bool:
    return bool(q.step.same_facts)


@dataclass(frozen=True, kw_only=True)
class RefuseFurther(Step):
    """After a final review on the same facts and reasons; two persons."""

    rule = Rule["RefuseFurther"](
        code=StepCode.REFUSE_FURTHER,
        label="不再受理",
        group="甄别",
        cites=(REGULATION[36],),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.REFUSED_FURTHER,),
        provided=(a_final_review_exists, same_facts_and_reasons, a_reason_is_given),
        papers=(PaperKind.REFUSAL_NOTICE,),
    )
    opinion_number: str = step_field("处理意见书文号")
    first_review_number: str = step_field("复查意见书文号")
    final_review_number: str = step_field("复核意见书文号")
    same_facts: bool = step_field("仍以同一事实和理由提出", default=False)
    reason: str = step_field("说明", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REFUSED_FURTHER)

    def says(self, directory: Directory) -> str:
        return f"复核意见 {self.final_review_number}：{self.reason}"
