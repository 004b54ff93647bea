"""Opening one's own case by number, code and second proof, and leaving it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.core.client_address import client_address
from xinfang.web.rate_limits import network_of
from xinfang.window import session
from xinfang.window.actions import NotProven, open_case_by_proof
from xinfang.window.attempts import CHECKED_AN_HOUR
from xinfang.window.forms import OpeningForm
from xinfang.window.views.pages import window_page

NOT_PROVEN = (
    "没有打开。请核对编号、查询码和后四位（口令）；都对仍打不开的，可能是一小时内试了太多次"
    f"（最多{CHECKED_AN_HOUR}次），请过一会儿再试，或者拨打本厅电话、到接待室查询。"
)


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """Ask for the three, and lead to the case. That something was wrong, or tried too often, is said in one way."""
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            proven = open_case_by_proof(
                given["number"], given["code"], given["proof"], network_of(client_address(request) or "")
            )
        except NotProven:
            form.refuse([NOT_PROVEN])
        else:
            response = redirect("window-case")
            session.keep(response, proven)
            return response
    context = {"form": form, "errors": form.summary if form.is_bound else []}
    return window_page(request, "window/follow.html", context, status=422 if form.is_bound else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take everything off this device."""
    response = window_page(request, "window/left.html")
    session.end(response)
    return response
