"""档号, the numbers of files, and the numbers of disposal lists.

Files have one series a period and year, e.g. XF·2026-D30-0012 (DA/T 22); disposal lists e.g. XH2037-001.
"""

from xinfang.archive.models import ArchiveVolume, DisposalList
from xinfang.core.numbering import Series
from xinfang.procedure.words import Retention

PERIODS = {Retention.PERMANENT: "Y", Retention.YEARS_30: "D30", Retention.YEARS_10: "D10"}
"""How a 档号 writes the period."""


def _volumes(stem: str) -> list[str]:
    return list(ArchiveVolume.objects.filter(volume__startswith=stem).values_list("volume", flat=True))


def _typed(volume: str) -> bool:
    return ArchiveVolume.objects.filter(volume=volume).exists()


def _lists(stem: str) -> list[str]:
    return list(DisposalList.objects.filter(number__startswith=stem).values_list("number", flat=True))


VOLUMES = {
    period: Series(f"XF-{code}", "XF·{year}-" + code + "-{n:04d}", _volumes, _typed) for period, code in PERIODS.items()
}
DISPOSALS = Series("XH", "XH{year}-{n:03d}", _lists)
SERIES = (*VOLUMES.values(), DISPOSALS)
