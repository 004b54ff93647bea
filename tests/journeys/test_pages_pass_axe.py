"""Every page, as the people who use it see it: no accessibility fault, and nothing to scroll sideways for."""

from datetime import timedelta

import pytest

from tests.journeys.people import Worker
from tests.world import register, take, walk, who
from xinfang.accounts.actions import two_persons
from xinfang.accounts.models import Staff
from xinfang.core.clock import today
from xinfang.incidents.actions.act import take_incident_step
from xinfang.procedure.incidents.reporting import ReportIncident
from xinfang.procedure.words import IncidentKind

DESK, ZOOMED, PHONE = (1440, 900), (720, 450), (390, 844)
"""A desk, the same desk at 200 %, and a phone."""

PAGES = {
    "": ("/login/", "/nothing-like-it/"),
    "clerk": (
        "/",
        "/register/",
        "/petitions/",
        "/petitions/{handled}/",
        "/petitions/{handled}/receipt/",
        "/petitions/{again}/",
        "/petitions/{fresh}/classify/",
        "/petitions/{fresh}/file_without_action/",
    ),
    "clerk2": (
        "/boards/",
        "/search/",
        "/notices/",
        "/procedure/",
        "/calendar/",
        "/nothing-like-it/",
        "/password/",
        "/account/",
        "/account/second-factor/",
        "/confirm/",
    ),
    "leader": ("/", "/petitions/{proposed}/", "/petitions/{proposed}/instruct/", "/petitions/{drafted}/sign_reply/"),
    "handler": ("/", "/petitions/{handled}/", "/petitions/{handled}/talk/", "/petitions/{handled}/draft_reply/"),
    "adviser": ("/", "/petitions/{sought}/", "/petitions/{sought}/give_legal_advice/"),
    "admin": ("/calendar/", "/categories/", "/people/", "/people/staff/handler/", "/people/units/funds/", "/settings/"),
    "security": ("/people/changes/", "/people/staff/handler/", "/account/second-factor/"),
    "office_head": (
        "/incidents/",
        "/incidents/new/",
        "/incidents/{event}/",
        "/incidents/{event}/log/",
        "/incidents/{event}/record_act/",
        "/incidents/{event}/draft_report/",
        "/incidents/{event}/end/",
    ),
    "guard": ("/duty/", "/duty/{event}/", "/incidents/{event}/", "/incidents/{event}/add_picture/"),
    "auditor": ("/log/", "/log/admin/"),
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
    take(numbers["again"], "link_repeat", "clerk", **same)
    take(numbers["again"], "link_repeat", "clerk2", agree=True)
    take(numbers["fresh"], "file_without_action", "clerk2", ground="no_value", reason="是一份广告。")
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
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{address} at {width}: {wide} wide")
            if width == ZOOMED[0]:
                continue
            try:
                axe(page)
            except AssertionError as fault:
                faults.append(f"{address} at {width}: {fault}")
    assert not faults, f"{person or 'nobody'}\n" + "\n".join(faults)
