"""Numbers of cases, events and deadlines that pages show, each of what its reader may see."""

from datetime import datetime, time

from django.db.models import Count, Q

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import Deadline, Event
from xinfang.cases.queries.petition_filter import OPEN_STATE_CODES
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.clock import SHANGHAI, today
from xinfang.procedure.facts import Actor
from xinfang.procedure.steps.supervision import ChangeHandler, ChangeLeader


def open_work_of(person: Staff, actor: Actor) -> dict[str, int]:
    """Return how many open cases this person has, as far as `actor` may see them: `handled` and `led` (1 query)."""
    handled = Q(handler=person, state__in=[s.value for s in ChangeHandler.rule.when])
    led = Q(responsible_leader=person, state__in=[s.value for s in ChangeLeader.rule.when])
    counts: dict[str, int] = (
        visible_to(actor)
        .filter(handled | led)
        .order_by()
        .aggregate(handled=Count("pk", filter=handled), led=Count("pk", filter=led))
    )
    return counts


def open_cases_in(unit: Unit, actor: Actor) -> int:
    """Return how many open cases this unit handles, as far as `actor` may see them (1 query)."""
    return visible_to(actor).filter(handling_unit=unit, state__in=OPEN_STATE_CODES).count()


def cases_by_category(actor: Actor) -> dict[int | None, int]:
    """Return how many cases that `actor` may see are of each category, by its key (1 query).

    None: without a category.
    """
    return dict(visible_to(actor).order_by().values_list("category").annotate(n=Count("pk")))


def happened_this_month(actor: Actor) -> dict[str, int]:
    """Return how often each step took effect this month (Asia/Shanghai) in visible cases (1 query).

    Visible are the cases that `actor` may see.
    """
    begin = datetime.combine(today().replace(day=1), time(), SHANGHAI)
    events = Event.objects.filter(recorded_at__gte=begin, stage__in=("done", "confirmed"))
    # The aggregate is of the events of one month; whether a case may be seen is asked of those only.
    seen = events.filter(petition__in=visible_to(actor)).order_by()
    return dict(seen.values_list("code").annotate(n=Count("pk")))


def provisional_deadlines() -> int:
    """Return how many running deadlines fall in a year whose working days aren't published yet (1 query).

    They are those of all cases.
    """
    return Deadline.objects.filter(stopped_on=None, provisional=True).count()
