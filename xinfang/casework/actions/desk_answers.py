"""A question that is answered at the desk: registered, classified and answered with one form, by two persons (H11)."""

from datetime import date

from django.db import transaction

from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import perform
from xinfang.procedure.facts import Actor
from xinfang.procedure.steps.inquiry import AnswerPetition
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.steps.screening import Classify
from xinfang.procedure.words import MatterClass, Purpose


@transaction.atomic
def register_with_answer(step: Register, text: str, *, by: Actor, key: str, today: date) -> StepResult:
    """Register a question and put its answer forward; a second person agrees that it was one, then it is answered.

    `key` is that of the form, `today` a day in Asia/Shanghai. Returns the last of the three steps.

    Raises:
        Refused: one of the three can't be taken; then none is.
    """
    registered = perform(step, None, by=by, idempotency_key=key)
    if registered.again:
        return registered
    number = registered.petition.number
    asked = Classify(matter_class=MatterClass.CLAIM, purpose=Purpose.CONSULTATION)
    perform(asked, number, by=by, idempotency_key=f"{key}-c")
    return perform(
        AnswerPetition(text=text, answered_on=today, refuses_nothing=True), number, by=by, idempotency_key=f"{key}-a"
    )
