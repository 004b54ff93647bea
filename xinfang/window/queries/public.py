"""What everybody may know without asking: where to come, when leaders receive, what is owed by when, published figures.

All of it comes from the department's settings, from days and reports that were published, and from the rules. No name
of the staff and nothing about a case is in it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from xinfang.core.clock import today
from xinfang.department.queries import effective_setting
from xinfang.figures.models import ReportText
from xinfang.figures.periods import Period, Span, parse_period
from xinfang.figures.stored_report import from_json
from xinfang.figures.tables import FigureReport, FigureTable
from xinfang.figures.versions import ReportVersion
from xinfang.procedure import clocks
from xinfang.procedure.calendar import WEEKDAYS
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.dated_rules import Basis
from xinfang.procedure.limits import REPRESENTATIVES
from xinfang.procedure.reception.words import DayEnd
from xinfang.procedure.window_words import PLAIN_CLOCKS, PLAIN_RIGHTS, PLAIN_STATES, PlainState
from xinfang.procedure.words import State
from xinfang.reception.queries.days import DayView, days_from
from xinfang.web.dates import chinese_date
from xinfang.window.acts import ACTS

CONTACTS = (
    ("contact_phone", "电话"), ("address", "地址"), ("reception_place", "接待地点"), ("reception_hours", "接待时间"),
)  # fmt: skip
"""Settings of the department that the public page tells (N18), and what they are called there."""
MOST_DAYS = 12
WAY = (State.REGISTERED, State.HANDLING, State.REPLIED, State.SERVED, State.CLOSED)
"""The usual way of a petition, step by step."""
OTHER_ENDS = (
    State.REDIRECTED, State.FORWARDED, State.ROUTED, State.DECLINED, State.FILED, State.ANSWERED, State.HANDED_OVER,
    State.WITHDRAWN, State.REFUSED_FURTHER,
)  # fmt: skip
_OF_WHICH = {
    clocks.SIMPLE_ACCEPTANCE.code: "简单的事（简易办理）",
    clocks.SIMPLE_HANDLING.code: "简单的事（简易办理）",
    clocks.OWN_DUTY.code: "依法由本厅直接履行职责的",
    clocks.OWN_REVIEW.code: "您请本厅复查的",
}
"""Which petitions a term is for, where it isn't for all: on the page of a case that goes without saying."""
_SINCE = {
    clocks.REQUEST_FIRST_REVIEW.code: "收到书面意见之日",
    clocks.REQUEST_FINAL_REVIEW.code: "收到复查意见之日",
    clocks.RATING.code: "收到书面意见之日",
}
"""From which day a right runs, as its holder sees it."""
_FINISHED = ReportText.objects.filter(version=ReportVersion.PUBLISHED.value, figures__isnull=False)


def contacts() -> list[tuple[str, str]]:
    """Return how the department is reached, as far as it has said so (4 queries)."""
    return [(label, value) for name, label in CONTACTS if (value := effective_setting(name))]


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A day on which leaders receive: when, where, and whether there are places."""

    kind: str
    day: str
    hours: str
    place: str
    state: str
    held: bool


def reception_days(now: datetime | None = None) -> list[PublicDay]:
    """Return the published days that aren't over, the next first (4 queries)."""
    at = timezone.localtime(now or timezone.now())
    days = [day for day in days_from(at.date(), at) if not day.facts.is_over(at)]
    return [_public_day(day) for day in days[:MOST_DAYS]]


def _public_day(day: DayView) -> PublicDay:
    facts = day.facts
    if facts.ended is not None:
        state = "当天不接待" if facts.ended is DayEnd.HINDERED else f"已{facts.ended.label}"
        state += "，已经预约的会另约"
    else:
        state = "还有名额" if facts.placed < facts.places else "已约满，可以登记候补"
    return PublicDay(
        kind=facts.kind.label,
        day=f"{chinese_date(facts.on)}（星期{WEEKDAYS[facts.on.weekday()]}）",
        hours=f"{facts.begins}—{facts.ends}",
        place=day.row.place,
        state=state,
        held=facts.ended is None,
    )


@dataclass(frozen=True, slots=True)
class PublicTerm:
    """What somebody may rely on: how long, counted from which day, by which article."""

    what: str
    term: str
    since: str
    cites: list[str]
    basis: str


def terms(words: dict[str, str]) -> list[PublicTerm]:
    """Return the terms of these clocks as they are today; those whose day is promised case by case aren't there."""
    found = []
    for code, what in words.items():
        clock = CLOCKS[code]
        if clock.limit is None:
            continue
        number = clock.limit.now
        cites = [str(a) for a in number.cites]
        basis = "" if clock.limit.basis is Basis.LAW or clock.limit.basis.label in cites else clock.limit.basis.label
        what = f"{_OF_WHICH[code]}，{what}" if code in _OF_WHICH else what
        found.append(PublicTerm(what, f"{number.value}{number.unit}", _SINCE.get(code, clock.first_day), cites, basis))
    return found


@dataclass(frozen=True, slots=True)
class PublicRight:
    """What the petitioner can do on their case, what it means, and which articles say so."""

    title: str
    means: str
    cites: list[str]


@dataclass(frozen=True, slots=True)
class PublicProcedure:
    """The procedure in plain words."""

    way: list[PlainState]
    other_ends: list[PlainState]
    owed: list[PublicTerm]
    own: list[PublicTerm]
    rights: list[PublicRight]
    representatives: int
    representatives_cite: str


def procedure_in_plain_words() -> PublicProcedure:
    """Return the procedure as the petitioner's page of a case words it, with every term and right (no query)."""
    most = REPRESENTATIVES.now
    return PublicProcedure(
        way=[PLAIN_STATES[state] for state in WAY],
        other_ends=[PLAIN_STATES[state] for state in OTHER_ENDS],
        owed=terms(PLAIN_CLOCKS),
        own=terms(PLAIN_RIGHTS),
        rights=[PublicRight(a.title, a.means, [str(c) for c in a.step_class.rule.cites]) for a in ACTS.values()],
        representatives=most.value,
        representatives_cite="、".join(str(a) for a in most.cites),
    )


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """A report for everybody that was finished: its number among the texts, its period, and its figures of that day."""

    text: ReportText
    period: Period
    figures: FigureReport

    @property
    def tables(self) -> list[FigureTable]:
        """The tables that have a number in them, without rows and columns of none."""
        return [table for table in map(_with_numbers, self.figures.tables) if table.rows]


def newest_reports() -> list[PublishedReport]:
    """Return the newest finished report of each length: year, quarter, month (1 query).

    What was finished is shown as it was finished. Figures are never counted for the public page: two countings of
    nearly the same cases would tell what each of them covers.
    """
    newest: dict[Span, PublishedReport] = {}
    for text in _FINISHED.order_by("-revision"):
        period = parse_period(text.period)
        before = newest.get(period.span)
        if before is None or before.period.days.first < period.days.first:
            newest[period.span] = PublishedReport(text, period, from_json(text.figures or {}))
    return [newest[span] for span in (Span.YEAR, Span.QUARTER, Span.MONTH) if span in newest]


def newest_yearly_report() -> PublishedReport | None:
    """Return the newest finished yearly report for everybody; None where none was finished (1 query)."""
    return next((r for r in newest_reports() if r.period.span is Span.YEAR), None)


def _with_numbers(table: FigureTable) -> FigureTable:
    rows = tuple(row for row in table.rows if any(f and f.now.text not in ("0", "—") for f in row.figures))
    return FigureTable(table.code, table.title, table.columns, rows, table.notes)


def has_days() -> bool:
    """Tell whether a day of reception is ahead (4 queries)."""
    return any(day.held for day in reception_days())


def has_figures() -> bool:
    """Tell whether a report for everybody was finished (1 query)."""
    return _FINISHED.exists()


def today_in_words() -> str:
    """Return today, as a leaflet says of when it is."""
    return chinese_date(today())
