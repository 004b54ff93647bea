"""The reasons of a refusal, as `parts/errors.html` shows them on every page."""

from collections.abc import Container, Iterable, Mapping

from xinfang.procedure.rules import Reason

from .dates import dates_in_chinese
from .form_types import Problem


def problems_of(
    reasons: Iterable[Reason], field_of: Mapping[str, str] | None = None, controls: Container[str] = ()
) -> list[Problem]:
    """Return why not, in words, each reason with its articles and what to do.

    `field_of` names the field that a reason is about, by its code; the reason leads there where it is one of the
    `controls` of the form.
    """
    found: list[Problem] = []
    for r in reasons:
        control = (field_of or {}).get(r.code, "")
        found.append(
            {
                "reason": dates_in_chinese(r.text),
                "cites": [str(a) for a in r.cites],
                "articles": [{"id": a.id, "label": str(a), "says": a.says} for a in r.cites],
                "todo": r.todo,
                "field": control if control in controls else "",
            }
        )
    return found
