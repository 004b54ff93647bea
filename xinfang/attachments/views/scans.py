"""Scans beside the registration form: seen and read before the case exists, and its first attachments afterwards.

A person sees their own only. Nothing that a machine read goes into the form by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.actions import chunks
from xinfang.attachments.actions.chunks import CHUNK_BYTES
from xinfang.attachments.actions.finished_uploads import accept_scan, join_scans
from xinfang.attachments.filecheck import NotAccepted, accept_attribute, clean_name, too_big_message
from xinfang.attachments.ocr_suggestions import suggest_from_ocr
from xinfang.attachments.page_images import (
    PAGE_IMAGE_SIZES,
    RENDERABLE_KINDS,
    RenderedPage,
    RenderingFailed,
    page_image_cache,
    render_page_image,
)
from xinfang.attachments.queries import ocr_is_done, ocr_progress, unregistered_scans
from xinfang.attachments.views.chunks import found_or_404
from xinfang.procedure.visibility import REGISTERS_CASES, NotVisible
from xinfang.procedure.words import Material
from xinfang.vault.sm_ciphers import VaultError

from .viewing import picture, ways

if TYPE_CHECKING:
    from xinfang.attachments.models import OcrJob, Upload

_log = structlog.get_logger(__name__)


def cards(request: DeskRequest, ticked: Collection[str]) -> dict[str, Any]:
    """Return what the registration page shows beside the form (1 query); `ticked` are those that go along."""
    return {
        "cards": [card(u, u.key in ticked) for u in unregistered_scans(request.user)],
        "accept": accept_attribute(RENDERABLE_KINDS),
        "most": settings.UPLOAD_MB,
        "piece": CHUNK_BYTES,
        "reads": settings.OCR,
    }


def card(upload: Upload, ticked: bool, page: int = 1) -> dict[str, Any]:
    """Return one scan: its page, how far it was read, and what that suggests."""
    reading: OcrJob | None = getattr(upload, "reading", None)
    view = ocr_progress(reading)
    problem, pages, proposed = "", 1, None
    try:
        pages = _drawn(upload, page).pages
    except RenderingFailed as e:
        problem, page = str(e), 1
    if reading is not None and ocr_is_done(reading):
        try:
            proposed = suggest_from_ocr(reading.texts())
        except VaultError as e:
            _log.error("reading_unreadable", reading=reading.pk, error=type(e).__name__)
            view = {
                "words": "识别出的文字读不出来，请看图录入。",
                "again": False,
                "failed": True,
                "done": 0,
                "pages": 0,
            }
    return {
        "key": upload.key,
        "name": upload.name,
        "ticked": ticked,
        "reading": view,
        "proposed": proposed,
        "problem": problem,
        **ways(page, pages, 0),
    }


@require_safe
@desk_page(*REGISTERS_CASES)
def see(request: DeskRequest, key: str) -> HttpResponse:
    """Show one card, asked for while it is read or when a page is turned."""
    upload = _whole_or_404(request, key)
    said = request.GET.get("page", "1")
    page = max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 5 else 1
    return render(request, "attachments/parts/scan.html", {"scan": card(upload, bool(request.GET.get("scan")), page)})


@require_safe
@desk_page(*REGISTERS_CASES)
def page(request: DeskRequest, key: str, page: int) -> HttpResponse:
    """Send the picture of one page of one's own scan."""
    upload = _whole_or_404(request, key)
    return picture(lambda: _drawn(upload, page))


@require_POST
@desk_page(*REGISTERS_CASES)
def add(request: DeskRequest) -> HttpResponse:
    """Take scans without a script: the files of a form, each on its own; the registration page follows with them."""
    added = []
    for file in request.FILES.getlist("files"):
        data, name = file.read(), file.name or ""
        try:
            upload = chunks.begin_upload(
                request.user, None, secrets.token_hex(16), name=name, size=len(data), what=Material.LETTER
            )
            for offset in range(0, len(data), CHUNK_BYTES):
                chunks.put_chunk(upload, offset, data[offset : offset + CHUNK_BYTES])
            accept_scan(upload, staff=request.user)
            added.append(upload.key)
        except NotAccepted as e:
            messages.error(request, f"{clean_name(name)}：{e}")
    for name in getattr(request, "files_left_out", []):
        messages.error(request, f"{clean_name(name)}：{too_big_message(settings.UPLOAD_MB * 2**20)}")
    if not request.FILES and not getattr(request, "files_left_out", []):
        messages.error(request, "没有选择文件。请先选择扫描件或照片。")
    return redirect(reverse("register") + (f"?scan={','.join(added)}" if added else ""))


def join(request: DeskRequest, number: str) -> None:
    """Make the ticked scans attachments after the registration; say what didn't work, and keep it."""
    keys = request.POST.getlist("scan")
    if not keys:
        return
    try:
        joined = join_scans(number, keys, by=request.actor, staff=request.user)
    except NotVisible:
        messages.warning(
            request,
            "此件您已不能查看，扫描件没有随件添加，一天之内仍在登记页上。请把原件交给有权人员，由其添加后再移除。",
        )
        return
    if joined.added:
        messages.success(request, f"{joined.added} 份扫描件已作为附件添加。")
    for name, why in joined.refused:
        messages.error(request, f"扫描件“{name}”没有添加：{why}")


def discard(request: DeskRequest) -> None:
    """Remove the ticked scans with all their pieces: what may be secret isn't kept here (H3)."""
    keys = set(request.POST.getlist("scan"))
    for upload in unregistered_scans(request.user):
        if upload.key in keys:
            chunks.remove_upload(upload)


def _whole_or_404(request: DeskRequest, key: str) -> Upload:
    upload = found_or_404(request, key)
    if not upload.whole:
        raise Http404
    return upload


def _drawn(upload: Upload, page: int) -> RenderedPage:
    def make() -> RenderedPage:
        try:
            return render_page_image(chunks.read_upload(upload), upload.kind, page, PAGE_IMAGE_SIZES[2])
        except VaultError:
            raise RenderingFailed from None

    return page_image_cache.get(("scan", upload.nonce, page, PAGE_IMAGE_SIZES[2]), make)
