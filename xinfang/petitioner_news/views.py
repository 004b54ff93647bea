"""没有发出的提醒: messages that no gateway took, and writing down how the petitioner was told instead."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.petitioner_news.actions import told_otherwise
from xinfang.petitioner_news.queries import undelivered
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Role
from xinfang.web.form_types import Problem
from xinfang.web.forms import posted_key
from xinfang.web.page_frame import render_page

TELLS = (Role.OFFICE, Role.OFFICE_HEAD, Role.UNIT_HEAD, Role.HANDLER)
"""Who works on cases, and so tells a petitioner otherwise."""
_GONE = "没有这一条提醒，或者您不能办理。请刷新页面后再试。"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*TELLS)
def undelivered_page(request: DeskRequest) -> HttpResponse:
    """Show what could not be sent, each with a form that says how its petitioner was told."""
    errors: list[Problem] = []
    if request.method == "POST":
        sent = request.POST
        how = " ".join(sent.get("how", "").replace("\0", "").split())[:200]
        number = sent.get("number", "")[:20]
        try:
            told_otherwise(number, posted_key(sent.get("message", "")), how, by=request.actor, staff=request.user)
        except NotVisible:
            errors = [{"reason": _GONE}]
        except AdminChangeRefused as e:
            errors = [{"reason": sentence, "field": f"how-{sent.get('message', '')[:9]}"} for sentence in e.sentences]
        else:
            messages.success(request, f"已登记 {number} 怎样另行告知。")
            return redirect("undelivered")
    context = {"rows": undelivered(request.actor), "errors": errors, "errors_title": "没有登记"}
    return render_page(
        request, "petitioner_news/undelivered.html", context, here="inbox", status=422 if errors else 200
    )  # fmt: skip
