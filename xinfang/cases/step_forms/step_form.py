"""One way to make a form of any step: from `procedure.step_schema` to the fields that parts/field.html draws.

A form is a list of parts: `{"field": …, "when": …}` or `{"rows": …}` for a repeatable block (see
parts/form_parts.html). Reading it back is posted.py; what can be chosen is choices.py; what a form begins with is
initial.py.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xinfang.cases.step_forms import declarations
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.cases.step_forms.posted import agreement_words, control_id, is_blank
from xinfang.phrases.words import PhraseUse
from xinfang.procedure.rules import Reason
from xinfang.procedure.step_schema import FieldSpec, step_schema
from xinfang.web.form_types import Field, Problem
from xinfang.web.refusals import problems_of

FormPart = dict[str, Any]
SECOND = "then-"
"""How the names of the fields begin that belong to the second of two steps on one form."""
MAX_RADIO_CHOICES = 4
"""Up to this many words are shown side by side, more in a list."""


@dataclass
class StepForm:
    """What is needed to draw the form of one step. `values` are raw answers, nested as the step is."""

    code: str
    choices: CaseChoices
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    skip: Sequence[str] = ()
    row_legends: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For a block with as many rows as the case says: the legend of each. Such rows can't be added or removed."""
    hidden: Sequence[str] = ()
    options: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Choices that only the case knows, by the field's name."""
    phrases: Mapping[PhraseUse, list[str]] = field(default_factory=dict)
    """Standing phrases with the words of the case in them, by what they are for."""
    side_by_side: Sequence[str] = ()
    """Words that are shown side by side however many they are."""
    folded: Sequence[str] = ()
    """Fields of a row that are rarely needed: they are folded under the others, open where one of them is used."""

    def parts(self, cls: Any, values: Mapping[str, Any] | None = None, prefix: str = "") -> list[FormPart]:
        """Return every part of the form of this class, in the order of its declaration."""
        values = self.values if values is None else values
        return [
            self._rows(s, values.get(s.name) or [], prefix)
            if s.kind == "list"
            else {
                "field": self.field(s, values.get(s.name), prefix),
                "when": "" if prefix else declarations.WHEN.get(f"{self.code}.{s.name}", ""),
            }
            for s in step_schema(cls)
            if prefix or s.name not in self.skip
        ]

    def field(self, shape: FieldSpec, value: Any, prefix: str = "") -> Field:
        """Return one field as parts/field.html wants it."""
        name = prefix + shape.name
        found: Field = {
            "name": name,
            "label": shape.label,
            "help": shape.help,
            # In a row that may stay blank the browser must not insist.
            "required": shape.required and not prefix,
            "error": self.error(name),
            "value": self._text(value),
            "widget": "line",
            "attrs": {"autocomplete": "off"} if shape.private else {},
        }
        if shape.name in self.hidden and prefix:
            found["widget"] = "hidden"
        elif shape.name in self.options and not prefix and shape.many:
            found["widget"] = "multi"
            given = [str(v) for v in value or ()]
            found["choices"] = [(v, label, v in given) for v, label in self.options[shape.name]]
        elif shape.name in self.options and not prefix:
            self._select(found, shape, value, [("", self.options[shape.name])])
        elif shape.kind == "text":
            use = None if prefix else phrase_use(self.code, shape.name)
            found["phrases"] = self.phrases.get(use, []) if use else []
            found["widget"] = "text"
            found["attrs"]["rows"] = 2 if prefix else 6
        elif shape.kind == "date":
            found["widget"] = "date"
            found["attrs"] = {"min": "1990-01-01", "max": "2100-12-31"}
        elif shape.kind == "number":
            found["widget"] = "number"
            found["attrs"] = {"inputmode": "numeric", "step": 1}
        elif shape.kind == "yes_no":
            self._yes_no(found, shape, value)
        elif shape.kind == "word":
            self._word(found, shape, value, in_row=bool(prefix))
        elif shape.many:
            found["widget"] = "multi"
            self._offer(found, shape, [str(v) for v in value or ()])
        elif shape.kind in ("unit", "staff", "category"):
            self._select(found, shape, value, self.choices.groups(shape))
        if found["widget"] in ("select", "radio", "line") and not prefix:
            found["attrs"] |= self._suggested(shape.name)
        if shape.kind == "text":
            found["attrs"]["data-most"] = shape.longest
        if prefix and shape.name in declarations.SAME_BELOW:
            found["attrs"]["data-same-below"] = True
        return found

    def _suggested(self, name: str) -> dict[str, str]:
        """Return from which field this one usually follows, for static/js/suggests.js."""
        key = f"{self.code}.{name}"
        by, answers = declarations.SUGGESTED.get(key, ("", {}))
        if key in declarations.LEADER_OF_THE_UNIT:
            by = declarations.LEADER_OF_THE_UNIT[key]
            answers = {u.code: u.leader for u in self.choices.directory.units.values() if u.leader}
        return {"data-suggests-by": by, "data-suggests": json.dumps(answers)} if answers else {}

    def error(self, name: str) -> str:
        """Return the problem of a control, also where it was said of one of its several values."""
        for path, sentence in self.problems.items():
            control = control_id(path)
            if control == name or (control.startswith(f"{name}-") and control[len(name) + 1 :].isdigit()):
                return sentence
        return ""

    @staticmethod
    def _text(value: Any) -> str:
        if isinstance(value, date):
            return value.isoformat()
        return "" if value is None or isinstance(value, (list, tuple)) else str(value)

    def _yes_no(self, found: Field, shape: FieldSpec, value: Any) -> None:
        yes = value is True or str(value).strip().lower() in ("true", "on", "1", "yes", "是")
        if shape.default is not True:
            found |= {"widget": "checkbox", "value": yes, "required": False}
            return
        answered = value is not None and value != ""
        words = agreement_words(self.code)
        found |= {
            "widget": "radio",
            "label": "决定",
            "required": True,
            "choices": [("yes", words[0], answered and yes), ("no", words[1], answered and not yes)],
        }

    def _word(self, found: Field, shape: FieldSpec, value: Any, *, in_row: bool) -> None:
        given = self._text(value)
        choices = [(v, label, v == given) for v, label in shape.choices]
        if shape.name in self.side_by_side or (shape.required and len(choices) <= MAX_RADIO_CHOICES and not in_row):
            found |= {"widget": "radio", "choices": choices}
            return
        empty = [] if shape.default is not None else [("", "请选择" if shape.required else "（不选）", not given)]
        found |= {"widget": "select", "choices": empty + choices}

    def _select(self, found: Field, shape: FieldSpec, value: Any, groups: list[tuple[str, Any]]) -> None:
        found["widget"] = "select"
        self._offer(found, shape, [self._text(value)])
        single = [(v, label, v == self._text(value)) for name, some in groups if not name for v, label in some]
        empty = ("", "请选择" if shape.required else "（不选）", not self._text(value))
        found["choices"] = [empty, *single]

    def _offer(self, found: Field, shape: FieldSpec, given: list[str]) -> None:
        groups = [] if shape.name in self.options else self.choices.groups(shape)
        found["choices"] = [(v, label, v in given) for name, some in groups if not name for v, label in some]
        found["groups"] = [
            {"label": name, "choices": [(v, label, v in given) for v, label in some]} for name, some in groups if name
        ]

    def _rows(self, shape: FieldSpec, values: Sequence[Mapping[str, Any]], prefix: str) -> FormPart:
        name = prefix + shape.name
        legends = self.row_legends.get(shape.name)
        shown = list(values) or ([] if legends else [{}])
        rows = [
            {"legend": legends[i] if legends and i < len(legends) else "", **self._row(shape, row, f"{name}-{i}-")}
            for i, row in enumerate(shown)
        ]
        return {
            "rows": {
                "name": name,
                "label": shape.label,
                "help": shape.help,
                "error": self.error(name),
                "rows": rows,
                "fixed": legends is not None,
                "grows": legends is None and len(step_schema(shape.item)) == 1,
                "template": None if legends else self._row(shape, {}, f"{name}-__i__-"),
            },
            "when": declarations.WHEN.get(f"{self.code}.{shape.name}", ""),
        }

    def _row(self, shape: FieldSpec, values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        parts = self.parts(shape.item, values, prefix)
        folded = [p for p in parts if p["field"]["name"].removeprefix(prefix) in self.folded]
        used = [
            s.name for s in step_schema(shape.item) if s.name in self.folded and not is_blank(s, values.get(s.name))
        ]
        return {
            "parts": [p for p in parts if p not in folded],
            "folded": folded,
            "open": bool(used) or any(p["field"]["error"] for p in folded),
        }


def phrase_use(code: str, name: str) -> PhraseUse | None:
    """Return the kind of standing phrases that a field of a step is offered; None for none."""
    return declarations.PHRASES.get(f"{code}.{name}", PhraseUse.REASON if name == "reason" else None)


def phrase_uses(cls: Any) -> list[PhraseUse]:
    """Return the kinds of standing phrases that the form of a step offers."""
    uses = (phrase_use(cls.rule.code, s.name) for s in step_schema(cls) if s.kind == "text")
    return list(dict.fromkeys(use for use in uses if use))


def decided_by_buttons(parts: Sequence[FormPart]) -> tuple[list[FormPart], list[tuple[str, str, bool]]]:
    """Return a form without its question of yes or no, and the answers to it, each a button: one tap, not two.

    The form stays whole, with no buttons, where other fields depend on the answer.
    """
    asked = next((p for p in parts if p.get("field", {}).get("name") == "agree"), None)
    if asked is None or asked["field"]["widget"] != "radio" or any("agree" in p["when"] for p in parts):
        return list(parts), []
    return [p for p in parts if p is not asked], asked["field"]["choices"]


def reasons_summary(reasons: Sequence[Reason], controls: set[str], when: str = "") -> list[Problem]:
    """Return refusals for parts/errors.html; each leads to its field where the form has it, of either of two steps.

    `when` is the field of the day on which the step was taken: what can't be its day leads there.
    """
    second = {code: f"{SECOND}{name}" for code, name in declarations.REASON_FIELD.items() if name not in controls}
    days = dict.fromkeys(("not_in_the_future", "not_before_receipt"), when)
    return problems_of(reasons, {**declarations.REASON_FIELD, **second, **days}, controls)


def problem_summary(problems: Mapping[str, str], controls: set[str]) -> list[Problem]:
    """Return invalid answers for parts/errors.html.

    A problem of one of several values leads to the whole field.
    """
    found: list[Problem] = []
    for path, sentence in problems.items():
        control = control_id(path)
        while control and control not in controls and "-" in control:
            control = control.rpartition("-")[0]
        found.append({"reason": sentence, "cites": [], "todo": "", "field": control if control in controls else ""})
    return found


def control_names(parts: Sequence[FormPart]) -> set[str]:
    """Return the ids of every control of a form."""
    names: set[str] = set()
    for part in parts:
        if "field" in part:
            names.add(part["field"]["name"])
        elif "together" in part:
            names |= control_names(part["together"]["parts"])
        else:
            names.add(part["rows"]["name"])
            for row in part["rows"]["rows"]:
                names |= control_names(row["parts"]) | control_names(row["folded"])
    return names
