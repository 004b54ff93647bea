"""What an event asks of somebody, said on every page they open until it is done: at most one indexed query a page."""

import uuid
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Q
from django.utils import timezone

from xinfang.incidents.models import Incident
from xinfang.procedure.facts import Actor
from xinfang.procedure.incidents.facts import IncidentFacts
from xinfang.procedure.incidents.kinds import LEADERS, OFFICE
from xinfang.procedure.incidents.words import ReportStage
from xinfang.procedure.words import Role
from xinfang.vault.sm_ciphers import VaultError

from .incidents import incident_facts

REPORT_REMINDER_PERIOD = timedelta(days=3)
"""So long the written report of an event that is over is still asked for; then the notices remember it."""
MAX_IN_BANNER = 5
_KEPT = 50
_log = structlog.get_logger(__name__)
_known: "OrderedDict[tuple[bytes, int], IncidentFacts]" = OrderedDict()
"""What a log said at a revision, without its texts. It can't be out of date: a new line is a new revision."""


def urgent_incidents(actor: Actor) -> list[dict[str, Any]]:
    """Return what waits for this person, for parts/event_banner.html.

    Only for office and leaders is the database asked (1 query, mostly of no row).
    """
    if not actor.has(*OFFICE, *LEADERS):
        return []
    recent = Q(ended_at=None) | Q(ended_at__gte=timezone.now() - REPORT_REMINDER_PERIOD)
    found = []
    for incident in Incident.objects.filter(recent).order_by("-id")[: _KEPT // 2]:
        try:
            facts = _facts(incident)
        except VaultError as e:
            # No reason for every page of the desk to fail; the event's own page and `verify` say it.
            _log.error("incident_unreadable", incident=incident.pk, error=type(e).__name__)
            continue
        for what, words in awaited_from(facts, actor):
            found.append(
                {
                    "number": incident.number,
                    "kind": incident.get_kind_display(),
                    "what": what,
                    "words": words,
                    "key": uuid.uuid4().hex,
                }
            )
    return found[:MAX_IN_BANNER]


def _facts(incident: Incident) -> IncidentFacts:
    key = (bytes(incident.wrapped_key), incident.revision)
    if key not in _known:
        _known[key] = replace(incident_facts(incident), lines=(), report_text="")
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return _known[key]


def awaited_from(facts: IncidentFacts, actor: Actor) -> Iterator[tuple[str, str]]:
    """Yield (what, words) of this event that wait for this person: `confirm`, `sign_report` or `send_report`."""
    own = [r for r, roles in ((Role.OFFICE, OFFICE), (Role.LEADER, LEADERS)) if actor.has(*roles)]
    if not facts.ended_at and any(t.role in own and not t.confirmed_at for t in facts.told):
        yield "confirm", "等待您确认"
    if facts.report_stage is ReportStage.DRAFTED and actor.has(*LEADERS):
        yield "sign_report", "专报等待您签发"
    if facts.report_stage is ReportStage.SIGNED and actor.has(*OFFICE):
        yield "send_report", "专报已签发，等待报送"
