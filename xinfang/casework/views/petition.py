"""One petition: how far it is, what may be done, what is owed; and the receipt that its petitioner takes home."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.archive.queries.overview import destroyed_view
from xinfang.attachments import queries as attachments
from xinfang.attachments.original_places import OriginalPanel, original_panel
from xinfang.calendars.queries import calendar
from xinfang.cases.access import ViewScope, case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.inquiry_codes import grouped, second_proof_words
from xinfang.cases.queries.case_text import (
    CaseText,
    case_text,
    correction_of_the_words,
    words_as_registered,
)
from xinfang.casework.calling import calls_now, may_call
from xinfang.casework.queries import case_page, case_path, timeline
from xinfang.casework.queries.imported_history import BroughtIn, brought_in_view
from xinfang.core.clock import today
from xinfang.papers.queries import overview as desk_papers
from xinfang.petitioner_news.queries import undelivered_notes
from xinfang.procedure.facts import RequestFacts
from xinfang.procedure.limits import HANDLING
from xinfang.procedure.sources import FEEDBACK
from xinfang.procedure.steps.service import failure_notes
from xinfang.procedure.timing import ClockKind
from xinfang.procedure.visibility import REGISTERS_CASES
from xinfang.procedure.voided import void_notes
from xinfang.procedure.what_is_due import what_is_due
from xinfang.procedure.words import AccessKind, State
from xinfang.web.dates import chinese_date
from xinfang.web.page_frame import in_one_snapshot, render_page
from xinfang.web.qr import address_at_the_window, qr_svg

if TYPE_CHECKING:
    from xinfang.cases.models import Petition


class DraftPage(TypedDict):
    """What everybody sees of a case, the legal adviser too."""

    petition: "Petition"
    text: CaseText
    steps: case_path.CaseSteps
    advice: case_page.Advice | None


class CasePage(DraftPage):
    """The page of a case."""

    path: list[case_path.StageLine]
    first_words: str
    feedback: str
    void_notes: list[str]
    attachments: attachments.FilesPanel
    attachments_key: str
    original: OriginalPanel
    people: list[case_page.PersonLine]
    requests: list[case_page.RequestLine]
    brought_in: BroughtIn | None
    reviewed: case_page.ReviewedView | None
    duty: case_page.DutyView | None
    repeats: case_page.Repeats
    letter: case_page.Letter
    clocks: case_page.Clocks
    days: list[timeline.TimelineDay]
    papers: desk_papers.PapersPanel
    papers_key: str
    received_text: str
    sender_date_text: str
    assisting: list[str]
    complained: list[str]
    recused: list[str]
    unmasks: bool
    may_call: bool
    prints_receipt: bool
    looks_for_repeats: bool
    is_new: bool


class OwedAnswer(TypedDict):
    """What the petitioner is owed, and by when."""

    label: str
    due: str
    cites: str
    provisional: bool


class ReceiptPage(TypedDict):
    """What the receipt says."""

    petition: "Petition"
    code: list[str]
    """The inquiry code in groups; empty where the petitioner alone has it."""
    qr: str
    """Leads to where the case is followed, with its number; empty where the window has no address."""
    proof: str
    text: CaseText
    people: list[str]
    requests: Sequence[RequestFacts]
    owes: list[OwedAnswer]
    unclear: bool
    handling_days: str
    received_text: str
    today_date: str


@require_safe
@desk_page()
@in_one_snapshot
def petition(request: DeskRequest, number: str) -> HttpResponse:
    """Show the whole case; the legal adviser sees the draft sent to them and nothing else (H13)."""
    case = case_or_404(request, number, scopes=(ViewScope.FULL, ViewScope.ADVICE, ViewScope.DESTROYED))
    found, facts, day = case.petition, case.facts, today()
    if case.scope is ViewScope.DESTROYED:
        log_access(found, request.user, AccessKind.READ)
        return render_page(request, "archive/archive_destroyed.html", destroyed_view(found, facts), here="petitions")
    the_calendar = calendar()
    the_directory = directory(day)
    seen: DraftPage = {
        "petition": found,
        "text": case_text(found, facts),
        "steps": case_path.available_steps(facts, request.actor, day, the_calendar, the_directory),
        "advice": case_page.advice_view(case, the_directory),
    }
    if case.scope is ViewScope.ADVICE:
        # For whom the case waits is none of the adviser's business, nor known from what they read of it.
        seen["steps"]["waiting"] = []
        log_access(found, request.user, AccessKind.READ, part="advice")
        return render_page(request, "casework/petition_advice.html", seen, here="petitions")
    log_access(found, request.user, AccessKind.READ)
    papers = list(found.papers.select_related("event").order_by("-id"))
    context: CasePage = {
        **seen,
        "first_words": words_as_registered(found, facts) if correction_of_the_words(facts) else "",
        "path": case_path.case_path(facts, day),
        "void_notes": [*void_notes(facts), *failure_notes(facts), *undelivered_notes(found)],
        "attachments": attachments.attachments_panel(found, facts, request.actor, day, the_calendar, the_directory),
        "original": original_panel(found, facts, request.actor),
        "attachments_key": uuid.uuid4().hex,
        "people": case_page.masked_people(found, facts, callable_now=calls_now(request, case)),
        "may_call": may_call(request, case),
        "requests": case_page.request_rows(facts),
        "brought_in": brought_in_view(found, facts),
        "reviewed": case_page.reviewed_view(facts, the_directory),
        "duty": case_page.duty_view(facts),
        "repeats": case_page.repeat_rows(found, request.actor),
        "letter": case_page.letter_rows(facts, request.actor),
        "clocks": case_page.clock_rows(facts, the_calendar, day),
        "days": timeline.timeline(facts, case.events, papers, the_directory, day),
        "papers": desk_papers.papers_panel(
            desk_papers.PaperPageCase(facts, request.actor, day, the_calendar, the_directory), papers
        ),
        "papers_key": uuid.uuid4().hex,
        "feedback": FEEDBACK[facts.source],
        "received_text": chinese_date(found.received_on),
        "sender_date_text": chinese_date(found.sender_date),
        "assisting": [the_directory.unit_name(u) for u in facts.assisting_units],
        "complained": [the_directory.unit_name(u) for u in sorted(facts.complained_units)]
        + [the_directory.staff_name(s) for s in sorted(facts.complained_staff)],
        "recused": [the_directory.staff_name(s) for s in sorted(facts.recused)],
        "unmasks": case.may_see_identity,
        "looks_for_repeats": request.actor.has(*REGISTERS_CASES) and not facts.sealed,
        "is_new": facts.matter_class is None,
        "prints_receipt": request.actor.has(*REGISTERS_CASES) and facts.state not in (State.HISTORY, State.UNDONE),
    }
    return render_page(request, "casework/petition.html", context, here="petitions")


@require_safe
@desk_page(*REGISTERS_CASES)
@in_one_snapshot
def receipt(request: DeskRequest, number: str) -> HttpResponse:
    """Show the receipt with number and inquiry code, to be printed and handed over or posted.

    Raises:
        Http404: the matter was brought in as history, or isn't this person's to see.
    """
    case = case_or_404(request, number)
    found, facts = case.petition, case.facts
    if facts.state in (State.HISTORY, State.UNDONE):
        # Of what came in as history nobody here took receipt.
        raise Http404
    # The receipt is addressed to the petitioner by name.
    log_access(found, request.user, AccessKind.UNMASK, "打印接收回执", fields=["name"])
    day = today()
    owes: list[OwedAnswer] = [
        {
            "label": run.clock.label,
            "due": chinese_date(run.due.due),
            "cites": "、".join(str(a) for a in run.cites),
            "provisional": run.due.provisional,
        }
        for run in what_is_due(facts, calendar()).running
        if run.clock.code in PETITIONER_CLOCKS and run.clock.kind is not ClockKind.RIGHT
    ]
    context: ReceiptPage = {
        "petition": found,
        "code": grouped(found.inquiry_code),
        "qr": qr_svg(f"{address_at_the_window('window-follow')}#{found.number}") if settings.WINDOW_URL else "",
        "proof": second_proof_words(
            found.number, has_number=any(p.phone or p.id_number for p in found.petitioners.all())
        ),
        "text": case_text(found, facts),
        "people": [p.full_name for p in found.petitioners.all()],
        "requests": facts.requests,
        "owes": owes,
        "unclear": facts.contact_clear_since is None,
        "handling_days": str(HANDLING),
        "received_text": chinese_date(found.received_on),
        "today_date": chinese_date(day),
    }
    return render_page(request, "casework/receipt.html", context, here="petitions")


PETITIONER_CLOCKS = (
    "notice",
    "simple_acceptance",
    "handling",
    "own_duty",
    "simple_handling",
    "suggestion",
    "promised_reply",
)
