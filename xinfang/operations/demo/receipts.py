"""What comes back of a demo case on paper, as scans.

They are the department's own forms, marked as a demonstration.
"""

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
    services_of_papers,
)
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Material, PaperKind

MARK = "演示"


def file_proof(number: str, what: Material, text: str, by: Actor, when: datetime) -> int:
    """Put into the file what a step rests on, as an invented sheet; returns the number of the attachment."""
    pdf = printed_leaves.leaf(f"{what.label}（{MARK}）", text)
    attach_checked(number, pdf, f"{what.label}.pdf", "pdf", what=what, by=by, now=when)
    return len(facts_of(Petition.objects.get(number=number)).files)


def file_missing_receipts(number: str, by: Actor, when: datetime) -> None:
    """Put into the file what comes back on paper: the letter, and the receipt for each paper that was served."""
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    if lacks_its_letter(facts):
        pdf = printed_leaves.leaf(f"来信（{MARK}）", petition.body)
        attach_checked(number, pdf, "来信.pdf", "pdf", what=Material.LETTER, by=by, now=when)
    kind = PaperKind.SERVICE_RECEIPT
    for served in services_of_papers(facts)[filed_receipts(facts) :]:
        text = wording.compose_paper(kind, petition, facts, event_seq=served.seq, day=today(when))
        pdf = render_pdf(wording.paper_content(kind, text, marks=(MARK,)))
        attach_checked(number, pdf, f"{kind.label}.pdf", "pdf", what=Material.RECEIPT, by=by, now=when)
