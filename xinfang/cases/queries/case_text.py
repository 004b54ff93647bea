"""What a case says in its own words, for whoever sees it: from the columns, or of a sealed case from its events alone."""

from dataclasses import dataclass

from xinfang.cases.models import Petition
from xinfang.cases.queries.withheld_answers import withheld_answers
from xinfang.procedure.facts import Facts


@dataclass(frozen=True, slots=True)
class CaseText:
    """The words of a registration, as corrected since."""

    subject: str
    body: str
    reception_place: str


def case_text(petition: Petition, facts: Facts) -> CaseText:
    """The words of a case (no query; 1 of a sealed one, whose columns hold none). Raises vault.sm.Broken."""
    if not facts.sealed:
        return CaseText(petition.subject, petition.body, petition.reception_place)
    return text_of_events(petition, facts)


def text_of_events(petition: Petition, facts: Facts) -> CaseText:
    """The same from the events, whatever the columns hold (1 query). Raises vault.sm.Broken."""
    came = facts.history[0]
    return CaseText(facts.subject, str(withheld_answers(petition, came)["body"]), came.step.reception_place)
