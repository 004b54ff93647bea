"""奖惩记录: decisions people made about a unit or a member of staff (H19, H20).

They are recorded by the office head and confirmed by a leader.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.attachments.filecheck import FILE_KINDS, NotAccepted, accept_attribute, too_big_message
from xinfang.attachments.page_images import RENDERABLE_KINDS
from xinfang.attachments.views.files import FILE_CONTENT_SECURITY_POLICY
from xinfang.cases.step_forms import posted, step_form
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.personnel_decisions.queries.overview import (
    DecisionRow,
    content_or_none,
    content_rows,
    decision_row,
    file_words,
    is_corrected,
    minute_of,
    stage_chip,
)
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.facts import Facts
from xinfang.procedure.personnel_decisions import RECORDS_DECISIONS, RecordedDecision, why_not_confirmed
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.visibility import DecisionStage, NotVisible
from xinfang.vault.sm_ciphers import DecryptionFailed, VaultError
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import Chip
from xinfang.web.form_types import Cited, Problem
from xinfang.web.list_pages import cursor_from, pager_context
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import errors_title

from . import actions
from .queries import decisions as kept

if TYPE_CHECKING:
    from .models import Decision

NAV_ROUTE = "rewards"
PAGE_SIZE = 30
DRAFT = "decision"
_ARTICLES = (HOUSE_RULES[19], HOUSE_RULES[20], *(REGULATION[n] for n in range(42, 47)))
_log = structlog.get_logger(__name__)


class DecisionListContext(TypedDict):
    """The records of a year."""

    rows: list[DecisionRow]
    years: list[tuple[int, str, bool]]
    page: dict[str, str]
    records: bool


class DecisionFormContext(TypedDict):
    """The form of a decision."""

    parts: list[step_form.FormPart]
    errors: list[Problem]
    errors_title: str
    key: str
    draft: str
    corrects: str
    articles: list[Cited]


class AnswerPart(TypedDict):
    """Who answered, and when."""

    by: str
    at: str


class KnownContext(TypedDict):
    """What everybody who finds a record sees of it."""

    d: Decision
    reads: bool
    lost: bool
    stage: Chip
    recorded: str
    answer: AnswerPart | None
    corrected: bool
    corrected_by: list[str]
    errors: list[Problem]
    errors_title: str
    parts: list[step_form.FormPart]
    draft: str
    digest: str


class ReadContext(KnownContext):
    """A record with its content."""

    rows: list[tuple[str, str, str]]
    what: RecordedDecision
    opinion: str
    file: str
    old: str
    old_seen: bool
    may_answer: bool
    may_correct: bool


@require_safe
@desk_page()
def personnel_decisions(request: DeskRequest) -> HttpResponse:
    """Show the records of one year, the newest first.

    All of them for people who record and confirm, one's own for everybody else.
    """
    years = kept.years_of_decisions(request.actor)
    year = _year(request, years)
    in_year = kept.decisions_of_year(request.actor, year)
    cursor, direction = cursor_from(request)
    try:
        page = paginate(in_year, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        page = paginate(in_year, ("id",), limit=PAGE_SIZE, descending=True)
    names = directory(today())
    context: DecisionListContext = {
        "rows": [decision_row(d, request.actor, names) for d in page.rows],
        "years": [(y, f"{reverse(NAV_ROUTE)}?year={y}", y == year) for y in years],
        "page": pager_context(reverse(NAV_ROUTE), {"year": str(year) if year else ""}, page),
        "records": request.actor.has(*RECORDS_DECISIONS),
    }
    return render_page(request, "personnel_decisions/rewards.html", context, here=NAV_ROUTE)


def _year(request: DeskRequest, years: list[int]) -> int | None:
    asked = request.GET.get("year", "")
    if asked and asked not in map(str, years):
        raise Http404
    return int(asked) if asked else years[0] if years else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*RECORDS_DECISIONS)
def new(request: DeskRequest) -> HttpResponse:
    """Record a decision with its file, or correct one by another; a leader then confirms it."""
    if request.method != "POST":
        values: dict[str, Any] = {"decided_on": today(), "corrects": request.GET.get("corrects", "")[:20]}
        return _form(request, values, key=uuid.uuid4().hex)
    key = posted.idempotency_key_of(request.POST)
    raw = posted.read_answers(RecordedDecision, request.POST)
    try:
        what = posted.step_from(RecordedDecision, raw, CaseChoices(Facts(), directory(today())))
    except InvalidAnswer as e:
        return _form(request, raw, key=key, problems=e.problems)
    sent = request.FILES.get("file")
    if sent is None:
        over = getattr(request, "files_left_out", [])
        wrong = too_big_message(settings.UPLOAD_MB * 2**20) if over else "请选择决定文件（PDF 或扫描图片）。"
        return _form(request, raw, key=key, problems={"file": wrong})
    try:
        made = actions.record_decision(
            what,
            sent.read(),
            sent.name or "",
            by=request.actor,
            staff=request.user,
            idempotency_key=f"{request.user.pk}-{key}",
        )
    except Refused as e:
        return _form(request, raw, key=key, refused=e)
    except NotAccepted as e:
        return _form(request, raw, key=key, problems={"file": str(e)})
    drafts.form_accepted(request)
    messages.success(request, f"已记录 {made.number}，等待一位厅领导确认。")
    return redirect("reward", made.number)


def _form(
    request: DeskRequest,
    values: dict[str, Any],
    *,
    key: str,
    problems: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    corrects = str(values.get("corrects") or "")
    skip = ("corrects",) if corrects else ("corrects", "reason")
    form = step_form.StepForm(DRAFT, CaseChoices(Facts(), directory(today())), values, problems or {}, skip=skip)
    parts = form.parts(RecordedDecision)
    parts.append(
        {
            "field": {
                "name": "file",
                "label": "决定文件",
                "help": f"PDF 或扫描图片，不超过 {settings.UPLOAD_MB} MB。加密保存，只有有权的人能打开。",
                "widget": "file",
                "required": True,
                "error": form.error("file"),
                "attrs": {"accept": accept_attribute(RENDERABLE_KINDS)},
            },
            "when": "",
        }
    )
    controls = step_form.control_names(parts)
    errors = step_form.problem_summary(problems, controls) if problems else []
    errors += step_form.reasons_summary(refused.reasons, controls) if refused else []
    context: DecisionFormContext = {
        "parts": parts,
        "errors": errors,
        "errors_title": errors_title(errors, "没有记录"),
        "key": key,
        "draft": DRAFT,
        "corrects": corrects,
        "articles": [{"label": str(a), "says": a.says} for a in _ARTICLES],
    }
    return render_page(
        request, "personnel_decisions/reward_new.html", context, here=NAV_ROUTE, status=422 if errors else 200
    )


def _found(request: DeskRequest, number: str, *, reads: bool) -> Decision:
    find = kept.readable_decision if reads else kept.known_decision
    found = find(number.upper(), request.actor)
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def decision(request: DeskRequest, number: str) -> HttpResponse:
    """Show one record; a person who may confirm it says their word here. The auditor sees that it exists, and its hash.

    Raises:
        Http404: there is no such record for this person.
    """
    found = _found(request, number, reads=request.method == "POST")
    if request.method == "POST":
        raw = posted.read_answers(SecondPerson, request.POST)
        try:
            word = posted.step_from(SecondPerson, raw)
            actions.answer_decision(found.number, word, by=request.actor, staff=request.user)
        except InvalidAnswer as e:
            return _page(request, found, raw, problems=e.problems)
        except Refused as e:
            # Somebody else may have been faster: the record is shown as it is now.
            return _page(request, _found(request, number, reads=True), raw, refused=e)
        except NotVisible:
            raise Http404 from None
        drafts.form_accepted(request)
        verb = "已确认" if word.agree else "已记录“不同意”"
        messages.success(request, f"{verb}：{found.number}。")
        return redirect("reward", found.number)
    return _page(request, found, {})


def _page(
    request: DeskRequest,
    found: Decision,
    values: dict[str, Any],
    *,
    problems: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    reads = kept.may_read(request.actor, found)
    opened = content_or_none(found) if reads else None
    names = directory(today())
    answer = getattr(found, "answer", None)
    form = step_form.StepForm("decision_answer", CaseChoices(Facts(), names), values, problems or {})
    parts = form.parts(SecondPerson)
    controls = step_form.control_names(parts)
    errors = step_form.problem_summary(problems, controls) if problems else []
    errors += step_form.reasons_summary(refused.reasons, controls) if refused else []
    known: KnownContext = {
        "d": found,
        "reads": reads,
        "lost": reads and opened is None,
        "stage": stage_chip(found),
        "recorded": minute_of(found.at),
        "answer": {"by": answer.by.name, "at": minute_of(answer.at)} if answer else None,
        "corrected": is_corrected(found),
        "corrected_by": kept.corrected_by(found, request.actor),
        "errors": errors,
        "errors_title": "没有办理",
        "parts": parts,
        "draft": f"{DRAFT}-{found.number}",
        "digest": found.file_digest,
    }
    status = 422 if errors else 200
    if opened is None:
        return render_page(request, "personnel_decisions/reward.html", known, here=NAV_ROUTE, status=status)
    about = kept.what_is_about(request.actor, opened.what.about)
    facts = kept.decision_facts(found, opened.what)
    context: ReadContext = {
        **known,
        "rows": content_rows(opened.what, names, about=about),
        "what": opened.what,
        "opinion": opened.opinion,
        "file": file_words(found, opened),
        "old": found.corrects.number if found.corrects else "",
        "old_seen": kept.knows_what_is_corrected(request.actor, found),
        "may_answer": not why_not_confirmed(facts, request.actor, agree=True, opinion=""),
        "may_correct": request.actor.has(*RECORDS_DECISIONS)
        and facts.stage is DecisionStage.CONFIRMED
        and not known["corrected"],
    }
    return render_page(request, "personnel_decisions/reward.html", context, here=NAV_ROUTE, status=status)


@require_safe
@desk_page()
def file(request: DeskRequest, number: str) -> HttpResponseBase:
    """Send the file of a decision; the access of the person who opens it is logged.

    Raises:
        DecryptionFailed: only inside, where it leads to a page that says that the file can't be read.
    """
    found = _found(request, number, reads=True)
    opened = content_or_none(found)
    try:
        if opened is None:
            raise DecryptionFailed
        pieces = file_store.read_content(found.file_address, found.kept_key.open())
        first = next(pieces, b"")
    except (OSError, VaultError) as e:
        _log.error("decision_file_unreadable", decision=found.pk, error=type(e).__name__)
        return render_page(
            request, "personnel_decisions/reward_file_lost.html", {"d": found}, here=NAV_ROUTE, status=500
        )
    if request.method == "GET":
        actions.log_file_access(found, staff=request.user)
    kind = FILE_KINDS[opened.file_kind]
    saved = "save" in request.GET or not kind.inline
    content: Iterator[bytes] = chain((first,), pieces)
    response = StreamingHttpResponse(content, content_type=kind.content_type)
    response["Content-Length"] = str(found.file_size)
    name = quote(opened.file_name, safe="")
    response["Content-Disposition"] = f"{'attachment' if saved else 'inline'}; filename*=UTF-8''{name}"
    response["Content-Security-Policy"] = FILE_CONTENT_SECURITY_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
