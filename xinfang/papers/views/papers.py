"""The papers of a case: making one, its page, the versions of its text, and where its steps are taken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.step_forms import posted
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.queries import paper_changes
from xinfang.papers.queries.overview import NEXT_STEP_AT, next_step
from xinfang.papers.queries.papers import texts_of
from xinfang.papers.source import WordingSyntaxError
from xinfang.papers.views.paper_access import NAV_ROUTE, case_of, log_paper_access, typed_paper_or_404
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible, may_read
from xinfang.procedure.words import PaperKind
from xinfang.web.page_frame import in_one_snapshot, render_page

from .paper_page import PaperPage
from .posted_paper import PostedPaper

if TYPE_CHECKING:
    from xinfang.cases.models import Petition
    from xinfang.papers.models import Paper


@require_POST
@desk_page()
def make(request: DeskRequest, number: str) -> HttpResponse:
    """Begin a paper, and go to it.

    Raises:
        Http404: the case isn't this person's to see.
    """
    petition, _ = case_of(request, number)
    sent = request.POST
    kind = PaperKind.get(sent.get("kind"))
    owed = sent.get("owed_by", "0")
    if kind is None or not may_read(request.actor, kind):
        messages.error(request, "没有选择文书种类，什么也没有制作。请从列表中选择一种文书。")
        return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
    try:
        paper = acts.make_paper(
            petition.number,
            kind,
            by=request.actor,
            owed_by=int(owed) if owed.isascii() and owed.isdigit() and len(owed) < 7 else 0,
            idempotency_key=f"{request.user.pk}-{posted.idempotency_key_of(sent)}",
        )
    except Refused as e:
        for reason in e.reasons:
            messages.error(request, f"没有制作“{kind.label}”：{reason}")
        return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
    except WordingSyntaxError as e:
        messages.error(request, f"没有制作“{kind.label}”：本厅的文书格式文本有误。{e} 请系统管理员在“文书格式”中改正。")
        return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
    except NotVisible:
        raise Http404 from None
    return redirect("paper", number=petition.number, place=paper.place)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
@in_one_snapshot
def paper(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Show the paper; take what is sent from its page."""
    page = PaperPage(request, number, place)
    return PostedPaper(page).answer() if request.method == "POST" else page.show()


class PaperVersion(TypedDict):
    """A version of a paper's text."""

    revision: int
    by: str
    at: datetime
    how: str


class VersionsContext(TypedDict):
    """Two versions of a text side by side."""

    petition: Petition
    paper: Paper
    url: str
    versions: list[PaperVersion]
    a: int
    b: int
    old: str
    new: str
    lines: list[dict[str, str]]


@require_safe
@desk_page()
@in_one_snapshot
def versions(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Show every version of a paper's text, its author and how it was made; two of them side by side."""
    petition, case = case_of(request, number)
    paper = typed_paper_or_404(petition, case, place)
    rows = texts_of(paper)
    by_number = {str(r.revision): r for r in rows}
    b = by_number.get(request.GET.get("b", ""), rows[-1])
    a = by_number.get(request.GET.get("a", ""), rows[-2] if len(rows) > 1 else rows[0])
    if request.method == "GET":
        log_paper_access(request, petition, a.text + b.text, f"比较文书版本：{paper.label}", paper=place)
    context: VersionsContext = {
        "petition": petition,
        "paper": paper,
        "url": reverse("paper", args=[petition.number, place]),
        "versions": [
            {
                "revision": r.revision,
                "by": r.by.name if r.by else "系统",
                "at": timezone.localtime(r.at),
                "how": r.how_label,
            }
            for r in reversed(rows)
        ],
        "a": a.revision,
        "b": b.revision,
        "old": f"第 {a.revision} 版",
        "new": f"第 {b.revision} 版",
        "lines": paper_changes.side_by_side(a.text, b.text),
    }
    return render_page(request, "papers/paper_versions.html", context, here=NAV_ROUTE)


def of_step(request: DeskRequest, number: str, code: str) -> HttpResponse:
    """Lead from the address of a step about papers to the paper that waits for it, or to the panel of papers."""
    petition, case = case_of(request, number)
    for paper in case.facts.papers:
        step = next_step(paper, case.facts, case.today)
        if NEXT_STEP_AT.get(paper.stage) == code or (step is not None and step.rule.code == code):
            back = f"?{urlencode({'next': request.GET['next']})}" if request.GET.get("next") else ""
            return redirect(f"{reverse('paper', args=[petition.number, paper.number])}{back}")
    return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
