"""One thing in the file of a case: its name in the list of contents, where it lies in the package, how to read it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from xinfang.attachments.filecheck.kinds import FILE_KINDS

_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%]+')
_MAX_NAME_CHARACTERS = 60
INSIDE = "内部"
"""The 密级 of what is sealed. The system knows of no decision about a state secret, and makes up none."""


@dataclass(frozen=True)
class DossierItem:
    """One thing in the file. `path` is its place in the package, below `data/`; `read` yields its content in chunks.

    `kind` is a code of `filecheck.KINDS`, or json. `apart` belongs into the sealed volume; `bound` says whether it is
    in a volume at all.
    """

    title: str
    kind: str
    path: str
    read: Callable[[], Iterator[bytes]]
    number: str = ""
    author: str = ""
    day: date | None = None
    digest: str = ""
    """SM3 of the content as the chain has it; empty for what is made for the package."""
    turned: int = 0
    apart: bool = False
    bound: bool = True
    beside: bool = False
    """Another form of the item before it, under the same number: the Word file of a paper."""
    place: int = 0
    """Its 序号 in the 卷内目录, and in front of its file name; 0 for what isn't listed."""
    remark: str = ""
    """What the 备注 of the 卷内目录 says of it."""
    reprinted: bool = False
    """There was no such paper: it is printed from the record of its step."""
    hidden: str = ""
    """What its bound pages don't show, though its file in the package does; empty where it shows everything."""
    spans: bool = True
    """Its day is one of the case's; not so of what is printed when the volume is bound."""

    @property
    def level(self) -> str:
        """Its 密级: none was decided; what is in the sealed volume is for inside."""
        return INSIDE if self.apart else ""

    @property
    def day_text(self) -> str:
        """Its day in eight digits, empty where it has none."""
        return eight_digits(self.day)

    @property
    def kind_label(self) -> str:
        """Its kind in words."""
        return FILE_KINDS[self.kind].label if self.kind in FILE_KINDS else self.kind


def eight_digits(day: date | None) -> str:
    """Write a day as lists of the archive do: 20261102; nothing for no day."""
    return day.strftime("%Y%m%d") if day else ""


def file_name(text: str, ending: str = "") -> str:
    """Make a name that every file system and every BagIt tool takes; `ending` without a dot."""
    text = unicodedata.normalize("NFC", text)
    text = _UNFIT.sub("_", text).strip(" ._") or "未命名"
    return f"{text[:_MAX_NAME_CHARACTERS]}.{ending}" if ending else text[:_MAX_NAME_CHARACTERS]
