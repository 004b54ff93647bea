"""Several cases at once: which of the chosen ones it fits, one question for all of them, and what became of each."""

import uuid
from typing import TypedDict

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.cases.access import ViewScope, open_case
from xinfang.cases.step_forms import posted
from xinfang.casework.actions.several import MAX_CASES, CaseOutcome, dispatch, reassign, remind
from xinfang.core.clock import today
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.visibility import DOES_SEVERAL, NotVisible
from xinfang.procedure.words import Role
from xinfang.web.form_types import Field, Problem
from xinfang.web.page_frame import render_page

TITLES = {"reassign": "改派承办人", "dispatch": "交办", "remind": "提醒办理"}
SAYS = {
    "reassign": "所选事项改由同一处室（单位）的另一人承办。",
    "dispatch": "按各件批示的承办处室（单位）交办，反馈日期按各件的办结期限。",
    "remind": "给承办人（没有承办人的，给处室负责人）留一条提醒。不影响期限；需要记入督办的，请办理“督办”。",
}
MAX_REASON = 2000


class ChosenCase(TypedDict):
    """A chosen case in a line."""

    number: str
    subject: str
    unit: str


class SeveralPage(TypedDict):
    """The cases, the question, and afterwards what became of each."""

    do: str
    title: str
    says: str
    cases: list[ChosenCase]
    left_out: int
    fields: list[Field]
    key: str
    done: list[CaseOutcome]
    failed: list[CaseOutcome]
    answered: bool
    errors: list[Problem]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*DOES_SEVERAL)
def several(request: DeskRequest) -> HttpResponse:
    """Show the chosen cases with one question; do it to each of them.

    Raises:
        Http404: it is nothing that is done to several cases.
    """
    asked = request.POST if request.method == "POST" else request.GET
    do = asked.get("do", "")
    if do not in TITLES:
        raise Http404
    numbers = list(dict.fromkeys(n.strip().upper()[:20] for n in asked.getlist("case")))
    known = directory(today())
    seen = _seen(request, numbers[:MAX_CASES])
    units = {f.handling_unit for f in seen.values()}
    fields = _fields(request, units, known) if do == "reassign" else []
    errors: list[Problem] = []
    outcomes: list[CaseOutcome] = []
    if not seen:
        errors.append({"reason": "没有选中您可以办理的事项。请回到列表勾选。"})
    elif do == "reassign" and len(units) > 1:
        errors.append({"reason": "所选事项分属不同的承办处室（单位），不能一起改派。请按处室分别勾选。"})
    elif request.method == "POST":
        key = f"{request.user.pk}-{posted.idempotency_key_of(request.POST)}"
        if do == "reassign":
            errors = [{"reason": f"请填写“{f['label']}”。", "field": f["name"]} for f in fields if not f["value"]]
        if not errors:
            outcomes = _do(request, do, list(seen), key)
    context: SeveralPage = {
        "do": do,
        "title": TITLES[do],
        "says": SAYS[do],
        "cases": [_line(n, f, known) for n, f in seen.items()],
        "left_out": len(numbers) - len(seen),
        "fields": fields,
        "key": uuid.uuid4().hex,
        "done": [o for o in outcomes if not o.why_not],
        "failed": [o for o in outcomes if o.why_not],
        "answered": bool(outcomes),
        "errors": errors,
    }
    status = 422 if errors and request.method == "POST" else 200
    return render_page(request, "casework/several.html", context, here="petitions", status=status)


def _do(request: DeskRequest, do: str, numbers: list[str], key: str) -> list[CaseOutcome]:
    by = request.actor
    if do == "remind":
        return remind(numbers, by=by, staff=request.user, today=today())
    if do == "dispatch":
        return dispatch(numbers, by=by, key=key, today=today())
    handler, reason = StaffCode(request.POST.get("handler", "")), request.POST.get("reason", "").strip()[:MAX_REASON]
    return reassign(numbers, handler, reason, by=by, key=key)


def _seen(request: DeskRequest, numbers: list[str]) -> dict[str, Facts]:
    """Return the chosen cases that this person sees whole; reports of wrongdoing are handled one by one (N30)."""
    found: dict[str, Facts] = {}
    for number in numbers:
        try:
            case = open_case(request.actor, number)
        except NotVisible:
            continue
        if case.scope is ViewScope.FULL and not case.facts.sealed:
            found[case.petition.number] = case.facts
    return found


def _line(number: str, facts: Facts, known: Directory) -> ChosenCase:
    unit = known.unit_name(facts.handling_unit) if facts.handling_unit else ""
    return {"number": number, "subject": facts.subject, "unit": unit}


def _fields(request: DeskRequest, units: set[UnitCode], known: Directory) -> list[Field]:
    """Return the questions of a reassignment: to whom, and why."""
    fit = {Role.HANDLER, Role.UNIT_HEAD}
    people = [(s.code, s.name) for s in known.staff.values() if s.roles & fit and set(s.units) & units and not s.away]
    chosen = request.POST.get("handler", "")
    return [
        {
            "name": "handler",
            "label": "承办人",
            "widget": "select",
            "required": True,
            "value": chosen,
            "choices": [("", "请选择", not chosen), *((code, name, code == chosen) for code, name in people)],
        },
        {
            "name": "reason",
            "label": "理由",
            "widget": "text",
            "required": True,
            "value": request.POST.get("reason", ""),
            "attrs": {"rows": 3, "data-most": MAX_REASON},
        },
    ]
