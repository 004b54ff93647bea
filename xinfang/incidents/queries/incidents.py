"""The log of an event: entries of the administrative chain, so that one verification proves them with everything else.

An entry holds the step, the duty it was taken in and its plain answers; texts are encrypted under the event's own key,
so that an auditor reads that something was written, when and by whom, and not what.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime
from json import loads
from typing import Any

from django.db.models import Q, QuerySet

from xinfang.accounts.models import Staff, Unit
from xinfang.audit.actions.chain_heads import append_admin_record
from xinfang.audit.models import AdminRecord
from xinfang.incidents.models import Incident, IncidentFile
from xinfang.procedure.facts import SYSTEM, Actor
from xinfang.procedure.incidents.facts import IncidentFacts
from xinfang.procedure.incidents.replay import INCIDENT_STEPS, StoredEntry, replay_incident
from xinfang.procedure.incidents.rules import IncidentStep
from xinfang.procedure.step_schema import StaffCode, dump_step
from xinfang.procedure.visibility import SEES_INCIDENTS, SEES_OWN_UNIT
from xinfang.procedure.words import Role
from xinfang.vault.hash_chain import canonical
from xinfang.vault.sm_ciphers import seal, unseal

INCIDENT_LOG_KIND = "突发事件"
"""What such a line is called in the administrative log."""


def append_log_entry(
    incident: Incident,
    secret: bytes,
    step: IncidentStep,
    *,
    by: Staff | None,
    role: Role,
    duties: Iterable[Role],
    now: datetime,
    seen_at: datetime | None = None,
    idempotency_key: str = "",
) -> StoredEntry:
    """Write the next line. Call it inside the transaction that holds the event's row; `now` and `seen_at` are aware."""
    seq = incident.revision = incident.revision + 1
    whole, shown = dump_step(step), dump_step(step, withhold=True)
    detail: dict[str, Any] = {
        "seq": seq,
        "step": step.rule.code,
        "role": str(role),
        "duties": sorted(str(d) for d in duties),
        "data": shown,
        "sealed": "",
        "seen_at": seen_at.isoformat() if seen_at else "",
        "key": idempotency_key,
    }
    if whole != shown:
        sealed = seal(secret, canonical(whole).encode("utf-8", "surrogatepass"), _aad(incident.number, seq))
        detail["sealed"] = b64encode(sealed).decode()
    kept = append_admin_record(
        AdminRecord(at=now, by=by, what=INCIDENT_LOG_KIND, target=incident.number, detail=detail)
    )
    return _line(kept, whole)


def _aad(number: str, seq: int) -> bytes:
    # A text copied into another line or event can't be opened there.
    return f"incident:{number}:{seq}".encode()


def _line(kept: AdminRecord, data: dict[str, Any]) -> StoredEntry:
    detail = kept.detail
    return StoredEntry(
        seq=detail["seq"],
        code=detail["step"],
        data=data,
        at=kept.at,
        by=StaffCode(kept.by.get_username() if kept.by else SYSTEM.code),
        role=Role.of(detail["role"]),
        duties=tuple(Role.of(d) for d in detail["duties"]),
        seen_at=datetime.fromisoformat(detail["seen_at"]) if detail["seen_at"] else None,
    )


def log_entries_of(incident: Incident) -> QuerySet[AdminRecord]:
    """Return the entries of an event, in order."""
    return (
        AdminRecord.objects.filter(target=incident.number, what=INCIDENT_LOG_KIND).select_related("by").order_by("id")
    )


def incident_facts(incident: Incident) -> IncidentFacts:
    """Return what the log of an event says (1 query).

    Raises:
        DecryptionFailed: a text or the wrapped key is damaged.
        KeyMissing: the key that wraps the event's key isn't here.
    """
    secret, lines = incident.secret(), []
    for kept in log_entries_of(incident):
        data = kept.detail["data"]
        if kept.detail["sealed"]:
            text = unseal(secret, b64decode(kept.detail["sealed"]), _aad(incident.number, kept.detail["seq"]))
            data = loads(text.decode("utf-8", "surrogatepass"))
        lines.append(_line(kept, data))
    return replay_incident(incident.number, lines)


def form_was_sent(incident: Incident, idempotency_key: str) -> bool:
    """Tell whether a form with this key became an entry already."""
    return bool(idempotency_key) and any(kept.detail.get("key") == idempotency_key for kept in log_entries_of(incident))


def step_label(code: str) -> str:
    """Return what a step is called, for the auditors' page."""
    step = INCIDENT_STEPS.get(code)
    return step.rule.label if step else code


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """Return the events this person may see: `procedure.visibility.may_see_incident` in SQL.

    Other events don't exist for them.
    """
    incidents = Incident.objects.all()
    if actor.has(Role.SYSTEM, *SEES_INCIDENTS):
        return incidents
    sees = Q(opened_by__in=Staff.objects.filter(username__in=actor.codes).values("pk"))
    if actor.has(Role.DUTY_DESK):
        sees |= Q(by_duty_desk=True)
    if own := actor.units(*SEES_OWN_UNIT):
        called = Incident.units.through.objects.filter(unit__in=Unit.objects.filter(code__in=own).values("pk"))
        sees |= Q(pk__in=called.values("incident_id"))
    return incidents.filter(sees)


def open_incidents(actor: Actor, most: int) -> list[Incident]:
    """Return the newest events that this person may see and that aren't over (1 query)."""
    return list(incidents_visible_to(actor).filter(ended_at=None).order_by("-id")[:most])


def ended_incidents(actor: Actor) -> QuerySet[Incident]:
    """Return the events that this person may see and that are over."""
    return incidents_visible_to(actor).exclude(ended_at=None)


def incident_by_number(number: str, actor: Actor) -> Incident | None:
    """Return the event of this number, if this person may see it (1 query)."""
    return incidents_visible_to(actor).filter(number=number).first()


def incident_begun_by_form(idempotency_key: str, staff: Staff) -> Incident | None:
    """Return the event that this person's form with this key began (1 query)."""
    return Incident.objects.filter(key=idempotency_key, opened_by=staff).first()


# ---- files


def pictures_of(incident: Incident) -> list[IncidentFile]:
    """Return the pictures of the place, in order (1 query)."""
    return [file for file in incident.files.all() if file.what == IncidentFile.What.PICTURE]


def picture_at(incident: Incident, place: int) -> IncidentFile | None:
    """Return the picture with this number; None where the number is that of the report, or of no file (1 query)."""
    return incident.files.filter(place=place, what=IncidentFile.What.PICTURE).first()


def sent_report(incident: Incident) -> IncidentFile | None:
    """Return the file of the written report as it was sent last (1 query)."""
    return incident.files.filter(what=IncidentFile.What.REPORT).order_by("-place").first()
