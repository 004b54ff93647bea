"""The policy and its SQL twin agree for everybody on every kind of case."""

from datetime import date

import pytest

from tests.world import STAFF, file_papers, make_department, register, take, walk, who
from xinfang.accounts.models import Absence, Staff
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Role

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def petitioner_of(case: str, *, own_secret: bool = False) -> Actor:
    """Who came in by the number and code of this case, or by what nobody of the office knows."""
    duties = (DutyHeld(Role.PETITIONER),)
    return Actor(StaffCode("petitioner"), "信访人", duties, case=case, person=1, own_secret=own_secret)


def _cases() -> None:
    for place in ("classified", "proposed", "instructed", "assigned", "advice_sought", "served", "closed", "archived"):
        walk(register(MONDAY), place, MONDAY)
    register(MONDAY)
    take(register(MONDAY), StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    walk(register(MONDAY, complained_units=["results"]), "signed", MONDAY)
    walk(register(MONDAY, complained_staff=["handler"]), "assigned", MONDAY)
    walk(register(MONDAY, complained_staff=["clerk2", "leader2"]), "instructed", MONDAY)
    for place in ("ended", "submitted", "archived", "reopened"):
        _filed(place)
    for added in ({"complained_staff": ["head"]}, {"complained_units": ["funds"]}, {"complained_staff": ["leader"]}):
        late = register(MONDAY)
        walk(late, "signed", MONDAY)
        take(late, StepCode.ADD_ACCUSED, "clerk", date(2026, 3, 12), reason="来电补充反映", **added)
    about_it = register(MONDAY, complained_units=["office"])
    register(MONDAY, complained_units=["office"])
    take(about_it, StepCode.NAME_ACTING_OFFICE, "principal", MONDAY, unit="results", reason="此件反映办公室")
    for accused in ([], ["leader"], ["leader", "leader2"]):
        register(MONDAY, complained_units=["office"], complained_staff=["principal", *accused])
    for named in (False, True):
        about_officers = register(MONDAY, complained_staff=["sealed", "head"])
        take(about_officers, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
        if named:
            take(about_officers, StepCode.NAME_OFFICER, "principal", MONDAY, person="head2", reason="此件反映专管员")
    took_over = register(MONDAY)
    walk(took_over, "signed", MONDAY)
    take(took_over, StepCode.ADD_ACCUSED, "head", date(2026, 3, 12), complained_units=["office"], reason="来电反映")
    report = register(MONDAY, complained_units=["results"])
    take(report, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    of_the_office = register(MONDAY)
    take(of_the_office, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    take(of_the_office, StepCode.ADD_ACCUSED, "sealed", MONDAY, complained_units=["office"], reason="信中反映办公室")
    sealed = register(MONDAY)
    walk(sealed, "signed", MONDAY)
    take(sealed, StepCode.SEAL, "handler", date(2026, 3, 12), reason="反映承办人员收受礼金")
    recused = register(MONDAY)
    walk(recused, "signed", MONDAY)
    take(recused, StepCode.RECUSE, "clerk", date(2026, 3, 12), person="handler", reason="亲属")
    take(recused, StepCode.RECUSE, "office_head", date(2026, 3, 12), agree=True)
    assisted = register(MONDAY)
    walk(assisted, "accepted", MONDAY)
    take(
        assisted,
        StepCode.REFER,
        "clerk",
        date(2026, 3, 12),
        handling_unit="funds",
        assisting_units=["institute", "results"],
    )


def _filed(place: str) -> None:
    """A side end on its way into the archive, and back."""
    number = register(MONDAY)
    take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", MONDAY, ground="no_value", reason="广告")
    take(number, StepCode.FILE_WITHOUT_ACTION, "clerk2", MONDAY, agree=True)
    if place == "ended":
        return
    file_papers(number, "clerk", MONDAY)
    take(number, StepCode.SUBMIT_ARCHIVE, "clerk", MONDAY, complete=True, pages=3)
    if place == "archived":
        take(number, StepCode.ACCEPT_ARCHIVE, "archivist", MONDAY)
    if place == "reopened":
        take(number, StepCode.REOPEN, "clerk", MONDAY, reason="信末有一项诉求")


def test_everybody_sees_what_the_policy_says(db: None) -> None:
    make_department()
    _cases()
    people = {s.username: s for s in Staff.objects.all()}
    Absence.objects.create(
        staff=people["leader"], deputy=people["leader2"], since=date(2020, 1, 1), until=date(2099, 1, 1)
    )
    facts = {p.number: facts_of(p) for p in Petition.objects.all()}
    seen = 0
    for username in STAFF:
        actor = who(username)
        expected = {n for n, f in facts.items() if may_see(actor, f)}
        assert set(visible_to(actor).values_list("number", flat=True)) == expected, username
        seen += len(expected)
    assert seen > len(facts)
    for case in (*facts, "", "LX2019000077"):
        actor = petitioner_of(case)
        expected = {n for n, f in facts.items() if may_see(actor, f)}
        assert set(visible_to(actor).values_list("number", flat=True)) == expected == {case} & set(facts)


def test_a_deputy_sees_and_does_what_the_absent_leader_would(db: None) -> None:
    make_department()
    number = register(MONDAY)
    walk(number, "proposed", MONDAY)
    assert not visible_to(who("leader2")).filter(number=number).exists()
    people = {s.username: s for s in Staff.objects.all()}
    Absence.objects.create(
        staff=people["leader"], deputy=people["leader2"], since=date(2020, 1, 1), until=date(2099, 1, 1)
    )
    done = take(number, StepCode.INSTRUCT, "leader2", date(2026, 3, 4), text="同意")
    assert done.petition.state == "instructed"
    assert (done.event.by.username, done.event.acting_for.username) == ("leader2", "leader")


def test_who_has_left_sees_and_does_nothing(db: None) -> None:
    make_department()
    register(MONDAY)
    Staff.objects.filter(username="clerk").update(left_on=date(2026, 1, 1))
    assert not visible_to(who("clerk")).exists()
