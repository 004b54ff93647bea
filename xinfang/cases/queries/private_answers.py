"""The answers that an event withholds, read with the case's key: for papers and pages of those who see the case."""

import json
from typing import Any

from xinfang.cases.models import Event, Petition
from xinfang.cases.models.sealed import key_of
from xinfang.procedure.facts import Happening
from xinfang.procedure.history import step_of
from xinfang.procedure.shapes import shapes
from xinfang.vault.sm import unseal


def private_answers(petition: Petition, happening: Happening) -> dict[str, Any]:
    """The personal answers of an event; nothing once the case's key was erased.

    Only what the event itself withholds: everything else is read from the step, in its proper shape.
    """
    withheld = {s.name for s in shapes(type(happening.step)) if s.private}
    if not withheld:
        return {}
    event = Event.objects.filter(petition=petition, seq=happening.seq).only("private", "seq").first()
    key = key_of(petition) if event and event.private is not None else None
    if event is None or key is None:
        return dict.fromkeys(withheld, "")
    whole = json.loads(unseal(key, bytes(event.private), f"event:{event.seq}".encode()))
    return {name: whole.get(name) or "" for name in withheld}


def whole_step(petition: Petition, event: Event) -> Any | None:
    """The step of an event with everything that was said; None where the case's key was erased. Raises vault.Broken or KeyMissing."""
    if event.private is None:
        return step_of(event.code, event.stage, event.data)
    key = key_of(petition)
    if key is None:
        return None
    whole = json.loads(unseal(key, bytes(event.private), f"event:{event.seq}".encode()))
    return step_of(event.code, event.stage, whole)
