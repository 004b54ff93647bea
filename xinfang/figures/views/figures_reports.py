"""The monthly, quarterly and annual report.

Its text is written here, its tables and charts are added when it is printed.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.core.clock import today
from xinfang.figures import charts
from xinfang.figures.actions import first_report_text, latest_report_text, report_paper, report_title, save_report_text
from xinfang.figures.periods import Period
from xinfang.figures.suppression import published_report
from xinfang.figures.views.figures import NAV_ROUTE, period_from
from xinfang.papers import pdf
from xinfang.papers.content import PaperContent
from xinfang.papers.pdf import render_pdf
from xinfang.papers.source import PaperError, WordingSyntaxError
from xinfang.papers.word import render_docx
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.visibility import SEES_FIGURES
from xinfang.procedure.words import Role
from xinfang.web import form_drafts as drafts
from xinfang.web.page_frame import render_page

WRITES = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who writes the report; leaders read it (H5)."""
_FORMS: dict[str, tuple[str, Callable[[PaperContent], bytes]]] = {
    "pdf": ("application/pdf", render_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_FIGURES)
def write(request: DeskRequest, period: str) -> HttpResponse:
    """Show the text of one period, in versions, and save it.

    What somebody else saved meanwhile is never overwritten.
    """
    of = period_from(period)
    if request.method != "POST":
        return _show(request, of)
    typed = request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
    if not request.actor.has(*WRITES):
        return _show(
            request, of, typed, {"reason": "报告由办公室编写，您可以查阅和下载", "todo": "请把意见告诉办公室。"}
        )
    seen = request.POST.get("revision", "")
    try:
        row = save_report_text(of, typed, int(seen) if seen.isdigit() and len(seen) < 9 else -1, request.user)
    except WordingSyntaxError as wrong:
        return _show(request, of, typed, {"reason": str(wrong), "field": "text"})
    except EditConflict:
        newer = {
            "reason": "您打开此页之后，另有人保存过这份报告，您的改动没有保存，仍在下面的文本框里",
            "todo": "请先复制您的文本，重新打开此页，与最新一版合并后再保存。",
        }
        return _show(request, of, typed, newer)
    drafts.form_accepted(request)
    messages.success(request, f"已保存为第 {row.revision} 版。")
    return redirect("figures-report", period=of.code)


def _show(
    request: DeskRequest, of: Period, typed: str | None = None, error: dict[str, str] | None = None
) -> HttpResponse:
    last = latest_report_text(of)
    text = (
        typed
        if typed is not None
        else last.text
        if last
        else first_report_text(published_report(of, today(), printed=True))
    )
    context: dict[str, Any] = {
        "period": of,
        "title": report_title(of),
        "text": text,
        "last": last,
        "may_write": request.actor.has(*WRITES),
        "errors": [error] if error else [],
        "figures_url": f"{reverse(NAV_ROUTE)}?period={of.code}",
    }
    return render_page(request, "figures/figures_report.html", context, here=NAV_ROUTE, status=422 if error else 200)


@require_safe
@desk_page(*SEES_FIGURES)
def download(request: DeskRequest, period: str, form: str) -> HttpResponse:
    """Send the report as PDF or Word file, with the last saved text and today's figures, small numbers covered.

    Raises:
        Http404: there is no such period or kind of file.
    """
    of = period_from(period)
    if form not in _FORMS:
        raise Http404
    if not recently_confirmed(request):
        return confirm_first(request, request.path)
    kind, render = _FORMS[form]
    # What prints takes a second to start: the renderer of charts starts while the cases are counted, the one of text
    # while the charts are drawn.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(charts.warm_up_charts)
        counted = published_report(of, today(), printed=True)
        if form == "pdf":
            beside.submit(pdf.warm_up_compiler)
        last = latest_report_text(of)
        try:
            made = render(report_paper(counted, last.text if last else first_report_text(counted)))
        except PaperError as wrong:
            return _show(request, of, None, {"reason": str(wrong), "todo": "请改正文本后再下载。"})
    response = HttpResponse(made, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{report_title(of)}.{form}')}"
    return response
