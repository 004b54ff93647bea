"""同一事项: the letters about one matter side by side, and two letters compared, on which a person says what they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar
from xinfang.cases.access import CaseView, ViewScope, case_or_404, open_case
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.queries.case_text import case_text
from xinfang.casework.queries.case_page import Brief, PersonLine, case_summary, masked_people
from xinfang.casework.queries.matter_page import Judged, MatterView, matter_view, said_of
from xinfang.core.clock import today
from xinfang.matters.actions.judging import judge
from xinfang.matters.queries.ties import judgements_of
from xinfang.procedure.rules import Refused
from xinfang.procedure.same_matter import TIES_CASES, PairGround, PairVerdict
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import AccessKind, Role
from xinfang.search.differences import Passage, marked, only_named
from xinfang.search.likely_repeats import why_alike
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Choice, Field, Problem
from xinfang.web.page_frame import in_one_snapshot, render_page
from xinfang.web.refusals import problems_of

if TYPE_CHECKING:
    from xinfang.cases.models import Petition

LINKS_REPEATS = (Role.OFFICE, Role.OFFICE_HEAD)
NO_OTHER = "没有这一件，或者您不能在这里看它。请核对编号。"
BACK_TO_LIST = "pairs"
_DONE = {
    PairVerdict.SAME: "已认定为同事，可以并看。各件仍分别计算期限、分别告知和答复。",
    PairVerdict.APART: "已记下：不是同一事项。以后不再提示。",
    PairVerdict.UNDONE: "已撤销同事。两件没有受任何影响。",
}


class MatterPage(MatterView):
    """The page of a matter."""

    petition: "Petition"
    may_tie: bool


class ComparedLetter(TypedDict):
    """One of two letters that are compared, with what only it names marked."""

    petition: "Petition"
    brief: Brief
    received: str
    people: list[PersonLine]
    subject: Sequence[Passage]
    requests: Sequence[Sequence[Passage]]
    body: Sequence[Passage]
    only: str


class PairPage(TypedDict):
    """Two letters compared; without `letters` the page asks for the number of the other."""

    petition: "Petition"
    other: str
    letters: list[ComparedLetter]
    reasons: Sequence[str]
    said: list[Judged]
    turn: int
    tied: bool
    apart: bool
    grounds: Field
    may_tie: bool
    may_link: bool
    sealed: bool
    back: str
    errors: list[Problem]
    errors_title: str


@require_safe
@desk_page()
@in_one_snapshot
def matter(request: DeskRequest, number: str) -> HttpResponse:
    """Show the letters that people tied to this one, with one timeline; each as far as the reader sees it.

    Raises:
        Http404: the case isn't this person's to see.
    """
    case = case_or_404(request, number)
    page: MatterPage = {
        **matter_view(case.petition, request.actor, today(), calendar()),
        "petition": case.petition,
        "may_tie": _may_tie(request, case),
    }
    return render_page(request, "casework/matter.html", page, here="petitions")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
@in_one_snapshot
def pair(request: DeskRequest, number: str) -> HttpResponse:
    """Show two letters side by side; sent, write down what the clerk says of them.

    Raises:
        Http404: the case isn't this person's to see, or they may not say what is sent.
    """
    case = case_or_404(request, number)
    sent = request.POST if request.method == "POST" else request.GET
    asked = sent.get("other", "").strip().upper()[:20]
    other = _opened(request, asked)
    errors: list[Problem] = [{"reason": NO_OTHER, "field": "other"}] if asked and other is None else []
    if request.method == "POST":
        verdict, ground = PairVerdict.get(sent.get("verdict")), PairGround.get(sent.get("ground"))
        if other is None:
            errors = errors or [{"reason": NO_OTHER, "field": "other"}]
        elif verdict is None or not request.actor.has(*TIES_CASES):
            errors = [{"reason": "没有选认定的结果，或者您不能认定同事。", "todo": "请由登记人员或者办公室认定。"}]
        else:
            try:
                judge(case, other, verdict, ground, staff=request.user, seen=_turn(sent.get("turn", "")))
            except Refused as e:
                errors = problems_of(e.reasons, {"a_ground_is_given": "ground"}, {"ground"})
            else:
                messages.success(request, f"{case.petition.number}、{other.petition.number}：{_DONE[verdict]}")
                return _after(sent.get("back", ""), case)
    return _pair_page(request, case, other, asked, errors)


def _after(back: str, case: CaseView) -> HttpResponse:
    return redirect("likely-pairs") if back == BACK_TO_LIST else redirect("matter", case.petition.number)


def _pair_page(
    request: DeskRequest, case: CaseView, other: CaseView | None, asked: str, errors: list[Problem]
) -> HttpResponse:
    petition = case.petition
    letters: list[ComparedLetter] = []
    said: list[Judged] = []
    reasons: Sequence[str] = ()
    turn, last = 0, ""
    if other is not None and other.petition.pk != petition.pk:
        two = (petition.pk, other.petition.pk)
        rows = judgements_of(*two)
        said, turn, last = said_of(rows), rows[0].turn if rows else 0, rows[0].verdict if rows else ""
        letters = [_letter(case, other), _letter(other, case)]
        reasons = why_alike([two]).get(two, ())
        for read in (case, other):
            log_access(read.petition, request.user, AccessKind.READ, part="compare")
    page: PairPage = {
        "petition": petition,
        "other": other.petition.number if other else asked,
        "letters": letters,
        "reasons": reasons,
        "said": said,
        "turn": turn,
        "tied": last == PairVerdict.SAME,
        "apart": last == PairVerdict.APART,
        "grounds": _grounds(request, errors),
        "may_tie": bool(letters) and _may_tie(request, case) and not (other and other.facts.sealed),
        "may_link": bool(letters) and request.actor.has(*LINKS_REPEATS),
        "sealed": case.facts.sealed or bool(other and other.facts.sealed),
        "back": request.POST.get("back", "") or request.GET.get("back", ""),
        "errors": errors,
        "errors_title": "没有认定" if request.method == "POST" else "没有找到",
    }
    status = 422 if errors and request.method == "POST" else 200
    return render_page(request, "casework/matter_pair.html", page, here="petitions", status=status)


def _letter(case: CaseView, other: CaseView) -> ComparedLetter:
    text, facts = case_text(case.petition, case.facts), case.facts
    theirs = case_text(other.petition, other.facts)
    whole = theirs.letter(other.facts.requests)
    subject, body = marked(text.subject, whole), marked(text.body, whole)
    requests = [marked(r.text, whole) for r in facts.requests]
    named = only_named([*subject, *(p for r in requests for p in r), *body])
    return {
        "petition": case.petition,
        "brief": case_summary(case.petition, facts, today(), calendar()),
        "received": chinese_date(facts.received_on),
        "people": masked_people(case.petition, facts),
        "subject": subject,
        "requests": requests,
        "body": body,
        "only": "、".join(named),
    }


def _grounds(request: DeskRequest, errors: list[Problem]) -> Field:
    chosen = request.POST.get("ground", "")
    choices: list[Choice] = [("", "请选择", not chosen), *((g.value, g.label, g.value == chosen) for g in PairGround)]
    wrong = next((e["reason"] for e in errors if e.get("field") == "ground"), "")
    return {
        "name": "ground",
        "id": "ground",
        "label": "不是同一事项、撤销同事的理由",
        "widget": "select",
        "choices": choices,
        "error": wrong,
        "help": "撤销同事的必须选；认定为同事的不用选。",
    }


def _opened(request: DeskRequest, number: str) -> CaseView | None:
    """Return the other case where this person sees all of it; never a sealed one, which is compared with none."""
    try:
        found = open_case(request.actor, number) if number else None
    except NotVisible:
        return None
    if found is None or found.scope is not ViewScope.FULL or found.facts.sealed:
        return None
    return found


def _may_tie(request: DeskRequest, case: CaseView) -> bool:
    return request.actor.has(*TIES_CASES) and not case.facts.sealed


def _turn(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def pair_address(number: str, other: str, back: str = "") -> str:
    """Return where two cases are compared."""
    query = {"other": other, "back": back} if back else {"other": other}
    return f"{reverse('matter-pair', args=[number])}?{urlencode(query)}"
