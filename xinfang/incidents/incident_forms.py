"""The forms of an event's steps, drawn from their schemas; here is what differs from a case's form."""

from collections.abc import Mapping, Sequence
from typing import Any

from xinfang.cases.step_forms import step_form
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.procedure.articles import cite
from xinfang.procedure.dated_rules import Limit
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.incidents.kinds import INCIDENTS, OFFICE
from xinfang.procedure.incidents.reporting import DESK_REPORTS, ReportIncident
from xinfang.procedure.incidents.rules import IncidentStep
from xinfang.procedure.limits import REPRESENTATIVES
from xinfang.procedure.rules import Refused
from xinfang.procedure.words import IncidentKind
from xinfang.web.form_types import Problem
from xinfang.web.refusals import problems_of

FIELD_OF: Mapping[str, str] = {
    "this_kind_is_theirs_to_report": "kind",
    "a_group_is_large_enough": "people",
    "the_number_of_people_can_be": "people",
    "a_ground_for_the_bureau": "ground",
    "the_facts_are_written": "text",
    "that_person_is_a_leader": "leader",
    "that_unit_exists": "unit",
    "as_many_representatives_as_the_law_allows": "representatives",
    "not_linked_yet": "number",
    "number": "number",
    "reception_was_joint_or_why_not": "why_not",
    "help_was_called_or_why_not": "why_not",
    "a_refusal_says_why": "opinion",
    "report": "text",
}
"""The condition that failed to the field it speaks of."""
SKIP: Mapping[str, tuple[str, ...]] = {"send_report": ("document_number", "digest"), "draft_report": ("text",)}
"""What the system fills in itself, and the text that has an editor of its own."""
_WHEN = {"ground": "kind=report_to_bureau", "review_rights_given": "kind=report_to_bureau"}
_BOUNDS: Mapping[str, int | Limit] = {"people": 100_000, "representatives": REPRESENTATIVES}


def choices(names: Directory) -> CaseChoices:
    """Return the units and people of a new case: an event has none of its own."""
    return CaseChoices(Facts(), names)


def kinds_for(actor: Actor) -> Sequence[IncidentKind]:
    """Return what this person may report: the office all, the desk what needs no judgement."""
    return tuple(IncidentKind) if actor.has(*OFFICE) else DESK_REPORTS


def parts_of(
    step: type[IncidentStep],
    names: Directory,
    values: Mapping[str, Any],
    problems: Mapping[str, str],
    actor: Actor,
) -> list[step_form.FormPart]:
    """Return every part of the step's form."""
    code = step.rule.code
    form = step_form.StepForm(
        code, choices(names), values, problems, skip=SKIP.get(code, ()), side_by_side=("act", "answer")
    )
    parts = form.parts(step)
    for part in parts:
        field = part["field"]
        name = field["name"]
        if most := _BOUNDS.get(name):
            field["attrs"] |= {"min": 1, "max": most.now.value if isinstance(most, Limit) else most}
        if field["widget"] == "radio":
            field["column"] = len(field["choices"]) > 2
        if code == ReportIncident.rule.code:
            part["when"] = _WHEN.get(name, "")
            if name == "kind":
                _kinds(field, actor, str(values.get("kind") or ""))
        if name == "agree":
            field["choices"] = [
                (v, {"yes": "同意签发", "no": "退回修改"}[v], chosen) for v, _, chosen in field["choices"]
            ]
    return parts


def _kinds(field: dict[str, Any], actor: Actor, given: str) -> None:
    offered = [(k.value, f"{k.label}（{cite(INCIDENTS[k].cites)}）", k.value == given) for k in kinds_for(actor)]
    field |= {"widget": "radio", "column": True, "choices": offered}


def errors_of(
    parts: Sequence[step_form.FormPart], problems: Mapping[str, str] | None = None, refused: Refused | None = None
) -> list[Problem]:
    """Return every problem and every reason, each leading to its field where there is one, for parts/errors.html."""
    controls = step_form.control_names(parts) | {"text"}
    found = step_form.problem_summary(problems or {}, controls)
    return found + (problems_of(refused.reasons, FIELD_OF, controls) if refused else [])
