"""One paper of a case, as far as a person may see it, and the access that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from xinfang.accounts.pages import DeskRequest
from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.access import case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.queries.petitioners import personal_fields_in
from xinfang.core.clock import today
from xinfang.papers.queries.overview import PaperPageCase
from xinfang.papers.queries.papers import paper_at
from xinfang.procedure.visibility import may_read
from xinfang.procedure.words import AccessKind

if TYPE_CHECKING:
    from xinfang.cases.models import Petition
    from xinfang.papers.models import Paper

NAV_ROUTE = "petitions"


def case_of(request: DeskRequest, number: str) -> tuple[Petition, PaperPageCase]:
    """Return the petition and its facts; the legal adviser sees the draft sent to them and no papers (H13)."""
    opened = case_or_404(request, number)
    day = today()
    return opened.petition, PaperPageCase(opened.facts, request.actor, day, calendar(), directory(day))


def paper_or_404(petition: Petition, case: PaperPageCase, place: int) -> Paper:
    """Return one paper of this case, with its files.

    Raises:
        Http404: there is none, or this person may not read it.
    """
    paper = paper_at(petition, place)
    if paper is None or not may_read(case.actor, paper.paper_kind):
        raise Http404
    return paper


def typed_paper_or_404(petition: Petition, case: PaperPageCase, place: int) -> Paper:
    """Return one paper that was composed here, with a text and pages of its own; a scan is seen as the attachment.

    Raises:
        Http404: there is none, or this person may not read it.
    """
    paper = paper_or_404(petition, case, place)
    if paper.is_scan:
        raise Http404
    return paper


def log_paper_access(request: DeskRequest, petition: Petition, text: str, why: str, **detail: Any) -> None:
    """Record that somebody read a paper, and which personal data it shows."""
    shown = personal_fields_in(petition, text)
    log_access(petition, request.user, AccessKind.UNMASK if shown else AccessKind.READ, why, fields=shown, **detail)
