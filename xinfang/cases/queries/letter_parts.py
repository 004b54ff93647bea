"""A letter of several matters: the case that a part becomes."""

from xinfang.cases.models import Petition
from xinfang.cases.queries.case_text import case_text
from xinfang.procedure.facts import Facts, PersonFacts, RequestText
from xinfang.procedure.rounds import sent_back_on
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.steps.letter_parts import SplitOff, class_for_a_part
from xinfang.procedure.words import PersonKind, PersonRole


def registration_of(step: SplitOff, petition: Petition, facts: Facts) -> Register:
    """Return the registration of a part: the same people, channel and day of receipt, its own words and requests.

    Raises:
        DecryptionFailed: the text of the letter was altered.
    """
    text = case_text(petition, facts)
    assert facts.received_on is not None
    people = _people(petition, facts)
    return Register(
        channel=facts.channel,
        source=facts.source,
        received_on=facts.received_on,
        subject=step.subject,
        body=step.body,
        told_orally=petition.told_orally,
        requests=tuple(RequestText(text=r.text) for r in facts.requests if r.number in step.requests),
        persons=people,
        # Who has said since who they are is anonymous no more.
        anonymous=petition.anonymous and not any(p.name for p in people),
        group_size=facts.group_size,
        sender=text.sender,
        sender_number=text.sender_number,
        sender_date=facts.sender_date,
        feedback_due=facts.feedback_due,
        reception_place=text.reception_place,
        complained_units=tuple(sorted(facts.complained_units)),
        complained_staff=tuple(sorted(facts.complained_staff)),
        secrecy=facts.history[0].step.secrecy,
        part_of=facts.number,
        letter_class=class_for_a_part(facts),
        letter_accepted_on=facts.accepted_on or facts.accepted_in_letter_on,
        letter_sent_back_on=sent_back_on(facts),
        letter_extended=facts.extended_days or facts.extended_in_letter or None,
        overseer=facts.overseer,
        sealed_overseer=facts.sealed_overseer,
    )


def _people(petition: Petition, facts: Facts) -> tuple[PersonFacts, ...]:
    """Return those who still speak for the matter: who has died is named in the letter alone."""
    return tuple(
        PersonFacts(
            name=p.full_name,
            kind=PersonKind.of(p.kind),
            role=PersonRole.of(p.role),
            phone=p.phone,
            address=p.address,
            id_number=p.id_number,
            foreign=p.foreign,
            language=p.language,
            translate=p.translate,
        )
        for p in petition.petitioners.order_by("place")
        if p.place not in (*facts.deceased, *facts.gone)
    )
