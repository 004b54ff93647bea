"""件号, the running part of the numbers of files, and the numbers of disposal lists.

Files have one series a year and period, e.g. 2026-D30-0012, whatever codes of the department stand around it
(`volume_number`); disposal lists e.g. XH2037-001.
"""

from dataclasses import replace

from xinfang.archive.models import ArchiveVolume, DisposalList
from xinfang.archive.volume_number import PERIODS, ArchiveCodes, parts_of
from xinfang.core.numbering import Series


def _volumes(stem: str) -> list[str]:
    """Return the numbers of one year and period, without the codes of the department."""
    rows = ArchiveVolume.objects.filter(volume__contains=stem).values_list("volume", flat=True)
    found = (parts_of(volume) for volume in rows)
    bare = (str(replace(number, codes=ArchiveCodes())) for number in found if number)
    return [number for number in bare if number.startswith(stem)]


def _typed(number: str) -> bool:
    return number in _volumes(number.rpartition("-")[0] + "-")


def _lists(stem: str) -> list[str]:
    return list(DisposalList.objects.filter(number__startswith=stem).values_list("number", flat=True))


VOLUMES = {
    period: Series(f"DH-{code}", "{year}-" + code + "-{n:04d}", _volumes, _typed) for period, code in PERIODS.items()
}
DISPOSALS = Series("XH", "XH{year}-{n:03d}", _lists)
SERIES = (*VOLUMES.values(), DISPOSALS)
