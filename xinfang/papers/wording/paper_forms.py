"""How each kind of paper is laid out.

Letters are sent out, documents go up to a superior, records are signed, the rest are sheets.
"""

from collections.abc import Mapping

from xinfang.papers.content import PaperForm
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.words import PaperKind

K = PaperKind
_DOCUMENTS = frozenset({K.COMPLETION_REPORT, K.REPORT_PACKAGE, K.URGENT_REPORT})
_RECORDS = frozenset(
    {K.CONVERSATION_RECORD, K.INQUIRY_RECORD, K.HEARING_RECORD, K.GROUP_VISIT_RECORD, K.FOLLOW_UP_RECORD}
)
TO_A_SUPERIOR = _DOCUMENTS
"""These print who signed them (签发人), as a document to a superior must (GB/T 9704-2012 7.2.6)."""
WRITTEN_BY_OTHERS = frozenset(
    {
        K.REPRESENTATIVES_SHEET,
        K.MEDIATION_CONSENT,
        K.MEDIATION_AGREEMENT,
        K.RECUSAL_REQUEST,
        K.REVIEW_APPLICATION,
        K.SETTLEMENT_PLEDGE,
    }
)
"""What petitioners and parties write and sign themselves: every other paper bears the department's name at its head."""


def _form(kind: PaperKind) -> PaperForm:
    if kind in _DOCUMENTS:
        return PaperForm.DOCUMENT
    if kind in _RECORDS:
        return PaperForm.RECORD
    return PaperForm.LETTER if PAPERS[kind].outward else PaperForm.SHEET


FORMS: Mapping[PaperKind, PaperForm] = {kind: _form(kind) for kind in PaperKind}
