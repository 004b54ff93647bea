"""Telling the next person of a step that waits for its second one too long: each person once for each such step."""

from datetime import date, datetime

from django.db import transaction

from xinfang.calendars.queries import calendar
from xinfang.cases.actions.recipients import Recipients
from xinfang.cases.models import Petition
from xinfang.cases.projections.tasks import about_waiting, cases_that_wait
from xinfang.cases.queries.petitions import facts_with_damaged_text
from xinfang.notifications.actions import notify_each
from xinfang.procedure.articles import cite
from xinfang.procedure.calendar import in_chinese
from xinfang.procedure.facts import Facts
from xinfang.procedure.limits import SECOND_PERSON
from xinfang.procedure.waiting import WaitingStep, waiting_steps


def tell_of_waiting_steps(day: date, now: datetime) -> int:
    """Tell whom each step has waited long enough for; returns to how many people something was addressed.

    A few queries where nothing waits. `now` is an aware time, `day` its day in Asia/Shanghai.
    """
    petitions = {p.pk: p for p in Petition.objects.filter(pk__in=cases_that_wait())}
    if not petitions:
        return 0
    run = _Run(day, now)
    return sum(run.look_at(petitions[pk], facts) for pk, facts in facts_with_damaged_text(petitions.values()).items())


class _Run:
    """One look at all cases in which something waits."""

    def __init__(self, day: date, now: datetime) -> None:
        self._day, self._now = day, now
        self._people = Recipients(day)
        self._calendar = calendar()

    def look_at(self, petition: Petition, facts: Facts) -> int:
        return sum(self._tell(petition, facts, waiting) for waiting in waiting_steps(facts))

    def _tell(self, petition: Petition, facts: Facts, waiting: WaitingStep) -> int:
        rungs = waiting.rungs_reached(facts, self._day, self._calendar)
        if not rungs:
            return 0
        reasons = self._people.told_of_waiting(petition, facts, waiting, rungs)
        what = (
            f"{petition.number}：“{waiting.label}”{in_chinese(waiting.since)}提出，"
            f"等待第二人确认超过{SECOND_PERSON.on(waiting.since)}"
            f"（{cite(SECOND_PERSON.cites)}）"
        )
        texts = {who: f"{what}。告知原因：{why}" for why, people in reasons.items() for who in people}
        with transaction.atomic():
            return notify_each(
                texts,
                petition,
                kind="waiting",
                once=f"waits:{petition.pk}:{waiting.seq}",
                about=about_waiting(waiting.pending.code),
                now=self._now,
            )
