"""What `procedure.what_is_due` says, asked of the rows beside the cases: late, due soon, which limits run.

Nothing else compares a due date with a day in SQL, so that lists, tabs, boards, digests and figures can't disagree.
All dates are calendar days in Asia/Shanghai.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from xinfang.cases.models import Deadline
from xinfang.cases.models.case import NO_DUE_DATE
from xinfang.procedure.timing import Clock
from xinfang.procedure.what_is_due import LISTED

RUNS = Q(stopped_on=None)
"""Of a row of a limit: nothing stopped it yet."""
FIRST = "next_due"
"""The column of a case with the day of its first limit."""
LISTED_CODES = tuple(c.code for c in LISTED)


def late(day: date, column: str = FIRST) -> Q:
    """Return the condition of a due date that has passed on this day (`timing.is_late`)."""
    return Q(**{f"{column}__lt": day})


def within(day: date, days: int, column: str = FIRST) -> Q:
    """Return the condition of a due date in these days, today included (`timing.is_within`)."""
    return Q(**{f"{column}__range": (day, day + timedelta(days=days))})


def missed(day: date) -> Q:
    """Return the condition of a limit's row that nothing has stopped though its day is past."""
    return RUNS & late(day, "due")


def not_yet_due(day: date) -> Q:
    """Return the condition of a limit's row that runs and isn't late."""
    return RUNS & ~late(day, "due")


def something_runs() -> Q:
    """Return the condition of a case in which a limit runs by which cases are sorted."""
    return Q(**{f"{FIRST}__lt": NO_DUE_DATE})


def cases_with(clocks: Iterable[Clock | str], more: Q | None = None) -> QuerySet[Any, Any]:
    """Return the keys of the cases in which one of these limits runs, and `more` holds of that very limit."""
    codes = [c if isinstance(c, str) else c.code for c in clocks]
    return Deadline.objects.filter(RUNS & (more or Q()), clock__in=codes).values("petition_id")
