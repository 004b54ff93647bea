"""Where seals are kept beside the database, since when a place got none, and what the folder has."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from xinfang.audit.models import Seal, SealCopy
from xinfang.audit.seals import KeptSeal
from xinfang.procedure.errors import XinfangError

FILE = "xinfang-seals.txt"
"""The file in the folder: one seal a line, appended."""
LOG_MARK = "xinfang-seal"
"""What a line of the log begins with."""
PLACES = {"folder": "另存文件夹", "syslog": "日志服务器", "mail": "审计员邮箱"}
MAX_AGE = timedelta(days=2)
"""After this long without a seal sent, a place is named."""
_LINE = re.compile(rf"(?:.*{LOG_MARK} )?(\d+) (\d{{4}}-\d\d-\d\d) ([0-9a-f]{{64}})(?: ([0-9a-f]{{64}}))?")


@dataclass(frozen=True, slots=True)
class SealPlace:
    """A place where seals are sent. `late` says why it is named, and is empty where all is well."""

    name: str
    sent_at: datetime | None
    number: int
    late: str


class UnreadableSeals(XinfangError):
    """A line of a file isn't a seal; `line` is its place, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def configured_places() -> list[str]:
    """Return the places that are set up, in the order in which they are named."""
    there = {"folder": settings.SEALS_FOLDER, "syslog": settings.SEALS_SYSLOG, "mail": settings.SEALS_EMAIL}
    return [place for place in PLACES if there[place]]


def seal_places(now: datetime | None = None) -> list[SealPlace]:
    """Return each place that is set up with what was sent there (2 queries)."""
    now = now or timezone.now()
    copies = {c.pk: c for c in SealCopy.objects.all()}
    waiting = Seal.objects.order_by("-number").values_list("number", "made_at").first()
    found = []
    for place in configured_places():
        copy = copies.get(place) or SealCopy(place=place)
        late = ""
        if copy.failed_at is not None:
            since = f"{timezone.localtime(copy.failed_at):%Y-%m-%d %H:%M}"
            late = f"封印自{since}起送不到{PLACES[place]}（{copy.why}），请检查设置和连接。"
        elif waiting is not None and waiting[0] > copy.number and now - (copy.sent_at or waiting[1]) > MAX_AGE:
            late = f"封印超过{MAX_AGE.days}天没有送到{PLACES[place]}，请检查巡查（xinfang sweep）是否在运行。"
        found.append(SealPlace(PLACES[place], copy.sent_at, copy.number, late))
    return found


def read_kept_seals(lines: Iterable[str]) -> dict[int, KeptSeal]:
    """Return the seals of a file that was kept elsewhere, by number; of two with one number the first.

    A second one with the same number was made after the database had been put back: the first is the one to compare.

    Raises:
        UnreadableSeals: a line isn't a seal.
    """
    kept: dict[int, KeptSeal] = {}
    for place, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise UnreadableSeals(place)
        kept.setdefault(int(found[1]), KeptSeal(found[3], found[4] or ""))
    return kept


def seals_in_folder() -> dict[int, KeptSeal]:
    """Return the seals in the folder that is set up; none without one, or where nothing was sent there yet.

    Raises:
        OSError: the file can't be read.
        UnreadableSeals: a line isn't a seal.
    """
    file: Path | None = settings.SEALS_FOLDER and settings.SEALS_FOLDER / FILE
    return read_kept_seals(file.read_text("utf-8", "replace").splitlines()) if file and file.exists() else {}
