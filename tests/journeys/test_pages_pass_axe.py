"""Every page, as the people who use it see it: no accessibility fault, and nothing to scroll sideways for."""

from datetime import timedelta

import pytest

from tests.browser import page_width
from tests.journeys.people import Worker
from tests.urls import url
from tests.world import register, take, walk, who
from xinfang.accounts.actions import two_persons
from xinfang.accounts.models import Staff
from xinfang.core.clock import today
from xinfang.incidents.actions.act import take_incident_step
from xinfang.procedure.incidents.reporting import ReportIncident
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import IncidentKind

DESK, ZOOMED, PHONE = (1440, 900), (720, 450), (390, 844)
"""A desk, the same desk at 200 %, and a phone."""

WINDOW = tuple(
    url(f"window{name}")
    for name in ("", "-notice", "-submit", "-follow", "-reception", "-procedure", "-figures", "-leaflet", "-check")
)
PAGES = {
    "": (url("login"), "/nothing-like-it/", *WINDOW),
    "clerk": (
        url("inbox"),
        url("register"),
        url("petitions"),
        f"{url('petitions')}?cols=handler+leader&state=open&sort=due",
        url("registers"),
        url("ledgers"),
        f"{url('list-export')}?register=letters&channel=letter",
        url("petition", "{handled}"),
        url("receipt", "{handled}"),
        url("original", "{handled}"),
        url("similar", "{fresh}"),
        url("likely-pairs"),
        url("matter", "{fresh}"),
        url("closed-alike", "{fresh}"),
        url("matter-pair", "{fresh}") + "?other={again}",
        url("petition", "{again}"),
        url("step", "{fresh}", StepCode.CLASSIFY),
        url("step", "{fresh}", StepCode.FILE_WITHOUT_ACTION),
        url("phrases"),
        url("reception"),
        url("reception-day-new"),
        url("reception-register"),
        url("reception-matters"),
        url("clearing"),
        url("mails"),
        url("help"),
        url("help-chapter", "clerk"),
    ),
    "clerk2": (
        url("boards"),
        url("search"),
        url("notices"),
        url("procedure"),
        url("calendar"),
        "/nothing-like-it/",
        url("password"),
        url("account"),
        url("second-factor"),
        url("confirm"),
    ),
    "leader": (
        url("inbox"),
        url("petition", "{proposed}"),
        url("step", "{proposed}", StepCode.INSTRUCT),
        url("step", "{drafted}", StepCode.SIGN_REPLY),
    ),
    "handler": (
        url("inbox"),
        url("petition", "{handled}"),
        url("step", "{handled}", StepCode.TALK),
        url("step", "{handled}", StepCode.DRAFT_REPLY),
    ),
    "adviser": (url("inbox"), url("petition", "{sought}"), url("step", "{sought}", StepCode.GIVE_LEGAL_ADVICE)),
    "admin": (
        url("calendar"),
        url("categories"),
        url("people"),
        url("staff", "handler"),
        url("unit", "funds"),
        url("settings"),
        url("numbers"),
        url("numbers-what-if"),
    ),
    "security": (url("changes"), url("staff", "handler"), url("second-factor")),
    "office_head": (
        url("incidents"),
        url("incident-new"),
        url("incident", "{event}"),
        url("incident-log", "{event}"),
        url("incident-step", "{event}", "record_act"),
        url("incident-step", "{event}", "draft_report"),
        url("incident-step", "{event}", "end"),
    ),
    "guard": (
        url("duty"),
        f"{url('duty')}?same=medical_emergency",
        url("duty-reported", "{event}"),
        url("incident", "{event}"),
        url("incident-step", "{event}", "add_picture"),
    ),
    "auditor": (url("log"), url("admin-log"), url("status")),
}


@pytest.fixture
def cases(department) -> dict[str, str]:
    """One petition at each of the places that the pages above show."""
    came = today() - timedelta(days=3)
    numbers = {name: register(came) for name in ("fresh", "proposed", "handled", "sought", "drafted")}
    for name, place in (("proposed", "proposed"), ("handled", "signed"), ("sought", "advice_sought")):
        walk(numbers[name], place, came, 0)
    walk(numbers["drafted"], "reviewed", came, 0)
    numbers["again"] = register(came)
    same = {"first": numbers["handled"], "same_person": True, "same_matter": True, "reason": "同人同事。"}
    take(numbers["again"], StepCode.LINK_REPEAT, "clerk", **same)
    take(numbers["again"], StepCode.LINK_REPEAT, "clerk2", agree=True)
    take(numbers["fresh"], StepCode.FILE_WITHOUT_ACTION, "clerk2", ground="no_value", reason="是一份广告。")
    admin, guard = (Staff.objects.get(username=name) for name in ("admin", "guard"))
    two_persons.propose_change(
        "add_duty", guard, by=admin, role="reception", unit="office", since=came.isoformat(), until=""
    )
    step = ReportIncident(kind=IncidentKind.MEDICAL_EMERGENCY, place="厅机关一楼大厅", people=2)
    numbers["event"] = take_incident_step(step, None, by=who("guard"), staff=guard).incident.number
    return numbers


@pytest.mark.parametrize("person", PAGES, ids=lambda person: person or "nobody")
def test_pages_pass_axe_and_fit(person, cases, open_page, axe):
    page = Worker(open_page, person).page if person else open_page()
    faults = []
    for address in PAGES[person]:
        address = address.format(**cases)
        answer = page.goto(address)
        assert answer.status == (404 if "nothing" in address else 200), f"{address} {answer.status}"
        for width, height in (DESK, ZOOMED, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            wide = page_width(page)
            if wide > width:
                faults.append(f"{address} at {width}: {wide} wide")
            if width == ZOOMED[0]:
                continue
            try:
                axe(page)
            except AssertionError as fault:
                faults.append(f"{address} at {width}: {fault}")
    assert not faults, f"{person or 'nobody'}\n" + "\n".join(faults)
