"""Where the paper original of a case lies and where it has been: read for its page and label, checked by `verify`."""

from typing import TypedDict

from django.utils import timezone

from xinfang.attachments.models import OriginalPlace
from xinfang.audit.row_digests import check_noted_rows
from xinfang.audit.verification import VerificationReport
from xinfang.cases.models import Petition
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.visibility import keeps_originals
from xinfang.web.dates import chinese_date

NOTED = "登记原件存放处"
"""What the administrative log says of a row: with the number of the case and a digest, and nothing of the place."""


class PlaceLine(TypedDict):
    """One place, with who wrote it down and when."""

    words: str
    when: str
    by: str


class OriginalPanel(TypedDict):
    """Where the original is now, where it was before, and whether the reader keeps it."""

    now: PlaceLine | None
    before: list[PlaceLine]
    may_move: bool


def original_panel(petition: Petition, facts: Facts, actor: Actor) -> OriginalPanel:
    """Return what the page of a case says of its paper original (1 query)."""
    lines = [_line(row) for row in petition.original_places.select_related("by").order_by("-seq")]
    return {"now": lines[0] if lines else None, "before": lines[1:], "may_move": keeps_originals(actor, facts)}


def place_words(petition: Petition) -> str:
    """Return where the original is now, for its label; empty where nobody wrote it down (1 query)."""
    row = petition.original_places.order_by("-seq").first()
    return _words(row) if row else ""


def check_originals(proof: VerificationReport) -> None:
    """Check that every place is noted as it is, and that nothing that was noted is missing (2 queries)."""
    check_noted_rows(proof, "原件存放处", (OriginalPlace,), (NOTED,))


def _line(row: OriginalPlace) -> PlaceLine:
    at = timezone.localtime(row.at)
    return {"words": _words(row), "when": f"{chinese_date(at.date())} {at:%H:%M}", "by": row.by.name}


def _words(row: OriginalPlace) -> str:
    return row.place if row.move == OriginalPlace.Kind.KEPT else f"{row.get_move_display()}：{row.place}"
