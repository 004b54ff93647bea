"""Answers for static/js/outbox.js, which sends the forms of an event again when the connection was down.

Browsers without it get pages. A form that comes from there says so in a header: `now`, when somebody has just sent it
and looks at the page, or `later`. It is answered in JSON: {url, words} when it was done, {errors: […]} with status 422
when it was refused.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from .form_types import Problem

HEADER = "X-Outbox"


def sent_by_outbox(request: HttpRequest) -> bool:
    """Tell whether the form came through the outbox."""
    return request.headers.get(HEADER) in ("now", "later")


def sent_later(request: HttpRequest) -> bool:
    """Tell whether it was kept while the connection was down, so that nobody looks at the page now."""
    return request.headers.get(HEADER) == "later"


def typed_at(request: HttpRequest) -> datetime | None:
    """Return when the sender's device says it was typed, where it was sent later; None for anything that is no time."""
    try:
        said = datetime.fromisoformat(request.POST.get("seen_at", "")[:40])
        return said.astimezone(UTC) if said.tzinfo else None
    except (ValueError, OverflowError):
        return None


def accepted_answer(request: HttpRequest, url: str, words: str) -> HttpResponse:
    """Answer that it was done and lead on to `url`; what was sent later leaves the reader where they are."""
    if not sent_later(request):
        messages.success(request, words)
    return JsonResponse({"url": url, "words": words}) if sent_by_outbox(request) else redirect(url)


def leading_answer(request: HttpRequest, url: str) -> HttpResponse:
    """Answer that something is asked first, on the page at `url`; nothing was done yet."""
    return JsonResponse({"url": url, "words": ""}) if sent_by_outbox(request) else redirect(url)


def refused_answer(errors: Sequence[Problem]) -> JsonResponse:
    """Answer that it was refused, with all reasons."""
    return JsonResponse({"errors": list(errors)}, status=422)
