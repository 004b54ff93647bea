"""The department's own wordings of papers."""

from django.db.models.functions import Length

from xinfang.papers.models import Wording
from xinfang.procedure.words import PaperKind


def own_wording(kind: PaperKind) -> str | None:
    """Return the department's own wording of a paper, or None where it keeps the one that came with the program."""
    row = Wording.objects.filter(kind=kind.value).order_by("-version").first()
    return row.text if row and row.text else None


def own_versions() -> dict[str, int]:
    """Return the kinds that the department words itself now, each with the version in force (1 query)."""
    latest: dict[str, tuple[int, int]] = {}
    for kind, version, length in Wording.objects.order_by("kind", "version").values_list(
        "kind", "version", Length("text")
    ):
        latest[kind] = version, length
    return {kind: version for kind, (version, length) in latest.items() if length}


def wordings_of(kind: PaperKind) -> list[Wording]:
    """Return every version of the department's wording of a paper with its author, the newest first (1 query)."""
    return list(Wording.objects.filter(kind=kind.value).select_related("by").order_by("-version"))
