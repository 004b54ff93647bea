"""Whether the petitioner is sent a message when there is news: shown, changed, and taken back as easily (PIPL 15)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.petitioner_news.queries import wishes_of
from xinfang.petitioner_news.wishes import Wishes
from xinfang.procedure.rules import Reason
from xinfang.procedure.visibility import NotVisible
from xinfang.vault.sm_ciphers import VaultError
from xinfang.window.actions import change_wishes
from xinfang.window.forms import NewsForm
from xinfang.window.queries.progress import open_own_case
from xinfang.window.refusals import NO_NEWS_OF_A_SEALED_CASE, SIGNED_IN
from xinfang.window.views.pages import WindowRequest, proven_page, window_page


@require_http_methods(["GET", "HEAD", "POST"])
@proven_page
def news_page(request: WindowRequest) -> HttpResponse:
    """Show what is wished for, and take what is wished instead."""
    try:
        case = open_own_case(request.proven)
        now = wishes_of(case.petition.pk, request.proven.person)
    except (NotVisible, VaultError):
        return redirect("window-follow")
    sent = request.method == "POST"
    stops = request.POST.get("do") == "stop"
    form = NewsForm(request.POST if sent and not stops else None, now=now)
    reasons: list[Reason] = []
    if sent and request.user.is_authenticated:
        reasons.append(SIGNED_IN)
    elif sent and case.facts.sealed and not stops:
        reasons.append(NO_NEWS_OF_A_SEALED_CASE)
    elif sent and (stops or form.is_valid()):
        wishes = Wishes() if stops else form.wishes()
        change_wishes(case.petition, request.proven.person, wishes)
        messages.success(request, "已经登记。" if wishes.where else "已经登记，以后不再提醒。")
        return redirect("window-case")
    context = {"form": form, "now": now, "reasons": reasons, "errors": form.summary if form.is_bound else []}
    return window_page(request, "window/news.html", context, status=422 if sent else 200)
