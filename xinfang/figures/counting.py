"""What is counted and by which date.

A basis gives the rows of a period, a measure the condition that a row must meet. The number on a page and the list of
cases behind it come from the same measure, so that they can't disagree. Sealed reports (N30) are counted only where a
measure says so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from xinfang.cases.models import Deadline, Event, Petition, Request
from xinfang.cases.queries.due_columns import something_runs
from xinfang.cases.queries.petition_filter import ENDED_STATE_CODES, OPEN_STATE_CODES
from xinfang.figures.periods import DayRange
from xinfang.procedure.reception.words import ReceptionAct
from xinfang.procedure.rules import Rule
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import OPEN_STATES, TERMINAL_STATES
from xinfang.reception.models import ReceptionDay, ReceptionEvent

TOOK_EFFECT = ("done", "confirmed")


def _crosses(rule: Rule[Any]) -> bool:
    ends = any(s in OPEN_STATES for s in rule.when) and any(s in TERMINAL_STATES for s in rule.to)
    reopens = any(s in TERMINAL_STATES for s in rule.when) and any(s in OPEN_STATES for s in rule.to)
    return ends or reopens


_CROSSING = tuple(sorted(code for code, step in STEPS.items() if _crosses(step.rule)))
"""The steps that can end or reopen a case."""
REPORTED_STEPS = (
    StepCode.ACCEPT,
    StepCode.ACCEPT_DUTY,
    StepCode.ASSIGN,
    StepCode.REDIRECT,
    StepCode.FORWARD,
    StepCode.ROUTE,
    StepCode.DECLINE,
    StepCode.DISCLOSE,
    StepCode.OBJECTION_UPHELD,
    StepCode.REFUSE_FURTHER,
    StepCode.WITHDRAW,
    StepCode.REOPEN,
    StepCode.DECIDE_RECONSIDERATION,
    StepCode.HAND_OVER,
    StepCode.GRANT_EXTENSION,
    StepCode.SUPERVISE,
    StepCode.ANSWER_SUPERVISION,
    StepCode.SEND_BACK,
    StepCode.REQUEST_FIRST_REVIEW,
    StepCode.FIRST_REVIEW,
    StepCode.REQUEST_FINAL_REVIEW,
    StepCode.FINAL_REVIEW,
    StepCode.RATE,
    StepCode.ASK_TO_MEET,
    StepCode.DECIDE_MEETING,
    StepCode.ANSWER,
    StepCode.ISSUE_REPLY,
    StepCode.REPORT_UP,
)


@dataclass(frozen=True)
class CountingBasis:
    """Where rows come from.

    `words` says which date decides, as it is printed under a table; `petition` leads from a row to its case.
    """

    code: str
    words: str
    rows: Callable[[DayRange], QuerySet[Any, Any]]
    petition: str = "petition"
    now: bool = False
    """A stock of today: it has no earlier period to be compared with."""


@dataclass(frozen=True)
class CountingMeasure:
    """How many rows of a basis meet a condition, or what a column of them adds up to."""

    basis: CountingBasis
    keeps: Q = field(default_factory=Q)
    adds: str = ""

    def __and__(self, more: Q) -> "CountingMeasure":
        return CountingMeasure(self.basis, self.keeps & more, self.adds)


def _due(clock: str) -> Callable[[DayRange], QuerySet[Deadline]]:
    return lambda days: Deadline.objects.filter(clock=clock, due__range=(days.first, days.last))


def _open_before(days: DayRange) -> QuerySet[Any, Any]:
    """Return what was open when the first day began.

    No step since has moved it and it is open today, or the first one that did ended it.
    """
    crossing = Q(state_before__in=OPEN_STATE_CODES, state_after__in=ENDED_STATE_CODES) | Q(
        state_before__in=ENDED_STATE_CODES, state_after__in=OPEN_STATE_CODES
    )
    since = Event.objects.filter(crossing, code__in=_CROSSING, happened_on__gte=days.first, stage__in=TOOK_EFFECT)
    # Asked of the events of one case each time: few are open, and few have ended lately, of all there ever were.
    untouched = Petition.objects.filter(
        ~Exists(since.filter(petition=OuterRef("pk"))), state__in=OPEN_STATE_CODES, received_on__lt=days.first
    )
    # An ending is the first crossing unless a reopening went before it; few cases were ever reopened, so they are found
    # first.
    reopened = since.filter(state_before__in=ENDED_STATE_CODES)
    earlier = reopened.filter(petition=OuterRef("petition"), seq__lt=OuterRef("seq"))
    ended = since.filter(
        ~Q(petition__in=reopened.values("petition")) | ~Exists(earlier),
        state_before__in=OPEN_STATE_CODES,
        petition__received_on__lt=days.first,
    )
    return Petition.objects.filter(Q(pk__in=untouched.values("pk")) | Q(pk__in=ended.values("petition")))


def _replied(days: DayRange) -> QuerySet[Any, Any]:
    # The events of these days first, by their index; then those whose reply left by one of them.
    left = Event.objects.filter(
        code__in=(StepCode.SEND_PAPER, StepCode.SERVE),
        happened_on__range=(days.first, days.last),
        stage__in=TOOK_EFFECT,
    ).values("petition")
    issued = Event.objects.filter(petition=OuterRef("pk"), code=StepCode.ISSUE_REPLY)
    return Petition.objects.filter(Exists(issued), pk__in=left, replied_on__range=(days.first, days.last))


def _answer(name: str) -> Coalesce:
    """Return what a step said: where a second person agreed, the event that put it forward holds the answers."""
    put_forward = Event.objects.filter(
        petition=OuterRef("petition"), code=OuterRef("code"), stage="proposed", seq__lt=OuterRef("seq")
    ).order_by("-seq")
    # Cast: a number of the JSON stays a number for SQLite, and equals no text.
    here = Cast(KeyTextTransform(name, "data"), TextField())
    said = Subquery(put_forward.values(said=here)[:1], output_field=TextField())
    return Coalesce(here, said, Value(""), output_field=TextField())


def _filed(days: DayRange) -> QuerySet[Any, Any]:
    confirmed = Event.objects.filter(
        code=StepCode.FILE_WITHOUT_ACTION, stage="confirmed", happened_on__range=(days.first, days.last)
    )
    return confirmed.alias(ground=_answer("ground"))


def _stepped(days: DayRange) -> QuerySet[Event]:
    return Event.objects.filter(
        code__in=REPORTED_STEPS, stage__in=TOOK_EFFECT, happened_on__range=(days.first, days.last)
    ).alias(
        said_result=_answer("result"),
        said_office_rating=_answer("office_rating"),
        said_unit_rating=_answer("unit_rating"),
    )


def _unit_then(before: str) -> Coalesce:
    """Return the code of the unit that had the case when the event of this number happened.

    It is that of the hand-over before it, else today's.
    """
    handed = Event.objects.filter(
        petition=OuterRef("petition"),
        code__in=(StepCode.ASSIGN, StepCode.REFER),
        stage__in=TOOK_EFFECT,
        seq__lt=OuterRef(before),
    ).order_by("-seq")
    earlier = Subquery(handed.annotate(to=_answer("handling_unit")).values("to")[:1], output_field=TextField())
    return Coalesce(earlier, "petition__handling_unit__code", Value(""), output_field=TextField())


def _pressed(days: DayRange) -> QuerySet[Any, Any]:
    return (
        _stepped(days)
        .filter(code__in=(StepCode.SUPERVISE, StepCode.SEND_BACK), petition__sealed=False)
        .annotate(unit_then=_unit_then("seq"))
    )


def _answer_due(days: DayRange) -> QuerySet[Any, Any]:
    return _due("supervision")(days).filter(petition__sealed=False).annotate(unit_then=_unit_then("occurrence"))


def _received(days: DayRange) -> QuerySet[Any, Any]:
    """Return what the department received; not what came in as history, which belongs to another system's figures."""
    brought_in = Event.objects.filter(code=StepCode.IMPORT_HISTORY, stage__in=TOOK_EFFECT).values("petition")
    return Petition.objects.filter(received_on__range=(days.first, days.last)).exclude(pk__in=brought_in)


def _reception_days(days: DayRange) -> QuerySet[Any, Any]:
    """Return the days of reception on which somebody was received."""
    return ReceptionDay.objects.filter(pk__in=_visits(days).values("day_now"))


def _visits(days: DayRange) -> QuerySet[Any, Any]:
    """Return the records that hold of somebody received on a day of reception, with the case that came of each.

    Each visit once: a record that two persons agreed to, or one that needed none.
    """
    mine = ReceptionEvent.objects.filter(booking=OuterRef("booking")).order_by("-id")
    carried = mine.filter(act=ReceptionAct.CARRY.value).values("to_day")[:1]
    linked = mine.filter(act=ReceptionAct.LINK.value).values("petition")[:1]
    later = mine.filter(HOLDS, act=ReceptionAct.RECEIVE.value, id__gt=OuterRef("id"))
    return (
        ReceptionEvent.objects.filter(HOLDS, act=ReceptionAct.RECEIVE.value)
        .annotate(
            day_now=Coalesce(Subquery(carried), "booking__day", output_field=BigIntegerField()),
            case=Coalesce(Subquery(linked), "booking__petition", output_field=BigIntegerField()),
        )
        .filter(
            ~Exists(later),
            Exists(ReceptionDay.objects.filter(pk=OuterRef("day_now"), on__range=(days.first, days.last))),
        )
        .alias(
            kind_now=Subquery(ReceptionDay.objects.filter(pk=OuterRef("day_now")).values("kind")[:1]),
            is_sealed=Exists(Petition.objects.filter(pk=OuterRef("case"), sealed=True)),
            is_settled=Exists(
                Petition.objects.filter(
                    Q(replied_on__isnull=False) | Q(state__in=ENDED_STATE_CODES), pk=OuterRef("case")
                )
            ),
        )
    )


HOLDS = Q(waits_for_another=False) | Q(answer__agree=True)
"""Of a record of reception: nobody else had to agree to it, or somebody did."""
RECEIVED = CountingBasis(
    "received",
    "按收到日期统计",
    _received,
    petition="pk",
)
OPEN_BEFORE = CountingBasis("open-before", "为本期首日零时尚未办结的", _open_before, petition="pk")
OPEN_NOW = CountingBasis(
    "open-now",
    "为统计当日尚未办结的",
    lambda days: Petition.objects.filter(state__in=OPEN_STATE_CODES),
    petition="pk",
    now=True,
)
RUNNING_NOW = CountingBasis(
    "running-now",
    "为统计当日期限未了的",
    lambda days: Petition.objects.filter(something_runs()),
    petition="pk",
    now=True,
)
STEPPED = CountingBasis("stepped", "按办理步骤发生的日期统计", _stepped)
FILED = CountingBasis("filed", "按存信批准的日期统计", _filed)
REPLIED = CountingBasis("replied", "按意见书印发日期统计（以现行有效的意见书为准）", _replied, petition="pk")
CONCLUDED = CountingBasis(
    "concluded",
    "按意见书印发日期统计，一项诉求计一次",
    lambda days: Request.objects.filter(petition__in=_replied(days).values("pk")).exclude(conclusion=""),
)
NOTICE_DUE = CountingBasis("notice-due", "按书面告知期限届满日统计", _due("notice"))
HANDLING_DUE = CountingBasis("handling-due", "按办结期限届满日统计", _due("handling"))
OWN_DUTY_DUE = CountingBasis("own-duty-due", "按依法履职答复期限届满日统计", _due("own_duty"))
SIMPLE_DUE = CountingBasis("simple-due", "按简易办结期限届满日统计", _due("simple_handling"))
SUGGESTION_DUE = CountingBasis("suggestion-due", "按建议、咨询回复期限届满日统计", _due("suggestion"))
RATING_DUE = CountingBasis("rating-due", "按评价期限届满日统计", _due("rating"))
SUPERVISED = CountingBasis("pressed", "按发生的日期和当时的承办单位统计", _pressed)
ANSWER_DUE = CountingBasis("answer-due", "按反馈期限届满日和督办时的承办单位统计", _answer_due)

HELD = CountingBasis("held", "按接待日统计，有信访人到场的为一天", _reception_days, petition="bookings__petition")
VISITS = CountingBasis("visits", "按接待日统计", _visits, petition="case")

ORDINARY = Q(sealed=False)
ORDINARY_VISIT = Q(is_sealed=False)
ORDINARY_CASE = Q(petition__sealed=False)


def count_measures(measures: Mapping[str, CountingMeasure], days: DayRange) -> dict[str, int]:
    """Return the number of each measure in these days (1 query a basis)."""
    found: dict[str, int] = {}
    of: dict[str, tuple[CountingBasis, dict[str, CountingMeasure]]] = {}
    for code, measure in measures.items():
        of.setdefault(measure.basis.code, (measure.basis, {}))[1][code] = measure
    for basis, wanted in of.values():
        codes = list(wanted)
        questions = {f"n{place}": _question(wanted[code]) for place, code in enumerate(codes)}
        numbers = basis.rows(days).order_by().aggregate(**questions)
        found |= {code: numbers[f"n{place}"] or 0 for place, code in enumerate(codes)}
    return found


def _question(measure: CountingMeasure) -> Any:
    keeps = measure.keeps or None
    return Sum(measure.adds, filter=keeps) if measure.adds else Count("pk", filter=keeps)


def cases_behind_measures(measures: Iterable[CountingMeasure], days: DayRange) -> QuerySet[Petition]:
    """Return the cases behind a number: those of which one of these measures counts at least a row.

    Visibility is the caller's.
    """
    fits = Q(pk__in=[])
    for measure in measures:
        rows = measure.basis.rows(days).filter(measure.keeps)
        fits |= Q(pk__in=rows.values(measure.basis.petition))
    return Petition.objects.filter(fits)


def handling_days(measure: CountingMeasure, days: DayRange) -> list[int]:
    """Return how many days each reply took from acceptance to issue, shortest first (1 query)."""
    rows = measure.basis.rows(days).filter(measure.keeps, accepted_on__isnull=False)
    return sorted((replied - accepted).days for accepted, replied in rows.values_list("accepted_on", "replied_on"))
