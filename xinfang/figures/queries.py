"""Which of the cases behind a number somebody may see."""

from django.db.models import QuerySet

from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor

from .figures import Behind


def cases_seen(behind: Behind, actor: Actor) -> tuple[QuerySet[Petition], int]:
    """The cases behind a number that this person may see, and how many others are only counted (2 queries)."""
    seen = visible_to(actor).filter(pk__in=behind.cases.values("pk"))
    return seen, behind.cases.count() - seen.count()
