"""Looking at an attachment in the page: pictures of its pages that this server drew, turned and enlarged as asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments import stores
from xinfang.attachments.actions.finished_uploads import move_attachment, rotate_attachment
from xinfang.attachments.page_images import (
    PAGE_IMAGE_SIZES,
    RENDERABLE_KINDS,
    THUMBNAIL_SIZE,
    RenderedPage,
    RenderingFailed,
    page_image_cache,
    render_page_image,
)
from xinfang.attachments.queries import ocr_progress, size_text
from xinfang.cases.actions.access_log import log_access
from xinfang.procedure.words import AccessKind
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.dates import short_date
from xinfang.web.page_frame import render_page

from .files import attachment_or_404

if TYPE_CHECKING:
    from xinfang.attachments.models import Attachment, OcrJob

SIZES = ("适合页面", "放大", "最大")
_TURNS = {"left": 270, "right": 90}
_MOVES = {"up": -1, "down": 1}
_log = structlog.get_logger(__name__)


@require_safe
@desk_page()
def see(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Show one page of an attachment, what was read of it, and the ways to the others.

    That a person opens it is recorded with its picture.
    """
    attachment = _attachment(request, number, place)
    petition, page, zoom = attachment.petition, _page(request), _zoom(request)
    problem, pages = "", 0
    try:
        pages = _drawn(attachment, page, PAGE_IMAGE_SIZES[zoom + 1]).pages
    except RenderingFailed as e:
        problem = str(e)
        page, pages = 1, 1
    event = attachment.event
    reading = getattr(attachment, "reading", None)
    context = {
        "petition": petition,
        "place": attachment.place,
        "name": attachment.name,
        "facts": f"{attachment.get_what_display()} · {attachment.file_kind.label} · {size_text(attachment.size)}"
        + (f" · {short_date(timezone.localtime(event.recorded_at).date())}添加" if event else ""),
        "withdrawn": attachment.withdrawal_id is not None,
        "problem": problem,
        "reading": ocr_progress(reading),
        "text": _text(reading, page),
        **ways(page, pages, zoom),
    }
    return render_page(request, "attachments/see_file.html", context, here="petitions")


def ways(page: int, pages: int, zoom: int) -> dict[str, Any]:
    """Return the words of a page's switches: which page, how large."""
    return {
        "page": page,
        "pages": pages,
        "before": page - 1 if page > 1 else 0,
        "after": page + 1 if page < pages else 0,
        "zoom": zoom,
        "zooms": [(n, label, n == zoom) for n, label in enumerate(SIZES)],
        "smaller": zoom - 1 if zoom else None,
        "larger": zoom + 1 if zoom + 1 < len(SIZES) else None,
    }


@require_safe
@desk_page()
def page(request: DeskRequest, number: str, place: int, page: int) -> HttpResponse:
    """Send the picture of one page. Looking at it is looking at the file."""
    attachment = _attachment(request, number, place)
    answer = picture(lambda: _drawn(attachment, page, PAGE_IMAGE_SIZES[_zoom(request) + 1]))
    if request.method == "GET" and answer.status_code == 200:
        log_access(attachment.petition, request.user, AccessKind.FILE, place=place, page=page)
    return answer


@require_safe
@desk_page()
def thumbnail(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Send the first page, too small to be read."""
    attachment = _attachment(request, number, place)
    return picture(lambda: _drawn(attachment, 1, THUMBNAIL_SIZE))


@require_POST
@desk_page()
def arrange(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Turn a file, or move it in the list: how it is shown, to everybody; the file and its number stay as they are."""
    attachment = _attachment(request, number, place, shown=False)
    number = attachment.petition.number
    if request.POST.get("turn") in _TURNS and attachment.kind in RENDERABLE_KINDS:
        rotate_attachment(attachment, _TURNS[request.POST["turn"]])
        asked = f"?page={_page(request, sent=True)}&zoom={_zoom(request, sent=True)}"
        return redirect(reverse("file-see", args=[number, place]) + asked)
    if request.POST.get("move") in _MOVES:
        move_attachment(attachment, _MOVES[request.POST["move"]])
    else:
        messages.error(request, "没有说明要转动还是移动，附件的显示没有改变。请按附件旁的按钮。")
    return redirect(f"{reverse('petition', args=[number])}#files-title")


@require_safe
@desk_page()
def reading(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Show how far the scan was read, for the words under the attachment."""
    attachment = _attachment(request, number, place)
    file = {
        "number": attachment.petition.number,
        "place": place,
        "reading": ocr_progress(getattr(attachment, "reading", None)),
    }
    return render(request, "attachments/parts/reading.html", {"file": file})


def picture(make: Callable[[], RenderedPage]) -> HttpResponse:
    """Send a drawn page so that it can only be a picture; 404 for a page there isn't, 422 where it can't be drawn."""
    try:
        drawn = make()
    except RenderingFailed as e:
        return HttpResponse(str(e), status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse(drawn.jpeg, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def _attachment(request: DeskRequest, number: str, place: int, *, shown: bool = True) -> Attachment:
    found = attachment_or_404(request, number, place)
    if shown and found.kind not in RENDERABLE_KINDS:
        raise Http404
    return found


def _drawn(attachment: Attachment, page: int, longest: int) -> RenderedPage:
    view = getattr(attachment, "view", None)
    turned = view.turned if view else 0

    def make() -> RenderedPage:
        try:
            return render_page_image(
                b"".join(stores.read_attachment(attachment)), attachment.kind, page, longest, turned
            )
        except (OSError, VaultError) as e:
            _log.error("attachment_unreadable", attachment=attachment.pk, error=type(e).__name__)
            raise RenderingFailed from None

    return page_image_cache.get(("attachment", attachment.pk, attachment.digest, page, longest, turned), make)


def _text(reading: OcrJob | None, page: int) -> str:
    if reading is None or page > reading.page_done:
        return ""
    try:
        return reading.texts()[page - 1]
    except (VaultError, IndexError):
        return ""


def _page(request: DeskRequest, *, sent: bool = False) -> int:
    said = (request.POST if sent else request.GET).get("page", "")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 5 else 1


def _zoom(request: DeskRequest, *, sent: bool = False) -> int:
    said = (request.POST if sent else request.GET).get("zoom", "")
    return int(said) if said in ("0", "1", "2") else 0
