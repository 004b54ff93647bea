"""At the counter and on the telephone: the petitioner is told there what the window would tell them, and no more.

It is written down with the proof that they gave: number and code, four digits, or their identity card.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.access import case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.petitioner_news.actions import stop_news
from xinfang.petitioner_news.queries import wished_for
from xinfang.procedure.visibility import REGISTERS_CASES
from xinfang.procedure.words import AccessKind
from xinfang.web.forms import ChoiceField, Form
from xinfang.web.page_frame import render_page
from xinfang.window.queries.progress import open_own_case, progress_of
from xinfang.window.session import ProvenCase

HOW = (("counter", "当面"), ("phone", "来电"))
PROOFS = (
    ("code", "编号和查询码，加电话或者证件号码的后四位"), ("card", "本人的身份证件（代理人另核对授权委托书）"),
    ("called", "打登记的电话回拨，由本人接听"),
)  # fmt: skip


class InquiryForm(Form):
    """How somebody asked, and how it was made sure who they are."""

    how = ChoiceField("怎样来问的", HOW)
    proof = ChoiceField("核对了什么", PROOFS)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*REGISTERS_CASES)
def answer_inquiry(request: DeskRequest, number: str) -> HttpResponse:
    """Ask how it was made sure who asks, write that down, and show what they may be told."""
    case = case_or_404(request, number)
    form = InquiryForm(request.POST if request.method == "POST" else None)
    errors = form.summary if form.is_bound else []
    context: dict[str, object] = {
        "petition": case.petition, "form": form, "errors": errors, "sends_news": bool(wished_for(case.petition.pk)),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "stop-news":
            stopped = stop_news(case.petition, staff=request.user, now=timezone.now())
            messages.success(request, "已停止进展提醒。" if stopped else "此件没有登记进展提醒。")
        how, proof = dict(HOW)[form.cleaned_data["how"]], dict(PROOFS)[form.cleaned_data["proof"]]
        log_access(case.petition, request.user, AccessKind.READ, f"{how}答复查询，核对：{proof}")
        own = open_own_case(ProvenCase(case.petition.number))
        context["progress"] = progress_of(own)
    return render_page(request, "window/at_the_desk.html", context, here="petitions", status=422 if errors else 200)
