"""The pages that 移交归档 says, beside those of the volumes as they would be bound."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db.models import Sum

from xinfang.archive.dossier.counting import counted_volumes
from xinfang.archive.dossier.gathering import gather_dossier
from xinfang.archive.models import BoundVolume
from xinfang.cases.models import Petition
from xinfang.core.clock import today

MAX_OCTETS_READ = 64 * 2**20
"""Of the attachments of a case that are counted while somebody waits for a page."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BoundPages:
    """Pages of the open and of the sealed volume, without cover, contents and 备考表; 0 for none."""

    opened: int
    apart: int

    @property
    def total(self) -> int:
        """Pages of both."""
        return self.opened + self.apart

    @property
    def words(self) -> str:
        """Say how many, and where."""
        parts = [f"普通卷 {self.opened} 页", *([f"密封卷 {self.apart} 页"] if self.apart else [])]
        return f"{self.total} 页（{'、'.join(parts)}）" if self.opened and self.apart else f"{self.total} 页"

    def against(self, claimed: int) -> str:
        """Say how they differ from the pages that were claimed; empty where they don't."""
        if claimed == self.total:
            return ""
        return (
            f"页数不一致：移交时填写 {claimed} 页，按现有材料装订为 {self.words}，相差 {abs(claimed - self.total)} 页。"
        )


def stored_pages(petitions: Sequence[Petition]) -> dict[int, BoundPages]:
    """Return the pages of these cases by primary key, where they were counted since the case last moved (1 query)."""
    rows = BoundVolume.current().filter(petition__in=petitions)
    found: dict[int, dict[bool, int]] = {}
    for petition, apart, pages in rows.values_list("petition_id", "apart", "pages"):
        found.setdefault(petition, {})[apart] = pages
    return {pk: BoundPages(pages.get(False, 0), pages.get(True, 0)) for pk, pages in found.items()}


def pages_as_bound(petition: Petition) -> BoundPages | None:
    """Return the pages of a case, counted now where nobody has.

    None where its files can't be read, or are so large that a page would be long in coming. About 20 queries and some
    tenths of a second where it must count.
    """
    if found := stored_pages([petition]).get(petition.pk):
        return found
    size = petition.attachments.filter(withdrawal=None).aggregate(octets=Sum("size", default=0))["octets"]
    if size > MAX_OCTETS_READ:
        return None
    try:
        pages = {v.apart: v.pages for v in counted_volumes(gather_dossier(petition, today()))}
    except Exception:  # whatever a disk or a damaged file does: the page is shown without the comparison
        _log.exception("pages_not_counted", petition=petition.number)
        return None
    return BoundPages(pages.get(False, 0), pages.get(True, 0))
