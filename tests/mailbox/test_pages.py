"""What a clerk does with what came into the mailbox: registered, joined, put forward, taken back, erased."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.archive.test_disposal import archived, proposed
from tests.mailbox import poison
from tests.urls import url
from tests.world import make_department, register, take, who
from xinfang.accounts.models import Duty, Staff
from xinfang.archive.actions import disposal
from xinfang.attachments.models import Attachment
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.core.file_store import check_files, path_of
from xinfang.mailbox.actions import deciding
from xinfang.mailbox.actions.taking import keep_mail
from xinfang.mailbox.imap_box import BoxMessage
from xinfang.mailbox.models import IncomingMail, MailProposal
from xinfang.mailbox.queries.mails import find_mail
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

pytestmark = pytest.mark.django_db
State = IncomingMail.State
CAME = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
"""Half past midnight of the 21st in Shanghai."""


def kept(raw: bytes, uid: int = 1, at: datetime = CAME) -> int:
    mail = keep_mail(raw, BoxMessage(uid, len(raw), at), "xinfang@box/INBOX", 1, whole=True)
    assert mail is not None
    return mail.pk


def desk(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


@pytest.fixture(autouse=True)
def _department() -> None:
    make_department()


def sent(pk: int, **changes: Any) -> dict[str, Any]:
    return {
        "key": "a" * 32, "mail": pk, "secrecy": "no", "channel": "online", "source": "direct",
        "received_on": "2026-11-25", "subject": "请求补发科技特派员补助", "body": poison.TEXT,
        "persons-0-name": "萨仁图雅", "persons-0-kind": "natural", "persons-0-role": "petitioner", "group_size": "1",
        **changes,
    }  # fmt: skip


def test_registered_beside_the_message_with_its_day_and_files(client: Client) -> None:
    message = poison.with_files()
    pk = kept(message)
    clerk = desk("clerk")
    shown = clerk.get(url("mails")).content.decode()
    assert "请求补发科技特派员补助" in shown and "萨**" in shown and "saren@" not in shown, "masked in the list"
    form = clerk.get(f"{url('register')}?mail={pk}").content.decode()
    assert poison.TEXT in form and "saren@example.com" in form and "看照片.exe" in form
    assert 'value="2026-11-21"' in form, "the day on which it came into the box"
    answer = clerk.post(url("register"), sent(pk), follow=True)
    page = answer.content.decode()
    petition = Petition.objects.get()
    assert petition.received_on.isoformat() == "2026-11-21", "not the day that was typed"
    mail = IncomingMail.objects.get()
    assert mail.state == State.REGISTERED and mail.petition == petition
    assert [a.name for a in Attachment.objects.all()] == ["申请书.pdf"], "what the checks take"
    assert "看照片.exe" in page and "证明.pdf" in page, "and what they don't is named"
    again = clerk.post(url("register"), sent(pk), follow=True)
    assert Petition.objects.count() == 1 and again.redirect_chain[-1][0] == url("petition", petition.number)
    other = desk("clerk2").post(url("register"), sent(pk, key="b" * 32), follow=True)
    assert Petition.objects.count() == 1 and "已经办理" in other.content.decode()
    assert AdminRecord.objects.filter(what=deciding.LOOKED).exists()
    raw = b"".join(clerk.get(url("mail-raw", pk)).streaming_content)
    assert raw == message, "what was refused is still there, in the message as it came"
    assert verify().whole and check_files() == []


def test_a_good_letter_becomes_an_attachment_whole(client: Client) -> None:
    pk = kept(poison.a_letter(1))
    desk("clerk").post(url("register"), sent(pk))
    assert [a.kind for a in Attachment.objects.all()] == ["eml"]


def test_nobody_else_finds_the_mails() -> None:
    pk = kept(poison.a_letter(1))
    for username in ("handler", "leader", "auditor", "admin", "sealed", "adviser"):
        for address in (url("mails"), url("mail", pk), url("mail-raw", pk)):
            assert desk(username).get(address).status_code == 404, (username, address)


def test_not_registered_only_when_another_agrees(client: Client) -> None:
    pk = kept(poison.a_letter(1, "优惠"))
    clerk, head = desk("clerk"), desk("office_head")
    there = url("mail-decide", pk)
    refused = clerk.post(there, {"do": "aside", "reason": " "})
    assert refused.status_code == 422 and "理由" in refused.content.decode()
    clerk.post(there, {"do": "aside", "reason": "广告"})
    assert clerk.post(there, {"do": "agree"}).status_code == 422, "nobody agrees to their own"
    assert head.post(there, {"do": "refuse"}).status_code == 422, "a refusal says why"
    assert IncomingMail.objects.get().state == State.PROPOSED
    assert "广告" in head.get(url("mail", pk)).content.decode()
    head.post(there, {"do": "refuse", "opinion": "是来信"})
    assert IncomingMail.objects.get().state == State.WAITING
    clerk.post(there, {"do": "aside", "reason": "广告"})
    head.post(there, {"do": "agree"})
    assert IncomingMail.objects.get().state == State.SET_ASIDE
    assert clerk.get(f"{url('register')}?mail={pk}").content.decode().count("邮件</h2>") == 0
    clerk.post(there, {"do": "again"})
    assert IncomingMail.objects.get().state == State.WAITING
    assert verify().whole


def test_what_a_program_sent_is_decided_by_one_person(client: Client) -> None:
    first, second = kept(poison.auto_reply(), 1), kept(poison.bounce(), 2)
    assert set(MailProposal.objects.values_list("by", flat=True)) == {None}
    clerk = desk("clerk")
    assert "自动" in clerk.get(f"{url('mails')}?show=proposed").content.decode()
    clerk.post(url("mail-decide", first), {"do": "refuse"})
    clerk.post(url("mail-decide", second), {"do": "agree"})
    assert [IncomingMail.objects.get(pk=pk).state for pk in (first, second)] == [State.WAITING, State.SET_ASIDE]


def test_joined_to_a_case_that_is_there(client: Client) -> None:
    number = register(today())
    pk = kept(poison.a_letter(1, "补充：银行流水见附件。"))
    clerk = desk("clerk")
    assert clerk.post(url("mail-decide", pk), {"do": "join", "number": "LX2026999999"}).status_code == 422
    clerk.post(url("mail-decide", pk), {"do": "join", "number": number.lower()})
    assert Attachment.objects.get().petition.number == number
    assert find_mail(pk, who("handler2")).read is None, "seen by who sees the case"


def test_what_may_be_secret_is_not_kept(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    pk = kept(poison.a_letter(1))
    place = path_of(IncomingMail.objects.get().address)
    with django_capture_on_commit_callbacks(execute=True):
        desk("clerk").post(url("register"), sent(pk, secrecy="unsure"))
    mail = IncomingMail.objects.get()
    assert mail.state == State.SET_ASIDE and mail.wrapped_key is None and not bytes(mail.sealed)
    assert not place.exists() and Petition.objects.count() == 0
    assert desk("clerk").get(url("mail-raw", pk)).status_code == 404
    assert verify().whole and check_files() == []


def test_of_a_sealed_case_nothing_is_shown_but_to_its_officer(client: Client) -> None:
    pk = kept(poison.a_letter(1))
    desk("clerk").post(url("register"), sent(pk))
    number = Petition.objects.get().number
    take(number, StepCode.SEAL, "clerk", reason="检举控告")
    page = desk("clerk2").get(url("mail", pk)).content.decode()
    assert poison.TEXT not in page and number not in page
    assert desk("clerk2").get(url("mail-raw", pk)).status_code == 404
    listed = desk("clerk2").get(f"{url('mails')}?show=registered").content.decode()
    assert "请求补发" not in listed and number not in listed


def test_the_home_page_tells_of_the_first_of_fifteen_days(client: Client) -> None:
    kept(poison.a_letter(1), at=timezone.now())
    assert "邮箱来件" in desk("clerk").get(url("inbox")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_message_ends_with_its_case() -> None:
    """Destroyed at the end of its period, nothing is left of the message but that it came."""
    Duty.objects.update(since=date(2010, 1, 1))
    number = archived()
    pk = kept(poison.a_letter(1))
    place = path_of(IncomingMail.objects.get().address)
    deciding.mail_was_registered(
        pk, Petition.objects.get(number=number), by=who("clerk"), staff=Staff.objects.get(username="clerk")
    )
    assert place.exists()
    head = Staff.objects.get(username="office_head")
    disposal.decide_disposal(proposed(number), agree=True, opinion="", by=who("office_head"), staff=head)
    mail = IncomingMail.objects.get()
    assert mail.wrapped_key is None and not bytes(mail.sealed) and not place.exists()
    assert verify().whole and check_files() == []
