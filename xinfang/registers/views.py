"""台账: the registers, saved views, and the export of any list."""

from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.queries.export_approvals import state_of
from xinfang.core.clock import today
from xinfang.procedure.exports import EXPORTS_CASES, EXPORTS_IDENTITY
from xinfang.procedure.words import Role
from xinfang.registers.actions.exporting import (
    MAX_ROWS_PRINTED,
    Export,
    cancel_export,
    export_now,
    hand_out,
    is_short,
    keys_of,
    make_agreed,
    queue_export,
    rows_on_paper,
)
from xinfang.registers.actions.saved_views import SHARES_VIEWS, delete_view, save_view
from xinfang.registers.case_criteria import LABELS, FilterChoices, read_criteria
from xinfang.registers.columns import ON_SCREEN, PERSONAL, text_of
from xinfang.registers.exported_lists import CASES
from xinfang.registers.files import FORMATS, TYPES, XLSX
from xinfang.registers.queries.jobs import broken_off, own_job, own_jobs
from xinfang.registers.queries.saved_views import view_query, views_for
from xinfang.registers.selection import Selection, read_selection
from xinfang.registers.standard import REGISTERS
from xinfang.web.form_types import Field, Problem
from xinfang.web.forms import posted_key
from xinfang.web.list_pages import list_address
from xinfang.web.page_frame import render_page
from xinfang.web.reasons import MIN_REASON_CHARACTERS, read_reason

if TYPE_CHECKING:
    from xinfang.registers.models import ExportJob, SavedView

EXPORTS = (*EXPORTS_CASES, Role.AUDITOR)
"""Who finds these pages: each exports there the lists that are theirs."""
NAV_ROUTE = "registers"
PRINT = "print"
REFRESH = 3
"""Seconds after which the page of an export that is being written asks again."""
YEARS_BACK = 4


class RegisterCard(TypedDict):
    """A register that is ready."""

    title: str
    about: str
    open_url: str
    export_url: str


class ViewLine(TypedDict):
    """A saved view."""

    pk: int
    name: str
    shared: bool
    url: str
    export_url: str
    may_delete: bool


class JobLine(TypedDict):
    """An export of one's own."""

    pk: int
    title: str
    words: str
    asked: str
    state: str
    kind: str
    told: str
    rows: int
    done: int
    open: bool
    personal: bool
    may_make: bool
    ready: bool
    stoppable: bool
    url: str


@require_safe
@desk_page(*EXPORTS)
def registers(request: DeskRequest) -> HttpResponse:
    """Show the registers of a year, the saved views, and what this person has exported."""
    year = _year(request.GET.get("year", ""))
    days = {"since": f"{year}-01-01", "until": f"{year}-12-31"} if year else {}
    sees_cases = request.actor.has(*EXPORTS_CASES)
    cards: list[RegisterCard] = [
        {
            "title": r.title,
            "about": r.about,
            "open_url": list_address(reverse("petitions"), {**r.criteria, **days}),
            "export_url": list_address(reverse("list-export"), {"register": r.code, **r.criteria, **days}),
        }
        for r in REGISTERS
        if sees_cases
    ]
    this_year = today().year
    context = {
        "cards": cards,
        "years": [("", "全部年份", not year)]
        + [(str(y), f"{y}年", y == year) for y in range(this_year, this_year - YEARS_BACK - 1, -1)],
        "views": [_view_line(v, request) for v in views_for(request.user)] if sees_cases else [],
        "jobs": [_job_line(j) for j in own_jobs(request.user)],
    }
    return render_page(request, "registers/registers.html", context, here=NAV_ROUTE)


def _year(text: str) -> int | None:
    this = today().year
    if not text.isascii() or not text.isdigit() or len(text) != 4:
        return None
    return int(text) if 1990 <= int(text) <= this else None


def _view_line(view: "SavedView", request: DeskRequest) -> ViewLine:
    shared = view.owner_id is None
    return {
        "pk": view.pk,
        "name": view.name,
        "shared": shared,
        "url": list_address(reverse("petitions"), view_query(view)),
        "export_url": list_address(reverse("list-export"), view.criteria),
        "may_delete": not shared or request.actor.has(*SHARES_VIEWS),
    }


_LABELS_OF_APPROVAL = {"agreed": ("已同意", "ok"), "refused": ("未获同意", "late"), "lapsed": ("同意已过期", "plain")}
_KINDS = {"done": "ok", "failed": "late", "running": "soon", "waiting": "soon", "asked": "hold"}


def _job_line(job: "ExportJob") -> JobLine:
    now = timezone.now()
    approval = state_of(job.request, now) if job.request and job.state == "asked" else None
    told = approval.words if approval else job.error
    if broken_off(job, now):
        told = "生成中断，系统会自动重新开始。"
    label, kind = _LABELS_OF_APPROVAL.get(approval.state if approval else "", ("", ""))
    return {
        "pk": job.pk,
        "title": job.title,
        "words": job.words or "全部",
        "asked": timezone.localtime(job.asked_at).strftime("%m-%d %H:%M"),
        "state": label or job.get_state_display(),
        "kind": kind or _KINDS.get(job.state, "plain"),
        "told": told,
        "rows": job.rows,
        "done": job.rows_done,
        "personal": job.personal,
        "open": job.open,
        "may_make": bool(approval and approval.open),
        "ready": job.state == "done",
        "stoppable": job.open or job.state == "asked",
        "url": reverse("export-job", args=[job.pk]),
    }


class ExportContext(TypedDict):
    """How a list is to be exported."""

    errors: list[Problem]
    errors_title: str
    title: str
    words: str
    count: int
    at_once: bool
    note: str
    hidden: list[tuple[str, str]]
    columns: Field
    format: Field
    personal: Field | None
    reason: Field
    confirm_url: str
    back_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*EXPORTS)
def export(request: DeskRequest) -> HttpResponse:
    """Ask how a list is to be exported, and do so: at once, on paper, or in the background.

    Raises:
        Http404: the address names no list of this person.
    """
    sent = request.POST if request.method == "POST" else request.GET
    chosen = read_selection(request, sent)
    if chosen is None or not request.actor.has(*chosen.of.roles):
        raise Http404
    codes = sent.getlist("col") if request.method == "POST" else list(chosen.columns)
    format = sent.get("format", XLSX)
    personal = request.method == "POST" and sent.get("personal") == "on" and chosen.of is CASES
    errors: list[Problem] = []
    reason, wrong = read_reason(request) if personal else ("", "")
    if personal and wrong:
        errors.append({"reason": f"请写明用途，至少 {MIN_REASON_CHARACTERS} 个字。", "field": "reason"})
    wanted = Export(
        chosen.of,
        chosen.title,
        chosen.criteria,
        [*(c for c in codes if c not in PERSONAL), *(PERSONAL if personal else ())],
        format if format in FORMATS else XLSX,
        chosen.picked,
        personal,
        reason,
    )
    count = 0
    try:
        count = len(keys_of(wanted, request.actor))
        if request.method == "POST" and not errors:
            if personal and not recently_confirmed(request):
                return confirm_first(request, chosen.address)
            return _made(request, wanted, on_paper=format == PRINT and not personal)
    except AdminChangeRefused as refused:
        errors += [{"reason": sentence} for sentence in refused.sentences]
    context = _options(chosen, wanted, format, count, errors, offers=request.actor.has(*EXPORTS_IDENTITY))
    if context["personal"] and not recently_confirmed(request):
        # Before anything is typed here: the detour would lose it.
        context["confirm_url"] = confirm_first(request, chosen.address)["Location"]
    return render_page(
        request,
        "registers/export.html",
        context,
        here=NAV_ROUTE,
        status=422 if errors and request.method == "POST" else 200,
    )


def _made(request: DeskRequest, wanted: Export, *, on_paper: bool) -> HttpResponse:
    """Return the list as a file or as a page for printing, or lead to the page that tells how far it is."""
    if on_paper:
        rows, mark = rows_on_paper(wanted, actor=request.actor, staff=request.user)
        context = {
            "title": wanted.title,
            "words": wanted.words,
            "mark": mark,
            "heads": [c.label for c in wanted.chosen()],
            "rows": [[text_of(cell) for cell in row] for row in rows],
        }
        return render_page(request, "registers/printed_list.html", context, here=NAV_ROUTE)
    file = export_now(wanted, actor=request.actor, staff=request.user)
    if file is not None:
        return _file(file, wanted.title, wanted.format)
    job = queue_export(wanted, actor=request.actor, staff=request.user)
    return redirect("export-job", job.pk)


def _file(content: bytes, title: str, format: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[format])
    name = quote(f"{title}-{timezone.localtime():%Y%m%d-%H%M}.{format}", safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "no-store"
    return response


def _options(
    chosen: Selection, wanted: Export, format: str, count: int, errors: list[Problem], *, offers: bool
) -> ExportContext:
    columns: list[tuple[str, str, bool]] = [
        (c.code, c.label, c.code in wanted.columns) for c in chosen.of.columns if c.code not in PERSONAL
    ]
    back = "petitions" if chosen.of is CASES else NAV_ROUTE
    return {
        "errors": errors,
        "errors_title": "没有导出",
        "title": wanted.title,
        "words": wanted.words or "全部",
        "count": count,
        "note": chosen.of.note,
        "at_once": is_short(count),
        "hidden": chosen.again,
        "columns": {"name": "col", "id": "col", "label": "列", "widget": "multi", "choices": columns},
        "format": {
            "name": "format",
            "id": "format",
            "label": "格式",
            "widget": "radio",
            "choices": [
                *((code, label, code == format) for code, label in FORMATS.items()),
                (PRINT, f"打印（在浏览器中，最多 {MAX_ROWS_PRINTED} 行）", format == PRINT),
            ],
        },
        "personal": {
            "name": "personal",
            "id": "personal",
            "label": "加上姓名、电话、住址",
            "widget": "checkbox",
            "value": wanted.personal,
            "help": "须写明用途，经办公室主任或厅主要领导同意、再次验证身份后才能导出一次；密封件不在其中。",
        }
        if offers and chosen.of is CASES
        else None,
        "reason": {
            "name": "reason",
            "id": "reason",
            "label": "用途",
            "widget": "line",
            "value": wanted.reason,
            "attrs": {"maxlength": 200, "autocomplete": "off"},
            "help": "印在每一页上，审批人和审计员可见。请勿写入信访人的姓名、电话。",
        },
        "confirm_url": "",
        "back_url": reverse(back),
    }


def _own_job_or_404(request: DeskRequest, pk: int) -> "ExportJob":
    found = own_job(request.user, pk)
    if found is None:
        raise Http404
    return found


@require_safe
@desk_page(*EXPORTS)
def job(request: DeskRequest, pk: int) -> HttpResponse:
    """Show how far one's own export is; while it is being written, the page asks again by itself.

    Raises:
        Http404: there is no such export of this person.
    """
    found = _own_job_or_404(request, pk)
    line = _job_line(found)
    response = render_page(request, "registers/job.html", {"job": line}, here=NAV_ROUTE)
    if line["open"]:
        response["Refresh"] = str(REFRESH)
    return response


@require_POST
@desk_page(*EXPORTS)
def job_act(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop an export, or let one be written that somebody else has agreed to.

    Raises:
        Http404: there is no such export of this person.
    """
    found = _own_job_or_404(request, pk)
    if request.POST.get("do") == "make":
        if not recently_confirmed(request):
            return confirm_first(request, reverse("export-job", args=[pk]))
        try:
            make_agreed(found, staff=request.user)
        except AdminChangeRefused as refused:
            messages.error(request, "".join(refused.sentences))
    elif cancel_export(found, staff=request.user):
        messages.success(request, "已取消。")
    else:
        messages.info(request, "这份清单已经写完或停止，没有可以取消的。")
    return redirect("export-job", pk)


@require_safe
@desk_page(*EXPORTS)
def job_file(request: DeskRequest, pk: int) -> HttpResponse:
    """Send the file of one's own export, as far as its rows may still be seen.

    Raises:
        Http404: there is no such export of this person.
    """
    found = _own_job_or_404(request, pk)
    if found.personal and not recently_confirmed(request):
        return confirm_first(request, reverse("export-job", args=[pk]))
    try:
        return _file(hand_out(found, staff=request.user), found.title, found.format)
    except AdminChangeRefused as refused:
        messages.error(request, "".join(refused.sentences))
        return redirect("export-job", pk)


@require_POST
@desk_page(*EXPORTS_CASES)
def saved_views(request: DeskRequest) -> HttpResponse:
    """Save the list as it is shown under a name, or take a saved view away."""
    try:
        if request.POST.get("do") == "delete":
            name = delete_view(posted_key(request.POST.get("view", "")), actor=request.actor, staff=request.user)
            messages.success(request, f"已删除视图“{name}”。")
            return redirect(NAV_ROUTE)
        asked = {name: request.POST.get(name, "") for name in LABELS}
        criteria = read_criteria(asked, FilterChoices.read(), today(), []).given
        columns = [code for code in request.POST.get("cols", "").split() if code in ON_SCREEN]
        shared = request.POST.get("shared") == "on"
        view = save_view(
            request.POST.get("name", ""), criteria, columns, shared=shared, actor=request.actor, staff=request.user
        )
    except AdminChangeRefused as refused:
        messages.error(request, "".join(refused.sentences))
        return redirect("petitions")
    messages.success(request, f"已保存视图“{view.name}”。")
    return redirect(list_address(reverse("petitions"), view_query(view)))
