"""Ask a person again who they are before unmasking, an export or a new second factor: a desk may be left alone.

A view that answers a form writes

    if not recently_confirmed(request):
        return confirm_first(request, back_to)

or is decorated with `@require_confirmation`, which asks before the page is shown and comes back to it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from xinfang.accounts.actions.sign_ins import recently_confirmed
from xinfang.accounts.middleware import redirect_page

__all__ = ["confirm_first", "recently_confirmed", "require_confirmation", "safe_next_address"]

View = Callable[..., HttpResponse]


def confirm_first(request: HttpRequest, back_to: str = "") -> HttpResponse:
    """Lead to the page 再次验证身份, and afterwards back to `back_to`, an address of this site without personal data."""
    query = urlencode({"next": back_to}) if back_to else ""
    return redirect_page(request, f"{reverse('confirm')}?{query}" if query else reverse("confirm"))


def require_confirmation(view: View) -> View:
    """Ask for confirmation before this page is shown. Put it below `@desk_page`."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not recently_confirmed(request):
            # What a form held is gone after the detour, so it leads to the page of the form.
            return confirm_first(request, request.path)
        return view(request, *args, **kwargs)

    return page


def safe_next_address(request: HttpRequest, default: str = "") -> str:
    """Return where to go afterwards (else `default`, or the first page).

    It is always an address of this site, never one that a letter could have smuggled in.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return default or reverse("inbox")
