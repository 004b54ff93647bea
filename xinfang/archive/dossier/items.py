"""One thing in the file of a case: its name in the list of contents, where it lies in the package, how to read it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from xinfang.attachments.filecheck.kinds import FILE_KINDS
from xinfang.papers.content import chinese_day

_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%]+')
_MAX_NAME_CHARACTERS = 60


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

    @property
    def day_text(self) -> str:
        """Its day as papers write it, empty where it has none."""
        return chinese_day(self.day)

    @property
    def kind_label(self) -> str:
        """Its kind in words."""
        return FILE_KINDS[self.kind].label if self.kind in FILE_KINDS else self.kind


def file_name(text: str, ending: str = "") -> str:
    """Make a name that every file system and every BagIt tool takes; `ending` without a dot."""
    text = unicodedata.normalize("NFC", text)
    text = _UNFIT.sub("_", text).strip(" ._") or "未命名"
    return f"{text[:_MAX_NAME_CHARACTERS]}.{ending}" if ending else text[:_MAX_NAME_CHARACTERS]
