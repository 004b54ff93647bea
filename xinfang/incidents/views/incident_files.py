"""What hangs on an event: pictures of the place, and the written report as it looks now or as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.page_images import (
    PAGE_IMAGE_SIZES,
    RENDERABLE_KINDS,
    THUMBNAIL_SIZE,
    RenderedPage,
    RenderingFailed,
    page_image_cache,
    render_page_image,
)
from xinfang.attachments.views.viewing import picture
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.incidents.queries.incidents import picture_at, sent_report
from xinfang.incidents.report import propose_report, report_content
from xinfang.incidents.views.incidents import NAV_ROUTE, READS_REPORTS, IncidentPage, incident_or_404
from xinfang.papers.pdf import render_pdf
from xinfang.papers.pdf_pages import page_count
from xinfang.papers.source import PaperError
from xinfang.papers.views.papers_files import saved
from xinfang.procedure.incidents.words import ReportStage
from xinfang.vault.sm_ciphers import VaultError, sm3
from xinfang.web.actions import drafts
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.incidents.models import IncidentFile

PREVIEW_PIXELS = PAGE_IMAGE_SIZES[2]
_log = structlog.get_logger(__name__)


@require_safe
@desk_page()
def photo(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Show a picture of the place, drawn by this server; `?small` is the thumbnail.

    Only pictures: the report has its own address.

    Raises:
        Http404: there is no such picture, or the event isn't this person's to see.
    """
    found = picture_at(incident_or_404(request, number), place)
    if found is None or found.kind not in RENDERABLE_KINDS:
        raise Http404
    longest = THUMBNAIL_SIZE * 2 if "small" in request.GET else PREVIEW_PIXELS
    key = ("incident-file", found.pk, found.digest, longest)
    return picture(lambda: page_image_cache.get(key, lambda: _drawn(found, longest)))


def _drawn(file: IncidentFile, longest: int) -> RenderedPage:
    try:
        return render_page_image(b"".join(file_store.read_content(file.address, file.secret())), file.kind, 1, longest)
    except (OSError, VaultError) as e:
        _log.error("incident_picture_unreadable", file=file.pk, error=type(e).__name__)
        raise RenderingFailed from None


# ---- the written report


def frozen(page: IncidentPage) -> IncidentFile | None:
    """Return the report as it was sent, once it was; None before."""
    if page.facts.report_stage is not ReportStage.SENT:
        return None
    return sent_report(page.incident)


def report_text(page: IncidentPage) -> str:
    """Return what the report says now.

    The sender's own unsent draft where they look at that, else the office's, else the proposal.
    """
    if "draft" in page.request.GET:
        own = drafts.newest_draft(page.request.user, f"incident-{page.incident.number}-report", drafts.PREVIEW_PAGE)
        if own:
            return "\n".join(own.get("text", []))
    proposal = propose_report(page.facts, page.names, department=settings.DEPARTMENT, day=today(page.now))
    return page.facts.report_text or proposal


def report_pages(page: IncidentPage, text: str) -> tuple[int, str]:
    """Return how many pages the report has, or why it can't be printed."""
    try:
        return page_count(_data(page, text)), ""
    except PaperError as e:
        return 0, str(e)
    except (OSError, VaultError) as e:
        _log.error("incident_report_unreadable", incident=page.incident.pk, error=type(e).__name__)
        return 0, "已报送的专报文件读不出来。请系统管理员从备份恢复。"


def _data(page: IncidentPage, text: str) -> bytes:
    sent = frozen(page)
    if sent is not None:
        return b"".join(file_store.read_content(sent.address, sent.secret()))
    return render_pdf(report_content(text))


def _page(request: DeskRequest, number: str) -> IncidentPage:
    if not request.actor.has(*READS_REPORTS):
        raise Http404
    return IncidentPage(request, incident_or_404(request, number))


@require_safe
@desk_page()
def report(request: DeskRequest, number: str) -> HttpResponse:
    """Send the report as PDF: as it was sent, or as it would be now."""
    page = _page(request, number)
    text = report_text(page)
    problem = report_pages(page, text)[1]
    if problem:
        context = {"number": page.incident.number, "url": page.url, "problem": problem}
        return render_page(request, "incidents/incident_report_lost.html", context, here=NAV_ROUTE, status=422)
    given = page.facts.report_number or "未报送"
    return saved(_data(page, text), f"专报 {page.incident.number} {given}.pdf", "application/pdf")


@require_safe
@desk_page()
def report_page(request: DeskRequest, number: str, page: int) -> HttpResponse:
    """Show the picture of one page of the report."""
    event = _page(request, number)
    text = report_text(event)
    sent = frozen(event)
    key = ("incident-report", event.incident.pk, sm3(text.encode("utf-8", "surrogatepass")), sent and sent.digest, page)

    def make() -> RenderedPage:
        try:
            return render_page_image(_data(event, text), "pdf", page, PREVIEW_PIXELS)
        except (OSError, VaultError, PaperError) as e:
            _log.error("incident_report_not_drawn", error=type(e).__name__)
            raise RenderingFailed from None

    return picture(lambda: page_image_cache.get(key, make))
