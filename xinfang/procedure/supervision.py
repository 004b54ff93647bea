"""督办: on what grounds a unit is supervised, found by the system from the history; and who is told how late.

Each ground is a small function named after what it finds, with its articles. It answers from which day it holds if
nothing more happens, so that a ground can be kept beside the case and needs no history to be read again. Days are
Asia/Shanghai.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xinfang.procedure.articles import HOUSE_RULES, REGULATION, Article, cite
from xinfang.procedure.facts import NO_UNIT, CaseEvent, Facts
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.steps.attachments import Attach
from xinfang.procedure.steps.handling import (
    AskToMeet,
    Assign,
    PromiseReply,
    Refer,
    SendBack,
    SettleOnTheSpot,
    TalkWithPetitioner,
)
from xinfang.procedure.steps.inquiry import (
    AnswerPetition,
    HoldHearing,
    LeaveSimple,
    Mediate,
    RequestExtension,
    SeekLegalAdvice,
)
from xinfang.procedure.steps.supervision import AnswerSupervision
from xinfang.procedure.timing import Clock, ClockRun, is_late

from . import clocks
from .alerts import Level
from .calendar import in_chinese
from .dated_rules import filled
from .limits import ASSIST, RESUBMIT, TELL_PRINCIPAL, WARN_HEAD, WARN_LEADER
from .rules import Step, codes
from .steps.own_power import DraftDutyReply
from .steps.reply import CarryOut, DraftReply, ReviewReply, SignReply
from .steps.reviewing import AcceptReview, DraftReview
from .steps.suggestions import StudySuggestion
from .what_is_due import WhatIsDue
from .words import OPEN_STATES, ReplyStage, State, SupervisionGround, Word


class GroundOfSupervision(Word):
    """What the system found. A finding about a case and a unit, never about a person."""

    NO_RECORD = "no_record", "时限过半无办理记录"
    NOT_RESUBMITTED = "not_resubmitted", "退回后未重新报送"
    ASSISTANT_SILENT = "assistant_silent", "协办单位无办理记录"
    OVERDUE = "overdue", "超期未办"
    AWAITED = "awaited", "督办待反馈"


HeldDutyIn = Callable[[StaffCode, UnitCode, date], bool]
"""Whether somebody held a duty in a unit on a day, their own or a colleague's in whose place they acted."""


@dataclass(frozen=True, slots=True)
class FoundGround:
    """A ground as it is found in a case. `unit` is the unit that owes something; none: the office."""

    ground: GroundOfSupervision
    unit: UnitCode
    began: date
    """The day from which is counted: hand-over, return, start of the clock, supervision."""
    since: date
    """The first day on which the ground holds, if nothing more is recorded."""
    due: date | None = None
    clock: str = ""


@dataclass(frozen=True, slots=True)
class SupervisedCase:
    """What a ground may look at."""

    facts: Facts
    runs: tuple[ClockRun, ...]
    belongs: HeldDutyIn

    def open_run(self, *wanted: Clock) -> ClockRun | None:
        """Return the run that ends first of these clocks, of those that still run."""
        return WhatIsDue(self.runs).of(*wanted)

    def last(self, *steps: type[Step]) -> CaseEvent | None:
        """Return the latest of these steps that took effect."""
        wanted = codes(*steps)
        return next((h for h in reversed(self.facts.history) if h.code in wanted and h.took_effect), None)


@dataclass(frozen=True, slots=True)
class GroundRule:
    """A ground with its articles, what to do next, and by which step."""

    ground: GroundOfSupervision
    cites: tuple[Article, ...]
    written_todo: str
    presses: SupervisionGround | None
    """Under which ground of N40 the form begins; None where pressing is not what helps."""
    find: Callable[[SupervisedCase], Iterator[FoundGround]]

    @property
    def todo(self) -> str:
        """What to do next, with today's numbers."""
        return filled(self.written_todo)


GROUNDS: dict[GroundOfSupervision, GroundRule] = {}


def ground(
    which: GroundOfSupervision, *cites: Article, todo: str, presses: SupervisionGround | None
) -> Callable[[Callable[[SupervisedCase], Iterator[FoundGround]]], Callable[[SupervisedCase], Iterator[FoundGround]]]:
    """Make a rule of a function that finds a ground."""

    def make(
        find: Callable[[SupervisedCase], Iterator[FoundGround]],
    ) -> Callable[[SupervisedCase], Iterator[FoundGround]]:
        GROUNDS[which] = GroundRule(which, cites, todo, presses, find)
        return find

    return make


HAND_OVERS = (Assign, Refer, AcceptReview)
MAIN_CLOCKS = (clocks.HANDLING, clocks.OWN_REVIEW, clocks.OWN_DUTY, clocks.SIMPLE_HANDLING, clocks.SUGGESTION)
UNIT_CLOCKS = (*MAIN_CLOCKS, clocks.PROMISED_REPLY, clocks.UNIT_FEEDBACK)
"""The limits that the unit keeps once it has the case; the others are kept by the office and shown on the boards."""
HANDLING_UNIT_STEPS = codes(
    SettleOnTheSpot,
    SeekLegalAdvice,
    Mediate,
    RequestExtension,
    StudySuggestion,
    DraftReply,
    DraftReview,
    DraftDutyReply,
)
"""Steps that only the handling unit takes: no matter who took them, it is the unit's record."""
SHARED_STEPS = codes(
    AnswerPetition,
    TalkWithPetitioner,
    PromiseReply,
    AskToMeet,
    HoldHearing,
    Attach,
    AnswerSupervision,
    CarryOut,
    LeaveSimple,
)
"""Steps open to several; they count for the unit in which the person held a duty on that day.

Signing for a case is no record of work, nor is sending it back.
"""


def _has_recorded(case: SupervisedCase, unit: UnitCode, after: int) -> bool:
    """Tell whether a unit has recorded any work after the event of this number."""
    for h in case.facts.history:
        if h.seq <= after or h.stage == "refused":
            continue
        if h.code in HANDLING_UNIT_STEPS and unit == case.facts.handling_unit:
            return True
        if h.code in (*SHARED_STEPS, *HANDLING_UNIT_STEPS) and case.belongs(h.by, unit, h.happened_on):
            return True
    return False


def _day(n: int) -> timedelta:
    return timedelta(days=n)


@ground(
    GroundOfSupervision.NO_RECORD,
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    REGULATION[28],
    todo="请督办，要求说明办理进展并按期反馈。",
    presses=SupervisionGround.NO_FEEDBACK,
)
def half_the_time_is_gone_without_a_record(case: SupervisedCase) -> Iterator[FoundGround]:
    """Find that half of the unit's time is gone without a record.

    Counted is the time that the unit itself was given, so that a late hand-over is not its fault.
    """
    facts, run, given = case.facts, case.open_run(*MAIN_CLOCKS), case.last(*HAND_OVERS)
    if not (facts.state is State.HANDLING and facts.handed_over_to_unit and run and given):
        return
    if _has_recorded(case, facts.handling_unit, max(given.seq, run.occurrence)):
        return
    began, due = max(given.happened_on, run.started_on), run.due.due
    half = max((due - began).days, 0) // 2
    yield FoundGround(
        GroundOfSupervision.NO_RECORD, facts.handling_unit, began, began + _day(half + 1), due, run.clock.code
    )


@ground(
    GroundOfSupervision.NOT_RESUBMITTED,
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    REGULATION[28],
    todo="单位退回的，请办公室重新交办；意见书退回修改的，请督办承办单位重新报送。",
    presses=SupervisionGround.NO_FEEDBACK,
)
def sent_back_and_not_resubmitted(case: SupervisedCase) -> Iterator[FoundGround]:
    """Find a case that a unit gave back and the office didn't hand on, or a returned draft that no new one follows."""
    facts = case.facts
    if facts.state is not State.HANDLING:
        return
    moved = case.last(*HAND_OVERS, SendBack)
    if moved and moved.code == SendBack.rule.code and not facts.handed_over_to_unit:
        yield _waits(NO_UNIT, moved.happened_on)
    reply = case.last(DraftReply, DraftReview, DraftDutyReply, ReviewReply, SignReply)
    returned = reply and reply.code in codes(ReviewReply, SignReply) and not reply.step.agree
    if reply and returned and facts.reply_stage is ReplyStage.NONE and facts.handed_over_to_unit:
        yield _waits(facts.handling_unit, reply.happened_on)


def _waits(unit: UnitCode, returned_on: date) -> FoundGround:
    until = returned_on + _day(RESUBMIT.on(returned_on).value)
    return FoundGround(GroundOfSupervision.NOT_RESUBMITTED, unit, returned_on, until + _day(1), until)


@ground(
    GroundOfSupervision.ASSISTANT_SILENT,
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    REGULATION[28],
    todo="请督办，要求协办单位提供情况或意见；不需要协办的，请重新交办时去掉。",
    presses=SupervisionGround.NO_FEEDBACK,
)
def an_assistant_unit_is_silent(case: SupervisedCase) -> Iterator[FoundGround]:
    """Find a unit that was asked to assist and has recorded nothing, as long as no reply is drafted."""
    facts, given = case.facts, case.last(*HAND_OVERS)
    if not (facts.state is State.HANDLING and facts.handed_over_to_unit and given):
        return
    if facts.reply_stage is not ReplyStage.NONE:
        return
    for unit in facts.assisting_units:
        if unit != facts.handling_unit and not _has_recorded(case, unit, given.seq):
            until = given.happened_on + _day(ASSIST.on(given.happened_on).value)
            yield FoundGround(GroundOfSupervision.ASSISTANT_SILENT, unit, given.happened_on, until + _day(1), until)


@ground(
    GroundOfSupervision.OVERDUE,
    HOUSE_RULES[5],
    HOUSE_RULES[13],
    REGULATION[34],
    REGULATION[45],
    todo="请督办，要求说明理由并限期办结；依法可以延期的，应在期满前办理延期。",
    presses=SupervisionGround.OVERDUE,
)
def a_limit_of_the_unit_has_passed(case: SupervisedCase) -> Iterator[FoundGround]:
    """Find the earliest of the unit's limits that still runs; overdue from the day after it ends."""
    facts, run = case.facts, case.open_run(*UNIT_CLOCKS)
    if facts.state is State.HANDLING and facts.handling_unit and run:
        unit = facts.handling_unit if facts.handed_over_to_unit else NO_UNIT
        due = run.due.due
        yield FoundGround(GroundOfSupervision.OVERDUE, unit, run.started_on, due + _day(1), due, run.clock.code)


@ground(
    GroundOfSupervision.AWAITED,
    HOUSE_RULES[5],
    HOUSE_RULES[6],
    todo="请按期反馈；逾期未反馈的，系统报告厅主要领导。没有写明日期的，为督办后{supervision}。",
    presses=None,
)
def a_supervision_waits_for_its_answer(case: SupervisedCase) -> Iterator[FoundGround]:
    """Find a supervision, on any ground, that is not yet answered."""
    facts, run = case.facts, case.open_run(clocks.SUPERVISION)
    if facts.supervised and facts.state in OPEN_STATES and run:
        yield FoundGround(
            GroundOfSupervision.AWAITED,
            NO_UNIT if facts.office_pressed else facts.handling_unit,
            run.started_on,
            run.started_on,
            run.due.due,
            run.clock.code,
        )


def may_have_grounds(facts: Facts) -> bool:
    """Tell whether a ground may hold in this case at all. A sealed case has none: it is no unit's (N22, N30)."""
    return not facts.sealed and (facts.state is State.HANDLING or (facts.supervised and facts.state in OPEN_STATES))


def find_grounds(facts: Facts, runs: tuple[ClockRun, ...], belongs: HeldDutyIn) -> tuple[FoundGround, ...]:
    """Return every ground of this case with the day from which it holds, which may lie ahead.

    At most one of a kind for each unit. `runs` are its clocks (`clocks.running`).
    """
    if not may_have_grounds(facts):
        return ()
    case = SupervisedCase(facts, runs, belongs)
    found = {(f.ground, f.unit): f for rule in GROUNDS.values() for f in rule.find(case)}
    return tuple(found.values())


def ground_sentence(found: FoundGround, today: date, unit: str = "") -> str:
    """Return what was found, in one sentence without anybody's name; `unit` is what an assisting unit is called."""
    began, due = _spelled(found.began), _spelled(found.due)
    if found.ground is GroundOfSupervision.NO_RECORD:
        return f"{began}交办后没有办理记录，时限（{due}届满）已过半"
    if found.ground is GroundOfSupervision.NOT_RESUBMITTED:
        return f"{began}退回，{RESUBMIT.on(found.began)}内没有重新{'报送' if found.unit else '交办'}"
    if found.ground is GroundOfSupervision.ASSISTANT_SILENT:
        return f"{began}交办后，协办单位{unit}{ASSIST.on(found.began)}内没有办理记录"
    if found.ground is GroundOfSupervision.OVERDUE:
        late = (today - found.due).days if found.due else 0
        return f"“{clocks.CLOCKS[found.clock].label}”{due}届满，已超期{late}日"
    if found.due and is_late(found.due, today):
        return f"{began}督办，应于{due}前反馈，逾期{(today - found.due).days}日未反馈"
    return f"{began}督办，应于{due}前反馈"


def _spelled(day: date | None) -> str:
    return in_chinese(day) if day else ""


def supervision_text(found: FoundGround, today: date, unit: str = "") -> str:
    """Return the words with which a supervision on this ground begins; the office goes on from there."""
    rule = GROUNDS[found.ground]
    return (
        f"经查，此件{ground_sentence(found, today, unit)}（{cite(rule.cites)}）。请说明情况，抓紧办理，并按期书面反馈。"
    )


# ---- who is told how late


class EscalationRung(Word):
    """Who is told at which rung of the escalation."""

    HANDLER = "handler", "承办人"
    HEAD = "head", "承办处室（单位）负责人"
    RESPONSIBLE = "responsible", "包案厅领导"
    OFFICE = "office", "办公室"
    OFFICE_HEAD = "office_head", "办公室主任"
    PRINCIPAL = "principal", "厅主要领导"
    SEALED = "sealed", "检举控告专管员"


@dataclass(frozen=True, slots=True)
class EscalationNotice:
    """Why somebody is told: the sentence for them, with its articles."""

    rung: EscalationRung
    written: str
    cites: tuple[Article, ...]

    @property
    def why(self) -> str:
        """The sentence, with today's numbers."""
        return filled(self.written)

    def __str__(self) -> str:
        return f"{self.why}（{cite(self.cites)}）"


ESCALATION: tuple[tuple[EscalationNotice, tuple[Level, ...]], ...] = (
    (
        EscalationNotice(EscalationRung.HANDLER, "您是承办人，时限过半起提醒", (HOUSE_RULES[6],)),
        (Level.HALF, Level.WEEK, Level.DAYS, Level.OVERDUE),
    ),
    (
        EscalationNotice(
            EscalationRung.HEAD, "您是承办处室（单位）负责人，到期前{warn_head}起提醒", WARN_HEAD.cites[:-1]
        ),
        (Level.WEEK, Level.DAYS, Level.OVERDUE),
    ),
    (
        EscalationNotice(
            EscalationRung.RESPONSIBLE, "您是包案厅领导，到期前{warn_leader}起提醒", WARN_LEADER.cites[:-1]
        ),
        (Level.DAYS, Level.OVERDUE, Level.LONG),
    ),
    (
        EscalationNotice(EscalationRung.OFFICE, "办公室督促办理，超期即告知", (HOUSE_RULES[5],)),
        (Level.OVERDUE, Level.LONG),
    ),
    (
        EscalationNotice(
            EscalationRung.PRINCIPAL,
            "超期{tell_principal}以上，或督办逾期未反馈的，报厅主要领导",
            TELL_PRINCIPAL.cites[:-1],
        ),
        (Level.LONG,),
    ),
)
"""The escalation, one entry for each rung. One notice for each level: who was told is told again until it is done."""

OFFICE_CLOCKS = tuple(
    c.code
    for c in (
        clocks.NOTICE,
        clocks.OBJECTION,
        clocks.SIMPLE_ACCEPTANCE,
        clocks.REGIONAL_ENTRY,
        clocks.ASSIGNED_FEEDBACK,
    )
)
"""Limits that the office keeps itself, no matter who handles the case (H5, N22, N23)."""
_NO_HANDLER = EscalationNotice(
    EscalationRung.HEAD, "此件由您处室（单位）承办，尚未指定承办人，由负责人先接提醒", (HOUSE_RULES[6],)
)
_OFFICE_DOES = EscalationNotice(EscalationRung.OFFICE, "此事由办公室办理，时限过半起提醒", (HOUSE_RULES[5],))
INSTEAD_NOTICES = (
    EscalationNotice(EscalationRung.HEAD, "承办人目前不能接收提醒，由负责人先接", (HOUSE_RULES[6],)),
    EscalationNotice(EscalationRung.OFFICE, "承办单位目前没有人可以告知，由办公室处理", (HOUSE_RULES[5],)),
    EscalationNotice(
        EscalationRung.PRINCIPAL, "办公室没有人可以告知，由厅主要领导处理", (HOUSE_RULES[5], REGULATION[28])
    ),
)
"""Who is told, one after the other, where nobody of whom the table names can be."""
_SEALED = EscalationNotice(EscalationRung.SEALED, "密封件只告知检举控告专管员", (REGULATION[30],))


def who_is_notified(level: Level, clock: str, facts: Facts) -> tuple[EscalationNotice, ...]:
    """Return who is told at this level, and why; the nearest first.

    Of a sealed case only the named officer, at every level (N30).
    """
    if facts.sealed:
        return (_SEALED,)
    told = tuple(t for t, levels in ESCALATION if level in levels)
    ended = clock == clocks.MESSAGE.code and facts.state not in OPEN_STATES
    of_office = clock in OFFICE_CLOCKS or not facts.handling_unit or ended
    if level is Level.LONG or (facts.handler and not of_office):
        return told
    first = _OFFICE_DOES if of_office else _NO_HANDLER
    return (first, *(t for t in told if t.rung not in (EscalationRung.HANDLER, first.rung)))
