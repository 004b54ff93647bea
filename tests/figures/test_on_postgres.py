"""The same figures on a real PostgreSQL: each equals the slow count there too, and its cases can be listed."""

from tests import postgres
from tests.cases.racing import environment, run
from tests.night import only_at_night

_PROGRAM = """
from datetime import date
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from tests.figures import slow
from tests.figures.test_equal_slow_count import TODAY, compare
from tests.figures.ways import go
from tests.world import make_department
from xinfang.figures.tables import cases_behind, figure_report
from xinfang.figures.periods import Period, Span
make_department()
ways = "filed", "reopened", "redone", "handed over", "answered", "extended", "rated", "declined", "sent back"
for n, way in enumerate(ways):
    go(way, ("letter", "group", "online")[n % 3], date(2026, 8, 3), 2, TODAY)
counted = figure_report(Period(Span.QUARTER, 2026, 3), TODAY)
cells = compare(counted, slow.read())
listed = [
    cases_behind(f.code, counted.period.days, TODAY).cases.count() > 0
    for table in counted.tables for row in table.rows for f in row.figures
    if f and f.listed and f.now.number
]
print(connection.vendor, cells, len(listed), all(listed))
"""


@only_at_night
def test_on_postgresql(tmp_path) -> None:
    with postgres.server() as server:
        vendor, cells, listed, found = run(environment(tmp_path, postgres.address(server)), _PROGRAM).split()
    assert vendor == "postgresql"
    assert int(cells) > 900 and int(listed) > 60
    assert found == "True"
