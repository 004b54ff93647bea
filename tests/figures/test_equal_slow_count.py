"""Every figure equals an independent count by plain loops over the histories, on departments made at random."""

from datetime import date
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.figures import slow
from tests.figures.ways import SHAPES, WAYS, go
from tests.world import make_department
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.figures.actions import first_report_text, report_paper
from xinfang.figures.periods import Period, Span, period_of
from xinfang.figures.tables import FigureReport, figure_report
from xinfang.figures.versions import ReportVersion
from xinfang.matters.models import PairJudgement

TODAY = date(2026, 11, 20)


def compare(counted: FigureReport, cases: list[slow.Case]) -> int:
    """How many cells were compared; each must be equal in all four stretches of time."""
    period = counted.period
    stretches = (period.days, period.previous.days, period.last_year.days, period.year_to_date)
    expected = [slow.count(cases, d.first, d.last, counted.day) for d in stretches]
    compared, wrong = 0, []
    for table in counted.tables:
        for row in table.rows:
            for figure in filter(None, row.figures):
                for value, slowly, d in zip(figure.values(), expected, stretches, strict=True):
                    if value is None:
                        continue
                    compared += 1
                    should = slowly[figure.code]
                    same = value.number is None if should is None else value.number == pytest.approx(should)
                    if not same:
                        wrong.append(f"{figure.code} {row.label} {d.first}–{d.last}: {value.number}, slowly {should}")
    assert not wrong, "\n".join(wrong)
    return compared


def tie_neighbours() -> None:
    """Of every two cases that follow each other something is said: every third time they are tied and untied."""
    clerk = Staff.objects.get(username="clerk")
    cases = list(Petition.objects.order_by("pk"))
    for n, (one, other) in enumerate(pairwise(cases)):
        said = (["same"], ["apart"], ["same", "undone"], ["apart", "same"])[n % 4]
        for turn, verdict in enumerate(said, 1):
            PairJudgement.objects.create(one=one, other=other, turn=turn, verdict=verdict, by=clerk, at=timezone.now())


petition = st.tuples(
    st.sampled_from(sorted(WAYS)),
    st.sampled_from(sorted(SHAPES)),
    st.dates(date(2025, 9, 1), date(2026, 11, 10)),
    st.integers(0, 9),
)


@pytest.mark.django_db
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(
    petitions=st.lists(petition, min_size=1, max_size=6),
    span=st.sampled_from(Span),
    day=st.dates(date(2026, 1, 1), date(2026, 11, 20)),
)
def test_small_departments(petitions, span: Span, day: date) -> None:
    with transaction.atomic():
        make_department()
        for way, shape, received, pace in petitions:
            go(way, shape, received, pace, TODAY)
        tie_neighbours()
        whole = figure_report(period_of(span, day), TODAY)
        compare(whole, slow.read())
        on_paper_the_same(whole)
        transaction.set_rollback(True)


def on_paper_the_same(whole: FigureReport) -> None:
    """What is counted for a paper only makes the very paper that everything makes."""
    less, more = figure_report(whole.period, whole.day, printed=True), whole
    text = first_report_text(whole.period)
    assert report_paper(less, ReportVersion.INTERNAL, text) == report_paper(more, ReportVersion.INTERNAL, text)
    assert less.table("2") != more.table("2") or not more.table("1").figure("all").now.number


def shape_of(n: int, way: str) -> str:
    if way in ("filed", "refused to file", "reopened", "looked at again", "looked at again, upheld"):
        return "letter"  # nothing else can be filed (H10)
    return "unclear" if way.startswith("told ") else sorted(SHAPES)[n % 5]


@pytest.mark.django_db
def test_a_notice_that_could_reach_nobody_is_counted_as_met_nowhere() -> None:
    make_department()
    go("told nobody", "unclear", date(2026, 8, 3), 2, TODAY)
    table = figure_report(Period(Span.QUARTER, 2026, 3), TODAY).table("4")
    counted = {code: table.figure(f"notice-{code}").now.number for code in ("owed", "in-time", "late", "ended")}
    assert counted == {"owed": 0, "in-time": 0, "late": 0, "ended": 1}


@pytest.mark.django_db
def test_every_way_at_once() -> None:
    make_department()
    ends = {way: go(way, shape_of(n, way), date(2026, 8, 3), 2, TODAY)[1] for n, way in enumerate(WAYS)}
    assert {way: why for way, why in ends.items() if why} == {}
    tie_neighbours()
    cases = slow.read()
    counted = figure_report(Period(Span.QUARTER, 2026, 3), TODAY)
    compare(counted, cases)
    compare(figure_report(Period(Span.YEAR, 2026), TODAY), cases)
    on_paper_the_same(counted)
    assert counted.table("1").figure("same-matter").now.number > 2
    zero = [
        f.code
        for table in counted.tables
        for row in table.rows
        for f in row.figures
        if f and not f.now.number and not (f.to_date and f.to_date.number)
    ]
    assert counted.table("1").figure("all").now.number == len(WAYS)
    print(len(zero), zero)
