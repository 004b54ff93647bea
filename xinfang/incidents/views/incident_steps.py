"""The steps of an event: reporting one, and everything that is done there.

A page for the form, one tap where nothing is asked.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypedDict

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xinfang.accounts.confirm_again import safe_next_address
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.attachments.filecheck import NotAccepted, too_big_message
from xinfang.cases.step_forms import posted
from xinfang.cases.step_forms.step_form import FormPart
from xinfang.core.clock import today
from xinfang.incidents import incident_forms
from xinfang.incidents.actions.act import IncidentStepResult, take_incident_step
from xinfang.incidents.actions.incident_files import add_picture, draft_report, send_report
from xinfang.incidents.queries import overview as told
from xinfang.incidents.report import propose_report
from xinfang.incidents.views.incidents import NAV_ROUTE, READS_REPORTS, IncidentPage, incident_or_404
from xinfang.procedure.articles import cite
from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.incidents.reporting import ALL_WHO_ATTEND, ReportIncident
from xinfang.procedure.incidents.rules import IncidentStep
from xinfang.procedure.incidents.written import DraftReport, SendReport
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.visibility import NotVisible
from xinfang.web import form_drafts as desk_drafts
from xinfang.web import outbox_answers
from xinfang.web.actions import drafts
from xinfang.web.form_types import Cited, Problem
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import errors_title, problems_of

from .incident_files import report_pages

if TYPE_CHECKING:
    from xinfang.incidents.models import Incident

STEPS_HERE = frozenset({*told.ONE_TAP, *told.FORMS, "called"})
"""The steps that people take at an event; reporting has its own page, reminders come by themselves."""
MAX_TEXT_CHARACTERS = 20_000
IMAGES = "image/*"
_OF_REPORTS = ("draft_report", "sign_report", "send_report")
_WORDS = {
    "add_picture": "照片已保存",
    "draft_report": "专报已拟好，等待厅领导签发",
    "send_report": "专报已编号定稿并记录报送",
}


def key_for(request: DeskRequest) -> str:
    """Return the key that makes a form sent twice one entry.

    It is bound to the sender, so that a key copied from elsewhere finds nothing.
    """
    return f"{request.user.pk}-{posted.idempotency_key_of(request.POST)}"


def take(request: DeskRequest, step: IncidentStep, number: str | None) -> IncidentStepResult:
    """Take a step that needs no file.

    Raises:
        Refused: the rules don't allow it, with all reasons.
        Http404: the event isn't this person's to see.
    """
    try:
        return take_incident_step(
            step,
            number,
            by=request.actor,
            staff=request.user,
            idempotency_key=key_for(request),
            seen_at=outbox_answers.typed_at(request),
        )
    except NotVisible:
        raise Http404 from None


# ---- reporting


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*ALL_WHO_ATTEND)
def new(request: DeskRequest) -> HttpResponse:
    """Report an event of any kind; the duty desk has two buttons instead (`duty.py`)."""
    if request.method != "POST":
        asked = request.GET.get("kind", "")
        kinds = [k.value for k in incident_forms.kinds_for(request.actor)]
        return _new_page(request, {"kind": asked if asked in kinds else ""}, uuid.uuid4().hex)
    raw = posted.read_answers(ReportIncident, request.POST)
    key = posted.idempotency_key_of(request.POST)
    try:
        step = posted.step_from(ReportIncident, raw, incident_forms.choices(directory(today())))
        acted = take(request, step, None)
    except InvalidAnswer as e:
        return _new_page(request, raw, key, problems=e.problems)
    except Refused as e:
        return _new_page(request, raw, key, refused=e)
    desk_drafts.form_accepted(request)
    number = acted.incident.number
    return outbox_answers.accepted_answer(
        request, reverse("incident", args=[number]), f"已报告：{number} {acted.incident.get_kind_display()}。"
    )


class KindShown(TypedDict):
    """A kind of event, and what comes first in it."""

    label: str
    first: str
    cites: str


class ReportFormContext(TypedDict):
    """The form of a report."""

    parts: list[FormPart]
    errors: list[Problem]
    errors_title: str
    key: str
    kinds: list[KindShown]
    calls: tuple[tuple[str, str, str], ...]


def _new_page(
    request: DeskRequest,
    values: dict[str, Any],
    key: str,
    *,
    problems: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    parts = incident_forms.parts_of(ReportIncident, directory(today()), values, problems or {}, request.actor)
    errors = incident_forms.errors_of(parts, problems, refused)
    if errors and outbox_answers.sent_by_outbox(request):
        return outbox_answers.refused_answer(errors)
    context: ReportFormContext = {
        "parts": parts,
        "errors": errors,
        "errors_title": errors_title(errors, "还不能这样报告"),
        "key": key,
        "kinds": [
            {"label": k.label, "first": INCIDENTS[k].first, "cites": cite(INCIDENTS[k].cites)}
            for k in incident_forms.kinds_for(request.actor)
        ],
        "calls": told.CALLS,
    }
    return render_page(request, "incidents/incident_new.html", context, here=NAV_ROUTE, status=422 if errors else 200)


# ---- one event


class IncidentStepContext(TypedDict):
    """The page of a step at an event."""

    head: told.IncidentHead
    code: str
    label: str
    button: str
    cites: list[Cited]
    missing: list[Problem]
    shows_form: bool
    parts: list[FormPart]
    picture: bool
    images: str
    most_bytes: int
    most_mb: int
    errors: list[Problem]
    errors_title: str
    key: str
    next: str
    url: str
    here: str
    missing_there: list[str]


class ReportPart(TypedDict):
    """The written report, and how it will look."""

    text: str
    text_max: int
    edits: bool
    pages: range
    unprintable: str
    revision: str
    stage: str


class ReportContext(IncidentStepContext, ReportPart):
    """The page of a step of the written report."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def step(request: DeskRequest, number: str, code: str) -> HttpResponse:
    """Show a step's form; when it is sent, take the step and go back to the event.

    Raises:
        Http404: there is no such step here for this person, or the event isn't theirs to see.
    """
    found = incident_or_404(request, number)
    if code not in STEPS_HERE or (code in _OF_REPORTS and not request.actor.has(*READS_REPORTS)):
        raise Http404
    page = IncidentStepPage(request, found, code)
    return page.post() if request.method == "POST" else page.get()


class IncidentStepPage(IncidentPage):
    """What one request of a step's page works with."""

    def __init__(self, request: DeskRequest, incident: Incident, code: str) -> None:
        super().__init__(request, incident)
        self.code = code
        self.cls = INCIDENT_STEPS[code]

    @property
    def draft(self) -> str:
        """Under which name the report's unsent text is kept."""
        return f"incident-{self.incident.number}-report"

    def get(self) -> HttpResponse:
        """Show the form with the answers it starts with."""
        return self.page(self.start(), uuid.uuid4().hex)

    def start(self) -> dict[str, Any]:
        """Return what the form begins with."""
        if self.code == "draft_report":
            looked_at = "preview" in self.request.GET and drafts.newest_draft(
                self.request.user, self.draft, drafts.PREVIEW_PAGE
            )
            text = "\n".join(looked_at.get("text", [])) if looked_at else ""
            return {"text": text or self.facts.report_text or self.proposed()}
        if self.code == "register_on_the_spot":
            return {"number": self.request.GET.get("petition", "")[:20]}
        if self.code == "count_people":
            return {"people": self.facts.people or ""}
        if self.code == "set_place":
            return {"place": self.facts.place}
        return {}

    def proposed(self) -> str:
        """Return the report as the log tells it."""
        return propose_report(self.facts, self.names, department=settings.DEPARTMENT, day=today(self.now))

    def post(self) -> HttpResponse:
        """Take the step, or show the form again with what was typed and what is wrong.

        Raises:
            Http404: the event isn't this person's to see any more.
        """
        sent = self.request.POST
        key = posted.idempotency_key_of(sent)
        raw = self.read()
        if self.code == "draft_report" and sent.get("do") == "preview":
            return self.look_ahead(raw["text"])
        try:
            acted = self.act(raw)
        except InvalidAnswer as e:
            return self.page(raw, key, problems=e.problems)
        except NotAccepted as e:
            return self.page(raw, key, problems={"file": str(e)})
        except Refused as e:
            return self.page(raw, key, refused=e)
        except NotVisible:
            raise Http404 from None
        desk_drafts.form_accepted(self.request, *([self.draft] if self.code == "draft_report" else []))
        label = self.cls.rule.label
        words = "这一条已经记录过，没有重复记录。" if acted.again else f"{_WORDS.get(self.code, f'已记录：{label}')}。"
        if self.code == "send_report" and not acted.again:
            words = f"专报已报送，文号 {acted.facts.report_number}。"
        return outbox_answers.accepted_answer(self.request, safe_next_address(self.request, self.url), words)

    def read(self) -> dict[str, Any]:
        """Return the answers as they were typed."""
        raw = posted.read_answers(self.cls, self.request.POST)
        if self.code == "draft_report":
            # With the newlines that are kept; one more than allowed, so that too long a text is refused and not cut.
            raw["text"] = str(raw["text"]).replace("\r\n", "\n").replace("\0", "")[: MAX_TEXT_CHARACTERS + 1]
        return raw

    def act(self, raw: dict[str, Any]) -> IncidentStepResult:
        """Take the step. Raises InvalidAnswer, NotAccepted, Refused or NotVisible."""
        number, by, staff, key = self.incident.number, self.request.actor, self.request.user, key_for(self.request)
        if self.code == "add_picture":
            return self._picture(key)
        if self.code == "send_report":
            sent = posted.step_from(SendReport, {"body": raw["body"]}, incident_forms.choices(self.names))
            return send_report(number, sent.body, by=by, staff=staff, idempotency_key=key)
        if self.code == "draft_report":
            draft = posted.step_from(DraftReport, raw, incident_forms.choices(self.names))
            return draft_report(number, draft.text, by=by, staff=staff, idempotency_key=key)
        return take(self.request, posted.step_from(self.cls, raw, incident_forms.choices(self.names)), number)

    def _picture(self, key: str) -> IncidentStepResult:
        file = self.request.FILES.get("file")
        if file is None:
            over = getattr(self.request, "files_left_out", [])
            raise NotAccepted(
                too_big_message(settings.UPLOAD_MB * 2**20) if over else "没有选择照片。请先拍照或选择一张照片。"
            )
        return add_picture(
            self.incident.number,
            file.read(),
            file.name or "",
            by=self.request.actor,
            staff=self.request.user,
            idempotency_key=key,
            seen_at=outbox_answers.typed_at(self.request),
        )

    def look_ahead(self, text: str) -> HttpResponse:
        """Keep the text as a draft and show how it would look."""
        clean = text.encode("utf-8", "ignore").decode("utf-8")
        drafts.save_draft(self.request.user, self.draft, drafts.PREVIEW_PAGE, {"text": [clean]})
        messages.info(self.request, "右边（手机上在下面）是这份文字印出来的样子；还没有提交。")
        return redirect(f"{reverse('incident-step', args=[self.incident.number, 'draft_report'])}?preview=1")

    def page(
        self,
        values: dict[str, Any],
        key: str,
        *,
        problems: dict[str, str] | None = None,
        refused: Refused | None = None,
    ) -> HttpResponse:
        """Show the page with a form that holds these values."""
        parts = [] if self.code == "add_picture" else self._parts(values, problems or {})
        errors = incident_forms.errors_of(parts, problems, refused)
        if errors and outbox_answers.sent_by_outbox(self.request):
            return outbox_answers.refused_answer(errors)
        missing = problems_of(self.why_not(self.cls))
        rule = self.cls.rule
        context: IncidentStepContext = {
            "head": told.incident_head(self.incident, self.now),
            "code": self.code,
            "label": "补记" if self.code == "note" and self.facts.ended_at else rule.label,
            "button": told.BUTTONS.get(self.code, rule.label),
            "cites": [{"label": str(a), "says": a.says} for a in rule.cites],
            "missing": missing,
            "shows_form": not missing or bool(errors),
            "parts": parts,
            "picture": self.code == "add_picture",
            "images": IMAGES,
            "most_bytes": settings.UPLOAD_MB * 2**20,
            "most_mb": settings.UPLOAD_MB,
            "errors": errors,
            "errors_title": errors_title(errors),
            "key": key,
            "next": self.request.POST.get("next") or self.request.GET.get("next", ""),
            "url": self.url,
            "here": f"{self.url}{self.code}/",
            "missing_there": [m["whom"] for m in told.joint_reception(self.facts) if not m["there"]]
            if self.code == "end"
            else [],
        }
        status = 422 if errors else 200
        if self.code not in _OF_REPORTS:
            return render_page(self.request, "incidents/incident_step.html", context, here=NAV_ROUTE, status=status)
        whole: ReportContext = {**context, **self._report(values)}
        return render_page(self.request, "incidents/incident_report.html", whole, here=NAV_ROUTE, status=status)

    def _parts(self, values: dict[str, Any], problems: dict[str, str]) -> list[FormPart]:
        return incident_forms.parts_of(self.cls, self.names, values, problems, self.request.actor)

    def _report(self, values: dict[str, Any]) -> ReportPart:
        text = str(values.get("text") or self.facts.report_text)
        draft = self.code == "draft_report" and "preview" in self.request.GET
        pages, problem = report_pages(self, text)
        return {
            "text": text,
            "text_max": MAX_TEXT_CHARACTERS,
            "edits": self.code == "draft_report",
            "pages": range(1, pages + 1),
            "unprintable": problem,
            "revision": f"{self.incident.revision}" + ("&draft=1" if draft else ""),
            "stage": self.facts.report_stage.label,
        }
