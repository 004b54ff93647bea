"""Two steps on one form, where the same person nearly always takes the second at once: both are taken, or neither."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from xinfang.cases.step_forms import initial, posted, step_form
from xinfang.cases.step_forms.known import Known
from xinfang.phrases.words import PhraseUse
from xinfang.procedure.rules import Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.steps import STEPS

PREFIX = step_form.SECOND
ASKED = "then"
SHOWN = "then-shown"
"""Sent with the form where the second step was on the page, ticked or not."""


@dataclass(frozen=True, slots=True)
class Together:
    """The step that usually follows, when the form asks for it, and the words of its box."""

    code: StepCode
    words: str
    when: str = ""


FOLLOWS: dict[str, Together] = {
    StepCode.CLASSIFY: Together(
        StepCode.PROPOSE, "同时拟办", "route=six&competence=ours&simple!=on&purpose!=consultation"
    ),
    StepCode.ACCEPT: Together(StepCode.ASSIGN, "同时交办承办处室（单位）"),
}
"""The step to the one that may be taken with it."""


def second_step(code: str, known: Known) -> type[Step] | None:
    """Return the step that may be taken on the same form; None where this person takes no such step here."""
    follows = FOLLOWS.get(code)
    if follows is None or (code == StepCode.CLASSIFY and known.facts.matter_class is not None):
        return None
    step = STEPS[follows.code]
    return step if any(w.includes(known.actor, known.facts) for w in step.rule.who) else None


def second_parts(
    code: str,
    cls: type[Step],
    known: Known,
    sent: QueryDict | None,
    problems: dict[str, str],
    phrases: dict[PhraseUse, list[str]],
) -> step_form.FormPart:
    """Return the second step as one more part of the form: its box, and its fields while that is ticked."""
    follows = FOLLOWS[code]
    # What the first step decides isn't known yet; what both ask is asked once.
    # Hidden by the first answers it isn't sent at all: then it begins once more with what is known.
    shown = sent is not None and sent.get(SHOWN) == "1"
    values = posted.read_answers(cls, sent, PREFIX) if sent and shown else initial.initial_answers(cls, known)
    own = {k.removeprefix(PREFIX): v for k, v in problems.items() if k.startswith(PREFIX)}
    form = step_form.StepForm(cls.rule.code, known.choices, values, own, skip=_SHARED.get(code, ()), phrases=phrases)
    parts = form.parts(cls)
    for part in parts:
        _prefix(part["field"])
    return {
        "together": {
            "name": ASKED,
            "words": follows.words,
            # Without scripts nobody is asked for what the first answers rule out: the box is ticked by one.
            "shown": SHOWN,
            "on": shown and sent is not None and sent.get(ASKED) == "on",
            "ticked": not shown,
            "label": cls.rule.label,
            "parts": parts,
        },
        "when": follows.when,
    }


_SHARED: dict[str, tuple[str, ...]] = {StepCode.ACCEPT: ("handling_unit", "assisting_units")}
"""Fields of the second step that the first one asks already: its answers count."""


def _prefix(field: Any) -> None:
    field["required"] = False  # where the box isn't ticked nothing is; the program says what is missing, at its field
    field["name"] = PREFIX + field["name"]
    attrs = field["attrs"]
    if "data-suggests-by" in attrs:
        attrs["data-suggests-by"] = PREFIX + attrs["data-suggests-by"]


def second_from(code: str, sent: QueryDict, raw: dict[str, Any], known: Known) -> Step | None:
    """Return the second step as it was answered; None where it wasn't asked for.

    Raises:
        InvalidAnswer: an answer can't be read; each problem is at its own field.
    """
    cls = second_step(code, known)
    if cls is None or sent.get(ASKED) != "on":
        return None
    answers = posted.read_answers(cls, sent, PREFIX)
    for name in _SHARED.get(code, ()):
        answers[name] = raw.get(name) or getattr(known.facts, name)
    try:
        return posted.step_from(cls, answers, known.choices)
    except InvalidAnswer as e:
        raise InvalidAnswer({PREFIX + path: why for path, why in e.problems.items()}) from None
