"""Screening: classes and routes, and what is not ours."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Protocol

from xinfang.procedure.actor_rules import another_named_officer, the_named_officer, the_office, the_overseer
from xinfang.procedure.articles import ALL_ARTICLES, HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import (
    NamesBody,
    a_reason_is_given,
    holds_proof,
    it_is_classified,
    it_is_no_report_of_wrongdoing,
    the_body_is_another,
    units_that_are_accused,
)
from ..facts import NO_UNIT, NOBODY, Actor, ClassifiedAs, Directory, Facts
from ..overseers import oversees
from ..papers import ISSUED_STAGES, latest_opinion
from ..people_words import Overseer
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..visibility import may_see
from ..words import (
    OPEN_STATES,
    Competence,
    DeclineGround,
    Material,
    MatterClass,
    PaperKind,
    Purpose,
    Route,
    Source,
    State,
)


@condition("申诉求决应选定（一）至（六）中的一种途径", REGULATION[31], todo="请选择途径；咨询不必选择。")
def a_claim_has_a_route(q: "DecisionContext[Classify]") -> bool:
    s = q.step
    asked_here = s.matter_class is MatterClass.CLAIM and s.competence is Competence.OURS
    return not asked_here or s.route is not None or s.purpose is Purpose.CONSULTATION


@condition(
    "咨询不选择途径：选定了途径的申诉求决要受理、办理、答复并告知复查权利",
    REGULATION[31],
    REGULATION[32],
    REGULATION[35],
    todo="请清空途径，或改选其他信访目的。",
)
def a_consultation_is_no_claim_with_a_route(q: "DecisionContext[Classify]") -> bool:
    return q.step.purpose is not Purpose.CONSULTATION or q.step.route is None


@condition(
    "认定不属本厅职权须写明依据", HOUSE_RULES[7], HOUSE_RULES[8], REGULATION[23], todo="请写明属于谁的职权、依据什么。"
)
def what_is_not_ours_says_why(q: "DecisionContext[Classify]") -> bool:
    return q.step.competence is Competence.OURS or bool(q.step.not_ours)


@condition("只有申诉求决才选择途径", REGULATION[31], todo="请清空途径，或改选“申诉求决”。")
def only_a_claim_has_a_route(q: "DecisionContext[Classify]") -> bool:
    return q.step.matter_class is MatterClass.CLAIM or q.step.route is None


@condition(
    "不符合简易办理的条件：上级交办、联名或集体提出、重复提出、或不属途径（六）的申诉求决",
    ALL_ARTICLES["S4"],
    ALL_ARTICLES["S"],
    todo="请按普通程序办理。",
)
def it_may_be_handled_simply(q: "DecisionContext[Classify]") -> bool:
    s, f = q.step, q.facts
    if not s.simple:
        return True
    plain = f.group_size == 1 and not f.repeat_of and f.source not in (Source.BUREAU_ASSIGNED, Source.SUPERIOR)
    return plain and s.matter_class is not MatterClass.REPORT and s.route in (None, Route.SIX)


def sealed_on_its_way(facts: Facts) -> Facts:
    """Return the facts of a case that turns out to be a report of wrongdoing after it was classified (N22, N30)."""
    return replace(
        facts,
        classified_before=ClassifiedAs(facts.matter_class, facts.route, facts.purpose, facts.simple),
        matter_class=MatterClass.REPORT,
        route=None,
        simple=False,
    )


@condition(
    "此件已在密封区，不能在密封区内重新分类",
    REGULATION[22],
    REGULATION[30],
    todo="误转的，请办理“移出密封区”，再由办公室分类；密封以前分类的，原来的分类、途径和各项期限随之恢复。",
    about_case=True,
)
def what_is_sealed_comes_out_first(q: CaseContext) -> bool:
    return not q.facts.sealed


@condition(
    "此件已在办理：只有按建议意见、咨询交办的，才能改变分类",
    REGULATION[29],
    REGULATION[31],
    todo="已经受理的照常办理、答复；属于检举控告的请“转入密封区”；协商确定由其他机关受理的，请办理告知或者转送。",
    about_case=True,
)
def what_is_in_hand_was_never_accepted(q: CaseContext) -> bool:
    return q.facts.state is not State.HANDLING or (q.facts.short_path and not q.facts.joined_to)


@condition(
    "分类没有改变：已交办的照常办理",
    REGULATION[29],
    REGULATION[31],
    todo="误作建议意见、咨询的，请改选申诉求决和途径；属于检举控告的，请办理“转入密封区”。",
)
def what_is_in_hand_becomes_another(q: "DecisionContext[Classify]") -> bool:
    return q.facts.state is not State.HANDLING or (
        q.step.matter_class is not MatterClass.REPORT and q.step.is_another_than(q.facts)
    )


@dataclass(frozen=True, kw_only=True)
class Classify(Step):
    """One of the three classes; a claim also gets its route. A report of wrongdoing is sealed from here on.

    What a unit got as a suggestion or a question, and is none, begins once more from its register, by two persons and
    with the day of receipt that it has.
    """

    rule = Rule["Classify"](
        code=StepCode.CLASSIFY,
        label="分类",
        group="甄别",
        cites=(REGULATION[29], REGULATION[30], REGULATION[31], ALL_ARTICLES["S4"]),
        who=(the_office, the_named_officer),
        then=(the_office,),
        when=(State.REGISTERED, State.HANDLING),
        to=(State.REGISTERED,),
        provided=(
            what_is_sealed_comes_out_first,
            what_is_in_hand_was_never_accepted,
            what_is_in_hand_becomes_another,
            a_claim_has_a_route,
            only_a_claim_has_a_route,
            a_consultation_is_no_claim_with_a_route,
            it_may_be_handled_simply,
            what_is_not_ours_says_why,
        ),
    )
    matter_class: MatterClass = step_field("类别", help="选“检举控告”后，此件即转入密封区，仅专管员可见")
    route: Route | None = step_field("途径（申诉求决）", default=None)
    purpose: Purpose | None = step_field("信访目的", default=None)
    competence: Competence = step_field(
        "职权",
        default=Competence.OURS,
        help="途径（四）（五）选“属于本厅职权”的，由本厅受理、依法履行或者启动程序并答复；属于其他机关的，导入该机关的程序",
    )
    not_ours: str = step_field("不属本厅职权的依据", default="", long=True, max=2000)
    simple: bool = step_field("适用简易办理", default=False, help="初次提出、事实清楚、责任明确、争议不大、易于解决的")

    confirmed_when = (
        "改变已经作出的分类、途径或者职权认定的（分出的件，与原件的分类不同的）；"
        "分出的件，以及曾经分类、后来移出密封区或者撤销原决定的，认定不属本厅职权的"
    )

    def asks_second_person(self, q: CaseContext) -> bool:
        f = q.facts
        if self.matter_class is MatterClass.REPORT:
            return False
        was = f.classified_as
        if was is None:
            # It came out of the compartment, alone or as a part, or is taken up again: that it isn't ours isn't one
            # person's to say. Of which letter it is a part, and whether that one is sealed, this doesn't tell (N30).
            before = f.last(StepCode.CLASSIFY) is not None or bool(f.part_of)
            return before and self.competence is not Competence.OURS
        # Leaving the simple procedure puts its days off, as the step of that name does.
        return self.is_another_than(f) or (was.simple and not self.simple)

    def is_another_than(self, f: Facts) -> bool:
        """Tell whether the case was classified as something else, or the letter that it was split off."""
        was = f.classified_as
        return was is None or (was.matter_class, was.route, was.purpose is Purpose.CONSULTATION, was.competence) != (
            self.matter_class,
            self.route,
            self.purpose is Purpose.CONSULTATION,
            self.competence,
        )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if self.matter_class is MatterClass.REPORT and facts.matter_class not in (None, MatterClass.REPORT):
            # It was classified before, and comes out of the compartment as it was, should this have been wrong.
            return sealed_on_its_way(facts)
        if facts.state is State.HANDLING:
            facts = replace(
                facts,
                state=State.REGISTERED,
                handling_unit=NO_UNIT,
                assisting_units=(),
                responsible_leader=NOBODY,
                handler=NOBODY,
                handed_over_to_unit=False,
                signed_for=False,
                instructed_by=(),
            )
        found = replace(facts, matter_class=self.matter_class, purpose=self.purpose)
        return replace(
            facts,
            # That it came in as a suggestion tells nobody what becomes of a claim (N23).
            noticed_on=None if facts.short_path and not found.short_path else facts.noticed_on,
            matter_class=self.matter_class,
            route=self.route,
            purpose=self.purpose,
            competence=self.competence,
            simple=self.simple,
            classified_before=None,
            review_of=None,
        )

    def says(self, directory: Directory) -> str:
        route = f"，途径{self.route.label}" if self.route else ""
        whose = f"；{self.competence.label}：{self.not_ours}" if self.competence is not Competence.OURS else ""
        return f"{self.matter_class.label}{route}{whose}{'；适用简易办理' if self.simple else ''}"


@condition(
    "此件是转来件，不属本厅职权的应向来文机关提出异议",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="请办理“提出异议”。",
    about_case=True,
)
def it_came_directly(q: CaseContext) -> bool:
    return not q.facts.handed_down


def body_found_competent(facts: Facts) -> str:
    """Return the body that was found to take the matter, by agreement or by who decides it (N24); '' where none was."""
    settled = facts.last(StepCode.COORDINATE)
    found = settled.step.competent.strip() if settled else ""
    return "" if found.startswith(("本厅", "我厅")) else found


@condition(
    "此件已在办理：协商（报请确定）由其他机关受理的，才能告知、转送",
    REGULATION[24],
    REGULATION[44],
    todo="请先办理“协商（报请确定）受理机关”，填写确定的受理机关；属于本厅职权的照常办理、答复。",
    about_case=True,
)
def what_is_in_hand_was_given_to_another_body(q: CaseContext) -> bool:
    return q.facts.state is not State.HANDLING or (bool(body_found_competent(q.facts)) and not q.facts.joined_to)


@condition(
    "告知、转送的机关不是协商（报请）确定的受理机关",
    REGULATION[24],
    todo="请填写所确定的受理机关的名称。",
)
def it_goes_to_the_body_that_was_found(q: DecisionContext[NamesBody]) -> bool:
    found, body = body_found_competent(q.facts), q.step.body.strip()
    return q.facts.state is not State.HANDLING or found in body or (bool(body) and body in found)


@dataclass(frozen=True, kw_only=True)
class Redirect(Step):
    """Not ours: the petitioner is told in writing whom to turn to.

    What was classified as ours, or as a subordinate's, is turned away by two persons only (N44). So is what is being
    handled already: only to the body that was found to take it (N24).
    """

    rule = Rule["Redirect"](
        code=StepCode.REDIRECT,
        label="告知向有权机关提出",
        group="甄别",
        cites=(HOUSE_RULES[7], REGULATION[23], REGULATION[44]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED, State.HANDLING),
        to=(State.REDIRECTED,),
        provided=(
            it_is_classified,
            it_came_directly,
            it_is_no_report_of_wrongdoing,
            what_is_in_hand_was_given_to_another_body,
            it_goes_to_the_body_that_was_found,
            the_body_is_another,
            a_reason_is_given,
        ),
        papers=(PaperKind.REDIRECT_NOTICE,),
    )
    confirmed_when = "分类时没有认定属于其他机关、单位职权的，已经办理的，或者分自已经受理的来信的"
    body: str = step_field("有权处理的机关、单位", help="名称要准确，并写明提出方式")
    how: str = step_field("提出方式和地址", default="")
    reason: str = step_field("不属本厅职权的依据", long=True, max=2000)

    def asks_second_person(self, q: CaseContext) -> bool:
        in_hand = q.facts.state is State.HANDLING or q.facts.accepted_in_letter_on is not None
        return in_hand or q.facts.competence is not Competence.ELSEWHERE

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.REDIRECTED)

    def says(self, directory: Directory) -> str:
        return f"告知向{self.body}提出：{self.reason}"


@condition(
    "只能转送名录上的下级科技部门：不在名录上的机关、单位不属于本系统下级",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="属于其他机关、单位的，请办理“告知向有权机关提出”（转来件“提出异议”）；"
    "确属下级科技部门的，请系统管理员在“本厅设置”的“下级科技部门名录”中增加后再转送。",
)
def the_body_is_on_the_register(q: "DecisionContext[Forward]") -> bool:
    return q.step.listed


@dataclass(frozen=True, kw_only=True)
class Forward(Step):
    """A subordinate department's duty: forwarded there by two persons, and the petitioner told where it went.

    Only to a body on the department's register. Who handed the matter down is told as well.
    """

    rule = Rule["Forward"](
        code=StepCode.FORWARD,
        label="转送下级科技部门",
        group="甄别",
        cites=(HOUSE_RULES[8], REGULATION[23], REGULATION[44]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED, State.HANDLING),
        to=(State.FORWARDED,),
        provided=(
            it_is_classified,
            it_is_no_report_of_wrongdoing,
            what_is_in_hand_was_given_to_another_body,
            it_goes_to_the_body_that_was_found,
            the_body_is_on_the_register,
            a_reason_is_given,
        ),
    )
    may_owe = (PaperKind.FORWARDING_LETTER, PaperKind.FORWARDING_NOTICE, PaperKind.SENDER_LETTER)
    body: str = step_field("转送到（下级科技部门）", help="名录上的部门；名录由系统管理员在“本厅设置”中维护")
    contact: str = step_field(
        "该部门的地址和电话", default="", help="写入转送去向告知书，信访人据此查询；不填写的，告知书待填写后才能印发"
    )
    reason: str = step_field("属于其职责的依据", long=True, max=2000)
    listed: bool = step_field("在下级科技部门名录上（由系统核对）", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.FORWARDED)

    def papers(self, facts: Facts) -> tuple[PaperKind, ...]:
        return self.may_owe if facts.handed_down else self.may_owe[:2]

    def says(self, directory: Directory) -> str:
        return f"转送{self.body}：{self.reason}"


@condition(
    "途径（六）由本厅受理办理，不能以导入法定途径了结；建议意见、咨询应当回复",
    HOUSE_RULES[9],
    REGULATION[31],
    REGULATION[44],
    todo="请拟办并受理，或者转办后回复。",
    about_case=True,
)
def it_is_not_route_six(q: CaseContext) -> bool:
    return q.facts.route is not Route.SIX and not q.facts.short_path


@condition(
    "途径（四）（五）属于本厅职权的，由本厅依法履行或者启动程序，不能导入其他机关了结",
    REGULATION[31],
    REGULATION[44],
    REGULATION[45],
    todo="请拟办并受理；职权属于其他机关的，请重新分类，职权选“属于其他机关、单位职权”并写明依据。",
    about_case=True,
)
def another_body_holds_the_power(q: CaseContext) -> bool:
    return not q.facts.own_power


class NamesLaw(Protocol):
    """A step that rests on a law."""

    @property
    def law(self) -> str: ...


@condition("没有写明法律依据", HOUSE_RULES[9], REGULATION[19], REGULATION[31], todo="请填写所依据的条款。")
def a_law_is_named(q: DecisionContext[NamesLaw]) -> bool:
    return bool(q.step.law)


@dataclass(frozen=True, kw_only=True)
class DirectToLegalRoute(Step):
    """A lawful procedure exists: two persons lead the matter into it; the petitioner is told which, where, by when."""

    rule = Rule["DirectToLegalRoute"](
        code=StepCode.ROUTE,
        label="导入法定途径并告知",
        group="甄别",
        cites=(HOUSE_RULES[9], REGULATION[31], REGULATION[44]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.ROUTED,),
        provided=(
            it_is_classified,
            it_is_no_report_of_wrongdoing,
            it_is_not_route_six,
            another_body_holds_the_power,
            the_body_is_another,
            a_law_is_named,
            a_reason_is_given,
        ),
        papers=(PaperKind.ROUTE_NOTICE,),
    )
    route_name: str = step_field("法定途径", help="如：行政复议、劳动人事争议仲裁、科研失信行为调查")
    law: str = step_field("法律依据")
    body: str = step_field("受理机关")
    time_limit: str = step_field("提出期限", help="如：自知道之日起60日内")
    reason: str = step_field("说明", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.ROUTED)

    def says(self, directory: Directory) -> str:
        return f"导入：{self.route_name}（{self.law}），{self.body}，{self.time_limit}"


@condition(
    "途径（六）只有在下级机关、单位已经受理或者正在办理同一事项时才能不予受理；建议意见、咨询应当回复",
    HOUSE_RULES[9],
    REGULATION[19],
    REGULATION[44],
    todo="请拟办并受理，或者转办后回复；下级正在办理的，请改选不予受理的情形。",
)
def what_is_ours_is_declined_only_while_pending_below(q: "DecisionContext[Decline]") -> bool:
    pending_below = q.step.ground is DeclineGround.PENDING_BELOW
    return not q.facts.short_path and (q.facts.route is not Route.SIX or pending_below)


@condition(
    "正在办理的不是名录上的下级科技部门：只有下级正在办理同一事项的，本厅才不受理",
    HOUSE_RULES[9],
    REGULATION[19],
    CHOSEN_BY_DEPARTMENT,
    todo="其他机关、单位正在办理的，不影响本厅受理；确属下级科技部门的，请系统管理员在“本厅设置”的"
    "“下级科技部门名录”中增加后再办理。",
)
def what_is_pending_below_is_with_a_body_below(q: "DecisionContext[Decline]") -> bool:
    return q.step.ground is not DeclineGround.PENDING_BELOW or q.step.listed


@condition(
    "不予受理须附证明材料：正在处理同一事项的机关的受理通知、裁判文书、复函，或者查询记录",
    HOUSE_RULES[9],
    REGULATION[19],
    CHOSEN_BY_DEPARTMENT,
    todo="请先将材料添加为附件，材料种类选“其他机关的来函、文书”，再在此选择。",
)
def that_it_is_dealt_with_is_proven(q: "DecisionContext[Decline]") -> bool:
    return holds_proof(q)


@dataclass(frozen=True, kw_only=True)
class Decline(Step):
    """Another body is dealing with the matter: two persons decline it on proof, and the petitioner is told (N19)."""

    rule = Rule["Decline"](
        code=StepCode.DECLINE,
        label="不予受理并告知",
        group="甄别",
        cites=(HOUSE_RULES[9], REGULATION[19], REGULATION[44]),
        who=(the_office,),
        then=(the_office,),
        when=(State.REGISTERED,),
        to=(State.DECLINED,),
        provided=(
            it_is_classified,
            it_is_no_report_of_wrongdoing,
            what_is_ours_is_declined_only_while_pending_below,
            what_is_pending_below_is_with_a_body_below,
            that_it_is_dealt_with_is_proven,
            a_law_is_named,
            a_reason_is_given,
        ),
        papers=(PaperKind.DECLINE_NOTICE,),
    )
    proof = (Material.OTHER_BODYS_PAPER,)
    ground: DeclineGround = step_field("不予受理的情形")
    body: str = step_field("正在处理的机关、单位")
    reference: str = step_field("案号、受理文号或者编号", default="", help="没有的可以不填")
    law: str = step_field("法律依据")
    way: str = step_field(
        "信访人可以采取的途径", long=True, max=1000, help="写入告知书：向谁、怎样、在什么期限内提出或者查询"
    )
    attachment: int | None = step_field("证明材料（附件序号）", default=None)
    reason: str = step_field("说明", long=True, max=2000)
    listed: bool = step_field("在下级科技部门名录上（由系统核对）", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.DECLINED)

    def says(self, directory: Directory) -> str:
        reference = f"，{self.reference}" if self.reference else ""
        return f"{self.ground.label}（{self.body}{reference}；{self.law}）：{self.reason}"


@condition("此件不是检举控告", REGULATION[30], todo="请按普通程序办理。", about_case=True)
def it_is_a_report_of_wrongdoing(q: CaseContext) -> bool:
    return q.facts.matter_class is MatterClass.REPORT


@condition(
    "此件已经受理，其中的申诉求决不能随检举控告一并了结",
    REGULATION[31],
    REGULATION[34],
    todo="请先把其余诉求“分出一件”（收到日期不变）；全部属于检举控告的，写明为什么没有其余诉求。",
)
def what_was_accepted_goes_on(q: "DecisionContext[TransferReport]") -> bool:
    # A number that somebody types proves no case; a part that was split off does.
    words = [c for c in q.step.rest if not c.isascii() and not c.isspace()]
    return q.facts.accepted_on is None or bool(q.facts.parts) or len(words) >= _A_REASON


_A_REASON = 10
"""Fewer characters, numbers not counted, say nothing of what becomes of a claim that was accepted."""


@condition(
    "意见书已经印发：送达、执行和请求复查的权利不能随检举控告转入密封区或者移送而终止",
    REGULATION[30],
    REGULATION[32],
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请把检举控告的内容另行登记一件（分类为检举控告），由专管员办理；本件继续送达、执行。",
    about_case=True,
)
def what_was_answered_stays(q: CaseContext) -> bool:
    opinion = latest_opinion(q.facts)
    return opinion is None or opinion.stage not in ISSUED_STAGES


def another_officer_may_agree(facts: Facts, actor: Actor, directory: Directory) -> bool:
    """Tell whether another officer than this one sees the report, and can agree to its being handed over."""
    officers = (a for a in directory.actors() if a.code != actor.code)
    return any(another_named_officer.includes(a, facts) and may_see(a, facts) for a in officers)


def leader_who_may_agree(facts: Facts, actor: Actor, directory: Directory) -> Overseer | None:
    """Return which leaders agree to the hand-over where there is no other officer; None where none of them may."""
    if another_officer_may_agree(facts, actor, directory):
        return None
    for rung in (Overseer.PRINCIPAL, Overseer.LEADERS):
        seen = replace(facts, sealed_overseer=rung)
        if any(a.code != actor.code and oversees(a, seen) for a in directory.actors(here=False)):
            return rung
    return None


@condition(
    "不能移送给本厅、被反映的单位和人员及其所在的处室",
    REGULATION[22],
    REGULATION[30],
    todo="请移送有管理权限的纪检监察机关或机构；被反映的就是该机构的，移送其上级机关。",
)
def it_does_not_go_to_whom_it_names(q: "DecisionContext[TransferReport]") -> bool:
    f, d = q.facts, q.directory
    theirs = {u for s in f.complained_staff if s in d.staff for duty in d.staff[s].duties if (u := duty.unit)}
    units = {*units_that_are_accused(f, d), *theirs}
    named = {d.unit_name(u) for u in units} | {d.staff_name(s) for s in f.complained_staff}
    itself = q.step.body.strip() in ("本厅", "我厅", d.department)
    return not itself and not any(name in q.step.body for name in named)


@dataclass(frozen=True, kw_only=True)
class AgreedWithinTheSeal(Step):
    """What two officers decide of a report; where there is one only, who oversees it agrees (N22, N30).

    That is the principal leader, or another leader where that one may not. They see it for as long as they are asked.
    """

    confirmed_when = "另有可以办理的检举控告专管员，或者有可以同意的厅领导的"
    asked: Overseer | None = step_field("请求同意的厅领导（由系统填写）", default=None)

    def asks_second_person(self, q: CaseContext) -> bool:
        return another_officer_may_agree(q.facts, q.actor, q.directory) or self.asked is not None


@dataclass(frozen=True, kw_only=True)
class TransferReport(AgreedWithinTheSeal):
    """A report of wrongdoing goes, sealed, to the body in charge; nothing of it is told to those it names.

    It ends here by two officers; where the department has one only, who oversees it agrees.
    """

    rule: ClassVar[Rule[Any]] = Rule["TransferReport"](
        code=StepCode.HAND_OVER,
        label="移送检举控告",
        group="甄别",
        cites=(REGULATION[22], REGULATION[30]),
        who=(the_named_officer,),
        then=(another_named_officer, the_overseer),
        when=OPEN_STATES,
        to=(State.HANDED_OVER,),
        provided=(
            it_is_a_report_of_wrongdoing,
            what_was_answered_stays,
            it_does_not_go_to_whom_it_names,
            what_was_accepted_goes_on,
        ),
        papers=(PaperKind.SEALED_LETTER, PaperKind.HAND_OVER_RECEIPT),
    )
    body: str = step_field("移送到", help="有管理权限的纪检监察机关或机构")
    receipt_number: str = step_field("回执编号", default="")
    rest: str = step_field(
        "其余诉求的去向",
        default="",
        long=True,
        max=2000,
        help="受理之后才发现是检举控告的：有其余诉求的先“分出一件”；没有的，写明为什么没有其余诉求（10个字以上）",
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.HANDED_OVER)

    def says(self, directory: Directory) -> str:
        return "已密封移送"
