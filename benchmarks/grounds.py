"""The grounds of supervision of the copied cases."""

from collections.abc import Callable

from xinfang.calendars.queries import calendar
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of_all
from xinfang.core.prepared_inserts import insert_many
from xinfang.procedure.clocks import running
from xinfang.procedure.supervision import find_grounds
from xinfang.procedure.words import OPEN_STATES, State
from xinfang.supervision.models import SupervisionGroundRow
from xinfang.supervision.queries.grounds import ground_rows, held_duty_in

_CHUNK = 200


def fill(say: Callable[[str], None] = lambda _: None) -> int:
    """Compute the grounds of every open case. Returns how many rows were made."""
    open_now = Petition.objects.filter(sealed=False, state__in=[s.value for s in OPEN_STATES])
    wanted = open_now.filter(state=State.HANDLING.value) | open_now.filter(supervised=True)
    numbers = list(
        wanted.exclude(pk__in=SupervisionGroundRow.objects.values("petition_id"))
        .order_by("pk")
        .values_list("pk", "number")
    )
    if not numbers:
        return 0
    the_calendar, who, made = calendar(), held_duty_in(), 0
    for start in range(0, len(numbers), _CHUNK):
        some = [Petition(pk=key, number=number) for key, number in numbers[start : start + _CHUNK]]
        rows: list[SupervisionGroundRow] = []
        for key, facts in facts_of_all(some).items():
            rows += ground_rows(key, find_grounds(facts, running(facts, the_calendar), who)).values()
        insert_many(SupervisionGroundRow, rows)
        made += len(rows)
    say(f"{made} grounds of {len(numbers)} cases")
    return made
