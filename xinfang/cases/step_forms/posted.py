"""From a sent form back to the raw answers that `procedure.step_schema.load_step` takes."""

import re
import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import QueryDict

from xinfang.cases.step_forms import declarations
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.procedure.step_schema import FieldSpec, InvalidAnswer, load_step, step_schema

T = TypeVar("T")

MAX_ROWS = 100
_KEY = re.compile(r"[0-9A-Za-z_-]{8,48}")
_SEEN = re.compile(r"[0-9]{1,8}")


def idempotency_key_of(sent: QueryDict) -> str:
    """Return what makes a form sent twice one event; a form without a proper one gets its own."""
    key = sent.get("key", "")
    return key if _KEY.fullmatch(key) else uuid.uuid4().hex


def expected_revision_in(text: str) -> int:
    """Return the number of the last event the sender had on screen.

    It is 0, which lets nothing through, where the form doesn't tell.
    """
    return int(text) if _SEEN.fullmatch(text) else 0


def read_answers(cls: Any, sent: QueryDict, prefix: str = "") -> dict[str, Any]:
    """Return the answers as they were typed, nested as the step is; rows that were left blank are dropped."""
    raw: dict[str, Any] = {}
    for shape in step_schema(cls):
        name = prefix + shape.name
        if shape.kind == "list":
            raw[shape.name] = _rows(shape, sent, name)
        elif shape.many:
            raw[shape.name] = [value for value in sent.getlist(name) if value]
        elif shape.kind == "yes_no" and shape.default is True:
            raw[shape.name] = sent.get(name, "")
        elif shape.kind == "yes_no":
            raw[shape.name] = sent.get(name) or False
        else:
            raw[shape.name] = sent.get(name, "")
    return raw


def _rows(shape: FieldSpec, sent: QueryDict, name: str) -> list[dict[str, Any]]:
    number = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
    places = sorted({int(m.group(1)) for key in sent if (m := number.match(key))})[:MAX_ROWS]
    rows = [read_answers(shape.item, sent, f"{name}-{place}-") for place in places]
    return [row for row in rows if not is_blank_row(shape.item, row)]


def is_blank_row(cls: Any, row: Mapping[str, Any]) -> bool:
    """Tell whether nothing was entered in a row."""
    return all(is_blank(shape, row.get(shape.name)) for shape in step_schema(cls))


def is_blank(shape: FieldSpec, value: Any) -> bool:
    """Tell whether nothing was typed, ticked or chosen.

    A word that still says what it said at first counts as not chosen.
    """
    if not value or (isinstance(value, str) and not value.strip()):
        return True
    return shape.kind == "word" and shape.default is not None and str(value) == str(shape.default.value)


def step_from(cls: type[T], raw: Mapping[str, Any], choices: CaseChoices | None = None) -> T:
    """Return the frozen step.

    Raises:
        InvalidAnswer: it holds every problem, those of unanswered questions and unknown names among them.
    """
    problems: dict[str, str] = {}
    for shape in step_schema(cls):
        value = raw.get(shape.name)
        if shape.kind == "yes_no" and shape.default is True and value in ("", None):
            rule = getattr(cls, "rule", None)
            yes, no = agreement_words(rule.code) if rule else declarations.AGREE_OR_NOT
            problems[shape.name] = f"请选择“{yes}”或“{no}”。"
        elif choices is not None and shape.kind in ("unit", "staff"):
            given = value if isinstance(value, list) else [value]
            if any(code and not choices.exists(shape, str(code)) for code in given):
                problems[shape.name] = f"“{shape.label}”中没有这一项，请从列表中选择。"
    try:
        step = load_step(cls, raw)
    except InvalidAnswer as e:
        raise InvalidAnswer({**e.problems, **problems}) from None
    if problems:
        raise InvalidAnswer(problems)
    return step


def agreement_words(code: str) -> tuple[str, str]:
    """Return the two answers to a step's question of agreement."""
    return declarations.YES_AND_NO.get(code, declarations.AGREE_OR_NOT)


def control_id(path: str) -> str:
    """Return the id of the control that a problem's path speaks of: requests.0.text is requests-0-text."""
    return path.replace(".", "-")
