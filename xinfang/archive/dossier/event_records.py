"""The events of a case with their hashes, and the seal over them, as plain data that anybody can compute again."""

from typing import Any

from xinfang.archive.dossier.gathering import SEALED_VOLUME_STEPS, Dossier, DossierPart
from xinfang.audit.canonical import event_fields, seal_fields
from xinfang.audit.models import Seal
from xinfang.audit.seals import hash_lines, positions_covered
from xinfang.core.snapshots import read_snapshot
from xinfang.procedure.facts import CaseEvent
from xinfang.procedure.step_schema import dump_step
from xinfang.procedure.steps import STEPS
from xinfang.vault.hash_chain import CHAIN_FORMAT, FIRST_PREVIOUS_HASH, canonical

MAX_HASHES = 50_000
"""A seal over more records than this is named without their hashes: they would be larger than the file."""


def events_data(dossier: Dossier, part: DossierPart) -> dict[str, Any]:
    """Return the events; what belongs into the sealed volume keeps only its hash in the open part.

    `fields` is what was hashed, in which text is only bound by its digest; `answers` are what the step says, to be read
    in thirty years.
    """
    hidden = part is DossierPart.OPEN
    pairs = zip(dossier.events, dossier.facts.history, strict=True)
    return {
        "format": CHAIN_FORMAT,
        "number": dossier.petition.number,
        "start": FIRST_PREVIOUS_HASH,
        "head": dossier.petition.head,
        "events": [_event(dossier.petition.number, e, h, hidden and e.code in SEALED_VOLUME_STEPS) for e, h in pairs],
    }


def _event(number: str, event: Any, happening: CaseEvent, withheld: bool) -> dict[str, Any]:
    found = {"seq": event.seq, "label": STEPS[event.code].rule.label, "hash": event.hash}
    if withheld:
        return {**found, "withheld": True}
    fields = event_fields(
        number,
        event.seq,
        event.code,
        event.stage,
        canonical(event.data),
        event.text_digest,
        event.happened_on,
        event.recorded_at,
        event.by.get_username() if event.by else "",
        event.entered_by.get_username() if event.entered_by else "",
        event.by_role,
        event.acting_for.get_username() if event.acting_for else "",
        event.state_before,
        event.state_after,
        event.key,
    )
    return {**found, "answers": dump_step(happening.step), "fields": list(fields)}


def seal_data(dossier: Dossier) -> tuple[dict[str, Any], str] | None:
    """Return the first seal over the newest sealed event of these, and the rows of its hashes; None without one."""
    with read_snapshot():
        return _seal_data(dossier)


def _seal_data(dossier: Dossier) -> tuple[dict[str, Any], str] | None:
    for event in reversed(dossier.events):
        seal = Seal.objects.filter(last_event__gte=event.pk).order_by("number").first()
        if seal is None:
            continue
        before = Seal.objects.filter(number=seal.number - 1).first()
        data = {
            "number": seal.number,
            "previous": before.hash if before else FIRST_PREVIOUS_HASH,
            "fields": list(
                seal_fields(seal.number, seal.day, seal.made_at, (*positions_covered(seal), seal.records), seal.digest)
            ),
            "hash": seal.hash,
            "digest": seal.digest,
            "records": seal.records,
            "covers_seq": event.seq,
            "covers_hash": event.hash,
        }
        return data, hash_lines(before, seal) if seal.records <= MAX_HASHES else ""
    return None
