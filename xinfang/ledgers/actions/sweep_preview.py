"""What the next sweep would do about cases that are being brought in.

It is found by the rules that the sweep itself follows.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from xinfang.calendars.queries import calendar
from xinfang.cases.actions.recipients import Recipients
from xinfang.cases.models import Petition
from xinfang.procedure.alerts import Level, level_on
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts


@dataclass(frozen=True)
class SweepPreview:
    """How many warnings, overdue marks, words to the principal leader and notifications a sweep would make."""

    alerts: int
    overdue: int
    escalated: int
    notices: int

    def __str__(self) -> str:
        return f"提醒 {self.alerts}，记录逾期 {self.overdue}，报厅主要领导 {self.escalated}，发出通知 {self.notices} 条"


class NextSweep:
    """Looks at one new case after the other as a sweep of this day (Asia/Shanghai) would, and writes nothing."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._people = Recipients(day)
        self._calendar: Calendar = calendar()
        self._given: Counter[Level] = Counter()
        self._notices = 0

    def look(self, petition: Petition, facts: Facts) -> None:
        """Count what is due of every clock of this case, none of which was ever warned of."""
        for run in running(facts, self._calendar):
            warned = ""
            while level := level_on(run, warned, self._day):
                told = self._people.told(petition, facts, level, run.clock.code)
                self._notices += len({who for people in told.values() for who in people})
                self._given[level] += 1
                warned = str(level.value)

    @property
    def foreseen(self) -> SweepPreview:
        """What the next sweep would do about every case given so far."""
        given = self._given
        near = given[Level.HALF] + given[Level.WEEK] + given[Level.DAYS]
        return SweepPreview(near, given[Level.OVERDUE], given[Level.LONG], self._notices)
