"""机要室: files that wait to be taken, files that are kept, whose period ends, and the package of a file."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.archive.actions import disposal, exporting
from xinfang.archive.actions.catalogue import MAX_COUNTED_AT_ONCE, CatalogueForm, export_catalogue
from xinfang.archive.queries import page_counts, volumes
from xinfang.archive.queries.overview import (
    KeptRow,
    Piece,
    WaitingCard,
    bundle_choices,
    bundle_label,
    claimed_pages,
    file_facts,
    kept_row,
    piece_rows,
    waiting_card,
)
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.access import ViewScope, case_or_404
from xinfang.cases.actions.export_approvals import ask_to_export
from xinfang.cases.queries.export_approvals import own_request
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, count_up_to, paginate
from xinfang.procedure.archive import waits_for_the_archive
from xinfang.procedure.exports import ExportKind
from xinfang.procedure.limits import EXPORT_APPROVAL
from xinfang.procedure.visibility import SEES_ARCHIVE
from xinfang.procedure.words import Retention, Role
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import short_date
from xinfang.web.form_types import Field, Problem
from xinfang.web.list_pages import count_text, cursor_from, pager_context
from xinfang.web.page_frame import in_one_snapshot, render_page
from xinfang.web.reasons import read_reason, reason_field

if TYPE_CHECKING:
    from xinfang.cases.models import Petition

    from .models import DisposalList

NAV_ROUTE = "archive"
_YEAR = re.compile(r"(19|20|21)[0-9]{2}")
PAGE_SIZE, CARDS, LISTS = 50, 30, 20


class WaitingContext(TypedDict):
    """The files that were handed over."""

    tab: str
    cards: list[WaitingCard]
    more: bool
    accepts: bool


class KeptContext(TypedDict):
    """The files that are kept here."""

    tab: str
    count_text: str
    rows: list[KeptRow]
    page: dict[str, str]
    field: Field
    asked: str


class CatalogueContext(TypedDict):
    """Which volumes a catalogue is made of."""

    errors: list[Problem]
    errors_title: str
    fields: list[Field]


class EndingContext(TypedDict):
    """The files whose period is over or soon will be."""

    tab: str
    errors: list[Problem]
    errors_title: str
    over: list[KeptRow]
    soon: list[KeptRow]
    chosen: list[str]
    proposes: bool
    reason: Field


class ListShown(TypedDict):
    """A list of files to be destroyed."""

    made: DisposalList
    files: list[KeptRow]
    proposed_on: str
    may_decide: bool


class DisposalsContext(TypedDict):
    """The newest lists."""

    tab: str
    errors: list[Problem]
    errors_title: str
    lists: list[ListShown]


class FileContext(TypedDict):
    """The file of one case."""

    petition: Petition
    facts: list[tuple[str, str]]
    pieces: list[Piece]
    differs: str
    destroyed: date | None
    exports: bool


@require_safe
@desk_page(*SEES_ARCHIVE)
def waiting(request: DeskRequest) -> HttpResponse:
    """Show the files that were handed over, each with what it holds; they are taken or given back from here."""
    found = list(volumes.files_to_accept(request.actor)[: CARDS + 1])
    more, cases = len(found) > CARDS, found[:CARDS]
    facts = volumes.facts_of_files_to_accept(cases)
    bound = page_counts.stored_pages(cases)
    context: WaitingContext = {
        "tab": "waiting",
        "cards": [waiting_card(p, facts[p.pk], uuid.uuid4().hex, bound.get(p.pk)) for p in cases if p.pk in facts],
        "more": more,
        "accepts": request.actor.has(Role.ARCHIVE_ROOM),
    }
    return render_page(request, "archive/archive.html", context, here=NAV_ROUTE)


@require_safe
@desk_page(*SEES_ARCHIVE)
def kept(request: DeskRequest) -> HttpResponse:
    """Show every file that is or was kept here, the newest first; by its number or the case's."""
    asked = request.GET.get("q", "").strip()[:40]
    rows = volumes.kept_files(request.actor, asked)
    cursor, direction = cursor_from(request)
    try:
        page = paginate(rows, ("petition_id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        page = paginate(rows, ("petition_id",), limit=PAGE_SIZE, descending=True)
    context: KeptContext = {
        "tab": "kept",
        "count_text": count_text(*count_up_to(rows)),
        "rows": [kept_row(f, today()) for f in page.rows],
        "page": pager_context(reverse("archive-kept"), {"q": asked}, page),
        "field": {
            "name": "q",
            "label": "档号或编号",
            "widget": "search",
            "value": asked,
            "attrs": {"maxlength": 40, "placeholder": "从开头填起"},
        },
        "asked": asked,
    }
    return render_page(request, "archive/archive_kept.html", context, here=NAV_ROUTE)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_ARCHIVE)
def catalogue(request: DeskRequest) -> HttpResponse:
    """Send the catalogue of the volumes of a year and period, to who has just confirmed who they are."""
    if not recently_confirmed(request):
        return confirm_first(request, request.path)
    year, period = request.POST.get("year", "").strip()[:5], request.POST.get("retention", "")
    form = next((f for f in CatalogueForm if f.value == request.POST.get("form")), None)
    errors: list[Problem] = []
    if request.method == "POST":
        if form is None:
            errors = [{"reason": "请选择目录的格式。", "field": "form"}]
        elif year and not _YEAR.fullmatch(year):
            errors = [{"reason": "年度请填四位数字，如：2026；不填为全部年度。", "field": "year"}]
        else:
            retention = next((r for r in Retention if r.value == period), None)
            try:
                made, _ = export_catalogue(
                    form,
                    year=int(year) if year else None,
                    retention=retention,
                    by=request.actor,
                    staff=request.user,
                    most_counted=MAX_COUNTED_AT_ONCE,
                )
            except AdminChangeRefused as e:
                errors = [{"reason": sentence} for sentence in e.sentences]
            else:
                name = "-".join(p for p in ("案卷目录", year, retention.label if retention else "") if p)
                response = HttpResponse(made, content_type=form.mime_type)
                response["Content-Disposition"] = (
                    f"attachment; filename*=UTF-8''{quote(f'{name}.{form.value}', safe='')}"
                )
                response["Cache-Control"] = "no-store"
                return response
    context: CatalogueContext = {
        "errors": errors,
        "errors_title": "没有导出",
        "fields": [
            {
                "name": "year",
                "label": "年度",
                "widget": "line",
                "value": year,
                "help": "不填为全部年度。",
                "attrs": {"maxlength": 4, "inputmode": "numeric"},
            },
            {
                "name": "retention",
                "label": "保管期限",
                "widget": "select",
                "choices": [("", "全部", not period), *((r.value, r.label, r.value == period) for r in Retention)],
            },
            {
                "name": "form",
                "label": "格式",
                "widget": "radio",
                "choices": [
                    (CatalogueForm.EXCEL.value, "Excel（.xlsx）", form is not CatalogueForm.XML),
                    (CatalogueForm.XML.value, "XML", form is CatalogueForm.XML),
                ],
            },
        ],
    }
    return render_page(
        request, "archive/archive_catalogue.html", context, here=NAV_ROUTE, status=422 if errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_ARCHIVE)
def ending(request: DeskRequest) -> HttpResponse:
    """Show files whose period is over or soon will be; the archive room puts those that are over on a list."""
    errors: list[Problem] = []
    proposes = request.actor.has(Role.ARCHIVE_ROOM, Role.SEALED_OFFICER)
    chosen, reason = request.POST.getlist("number")[: disposal.MAX_FILES_PER_LIST + 1], request.POST.get("reason", "")
    if request.method == "POST":
        if not recently_confirmed(request):
            return confirm_first(request, reverse("archive-ending"))
        try:
            made = disposal.propose_disposal(chosen, reason=reason, by=request.actor, staff=request.user)
        except AdminChangeRefused as e:
            errors = [{"reason": sentence} for sentence in e.sentences]
        else:
            drafts.form_accepted(request)
            messages.success(request, f"已提出销毁清单 {made.number}，等待办公室主任审批。")
            return redirect("archive-disposals")
    day = today()
    rows = volumes.files_whose_period_ends(day, request.actor)
    found = [kept_row(f, day) for f in rows[: disposal.MAX_FILES_PER_LIST]]
    context: EndingContext = {
        "tab": "ending",
        "errors": errors,
        "errors_title": "没有提出",
        "over": [r for r in found if r["over"]],
        "soon": [r for r in found if not r["over"]],
        "chosen": chosen,
        "proposes": proposes,
        "reason": {
            "name": "reason",
            "label": "鉴定意见",
            "widget": "text",
            "required": True,
            "value": reason,
            "attrs": {"maxlength": 2000, "rows": 3},
            "help": "为什么不再保存。销毁后内容和个人信息都不能恢复，只留办理记录。",
        },
    }
    return render_page(request, "archive/archive_ending.html", context, here=NAV_ROUTE, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_ARCHIVE)
def disposals(request: DeskRequest) -> HttpResponse:
    """Show the disposal lists; the head of the office decides those that wait, all files of a list together."""
    errors: list[Problem] = []
    if request.method == "POST":
        if not recently_confirmed(request):
            return confirm_first(request, reverse("archive-disposals"))
        try:
            return _decide(request)
        except AdminChangeRefused as e:
            errors = [{"reason": sentence} for sentence in e.sentences]
    lists = volumes.latest_disposal_lists(LISTS)
    files = volumes.files_on(lists, request.actor)
    context: DisposalsContext = {
        "tab": "disposals",
        "errors": errors,
        "errors_title": "没有办理",
        "lists": [
            {
                "made": made,
                "files": [kept_row(f, today()) for f in files[made.pk]],
                "proposed_on": short_date(made.proposed_at.date()),
                "may_decide": not made.outcome
                and request.actor.has(Role.OFFICE_HEAD)
                and made.proposed_by_id != request.user.pk,
            }
            for made in lists
            if files[made.pk] or request.actor.has(Role.OFFICE_HEAD)
        ],
    }
    return render_page(
        request, "archive/archive_disposals.html", context, here=NAV_ROUTE, status=422 if errors else 200
    )


def _decide(request: DeskRequest) -> HttpResponse:
    made = volumes.disposal_list(request.POST.get("list", "")[:30])
    if made is None:
        raise AdminChangeRefused("没有这份清单，请刷新后再试。")
    agree = {"agree": True, "refuse": False}.get(request.POST.get("do", ""))
    if agree is None:
        raise AdminChangeRefused("没有这种操作，请刷新后再试。")
    opinion = request.POST.get("opinion", "")
    done = disposal.decide_disposal(made, agree=agree, opinion=opinion, by=request.actor, staff=request.user)
    drafts.form_accepted(request)
    verb = "已销毁" if agree else "已记录“不同意”"
    if done.done:
        messages.success(request, f"{verb}：{made.number}，{len(done.done)} 卷。")
    for sentence in done.left:
        messages.warning(request, f"未办：{sentence}")
    return redirect("archive-disposals")


@require_safe
@desk_page(*SEES_ARCHIVE)
@in_one_snapshot
def file(request: DeskRequest, number: str) -> HttpResponse:
    """Show the file of one case: what belongs into it, what is there, how long it is kept."""
    case = case_or_404(request, number, scopes=(ViewScope.FULL, ViewScope.DESTROYED))
    found, facts = case.petition, case.facts
    exports = bool(exporting.parts_for(request.actor, facts))
    bound = page_counts.pages_as_bound(found) if exports or waits_for_the_archive(facts) else None
    claimed = claimed_pages(facts)
    context: FileContext = {
        "petition": found,
        "facts": file_facts(found, facts, bound),
        "differs": bound.against(claimed) if bound and claimed is not None else "",
        "pieces": piece_rows(facts),
        "destroyed": facts.destroyed_on,
        "exports": exports,
    }
    return render_page(request, "archive/archive_file.html", context, here=NAV_ROUTE)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_ARCHIVE)
def package(request: DeskRequest, number: str) -> HttpResponseBase:
    """Send the package of a file as it is made, for a reason and after confirming again who one is.

    Raises:
        Http404: this person may export no part of it.
    """
    case = case_or_404(request, number)
    found, facts = case.petition, case.facts
    parts = exporting.parts_for(request.actor, facts)
    if not parts:
        raise Http404
    if not recently_confirmed(request):
        return confirm_first(request, request.path)
    words, wrong = read_reason(request)
    part = next((p for p in parts if p.value == request.POST.get("part")), parts[0])
    asked = own_request(ExportKind.ARCHIVE_PACKAGE, found, part.value, request.user, timezone.now())
    damaged: list[Problem] = []
    if request.method == "POST" and asked is not None and asked.open:
        # Agreed to, with the reason that was given then.
        wrong = ""
        try:
            pieces = exporting.stream_package(found, part, asked.request, staff=request.user)
        except (exporting.DossierDamaged, AdminChangeRefused) as e:
            damaged = [{"reason": sentence} for sentence in e.sentences]
        else:
            name = f"{exporting.file_stem(found, facts, part)}.zip"
            response = StreamingHttpResponse(pieces, content_type="application/zip")
            response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
            response["Cache-Control"] = "no-store"
            return response
    elif request.method == "POST" and not wrong:
        ask_to_export(ExportKind.ARCHIVE_PACKAGE, found, part.value, staff=request.user, reason=words)
        messages.success(request, "已提出导出申请，由另一人同意后再回到此页导出。")
        return redirect("archive-package", number)
    form = reason_field(words, wrong)
    states = [own_request(ExportKind.ARCHIVE_PACKAGE, found, p.value, request.user, timezone.now()) for p in parts]
    context = {
        **form,
        "errors": damaged or form["errors"],
        "errors_title": "没有导出",
        "states": [
            {"part": p.value, "label": bundle_label(p), "words": s.words, "open": s.open}
            for p, s in zip(parts, states, strict=True)
            if s
        ],
        "days": EXPORT_APPROVAL,
        "petition": found,
        "parts": bundle_choices(parts, part),
        "only": parts[0] if len(parts) == 1 else None,
    }
    status = 500 if damaged else 422 if wrong else 200
    return render_page(request, "archive/archive_package.html", context, here=NAV_ROUTE, status=status)
