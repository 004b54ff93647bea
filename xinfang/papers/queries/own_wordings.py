"""The department's own wordings of papers."""

from xinfang.papers.models import Wording
from xinfang.procedure.words import PaperKind


def own_wording(kind: PaperKind) -> str | None:
    """The department's own wording of a paper, or None where it keeps the one that came with the program."""
    row = Wording.objects.filter(kind=kind.value).order_by("-version").first()
    return row.text if row and row.text else None
