"""What the page of a case says of its life before this system."""

from typing import TypedDict

from xinfang.cases.models import Petition
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State


class BroughtIn(TypedDict):
    """Where a matter came from, and what is recorded there of an answer."""

    file: str
    reply: str
    replied: str
    still: bool


def brought_in_view(petition: Petition, facts: Facts) -> BroughtIn | None:
    """Return where the matter was brought in from and what is recorded there of an answer; None if it began here."""
    came = facts.last(StepCode.IMPORT_HISTORY)
    if came is None:
        return None
    return {
        "file": came.step.file,
        "reply": personal_answers_of(petition, came)["reply"],
        "replied": came.step.replied,
        "still": facts.state is State.HISTORY,
    }
