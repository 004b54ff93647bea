"""A sentence of its own typed into every text of every step, through `perform`.

Then every event is searched for them.
"""

from typing import Any

from django.db import connection, transaction

from tests.articles.department import ANSWERS
from tests.tables import T
from tests.world import who
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import EventText, Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.procedure.facts import SYSTEM, Actor
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import WITHHELD_MARK, load_step, step_schema
from xinfang.procedure.steps import STEPS

from . import cases

MARK = "只此一句"


class _Back(Exception):
    """Takes a step back, so that the next finds its case as it was."""


class Typed:
    """What was typed so far, and what was found in events."""

    def __init__(self) -> None:
        self.steps: set[str] = set()
        self.sentences: list[str] = []
        self.found: list[str] = []

    def sentence(self, longest: int) -> str:
        self.sentences.append(f"{MARK}{len(self.sentences):04d}"[:longest])
        return self.sentences[-1]

    def answers(self, cls: Any, given: dict[str, Any]) -> dict[str, Any]:
        """These answers with a sentence in every text that is withheld."""
        answers = dict(given)
        for shape in step_schema(cls):
            if shape.kind == "list":
                # A row is made up where one has a text: of others, such as the class of a letter, nobody types any.
                made_up = [{}] if any(s.withheld for s in step_schema(shape.item)) else []
                answers[shape.name] = [self.answers(shape.item, row) for row in answers.get(shape.name) or made_up]
            elif shape.withheld:
                answers[shape.name] = self.sentence(shape.longest)
        return answers

    def take(self, code: str, number: str | None, by: Actor, given: dict[str, Any], *, second: bool = False) -> None:
        """Take the step, search what it wrote, and take it back."""
        cls = SecondPerson if second else STEPS[code]
        typed = self.answers(cls, given)
        if code == StepCode.FORWARD:
            typed["body"] = given["body"]  # only a body on the register is taken, and no sentence is one
        if code in (StepCode.ACCEPT, StepCode.ANSWER) and not second:
            typed["told"] = ""  # only who came, called or wrote online is told without a paper; these wrote letters
        with transaction.atomic():
            try:
                with transaction.atomic():
                    done = perform(load_step(cls, typed), number, by=by, code=code)
                    self.steps.add(f"{code}{' (second)' if second else ''}")
                    self.search()
                    self._read_again(done)
                    raise _Back
            except _Back:
                pass

    def search(self) -> None:
        """Look for what was typed in everything that the events hold, as text."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {T.cases_event}")
            for row in cursor.fetchall():
                if MARK in (said := " ".join(map(str, row))):
                    self.found.append(said)

    def _read_again(self, done: Any) -> None:
        """What was withheld is there to be read by people who see the case, and personal fields stay marked."""
        read, destroyed = facts_of(Petition.objects.get(pk=done.petition.pk)), done.facts.destroyed_on is not None
        step, taken = read.history[-1].step, done.facts.history[-1].step
        for shape in step_schema(type(step)):
            if shape.withheld:
                marked = shape.private or destroyed
                wanted = WITHHELD_MARK if marked and getattr(taken, shape.name) else getattr(taken, shape.name)
                assert getattr(step, shape.name) == wanted, f"{type(step).__name__}.{shape.name}"
        kept = EventText.objects.filter(event=done.event).exists()
        assert kept == (bool(done.event.text_digest) and not destroyed)


TO_BE_SAID: dict[str, dict[str, Any]] = {
    StepCode.ANSWER: {"adoption": "partly"},
    StepCode.ACCEPT_DUTY: {"term_days": 40},
}
"""Answers without which a text of the same step has no place: which part is taken up, by which article."""


def type_everywhere(forms: list[cases.Form], numbers: dict[str, str]) -> Typed:
    """Every step that staff can take, with every second person's word; registration and the import."""
    typed = Typed()
    facts = {n: facts_of(Petition.objects.get(number=n)) for n in numbers.values()}
    for form in forms:
        code, second = form.name.removesuffix(" (second)"), form.name.endswith("(second)")
        answers = {"agree": True} if second else cases._answers(code, facts[form.number])
        if code == StepCode.CORRECT:
            answers["what"] = "subject"
        if not second:
            answers |= TO_BE_SAID.get(code, {})
        typed.take(code, form.number, who(form.by), answers, second=second)
    day = today().isoformat()
    typed.take(StepCode.REGISTER, None, who("clerk"), {**ANSWERS[StepCode.REGISTER], "received_on": day})
    typed.take(StepCode.IMPORT_HISTORY, None, SYSTEM, {**ANSWERS[StepCode.IMPORT_HISTORY], "received_on": "2025-01-01"})
    return typed


def main() -> None:
    """On a database of its own (`tests.postgres`): build the department, type, say what was found."""
    forms, numbers = cases.build()
    typed = type_everywhere(forms, numbers)
    print(len(typed.steps), len(typed.sentences), len(typed.found), typed.found[:1])
