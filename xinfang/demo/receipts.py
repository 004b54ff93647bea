"""The signed receipt of a demo case, as it comes back and is scanned: the department's own form, marked as a demonstration."""

from datetime import datetime

from xinfang.actions.attach import keep
from xinfang.documents import wording
from xinfang.documents.pdf import render_pdf
from xinfang.people.actors import today
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Material, PaperKind
from xinfang.records.models import Petition
from xinfang.records.queries import facts_of

MARK = "演示"


def file_receipt(number: str, by: Actor, when: datetime) -> None:
    """Put the receipt for the reply into the file of a case that was served."""
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    served = facts.last("serve")
    assert served is not None
    text = wording.compose(PaperKind.SERVICE_RECEIPT, petition, facts, event_seq=served.seq, day=today(when))
    pdf = render_pdf(wording.content_of(PaperKind.SERVICE_RECEIPT, text, marks=(MARK,)))
    keep(number, pdf, f"{PaperKind.SERVICE_RECEIPT.label}.pdf", "pdf", what=Material.RECEIPT, by=by, now=when)
