"""What the page of a case says of its life before this system."""

from typing import TypedDict

from xinfang.accounts.queries.actors import directory
from xinfang.cases.models import Petition
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State


class BroughtIn(TypedDict):
    """Where a matter came from, and what is recorded there of an answer."""

    file: str
    place: str
    by: str
    number: str
    reply: str
    replied: str
    handled_by: str
    result: str
    ended: str
    noted: str
    still: bool
    undone: bool


def brought_in_view(petition: Petition, facts: Facts) -> BroughtIn | None:
    """Return where the matter was brought in from and what is recorded there of an answer; None if it began here."""
    came = facts.last(StepCode.IMPORT_HISTORY)
    if came is None:
        return None
    said, step = personal_answers_of(petition, came), came.step
    return {
        "file": step.file,
        "place": step.place,
        "by": directory().staff_name(step.brought_by) if step.brought_by else "",
        "number": petition.external_number,
        "reply": said["reply"],
        "replied": step.replied,
        "handled_by": step.handled_by,
        "result": said["result"],
        "ended": step.ended,
        "noted": said["noted"],
        "still": facts.state is State.HISTORY,
        "undone": facts.state is State.UNDONE,
    }
