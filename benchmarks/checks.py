"""Is the copied population true? A sample is replayed and compared with its rows, by the code that wrote the first ones."""

import random

from django.forms.models import model_to_dict

from xinfang.calendars.queries import calendar
from xinfang.cases.models import Petition, Task
from xinfang.cases.projections.columns import set_columns
from xinfang.cases.projections.deadlines import set_first_due
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.numbering import check_series
from xinfang.procedure.clocks import running
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.search.models import SearchText


def wrong_in_sample(ids: list[int], count: int = 200) -> list[str]:
    """What differs between histories and rows, in words; nothing if all is right."""
    found = [f"{s.prefix}{s.year}: {len(s.missing)} numbers missing" for s in check_series() if s.missing]
    days = calendar()
    numbers = []
    for pk in random.Random(1).sample(ids, min(count, len(ids))):
        petition = Petition.objects.get(pk=pk)
        numbers.append(petition.number)
        facts = facts_of(petition)
        runs = running(facts, days)
        again = Petition.objects.get(pk=pk)
        set_columns(again, facts)
        set_first_due(again, runs)
        if model_to_dict(again) != model_to_dict(petition) or petition.revision != len(facts.history):
            found.append(f"{petition.number}: columns differ from its history")
        rows = {(d.clock, d.occurrence, d.started_on, d.due, d.alarm, d.stopped_on) for d in petition.deadlines.all()}
        if rows != {(r.clock.code, r.occurrence, r.started_on, r.due.due, r.due.alarm, r.stopped_on) for r in runs}:
            found.append(f"{petition.number}: deadlines differ from its history")
        if Task.objects.filter(petition=petition).exclude(due=petition.next_due).exists():
            found.append(f"{petition.number}: a task has another date")
        if not petition.sealed and not SearchText.objects.filter(pk=pk).exists():
            found.append(f"{petition.number}: is not in the search index")
    found += [f"{d.number} {d.table}: {d.what}" for d in differences(numbers) if isinstance(d, RowDifference)]
    return found
