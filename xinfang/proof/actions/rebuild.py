"""Mending rows that aren't what the events say. The events are never touched."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import ProtectedError

from xinfang.audit.actions import audit_log
from xinfang.cases.models import Petition
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.search import index

_SEARCH = ("search_text", "search_person")


def rebuild(numbers: Sequence[str]) -> Counter[str]:
    """Bring the derived rows of these cases in line with their events; returns how many rows of which table were mended.

    One transaction a case, with an entry in the administrative log.
    """
    mended: Counter[str] = Counter()
    for number in numbers:
        with transaction.atomic():
            petition = Petition.objects.select_for_update().get(number=number)
            found = [d for d in differences([number]) if isinstance(d, RowDifference)]
            found = [d for d in found if d.table in _SEARCH or _mend(d)]
            of_case = Counter(d.table for d in found)
            if any(d.table in _SEARCH for d in found):
                petition.refresh_from_db()
                index.reindex(petition)
            if of_case:
                audit_log.record(None, "重建派生数据", number, rows=dict(of_case))
            mended += of_case
    return mended


def _mend(d: RowDifference) -> bool:
    """Whether it could be: not where the events can't be read, nor where other rows refer to one that should not be there."""
    if d.wanted is None and d.stored is None:
        return False
    if d.wanted is None:
        assert d.stored is not None
        try:
            d.stored.delete()
        except ProtectedError:
            return False
    elif d.stored is None:
        d.wanted.save(force_insert=True)
    else:
        d.wanted.pk, d.wanted._state.adding = d.stored.pk, False
        d.wanted.save(update_fields=[_field(d, c) for c in d.derived.fields or d.columns])
    return True


def _field(d: RowDifference, column: str) -> str:
    return d.derived.model._meta.get_field(column.removesuffix("_id")).name if column.endswith("_id") else column
