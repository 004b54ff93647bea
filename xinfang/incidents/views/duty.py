"""The property duty desk on a phone: two buttons. Nothing is asked before the report has gone off (H16, H17)."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import TypedDict

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.cases.step_forms import posted
from xinfang.core.clock import today
from xinfang.department.queries import effective_setting
from xinfang.incidents import incident_forms
from xinfang.incidents.actions.act import run_report_chains
from xinfang.incidents.queries import overview as told
from xinfang.incidents.queries.incidents import incident_begun_by_form, incident_facts, open_incidents
from xinfang.incidents.views.incidents import IncidentPage, LivePart, incident_or_404, telephone
from xinfang.procedure.incidents.kinds import OFFICE
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.incidents.reporting import AT_THE_DESK, DESK_REPORTS, ReportIncident
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.words import IncidentKind
from xinfang.web import form_drafts as drafts
from xinfang.web import outbox_answers
from xinfang.web.form_types import Problem
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import problems_of

from .incident_steps import IMAGES, key_for, take

NAV_ROUTE = "duty"
AFTERWARDS = ("called", "note", "count_people", "set_place")
"""What may follow a report whose number isn't known yet, because the connection is down."""
CROWDS = (5, 10, 20, 30, 50, 100)
MAX_OPEN_SHOWN = 5
REDS, ORANGES = IncidentKind.MEDICAL_EMERGENCY, IncidentKind.SUDDEN_GATHERING


class DeskReportsContext(TypedDict):
    """How far the reports of this desk have come."""

    rows: list[told.IncidentRow]
    state: str
    at: str
    said: str
    telephone: str


class DutyContext(DeskReportsContext):
    """The two buttons; each is a form with a key of its own, and `key` makes one for each report shown."""

    calls: tuple[tuple[str, str, str], ...]
    red: IncidentKind
    orange: IncidentKind
    key: Callable[[], uuid.UUID]
    red_key: str
    orange_key: str


class SameContext(DeskReportsContext):
    """Events that are being handled, and the button of one that is another."""

    calls: tuple[tuple[str, str, str], ...]
    kind: IncidentKind
    is_red: bool
    key: str


class ReportedPart(LivePart):
    """The event that was reported."""

    telephone: str
    is_red: bool


class ReportedContext(ReportedPart):
    """What may be added to the report."""

    here: str
    crowds: tuple[int, ...]
    places: list[str]
    place: str
    people: int | None
    draft: str
    images: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*AT_THE_DESK, *OFFICE)
def duty(request: DeskRequest) -> HttpResponse:
    """Show the two buttons, and how far the reports of this desk have come; each button is a whole report.

    `?same=` with a kind asks whether what was just pressed is an event that is being handled already.
    """
    if request.method == "POST":
        return _report(request) if not request.POST.get("begun") else _afterwards(request)
    run_report_chains()
    now = timezone.now()
    reported = open_incidents(request.actor, MAX_OPEN_SHOWN)
    names = directory(today(now))
    rows = [told.board_row(i, incident_facts(i), names, now) for i in reported]
    state = f"{len(rows)}-{sum(i.revision for i in reported)}-{int(now.timestamp() // 60)}"
    if request.GET.get("live") == state:
        return HttpResponse(status=204)
    part: DeskReportsContext = {
        "rows": rows,
        "state": state,
        "at": told.clock_time(now),
        "said": "；".join(f"{r['number']} {r['last']}" for r in rows),
        "telephone": telephone(),
    }
    if "live" in request.GET:
        return render(request, "incidents/parts/duty_live.html", part)
    if rows and (pressed := _reportable(request.GET.get("same", ""))):
        asked: SameContext = {
            **part,
            "calls": told.CALLS,
            "kind": pressed,
            "is_red": pressed is REDS,
            "key": uuid.uuid4().hex,
        }
        return render_page(request, "incidents/duty_same.html", asked, here=NAV_ROUTE)
    context: DutyContext = {
        **part,
        "calls": told.CALLS,
        "red": REDS,
        "orange": ORANGES,
        "key": partial(uuid.uuid4),
        "red_key": uuid.uuid4().hex,
        "orange_key": uuid.uuid4().hex,
    }
    return render_page(request, "incidents/duty.html", context, here=NAV_ROUTE)


def _report(request: DeskRequest) -> HttpResponse:
    kind = _reportable(request.POST.get("kind", ""))
    if kind is None:
        return _refused(
            request, [{"reason": "没有说明发生了什么，没有报告。", "todo": "请按页上的按钮。", "cites": []}]
        )
    if _may_be_the_same(request):
        return outbox_answers.leading_answer(request, f"{reverse(NAV_ROUTE)}?same={kind.value}")
    try:
        acted = take(request, ReportIncident(kind=kind), None)
    except Refused as e:
        return _refused(request, problems_of(e.reasons))
    number = acted.incident.number
    return outbox_answers.accepted_answer(request, reverse("duty-reported", args=[number]), f"已报告：{number}。")


def _reportable(said: str) -> IncidentKind | None:
    kind = IncidentKind.get(said)
    return kind if kind in DESK_REPORTS else None


def _may_be_the_same(request: DeskRequest) -> bool:
    """Tell whether an event is being handled and nobody has said yet that this is another.

    A report that comes late, because the connection was down, is taken as it is: nobody looks at the page to answer.
    """
    if request.POST.get("another") or outbox_answers.sent_later(request):
        return False
    return bool(open_incidents(request.actor, 1)) and incident_begun_by_form(key_for(request), request.user) is None


def _afterwards(request: DeskRequest) -> HttpResponse:
    """Take a step at an event that was reported by a form still on its way when this one was made.

    The event is found by that form's key.
    """
    code, begun = request.POST.get("step", ""), f"{request.user.pk}-{request.POST['begun'][:48]}"
    found = incident_begun_by_form(begun, request.user)
    if found is None or code not in AFTERWARDS:
        return _refused(request, [{"reason": "没有找到这次报告。", "todo": "请先按上面的按钮报告。", "cites": []}])
    cls = INCIDENT_STEPS[code]
    try:
        choices = incident_forms.choices(directory(today()))
        take(request, posted.step_from(cls, posted.read_answers(cls, request.POST), choices), found.number)
    except InvalidAnswer as e:
        return _refused(request, [{"reason": r, "todo": "", "cites": []} for r in e.problems.values()])
    except Refused as e:
        return _refused(request, problems_of(e.reasons))
    drafts.form_accepted(request)
    return outbox_answers.accepted_answer(
        request, reverse("duty-reported", args=[found.number]), f"已记录：{cls.rule.label}。"
    )


def _refused(request: DeskRequest, errors: list[Problem]) -> HttpResponse:
    if outbox_answers.sent_by_outbox(request):
        return outbox_answers.refused_answer(errors)
    return render_page(
        request, "incidents/duty_refused.html", {"errors": errors, "calls": told.CALLS}, here=NAV_ROUTE, status=422
    )


@never_cache
@require_safe
@desk_page(*AT_THE_DESK, *OFFICE)
def reported(request: DeskRequest, number: str) -> HttpResponse:
    """Show what follows a report.

    The calls first where life is at risk, whether the office knows, and what may be added.

    Raises:
        Http404: the event isn't this person's to see.
    """
    found = incident_or_404(request, number)
    if found.next_look and run_report_chains():
        found = incident_or_404(request, number)
    page = IncidentPage(request, found)
    if page.facts.ended_at and "live" not in request.GET:
        return redirect(page.url)
    part: ReportedPart = {**page.live(), "telephone": telephone(), "is_red": page.facts.kind is REDS}
    if "live" in request.GET:
        if request.GET["live"] == part["state"]:
            return HttpResponse(status=204)
        return render(request, "incidents/parts/duty_live_event.html", part)
    places = [p.strip()[:60] for p in effective_setting("incident_places").split("、") if p.strip()][:6]
    own = effective_setting("reception_place")
    context: ReportedContext = {
        **part,
        "here": reverse("duty-reported", args=[found.number]),
        "crowds": CROWDS,
        "places": list(dict.fromkeys([*places, own] if own else places)),
        "place": page.facts.place,
        "people": page.facts.people,
        "draft": f"incident-{found.number}-note",
        "images": IMAGES,
    }
    if not any(w["code"] == "note" for w in context["ways"]["forms"]):
        raise Http404  # sees the event and has no part in it
    return render_page(request, "incidents/duty_reported.html", context, here=NAV_ROUTE)
