"""What a case says in its own words, for people who see it: from the columns, or if sealed from its events alone."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from xinfang.cases.models import Petition
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.procedure.facts import CaseEvent, Facts, RequestFacts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import CorrectionOf


@dataclass(frozen=True, slots=True)
class CaseText:
    """The words of a registration, as corrected since."""

    subject: str
    body: str
    reception_place: str
    sender: str
    sender_number: str
    external_number: str

    def letter(self, requests: Iterable[RequestFacts]) -> str:
        """Return the letter whole, to be compared: subject, body and requests, each on lines of its own."""
        return "\n".join((self.subject, self.body, *(r.text for r in requests)))


def case_text(petition: Petition, facts: Facts) -> CaseText:
    """Return the words of a case (no query; 1 if it is sealed: then its columns hold none).

    Raises:
        DecryptionFailed: its text was altered.
    """
    if not facts.sealed:
        return CaseText(**{f.name: getattr(petition, f.name) for f in fields(CaseText)})
    return text_of_events(petition, facts)


def text_of_events(petition: Petition, facts: Facts) -> CaseText:
    """Return the same from the events, no matter what the columns hold (1 query).

    Raises:
        DecryptionFailed: its text was altered.
    """
    came = facts.history[0]
    corrected = correction_of_the_words(facts)
    entered = facts.last(StepCode.ENTER_REGIONAL)
    return CaseText(
        subject=facts.subject,
        body=str(personal_answers_of(petition, corrected)["new_body"])
        if corrected
        else words_as_registered(petition, facts),
        reception_place=came.step.reception_place,
        sender=facts.sender,
        sender_number=facts.sender_number,
        external_number=(entered or came).step.external_number,
    )


def correction_of_the_words(facts: Facts) -> CaseEvent | None:
    """Return the latest event that corrected the words of the letter; None where they are as they were registered."""
    corrections = (h for h in reversed(facts.history) if h.code == StepCode.CORRECT and h.took_effect)
    return next((h for h in corrections if h.step.what is CorrectionOf.BODY), None)


def words_as_registered(petition: Petition, facts: Facts) -> str:
    """Return the words of the letter as they were registered, whatever was corrected since (1 query).

    Raises:
        DecryptionFailed: its text was altered.
    """
    return str(personal_answers_of(petition, facts.history[0])["body"])
