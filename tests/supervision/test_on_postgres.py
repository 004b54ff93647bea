"""Supervision on a real PostgreSQL: the same grounds, board, way up and digest."""

from tests import postgres
from tests.cases.racing import environment, run
from tests.night import only_at_night

_PROGRAM = """
from datetime import date, timedelta
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from tests.world import make_department, noon, register, sweep_on, take, walk, who
from xinfang.core.pagination import paginate
from xinfang.cases.models import Event
from xinfang.notifications.models import Notification
from xinfang.supervision.queries.board import CURSOR_FIELDS, BoardFilter, board_rows, cases_with_grounds
from xinfang.supervision.queries.board import count_grounds, filtered_board, last_supervised
make_department()
day = date(2026, 3, 2)
late, back = register(day), register(day)
walk(late, "heard", day, 0)
walk(back, "assigned", day, 0)
take(late, "supervise", "clerk", day, ground="overdue", text="请抓紧")
take(back, "send_back", "head", day, reason="不属本处")
then = day + timedelta(days=75)
clerk = who("clerk", then)
rows = paginate(board_rows(cases_with_grounds(clerk, then)), CURSOR_FIELDS, limit=50).rows
print(connection.vendor, [(r.petition.number == late, r.ground, r.unit.code if r.unit else "") for r in rows])
of_office = filtered_board(cases_with_grounds(clerk, then), BoardFilter(office=True))
supervised = last_supervised([r.petition_id for r in rows])
print(sorted(count_grounds(clerk, then).values()), len(supervised), of_office.count())
swept = sweep_on(then)
again = sweep_on(then)
print(swept.escalated > 0, swept.failed, swept.weekly, again.overdue + again.escalated + again.weekly)
codes = Event.objects.filter(petition__number=late, data__clock="handling").order_by("seq")
print([e.code for e in codes], Notification.objects.filter(kind="escalated", staff__username="principal").exists())
"""


@only_at_night
def test_on_postgresql(tmp_path) -> None:
    with postgres.server() as server:
        board, counts, swept, told = run(environment(tmp_path, postgres.address(server)), _PROGRAM).splitlines()[-4:]
    assert board.startswith("postgresql")
    for ground in ("'awaited', 'funds'", "'overdue', 'funds'", "'not_resubmitted', ''", "'overdue', ''"):
        assert ground in board, board
    assert counts == "[1, 1, 1, 1] 1 2"
    assert swept == "True 0 6 0"
    assert told == "['mark_overdue', 'escalate'] True"
