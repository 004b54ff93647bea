"""From one thing that is owed to the next: after a step, with a sheet in hand, with the petitioner on the telephone."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.urls import url
from tests.world import RECEIPT_SCAN, as_, register, take, walk
from xinfang.cases.models import AccessLogEntry, Event, Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
INBOX = "?next=%2F"


def came(days_ago: int = 10) -> date:
    return today() - timedelta(days=days_ago)


def send(client: Client, number: str, code: str, **fields: Any) -> HttpResponse:
    petition = Petition.objects.get(number=number)
    return client.post(
        url("step", number, code), {"key": uuid.uuid4().hex, "seen": petition.revision, "next": url("inbox"), **fields}
    )


def page(answer: HttpResponse) -> str:
    return re.sub(r"\s+", "", answer.content.decode())


CLAIM = {"matter_class": "claim", "route": "six", "purpose": "claim", "competence": "ours"}
PROPOSAL = {"then": "on", "then-text": "建议承办。", "then-unit": "funds", "then-leader": "leader"}


# What is asked leads straight to its form, and its form to what is asked next.


def test_what_is_asked_in_the_inbox_leads_to_its_form() -> None:
    number = register(came())
    line = as_("clerk").get(url("inbox")).content.decode()
    assert f'href="{url("step", number, StepCode.CLASSIFY)}{INBOX}"' in line


def test_after_a_step_the_same_person_is_led_to_the_next_one() -> None:
    number = register(came())
    answer = send(as_("clerk"), number, StepCode.CLASSIFY, **CLAIM)
    assert answer["Location"] == url("step", number, StepCode.PROPOSE) + INBOX


def test_who_owes_nothing_more_goes_back_to_where_they_came_from() -> None:
    number = register(came())
    walk(number, "classified", came(), 0)
    answer = send(as_("clerk"), number, StepCode.PROPOSE, text="建议承办。", unit="funds", leader="leader")
    assert answer["Location"] == url("inbox")


def test_on_the_page_of_a_case_the_next_case_is_offered() -> None:
    number, other = register(came()), register(came())
    walk(number, "classified", came(), 0)
    client = as_("clerk")
    sent = {"text": "建议承办。", "unit": "funds", "leader": "leader", "next": ""}
    answer = send(client, number, StepCode.PROPOSE, **sent)
    assert answer["Location"] == url("petition", number)
    assert f"下一件待办{other}" in page(client.get(answer["Location"]))


def test_nobody_is_led_to_what_has_to_happen_outside_first() -> None:
    """Who has posted a reply isn't asked for its receipt in the same breath."""
    number = register(came())
    walk(number, "replied", came(), 0)
    answer = send(as_("handler"), number, StepCode.TALK, place="电话", who_was_there="信访人", said="告知已寄出。")
    assert answer.status_code == 422 or answer["Location"] == url("inbox")


def test_a_report_of_wrongdoing_goes_on_with_its_officer() -> None:
    number = register(came())
    client = as_("clerk")
    answer = send(client, number, StepCode.CLASSIFY, matter_class="report")
    assert answer["Location"] == url("inbox")
    assert f"{number}已转入密封区，由检举控告专管员办理" in page(client.get(url("inbox")))


# Two steps on one form: both, or neither.


def test_a_matter_is_classified_and_proposed_with_one_form() -> None:
    number = register(came())
    answer = send(as_("clerk"), number, StepCode.CLASSIFY, **CLAIM, **PROPOSAL)
    assert answer["Location"] == url("inbox")
    facts = facts_of(Petition.objects.get(number=number))
    assert facts.state is State.PROPOSED and facts.proposed_unit == "funds"
    assert [h.code for h in facts.history][-2:] == [StepCode.CLASSIFY, StepCode.PROPOSE]


def test_where_the_second_step_is_refused_the_first_is_not_taken_either() -> None:
    number = register(came())
    answer = send(as_("clerk"), number, StepCode.CLASSIFY, **CLAIM, **{**PROPOSAL, "then-leader": "handler"})
    assert answer.status_code == 422
    assert "请选择拟请批示的厅领导" in page(answer) and 'href="#then-leader"' in answer.content.decode()
    assert facts_of(Petition.objects.get(number=number)).matter_class is None


def test_what_is_missing_for_the_second_step_is_said_at_its_field() -> None:
    number = register(came())
    answer = send(as_("clerk"), number, StepCode.CLASSIFY, **CLAIM, **{**PROPOSAL, "then-unit": ""})
    assert answer.status_code == 422 and 'href="#then-unit"' in answer.content.decode()
    assert Event.objects.filter(petition__number=number).count() == 1


def test_without_its_box_the_second_step_is_not_taken() -> None:
    number = register(came())
    send(as_("clerk"), number, StepCode.CLASSIFY, **CLAIM, **{**PROPOSAL, "then": ""})
    assert facts_of(Petition.objects.get(number=number)).state is State.REGISTERED


def test_sent_twice_both_steps_are_taken_once() -> None:
    number = register(came())
    seen = Petition.objects.get(number=number).revision
    for _ in range(2):
        send(as_("clerk"), number, StepCode.CLASSIFY, key="k" * 20, **{**CLAIM, **PROPOSAL, "seen": seen})
    assert [e.code for e in Event.objects.filter(petition__number=number)].count(StepCode.PROPOSE) == 1


def test_an_accepted_matter_is_handed_to_the_unit_that_the_leader_named() -> None:
    number = register(came())
    walk(number, "instructed", came(), 0)
    form = as_("clerk").get(url("step", number, StepCode.ACCEPT)).content.decode()
    report_by = re.search(r'name="then-feedback_on"[^>]*value="([0-9-]+)"', form)
    assert report_by is not None and date.fromisoformat(report_by[1]) > today()
    sent = {"accepted_on": today().isoformat(), "then": "on", "then-feedback_on": report_by[1]}
    send(as_("clerk"), number, StepCode.ACCEPT, handling_unit="funds", responsible_leader="leader", **sent)
    facts = facts_of(Petition.objects.get(number=number))
    assert facts.handed_over_to_unit and facts.handling_unit == "funds"


# A sheet is added on the form that rests on it.


def proof(name: str = "回证.png", data: bytes = RECEIPT_SCAN) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/png")


def posted_reply() -> str:
    number = register(came())
    walk(number, "replied", came(), 0)
    take(
        number,
        StepCode.SEND_PAPER,
        "clerk",
        came(),
        paper=_opinion(number),
        method="post",
        mail_number="XA0000000151",
        sent_on=came().isoformat(),
    )
    return number


def _opinion(number: str) -> int:
    return max(p.number for p in facts_of(Petition.objects.get(number=number)).papers)


SERVED = {"method": "post", "receipt": "signed", "receiver": "本人", "mail_number": "XA0000000151"}


def test_a_receipt_is_added_on_the_form_of_the_service() -> None:
    number = posted_reply()
    answer = send(as_("handler"), number, StepCode.SERVE, served_on=today().isoformat(), **SERVED, proof_file=proof())
    assert answer.status_code == 302
    facts = facts_of(Petition.objects.get(number=number))
    receipts = facts.filed(Material.RECEIPT)
    assert len(receipts) == 1 and facts.last(StepCode.SERVE).step.attachment == receipts[0].number


def test_a_step_that_is_refused_loses_no_sheet() -> None:
    number, client = posted_reply(), as_("handler")
    fields = {**SERVED, "served_on": today().isoformat(), "receiver": ""}
    answer = send(client, number, StepCode.SERVE, **fields, proof_file=proof())
    assert answer.status_code == 422
    place = facts_of(Petition.objects.get(number=number)).filed(Material.RECEIPT)[0].number
    assert f'<option value="{place}" selected>' in answer.content.decode()
    # Sent once more from that page it is taken, and the sheet lies there once.
    seen = re.search(r'name="seen" value="(\d+)"', answer.content.decode())
    assert seen is not None
    again = {**fields, "receiver": "本人", "attachment": place, "seen": seen[1]}
    assert send(client, number, StepCode.SERVE, **again).status_code == 302
    assert len(facts_of(Petition.objects.get(number=number)).filed(Material.RECEIPT)) == 1


def test_a_file_that_is_not_taken_is_said_at_its_field() -> None:
    number = posted_reply()
    fields = {**SERVED, "served_on": today().isoformat()}
    answer = send(as_("handler"), number, StepCode.SERVE, **fields, proof_file=proof("回证.png", b"not a picture"))
    assert answer.status_code == 422 and 'href="#proof_file"' in answer.content.decode()
    assert not facts_of(Petition.objects.get(number=number)).filed(Material.RECEIPT)


def test_a_sheet_hides_nothing_that_somebody_else_did_meanwhile() -> None:
    number = posted_reply()
    seen = Petition.objects.get(number=number).revision
    sent = {"method": "post", "mail_number": "XA0000000152", "sent_on": today().isoformat()}
    take(number, StepCode.SEND_PAPER, "clerk", paper=_opinion(number), **sent)
    fields = {**SERVED, "served_on": today().isoformat(), "seen": seen}
    answer = send(as_("handler"), number, StepCode.SERVE, **fields, proof_file=proof())
    assert answer.status_code == 422 and "另有人办理了此件" in page(answer)


# The handler of a case sees name and telephone at one click a day, and every look is on record.


def in_hand() -> str:
    number = register(came())
    walk(number, "signed", came(), 0)
    return number


def unmasked(number: str) -> int:
    return AccessLogEntry.objects.filter(petition__number=number, what="unmask").count()


def test_the_handler_sees_the_telephone_at_one_click_a_day() -> None:
    number, client = in_hand(), as_("handler")
    assert "15000000001" not in page(client.get(url("petition", number)))
    assert "15000000001" not in page(client.get(url("step", number, StepCode.TALK)))
    assert client.post(url("phone", number)).status_code == 302
    assert "15000000001" in page(client.get(url("petition", number)))
    assert "15000000001" in page(client.get(url("step", number, StepCode.TALK)))
    assert "某盟某旗某苏木" not in page(client.get(url("petition", number)))
    looks = AccessLogEntry.objects.filter(petition__number=number, what="unmask")
    assert [e.detail["fields"] for e in looks] == [["name", "phone"]] * 3
    assert all(e.by.username == "handler" and e.reason for e in looks)


def test_the_click_ends_with_the_day() -> None:
    number, client = in_hand(), as_("handler")
    client.post(url("phone", number))
    session = client.session
    session["calls"] = {number: (today() - timedelta(days=1)).isoformat()}
    session.save()
    assert "15000000001" not in page(client.get(url("petition", number)))


@pytest.mark.parametrize("somebody", ["head", "office_head", "leader", "adviser", "auditor", "head2"])
def test_nobody_else_sees_it_without_a_reason(somebody: str) -> None:
    number, client = in_hand(), as_(somebody)
    assert client.post(url("phone", number)).status_code == 404
    assert "15000000001" not in page(client.get(url("petition", number)))
    assert unmasked(number) == 0


def test_who_registered_it_today_has_just_typed_it() -> None:
    number = register(today())
    assert as_("clerk").post(url("phone", number)).status_code == 302
    earlier = register(came())
    assert as_("clerk").post(url("phone", earlier)).status_code == 404


def test_never_in_a_sealed_case() -> None:
    number = register(today())
    take(number, StepCode.CLASSIFY, "clerk", today(), matter_class="report")
    client = as_("sealed")
    client.post(url("sealed-reason", number), {"reason": "核对移送材料"})
    assert client.post(url("phone", number)).status_code == 404


# The inbox refreshes itself: only what changed is sent, and it is no sign of life.


def test_an_inbox_that_did_not_change_answers_with_nothing() -> None:
    register(came())
    client = as_("clerk")
    state = re.search(r'data-state="([0-9a-f]+)"', client.get(url("inbox")).content.decode())
    assert state is not None
    assert client.get(url("inbox"), {"live": state[1]}, headers={"X-Live": "1"}).status_code == 204
    number = register(came())
    answer = client.get(url("inbox"), {"live": state[1]}, headers={"X-Live": "1"})
    assert answer.status_code == 200 and number in page(answer) and "<html" not in answer.content.decode()


# A subject that nobody wrote is made of the requests.


def test_a_letter_without_a_subject_gets_that_of_its_requests() -> None:
    client = as_("clerk")
    fields = {
        "key": uuid.uuid4().hex,
        "secrecy": "no",
        "channel": "letter",
        "source": "direct",
        "received_on": today().isoformat(),
        "subject": "",
        "body": "补助没有发放。",
        "requests-0-text": "说明未发放原因",
        "requests-1-text": "补发补助",
        "group_size": "1",
    }
    assert client.post(url("register"), fields).status_code == 302
    assert Petition.objects.latest("pk").subject == "说明未发放原因；补发补助"
    assert client.post(url("register"), {**fields, "requests-0-text": "", "requests-1-text": ""}).status_code == 422
