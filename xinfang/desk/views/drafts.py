"""What somebody has typed and not sent yet, kept for a closed browser. Each sees only his own."""

import json
import re
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinfang.desk.shell import DeskRequest, desk_page
from xinfang.records.models import Draft

MOST_BYTES = 200 * 1024
MOST_DRAFTS = 200
"""So many unsent forms of one person are kept; the oldest make room."""
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")


@never_cache
@require_http_methods(["GET", "POST", "DELETE"])
@desk_page()
def draft(request: DeskRequest, form: str) -> HttpResponse:
    """GET {fields, saved_at} or 204; POST {fields} → {saved_at}; DELETE → 204."""
    if not _KEY.fullmatch(form):
        return _says("草稿的名称不对。", 400)
    mine = Draft.objects.filter(staff=request.user, form=form)
    if request.method == "GET":
        found = mine.first()
        if found is None:
            return HttpResponse(status=204)
        return JsonResponse({"fields": found.fields, "saved_at": found.saved_at.isoformat()})
    if request.method == "DELETE":
        mine.delete()
        return HttpResponse(status=204)
    if len(request.body) > MOST_BYTES:
        return _says("内容超过 200 KB，草稿没有保存。请把长材料放进附件，或者先提交。", 413)
    fields = _fields(request.body)
    if fields is None:
        return _says("草稿的内容无法识别，没有保存。", 400)
    kept, _ = Draft.objects.update_or_create(staff=request.user, form=form, defaults={"fields": fields})
    _make_room(request)
    return JsonResponse({"saved_at": timezone.localtime(kept.saved_at).isoformat()})


def _fields(body: bytes) -> dict[str, list[str]] | None:
    """{name: [values]} of strings, or None for anything else."""
    try:
        sent: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    fields = sent.get("fields") if isinstance(sent, dict) else None
    if not isinstance(fields, dict):
        return None
    if not all(isinstance(v, list) and all(isinstance(x, str) for x in v) for v in fields.values()):
        return None
    # PostgreSQL keeps no NUL, and a lone surrogate is no character: what can't be kept is left out.
    return {_clean(name): [_clean(v) for v in values] for name, values in fields.items()}


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _make_room(request: DeskRequest) -> None:
    old = Draft.objects.filter(staff=request.user).order_by("-saved_at", "-pk").values_list("pk", flat=True)
    surplus = list(old[MOST_DRAFTS : MOST_DRAFTS + 50])
    if surplus:
        Draft.objects.filter(pk__in=surplus).delete()


def _says(words: str, status: int) -> JsonResponse:
    return JsonResponse({"message": words}, status=status, json_dumps_params={"ensure_ascii": False})
