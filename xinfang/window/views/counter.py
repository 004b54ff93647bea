"""At the counter: the registration sheet on a tablet, read with the visitor and signed by hand on it.

Without JavaScript, or where somebody would rather, the same sheet is printed and signed on paper.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.filecheck import NotAccepted
from xinfang.cases.access import CaseView, case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.queries.case_text import case_text
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import REGISTERS_CASES
from xinfang.procedure.words import AccessKind
from xinfang.web.dates import chinese_date, moment_text
from xinfang.window.actions import keep_signed_sheet
from xinfang.window.signed_sheet import STATEMENT, NotSigned, drawn_signature, signed_sheet
from xinfang.window.views.pages import window_page
from xinfang.window.views.submitting import form_key

_READ = ["name", "phone", "address", "id_number"]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*REGISTERS_CASES)
def counter_sheet(request: DeskRequest, number: str) -> HttpResponse:
    """Show the sheet in large type, and keep it with the signature that was drawn under it.

    Raises:
        Http404: the identity in it isn't this person's to see.
    """
    case = case_or_404(request, number)
    if not case.may_see_identity:
        raise Http404
    rows = _rows(case)
    errors: list[dict[str, str]] = []
    key = form_key(request.POST.get("key", ""))
    if request.method == "POST":
        try:
            signature = drawn_signature(request.POST.get("signature", ""))
            sheet = signed_sheet(rows, signature, f"{moment_text(timezone.now())}，在接待室签名")
            keep_signed_sheet(number, sheet, by=request.actor, staff=request.user, key=key)
        except (NotSigned, NotAccepted) as e:
            errors = [{"reason": str(e)}]
        except Refused as e:
            errors = [{"reason": f"{r.text}。{r.todo}"} for r in e.reasons]
        else:
            messages.success(request, "签名的登记表已经存入此件的附件。请打印回执交给信访人。")
            return redirect("receipt", number)
    else:
        log_access(case.petition, request.user, AccessKind.UNMASK, "与来访人核对登记表", fields=_READ)
    context = {
        "petition": case.petition, "rows": rows, "statement": STATEMENT, "errors": errors, "key": key,
    }  # fmt: skip
    return window_page(request, "window/counter_sheet.html", context, status=422 if errors else 200)


def _rows(case: CaseView) -> list[tuple[str, str]]:
    """Return what the visitor reads: label and words."""
    found, facts = case.petition, case.facts
    text = case_text(found, facts)
    rows = [("编号", found.number), ("收到日期", chinese_date(found.received_on)), ("事由", text.subject)]
    rows += [("内容", text.body)] if text.body else []
    rows += [(f"诉求{r.number}", r.text) for r in facts.requests]
    for person in found.petitioners.all():
        own = [person.full_name or "姓名不清", person.phone, person.address, person.id_number]
        rows.append((person.get_role_display(), "，".join(part for part in own if part)))
    return rows
