"""A person says of two cases that they are about one matter, that they aren't, or takes the first back."""

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.audit.row_digests import row_digest
from xinfang.cases.access import CaseView
from xinfang.cases.models import Petition
from xinfang.matters.models import PairJudgement
from xinfang.matters.queries.proof import noted_as
from xinfang.matters.queries.ties import are_repeats, as_pair, judgements_of
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.rules import Reason, Refused
from xinfang.procedure.same_matter import PairGround, PairQuestion, PairVerdict, why_not_tied


def judge(
    case: CaseView,
    other: CaseView,
    verdict: PairVerdict,
    ground: PairGround | None,
    *,
    staff: Staff,
    seen: int,
) -> PairJudgement:
    """Write down what this person says of two cases that they have opened; neither case is changed by it.

    `seen` is how often something had been said of them when the page was opened (`turn` of the last, 0 for nothing).
    Sent twice by one person, it is said once.

    Raises:
        Refused: with every reason; or somebody else was faster, which is told with their name and their verdict.
    """
    one, two = as_pair(case.petition.pk, other.petition.pk)
    with transaction.atomic():
        # Both rows, in one order: of two clerks at the same pair one waits here and then finds what the other said.
        locked = {p.pk: p for p in Petition.objects.filter(pk__in=(one, two)).order_by("pk").select_for_update()}
        last = next(iter(judgements_of(one, two)), None)
        turn = last.turn if last else 0
        if last and turn != seen:
            if turn == seen + 1 and last.by_id == staff.pk and last.verdict == verdict:
                return last
            raise Refused([_somebody_was_faster(last)])
        question = PairQuestion(
            verdict,
            ground,
            PairVerdict.of(last.verdict) if last else None,
            one_case=one == two,
            sealed=any(p.sealed for p in locked.values()),
            repeats=one != two and are_repeats(locked[one], locked[two]),
        )
        if reasons := why_not_tied(question):
            raise Refused(reasons)
        row = PairJudgement.objects.create(
            one_id=one,
            other_id=two,
            turn=turn + 1,
            verdict=verdict.value,
            ground=ground.value if ground else "",
            by=staff,
            at=timezone.now(),
        )
        about = f"{locked[one].number}、{locked[two].number}"
        audit_log.record(staff, noted_as(verdict), about, digest=row_digest(row))
    return row


def _somebody_was_faster(last: PairJudgement) -> Reason:
    said = PairVerdict.of(last.verdict).label
    return Reason(
        f"您打开此页之后，{last.by.name}已对这两件作出认定“{said}”；您的提交没有生效",
        (DEPARTMENT_SETTING,),
        "请看现在的认定，再决定是否更改。",
        "somebody_was_faster",
    )
