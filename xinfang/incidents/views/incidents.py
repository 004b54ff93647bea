"""Urgent events: the live board, one event with its log, and each of its steps (H11, H15–H18)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypedDict
from zlib import crc32

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.department.queries import effective_setting
from xinfang.incidents.actions.act import run_report_chains, why_not_at_incident
from xinfang.incidents.queries import overview as told
from xinfang.incidents.queries.incidents import (
    ended_incidents,
    incident_by_number,
    incident_facts,
    open_incidents,
    pictures_of,
)
from xinfang.incidents.queries.urgent_incidents import urgent_incidents
from xinfang.procedure.incidents.facts import IncidentFacts
from xinfang.procedure.incidents.kinds import INCIDENTS, LEADERS, OFFICE, IncidentRule
from xinfang.procedure.incidents.reporting import ALL_WHO_ATTEND
from xinfang.procedure.incidents.rules import IncidentStep
from xinfang.procedure.incidents.words import ReportStage
from xinfang.procedure.rules import Reason
from xinfang.procedure.visibility import REGISTERS
from xinfang.web.form_types import Cited
from xinfang.web.list_pages import cursor_from, pager_context
from xinfang.web.page_frame import in_one_snapshot, render_page

if TYPE_CHECKING:
    from xinfang.incidents.models import Incident

NAV_ROUTE = "incidents"
MAX_OPEN_SHOWN = 50
"""This many open events at once are shown in full; there are never this many."""
PAGE_SIZE = 20
READS_REPORTS = (*OFFICE, *LEADERS)
"""Who writes, signs and sends the written report; others see that there is one."""


def incident_or_404(request: DeskRequest, number: str) -> Incident:
    """Return the event if this person may see it.

    Raises:
        Http404: the event is hidden or missing; both look alike.
    """
    found = incident_by_number(number.upper(), request.actor)
    if found is None:
        raise Http404
    return found


def telephone() -> str:
    """Return where the office answers: the number for events, or the department's (1 or 2 queries)."""
    return effective_setting("incident_phone") or effective_setting("contact_phone")


def _state(incidents: list[Incident], now: datetime) -> str:
    """Return a word that changes whenever the page would: with each entry of a log, and each minute."""
    said = ",".join(f"{i.number}.{i.revision}" for i in incidents) + f"@{int(now.timestamp() // 60)}"
    return f"{crc32(said.encode()):08x}"


class BoardPart(TypedDict):
    """The open events."""

    open: list[told.IncidentRow]
    state: str
    at: str
    said: str


class BoardContext(BoardPart):
    """The open events, and those that are over."""

    ended: list[told.IncidentHead]
    page: dict[str, str]
    notes: list[str]


@never_cache
@require_safe
@desk_page()
def awaiting_me(request: DeskRequest) -> JsonResponse:
    """Say which events wait for this person, for the alarm of their browser: numbers and kinds, no names (1 query)."""
    events = [
        {"number": e["number"], "words": f"{e['kind']}，{e['words']}", "url": reverse("incident", args=[e["number"]])}
        for e in urgent_incidents(request.actor)
    ]
    return JsonResponse({"events": events})


@never_cache
@require_safe
@desk_page(*ALL_WHO_ATTEND)
def board(request: DeskRequest) -> HttpResponse:
    """Show the open events, newest first, and below them those that are over.

    `?live=` asks only for what has changed.
    """
    run_report_chains()
    now = timezone.now()
    current = open_incidents(request.actor, MAX_OPEN_SHOWN)
    state = _state(current, now)
    if request.GET.get("live") == state:
        return HttpResponse(status=204)
    names = directory(today(now))
    rows = [told.board_row(i, incident_facts(i), names, now) for i in current]
    current_part: BoardPart = {
        "open": rows,
        "state": state,
        "at": told.clock_time(now),
        "said": "；".join(f"{r['number']} {r['last']}" for r in rows),
    }
    if "live" in request.GET:
        return render(request, "incidents/parts/incidents_live.html", current_part)
    cursor, direction = cursor_from(request)
    ended = ended_incidents(request.actor)
    notes: list[str] = []
    try:
        page = paginate(ended, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(ended, ("id",), limit=PAGE_SIZE, descending=True)
    context: BoardContext = {
        **current_part,
        "ended": [told.incident_head(i, now) for i in page.rows],
        "page": pager_context(reverse(NAV_ROUTE), {}, page, last=False),
        "notes": notes,
    }
    return render_page(request, "incidents/incidents.html", context, here=NAV_ROUTE)


class LivePart(TypedDict):
    """What changes while somebody looks at the page of an event."""

    head: told.IncidentHead
    state: str
    at: str
    said: str
    chain: list[told.LinkRow]
    unanswered: bool
    present: list[told.PresenceRow]
    joint: list[told.JointRow]
    representatives: int | None
    petitions: tuple[str, ...]
    registers: bool
    opens_cases: bool
    pictures: list[int]
    log: list[told.LogRow]
    ways: told.Ways
    calls: list[told.Call]
    report: str
    report_chip: str
    report_number: str
    reads_report: bool
    number: str
    url: str
    key: Callable[[], uuid.UUID]


class IncidentContext(LivePart):
    """The page of an event."""

    rule: IncidentRule
    cites: list[Cited]
    note: told.Way | None
    telephone: str


class IncidentLogContext(LivePart):
    """The whole log, to be printed."""

    printed: str
    place: str


class IncidentPage:
    """What one request about one event works with: its facts, and who asks."""

    def __init__(self, request: DeskRequest, incident: Incident) -> None:
        self.request, self.incident = request, incident
        self.now = timezone.now()
        self.facts: IncidentFacts = incident_facts(incident)
        self.names = directory(today(self.now))

    @property
    def url(self) -> str:
        """The address of the event's page."""
        return reverse("incident", args=[self.incident.number])

    def why_not(self, step: type[IncidentStep]) -> list[Reason]:
        """Return why this person may not take this step now."""
        return why_not_at_incident(step, self.incident, self.facts, by=self.request.actor)

    def live(self) -> LivePart:
        """Return what changes while somebody looks at the page."""
        pictures = pictures_of(self.incident)
        log = told.log_rows(self.facts, self.names, {f.digest: f.place for f in pictures}, self.now)
        actor = self.request.actor
        return {
            "head": told.incident_head(self.incident, self.now),
            "state": _state([self.incident], self.now),
            "at": told.clock_time(self.now),
            "said": f"{log[-1]['at']} {log[-1]['who']} {log[-1]['label']}",
            "chain": told.chain_rows(self.facts, self.names, self.now),
            "unanswered": not self.facts.ended_at and any(not t.confirmed_at for t in self.facts.told),
            "present": told.presence_rows(self.facts, self.names, self.now),
            "joint": told.joint_reception(self.facts),
            "representatives": self.facts.representatives,
            "petitions": self.facts.petitions,
            "registers": actor.has(*REGISTERS),
            "opens_cases": actor.has(*REGISTERS, *LEADERS),
            "pictures": [f.place for f in pictures],
            "log": log,
            "ways": told.open_and_closed_steps(self.facts, actor, self.why_not),
            "calls": told.emergency_calls(self.facts, self.why_not)
            if self.facts.kind in told.CALL_FIRST or self.facts.calls
            else [],
            "report": self.facts.report_stage.label,
            "report_chip": "ok" if self.facts.report_stage is ReportStage.SENT else "plain",
            "report_number": self.facts.report_number,
            "reads_report": actor.has(*READS_REPORTS) and self.facts.report_stage is not ReportStage.NONE,
            "number": self.incident.number,
            "url": self.url,
            "key": partial(uuid.uuid4),
        }


@never_cache
@require_safe
@desk_page()
def incident(request: DeskRequest, number: str) -> HttpResponse:
    """Show the state of an event: chain, presence, matters, pictures, log, and what may be done now."""
    found = incident_or_404(request, number)
    if found.next_look:
        run_report_chains()
    return _as_it_stands(request, number)


@in_one_snapshot
def _as_it_stands(request: DeskRequest, number: str) -> HttpResponse:
    found = incident_or_404(request, number)
    if request.GET.get("live") == _state([found], timezone.now()):
        return HttpResponse(status=204)
    page = IncidentPage(request, found)
    part = page.live()
    if "live" in request.GET:
        return render(request, "incidents/parts/incident_live.html", part)
    assert page.facts.kind is not None, "an event has begun"
    rule = INCIDENTS[page.facts.kind]
    context: IncidentContext = {
        **part,
        "rule": rule,
        "cites": [{"label": str(a), "says": a.says} for a in rule.cites],
        "note": next((w for w in part["ways"]["forms"] if w["code"] == "note"), None),
        "telephone": telephone(),
    }
    return render_page(request, "incidents/incident.html", context, here=NAV_ROUTE)


@never_cache
@require_safe
@desk_page()
@in_one_snapshot
def log(request: DeskRequest, number: str) -> HttpResponse:
    """Show the whole log, to be printed."""
    page = IncidentPage(request, incident_or_404(request, number))
    context: IncidentLogContext = {
        **page.live(),
        "printed": f"{told.day_and_hour(page.now)}",
        "place": page.facts.place,
    }
    return render_page(request, "incidents/incident_log.html", context, here=NAV_ROUTE)
