"""One petition: where it stands, what may be done, what is owed; and the receipt that its petitioner takes home."""

from django.http import Http404, HttpResponse

from xinfang.desk import casefile, casefile_path
from xinfang.desk.shell import REGISTERS, DeskRequest, chinese_date, desk_page, petition_or_404, show
from xinfang.people.actors import directory, today
from xinfang.procedure.clocks import CLOCKS, running
from xinfang.procedure.timing import Kind
from xinfang.procedure.words import Role
from xinfang.records.queries import calendar, events_of, facts_of


@desk_page()
def petition(request: DeskRequest, number: str) -> HttpResponse:
    """The whole case; the legal adviser sees the draft sent to him and nothing else (H13)."""
    found = petition_or_404(request, number)
    day = today()
    events = list(events_of(found))
    facts = facts_of(found, events)
    the_calendar = calendar()
    the_directory = directory(day)
    context = {
        "petition": found,
        "steps": casefile_path.steps(facts, request.actor, day, the_calendar, the_directory),
        "advice": casefile.advice_view(facts, request.actor, the_directory),
    }
    if casefile.only_advises(request.actor, facts):
        return show(request, "desk/petition_advice.html", context, here="/petitions/")
    papers = list(found.papers.select_related("event").order_by("-id"))
    context |= {
        "path": casefile_path.path(facts, day),
        "people": casefile.people(found),
        "requests": casefile.requests(facts),
        "repeats": casefile.repeats(found, request.actor),
        "clocks": casefile.clocks(facts, the_calendar, day),
        "days": casefile.timeline(facts, events, papers, the_directory, day),
        "papers": papers,
        "received_text": chinese_date(found.received_on),
        "sender_date_text": chinese_date(found.sender_date),
        "assisting": [the_directory.unit_name(u) for u in facts.assisting_units],
        "complained": [the_directory.unit_name(u) for u in sorted(facts.complained_units)]
        + [the_directory.staff_name(s) for s in sorted(facts.complained_staff)],
        "recused": [the_directory.staff_name(s) for s in sorted(facts.recused)],
        "prints_receipt": request.actor.has(*REGISTERS, Role.SEALED_OFFICER),
    }
    return show(request, "desk/petition.html", context, here="/petitions/")


@desk_page(*REGISTERS, Role.SEALED_OFFICER)
def receipt(request: DeskRequest, number: str) -> HttpResponse:
    """The receipt with number and inquiry code, to be printed and handed over or posted."""
    found = petition_or_404(request, number)
    facts = facts_of(found)
    if casefile.only_advises(request.actor, facts):
        raise Http404
    day = today()
    owes = [
        {
            "label": run.clock.label,
            "due": chinese_date(run.due.due),
            "cites": "、".join(str(a) for a in run.clock.cites),
            "provisional": run.due.provisional,
        }
        for run in running(facts, calendar())
        if run.stopped_on is None and run.clock.code in OWED_TO_THE_PETITIONER and run.clock.kind is not Kind.RIGHT
    ]
    return show(
        request,
        "desk/receipt.html",
        {
            "petition": found,
            "people": list(found.petitioners.all()),
            "requests": facts.requests,
            "owes": owes,
            "unclear": facts.contact_clear_since is None,
            "handling_days": CLOCKS["handling"].limit,
            "received_text": chinese_date(found.received_on),
            "today_date": chinese_date(day),
        },
        here="/petitions/",
    )


OWED_TO_THE_PETITIONER = ("notice", "simple_acceptance", "handling", "simple_handling", "suggestion", "promised_reply")
