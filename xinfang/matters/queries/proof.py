"""Whether what is kept of two cases is what people said: each row is noted in the administrative log by its digest."""

from xinfang.audit.row_digests import check_noted_rows
from xinfang.audit.verification import VerificationReport
from xinfang.matters.models import PairJudgement
from xinfang.procedure.same_matter import PairVerdict


def noted_as(verdict: PairVerdict) -> str:
    """Return what the administrative log says of a word about two cases."""
    return f"认定：{verdict.label}"


def check_ties(proof: VerificationReport) -> None:
    """Check that every row is noted as it is, and that nothing that was noted is missing (2 queries)."""
    check_noted_rows(proof, "同一事项", (PairJudgement,), [noted_as(v) for v in PairVerdict])
