"""Which steps owe a paper, and from whose answers it is composed."""

from collections.abc import Mapping

from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import PaperKind

_ALSO_OF: Mapping[PaperKind, tuple[str, ...]] = {
    # Papers that no step owes, composed from the answers of a step all the same.
    PaperKind.LEGAL_ADVICE: ("give_legal_advice",),
    PaperKind.SIMPLE_REPLY: ("answer",),
    PaperKind.COMPLETION_REPORT: ("report_up",),
    PaperKind.SUPERVISION_ANSWER: ("answer_supervision",),
    PaperKind.REVIEW_APPLICATION: ("request_first_review", "request_final_review"),
    PaperKind.REVIEW_ACCEPTANCE: ("request_first_review",),
    PaperKind.HEARING_REPORT: ("hold_hearing",),
    PaperKind.MEDIATION_CONSENT: ("mediate",),
    PaperKind.RECUSAL_REQUEST: ("recuse",),
}


def _steps() -> dict[PaperKind, tuple[str, ...]]:
    owed: dict[PaperKind, tuple[str, ...]] = {}
    for code, step in STEPS.items():
        for kind in (*step.rule.papers, *step.may_owe):
            owed[kind] = (*owed.get(kind, ()), code)
    return {kind: owed.get(kind, ()) for kind in PaperKind}


REQUIRED_BY: Mapping[PaperKind, tuple[str, ...]] = _steps()
"""The steps that owe each paper; none for papers made only where there is need."""
COMPOSED_FROM: Mapping[PaperKind, tuple[str, ...]] = {k: owed or _ALSO_OF.get(k, ()) for k, owed in REQUIRED_BY.items()}
"""The steps whose answers a paper tells."""
