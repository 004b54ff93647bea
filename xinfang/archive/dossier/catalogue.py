"""A volume as catalogues have it: the same on the cover, in the package and in the list of all volumes."""

from dataclasses import dataclass
from datetime import date

from xinfang.archive.dossier.items import INSIDE, eight_digits
from xinfang.archive.volume_number import NOT_SET, SEALED_SUFFIX, ArchiveCodes, parts_of
from xinfang.papers.content import chinese_day

NOT_NUMBERED = "（未编档号）"
NO_LEVEL = "无"


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeEntry:
    """One volume (案卷级). Days are Asia/Shanghai."""

    file: str
    """The 档号 of the file, open and sealed volume together; empty while it has none."""
    apart: bool
    """Whether this is its sealed volume."""
    number: str
    """编号 of the case."""
    title: str
    fonds_name: str
    codes: ArchiveCodes
    """What holds where the number has no parts of its own."""
    unit_name: str
    year: int | None
    period: str
    """保管期限; empty while nobody decided it."""
    first: date | None = None
    last: date | None = None
    compiled_by: str = ""
    compiled_on: date | None = None
    checked_by: str = ""
    checked_on: date | None = None
    items: int | None = None
    pages: int | None = None
    remark: str = ""

    @property
    def volume(self) -> str:
        """Its 档号, or words that it has none."""
        return f"{self.file}{SEALED_SUFFIX if self.apart else ''}" if self.file else NOT_NUMBERED

    def fields(self) -> dict[str, str]:
        """Return what it says of itself, by label, in the order of the catalogue."""
        parts = parts_of(self.file)
        codes = parts.codes if parts else self.codes
        year = parts.year if parts else self.year
        unit = f"{self.unit_name}（{codes.unit}）" if self.unit_name and codes.unit else codes.unit or NOT_SET
        return {
            "档号": self.volume,
            "全宗号": codes.fonds or NOT_SET,
            "全宗名称": self.fonds_name,
            "年度": str(year or ""),
            "机构（问题）": unit,
            "编号": self.number,
            "题名": self.title,
            "起止日期": "—".join(eight_digits(day) for day in (self.first, self.last) if day),
            "密级": INSIDE if self.apart else NO_LEVEL,
            "保管期限": self.period or "未定",
            "立卷人": self.compiled_by,
            "立卷日期": eight_digits(self.compiled_on),
            "检查人": self.checked_by,
            "归档日期": eight_digits(self.checked_on),
            "件数": "" if self.items is None else str(self.items),
            "页数": "" if self.pages is None else str(self.pages),
            "备注": self.remark,
        }

    def cover(self) -> list[tuple[str, str]]:
        """Return the rows of the cover (卷皮)."""
        said = self.fields()
        return [(label, said[label]) for label in said if label not in ("立卷日期", "检查人", "归档日期", "备注")]

    def closing(self, condition: str) -> list[tuple[str, str]]:
        """Return the rows of the 卷内备考表; `condition` says what is missing, damaged or printed again."""
        return [
            ("档号", self.volume),
            ("件数", f"{self.items} 件"),
            ("页数", f"{self.pages} 页"),
            ("缺损、补印情况", condition),
            ("立卷人", self.compiled_by or "尚未移交机要室"),
            ("立卷日期", chinese_day(self.compiled_on)),
            ("检查人", self.checked_by or "机要室尚未接收"),
            ("检查日期", chinese_day(self.checked_on)),
        ]
