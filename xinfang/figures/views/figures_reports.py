"""The monthly, quarterly and annual report, for the department's leaders and for everybody.

Its text is written here, its sentences with figures, its tables and charts are added when it is printed.
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
from xinfang.figures.actions import (
    DRAFT_MARK,
    counted_report,
    latest_report_text,
    report_of,
    report_title,
    save_report_text,
    text_to_edit,
    text_to_read,
)
from xinfang.figures.periods import Period
from xinfang.figures.sentences import SENTENCES, sentences
from xinfang.figures.versions import ReportVersion
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
from xinfang.web.list_pages import list_address
from xinfang.web.page_frame import render_page

WRITES = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who writes the report; leaders read it (H5)."""
_FORMS: dict[str, tuple[str, Callable[[PaperContent], bytes]]] = {
    "pdf": ("application/pdf", render_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
}


def _version(code: str) -> ReportVersion:
    version = ReportVersion.get(code)
    if version is None:
        raise Http404
    return version


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_FIGURES)
def write(request: DeskRequest, period: str, version: str) -> HttpResponse:
    """Show the text of one period's report, save it as a draft, or finish it.

    What somebody else saved meanwhile is never overwritten.

    Raises:
        Http404: there is no such period or version.
    """
    of, readers = period_from(period), _version(version)
    if request.method != "POST":
        return _show(request, of, readers)
    typed = request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
    if not request.actor.has(*WRITES):
        return _show(
            request,
            of,
            readers,
            typed,
            {"reason": "报告由办公室编写，您可以查阅和下载", "todo": "请把意见告诉办公室。"},
        )
    seen = request.POST.get("revision", "")
    finish = request.POST.get("do") == "finish"
    try:
        row = save_report_text(
            of,
            readers,
            typed,
            int(seen) if seen.isdigit() and len(seen) < 9 else -1,
            request.user,
            today=today(),
            finish=finish,
        )
    except WordingSyntaxError as wrong:
        kept = "您写的内容没有丢失，仍在下面的文本框里，还没有保存。"
        return _show(request, of, readers, typed, {"reason": str(wrong).rstrip("。"), "todo": kept})
    except EditConflict:
        newer = {
            "reason": "您打开此页之后，另有人保存过这份报告，您的改动没有保存，仍在下面的文本框里",
            "todo": "请先复制您的文本，重新打开此页，与最新一版合并后再保存。",
        }
        return _show(request, of, readers, typed, newer)
    drafts.form_accepted(request)
    messages.success(
        request,
        f"已定稿（第 {row.revision} 版），下载的报告有落款和日期，数字不再变动。"
        if finish
        else f"已保存为第 {row.revision} 版草稿。",
    )
    return redirect("figures-report", period=of.code, version=readers.value)


def _show(
    request: DeskRequest,
    of: Period,
    readers: ReportVersion,
    typed: str | None = None,
    error: dict[str, str] | None = None,
) -> HttpResponse:
    last = latest_report_text(of, readers)
    counted = counted_report(of, readers, today())
    may_write = request.actor.has(*WRITES)
    text = text_to_edit(of, readers, last) if may_write else text_to_read(of, readers, last, counted)
    context: dict[str, Any] = {
        "period": of,
        "title": report_title(of),
        "version": readers,
        "published": readers is ReportVersion.PUBLISHED,
        "versions": [
            {
                "label": v.label,
                "url": reverse("figures-report", args=[of.code, v.value]),
                "current": v is readers,
            }
            for v in ReportVersion
        ],
        "files": [
            {"label": name, "url": reverse("figures-report-file", args=[of.code, readers.value, form])}
            for form, name in (("pdf", "PDF"), ("docx", "Word"))
        ],
        "text": text if typed is None else typed,
        "last": last,
        "unfinished": counted.unfinished,
        "sentences": [
            {"name": name, "text": sentences(counted, name) or "本期没有可写的内容，这一行不印。"} for name in SENTENCES
        ],
        "may_write": may_write,
        "errors": [error] if error else [],
        "figures_url": list_address(
            reverse(NAV_ROUTE),
            {"period": of.code, "table": "all", "version": "" if readers is ReportVersion.INTERNAL else readers.value},
        ),
    }
    return render_page(request, "figures/figures_report.html", context, here=NAV_ROUTE, status=422 if error else 200)


@require_safe
@desk_page(*SEES_FIGURES)
def download(request: DeskRequest, period: str, version: str, form: str) -> HttpResponse:
    """Send the report as PDF or Word file: the finished one, or a draft with today's figures, marked as such.

    Raises:
        Http404: there is no such period, version or kind of file.
    """
    of, readers = period_from(period), _version(version)
    if form not in _FORMS:
        raise Http404
    if not recently_confirmed(request):
        return confirm_first(request, request.path)
    kind, render = _FORMS[form]
    # What prints takes a second to start: the renderer of charts starts while the cases are counted, the one of text
    # while the charts are drawn.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(charts.warm_up_charts)
        if form == "pdf":
            beside.submit(pdf.warm_up_compiler)
        try:
            content = report_of(of, readers, today())
            made = render(content)
        except PaperError as wrong:
            return _show(
                request, of, readers, None, {"reason": str(wrong).rstrip("。"), "todo": "请改正文本后再下载。"}
            )
    response = HttpResponse(made, content_type=kind)
    draft = f"_{DRAFT_MARK}" if DRAFT_MARK in content.marks else ""
    name = f"{report_title(of)}_{readers.label}{draft}.{form}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
