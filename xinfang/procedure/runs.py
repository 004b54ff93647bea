"""The runs of a clock in a case, computed from its history.

No clock and no step is known here by name: what sets one clock apart from another is data of the clock. All dates are
calendar days in Asia/Shanghai.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from xinfang.procedure.facts import CaseEvent, Facts
from xinfang.procedure.timing import Clock, ClockRun, DueDate, stated_due

from .calendar import Calendar
from .papers import still_counts


def clock_runs(clock: Clock, facts: Facts, calendar: Calendar) -> Iterator[ClockRun]:
    """Yield each run that a clock has had or has in this case, in the order of the steps that started them."""
    happened = [h for h in facts.history if h.took_effect]
    for place, start in enumerate(happened, 1):
        if start.code in clock.start_codes:
            run = _run(clock, start, happened[place:], facts, calendar)
            if run is not None:
                yield run


def _run(
    clock: Clock, start: CaseEvent, later: Sequence[CaseEvent], facts: Facts, calendar: Calendar
) -> ClockRun | None:
    """Return the run that this step started, or None when the clock does not run from it."""
    begins = clock.begins(facts, start)
    if begins is None:
        return None
    stop = _stop(clock, start, begins, later, facts)
    if _restarted(clock, stop, later):
        return None
    ended = None if clock.survives_the_end and clock.survives_the_end(facts) else facts.ended_on
    if stop is None and ended is not None and ended < begins:
        return None
    due = _due(clock, start, begins, facts, calendar)
    if due is None:
        return None
    if stop is not None:
        return ClockRun(clock, start.seq, begins, due, stop.happened_on, stop.seq)
    return ClockRun(clock, start.seq, begins, due, ended)


def _stop(clock: Clock, start: CaseEvent, begins: date, later: Sequence[CaseEvent], facts: Facts) -> CaseEvent | None:
    """Return the step that stopped it, or by which a paper left that stops it; or None.

    One before it began stopped nothing: a notice without an address told nobody (N23).
    """
    return next((h for h in later if _stops(clock, start, h, facts) and h.happened_on >= begins), None)


def _stops(clock: Clock, start: CaseEvent, h: CaseEvent, facts: Facts) -> bool:
    if h.sent in clock.papers and still_counts(h, facts):
        return True
    if clock.stops_if_of is not None and not (h.code in clock.stop_codes and clock.stops_if_of(facts, start, h)):
        return False
    return h.code in clock.stop_codes and (clock.stops_if is None or clock.stops_if(facts, h))


def _restarted(clock: Clock, stop: CaseEvent | None, later: Sequence[CaseEvent]) -> bool:
    """Tell whether it began again before anything had stopped it: then only the new run counts."""
    again = next((h for h in later if h.code in clock.restart_codes and h.moved), None)
    return again is not None and (stop is None or stop.seq > again.seq)


def _due(clock: Clock, start: CaseEvent, begins: date, facts: Facts, calendar: Calendar) -> DueDate | None:
    """Return when it is due, or None for a clock that has no length in this case."""
    stated = clock.stated(facts, start) if clock.stated else None
    if stated is not None:
        return stated_due(clock, begins, stated, calendar)
    if clock.limit is None:
        return None
    extra = clock.added(facts, start) if clock.added else 0
    return clock.compute(begins, calendar, extra=extra, started_by=start.code)
