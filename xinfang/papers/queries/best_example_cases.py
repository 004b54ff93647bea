"""Which case shows a kind of paper best: for the sheets of all papers that are looked at before a release."""

from django.db.models import Count

from xinfang.cases.models import Event, Petition, RequiredPaper
from xinfang.papers.required_papers import COMPOSED_FROM
from xinfang.procedure.words import PaperKind


def example_case(kind: PaperKind) -> tuple[Petition, int | None] | None:
    """Return a case that such a paper can be made of, and the event that owes it (1 to 3 queries).

    The latest case that owes it, else the latest that took a step the paper tells of, else the one with the longest
    history; None where there is no ordinary case at all.
    """
    owed = (
        RequiredPaper.objects.filter(kind=kind.value).select_related("petition", "event").order_by("-event_id").first()
    )
    if owed:
        return owed.petition, owed.event.seq
    ordinary = Petition.objects.filter(sealed=False)
    told = Event.objects.filter(code__in=COMPOSED_FROM[kind], stage="done", petition__in=ordinary)
    event = told.select_related("petition").order_by("-id").first()
    if event:
        return event.petition, event.seq
    # A sheet of representatives looks like nothing when one person came alone.
    by_size = ["-group_size"] if kind in (PaperKind.REPRESENTATIVES_SHEET, PaperKind.GROUP_VISIT_RECORD) else []
    longest = ordinary.annotate(n=Count("events")).order_by(*by_size, "-n", "id").first()
    return (longest, None) if longest else None
