"""The conditions that several steps share. Each is a sentence, its articles, and what to do when it doesn't hold."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Protocol

from xinfang.procedure.actor_rules import the_petitioner
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode

from .due_dates import handling_due
from .facts import Directory, Facts
from .limits import EXTENSION, HANDLING
from .rounds import was_sent_back
from .rules import CaseContext, DecisionContext, condition
from .words import Material, MatterClass, Role, Route, State


class GivesReason(Protocol):
    """A step with a reason."""

    @property
    def reason(self) -> str: ...


class AgreesOrReturns(Protocol):
    """A step that agrees to what somebody put forward, or gives it back."""

    @property
    def agree(self) -> bool: ...
    @property
    def opinion(self) -> str: ...


class NamesUnits(Protocol):
    """A step that says which unit handles the case and which ones assist."""

    @property
    def handling_unit(self) -> UnitCode: ...
    @property
    def assisting_units(self) -> tuple[UnitCode, ...]: ...


class NamesLeader(Protocol):
    """A step that says which leader is responsible."""

    @property
    def responsible_leader(self) -> StaffCode: ...


class NamesProof(Protocol):
    """A step that rests on an attachment of the case, named by its number."""

    @property
    def proof(self) -> tuple[Material, ...]: ...
    @property
    def attachment(self) -> int | None: ...


class NamesAccused(Protocol):
    """A step that names units and people who are complained of."""

    @property
    def complained_units(self) -> tuple[UnitCode, ...]: ...
    @property
    def complained_staff(self) -> tuple[StaffCode, ...]: ...


class GivesDays(Protocol):
    """A step with a number of days."""

    @property
    def days(self) -> int: ...


def is_certainly_the_petitioner(q: CaseContext) -> bool:
    """Tell whether the petitioner acts, and proved it by what nobody of the office knows.

    An agent isn't: their power may not go so far. The word of somebody who died proves nobody any more.
    """
    themselves = not q.facts.persons or q.actor.person in q.facts.who_still_asks
    return the_petitioner.includes(q.actor, q.facts) and q.actor.own_secret and themselves


def speaks_for_nobody_else(q: CaseContext, named: Collection[int]) -> bool:
    """Tell whether somebody is named, and by a petitioner nobody but themselves."""
    return set(named) == {q.actor.person} if the_petitioner.includes(q.actor, q.facts) else bool(named)


@condition("缺少理由", CHOSEN_BY_DEPARTMENT, todo="请写明理由：信访人和以后的经办人都要看。")
def a_reason_is_given(q: DecisionContext[GivesReason]) -> bool:
    return bool(q.step.reason)


a_reason_is_told_as_the_objection_asks = replace(a_reason_is_given, cites=(REGULATION[23],))
"""N23 itself asks an objection to say its reasons."""
a_reason_is_told_as_the_extension_asks = replace(a_reason_is_given, cites=(HOUSE_RULES[13], REGULATION[34]))
"""H13 and N34 want the petitioner told why it takes longer."""


@condition("退回时须写明意见", CHOSEN_BY_DEPARTMENT, todo="请写明应如何修改。")
def sending_back_says_why(q: DecisionContext[AgreesOrReturns]) -> bool:
    return q.step.agree or bool(q.step.opinion)


LONGEST_TERM = HANDLING, EXTENSION
"""The longest time that the regulation gives a matter: its sixty days and their extension (N34)."""


def is_far_ahead(day: date | None, today: date) -> bool:
    """Tell whether a day that somebody sets lies further ahead than any term of the regulation (N34)."""
    return day is not None and (day - today).days > sum(limit.on(today).value for limit in LONGEST_TERM)


A_YEAR = 366
"""What another body asks is entered as it wrote it; a day after this many is a slip of the pen."""


def is_the_petitioners_own(q: CaseContext, code: StepCode) -> bool:
    """Tell whether the petitioner takes this step, or put it forward and it waits for the second person who asks."""
    waits = q.facts.pending.get(code)
    put_forward = waits is not None and waits.step is q.step and waits.by not in q.directory.staff
    return put_forward or the_petitioner.includes(q.actor, q.facts)


def holds_proof(q: DecisionContext[NamesProof]) -> bool:
    """Tell whether the attachment that a step names is there and is what proves it."""
    return is_attached(q.facts, q.step.attachment, *q.step.proof)


def is_attached(facts: Facts, number: int | None, *whats: Material) -> bool:
    """Tell whether the attachment of this number is there and is such material."""
    return any(f.number == number for f in facts.filed(*whats))


@condition("此件尚未分类", REGULATION[29], REGULATION[30], REGULATION[31], todo="请先办理“分类”。", about_case=True)
def it_is_classified(q: CaseContext) -> bool:
    return q.facts.matter_class is not None


@condition(
    "此件是检举控告，只能由专管员移送", REGULATION[22], REGULATION[30], todo="请由检举控告专管员移送。", about_case=True
)
def it_is_no_report_of_wrongdoing(q: CaseContext) -> bool:
    return q.facts.matter_class is not MatterClass.REPORT


@condition(
    "此件是建议意见或咨询，不走受理程序",
    REGULATION[29],
    REGULATION[31],
    todo="请转办给处室后直接回复。",
    about_case=True,
)
def it_is_no_suggestion(q: CaseContext) -> bool:
    return not q.facts.short_path


@condition(
    f"{HANDLING}办结程序只适用于申诉求决中的第（六）种途径",
    REGULATION[31],
    REGULATION[34],
    todo="请先分类并选定途径（六）；途径（四）（五）属于本厅职权的，请办理“受理（依法履职）”；其他的请导入相应程序。",
    about_case=True,
)
def it_is_a_claim_of_route_six(q: CaseContext) -> bool:
    return q.facts.route is Route.SIX  # which only a claim has


@condition(
    "拟办、呈批只用于由本厅办理的事项：途径（六），途径（四）（五）中属于本厅职权的，请求本厅复查的，建议意见和咨询",
    REGULATION[31],
    REGULATION[35],
    todo="请先分类；应当通过其他机关解决的，请导入相应程序；不服其他机关处理意见的，请办理“登记复查请求”。",
    about_case=True,
)
def it_is_handled_or_reviewed_here(q: CaseContext) -> bool:
    f = q.facts
    return f.route is Route.SIX or f.own_power or f.review_of is not None or f.short_path


@condition(
    "此件不是途径（四）（五）中属于本厅职权的事项",
    REGULATION[31],
    todo="途径（六）的请办理“受理并告知”“拟写意见书”；职权属于其他机关的，请导入相应程序。",
    about_case=True,
)
def it_is_in_our_own_power(q: CaseContext) -> bool:
    return q.facts.own_power


@condition(
    "此件由本厅依法履行职责或者启动程序，由承办人拟写履行职责答复书",
    REGULATION[31],
    todo="请办理“拟写履行职责答复书”。",
    about_case=True,
)
def it_is_not_in_our_own_power(q: CaseContext) -> bool:
    return not q.facts.own_power


@condition(
    "此件不是请求本厅复查其他机关处理意见的事项",
    REGULATION[35],
    todo="请先办理“登记复查请求”；对本厅处理意见不服的，请办理“请求复查”。",
    about_case=True,
)
def it_is_a_request_for_review(q: CaseContext) -> bool:
    return q.facts.review_of is not None


@condition(
    "此件是请求本厅复查的事项：由批示确定的复查人员办理，三十日内提出复查意见，条例没有规定延长",
    REGULATION[35],
    todo="请由复查人员办理“拟写复查意见书”；要更换人员的，请办理“改派承办人”。",
    about_case=True,
)
def it_is_no_review(q: CaseContext) -> bool:
    # A unit that must not have it any more gave it back: another one gets it, and its head names who reviews.
    return q.facts.review_of is None or not q.facts.handed_over_to_unit


@condition(
    "此件不是建议意见或咨询",
    REGULATION[23],
    REGULATION[29],
    todo="申诉求决请办理受理，由受理告知书告知；检举控告请移送。",
    about_case=True,
)
def a_notice_of_receipt_is_owed(q: CaseContext) -> bool:
    return q.facts.short_path


@condition("尚未交办承办处室（单位）", HOUSE_RULES[5], HOUSE_RULES[6], todo="请先由办公室转办或交办。", about_case=True)
def a_unit_handles_it(q: CaseContext) -> bool:
    return bool(q.facts.handling_unit)


@condition("承办处室（单位）尚未签收", HOUSE_RULES[6], todo="请先由处室（单位）负责人签收。", about_case=True)
def the_unit_has_signed_for_it(q: CaseContext) -> bool:
    return q.facts.signed_for


@condition(
    "没有这个处室（单位），或它不承办信访事项", HOUSE_RULES[5], HOUSE_RULES[6], todo="请从列表中选择承办处室（单位）。"
)
def the_unit_can_handle(q: DecisionContext[NamesUnits]) -> bool:
    units = [u for u in (q.step.handling_unit, *q.step.assisting_units) if u]
    return all(u in q.directory.units and q.directory.units[u].can_handle for u in units)


class NamesBody(Protocol):
    """A step that sends a matter, or the petitioner, to another body."""

    @property
    def body(self) -> str: ...


@condition(
    "所填的机关、单位就是本厅（本厅处室）：属于本厅职权的，由本厅受理办理",
    REGULATION[31],
    REGULATION[44],
    todo="请填写其他机关、单位的全称；属于本厅职权的，请重新分类，职权选“属于本厅职权”，再拟办并受理。",
)
def the_body_is_another(q: DecisionContext[NamesBody]) -> bool:
    return not q.directory.is_this_department(q.step.body)


def units_with_a_head(facts: Facts, directory: Directory) -> frozenset[UnitCode]:
    """Return the units that somebody heads today who may deal with this case: neither accused nor recused (H6, N28)."""
    heads = (a for a in directory.actors(here=False) if not a.codes & facts.unfit)
    return frozenset(unit for a in heads for unit in a.units(Role.UNIT_HEAD))


@condition("被反映的处室（单位）或人员不存在", REGULATION[28], todo="请从列表中选择。")
def the_accused_exist(q: DecisionContext[NamesAccused]) -> bool:
    return all(u in q.directory.units for u in q.step.complained_units) and all(
        s in q.directory.staff for s in q.step.complained_staff
    )


def units_headed_by(people: Iterable[StaffCode], directory: Directory) -> frozenset[UnitCode]:
    """Return the units that these people head today, no matter who else does (H6); not those they deputise in."""
    known = (directory.staff[code] for code in people if code in directory.staff)
    held = (d for person in known for d in person.duties if d.role is Role.UNIT_HEAD and not d.acting_for)
    return frozenset(d.unit for d in held)


def units_that_are_accused(facts: Facts, directory: Directory) -> frozenset[UnitCode]:
    """Return the units that are complained of themselves, and those whose heads are: neither handles the case (N28)."""
    return facts.complained_units | units_headed_by(facts.complained_staff, directory)


def the_office_is_accused(facts: Facts, directory: Directory) -> bool:
    """Tell whether nobody of the office may deal with the case: it is complained of itself, or all its people are.

    Or they must withdraw, all of them. Who is merely away or gone is another matter (N28, N30).
    """
    office = (Role.OFFICE, Role.OFFICE_HEAD)
    people = [a for a in directory.actors(here=False) if a.has(*office)]
    barred = facts.complained_staff | facts.recused
    return bool(people) and all(a.units(*office) & facts.complained_units or a.codes & barred for a in people)


@condition(
    "承办处室（单位）现在没有可以签收的负责人（未任命，或应当回避、已被反映）",
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    REGULATION[28],
    todo="请改由其他处室（单位）承办；尚未任命负责人的，请先由系统管理员在“单位与人员”中办理。",
)
def the_unit_has_a_head(q: DecisionContext[NamesUnits]) -> bool:
    return not q.step.handling_unit or q.step.handling_unit in units_with_a_head(q.facts, q.directory)


@condition(
    "被反映的处室（单位），以及由被反映人员负责的处室（单位），不得承办或协办反映它的信访事项",
    REGULATION[28],
    REGULATION[30],
    todo="请改由其他处室（单位）承办。",
)
def the_unit_is_not_complained_of(q: DecisionContext[NamesUnits]) -> bool:
    return not ({q.step.handling_unit, *q.step.assisting_units} & units_that_are_accused(q.facts, q.directory))


@condition("所选厅领导应当回避或已被反映，不能包案", REGULATION[28], todo="请另选一位厅领导。")
def the_leader_is_not_recused(q: DecisionContext[NamesLeader]) -> bool:
    return q.step.responsible_leader not in q.facts.unfit


@condition("所选人员不是厅领导", HOUSE_RULES[4], todo="请从厅领导名单中选择包案厅领导。")
def the_leader_is_a_leader(q: DecisionContext[NamesLeader]) -> bool:
    leader = q.step.responsible_leader
    return not leader or q.directory.is_leader(leader)


@condition(
    "办结期限已过，不能再申请或批准延期",
    HOUSE_RULES[13],
    REGULATION[34],
    todo="请尽快办结；逾期情况将如实记录。",
    about_case=True,
)
def the_limit_has_not_passed(q: CaseContext) -> bool:
    due = handling_due(q.facts, q.calendar)
    return due is None or q.today <= due


@condition(
    "此件已经延期一次，不能再次延期", HOUSE_RULES[13], REGULATION[34], todo="请在现有期限内办结。", about_case=True
)
def not_extended_before(q: CaseContext) -> bool:
    # Of a part of a letter that was extended, that was the extension, until a review sends it back.
    in_the_letter = q.facts.extended_in_letter and not was_sent_back(q.facts)
    return q.facts.extended_days == 0 and not in_the_letter


@condition(
    f"延长期限应为1日以上，且不得超过{EXTENSION}",
    HOUSE_RULES[13],
    REGULATION[34],
    todo="请填写 1 至 {extension_value} 之间的天数。",
)
def at_most_thirty_days(q: DecisionContext[GivesDays]) -> bool:
    return bool(1 <= q.step.days <= EXTENSION.on(q.today).value)


@condition(
    "信访人已经请求复查、复核：答复是否改变，由复查、复核机关决定",
    REGULATION[35],
    REGULATION[36],
    todo="认为答复确有错误的，向复查、复核机关说明；撤销原答复或者责令重新办理的，登记其意见后重新办理。",
    about_case=True,
)
def no_review_decides_on_it(q: CaseContext) -> bool:
    return not q.facts.review_stage


@condition(
    "此件已经并案，随首件办理",
    CHOSEN_BY_DEPARTMENT,
    todo="需要单独办理的，请先办理“改为单独办理”。",
    about_case=True,
)
def it_is_handled_on_its_own(q: CaseContext) -> bool:
    return not (q.facts.joined_to and q.facts.state is State.HANDLING)
