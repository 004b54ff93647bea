"""Which of the cases behind a number somebody may see."""

from django.db.models import QuerySet

from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.figures.tables import CaseDrilldown
from xinfang.procedure.facts import Actor


def cases_seen(behind: CaseDrilldown, actor: Actor) -> tuple[QuerySet[Petition], int]:
    """Return the cases behind a number that this person may see, and how many others are only counted (2 queries)."""
    seen = visible_to(actor).filter(pk__in=behind.cases.values("pk"))
    return seen, behind.cases.count() - seen.count()
