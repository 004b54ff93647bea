"""Which steps owe a paper, and from whose answers it is composed."""

from collections.abc import Mapping

from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import PaperKind

_ALSO_OF: Mapping[PaperKind, tuple[str, ...]] = {
    # Papers that no step owes, composed from the answers of a step all the same.
    PaperKind.LEGAL_ADVICE: (StepCode.GIVE_LEGAL_ADVICE,),
    PaperKind.COMPLETION_REPORT: (StepCode.REPORT_UP,),
    PaperKind.SUPERVISION_ANSWER: (StepCode.ANSWER_SUPERVISION,),
    PaperKind.REVIEW_APPLICATION: (StepCode.REQUEST_FIRST_REVIEW, StepCode.REQUEST_FINAL_REVIEW),
    PaperKind.FINAL_REVIEW_OPINION: (StepCode.FINAL_REVIEW,),
    PaperKind.HEARING_REPORT: (StepCode.HOLD_HEARING,),
    PaperKind.MEDIATION_CONSENT: (StepCode.MEDIATE,),
    PaperKind.FOLLOW_UP_RECORD: (StepCode.FOLLOW_UP,),
    PaperKind.RECUSAL_REQUEST: (StepCode.RECUSE,),
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
