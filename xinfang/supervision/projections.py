"""The grounds of supervision are recomputed after every step of a case that may have one."""

from collections.abc import Iterable

from django.db.models import Model

from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Petition
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.core.prepared_inserts import insert_many
from xinfang.procedure.facts import Facts
from xinfang.procedure.supervision import looks_into
from xinfang.procedure.timing import Running
from xinfang.supervision.queries.lapses import FIELDS, of_case

from .models import Lapse


class SupervisionGrounds(Projection):
    """The grounds of supervision that a case gives now."""

    derived = (Derived(Lapse, ("ground", "unit_id"), FIELDS),)

    def rows(self, case: CaseHistory) -> Iterable[Model]:
        return of_case(case.petition.pk, case.facts, case.runs).values() if looks_into(case.facts) else ()

    def write(self, prepared: None, change: Change) -> None:
        reset_lapses(change.petition, None if change.begins else change.before, change.facts, change.runs)


def reset_lapses(petition: Petition, before: Facts | None, facts: Facts, runs: tuple[Running, ...]) -> None:
    """Bring the rows in line with the facts; nothing is read where neither before nor now there can be any."""
    if not looks_into(facts) and before is not None and not looks_into(before):
        return
    have = {(row.ground, row.unit_id): row for row in petition.lapses.all()}
    wanted = of_case(petition.pk, facts, runs) if looks_into(facts) else {}
    gone = [row.pk for key, row in have.items() if key not in wanted]
    if gone:
        Lapse.objects.filter(pk__in=gone).delete()
    changed = []
    for key, row in have.items():
        fresh = wanted.pop(key, None)
        if fresh is not None and any(getattr(row, f) != getattr(fresh, f) for f in FIELDS):
            for f in FIELDS:
                setattr(row, f, getattr(fresh, f))
            changed.append(row)
    if changed:
        Lapse.objects.bulk_update(changed, FIELDS)
    insert_many(Lapse, list(wanted.values()))


PROJECTIONS = (SupervisionGrounds,)
