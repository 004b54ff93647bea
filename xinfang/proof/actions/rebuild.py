"""Mending rows that aren't what the events say.

The events are never touched, and where they don't prove themselves nothing is mended.
"""

from collections import Counter
from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models import ProtectedError

from xinfang.audit.actions import audit_log
from xinfang.cases.models import Petition
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.search import index
from xinfang.search.models import SearchAnswer, SearchPerson, SearchText

_SEARCH = (SearchText._meta.db_table, SearchAnswer._meta.db_table, SearchPerson._meta.db_table)
_WRAPPED = "wrapped_key"
_log = structlog.get_logger(__name__)


def rebuild(numbers: Sequence[str]) -> Counter[str]:
    """Bring the derived rows of these cases in line with their events.

    Returns how many rows of which table were mended. One transaction for each case, with an entry in the administrative
    log. A case with damage stays as it is, and so does one that the database refuses to write; the others are mended.
    """
    mended: Counter[str] = Counter()
    for number in numbers:
        try:
            with transaction.atomic():
                mended += _mend_case(number)
        except Exception as e:
            # The rows of one case, however they were altered, must not keep the others from being mended.
            _log.error("rebuild_failed", number=number, error=type(e).__name__)
    return mended


def _mend_case(number: str) -> Counter[str]:
    locked = Petition.objects.filter(number=number).select_for_update().values_list("pk", flat=True).get()
    found = [d for d in differences([number]) if isinstance(d, RowDifference)]
    if any(d.damaged for d in found):
        return Counter()
    of_index = [d for d in found if d.table in _SEARCH]
    of_case = Counter(d.table for d in found if d.table not in _SEARCH and _mend(d))
    if of_index:
        # What is kept is compared as a set and left where it is right: surplus rows go only with all others.
        index.remove_from_index(locked)
        index.reindex(Petition.objects.get(pk=locked))
        left = Counter(d.table for d in differences([number]) if isinstance(d, RowDifference))
        of_case += Counter(d.table for d in of_index) - left
    if of_case:
        audit_log.record(None, "重建派生数据", number, rows=dict(of_case))
    return of_case


def _mend(d: RowDifference) -> bool:
    """Mend a row, and tell whether it could be.

    It can't where a row holds a key that nothing can make again, or where others refer to one that should not be there.
    """
    if _WRAPPED in d.derived.kept and (d.wanted is None or d.stored is None):
        return False
    if d.wanted is None:
        assert d.stored is not None
        try:
            with transaction.atomic():
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
