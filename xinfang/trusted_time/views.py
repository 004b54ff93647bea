"""系统时间, for the system administrator: what the clock shows, whether it is believed, and the word that it is right."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.queries import latest_admin_records
from xinfang.audit.seals import misdated_seals
from xinfang.trusted_time.queries import AHEAD, BEHIND, doubt_sentence
from xinfang.web import form_drafts as drafts
from xinfang.web.form_types import Problem
from xinfang.web.page_frame import render_page

from . import queries as trusted_time
from .actions import CONFIRMED, CONFIRMS_TIME, NOT_ASKED, confirm_time
from .forms import TimeForm

if TYPE_CHECKING:
    from xinfang.audit.models import AdminRecord

NAV_ROUTE = "time"
MAX_ROWS_SHOWN = 10


class Confirmation(TypedDict):
    """That somebody confirmed the time."""

    time: str
    was: str
    who: str
    how: str
    reason: str


class TimeContext(TypedDict):
    """The clock and the trusted time."""

    clock_doubt: str
    now: str
    shown: str
    before: str
    doubt: str
    confirmed_now: bool
    days: int
    hours: int
    remarks: list[str]
    rows: list[Confirmation]
    errors: list[Problem]
    form: TimeForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*CONFIRMS_TIME)
def time_page(request: DeskRequest) -> HttpResponse:
    """Show the clock and the trusted time; where they are too far apart, a form for an administrator to confirm it."""
    form = TimeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if trusted_time.clock_doubt() is None:
            # Sent twice, or the clock was put right meanwhile.
            messages.info(request, NOT_ASKED)
            return redirect("time")
        if not recently_confirmed(request):
            return confirm_first(request, reverse(NAV_ROUTE))
        try:
            if form.is_valid():
                given = form.cleaned_data
                confirmed = confirm_time(by=request.user, reason=given["reason"], how="网页", shown=_shown(request))
                drafts.form_accepted(request)
                messages.success(request, f"已确认服务器时间 {doubt_sentence(confirmed)} 无误，巡查和封印随之恢复。")
                return redirect("time")
        except AdminChangeRefused as rejected:
            form.refuse(rejected.sentences)
    now = timezone.now()
    before, doubt = trusted_time.trusted_now(), trusted_time.clock_doubt(now)
    context: TimeContext = {
        "clock_doubt": "",  # the frame need not say on this page what the page itself says
        "now": doubt_sentence(now),
        "shown": now.isoformat(),
        "before": doubt_sentence(before) if before else "尚无",
        "doubt": doubt.sentence if doubt else "",
        "confirmed_now": recently_confirmed(request),
        "days": AHEAD.days,
        "hours": BEHIND.seconds // 3600,
        "remarks": misdated_seals(now),
        "rows": [_row(e) for e in latest_admin_records(CONFIRMED, MAX_ROWS_SHOWN)],
        "errors": form.summary,
        "form": form,
    }
    return render_page(
        request, "trusted_time/trusted_time.html", context, here=NAV_ROUTE, status=422 if form.errors else 200
    )


def _shown(request: DeskRequest) -> datetime:
    """Return the time that the page showed; a form without it didn't come from this page.

    Raises:
        AdminChangeRefused: the form has no such time.
    """
    try:
        shown = parse_datetime(request.POST.get("shown", "")[:40])
    except ValueError:
        shown = None
    if shown is None or timezone.is_naive(shown):
        raise AdminChangeRefused("没有收到页面上的时间，请刷新后再确认。")
    return shown


def _row(event: "AdminRecord") -> Confirmation:
    told = event.detail
    return {
        "time": event.target,
        "was": told.get("was", ""),
        "who": event.by.name if event.by else "",
        "how": told.get("how", ""),
        "reason": told.get("reason", ""),
    }
