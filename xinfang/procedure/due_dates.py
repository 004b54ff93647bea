"""The due dates that steps ask for in their conditions.

A clock is declared by the steps that start and stop it, and some of these steps may be taken only until it ends. So the
table of clocks is in a module above the steps, and the steps ask for it here: when a case is decided, not when the
modules are read. All dates are calendar days in Asia/Shanghai.
"""

from datetime import date, timedelta

from .calendar import Calendar
from .facts import Facts
from .limits import HANDLING, NOTICE


def handling_due(facts: Facts, calendar: Calendar) -> date | None:
    """Return the day by which the matter must be concluded (H13, N34), or None when the 60 days don't run."""
    from . import clocks

    return clocks.due(clocks.HANDLING, facts, calendar)


def answer_due(facts: Facts, calendar: Calendar) -> date | None:
    """Return the day by which the petitioner must have the answer to this matter, or None where no limit says it.

    Before a claim is accepted it is the last day that an acceptance could give: the fifteenth after receipt, and sixty.
    """
    from . import clocks

    limits = (clocks.HANDLING, clocks.OWN_DUTY, clocks.OWN_REVIEW, clocks.SUGGESTION)
    due = next((due for clock in limits if (due := clocks.due(clock, facts, calendar))), None)
    if due is None and facts.accepted_on is None and facts.received_on is not None:
        accepted = facts.received_on + timedelta(days=NOTICE.on(facts.received_on).value)
        return accepted + timedelta(days=HANDLING.on(accepted).value)
    return due


def objection_due(facts: Facts, calendar: Calendar) -> date | None:
    """Return the last day to object to a matter handed down (H8, N23), or None."""
    from . import clocks

    return clocks.due(clocks.OBJECTION, facts, calendar)


def last_day_to_ask(got_on: date, calendar: Calendar) -> date:
    """Return the last day to ask for a review of an opinion that the petitioner got on this day (N35)."""
    from . import clocks

    return clocks.REQUEST_FIRST_REVIEW.compute(got_on, calendar).due


def review_right_due(facts: Facts, calendar: Calendar) -> date | None:
    """Return the last day on which the petitioner may ask for the next review (N35, N36), or None."""
    from . import clocks

    right = clocks.REQUEST_FINAL_REVIEW if facts.review_stage == "first_done" else clocks.REQUEST_FIRST_REVIEW
    return clocks.due(right, facts, calendar)


def is_dated_back(day: date, today: date, facts: Facts, calendar: Calendar) -> bool:
    """Tell whether what is entered today is said to have happened on a day from which something follows.

    That is before the last working day, or on the other side of a limit of the department's that still runs.
    """
    from .what_is_due import what_is_due

    if calendar.working_days_between(day, today) > 1:
        return True
    return any(not run.overdue(day) for run in what_is_due(facts, calendar).owed_late(today))
