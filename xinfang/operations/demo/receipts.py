"""What comes back and goes out of a demo case on paper, as scans.

They are the department's own forms, marked as a demonstration.
"""

from collections.abc import Iterator
from datetime import datetime

from xinfang.archive.dossier import printed_leaves
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.papers import wording
from xinfang.papers.pdf import render_pdf
from xinfang.procedure.archive import (
    filed_receipts,
    lacks_its_letter,
    recording_event,
    required_archive_pieces,
    services_of_papers,
    unfiled_papers,
)
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.words import Material, PaperKind

MARK = "演示"


def file_missing_receipts(number: str, by: Actor, when: datetime) -> None:
    """Put into the file what it needs to be archived: the letter, each paper sent, the receipt for what was served."""
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    wanted = [*_scans(facts)]
    if lacks_its_letter(facts):
        pdf = printed_leaves.leaf(f"来信（{MARK}）", petition.body)
        attach_checked(number, pdf, "来信.pdf", "pdf", what=Material.LETTER, by=by, now=when)
    for what, kind, seq in wanted:
        text = wording.compose_paper(kind, petition, facts, event_seq=seq, day=today(when))
        pdf = render_pdf(wording.paper_content(kind, text, marks=(MARK,)))
        attach_checked(number, pdf, f"{kind.label}.pdf", "pdf", what=what, by=by, now=when)


def _scans(facts: Facts) -> Iterator[tuple[Material, PaperKind, int]]:
    """Yield the material, the paper and the step it comes from."""
    lacking = unfiled_papers(facts)
    for piece in required_archive_pieces(facts):
        if piece.kind in lacking and (happened := recording_event(piece, facts)):
            yield Material.PAPER, piece.kind, happened.seq
    for happened in services_of_papers(facts)[filed_receipts(facts) :]:
        yield Material.RECEIPT, PaperKind.SERVICE_RECEIPT, happened.seq
