"""The reasons of a refusal, as `parts/errors.html` shows them on every page."""

from collections.abc import Collection, Container, Iterable, Mapping

from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.rules import Reason

from .dates import dates_in_chinese
from .form_types import Problem

_MENDABLE = "请补充或者改正以下内容"


def errors_title(errors: Collection[Problem], otherwise: str = "") -> str:
    """Return the heading over the errors of a form: what the form itself can mend is no reason against what is asked.

    `otherwise` is the heading where there is another reason; empty for that of a step.
    """
    return _MENDABLE if errors and all(e.get("field") for e in errors) else otherwise


def problems_of(
    reasons: Iterable[Reason], field_of: Mapping[str, str] | None = None, controls: Container[str] = ()
) -> list[Problem]:
    """Return why not, in words, each reason with its articles and what to do.

    `field_of` names the field that a reason is about, by its code; the reason leads there where it is one of the
    `controls` of the form. What is to be filled in there by the department's own choice is said like any other error
    of the form, without an article.
    """
    found: list[Problem] = []
    for r in reasons:
        control = (field_of or {}).get(r.code, "")
        control = control if control in controls else ""
        cites = () if control and set(r.cites) == {CHOSEN_BY_DEPARTMENT} else r.cites
        found.append(
            {
                "reason": dates_in_chinese(r.text),
                "cites": [str(a) for a in cites],
                "articles": [{"id": a.id, "label": str(a), "says": a.says} for a in cites],
                "todo": r.todo,
                "field": control,
            }
        )
    return found
