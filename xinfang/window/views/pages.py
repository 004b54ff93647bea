"""What every page of the window shares: its frame, and that it belongs to one proven case."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from xinfang.window import session
from xinfang.window.queries.waiting import number_now
from xinfang.window.session import ProvenCase


class WindowRequest(HttpRequest):
    """A request of somebody who proved that a case is theirs."""

    proven: ProvenCase


def window_page(
    request: HttpRequest, template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of the window."""
    proven = getattr(request, "proven", None)
    frame = {"department": settings.DEPARTMENT, "proven": proven is not None}
    return render(request, template, {**frame, **(context or {})}, status=status)


def proven_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Make a view a page of the proven case; without a proof, or past its time, it leads to where one is given.

    What has no case yet has its receipt and one page (`also_while_waiting`); everything else leads there.
    """

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        proven = session.read(request)
        if proven is not None and proven.waits:
            known_as = number_now(proven.number)
            proven = replace(proven, number=known_as) if known_as else None
        if proven is None:
            return redirect("window-follow")
        if proven.waits and not getattr(view, "also_while_waiting", False):
            return redirect("window-case")
        request.proven = proven
        response = view(request, *args, **kwargs)
        if session.COOKIE not in response.cookies:
            session.keep(response, proven)
        return response

    return page


def also_while_waiting(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view as one that also shows what has no case yet. It is written below `proven_page`."""
    view.also_while_waiting = True  # type: ignore[attr-defined]
    return view
