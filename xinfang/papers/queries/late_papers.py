"""What is late about a paper: whoever signs or sends it reads that first."""

from collections.abc import Iterator
from datetime import date

from xinfang.papers.content import chinese_day
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Facts, PaperFacts
from xinfang.procedure.what_is_due import what_is_due
from xinfang.procedure.words import PaperKind, PaperStage

_UNSIGNED = (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING)


def late_sentences(paper: PaperFacts, facts: Facts, calendar: Calendar, today: date) -> Iterator[str]:
    """Yield what is late about a paper that hasn't left the house, on a day (Asia/Shanghai); nothing where nothing is.

    A limit to tell the petitioner runs until the paper has left (条例23); the days from acceptance count from the date
    that the notice bears, however late it is signed (条例34).
    """
    if paper.stage in (PaperStage.SERVED, PaperStage.WITHDRAWN):
        return
    for run in what_is_due(facts, calendar).running:
        if paper.kind in run.clock.papers and run.overdue(today):
            late = (today - run.due.due).days
            yield f"“{run.clock.label}”的期限{chinese_day(run.due.due)}已经届满，至今超过{late}日。请尽快发出。"
    accepted = facts.accepted_on
    if paper.kind is PaperKind.ACCEPTANCE_NOTICE and paper.stage in _UNSIGNED and accepted and accepted != today:
        yield (
            f"受理日期是{chinese_day(accepted)}，今天签发的，成文日期是{chinese_day(today)}。"
            "办结期限仍自受理日期起算，不因签发晚而推后。"
        )
