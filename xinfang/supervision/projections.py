"""The grounds of supervision are recomputed after every step of a case that may have one."""

from collections.abc import Iterable

from django.db.models import Model

from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Petition
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.core.prepared_inserts import insert_many
from xinfang.procedure.facts import Facts
from xinfang.procedure.supervision import may_have_grounds
from xinfang.procedure.timing import ClockRun
from xinfang.supervision.models import SupervisionGroundRow
from xinfang.supervision.queries.grounds import FIELDS, grounds_of_case


class SupervisionGroundRows(Projection):
    """The grounds of supervision that a case gives now."""

    derived = (Derived(SupervisionGroundRow, ("ground", "unit_id"), FIELDS),)

    def rows(self, case: CaseHistory) -> Iterable[Model]:
        """Return the grounds that the history of a case gives now; none where the case can't have any."""
        return grounds_of_case(case.petition.pk, case.facts, case.runs).values() if may_have_grounds(case.facts) else ()

    def write(self, prepared: None, change: Change) -> None:
        """Bring the grounds of the case in line with what a step changed."""
        reset_grounds(change.petition, None if change.begins else change.before, change.facts, change.runs)


def reset_grounds(petition: Petition, before: Facts | None, facts: Facts, runs: tuple[ClockRun, ...]) -> None:
    """Bring the rows in line with the facts; nothing is read where neither before nor now there can be any."""
    if not may_have_grounds(facts) and (before is None or not may_have_grounds(before)):
        return
    have = {(row.ground, row.unit_id): row for row in petition.lapses.all()}
    wanted = grounds_of_case(petition.pk, facts, runs) if may_have_grounds(facts) else {}
    gone = [row.pk for key, row in have.items() if key not in wanted]
    if gone:
        SupervisionGroundRow.objects.filter(pk__in=gone).delete()
    changed = []
    for key, row in have.items():
        fresh = wanted.pop(key, None)
        if fresh is not None and any(getattr(row, f) != getattr(fresh, f) for f in FIELDS):
            for f in FIELDS:
                setattr(row, f, getattr(fresh, f))
            changed.append(row)
    if changed:
        SupervisionGroundRow.objects.bulk_update(changed, FIELDS)
    insert_many(SupervisionGroundRow, list(wanted.values()))


PROJECTIONS = (SupervisionGroundRows,)
