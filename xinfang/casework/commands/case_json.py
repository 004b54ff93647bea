"""A petition as plain data, for `show --json`."""

from typing import TYPE_CHECKING, Any

from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.access import CaseView, ViewScope
from xinfang.cases.queries.case_text import case_text
from xinfang.cases.redaction import REDACTED_NUMBER
from xinfang.casework.queries.case_page import advice_view
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_schema import dump_step
from xinfang.procedure.steps import STEPS
from xinfang.web.masking import masked, masked_address, masked_phone

if TYPE_CHECKING:
    from xinfang.cases.models import Event, Petition
    from xinfang.procedure.facts import CaseEvent


def case_as_json(case: CaseView, *, in_plain: bool) -> dict[str, Any]:
    """Return state, dates, clocks with their derivation, events, papers and tasks of a case as plain data.

    What it says and whose it is only goes to a person who gave a name. Personal data stays masked unless `in_plain`. A
    linked case that the reader may not see isn't named.
    """
    petition, facts, events = case.petition, case.facts, case.events
    with_content = case.scope is not ViewScope.PROGRESS
    gone = facts.destroyed_on is not None
    units = {petition.handling_unit_id: petition.handling_unit} if petition.handling_unit_id else {}
    data: dict[str, Any] = {
        "number": petition.number,
        "state": petition.state,
        "state_label": petition.get_state_display(),
        "channel": petition.channel,
        "channel_label": petition.get_channel_display(),
        "source": petition.source,
        "source_label": petition.get_source_display(),
        "matter_class": petition.matter_class,
        "route": petition.route,
        "purpose": petition.purpose,
        "category": petition.category.code if petition.category else "",
        "simple": petition.simple,
        "received_on": petition.received_on,
        "accepted_on": petition.accepted_on,
        "replied_on": petition.replied_on,
        "served_on": petition.served_on,
        "closed_on": petition.closed_on,
        "external_number": petition.external_number,
        "part_of": facts.part_of,
        "parts": [p.number for p in facts.parts],
        "repeat_of": "" if facts.repeat_of == REDACTED_NUMBER else facts.repeat_of,
        "handling_unit": next((u.code for u in units.values() if u), ""),
        "handler": facts.handler,
        "responsible_leader": facts.responsible_leader,
        "group_size": petition.group_size,
        "supervised": petition.supervised,
        "sealed": petition.sealed,
        "revision": petition.revision,
        "pending": [{"code": p.code, "by": p.by, "on": p.on} for p in facts.pending.values()],
        "clocks": [
            {
                "code": r.clock.code,
                "label": r.clock.label,
                "started_on": r.started_on,
                "due": r.due.due,
                "alarm": r.due.alarm,
                "provisional": r.due.provisional and r.stopped_on is None,
                "stopped": r.stopped_on,
                "cites": [a.id for a in r.cites],
                "derivation": [{"date": d.day, "counted": d.counted, "why": d.why} for d in r.due.derivation],
            }
            for r in running(facts, calendar())
        ],
        "events": [_event(e, h, with_content and not gone) for e, h in zip(events, facts.history, strict=True)],
        "papers": [{"code": p.kind, "label": p.label} for p in petition.papers.all()],
        "tasks": [
            {
                "step": t.step,
                "words": t.words,
                "role": t.role,
                "unit": t.unit.code if t.unit else "",
                "staff": t.staff.get_username() if t.staff else "",
                "due": t.due,
            }
            for t in petition.tasks.select_related("unit", "staff")
        ],
    }
    if with_content:
        data |= _content(petition, facts, in_plain, gone=gone)
    return data


def _event(event: "Event", happening: "CaseEvent", with_content: bool) -> dict[str, Any]:
    data = {
        "seq": event.seq,
        "code": event.code,
        "label": STEPS[event.code].rule.label,
        "cites": [a.id for a in STEPS[event.code].rule.cites],
        "stage": event.stage,
        "on": event.happened_on,
        "recorded_at": event.recorded_at.isoformat(),
        "by": event.by.get_username() if event.by else "system",
        "by_role": event.by_role,
        "entered_by": event.entered_by.get_username() if event.entered_by else "",
        "acting_for": event.acting_for.get_username() if event.acting_for else "",
        "state_before": event.state_before,
        "state_after": event.state_after,
    }
    if with_content:
        said = happening.answer.opinion if happening.answer else happening.step.says(directory())
        data |= {"says": said, "data": dump_step(happening.answer or happening.step)}
    return data


def _content(petition: "Petition", facts: Facts, in_plain: bool, *, gone: bool) -> dict[str, Any]:
    text = case_text(petition, facts)
    return {
        "subject": text.subject,
        "body": text.body,
        "sender": text.sender,
        "sender_number": text.sender_number,
        "external_number": text.external_number,
        "persons": [
            {
                "name": p.full_name if in_plain else masked(p.full_name, p.kind),
                "kind": p.kind,
                "role": p.role,
                "phone": p.phone if in_plain else masked_phone(p.phone),
                "address": p.address if in_plain else masked_address(p.address),
                "id_number": p.id_number if in_plain else "****" if p.id_number else "",
                "language": p.language,
            }
            for p in petition.petitioners.all()
        ],
        "requests": [
            {
                "number": r.number,
                "text": r.text,
                "finding": r.finding,
                "conclusion": str(r.conclusion or ""),
                "basis": r.basis,
                "changed": r.changed,
                "carried_out": r.carried_out,
            }
            for r in (petition.requests.all() if gone else facts.requests)
        ],
    }


def advice_as_json(case: CaseView) -> dict[str, Any]:
    """Return what a legal adviser sees of a case: the draft sent to them and what they said of it (H13).

    Nothing of it once the case is destroyed.
    """
    sent = advice_view(case, directory())
    petition, facts = case.petition, case.facts
    return {
        "number": petition.number,
        "state": petition.state,
        "state_label": petition.get_state_display(),
        "subject": case_text(petition, facts).subject,
        "advice": sent,
    }
