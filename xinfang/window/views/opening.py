"""Opening one's own case by number, code and second proof, and leaving it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.core.client_address import client_address
from xinfang.petitioner_news.actions.codes import AN_HOUR, MINUTES
from xinfang.petitioner_news.wishes import ways
from xinfang.web.rate_limits import network_of
from xinfang.window import session
from xinfang.window.actions import NotProven, open_case_by_proof, send_proof
from xinfang.window.attempts import CHECKED_AN_HOUR
from xinfang.window.forms import OpeningForm
from xinfang.window.session import ProvenCase
from xinfang.window.views.pages import window_page

NOT_PROVEN = (
    "没有打开。请核对编号、查询码和后四位（口令）；都对仍打不开的，可能是一小时内试了太多次"
    f"（最多{CHECKED_AN_HOUR}次），请过一会儿再试，或者拨打本厅电话、到接待室查询。"
)


CODE_SENT = (
    "编号和查询码都对，并且登记过手机（邮箱）的，验证码已经发出，"
    f"{MINUTES}分钟内有效，填在下面打开。没有收到的，请核对编号和查询码后再按一次（每小时最多{AN_HOUR}次），或者填后四位、口令。"
)


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """Ask for the three, and lead to the case. That something was wrong, or tried too often, is said in one way."""
    offers_code = bool(ways())
    asks_for_code = offers_code and request.POST.get("do") == "send"
    form = OpeningForm(request.POST if request.method == "POST" else None, asks_for_code=asks_for_code)
    sent = ""
    if request.method == "POST" and form.is_valid():
        if asks_for_code:
            send_proof(form.cleaned_data["number"], form.cleaned_data["code"], _address(request))
            sent = CODE_SENT
        else:
            try:
                proven = opened_by(request, form)
            except NotProven:
                form.refuse([NOT_PROVEN])
            else:
                response = redirect("window-case")
                session.keep(response, proven)
                return response
    context = {
        "form": form, "errors": form.summary if form.is_bound else [], "offers_code": offers_code, "sent": sent,
    }  # fmt: skip
    return window_page(request, "window/follow.html", context, status=422 if form.is_bound and not sent else 200)


def opened_by(request: HttpRequest, form: OpeningForm) -> ProvenCase:
    """Return the case that a valid form opens.

    Raises:
        NotProven: it opens none, or it was tried too often.
    """
    given = form.cleaned_data
    return open_case_by_proof(given["number"], given["code"], given["proof"], _address(request))


def _address(request: HttpRequest) -> str:
    return network_of(client_address(request) or "")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take everything off this device."""
    response = window_page(request, "window/left.html")
    session.end(response)
    return response
