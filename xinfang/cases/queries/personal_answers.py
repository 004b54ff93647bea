"""The answers that an event withholds, read with the case's key: for papers and pages of those who see the case."""

from typing import Any

from xinfang.cases.models import Event, EventText, Petition
from xinfang.cases.models.encryption import case_key, decrypt_event_text
from xinfang.procedure.facts import CaseEvent
from xinfang.procedure.replay import step_of
from xinfang.procedure.step_schema import step_schema


def personal_answers_of(petition: Petition, happening: CaseEvent) -> dict[str, Any]:
    """Return the personal answers of an event; nothing once they were erased.

    Only what facts don't hold: everything else is read from the step, in its proper form.

    Raises:
        DecryptionFailed: the text was altered.
    """
    withheld = {s.name for s in step_schema(type(happening.step)) if s.private}
    if not withheld:
        return {}
    text = EventText.objects.filter(event__petition=petition, event__seq=happening.told_at).first()
    key = case_key(petition) if text is not None else None
    if text is None or key is None:
        return dict.fromkeys(withheld, "")
    whole = decrypt_event_text(key, happening.told_at, text.sealed)
    return {name: whole.get(name) or "" for name in withheld}


def step_with_text(event: Event, key: bytes | None) -> Any | None:
    """Return the step of an event of `events_of` with everything that was said; None where that was erased.

    Raises:
        DecryptionFailed: the text was altered.
    """
    if not event.text_digest:
        return step_of(event.code, event.stage, event.data)
    sealed = event.sealed  # type: ignore[attr-defined]
    if sealed is None or key is None:
        return None
    return step_of(event.code, event.stage, decrypt_event_text(key, event.seq, sealed))
