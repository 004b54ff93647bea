"""A petition's whole walk through perform, and what each step leaves behind."""

from datetime import date, timedelta

import pytest

from tests.world import LETTER, register, take, tell, walk, who
from xinfang.cases.models import Deadline, Event, Petition, Task
from xinfang.cases.queries.petitions import facts_of
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import NotVisible
from xinfang.proof.derived_rows import differences
from xinfang.search.index import check_index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def test_from_letter_to_archive() -> None:
    number = register(MONDAY)
    walk(number, "archived", MONDAY)
    petition = Petition.objects.get(number=number)
    assert petition.state == "archived"
    assert petition.events.count() == 32, (
        "20 steps, the service confirmed, three scans of which one is the notice (filed, confirmed, sent), the reply, "
        "three files, issued"
    )
    assert [e.seq for e in petition.events.all()] == list(range(1, 33))
    assert petition.requests.get(number=2).conclusion == "support"
    assert {p.kind for p in petition.papers.all()} >= {
        "registration_sheet",
        "acceptance_notice",
        "reply_opinion",
        "service_receipt",
        "closing_sheet",
        "volume_list",
    }
    handling = petition.deadlines.get(clock="handling")
    assert handling.stopped_on is not None
    assert not petition.tasks.exists()


def test_events_hold_no_personal_data() -> None:
    number = register(MONDAY)
    event = Event.objects.get(petition__number=number)
    text = str(event.data)
    assert "其木格" not in text and "15000000001" not in text and "某苏木" not in text
    assert facts_of(Petition.objects.get(number=number)).persons[0].name


def test_numbers_run_per_channel_and_year() -> None:
    assert [register(MONDAY), register(MONDAY), register(MONDAY, channel="phone")] == [
        "LX2026000001",
        "LX2026000002",
        "LD2026000001",
    ]


def test_a_step_out_of_turn_is_refused_with_article() -> None:
    number = register(MONDAY)
    with pytest.raises(Refused) as refused:
        take(
            number,
            StepCode.SERVE,
            "clerk",
            MONDAY,
            served_on="2026-03-02",
            method="post",
            receiver="其木格",
            mail_number="XA0000000151",
        )
    assert refused.value.reasons


def test_what_one_may_not_see_does_not_exist() -> None:
    number = register(MONDAY)
    with pytest.raises(NotVisible):
        take(number, StepCode.TALK, "handler2", MONDAY, place="x", who_was_there="x", said="x")


def test_the_sealed_compartment_closes_on_classification() -> None:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert not visible_to(who("clerk")).filter(number=number).exists()
    assert visible_to(who("sealed")).filter(number=number).exists()
    assert [t.step for t in Task.objects.filter(petition__number=number)] == [StepCode.HAND_OVER]


def test_found_out_later_it_leaves_every_inbox_and_comes_back_as_it_was() -> None:
    number = register(MONDAY)
    day = walk(number, "heard", MONDAY)
    before = {(t.step, t.role, t.unit_id, t.staff_id) for t in Task.objects.filter(petition__number=number)}
    due = set(Deadline.objects.filter(petition__number=number).values_list("clock", "due", "stopped_on"))
    take(number, StepCode.SEAL, "handler", day, reason="反映承办人员收受礼金")
    assert [t.step for t in Task.objects.filter(petition__number=number)] == [StepCode.HAND_OVER]
    for name in ("handler", "head", "clerk", "leader", "principal"):
        assert not visible_to(who(name)).filter(number=number).exists(), name
    assert [d for d in differences([number]) if not isinstance(d, int)] == []
    petition = Petition.objects.get(number=number)
    assert (petition.subject, petition.body, petition.sealed) == ("密封件", "", True)
    take(number, StepCode.UNSEAL, "sealed", day, reason="误转")
    assert {(t.step, t.role, t.unit_id, t.staff_id) for t in Task.objects.filter(petition__number=number)} == before
    assert set(Deadline.objects.filter(petition__number=number).values_list("clock", "due", "stopped_on")) == due
    assert Petition.objects.get(number=number).subject == LETTER["subject"]


def test_first_due_date_follows_the_running_clock() -> None:
    number = register(MONDAY)
    assert Petition.objects.get(number=number).next_due == date(2026, 3, 17)
    walk(number, "accepted", MONDAY)
    assert Petition.objects.get(number=number).next_clock == "notice", "decided is not told"
    tell(number, MONDAY + timedelta(days=4))
    petition = Petition.objects.get(number=number)
    assert petition.next_clock == "handling"
    assert petition.next_due == Deadline.objects.get(petition=petition, clock="handling").due


def test_the_index_follows_every_step() -> None:
    number = register(MONDAY)
    walk(number, "classified", MONDAY)
    for code, answers in (
        (StepCode.ENTER_REGIONAL, {"external_number": "NMG2026-77"}),
        (StepCode.CORRECT, {"what": "subject", "new_value": "补助拖欠", "reason": "概括得更准"}),
        (StepCode.CORRECT, {"what": "phone", "new_value": "15000000009", "reason": "信访人更正"}),
        (StepCode.SUPPLEMENT, {"text": "补充", "requests": [{"text": "书面道歉"}]}),
    ):
        take(number, code, "clerk", MONDAY, **answers)
        assert check_index() == [], code
