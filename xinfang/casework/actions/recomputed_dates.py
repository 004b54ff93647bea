"""Due dates that moved as what they are counted with changed: an event on each case, and word to those concerned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction

from xinfang.cases.actions.perform import perform
from xinfang.cases.actions.recipients import Recipients
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.procedure.articles import Article, cite
from xinfang.procedure.calendar import in_chinese
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.steps.supervision import RecomputeDeadline

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A due date that isn't what is on record any more: the row, its case and clock, what it was and what it is."""

    pk: int
    number: str
    clock: str
    was: date
    due: date


def record_moved(
    moved: Iterable[MovedDate], why: str, occasion: str, cites: Sequence[Article], now: datetime
) -> tuple[int, int]:
    """Record an event with the old and the new date on each case and notify those concerned; all or nothing for each.

    `occasion` marks what moved them, so that nothing is done twice. Returns how many succeeded and how many failed.
    """
    people = Recipients(today(now))
    done = failed = 0
    for m in moved:
        step = RecomputeDeadline(clock=m.clock, was=m.was, due=m.due, why=why)
        key = f"recompute:{m.pk}:{m.was}:{m.due}:{occasion}"
        try:
            with transaction.atomic():
                result = perform(step, m.number, by=SYSTEM, idempotency_key=key, now=now)
                notify(
                    people.by(result.petition, result.facts, m.clock),
                    result.petition,
                    kind="deadline",
                    text=(
                        f"{m.number}：“{CLOCKS[m.clock].label}”到期日由{in_chinese(m.was)}改为{in_chinese(m.due)}"
                        f"（{why}，{cite(cites)}）"
                    ),
                    once=key,
                    now=now,
                )
            done += 1
        except Exception:
            # One case that can't be written must not keep the others from their right date; the next sweep looks again.
            failed += 1
            _log.exception("recompute_failed", deadline=m.pk)
    return done, failed
