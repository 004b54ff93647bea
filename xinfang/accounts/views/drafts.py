"""What somebody has typed and not sent yet, kept for a closed browser. Each sees only their own."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.web.actions import drafts

NAMELESS = "-"
"""In an address, the page of a row that an earlier release kept."""


@never_cache
@require_safe
@desk_page()
def of_form(request: DeskRequest, form: str) -> HttpResponse:
    """Return {rows: [{page, fields, saved_at}]}, the newest first.

    The answer also carries the token that sends forms.
    """
    if not drafts.is_form_name(form):
        return _says("草稿的名称不对。", 400)
    get_token(request)
    rows = [
        {"page": r.page or NAMELESS, "fields": r.fields, "saved_at": timezone.localtime(r.saved_at).isoformat()}
        for r in drafts.drafts_of_form(request.user, form)
    ]
    return JsonResponse({"rows": rows})


@never_cache
@require_http_methods(["POST", "DELETE"])
@desk_page()
def of_page(request: DeskRequest, form: str, page: str) -> HttpResponse:
    """Take POST {fields, turn} → {saved_at, dropped}; DELETE → 204."""
    if not drafts.is_form_name(form) or not drafts.is_page_name(page):
        return _says("草稿的名称不对。", 400)
    if request.method == "DELETE":
        drafts.delete_draft(request.user, form, "" if page == NAMELESS else page)
        return HttpResponse(status=204)
    try:
        sent = _sent(request.body)
    except RequestDataTooBig:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        return _says(f"内容超过 {most} MB，草稿没有保存。请把长材料放进附件。", 413)
    except RawPostDataException:
        sent = None  # sent as a form, which was read already to see for whom its page was made
    if sent is None:
        return _says("草稿的内容无法识别，没有保存。", 400)
    kept = drafts.save_draft(request.user, form, page, *sent)
    return JsonResponse({"saved_at": timezone.localtime(kept.saved_at).isoformat(), "dropped": kept.dropped})


def _sent(body: bytes) -> tuple[drafts.DraftFields, int] | None:
    """Return {name: [values]} of strings and the turn, or None for anything else."""
    try:
        sent: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    fields, turn = sent.get("fields"), sent.get("turn", 0)
    if not isinstance(fields, dict) or type(turn) is not int or not 0 <= turn < 2**53:
        return None
    if not all(isinstance(v, list) and all(isinstance(x, str) for x in v) for v in fields.values()):
        return None
    # PostgreSQL keeps no NUL, and a lone surrogate is no character: what can't be kept is left out.
    return {_clean(name): [_clean(v) for v in values] for name, values in fields.items()}, turn


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _says(words: str, status: int) -> JsonResponse:
    return JsonResponse({"message": words}, status=status, json_dumps_params={"ensure_ascii": False})
