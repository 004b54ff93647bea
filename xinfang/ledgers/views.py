"""旧台账导入: the ledgers that were brought, and the way of one from its file to the import."""

from collections.abc import Sequence
from typing import Any, TypedDict
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.core.clock import today
from xinfang.ledgers.actions import ledgers as acts
from xinfang.ledgers.actions.bringing_in import LedgerAccount, account_of_json
from xinfang.ledgers.fields import CHOICES, NOTED
from xinfang.ledgers.forms import LedgerForm
from xinfang.ledgers.queries.comparison import CaseBesideLedger, LedgerComparison, LedgerDifference
from xinfang.ledgers.queries.imports import ledger_by_pk, mapping_names, recent_ledgers
from xinfang.procedure.visibility import BRINGS_LEDGERS
from xinfang.procedure.words import Channel
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Field, Problem
from xinfang.web.page_frame import render_page

NAV_ROUTE = "ledgers"
REFRESH = 3
"""Seconds after which the page of a ledger that is being worked through asks again."""
FAULTS_SHOWN = 50
MAX_SAMPLE_CHARACTERS = 70
WORKED_ON = ("trying", "running", "undoing")
COMPARED_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHIPS = {"done": "ok", "undone": "", "checked": "info", "draft": "", "dropped": ""}


class LedgerLine(TypedDict):
    """A ledger in the list."""

    pk: int
    file: str
    who: str
    when: str
    state: str
    kind: str
    told: str


class LedgersContext(TypedDict):
    """The list, and the form that brings another one."""

    form: LedgerForm
    errors: list[Problem]
    rows: list[LedgerLine]
    mappings: list[str]


class LedgerSheetChoice(TypedDict):
    """A sheet that may be chosen."""

    title: str
    label: str
    chosen: bool
    readable: bool


class ComparedView(TypedDict):
    """What a comparison found, the first of each kind."""

    found: LedgerComparison
    differing: Sequence[LedgerDifference]
    only_there: Sequence[tuple[str, str]]
    only_here: Sequence[CaseBesideLedger]
    refused: list[str]
    refused_rows: int
    most: int


class LedgerContext(TypedDict):
    """One ledger: what is chosen of it, what the dry run said, what was done."""

    ledger: LedgerLine
    errors: list[Problem]
    edits: bool
    sheets: list[LedgerSheetChoice]
    columns: list[Field]
    channel: Field
    tried: LedgerAccount | None
    done: LedgerAccount | None
    faults: list[str]
    more_faults: int
    has_faults: bool
    shown: list[dict[str, str]]
    may_import: bool
    may_change: bool
    may_undo: bool
    busy: bool
    broken_off: bool
    rows_done: int
    rows: int
    undone: str
    kept: list[tuple[str, str]]
    compared: ComparedView | None


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*BRINGS_LEDGERS)
def ledgers(request: DeskRequest) -> HttpResponse:
    """Show the ledgers that were brought, and take another one."""
    sent = request.method == "POST"
    form = LedgerForm(request.POST, request.FILES) if sent else LedgerForm()
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = acts.take_file(file.read(), file.name, by=request.user)
        except AdminChangeRefused as refused:
            form.refuse(refused.sentences)
        else:
            return redirect("ledger", taken.pk)
    context: LedgersContext = {
        "form": form,
        "errors": form.summary if sent else [],
        "rows": [_line(ledger) for ledger in recent_ledgers()],
        "mappings": mapping_names(),
    }
    return render_page(request, "ledgers/ledgers.html", context, here=NAV_ROUTE, status=422 if form.errors else 200)


def _line(ledger: Any) -> LedgerLine:
    parts = [f"登记 {ledger.taken}", f"未登记 {ledger.refused}", f"略去 {ledger.left}"]
    if ledger.already:
        parts.insert(1, f"已导入过 {ledger.already}")
    counted = ledger.state in ("done", "undone", "checked")
    return {
        "pk": ledger.pk,
        "file": ledger.file,
        "who": ledger.by.name if ledger.by else "服务器命令行",
        "when": chinese_date(today(ledger.at)),
        "state": ledger.get_state_display(),
        "kind": CHIPS.get(ledger.state, "warn"),
        "told": "，".join(parts) if counted else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*BRINGS_LEDGERS)
def ledger(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one ledger and take what is chosen, tried, brought in or undone.

    Raises:
        Http404: there is no such ledger.
    """
    found = ledger_by_pk(pk)
    if found is None:
        raise Http404
    errors: list[Problem] = []
    if request.method == "POST":
        try:
            told = _act(request, found)
        except AdminChangeRefused as refused:
            errors = [{"reason": sentence} for sentence in refused.sentences]
            found = ledger_by_pk(pk)
            assert found is not None
        else:
            if told:
                messages.success(request, told)
            if request.POST.get("do") != "compare":
                return redirect("ledgers") if request.POST.get("do") == "drop" else redirect("ledger", pk)
    context = _context(found, errors)
    if request.method == "POST" and not errors:
        # Only compared: nothing was written, and the page shows what was found.
        compared, unread = acts.compare_with(found, actor=request.actor)
        context["compared"] = {
            "found": compared,
            "differing": compared.differing[:COMPARED_SHOWN],
            "only_there": compared.only_there[:COMPARED_SHOWN],
            "only_here": compared.only_here[:COMPARED_SHOWN],
            "refused": [str(r) for r in unread[:COMPARED_SHOWN]],
            "refused_rows": len(unread),
            "most": COMPARED_SHOWN,
        }
    response = render_page(request, "ledgers/ledger.html", context, here=NAV_ROUTE, status=422 if errors else 200)
    if context["busy"]:
        response["Refresh"] = str(REFRESH)
    return response


def _act(request: DeskRequest, found: Any) -> str:
    do = request.POST.get("do", "")
    if do in ("try", "compare"):
        acts.choose(
            found,
            sheets=request.POST.getlist("sheet"),
            columns=_columns_sent(request, found),
            channel=request.POST.get("channel", ""),
            save_as=request.POST.get("save_as", ""),
            by=request.user,
        )
        if do == "try":
            acts.try_out(found)
        else:
            acts.check_choice(found)
        return ""
    if do == "import":
        done = acts.bring_in(found)
        return f"已导入，登记 {found.taken} 件。" if done else ""
    if do == "undo":
        report = acts.undo(found, by=request.user, reason=request.POST.get("reason", ""))
        if report is None:
            return ""
        return f"已撤销 {report.undone} 件，保留 {len(report.kept)} 件。"
    if do == "drop":
        acts.drop(found, by=request.user)
        return "已放弃，文件已经删除。"
    if do == "change":
        acts.choose(found, sheets=found.sheets, columns={}, channel=found.channel, save_as="", by=request.user)
        return ""
    raise AdminChangeRefused("没有收到要做什么，请再按一次按钮。")


def _columns_sent(request: DeskRequest, found: Any) -> dict[str, str]:
    """Return what was chosen for each heading: headings are sent by their place, as they are any text."""
    sent = {h: request.POST.get(f"column-{at}", "") for at, h in enumerate(found.columns)}
    return {h: code for h, code in sent.items() if code}


def _context(found: Any, errors: list[Problem]) -> LedgerContext:
    kept = found.read_account()
    tried = account_of_json(kept["tried"]) if "tried" in kept and found.state != "draft" else None
    done = account_of_json(kept["done"]) if "done" in kept else None
    last = done or tried
    busy = found.state in WORKED_ON and found.is_alive(timezone.now())
    labels = {str(c): c.label for c in Channel}
    refusals = list(last.refusals) if last else []
    undone = ""
    if found.undone_at:
        who = found.undone_by.name if found.undone_by else "服务器命令行"
        undone = f"{who}于{chinese_date(today(found.undone_at))}撤销 {found.undone} 件，保留 {found.kept} 件。"
    return {
        "ledger": _line(found),
        "errors": errors,
        "edits": found.state == "draft",
        "sheets": [_sheet(s, found) for s in kept.get("look", ())],
        "columns": _columns(found, kept.get("look", ())),
        "channel": {
            "name": "channel",
            "label": "表中没有写明信访形式的，按",
            "widget": "select",
            "value": found.channel,
            "choices": [
                ("", "不登记，列为问题", not found.channel),
                *((c, w, c == found.channel) for c, w in labels.items()),
            ],
        },
        "tried": tried,
        "done": done,
        "faults": [str(r) for r in refusals[:FAULTS_SHOWN]],
        "more_faults": max(len(refusals) - FAULTS_SHOWN, 0),
        "has_faults": bool(refusals) and found.content is not None,
        "shown": [{**row, "channel": labels.get(row["channel"], "")} for row in (tried.shown if tried else ())],
        "may_import": found.state == "checked" and bool(found.taken),
        "may_change": found.state == "checked",
        "may_undo": found.state == "done" and bool(found.taken),
        "busy": busy,
        "broken_off": found.state in WORKED_ON and not busy,
        "rows_done": found.rows_done,
        "rows": found.rows,
        "undone": undone,
        "kept": [(number, why) for number, why in kept.get("kept", ())][:FAULTS_SHOWN],
        "compared": None,
    }


def _sheet(sheet: dict[str, Any], found: Any) -> LedgerSheetChoice:
    words = [f"{sheet['filled']} 行"]
    if sheet["hidden"]:
        words.append("隐藏的工作表")
    words.append(f"表头在第 {sheet['header']} 行" if sheet["header"] else "没有认出表头")
    return {
        "title": sheet["title"],
        "label": f"{sheet['title'] or '（文本文件）'}：{'，'.join(words)}",
        "chosen": sheet["title"] in found.sheets,
        "readable": bool(sheet["header"]),
    }


def _columns(found: Any, look: Any) -> list[Field]:
    """Return the columns of all sheets by heading, in the order in which they are sent."""
    seen: dict[str, dict[str, Any]] = {}
    rows = 0
    for sheet in look:
        if sheet["title"] in found.sheets:
            rows += sheet["rows"]
        for column in sheet["columns"]:
            one = seen.setdefault(column["heading"], {"filled": 0, "samples": []})
            one["filled"] += column["filled"]
            one["samples"] += column["samples"]
    made: list[Field] = []
    for at, (heading, code) in enumerate(found.columns.items()):
        about = seen.get(heading, {"filled": 0, "samples": []})
        samples = "；".join(dict.fromkeys(about["samples"]))[:MAX_SAMPLE_CHARACTERS]
        words = f"{about['filled']} 格，如：{samples}" if samples else "没有内容"
        made.append(
            {
                "name": f"column-{at}",
                "label": heading,
                "widget": "select",
                "help": f"没有认出，照原文带入。{words}" if code == NOTED and samples else words,
                "choices": [(c, label, c == code) for c, label in CHOICES],
            }
        )
    return made


@require_safe
@desk_page(*BRINGS_LEDGERS)
def faults(request: DeskRequest, pk: int) -> HttpResponse:
    """Send the refused rows as a workbook, to be mended and brought again.

    Raises:
        Http404: there is no such ledger, or it has no such rows.
    """
    found = ledger_by_pk(pk)
    if found is None:
        raise Http404
    try:
        book = acts.faults_workbook(found)
    except AdminChangeRefused:
        raise Http404 from None
    response = HttpResponse(book, content_type=XLSX)
    name = quote(f"未登记的行-{found.file.rsplit('.', 1)[0]}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
