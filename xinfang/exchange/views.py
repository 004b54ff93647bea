"""与自治区系统交换: the page of the exchange, and the way by file.

What waits, what was sent back and why, matters that couldn't be registered, reconciliation.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.actions.export_approvals import ask_to_export
from xinfang.cases.queries.export_approvals import own_request
from xinfang.exchange import file_package as packages
from xinfang.exchange.actions import transfers
from xinfang.exchange.actions.agreed_package import package_agreed
from xinfang.exchange.protocol import InvalidExchangeData
from xinfang.procedure.exports import ExportKind
from xinfang.procedure.limits import EXPORT_APPROVAL
from xinfang.procedure.visibility import EXCHANGES
from xinfang.web.form_types import Field, Problem
from xinfang.web.page_frame import render_page
from xinfang.web.reasons import read_reason, reason_field

from . import queries
from .queries import ANSWERED, LOOK_AT, UNDER_WAY, Kind, State

if TYPE_CHECKING:
    from .models import ExchangeMark, Incoming, Outgoing

NAV_ROUTE = "exchange"
PAGE_SIZE, DONE_ROWS = 50, 10
MAX_UPLOAD_BYTES = 16 * 1024 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*EXCHANGES)
def exchange_page(request: DeskRequest) -> HttpResponse:
    """Show the whole exchange on one page; its buttons send again and read receipts."""
    errors: list[Problem] = []
    if request.method == "POST":
        try:
            _act(request)
            return redirect("exchange")
        except AdminChangeRefused as e:
            errors = [{"reason": sentence} for sentence in e.sentences]
    context = {**_context(request), "errors": errors, "errors_title": "没有办理"}
    return render_page(request, "exchange/exchange.html", context, here=NAV_ROUTE, status=422 if errors else 200)


def _act(request: DeskRequest) -> None:
    what = request.POST.get("do", "")
    if what == "again":
        row = queries.message_by_key(request.POST.get("key", "")[:40], request.actor)
        if row is None:
            raise AdminChangeRefused("没有这一条，请刷新页面后再试。")
        again = transfers.send_again(row, staff=request.user)
        messages.success(request, f"{again.petition.number} 的“{again.get_kind_display()}”已放回待发送。")
    elif what == "receipts":
        file = request.FILES.get("file")
        if file is None:
            raise AdminChangeRefused("没有选择文件。请选择自治区系统给的回执文件（.json）。")
        if file.size is not None and file.size > MAX_UPLOAD_BYTES:
            raise AdminChangeRefused("文件超过 16 MB，请核对是否选错了文件。")
        try:
            receipts = packages.read_receipts(file.read())
        except InvalidExchangeData as e:
            raise AdminChangeRefused(f"回执文件不能识别，没有读入：{e}。请向对方核实。") from None
        ran = transfers.settle_receipts(receipts)
        words = f"读入回执 {len(receipts)} 条：确认接收 {ran.accepted} 条，被退回 {ran.refused} 条，其余早已记录。"
        messages.success(request, words)
    else:
        raise AdminChangeRefused("没有这种操作，请刷新页面后再试。")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*EXCHANGES)
def package(request: DeskRequest) -> HttpResponse:
    """Send what waits as a zip file: for a reason, to the person who is at the desk."""
    waiting = queries.number_waiting(request.actor)
    if not recently_confirmed(request):
        return confirm_first(request, request.path)
    words, wrong = read_reason(request)
    asked = own_request(ExportKind.EXCHANGE_PACKAGE, None, "", request.user, timezone.now())
    agreed = asked is not None and asked.open
    wrong = "" if agreed else wrong
    form = reason_field(words, wrong)
    if request.method == "POST" and not wrong:
        if asked is not None and agreed:
            made, mark = package_agreed(request.actor, asked.request, staff=request.user)
            if made:
                name = f"信访交换数据包-{timezone.localtime():%Y%m%d-%H%M}.zip"
                response = HttpResponse(packages.write_package_file(made, mark), content_type="application/zip")
                response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
                response["Cache-Control"] = "no-store"
                return response
        elif waiting:
            ask_to_export(ExportKind.EXCHANGE_PACKAGE, None, "", staff=request.user, reason=words)
            messages.success(request, "已提出导出申请，由另一人同意后再回到此页导出。")
            return redirect("exchange-package")
        form = {**form, "errors": [{"reason": "没有等待发送的消息，没有生成数据包。"}]}
        wrong = "empty"
    context = {
        **form,
        "errors_title": "没有导出",
        "asked": asked,
        "days": EXPORT_APPROVAL,
        "waiting": min(waiting, transfers.MAX_PACKAGED_MESSAGES),
        "more": waiting,
    }
    return render_page(request, "exchange/exchange_package.html", context, here=NAV_ROUTE, status=422 if wrong else 200)


class Run(TypedDict):
    """When it was last sent, and what was wrong."""

    at: str
    trouble: str


class MessageRow(TypedDict):
    """A message to the region."""

    key: str
    number: str
    url: str
    what: str
    state: str
    chip: str
    reason: str
    tries: int
    external_number: str
    at: str
    next: str


class ExchangePart(TypedDict):
    """What the page shows, whatever was sent from it."""

    over_http: bool
    figures: list[tuple[str, int]]
    anything: bool
    look_at: list[MessageRow]
    under_way: list[MessageRow]
    done: list[MessageRow]
    waiting: int
    left: list[Incoming]
    run: Run | None
    checked: dict[str, Any] | None
    file: Field


def _context(request: DeskRequest) -> ExchangePart:
    actor = request.actor
    counts = queries.number_by_state(actor)
    marks = queries.last_runs()
    run, checked = marks.get("run"), marks.get("reconcile")
    left = queries.left_matters()
    look_at, under_way = queries.failed_messages(actor, PAGE_SIZE), queries.under_way(actor, PAGE_SIZE)
    done = queries.last_answered(actor, DONE_ROWS)
    labels = queries.step_labels([*look_at, *under_way, *done])
    figures = [
        ("待发送", counts.get(State.WAITING, 0)),
        ("已发出，待回执", sum(counts.get(s, 0) for s in UNDER_WAY)),
        ("已接收", sum(counts.get(s, 0) for s in ANSWERED)),
        ("需要处理", sum(counts.get(s, 0) for s in LOOK_AT)),
    ]
    return {
        "over_http": bool(settings.REGION_URL),
        "figures": figures,
        "anything": bool(sum(n for _, n in figures)) or left.exists(),
        "look_at": [_row(r, labels) for r in look_at],
        "under_way": [_row(r, labels) for r in under_way],
        "done": [_row(r, labels) for r in done],
        "waiting": counts.get(State.WAITING, 0),
        "left": list(left[:PAGE_SIZE]),
        "run": {"at": _at(run), "trouble": run.data.get("trouble", "")} if run else None,
        "checked": {**checked.data, "at": _at(checked), "differences": checked.data["differences"][:PAGE_SIZE]}
        if checked
        else None,
        "file": {
            "name": "file",
            "id": "file",
            "label": "回执文件",
            "widget": "file",
            "required": True,
            "attrs": {"accept": ".json"},
            "help": "自治区系统给的 .json 文件；重复读入不会重复记录。",
        },
    }


def _row(row: Outgoing, labels: dict[tuple[int, int], str]) -> MessageRow:
    step = labels.get((row.petition_id, row.seq), "")
    kind = row.get_kind_display()
    return {
        "key": row.key,
        "number": row.petition.number,
        "url": reverse("petition", args=[row.petition.number]),
        "what": kind if row.kind == Kind.ENTRY else f"{kind}：{step}",
        "state": row.get_state_display(),
        "chip": "late" if row.state in LOOK_AT else "ok" if row.state in transfers.DONE_STATES else "plain",
        "reason": row.reason,
        "tries": row.tries,
        "external_number": row.external_number,
        "at": _when(row.answered_at or row.created_at),
        "next": _when(row.next_try) if row.tries and row.state == State.WAITING else "",
    }


def _when(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _at(mark: ExchangeMark) -> str:
    return _when(mark.at)
