"""档号 after DA/T 13-2022: 全宗号-档案门类代码·年度-保管期限代码-机构（问题）代码-件号, e.g. A012-WS·2026-D30-BGS-0007.

Fonds, category and unit are settings of the department. What isn't set yet is left out of the number, and everything
that shows the parts says so; a number that was given stays as it is (DA/T 13-2022, 4.3).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from xinfang.department.queries import effective_setting
from xinfang.procedure.words import Retention

PERIODS = {Retention.PERMANENT: "Y", Retention.YEARS_30: "D30", Retention.YEARS_10: "D10"}
"""How a 档号 writes the period."""
SEALED_SUFFIX = "-MF"
"""Behind the number of a file, where its sealed volume (密封卷) is meant."""
NOT_SET = "尚未设置"
_FORM = re.compile(
    r"(?:(?P<fonds>[A-Z0-9]+)-)?(?:(?P<category>[A-Z]+(?:·[A-Z0-9]+)?)·)?(?P<year>\d{4})"
    r"-(?P<period>Y|D30|D10)-(?:(?P<unit>[A-Z0-9]+)-)?(?P<place>\d{4,})"
)


@dataclass(frozen=True, slots=True)
class ArchiveCodes:
    """The department's codes in a 档号, each empty while it isn't set."""

    fonds: str = ""
    category: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class VolumeNumber:
    """The parts of a 档号. `period` is its code; `place` the 件号 within year and period."""

    year: int
    period: str
    place: int
    codes: ArchiveCodes = ArchiveCodes()

    def __str__(self) -> str:
        """Write the number, without what isn't set."""
        fonds = f"{self.codes.fonds}-" if self.codes.fonds else ""
        category = f"{self.codes.category}·" if self.codes.category else ""
        unit = f"{self.codes.unit}-" if self.codes.unit else ""
        return f"{fonds}{category}{self.year}-{self.period}-{unit}{self.place:04d}"


CODE_SETTINGS = ("fonds_number", "archive_category", "archive_unit_code")


def archive_codes(day: date, says: Callable[[str, date], str] = effective_setting) -> ArchiveCodes:
    """Return the codes that hold on a day (3 queries, none with `settings_over_time`)."""
    return ArchiveCodes(*(says(name, day) for name in CODE_SETTINGS))


def parts_of(volume: str) -> VolumeNumber | None:
    """Return the parts of a number; None for one that was typed in another form."""
    found = _FORM.fullmatch(volume)
    if found is None:
        return None
    codes = ArchiveCodes(found["fonds"] or "", found["category"] or "", found["unit"] or "")
    return VolumeNumber(int(found["year"]), found["period"], int(found["place"]), codes)
