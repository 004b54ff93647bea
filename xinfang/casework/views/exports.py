"""导出审批: exports of personal data that wait for a second person's word."""

from typing import TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.actions.export_approvals import answer_export
from xinfang.cases.queries.export_approvals import requests_for
from xinfang.procedure.exports import APPROVES_EXPORTS, ExportKind
from xinfang.procedure.visibility import NotVisible
from xinfang.registers.queries.jobs import job_of_request
from xinfang.web.form_types import Problem
from xinfang.web.forms import posted_key
from xinfang.web.page_frame import render_page


class WaitingExport(TypedDict):
    """An export that waits for this person."""

    pk: int
    what: str
    holds: str
    number: str
    by: str
    at: str
    reason: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*APPROVES_EXPORTS)
def exports(request: DeskRequest) -> HttpResponse:
    """Show what waits for this person, and take their word on it.

    Raises:
        Http404: the request isn't theirs to answer.
    """
    if not recently_confirmed(request):
        return confirm_first(request, request.path)
    errors: list[Problem] = []
    if request.method == "POST":
        sent, agree = request.POST.get("request", ""), request.POST.get("do") == "agree"
        try:
            answer_export(
                posted_key(sent),
                agree=agree,
                opinion=request.POST.get("opinion", ""),
                by=request.actor,
                staff=request.user,
            )
        except NotVisible:
            raise Http404 from None
        except AdminChangeRefused as e:
            errors = [{"reason": sentence} for sentence in e.sentences]
        else:
            messages.success(request, "已同意，申请人可以导出一次。" if agree else "已记录“不同意”，并告知申请人。")
            return redirect("exports")
    rows: list[WaitingExport] = [
        {
            "pk": r.pk,
            "what": r.get_kind_display(),
            "holds": _holds(r.pk) if r.kind == ExportKind.REGISTER.value else "",
            "number": r.petition.number if r.petition else "",
            "by": r.by.name,
            "at": timezone.localtime(r.at).strftime("%Y-%m-%d %H:%M"),
            "reason": r.reason,
        }
        for r in requests_for(request.actor)
    ]
    context = {"rows": rows, "errors": errors, "errors_title": "没有办理"}
    return render_page(request, "casework/exports.html", context, here="exports", status=422 if errors else 200)


def _holds(request_pk: int) -> str:
    """Return what a register that is asked for holds: its name, what narrows it, how many rows (1 query)."""
    job = job_of_request(request_pk)
    return f"{job.title}（{job.words or '全部'}），{job.rows} 行，含姓名、电话、住址" if job else ""
