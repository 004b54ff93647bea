"""Every time limit: what starts, stops and extends it. Due dates are computed from the history, never counted down.

All dates are calendar days in Asia/Shanghai.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.clock_days import (
    always,
    an_answer_must_leave,
    answers_that_message,
    arrived_for,
    asked_inside,
    changes_what_was_asked,
    decided_or_came_back,
    extended,
    extended_by,
    handed_down,
    handed_in_here,
    happened,
    in_own_power,
    is_the_completion_report,
    isnt_found_elsewhere,
    it_did_not_come_back,
    never,
    ordered_by_a_review,
    own_review_begins,
    received_on,
    review_served,
    reviewable_from,
    served_from,
    simple_received,
    somebody_must_be_told,
    suggested,
    term_of_the_governing_law,
    term_of_the_review,
    the_sealed_letter_must_leave,
    to_be_entered,
    to_be_handed_over,
    told_the_petitioner,
    went_on,
)
from xinfang.procedure.facts import CaseEvent, Facts
from xinfang.procedure.runs import clock_runs
from xinfang.procedure.steps.closing import AcceptArchive, Close
from xinfang.procedure.steps.handling import (
    Accept,
    Assign,
    PromiseReply,
    Refer,
    SendBack,
    SettleOnTheSpot,
    TalkWithPetitioner,
)
from xinfang.procedure.steps.inquiry import (
    AnswerPetition,
    GiveLegalAdvice,
    GrantExtension,
    SeekLegalAdvice,
)
from xinfang.procedure.steps.reply import DraftReply, ServeReply
from xinfang.procedure.steps.screening import Classify, Forward
from xinfang.procedure.steps.supervision import AnswerSupervision, ReportUp, Supervise
from xinfang.procedure.timing import Clock, ClockKind, ClockRun

from . import limits
from .calendar import Calendar
from .dated_rules import MINUTES, Limit
from .papers import ANSWERS, ENDS, NOTICES, REPLIES, asks_for_no_paper, still_counts
from .rounds import REVIEWS, begins_a_round, sends_back, was_sent_back
from .steps.bureau_advice import RecordAdvice
from .steps.electronic import TakeDelivery
from .steps.ends_without_reply import FileWithoutAction, RefuseFurther, Reopen
from .steps.intake import EnterRegional, Register, Supplement
from .steps.joined_repeats import AnswerWithFirst, JoinFirst
from .steps.messages import AnswerMessage, LeaveMessage
from .steps.objections import ObjectionUpheld, RaiseObjection
from .steps.own_power import DraftDutyReply
from .steps.rating import Rate
from .steps.reconsideration import DecideReconsideration, RequestReconsideration
from .steps.review import FinalReview, FirstReview, RequestFinalReview, RequestFirstReview
from .steps.review_requests import FollowReviewRequest
from .steps.reviewing import DraftReview, RecordCompliance, TakeAsReview
from .steps.service import ServePaper
from .words import PaperKind


def _notice_begins(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day from which the notice is due; None while name or address is unclear (N23).

    Of a case that is reopened too: a wrong end doesn't lengthen the wait. Whom the reply reached before it was clear
    where to write has nothing left to be told.
    """
    since = facts.contact_clear_since
    if not h.moved or facts.sealed or since is None:
        return None
    answered = (e for e in facts.history if e.sent in ANSWERS and still_counts(e, facts))
    return None if any(e.happened_on < since for e in answered) else since


def _acceptance_counts_from(facts: Facts, h: CaseEvent) -> date:
    """Return the acceptance date as it was corrected, but not after the 15th day.

    A late notice never lengthens the petitioner's wait (N23, N34), nor does an end that was undone: what was handled
    before goes on from there. Once a review sent the case back, the date that is corrected is no longer that of this
    acceptance.
    """
    before = next((e for e in reversed(facts.history) if e.seq < h.seq and begins_a_round(e)), None)
    if before is not None:
        began = _accepted(facts, before)
        assert began is not None
        return began
    only = h is facts.last(Accept.rule.code) and not was_sent_back(facts)
    day = facts.accepted_on if only and facts.accepted_on else h.happened_on
    received = facts.received_on or day
    if facts.sent_back_in_letter_on is not None:
        return min(day, facts.sent_back_in_letter_on)  # as the letter's own round
    # A part of a letter that was accepted goes on from there (N34).
    day = min(day, facts.accepted_in_letter_on or day)
    return min(day, received + timedelta(days=limits.NOTICE.on(received).value))


def _is_answered_as_a_suggestion(facts: Facts) -> bool:
    """Tell whether it has the term of suggestions and questions, also as they were before the case was sealed."""
    before = facts.classified_before
    seen = replace(facts, matter_class=before.matter_class, purpose=before.purpose) if before else facts
    return seen.short_path


def _accepted(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day from which a round of handling counts.

    An acceptance always moves the case; a review that doesn't begins no round.
    """
    if facts.review_of is not None:
        return None  # a review has its own thirty days
    if h.code in REVIEWS:
        return h.happened_on if sends_back(h) else None
    if h.code == JoinFirst.rule.code and _is_answered_as_a_suggestion(facts):
        return None
    return _acceptance_counts_from(facts, h) if h.moved else None


def _simple_accepted(facts: Facts, h: CaseEvent) -> date | None:
    return _acceptance_counts_from(facts, h) if facts.simple_claim else None


def _term_before_the_extension(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day on which the 60 days of this round would have ended: by then the petitioner knows (N34)."""
    rounds = (e for e in reversed(facts.history) if e.seq < h.seq and e.code in HANDLING.start_codes)
    began = next((day for e in rounds if (day := _accepted(facts, e))), None)
    return began + timedelta(days=limits.HANDLING.on(began).value) if began else None


NOTICE = Clock(
    code="notice",
    label="书面告知",
    kind=ClockKind.DUTY,
    limit=limits.NOTICE,
    starts=(Register, Reopen, DecideReconsideration),
    stops=(Accept, AnswerPetition),
    papers=(*NOTICES, *ANSWERS),
    restarts=(Reopen, DecideReconsideration),
    stops_if=asks_for_no_paper,
    first_day="收到之日",
    starts_note="恢复办理的、决定重新审查撤销原决定的也自收到之日起算；姓名不清或者没有任何联系方式的，自清楚之日起算；检举控告除外",
    stops_note="受理、回复限简易办理中已经当面、电话或者网上告知的，或者没有任何联系方式的；其他按文书当面交付、交邮或者发送之日计；接收情况告知书限建议意见、咨询",
    cites=(REGULATION[23],),
    begins=_notice_begins,
    survives_the_end=somebody_must_be_told,
)
OBJECTION = Clock(
    code="objection",
    label="提出异议",
    kind=ClockKind.DUTY,
    limit=limits.OBJECTION,
    starts=(Register,),
    stops=(RaiseObjection, Classify, Forward, FileWithoutAction, RefuseFurther),
    stops_if=isnt_found_elsewhere,
    first_day="收到之日",
    starts_note="限转来件",
    stops_note="除提出异议外，均须认定属本厅及本系统职权；分类为不属本厅职权的，不停止",
    cites=limits.OBJECTION.cites,
    begins=handed_down,
)
HANDLING = Clock(
    code="handling",
    label="办结",
    kind=ClockKind.DUTY,
    limit=limits.HANDLING,
    starts=(Accept, JoinFirst, FirstReview, FinalReview),
    stops=(AnswerPetition, AnswerWithFirst),
    papers=(*REPLIES, PaperKind.JOINED_REPLY),
    restarts=(Accept, JoinFirst),
    stops_if=asks_for_no_paper,
    stops_note="回复限简易办理中已经当面、电话或者网上告知的，或者没有任何联系方式的；其他按文书当面交付、交邮或者发送之日计",
    first_day=f"受理之日（不晚于收到后第{limits.NOTICE}）",
    starts_note="复查、复核意见限撤销原意见或责令重办的，自意见之日起算；恢复办理后再受理的，自原受理之日（意见之日）起算",
    cites=limits.HANDLING.cites,
    begins=_accepted,
    added=extended_by,
    survives_the_end=an_answer_must_leave,
)
EXTENSION_NOTICE = Clock(
    code="extension_notice",
    label="延期告知",
    kind=ClockKind.DUTY,
    limit=None,
    starts=(GrantExtension,),
    stops=(AnswerPetition,),
    papers=(PaperKind.EXTENSION_NOTICE, *REPLIES),
    stops_if=asks_for_no_paper,
    starts_note="限批准延期的",
    stops_note="至迟在原办结期限届满前；回复限简易办理中已经当面、电话或者网上告知的，或者没有任何联系方式的",
    cites=limits.EXTENSION.cites,
    begins=extended,
    stated=_term_before_the_extension,
    survives_the_end=an_answer_must_leave,
)
PROMISED_REPLY = Clock(
    code="promised_reply",
    label="承诺答复",
    kind=ClockKind.DUTY,
    limit=None,
    starts=(PromiseReply,),
    stops=(TalkWithPetitioner, SettleOnTheSpot, AnswerPetition),
    papers=(*ENDS, *ANSWERS),
    stops_if=told_the_petitioner,
    stops_note="接谈限见到（接通）信访人并已答复的，回复限简易办理中已经当面、电话或者网上告知的，或者没有任何联系方式的",
    cites=(HOUSE_RULES[11],),
    begins=happened,
    stated=lambda facts, h: h.step.promised_on,
    survives_the_end=somebody_must_be_told,
)
ASSIGNED_FEEDBACK = Clock(
    code="assigned_feedback",
    label="向来文机关反馈",
    kind=ClockKind.DUTY,
    limit=None,
    starts=(Register,),
    stops=(ReportUp, ObjectionUpheld),
    stops_if=is_the_completion_report,
    first_day="收到之日",
    starts_note="限来文要求反馈的",
    stops_note="报送限办结报告",
    cites=(REGULATION[22],),
    begins=received_on,
    stated=lambda facts, h: facts.feedback_due,
    survives_the_end=always,
)
UNIT_FEEDBACK = Clock(
    code="unit_feedback",
    label="交办反馈",
    kind=ClockKind.SETTING,
    limit=None,
    starts=(Assign,),
    stops=(DraftReply, DraftDutyReply, AnswerPetition, SendBack, Refer, Assign),
    stops_note="转办、交办指再次转办、交办",
    cites=(HOUSE_RULES[5],),
    begins=asked_inside,
    stated=lambda facts, h: h.step.feedback_on,
)
SUPERVISION = Clock(
    code="supervision",
    label="督办反馈",
    kind=ClockKind.SETTING,
    limit=limits.SUPERVISION,
    starts=(Supervise,),
    stops=(AnswerSupervision,),
    cites=limits.SUPERVISION.cites,
    begins=asked_inside,
    stated=lambda facts, h: h.step.feedback_on,
)
BUREAU_ADVICE = Clock(
    code="bureau_advice",
    label="反馈信访部门建议",
    kind=ClockKind.SETTING,
    limit=limits.BUREAU_ADVICE,
    starts=(RecordAdvice,),
    papers=(PaperKind.ADVICE_REPLY,),
    first_day="收到建议之日",
    starts_note="来函要求了反馈日期的，按其日期",
    stops_note="按函件发出之日计",
    cites=limits.BUREAU_ADVICE.cites,
    begins=asked_inside,
    stated=lambda facts, h: h.step.reply_by,
    survives_the_end=always,
    leads=False,
)
REQUEST_FIRST_REVIEW = Clock(
    code="request_first_review",
    label="请求复查",
    kind=ClockKind.RIGHT,
    limit=limits.REQUEST_FIRST_REVIEW,
    starts=(ServeReply, TakeDelivery, AnswerPetition, ServePaper),
    stops=(RequestFirstReview,),
    stops_if=it_did_not_come_back,
    stops_note="复查机关没有收下、信访人收回的请求除外",
    starts_note="网上签收限意见书、简易办理答复和申诉求决的并案答复告知书，回复限简易办理的申诉求决中已经当面、电话或者网上告知的；"
    "送达文书限简易办理答复和申诉求决的并案答复告知书；本厅的复查意见除外",
    cites=limits.REQUEST_FIRST_REVIEW.cites,
    begins=reviewable_from,
    survives_the_end=always,
)
REQUEST_FINAL_REVIEW = Clock(
    code="request_final_review",
    label="请求复核",
    kind=ClockKind.RIGHT,
    limit=limits.REQUEST_FINAL_REVIEW,
    starts=(FirstReview, ServeReply, TakeDelivery, FollowReviewRequest),
    stops=(RequestFinalReview,),
    stops_if=it_did_not_come_back,
    stops_note="复核机关没有收下、信访人收回的请求除外",
    first_day="信访人收到复查意见之日",
    starts_note="其他机关撤销原意见或责令重办的除外；没有登记收到日期的，自补登的收到之日起算；送达、网上签收限本厅的复查意见",
    cites=limits.REQUEST_FINAL_REVIEW.cites,
    begins=review_served,
    survives_the_end=always,
)
OWN_REVIEW = Clock(
    code="own_review",
    label="作出复查意见",
    kind=ClockKind.DUTY,
    limit=limits.OWN_REVIEW,
    starts=(TakeAsReview, FinalReview),
    stops=(),
    papers=(PaperKind.REVIEW_OPINION,),
    first_day="本厅收到复查请求之日",
    starts_note="复核意见限撤销本厅复查意见或责令重新复查的，自意见之日起算；不延长",
    stops_note="按文书当面交付、交邮或者发送之日计",
    cites=limits.OWN_REVIEW.cites,
    begins=own_review_begins,
    survives_the_end=somebody_must_be_told,
)
OWN_DUTY = Clock(
    code="own_duty",
    label="依法履职答复",
    kind=ClockKind.DUTY,
    limit=limits.OWN_DUTY,
    starts=(Register, Reopen, DecideReconsideration),
    stops=(),
    papers=(PaperKind.DUTY_REPLY,),
    restarts=(Reopen, DecideReconsideration),
    first_day="收到之日",
    starts_note=f"限途径（四）（五）中属于本厅职权的；法律另定期限的，自受理之日（不晚于收到后第{limits.NOTICE}）起算；不延长",
    stops_note="按文书当面交付、交邮或者发送之日计",
    cites=limits.OWN_DUTY.cites,
    begins=in_own_power,
    stated=term_of_the_governing_law,
    survives_the_end=an_answer_must_leave,
)
COMPLIANCE = Clock(
    code="compliance",
    label="原办理机关落实复查意见",
    kind=ClockKind.ELSEWHERE,
    whose="原办理机关",
    limit=None,
    starts=(ServeReply, TakeDelivery),
    stops=(RecordCompliance,),
    starts_note="限本厅复查意见要求重新办理或者落实的",
    cites=(REGULATION[32], REGULATION[35]),
    begins=ordered_by_a_review,
    stated=term_of_the_review,
    survives_the_end=always,
)
FIRST_REVIEW = Clock(
    code="first_review",
    label="复查机关作出复查意见",
    kind=ClockKind.ELSEWHERE,
    whose="复查机关",
    limit=limits.FIRST_REVIEW,
    starts=(RequestFirstReview, FollowReviewRequest),
    stops=(FirstReview, FollowReviewRequest),
    stops_if=decided_or_came_back(RequestFirstReview),
    first_day="收到复查请求之日",
    starts_note="交到本厅的，自登记的该机关收到之日起算",
    stops_note="请求进展限没有收下、收回的",
    cites=limits.FIRST_REVIEW.cites,
    begins=arrived_for(RequestFirstReview),
    survives_the_end=always,
)
FINAL_REVIEW = Clock(
    code="final_review",
    label="复核机关作出复核意见",
    kind=ClockKind.ELSEWHERE,
    whose="复核机关",
    limit=limits.FINAL_REVIEW,
    starts=(RequestFinalReview, FollowReviewRequest),
    stops=(FinalReview, FollowReviewRequest),
    stops_if=decided_or_came_back(RequestFinalReview),
    first_day="收到复核请求之日",
    starts_note="交到本厅的，自登记的该机关收到之日起算",
    stops_note="请求进展限没有收下、收回的；听证所需时间不计",
    cites=limits.FINAL_REVIEW.cites,
    begins=arrived_for(RequestFinalReview),
    added=lambda facts, h: facts.hearing_days,
    survives_the_end=always,
)
REVIEW_REQUEST = Clock(
    code="review_request",
    label="转送复查（复核）请求",
    kind=ClockKind.SETTING,
    limit=limits.REVIEW_REQUEST,
    starts=(RequestFirstReview, RequestFinalReview),
    stops=(FollowReviewRequest, FirstReview, FinalReview),
    stops_if=went_on,
    first_day="本厅收到请求之日",
    starts_note="信访人直接向复查（复核）机关提出的除外",
    cites=limits.REVIEW_REQUEST.cites,
    begins=handed_in_here,
    survives_the_end=always,
)
SIMPLE_ACCEPTANCE = Clock(
    code="simple_acceptance",
    label="简易受理",
    kind=ClockKind.DUTY,
    limit=limits.SIMPLE_ACCEPTANCE,
    starts=(Register,),
    stops=(Accept,),
    first_day="收到之日",
    starts_note="限简易办理，转为普通程序后不再适用",
    cites=limits.SIMPLE_ACCEPTANCE.cites,
    begins=simple_received,
)
SIMPLE_HANDLING = Clock(
    code="simple_handling",
    label="简易办结",
    kind=ClockKind.DUTY,
    limit=limits.SIMPLE_HANDLING,
    starts=(Accept,),
    stops=(AnswerPetition,),
    papers=(PaperKind.REPLY_OPINION, PaperKind.SIMPLE_REPLY),
    stops_if=asks_for_no_paper,
    survives_the_end=an_answer_must_leave,
    stops_note="回复限已经当面、电话或者网上告知的；其他按文书当面交付、交邮或者发送之日计",
    first_day=f"受理之日（不晚于收到后第{limits.NOTICE}）",
    starts_note="限简易办理，转为普通程序后不再适用",
    cites=limits.SIMPLE_HANDLING.cites,
    begins=_simple_accepted,
)
SUGGESTION = Clock(
    code="suggestion",
    label="建议、咨询回复",
    kind=ClockKind.SETTING,
    limit=limits.SUGGESTION,
    starts=(Register, Reopen, DecideReconsideration),
    stops=(AnswerPetition, AnswerWithFirst),
    papers=(PaperKind.SUGGESTION_REPLY, PaperKind.JOINED_REPLY),
    restarts=(Reopen, DecideReconsideration),
    stops_if=asks_for_no_paper,
    first_day="收到之日",
    starts_note="限建议意见和咨询",
    stops_note="回复限没有任何联系方式的",
    cites=limits.SUGGESTION.cites,
    begins=suggested,
    survives_the_end=an_answer_must_leave,
)
ARCHIVE = Clock(
    code="archive",
    label="移交归档",
    kind=ClockKind.SETTING,
    limit=limits.ARCHIVE,
    starts=(Close,),
    stops=(AcceptArchive,),
    cites=limits.ARCHIVE.cites,
    begins=lambda facts, h: facts.closed_on,
    survives_the_end=always,
)
RATING = Clock(
    code="rating",
    label="评价",
    kind=ClockKind.RIGHT,
    limit=limits.RATING,
    starts=(ServeReply, TakeDelivery),
    stops=(Rate,),
    starts_note="网上签收限意见书",
    cites=limits.RATING.cites,
    begins=served_from,
    survives_the_end=always,
)
REGIONAL_ENTRY = Clock(
    code="regional_entry",
    label="录入自治区系统",
    kind=ClockKind.SETTING,
    limit=limits.REGIONAL_ENTRY,
    starts=(Register,),
    stops=(EnterRegional,),
    first_day="收到之日",
    starts_note="检举控告除外",
    cites=limits.REGIONAL_ENTRY.cites,
    begins=to_be_entered,
    survives_the_end=always,
    leads=False,
)
REPORT_HAND_OVER = Clock(
    code="report_hand_over",
    label="移送",
    kind=ClockKind.SETTING,
    limit=limits.REPORT_HAND_OVER,
    starts=(Register,),
    stops=(),
    papers=(PaperKind.SEALED_LETTER,),
    first_day="收到之日",
    starts_note="限检举控告，办理中转入密封区的同样自收到之日起算",
    stops_note="按密封函发出之日计",
    cites=limits.REPORT_HAND_OVER.cites,
    begins=to_be_handed_over,
    survives_the_end=the_sealed_letter_must_leave,
)
RECONSIDERATION = Clock(
    code="reconsideration",
    label="重新审查",
    kind=ClockKind.SETTING,
    limit=limits.RECONSIDERATION,
    starts=(RequestReconsideration,),
    stops=(DecideReconsideration,),
    papers=(PaperKind.RECONSIDERATION_NOTICE,),
    stops_if=asks_for_no_paper,
    first_day="请求之日",
    stops_note="决定限没有任何联系方式的；其他按告知书当面交付、交邮或者发送之日计",
    cites=limits.RECONSIDERATION.cites,
    begins=happened,
    survives_the_end=always,
)
MESSAGE = Clock(
    code="message",
    label="答复留言",
    kind=ClockKind.SETTING,
    limit=limits.MESSAGE,
    starts=(LeaveMessage,),
    stops=(AnswerMessage,),
    first_day="收到留言之日",
    starts_note="每一条留言各自起算",
    stops_note="答复这一条的",
    cites=limits.MESSAGE.cites,
    begins=happened,
    stops_if_of=answers_that_message,
    survives_the_end=always,
)
LEGAL_ADVICE = Clock(
    code="legal_advice",
    label="出具法律意见",
    kind=ClockKind.SETTING,
    limit=limits.LEGAL_ADVICE,
    starts=(SeekLegalAdvice,),
    stops=(GiveLegalAdvice, DraftReply, DraftReview, DraftDutyReply, Supplement),
    stops_if=changes_what_was_asked,
    stops_note="补充限增加诉求的",
    cites=limits.LEGAL_ADVICE.cites,
    begins=asked_inside,
)
INCIDENT_OFFICE = Clock(
    code="incident_office",
    label="突发事件报办公室",
    kind=ClockKind.SETTING,
    limit=limits.INCIDENT_OFFICE,
    starts_note="物业值班发现",
    stops_note="办公室知悉",
    cites=limits.INCIDENT_OFFICE.cites,
    begins=never,
)
INCIDENT_LEADER = Clock(
    code="incident_leader",
    label="突发事件报厅领导",
    kind=ClockKind.SETTING,
    limit=limits.INCIDENT_LEADER,
    starts_note="办公室知悉",
    stops_note="厅领导知悉",
    cites=limits.INCIDENT_LEADER.cites,
    begins=never,
)

CLOCKS: Mapping[str, Clock] = MappingProxyType(
    {
        c.code: c
        for c in (
            NOTICE,
            OBJECTION,
            HANDLING,
            EXTENSION_NOTICE,
            PROMISED_REPLY,
            ASSIGNED_FEEDBACK,
            UNIT_FEEDBACK,
            SUPERVISION,
            BUREAU_ADVICE,
            REQUEST_FIRST_REVIEW,
            REQUEST_FINAL_REVIEW,
            FIRST_REVIEW,
            FINAL_REVIEW,
            REVIEW_REQUEST,
            OWN_REVIEW,
            OWN_DUTY,
            COMPLIANCE,
            SIMPLE_ACCEPTANCE,
            SIMPLE_HANDLING,
            SUGGESTION,
            ARCHIVE,
            RATING,
            REGIONAL_ENTRY,
            REPORT_HAND_OVER,
            RECONSIDERATION,
            MESSAGE,
            LEGAL_ADVICE,
            INCIDENT_OFFICE,
            INCIDENT_LEADER,
        )
    }
)


def running(facts: Facts, calendar: Calendar) -> tuple[ClockRun, ...]:
    """Return every clock that has run or runs in this case, computed from its history."""
    return tuple(run for clock in CLOCKS.values() for run in clock_runs(clock, facts, calendar))


def current(code: str, facts: Facts, calendar: Calendar) -> ClockRun | None:
    """Return the latest run of one clock, or None.

    Raises:
        KeyError: the code is no clock's.
    """
    return _latest(CLOCKS[code], facts, calendar)


def due(clock: Clock, facts: Facts, calendar: Calendar) -> date | None:
    """Return when the latest run of a clock is due, or None when it has not run."""
    run = _latest(clock, facts, calendar)
    return run.due.due if run else None


def _latest(clock: Clock, facts: Facts, calendar: Calendar) -> ClockRun | None:
    return max(clock_runs(clock, facts, calendar), key=lambda run: run.occurrence, default=None)


MINUTE_CLOCKS = tuple(c for c in CLOCKS.values() if c.limit and c.limit.unit == MINUTES)


def counted_limits() -> dict[str, Limit]:
    """Return by code the limits that clocks count in days, working days or months."""
    counted = (c.limit for c in CLOCKS.values() if c.limit and c.limit.unit != MINUTES)
    return {limit.code: limit for limit in counted}
