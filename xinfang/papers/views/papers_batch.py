"""Papers of many cases: what waits for me or for the office, and several issued or printed at once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.sealed_case_reason import ReasonRequired, require_reason
from xinfang.cases.step_forms import posted
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, KeysetPage, paginate
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.pdf import Unprintable
from xinfang.papers.pdf_pages import join_pdfs
from xinfang.papers.queries import envelopes
from xinfang.papers.queries.overview import STAGE_CHIPS, without_advice
from xinfang.papers.queries.paper_lists import CURSOR_FIELDS, UNSENT, chosen_papers, paper_list, required_paper_list
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import HANDLES_PAPERS, READS_ADVICE, NotVisible
from xinfang.procedure.words import AccessKind, PaperKind, PaperStage
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.dates import short_date
from xinfang.web.form_types import Choice, Field, Problem
from xinfang.web.list_pages import choice_from, cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

from .papers_files import frozen, saved

if TYPE_CHECKING:
    from xinfang.cases.models import RequiredPaper
    from xinfang.papers.models import Paper

NAV_ROUTE = "papers"
PAGE_SIZE = 50
MAX_PAPERS_PER_BATCH = 300
"""Papers that one batch takes at most."""
BATCH_SECONDS = 2.0
"""Seconds that one answer of a batch takes; then it says how far it is and goes on."""
TABS = {
    "mine": "等我办",
    PaperStage.DRAFT.value: "拟稿",
    PaperStage.CHECKING.value: "待核稿",
    PaperStage.SIGNING.value: "待签发",
    PaperStage.SIGNED.value: "待印发",
    UNSENT: "待发出",
    PaperStage.ISSUED.value: "已印发",
    "owed": "还没有制作",
    "all": "全部",
}
BATCH_ACTIONS = ("issue", "print", "dl", "c4", "register")
_STAGES = {s.value: s for s in PaperStage}


class PaperListLine(TypedDict):
    """A paper in the list; without `id` one that nobody has made yet."""

    id: NotRequired[int]
    label: str
    code: str
    url: str
    stage: str
    chip: str
    number: str
    day: str
    case: str
    subject: str
    choosable: bool


class PaperTab(TypedDict):
    """A group of papers."""

    label: str
    url: str
    current: bool


class PaperListContext(TypedDict):
    """The list of papers."""

    rows: list[PaperListLine]
    tabs: list[PaperTab]
    tab: str
    kinds: list[Choice]
    page: dict[str, str]
    notes: list[str]
    chooses: bool
    key: str


class Refusal(TypedDict):
    """A paper that wasn't issued, and why; it is named only where this person (still) sees it."""

    id: int
    line: PaperListLine | None
    why: str


class BatchContext(TypedDict):
    """How far a batch is."""

    key: str
    left: list[int]
    done: list[int]
    failed: list[Refusal]
    all: int
    ready: int


class AddressContext(TypedDict):
    """The form that asks why addresses are printed."""

    address: str
    address_label: str
    chosen: list[int]
    fields: list[Field]
    errors: list[Problem]


@require_safe
@desk_page(*HANDLES_PAPERS)
def papers(request: DeskRequest) -> HttpResponse:
    """Show one row a paper, the newest first; filtered by stage and kind, in pages.

    Where no group is asked for, the first that has something (a query for each that is empty).
    """
    notes: list[str] = []
    asked = choice_from(request.GET.get("tab", ""), "分组", TABS, notes)
    kind = choice_from(request.GET.get("kind", ""), "文书", [k.value for k in PaperKind], notes)
    tab = asked or next((t for t in TABS if _found(request, t, kind).exists()), "mine")
    cursor, direction = cursor_from(request)
    try:
        page = _page(request, tab, kind, cursor, direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = _page(request, tab, kind, "", "after")
    given = {"tab": tab, "kind": kind}
    rows = [_owed_row(o) if tab == "owed" else _row(o) for o in page.rows]
    context: PaperListContext = {
        "rows": rows,
        "tabs": [
            {
                "label": label,
                "url": list_address(reverse(NAV_ROUTE), {"tab": key, "kind": kind}),
                "current": key == tab,
            }
            for key, label in TABS.items()
        ],
        "tab": tab,
        "kinds": [(k.value, k.label, k.value == kind) for k in PaperKind],
        "page": pager_context(reverse(NAV_ROUTE), given, page),
        "notes": notes,
        "chooses": tab != "owed" and any(r["choosable"] for r in rows),
        "key": uuid.uuid4().hex,
    }
    return render_page(request, "papers/papers.html", context, here=NAV_ROUTE)


def _found(request: DeskRequest, tab: str, kind: str) -> Any:
    actor = without_advice(request.actor)
    advice = actor.has(*READS_ADVICE)
    if tab == "owed":
        return required_paper_list(actor, advice=advice, kind=kind)
    stage = tab if tab in (*_STAGES, UNSENT) else ""
    return paper_list(actor, advice=advice, stage=stage, kind=kind, waiting=tab == "mine")


def _page(request: DeskRequest, tab: str, kind: str, cursor: str, direction: str) -> KeysetPage:
    found = _found(request, tab, kind)
    return paginate(found, CURSOR_FIELDS, limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)


def _row(paper: Paper) -> PaperListLine:
    p = paper.petition
    return {
        "id": paper.pk,
        "label": paper.label,
        "code": PAPERS[paper.paper_kind].code,
        "url": reverse("paper", args=[p.number, paper.place]),
        "stage": paper.get_stage_display(),
        "chip": STAGE_CHIPS[_STAGES[paper.stage]],
        "number": paper.number or "",
        "day": short_date(paper.issued_on) if paper.issued_on else "",
        "case": p.number,
        "subject": "密封件" if p.sealed else p.subject or "（未写事由）",
        # A sealed case is opened for a reason of its own, never in a heap of others.
        "choosable": not p.sealed and paper.stage != PaperStage.WITHDRAWN.value,
    }


def _owed_row(owed: RequiredPaper) -> PaperListLine:
    p = owed.petition
    return {
        "label": owed.label,
        "code": PAPERS[PaperKind.of(owed.kind)].code,
        "url": f"{reverse('petition', args=[p.number])}#papers-title",
        "stage": "应出具",
        "chip": "soon",
        "number": "",
        "day": short_date(owed.event.happened_on),
        "case": p.number,
        "subject": "密封件" if p.sealed else p.subject or "（未写事由）",
        "choosable": False,
    }


# ---- several at once


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*HANDLES_PAPERS)
def batch(request: DeskRequest) -> HttpResponse:
    """Issue, print or address the chosen papers. An address without a choice leads back to the list."""
    if request.method != "POST":
        return redirect("papers")
    what = request.POST.get("do", "")
    chosen = _chosen(request)
    if what not in BATCH_ACTIONS or not chosen:
        return _nothing(request, "没有选择文书。请先在列表中勾选，再按“印发”或“打印”。")
    if what == "issue":
        return _issue(request)
    if what == "print":
        return _print(request, chosen)
    return _address(request, what, chosen)


def _ids(request: DeskRequest, name: str) -> list[int]:
    sent = (v for v in request.POST.getlist(name) if v.isascii() and v.isdecimal() and len(v) < 18)
    return list(dict.fromkeys(map(int, sent)))[:MAX_PAPERS_PER_BATCH]


def _chosen(request: DeskRequest) -> list[Paper]:
    """Return the papers that were ticked, in that order, as far as this person sees them.

    Raises:
        Http404: one of them isn't this person's to see.
    """
    ids = _ids(request, "paper")
    actor = without_advice(request.actor)
    found = chosen_papers(ids, actor, advice=actor.has(*READS_ADVICE))
    if len(found) < len(ids):
        raise Http404
    return [found[i] for i in ids]


def _nothing(request: DeskRequest, why: str) -> HttpResponse:
    errors = [{"reason": why}]
    return render_page(request, "papers/paper_batch.html", {"errors": errors}, here=NAV_ROUTE, status=422)


def _issue(request: DeskRequest) -> HttpResponse:
    """Issue the next few, then tell how far it is.

    Each paper has an idempotency key of its own, so going on after a break repeats nothing.
    """
    key = posted.idempotency_key_of(request.POST)
    left, done, failed = _ids(request, "paper"), _ids(request, "done"), _failed(request)
    ends = time.monotonic() + BATCH_SECONDS
    papers_by_id = {p.pk: p for p in _chosen(request)}
    # The page that shows the bar comes first; from then on each answer does at least one.
    turn = bool(request.htmx) or "go" in request.POST
    while turn and left:
        paper = papers_by_id[left.pop(0)]
        turn = time.monotonic() < ends
        try:
            require_reason(request, paper.petition)
            acts.issue_paper(
                paper.petition.number,
                paper.place,
                by=request.actor,
                idempotency_key=f"{request.user.pk}-{key[:32]}-{paper.pk}",
            )
            done.append(paper.pk)
        except ReasonRequired:
            failed[paper.pk] = "密封件须逐件打开、写明理由后办理。"
        except Refused as e:
            failed[paper.pk] = "；".join(map(str, e.reasons))
        except NotVisible:
            failed[paper.pk] = "此件已不在您可以查看的范围内。"
    context: BatchContext = {
        "key": key,
        "left": left,
        "done": done,
        "failed": _told(request, failed),
        "all": len(left) + len(done) + len(failed),
        "ready": len(done) + len(failed),
    }
    if request.htmx:
        return render(request, "papers/parts/paper_batch.html", context)
    return render_page(request, "papers/paper_batch.html", context, here=NAV_ROUTE)


def _failed(request: DeskRequest) -> dict[int, str]:
    """Return what went wrong so far, carried from answer to answer by the page itself."""
    return {i: request.POST.get(f"why-{i}", "")[:1000] for i in _ids(request, "failed")}


def _told(request: DeskRequest, failed: dict[int, str]) -> list[Refusal]:
    """Tell what became of those that weren't issued; one that this person doesn't see (any more) has no number here."""
    actor = without_advice(request.actor)
    found = chosen_papers(failed, actor, advice=actor.has(*READS_ADVICE)) if failed else {}
    return [{"id": pk, "line": _row(found[pk]) if pk in found else None, "why": why} for pk, why in failed.items()]


def _print(request: DeskRequest, chosen: Sequence[Paper]) -> HttpResponse:
    """Send the frozen files of all of them as one PDF, each beginning on a front."""
    problems = _not_to_print(request, chosen)
    if problems:
        return _nothing(request, "；".join(problems))
    try:
        data = join_pdfs((frozen(p.pdf) for p in chosen if p.pdf), two_sided=True)
    except (OSError, VaultError):
        return _nothing(request, "有一份定稿读不出来，没有打印。请告诉系统管理员从备份恢复附件。")
    for paper in chosen:
        log_access(paper.petition, request.user, AccessKind.FILE, "批量打印文书", paper=paper.place)
    return saved(data, f"文书{len(chosen)}份.pdf", "application/pdf")


def _not_to_print(request: DeskRequest, chosen: Sequence[Paper]) -> list[str]:
    problems = []
    for paper in chosen:
        try:
            require_reason(request, paper.petition)
        except ReasonRequired:
            problems.append(f"{paper.petition.number} 是密封件，须逐件打开、写明理由后打印")
            continue
        if paper.is_scan:
            problems.append(
                f"{paper.petition.number} 的“{paper.label}”是纸质件的扫描件，请在附件中打开打印，或去掉这一份"
            )
        elif paper.pdf is None:
            problems.append(f"{paper.petition.number} 的“{paper.label}”还没有印发，不能打印。请先印发，或去掉这一份")
    return problems


def _address(request: DeskRequest, what: str, chosen: Sequence[Paper]) -> HttpResponse:
    """Send envelopes or the list for registered mail.

    Names and addresses are in plain, for a reason that is recorded for each case.
    """
    if not recently_confirmed(request):
        return confirm_first(request, reverse(NAV_ROUTE))
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())[: envelopes.MAX_REASON_CHARACTERS]
    error = ""
    if "reason" in request.POST and len(reason) < envelopes.MIN_REASON_CHARACTERS:
        error = f"请写明理由，至少 {envelopes.MIN_REASON_CHARACTERS} 个字，例如“邮寄受理告知书”。"
    receivers, problems = envelopes.envelope_receivers(request.actor, chosen)
    if problems:
        return _nothing(request, "；".join(problems))
    if not reason or error:
        context: AddressContext = {
            "address": what,
            "address_label": {"dl": "打印信封（DL）", "c4": "打印信封（C4）", "register": "打印挂号信清单"}[what],
            "chosen": [p.pk for p in chosen],
            "fields": [envelopes.reason_field(reason, error)],
            "errors": [{"reason": error, "field": "reason"}] if error else [],
        }
        return render_page(request, "papers/paper_batch.html", context, here=NAV_ROUTE, status=422 if error else 200)
    try:
        data = envelopes.envelopes_pdf(what, receivers, settings.DEPARTMENT, today())
    except Unprintable as e:
        return _nothing(request, str(e))
    for paper in chosen:
        log_access(
            paper.petition, request.user, AccessKind.UNMASK, reason, fields=["address", "name"], paper=paper.place
        )
    return saved(data, "挂号信清单.pdf" if what == "register" else "信封.pdf", "application/pdf")
