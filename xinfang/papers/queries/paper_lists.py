"""Lists of papers: those of the cases a person sees, and those that wait for them."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinfang.cases.models import RequiredPaper
from xinfang.cases.queries.inbox import tasks_for
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.papers.models import Paper
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind, PaperStage

CURSOR_FIELDS = ("id",)
UNSENT = "unsent"
"""A stage for lists: issued, to be sent out, and not sent yet, or come back and not sent once more."""
AWAITED_STEP: dict[str, str] = {
    PaperStage.CHECKING.value: StepCode.CHECK_PAPER,
    PaperStage.SIGNING.value: StepCode.SIGN_PAPER,
    PaperStage.SIGNED.value: StepCode.ISSUE_PAPER,
}
"""The step that a paper at this stage waits for."""


def papers_for(actor: Actor, *, advice: bool) -> QuerySet[Paper]:
    """Return the papers of the cases this person sees; the legal adviser's opinions only with `advice`."""
    seen = Exists(visible_to(actor, each=True).filter(pk=OuterRef("petition_id")))
    papers = Paper.objects.filter(seen)
    return papers if advice else papers.exclude(kind=PaperKind.LEGAL_ADVICE.value)


def papers_waiting_for(actor: Actor) -> Q:
    """Return the filter for papers whose next step is this person's."""
    mine = Q(pk__in=[])
    for stage, step in AWAITED_STEP.items():
        asked = tasks_for(actor).filter(step=step).order_by().values("petition_id")
        mine |= Q(stage=stage, petition__in=asked)
    return mine


def required_papers_for(actor: Actor) -> QuerySet[RequiredPaper]:
    """Return what steps of the cases this person sees owe and nobody has made yet."""
    seen = Exists(visible_to(actor, each=True).filter(pk=OuterRef("petition_id")))
    made = Paper.objects.filter(
        petition=OuterRef("petition_id"), kind=OuterRef("kind"), owed_by=OuterRef("event__seq")
    ).exclude(stage=PaperStage.WITHDRAWN.value)
    return RequiredPaper.objects.filter(seen).exclude(Exists(made))


def paper_list(
    actor: Actor, *, advice: bool, stage: str = "", kind: str = "", waiting: bool = False
) -> QuerySet[Paper]:
    """Return the papers of the cases this person sees, with their cases, filtered by what isn't empty.

    With `waiting`, only those that wait for this person.
    """
    papers = papers_for(actor, advice=advice).select_related("petition")
    if waiting:
        papers = papers.filter(papers_waiting_for(actor))
    if stage == UNSENT:
        outward = [k.value for k, rule in PAPERS.items() if rule.outward]
        still_here = Q(left_on=None) | Q(failed_on__isnull=False)
        papers = papers.filter(still_here, stage=PaperStage.ISSUED.value, kind__in=outward)
    elif stage:
        papers = papers.filter(stage=stage)
    return papers.filter(kind=kind) if kind else papers


def required_paper_list(actor: Actor, *, advice: bool, kind: str = "") -> QuerySet[RequiredPaper]:
    """Return what steps owe and nobody has made, with the cases and events.

    The legal adviser's opinions only with `advice`.
    """
    owed = required_papers_for(actor).select_related("petition", "event")
    if not advice:
        owed = owed.exclude(kind=PaperKind.LEGAL_ADVICE.value)
    return owed.filter(kind=kind) if kind else owed


def chosen_papers(pks: Iterable[int], actor: Actor, *, advice: bool) -> dict[int, Paper]:
    """Return those of these papers that this person sees, by primary key, with cases and issued files (1 query)."""
    seen = papers_for(actor, advice=advice).filter(pk__in=pks)
    return {p.pk: p for p in seen.select_related("petition", "pdf")}
