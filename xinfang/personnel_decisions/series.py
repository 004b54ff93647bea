"""The numbers of decisions about a unit or a member of staff, e.g. JC2026-0001."""

from xinfang.core.numbering import Series

from .models import Decision


def _used(stem: str) -> list[str]:
    return list(Decision.objects.filter(number__startswith=stem).values_list("number", flat=True))


DECISIONS = Series("JC", "JC{year}-{n:04d}", _used)
SERIES = (DECISIONS,)
