"""Every time limit: what starts, stops and extends it. Due dates are computed from the history, never counted down.

All dates are calendar days in Asia/Shanghai.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from . import limits
from .articles import HOUSE, NATIONAL
from .calendar import Calendar
from .facts import WRITTEN_NOTICES, Facts, Happening
from .limits import MINUTES
from .timing import Clock, Kind, Running, stated_due
from .words import OPEN_STATES


def _received(facts: Facts, h: Happening) -> date | None:
    return facts.received_on


def _happened(facts: Facts, h: Happening) -> date | None:
    return h.happened_on


def _notice_begins(facts: Facts, h: Happening) -> date | None:
    """Not while name or address is unclear (N23); anew from the day a case is reopened."""
    if facts.contact_clear_since is None or facts.sealed:
        return None
    if h.code == "reopen":
        return max(h.happened_on, facts.contact_clear_since)
    return facts.contact_clear_since


def _handed_down(facts: Facts, h: Happening) -> date | None:
    return facts.received_on if facts.source.handed_down else None


def _asked_back(facts: Facts, h: Happening) -> date | None:
    return facts.received_on if facts.feedback_due else None


def notice_origin(facts: Facts) -> date | None:
    """The day from which the 15 days to accept count: receipt, or the day the case was reopened."""
    reopened = facts.last("reopen")
    return reopened.happened_on if reopened else facts.received_on


def acceptance_counts_from(facts: Facts) -> date | None:
    """The acceptance date, but not after the 15th day: a late notice never lengthens the petitioner's wait (N23, N34)."""
    origin = notice_origin(facts)
    if facts.accepted_on is None or origin is None:
        return None
    if _redone(facts):
        return facts.accepted_on
    return min(facts.accepted_on, origin + timedelta(days=limits.NOTICE.value))


REVIEWS = ("first_review", "final_review")


def _redone(facts: Facts) -> Happening | None:
    """The latest review that sent the case back to handling, or None."""
    return next((h for h in reversed(facts.history) if h.code in REVIEWS and h.moved), None)


def _accepted(facts: Facts, h: Happening) -> date | None:
    """Each round counts from its own day; a correction amends only the latest."""
    if h.code in REVIEWS and not h.moved:
        return None
    redone = _redone(facts)
    if redone is None or h.seq == redone.seq:
        return acceptance_counts_from(facts)
    origin = notice_origin(facts)
    if h.code in REVIEWS or origin is None:
        return h.happened_on
    return min(h.happened_on, origin + timedelta(days=limits.NOTICE.value))


def _granted(facts: Facts, h: Happening) -> int:
    """The days by which this round of handling was extended."""
    days = 0
    for later in facts.history:
        if later.seq > h.seq and later.code in REVIEWS and later.moved:
            break
        if later.seq > h.seq and later.code == "grant_extension" and later.step.agree:
            days = later.step.days
    return days


def _simple_received(facts: Facts, h: Happening) -> date | None:
    return facts.received_on if facts.simple and not facts.short_path else None


def _simple_accepted(facts: Facts, h: Happening) -> date | None:
    return acceptance_counts_from(facts) if facts.simple else None


def _suggested(facts: Facts, h: Happening) -> date | None:
    return facts.received_on if facts.short_path else None


def _served(facts: Facts, h: Happening) -> date | None:
    """Each service has its own day; a correction amends only the latest."""
    latest = facts.last("serve")
    return facts.served_on if latest and latest.seq == h.seq and facts.served_on else h.happened_on


def _review_served(facts: Facts, h: Happening) -> date | None:
    """When the petitioner got the review; one that sent the case back leaves nothing to ask a further review of."""
    return None if h.moved else h.step.served_on or h.happened_on


def _incident(facts: Facts, h: Happening) -> date | None:
    return None


NOTICE = Clock(
    code="notice",
    label="书面告知",
    kind=Kind.DUTY,
    limit=limits.NOTICE,
    starts=("register", "reopen"),
    stops=(*WRITTEN_NOTICES, "issue_reply"),
    anew=("reopen",),
    must_reach=True,
    starts_words="收到",
    stops_words="任何一种书面告知；姓名、住址不清的不计",
    cites=(NATIONAL[23],),
    begins=_notice_begins,
)
OBJECTION = Clock(
    code="objection",
    label="提出异议",
    kind=Kind.DUTY,
    limit=limits.OBJECTION,
    starts=("register",),
    stops=("object", "classify", "propose", *WRITTEN_NOTICES),
    starts_words="收到（转来件）",
    stops_words="提出异议，或认定属本厅职责而分类、办理",
    cites=limits.OBJECTION.cites,
    begins=_handed_down,
)
HANDLING = Clock(
    code="handling",
    label="办结",
    kind=Kind.DUTY,
    limit=limits.HANDLING,
    starts=("accept", "first_review", "final_review"),
    stops=("issue_reply", "answer"),
    starts_words=f"受理（不晚于收到后第{limits.NOTICE}）",
    stops_words="印发意见书",
    cites=limits.HANDLING.cites,
    begins=_accepted,
    added=_granted,
)
PROMISED_REPLY = Clock(
    code="promised_reply",
    label="承诺答复",
    kind=Kind.DUTY,
    limit=None,
    starts=("promise_reply",),
    stops=("talk", "issue_reply", "settle_on_the_spot", "answer"),
    starts_words="告知答复时间",
    stops_words="接谈或答复",
    cites=(HOUSE[11],),
    begins=_happened,
    stated=lambda facts, h: h.step.promised_on,
)
ASSIGNED_FEEDBACK = Clock(
    code="assigned_feedback",
    label="向来文机关反馈",
    kind=Kind.DUTY,
    limit=None,
    starts=("register",),
    stops=("report_up", "objection_upheld"),
    starts_words="收到（交办件）",
    stops_words="报送办结报告",
    cites=(NATIONAL[22],),
    begins=_asked_back,
    stated=lambda facts, h: facts.feedback_due,
    survives_the_end=True,
)
UNIT_FEEDBACK = Clock(
    code="unit_feedback",
    label="交办反馈",
    kind=Kind.SETTING,
    limit=None,
    starts=("assign",),
    stops=("draft_reply", "answer", "send_back", "refer", "assign"),
    starts_words="交办",
    stops_words="拟出意见书或回复，或退回",
    cites=(HOUSE[5],),
    begins=_happened,
    stated=lambda facts, h: h.step.feedback_on,
)
SUPERVISION = Clock(
    code="supervision",
    label="督办反馈",
    kind=Kind.SETTING,
    limit=limits.SUPERVISION,
    starts=("supervise",),
    stops=("answer_supervision",),
    starts_words="督办",
    stops_words="督办反馈",
    cites=limits.SUPERVISION.cites,
    begins=_happened,
    stated=lambda facts, h: h.step.feedback_on,
)
REQUEST_FIRST_REVIEW = Clock(
    code="request_first_review",
    label="请求复查",
    kind=Kind.RIGHT,
    limit=limits.REQUEST_FIRST_REVIEW,
    starts=("serve",),
    stops=("request_first_review",),
    starts_words="送达",
    stops_words="请求复查",
    cites=limits.REQUEST_FIRST_REVIEW.cites,
    begins=_served,
    survives_the_end=True,
)
REQUEST_FINAL_REVIEW = Clock(
    code="request_final_review",
    label="请求复核",
    kind=Kind.RIGHT,
    limit=limits.REQUEST_FINAL_REVIEW,
    starts=("first_review",),
    stops=("request_final_review",),
    starts_words="收到复查意见",
    stops_words="请求复核",
    cites=limits.REQUEST_FINAL_REVIEW.cites,
    begins=_review_served,
    survives_the_end=True,
)
FIRST_REVIEW = Clock(
    code="first_review",
    label="作出复查意见",
    kind=Kind.DUTY,
    limit=limits.FIRST_REVIEW,
    starts=("request_first_review",),
    stops=("first_review",),
    starts_words="收到复查请求",
    stops_words="复查意见",
    cites=limits.FIRST_REVIEW.cites,
    begins=_happened,
    survives_the_end=True,
)
FINAL_REVIEW = Clock(
    code="final_review",
    label="作出复核意见",
    kind=Kind.DUTY,
    limit=limits.FINAL_REVIEW,
    starts=("request_final_review",),
    stops=("final_review",),
    starts_words="收到复核请求",
    stops_words="复核意见（听证所需时间不计）",
    cites=limits.FINAL_REVIEW.cites,
    begins=_happened,
    added=lambda facts, h: facts.hearing_days,
    survives_the_end=True,
)
SIMPLE_ACCEPTANCE = Clock(
    code="simple_acceptance",
    label="简易受理",
    kind=Kind.DUTY,
    limit=limits.SIMPLE_ACCEPTANCE,
    starts=("register",),
    stops=("accept", "leave_simple"),
    starts_words="收到（简易办理）",
    stops_words="受理",
    cites=limits.SIMPLE_ACCEPTANCE.cites,
    begins=_simple_received,
)
SIMPLE_HANDLING = Clock(
    code="simple_handling",
    label="简易办结",
    kind=Kind.DUTY,
    limit=limits.SIMPLE_HANDLING,
    starts=("accept",),
    stops=("answer", "issue_reply", "leave_simple"),
    starts_words="受理（简易办理）",
    stops_words="回复",
    cites=limits.SIMPLE_HANDLING.cites,
    begins=_simple_accepted,
)
SUGGESTION = Clock(
    code="suggestion",
    label="建议、咨询回复",
    kind=Kind.SETTING,
    limit=limits.SUGGESTION,
    starts=("register",),
    stops=("answer",),
    starts_words="收到（建议、咨询）",
    stops_words="回复",
    cites=limits.SUGGESTION.cites,
    begins=_suggested,
)
ARCHIVE = Clock(
    code="archive",
    label="移交归档",
    kind=Kind.SETTING,
    limit=limits.ARCHIVE,
    starts=("close",),
    stops=("accept_archive",),
    starts_words="结案",
    stops_words="机要室接收",
    cites=limits.ARCHIVE.cites,
    begins=lambda facts, h: facts.closed_on,
    survives_the_end=True,
)
RATING = Clock(
    code="rating",
    label="评价",
    kind=Kind.RIGHT,
    limit=limits.RATING,
    starts=("serve",),
    stops=("rate",),
    starts_words="送达",
    stops_words="信访人评价",
    cites=limits.RATING.cites,
    begins=_served,
    survives_the_end=True,
)
REGIONAL_ENTRY = Clock(
    code="regional_entry",
    label="录入自治区系统",
    kind=Kind.SETTING,
    limit=limits.REGIONAL_ENTRY,
    starts=("register",),
    stops=("enter_regional",),
    starts_words="登记",
    stops_words="录入",
    cites=limits.REGIONAL_ENTRY.cites,
    begins=_received,
    survives_the_end=True,
    leads=False,
)
LEGAL_ADVICE = Clock(
    code="legal_advice",
    label="出具法律意见",
    kind=Kind.SETTING,
    limit=limits.LEGAL_ADVICE,
    starts=("seek_legal_advice",),
    stops=("give_legal_advice",),
    starts_words="征求法律顾问意见",
    stops_words="出具意见",
    cites=limits.LEGAL_ADVICE.cites,
    begins=_happened,
)
INCIDENT_OFFICE = Clock(
    code="incident_office",
    label="突发事件报办公室",
    kind=Kind.SETTING,
    limit=limits.INCIDENT_OFFICE,
    starts=(),
    stops=(),
    starts_words="物业值班发现",
    stops_words="办公室知悉",
    cites=limits.INCIDENT_OFFICE.cites,
    begins=_incident,
)
INCIDENT_LEADER = Clock(
    code="incident_leader",
    label="突发事件报厅领导",
    kind=Kind.SETTING,
    limit=limits.INCIDENT_LEADER,
    starts=(),
    stops=(),
    starts_words="办公室知悉",
    stops_words="厅领导知悉",
    cites=limits.INCIDENT_LEADER.cites,
    begins=_incident,
)

CLOCKS: Mapping[str, Clock] = MappingProxyType(
    {
        c.code: c
        for c in (
            NOTICE,
            OBJECTION,
            HANDLING,
            PROMISED_REPLY,
            ASSIGNED_FEEDBACK,
            UNIT_FEEDBACK,
            SUPERVISION,
            REQUEST_FIRST_REVIEW,
            REQUEST_FINAL_REVIEW,
            FIRST_REVIEW,
            FINAL_REVIEW,
            SIMPLE_ACCEPTANCE,
            SIMPLE_HANDLING,
            SUGGESTION,
            ARCHIVE,
            RATING,
            REGIONAL_ENTRY,
            LEGAL_ADVICE,
            INCIDENT_OFFICE,
            INCIDENT_LEADER,
        )
    }
)


def running(facts: Facts, calendar: Calendar) -> tuple[Running, ...]:
    """Every clock that has run or runs in this case, computed from its history."""
    return tuple(r for clock in CLOCKS.values() if clock.starts for r in _runs(clock, facts, calendar))


def _took_effect(h: Happening) -> bool:
    return h.stage in ("done", "confirmed")


def _runs(clock: Clock, facts: Facts, calendar: Calendar) -> Iterator[Running]:
    happened = [h for h in facts.history if _took_effect(h)]
    ended = _ended(clock, facts, happened)
    for start in (h for h in happened if h.code in clock.starts):
        begins = clock.begins(facts, start)
        if begins is None:
            continue
        later = [h for h in happened if h.seq > start.seq]
        # What was done before the clock began ended nothing: a notice without an address told nobody (N23).
        ends = (h for h in later if h.code in clock.stops and (h.reached or not clock.must_reach))
        stop = next((h for h in ends if h.happened_on >= begins), None)
        anew = next((h for h in later if h.code in clock.anew), None)
        if anew and (stop is None or stop.seq > anew.seq):
            continue
        if stop is None and ended is not None and ended < begins:
            continue
        stated = clock.stated(facts, start) if clock.stated else None
        extra = clock.added(facts, start) if clock.added else 0
        if clock.limit is None and stated is None:
            continue
        if clock.limit is not None and stated is not None:
            due = stated_due(clock, begins, stated, calendar)
        else:
            due = clock.compute(begins, calendar, stated=stated, extra=extra)
        yield Running(clock, start.seq, begins, due, stop.happened_on if stop else ended)


def _ended(clock: Clock, facts: Facts, happened: list[Happening]) -> date | None:
    """The day on which the end of the case ended this clock too, or None."""
    if facts.state in OPEN_STATES or clock.survives_the_end:
        return None
    # Going to the archive afterwards is no other end.
    last_move = next((h for h in reversed(happened) if h.moved and h.code != "accept_archive"), None)
    return last_move.happened_on if last_move else None


def current(code: str, facts: Facts, calendar: Calendar) -> Running | None:
    """The latest run of one clock, or None."""
    runs = list(_runs(CLOCKS[code], facts, calendar))
    return runs[-1] if runs else None


def handling_due(facts: Facts, calendar: Calendar) -> date | None:
    """The day by which the matter must be concluded (H13, N34), or None when the 60 days don't run."""
    run = current("handling", facts, calendar)
    return run.due.due if run else None


def objection_due(facts: Facts, calendar: Calendar) -> date | None:
    """The last day to object to a matter handed down (H8, N23), or None."""
    run = current("objection", facts, calendar)
    return run.due.due if run else None


def review_right_due(facts: Facts, calendar: Calendar) -> date | None:
    """The last day on which the petitioner may ask for the next review (N35, N36), or None."""
    code = "request_final_review" if facts.review_stage == "first_done" else "request_first_review"
    run = current(code, facts, calendar)
    return run.due.due if run else None


MINUTE_CLOCKS = tuple(c for c in CLOCKS.values() if c.limit and c.limit.unit == MINUTES)
