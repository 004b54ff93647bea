"""One department and one case of every kind for the whole matrix; each request is taken back after its answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from PIL import Image

from tests.personnel_decisions.recording import recorded
from tests.reception.receiving import booked, published
from tests.world import BEGAN, make_department, register, take, walk, who
from xinfang.accounts.actions import sign_ins
from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.attachments.actions.attach import attach
from xinfang.cases import sealed_case_reason
from xinfang.cases.models import Petition, Task
from xinfang.cases.queries.petitions import facts_of
from xinfang.core import pk_cache
from xinfang.core.clock import today
from xinfang.incidents.actions.act import take_incident_step
from xinfang.incidents.actions.incident_files import add_picture
from xinfang.papers.actions import paper_texts
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.incidents.reporting import ReportIncident
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import STAFF_ROLES, IncidentKind, Material, PaperKind
from xinfang.vault.sm_ciphers import sm3

CAME = timedelta(days=10)
MISSING = "LX2019000001"
"""A well-formed number that nobody was ever given."""
COMMON = "草场监测经费"
"""Is in the subject and text of every case."""


def _loaded() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


@dataclass
class Person:
    """Somebody who asks. `actor` is None for people who aren't signed in."""

    username: str
    actor: Actor | None
    cookie: str = ""


@dataclass
class World:
    """Everybody, every case, and how to ask."""

    people: dict[str, Person] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    """Number by kind."""
    facts: dict[str, Facts] = field(default_factory=dict)
    """By number."""
    tasks: dict[str, list[str]] = field(default_factory=dict)
    """The steps that are asked of somebody now, by number."""
    requests: int = 0
    _handler: BaseHandler = field(default_factory=_loaded)
    _factory: RequestFactory = field(default_factory=RequestFactory)

    def ask(
        self, person: Person, method: str, path: str, data: Mapping[str, Any] | None = None, **more: Any
    ) -> HttpResponse:
        """A request through every middleware; whatever it wrote is taken back."""
        self.requests += 1
        extra = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={person.cookie}"} if person.cookie else {}
        if method == "GET":
            request = self._factory.get(path, data, **extra, **more)
        elif method == "POST":
            request = self._factory.post(path, data or {}, **extra, **more)
        else:
            request = self._factory.generic(method, path, **extra, **more)
        request._dont_enforce_csrf_checks = True  # as Django's own client does; forged forms have a test of their own
        with transaction.atomic():
            response = self._handler.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            transaction.set_rollback(True)
        return response


def _to_results(number: str, day: date) -> None:
    """As far as the unit 成果转化与奖励处 has signed for it."""
    take(number, StepCode.CLASSIFY, "clerk", day, matter_class="claim", route="six", purpose="claim")
    take(number, StepCode.PROPOSE, "clerk", day, text="建议由成果处承办。", unit="results", leader="leader2")
    take(number, StepCode.INSTRUCT, "leader2", day, text="同意，我包案。")
    take(number, StepCode.ACCEPT, "clerk", day, contact="0471-0000000")
    take(number, StepCode.ASSIGN, "clerk", day, handling_unit="results", feedback_on="2099-12-31")
    take(number, StepCode.SIGN_FOR, "head2", day, handler="handler2")


def _picture(kind: str) -> bytes:
    """A small picture, another one for each kind of case and unlike the scan of a receipt."""
    drawn, colour = BytesIO(), sm3(kind.encode())
    Image.new("RGB", (40, 30), (colour[0], colour[1], colour[2])).save(drawn, "PNG")
    return drawn.getvalue()


def _new(kind: str, day: date, **changes: Any) -> str:
    words = {"subject": f"{COMMON}：{kind}", "body": f"{COMMON}没有按时拨付，请说明原因。第{kind}件。"}
    number = register(day, **{**words, **changes})
    clerk = Staff.objects.get(username="clerk")
    # A picture: what can't be shown in the page has no address to see it.
    attach(number, _picture(kind), "来信.png", what=Material.LETTER, by=who("clerk"), staff=clerk)
    paper = paper_texts.make_paper(number, PaperKind.REGISTRATION_SHEET, by=who("clerk"))
    paper_texts.issue_paper(number, paper.place, by=who("clerk"))
    return number


def _make_cases() -> dict[str, str]:
    day = today() - CAME
    made = {}
    for place in ("classified", "proposed", "instructed", "assigned", "signed", "advice_sought", "served"):
        made[place] = _new(place, day)
        walk(made[place], place, day, 0)
    for place in ("closed", "archived"):
        made[place] = _new(place, day)
        walk(made[place], place, day, 0)
    made["registered"] = _new("registered", day)
    made["another unit's"] = _new("other", day)
    _to_results(made["another unit's"], day)
    made["recused"] = _new("recused", day)
    walk(made["recused"], "signed", day, 0)
    take(made["recused"], StepCode.RECUSE, "clerk", day, person="handler", reason="亲属")
    take(made["recused"], StepCode.RECUSE, "office_head", day, agree=True)
    made["recusal asked"] = _new("asked", day)
    walk(made["recusal asked"], "signed", day, 0)
    take(made["recusal asked"], StepCode.RECUSE, "clerk", day, person="head", reason="亲属")
    made["staff complained of"] = _new("staff", day, complained_staff=["colleague", "clerk2", "leader2", "archivist"])
    walk(made["staff complained of"], "closed", day, 0)
    made["unit complained of"] = _new("unit", day, complained_units=["results", "archive"])
    walk(made["unit complained of"], "closed", day, 0)
    made["sealed"] = _new("sealed", day)
    take(made["sealed"], StepCode.CLASSIFY, "clerk", day, matter_class="report")
    made["sealed, about its officer"] = _new("officer", day, complained_staff=["sealed"])
    take(made["sealed, about its officer"], StepCode.CLASSIFY, "clerk", day, matter_class="report")
    made["assisted"] = _new("assisted", day)
    walk(made["assisted"], "accepted", day, 0)
    take(
        made["assisted"], StepCode.REFER, "clerk", day, handling_unit="funds", assisting_units=["institute", "results"]
    )
    # A case seen by funds repeats one that funds never sees, and that one is repeated by it.
    made["repeat of another unit's"] = _new("repeat", day)
    walk(made["repeat of another unit's"], "signed", day, 0)
    first = made["another unit's"]
    why = {"first": first, "same_person": True, "same_matter": True, "reason": "同一人反映同一事项"}
    take(made["repeat of another unit's"], StepCode.LINK_REPEAT, "clerk", day, **why)
    take(made["repeat of another unit's"], StepCode.LINK_REPEAT, "clerk2", day, agree=True)
    return made


def _make_event() -> None:
    """An event that the property duty desk reported, with a picture; no unit was called to it."""
    guard = Staff.objects.get(username="guard")
    event = take_incident_step(
        ReportIncident(kind=IncidentKind.SUDDEN_GATHERING), None, by=who("guard"), staff=guard
    ).incident
    add_picture(event.number, _picture("event"), "大厅.png", by=who("guard"), staff=guard)


def _make_more_people() -> None:
    """Somebody for every duty there is, and those whose duties are not what they seem."""
    have = set(Duty.objects.values_list("role", flat=True))
    for role in STAFF_ROLES:
        if role.value not in have:
            person = Staff.objects.create(username=f"only_{role.value}", name="某人")
            Duty.objects.create(staff=person, role=role.value, since=BEGAN)
    office = Unit.objects.get(code="office")
    names = ("colleague", "no_duty", "deputy", "has_left", "duty_over", "duty_to_come", "closed_account")
    made = {name: Staff.objects.create(username=name, name="某人") for name in names}
    Duty.objects.create(staff=made["colleague"], role="handler", unit=Unit.objects.get(code="funds"), since=BEGAN)
    for name in ("has_left", "closed_account"):
        Duty.objects.create(staff=made[name], role="office", unit=office, since=BEGAN)
    day = today()
    Duty.objects.create(staff=made["duty_over"], role="office", unit=office, since=BEGAN, until=day - CAME)
    Duty.objects.create(staff=made["duty_to_come"], role="office", unit=office, since=day + CAME)
    absent = Staff.objects.get(username="leader")
    Absence.objects.create(staff=absent, deputy=made["deputy"], since=BEGAN, until=date(2099, 1, 1))


def _sign_in(staff: Staff, sealed: Iterable[str]) -> str:
    """A session of this person, with password and second factor, and a reason for every sealed case.

    Returns its cookie.

    The reasons are in everybody's session: having said why opens nothing to who may not see the case.
    """
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sign_ins.register_sign_in(session, staff, "127.0.0.1", "测试", second_factor=True)
    until = timezone.now().timestamp() + sealed_case_reason.REASON_VALID_MINUTES * 60
    session["sealed_reasons"] = dict.fromkeys(sealed, until)
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def made() -> World:
    """The department, its cases and everybody's session; the caller takes the transaction back."""
    pk_cache.clear()
    make_department()
    world = World()
    _make_more_people()
    world.cases = _make_cases()
    recorded("unit")
    booked(published(leader="principal"))
    _make_event()
    world.facts = {p.number: facts_of(p) for p in Petition.objects.all()}
    world.tasks = {n: list(Task.objects.filter(petition__number=n).values_list("step", flat=True)) for n in world.facts}
    sealed = [n for n, f in world.facts.items() if f.sealed]
    world.people["anonymous"] = Person("anonymous", None)
    for staff in Staff.objects.order_by("id"):
        world.people[staff.username] = Person(staff.username, who(staff.username), _sign_in(staff, sealed))
    # These two had their sessions before they left; with that, they are over.
    Staff.objects.filter(username="has_left").update(left_on=today() - CAME)
    Staff.objects.filter(username="closed_account").update(is_active=False)
    world.people["has_left"].actor = world.people["closed_account"].actor = None
    return world


def step_form(code: str, facts: Facts, answers: Mapping[str, Any]) -> dict[str, Any]:
    """A proper form of this step, as a browser would send it."""
    sent: dict[str, Any] = {"seen": str(len(facts.history))}
    if code in facts.pending:
        return sent | {"agree": "yes", "opinion": ""}
    load_step(STEPS[code], answers)  # a table of answers that is out of date must not pass for a refusal
    _flatten(sent, answers, "")
    return sent


def _flatten(sent: dict[str, Any], answers: Mapping[str, Any], prefix: str) -> None:
    for name, value in answers.items():
        if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            for place, row in enumerate(value):
                _flatten(sent, row, f"{prefix}{name}-{place}-")
        elif isinstance(value, bool):
            sent[prefix + name] = "yes" if value else ""
        else:
            sent[prefix + name] = value if isinstance(value, list | str) else str(value)
