"""The pages that everybody sees: what can be done here, and what everybody may know."""

from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from xinfang.figures.actions import report_paper, report_title
from xinfang.figures.versions import ReportVersion
from xinfang.papers.pdf import render_pdf
from xinfang.petitioner_news.wishes import ways
from xinfang.web.qr import qr_svg
from xinfang.window.queries import public
from xinfang.window.queries.night_seal import latest_seals
from xinfang.window.receipts import published_key_ids
from xinfang.window.views.pages import window_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what can be done here, and where else to turn."""
    context = {
        "contacts": public.contacts(), "key_id": published_key_ids(), "has_days": public.has_days(),
        "has_figures": public.has_figures(),
    }  # fmt: skip
    return window_page(request, "window/home.html", context)


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Say what personal data is collected, why, by whom, how long it is kept, and which rights there are (PIPL 17)."""
    return window_page(request, "window/notice.html", {"contacts": public.contacts()[:2], "sends_news": bool(ways())})


@require_safe
def reception(request: HttpRequest) -> HttpResponse:
    """Show the days on which leaders receive, and how a place is booked (N18)."""
    context = {"days": public.reception_days(), "contacts": public.contacts()}
    return window_page(request, "window/reception.html", context)


@require_safe
def procedure(request: HttpRequest) -> HttpResponse:
    """Show the procedure in plain words: what happens, what is owed by when, what each right is, what to bring."""
    return window_page(request, "window/procedure.html", {"told": public.procedure_in_plain_words()})


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the newest published figures, the yearly report to download, and the latest seals."""
    reports = public.newest_reports()
    context = {
        "reports": [(report_title(r.period), r) for r in reports], "seals": latest_seals(),
        "yearly": public.newest_yearly_report(),
    }  # fmt: skip
    return window_page(request, "window/figures.html", context)


@require_safe
def yearly_report(request: HttpRequest) -> HttpResponse:
    """Send the newest yearly report as it was finished for everybody.

    Raises:
        Http404: none was finished yet.
    """
    report = public.newest_yearly_report()
    if report is None:
        raise Http404
    response = HttpResponse(_printed(report.text.pk), content_type="application/pdf")
    name = f"{report_title(report.period)}.pdf"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


@lru_cache(maxsize=2)
def _printed(text: int) -> bytes:
    # A finished report never changes, and setting one takes seconds: whoever asks again gets the same bytes.
    report = public.newest_yearly_report()
    if report is None or report.text.pk != text:
        raise Http404
    return render_pdf(report_paper(report.figures, ReportVersion.PUBLISHED, report.text.text, finished=True))


@require_safe
def leaflet(request: HttpRequest) -> HttpResponse:
    """Show one sheet to print: how to reach the department, the way of a petition, rights and their terms."""
    context = {
        "contacts": public.contacts(), "told": public.procedure_in_plain_words(), "key_id": published_key_ids(),
        "address": settings.WINDOW_URL, "qr": qr_svg(settings.WINDOW_URL) if settings.WINDOW_URL else "",
        "today": public.today_in_words(),
    }  # fmt: skip
    return window_page(request, "window/leaflet.html", context)
