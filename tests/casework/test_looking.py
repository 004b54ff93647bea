"""Who looks is written down; what is masked is shown for a reason, to who is at the desk; a sealed case asks first."""

import time
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.urls import url
from tests.world import LETTER, PASSWORD, as_, register, take, walk
from xinfang.accounts.actions import sign_ins
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.cases.projections.columns import SEALED_SUBJECT_IN_LISTS
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
PHONE, ADDRESS = "15000000001", "某盟某旗某苏木"


def away_for_ten_minutes(client: Client) -> None:
    session = client.session
    session[sign_ins.SESSION_KEY] = {**session[sign_ins.SESSION_KEY], "confirmed": int(time.time()) - 600}
    session.save()


def confirm_again(client: Client) -> None:
    """Every account of the tests has a password and no second factor."""
    assert client.post(url("confirm"), {"password": PASSWORD, "next": url("inbox")}).status_code == 302


def came(days_ago: int = 30) -> date:
    return today() - timedelta(days=days_ago)


def sealed() -> str:
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", came(), matter_class="report")
    assert Petition.objects.get(number=number).sealed
    return number


def test_every_reading_of_a_case_is_in_the_chain() -> None:
    number = register(came())
    assert as_("clerk").get(url("petition", number)).status_code == 200
    assert as_("clerk").get(url("receipt", number)).status_code == 200
    looks = list(AccessLogEntry.objects.order_by("seq").values_list("what", "by__username", "petition__number"))
    assert looks == [("read", "clerk", number), ("unmask", "clerk", number)]
    assert verify().whole


def test_hidden_cases_leave_no_look() -> None:
    number = register(came())
    assert as_("head2").get(url("petition", number)).status_code == 404
    assert not AccessLogEntry.objects.exists()


def test_personal_data_is_shown_once_for_a_reason() -> None:
    number = register(came())
    client = as_("clerk")
    page = url("unmask", number)
    assert PHONE not in client.get(url("petition", number)).content.decode()
    away_for_ten_minutes(client)
    assert client.get(page)["Location"].startswith(url("confirm"))
    assert client.post(page, {"reason": "电话通知领取意见书"})["Location"].startswith(url("confirm"))
    confirm_again(client)
    asked = client.get(page).content.decode()
    assert "理由" in asked and PHONE not in asked
    short = client.post(page, {"reason": " 看 "})
    assert short.status_code == 422 and PHONE not in short.content.decode()
    assert not AccessLogEntry.objects.filter(what="unmask").exists()
    shown = client.post(page, {"reason": "电话通知领取意见书"}).content.decode()
    assert PHONE in shown and ADDRESS in shown and "其木格" in shown
    look = AccessLogEntry.objects.get(what="unmask")
    assert (look.by.username, look.reason) == ("clerk", "电话通知领取意见书")
    assert look.detail == {"fields": ["address", "phone"]}
    assert PHONE not in client.get(page).content.decode()


@pytest.mark.parametrize("username", ["leader", "principal", "adviser", "archivist", "auditor"])
def test_who_only_decides_advises_keeps_or_audits_unmasks_nothing(username: str) -> None:
    number = register(came())
    walk(number, "advised", came())
    client = as_(username)
    confirm_again(client)
    assert client.post(url("unmask", number), {"reason": "想看一看"}).status_code == 404
    assert not AccessLogEntry.objects.filter(what="unmask").exists()


def test_a_sealed_case_asks_why_first_and_then_opens_for_a_while() -> None:
    number = sealed()
    client = as_("sealed")
    first = client.get(url("petition", number))
    assert (
        first.status_code == 302
        and first["Location"] == f"{url('sealed-reason', number)}?{urlencode({'next': url('petition', number)})}"
    )
    assert client.get(url("receipt", number)).status_code == 302
    assert not AccessLogEntry.objects.exists()
    assert client.post(url("sealed-reason", number), {"reason": ""}).status_code == 422
    opened = client.post(url("sealed-reason", number), {"reason": "研究移送事宜", "next": url("petition", number)})
    assert opened["Location"] == url("petition", number)
    assert client.get(url("petition", number)).status_code == 200
    assert list(AccessLogEntry.objects.order_by("seq").values_list("what", "reason")) == [
        ("read", "研究移送事宜"),
        ("read", ""),
    ]
    assert as_("clerk").get(url("sealed-reason", number)).status_code == 404


def test_the_reason_is_asked_for_by_what_the_events_say_whatever_is_in_the_column() -> None:
    number = sealed()
    Petition.objects.update(sealed=False)
    assert as_("sealed").get(url("petition", number)).status_code == 302
    assert as_("clerk").get(url("petition", number)).status_code == 404
    assert not AccessLogEntry.objects.exists()


def test_lists_say_nothing_of_a_sealed_case() -> None:
    number = sealed()
    subject = LETTER["subject"]
    assert Petition.objects.get(number=number).subject == SEALED_SUBJECT_IN_LISTS
    client = as_("sealed")
    for page in (url("petitions"), url("inbox"), url("notices"), url("boards")):
        text = client.get(page).content.decode()
        assert subject not in text and "其**" not in text, page
    assert number in client.get(url("petitions")).content.decode()


def test_the_name_in_a_sealed_case_is_encrypted_and_comes_back() -> None:
    number = sealed()
    person = Petition.objects.get(number=number).petitioners.get()
    assert person.name == "" and person.full_name == "其木格" and person.phone == PHONE


def test_the_auditor_sees_who_looked_and_why_and_no_content() -> None:
    number = sealed()
    as_("sealed").post(url("sealed-reason", number), {"reason": "研究移送事宜"})
    other = register(came())
    as_("clerk").get(url("petition", other))
    auditor = as_("auditor")
    text = auditor.get(url("looks")).content.decode()
    assert number in text and other in text and "研究移送事宜" in text
    assert Petition.objects.get(number=other).subject not in text
    narrowed = auditor.get(f"{url('looks')}?number={number}").content.decode()
    assert number in narrowed and other not in narrowed
    assert as_("clerk").get(url("looks")).status_code == 404
