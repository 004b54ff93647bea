"""The law makes 45 days of 60 from a day on: old cases, their proof and the figures of old periods stay the same."""

from datetime import date, timedelta

import pytest

from tests.world import register, sweep_on, walk
from xinfang.cases.models import Deadline
from xinfang.figures.periods import Span, period_of
from xinfang.figures.tables import figure_report
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.dated_rules import DAYS, LimitVersion, supposing
from xinfang.proof.derived_rows import differences
from xinfang.proof.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
FROM = date(2026, 3, 16)
THE_CHANGE = {"handling": (LimitVersion(FROM, 45, DAYS, (REGULATION[34],)),)}


def handled(number: str) -> Deadline:
    return Deadline.objects.get(petition__number=number, clock="handling")


def figures(day: date) -> object:
    return figure_report(period_of(Span.MONTH, date(2026, 2, 10)), day)


def test_old_cases_their_proof_and_old_figures_stay() -> None:
    old = register(date(2026, 2, 2))
    walk(old, "served", date(2026, 2, 2))
    running = register(date(2026, 3, 9))
    walk(running, "signed", date(2026, 3, 9))
    sweep_on(date(2026, 4, 1))
    was = {n: (handled(n).due, handled(n).stopped_on) for n in (old, running)}
    with supposing(THE_CHANGE):
        new = register(date(2026, 3, 16))
        walk(new, "signed", date(2026, 3, 17))
        assert handled(new).due == handled(new).started_on + timedelta(days=45)
        assert {n: (handled(n).due, handled(n).stopped_on) for n in (old, running)} == was
        assert handled(running).due == handled(running).started_on + timedelta(days=60)
        assert [d for d in differences() if not isinstance(d, int)] == []
        assert verify().whole
        sweep_on(date(2026, 4, 2))
        assert [d for d in differences() if not isinstance(d, int)] == []
        counted = figures(date(2026, 4, 2))
    assert counted == figures(date(2026, 4, 2)), "what was counted by the rows of old cases is counted so still"
