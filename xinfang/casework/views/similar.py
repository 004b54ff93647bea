"""Likely repeats, with their reasons: of what is being typed, and of a case. Whether one is a repeat people decide."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.access import ViewScope, case_or_404
from xinfang.cases.queries.case_text import case_text
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.cases.step_forms import posted
from xinfang.casework.queries.case_page import tied_to
from xinfang.matters.queries.ties import looked_at_with
from xinfang.procedure.same_matter import TIES_CASES
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.visibility import REGISTERS_CASES
from xinfang.procedure.words import Role, State
from xinfang.search.folding import NamedPerson
from xinfang.search.index import named_person
from xinfang.search.likely_repeats import SimilarPetition, find_similar
from xinfang.web.dates import chinese_date
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.cases.models import Petition

MAX_COMPARED_CHARACTERS = 20_000
"""So much of a text is compared with others; the rest adds nothing."""
TIES = (Role.OFFICE, Role.OFFICE_HEAD)


class SimilarCase(TypedDict):
    """A likely repeat, and why."""

    number: str
    subject: str
    state: str
    received: str
    reasons: list[str]


class SimilarGroup(TypedDict):
    """Likely repeats that are about equally worth opening."""

    title: str
    found: list[SimilarCase]


class SimilarPart(TypedDict):
    """Likely repeats of what is being typed, or of a case (`of`)."""

    groups: list[SimilarGroup]
    asked: bool
    chosen: str
    can_link: bool
    can_tie: bool
    of: str


class SimilarPage(SimilarPart):
    """The page of the likely repeats of a case."""

    petition: "Petition"
    sealed: bool


@require_POST
@desk_page(*REGISTERS_CASES)
def similar(request: DeskRequest) -> HttpResponse:
    """Show likely repeats of what is being typed. Sent in the body, because an address would be kept in logs."""
    sent = request.POST
    subject, body = sent.get("subject", "")[:200], sent.get("body", "")[:MAX_COMPARED_CHARACTERS]
    typed = posted.read_answers(Register, sent)
    requests = [str(r["text"])[:MAX_COMPARED_CHARACTERS] for r in typed["requests"] if r["text"]]
    people = [
        NamedPerson(str(p["name"]).strip()[:100], str(p["phone"]).strip()[:40], str(p["id_number"]).strip()[:40])
        for p in typed["persons"]
        if p["name"] or p["phone"] or p["id_number"]
    ]
    asked = bool(subject or body or requests or people)
    seen = visible_to(request.actor)
    found = find_similar(seen, subject=subject, body=body, people=people, requests=requests) if asked else []
    context: SimilarPart = {
        "groups": _groups(found),
        "asked": asked,
        "chosen": sent.get("repeat_of", ""),
        "can_link": request.actor.has(*TIES),
        "can_tie": False,
        "of": "",
    }
    # Typed only so far: Django asks for a mapping of anything.
    return render(request, "casework/parts/similar.html", context)


@require_safe
@desk_page(*REGISTERS_CASES)
def similar_to_case(request: DeskRequest, number: str) -> HttpResponse:
    """Show likely repeats of a case, those that are tied to it already left out; of a sealed one nothing is looked for.

    Asked for by a part of the case page it is the list alone.

    Raises:
        Http404: the case isn't this person's to see.
    """
    case = case_or_404(request, number, scopes=(ViewScope.FULL,))
    petition, facts = case.petition, case.facts
    found: list[SimilarPetition] = []
    if not facts.sealed:
        text = case_text(petition, facts)
        found = find_similar(
            visible_to(request.actor).exclude(pk__in=tied_to(petition) | looked_at_with(petition.pk)),
            subject=text.subject,
            body=text.body,
            requests=[r.text for r in facts.requests],
            people=[named_person(p) for p in petition.petitioners.all()],
            exclude=petition.pk,
        )
    part: SimilarPart = {
        "groups": _groups(found),
        "asked": True,
        "chosen": "",
        "can_link": request.actor.has(*TIES) and not facts.sealed,
        "can_tie": request.actor.has(*TIES_CASES) and not facts.sealed,
        "of": petition.number,
    }
    if request.headers.get("HX-Request"):
        return render(request, "casework/parts/similar.html", part)
    page: SimilarPage = {**part, "petition": petition, "sealed": facts.sealed}
    return render_page(request, "casework/similar.html", page, here="petitions")


def _groups(found: Sequence[SimilarPetition]) -> list[SimilarGroup]:
    """Return the two groups, as far as there is anything in them."""
    labels = {s.value: s.label for s in State}
    groups = [
        SimilarGroup(
            title=title,
            found=[
                SimilarCase(
                    number=s.number,
                    subject=s.subject,
                    state=labels.get(s.state, s.state),
                    received=chinese_date(s.received_on),
                    reasons=s.reasons,
                )
                for s in found
                if s.likely is likely
            ],
        )
        for title, likely in (("很可能同事", True), ("可能有关", False))
    ]
    return [group for group in groups if group["found"]]
