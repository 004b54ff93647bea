"""原件存放处: where the paper original of a case is, and where it was before."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.actions.original_places import move_original
from xinfang.attachments.forms import OriginalForm
from xinfang.attachments.original_places import original_panel
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.access import case_or_404
from xinfang.procedure.visibility import NotVisible, keeps_originals
from xinfang.web import form_drafts as drafts
from xinfang.web.forms import posted_key
from xinfang.web.page_frame import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def original(request: DeskRequest, number: str) -> HttpResponse:
    """Show where the original is and was; append where it is now.

    Raises:
        Http404: the case isn't this person's to see, or they don't keep its original.
    """
    case = case_or_404(request, number)
    if not keeps_originals(request.actor, case.facts):
        raise Http404
    form = OriginalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seen = posted_key(request.POST.get("seen", ""))
        try:
            move_original(number, **form.cleaned_data, seen=seen, by=request.actor, staff=request.user)
        except AdminChangeRefused as refused:
            form.refuse(refused.sentences)
        except NotVisible:
            raise Http404 from None
        else:
            drafts.form_accepted(request)
            messages.success(request, "已登记原件存放处。")
            return redirect("petition", number)
    panel = original_panel(case.petition, case.facts, request.actor)
    context = {
        "petition": case.petition,
        "original": panel,
        "seen": len(panel["before"]) + (panel["now"] is not None),
        "form": form,
        "errors": form.summary,
    }
    return render_page(
        request, "attachments/original.html", context, here="petitions", status=422 if form.errors else 200
    )
