"""A paper as pictures and as files: drafts as they would look now, issued ones as they were frozen; and previews."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import structlog
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments import stores
from xinfang.attachments.page_images import (
    PAGE_IMAGE_SIZES,
    RenderedPage,
    RenderingFailed,
    page_image_cache,
    render_page_image,
)
from xinfang.attachments.views.viewing import picture
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.ofd import render_ofd
from xinfang.papers.pdf import render_pdf
from xinfang.papers.pdf_pages import page_count
from xinfang.papers.queries.overview import REPLY_PREVIEW_STEPS
from xinfang.papers.queries.own_wordings import own_wording
from xinfang.papers.source import PaperError
from xinfang.papers.views.paper_access import NAV_ROUTE, case_of, log_paper_access, typed_paper_or_404
from xinfang.papers.views.posted_paper import remember_word
from xinfang.papers.word import render_docx
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.visibility import may_read
from xinfang.procedure.words import PaperKind
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.attachments.models import Attachment
    from xinfang.papers.content import PaperContent
    from xinfang.papers.models import Paper

PREVIEW_PIXELS = PAGE_IMAGE_SIZES[2]
"""Of a page's picture: its small type can be read on a desk and on a phone that is turned."""
_KINDS: dict[str, tuple[str, Callable[[PaperContent], bytes]]] = {
    "pdf": ("application/pdf", render_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
    "ofd": ("application/ofd", render_ofd),
}
_log = structlog.get_logger(__name__)


def frozen(attachment: Attachment) -> bytes:
    """Return the whole of a file that a paper became.

    Raises:
        OSError: the file is gone.
        DecryptionFailed: it is damaged.
        KeyMissing: the key that wraps its key is gone.
    """
    return b"".join(stores.read_attachment(attachment))


@require_safe
@desk_page()
def page(request: DeskRequest, number: str, place: int, page: int) -> HttpResponse:
    """Send the picture of one page. That a person reads the paper was recorded with the paper's page."""
    petition, case = case_of(request, number)
    paper = typed_paper_or_404(petition, case, place)
    return picture(lambda: _drawn(paper, page))


def _drawn(paper: Paper, page: int) -> RenderedPage:
    if paper.pdf is not None:
        pdf = paper.pdf
        return page_image_cache.get(
            ("attachment", pdf.pk, pdf.digest, page, PREVIEW_PIXELS, 0), lambda: _draw(lambda: frozen(pdf), page)
        )
    key = ("paper", paper.pk, paper.revision, paper.stage, page)
    return page_image_cache.get(key, lambda: _draw(lambda: acts.shown_paper(paper, render_pdf), page))


def _draw(make: Callable[[], bytes], page: int) -> RenderedPage:
    try:
        return render_page_image(make(), "pdf", page, PREVIEW_PIXELS)
    except (OSError, VaultError, PaperError) as e:
        _log.error("paper_not_drawn", error=type(e).__name__)
        raise RenderingFailed from None


@require_safe
@desk_page()
def download(request: DeskRequest, number: str, place: int, form: str) -> HttpResponse:
    """Send the paper as PDF, Word file or OFD: a reprint of an issued one is the frozen file, with the same number.

    Raises:
        Http404: there is no such form of it.
    """
    if form not in _KINDS:
        raise Http404
    petition, case = case_of(request, number)
    paper = typed_paper_or_404(petition, case, place)
    kept_file = {"pdf": paper.pdf, "docx": paper.word, "ofd": paper.ofd}[form]
    content_type, render = _KINDS[form]
    try:
        data = frozen(kept_file) if kept_file is not None else acts.shown_paper(paper, render)
    except (OSError, VaultError) as e:
        _log.error("paper_unreadable", paper=paper.pk, error=type(e).__name__)
        return render_page(request, "attachments/file_lost.html", {"petition": petition, "place": place}, status=500)
    except PaperError as e:
        context = {"petition": petition, "refused": [{"name": paper.label, "why": [str(e)]}]}
        return render_page(request, "attachments/files_refused.html", context, here=NAV_ROUTE, status=422)
    if request.method == "GET":
        log_paper_access(
            request, petition, acts.current_text(paper).text, f"下载文书：{paper.label}", paper=place, form=form
        )
        if form == "docx" and kept_file is None:
            remember_word(request, paper)
    issued = f" {paper.number}" if paper.number else "" if kept_file is not None else f" 第{paper.revision}版"
    return saved(data, f"{paper.label} {petition.number}{issued}.{form}", content_type)


def saved(data: bytes, name: str, content_type: str) -> HttpResponse:
    """Send a file to be saved; its name holds no personal data."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


# ---- a look ahead: what a paper would say now, without making it


@require_safe
@desk_page()
def preview(request: DeskRequest, number: str, kind: str) -> HttpResponse:
    """Show the pages that this paper would have if it were made now."""
    petition, case = case_of(request, number)
    found = _kind(kind, case.actor)
    problem, pages = "", 0
    try:
        content = acts.preview_paper(petition, found, owed_by=0, facts=case.facts)
        pages = page_count(render_pdf(content))
        if request.method == "GET":
            log_paper_access(request, petition, content.text(), f"预览文书：{found.label}", kind=kind)
    except PaperError as e:
        problem = str(e)
    context: dict[str, Any] = {
        "petition": petition,
        "label": found.label,
        "rule": PAPERS[found],
        "pages": [reverse("paper-preview-page", args=[petition.number, kind, n]) for n in range(1, pages + 1)],
        "problem": problem,
        "revision": petition.revision,
        "back": request.GET.get("back", "") if request.GET.get("back") in REPLY_PREVIEW_STEPS else "",
    }
    return render_page(request, "papers/paper_preview.html", context, here=NAV_ROUTE)


@require_safe
@desk_page()
def preview_page(request: DeskRequest, number: str, kind: str, page: int) -> HttpResponse:
    """Send the picture of one page of a preview."""
    petition, case = case_of(request, number)
    found = _kind(kind, case.actor)

    def content() -> PaperContent:
        return acts.preview_paper(petition, found, owed_by=0, facts=case.facts)

    key = ("preview", petition.pk, kind, petition.revision, case.today, own_wording(found), page)
    return picture(lambda: page_image_cache.get(key, lambda: _draw(lambda: render_pdf(content()), page)))


def _kind(code: str, actor: Actor) -> PaperKind:
    found = PaperKind.get(code)
    if found is None or not may_read(actor, found):
        raise Http404
    return found
