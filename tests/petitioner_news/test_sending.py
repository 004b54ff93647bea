"""Messages to petitioners leave through real gateways: never content, retried, given up into a task, never by night."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.utils import timezone

from tests.operations.test_mail import Box, free_port, point_at
from tests.petitioner_news.sending import MOBILE, Gateway, running_gateway
from tests.urls import url
from tests.window.standing import PHONE, WRITTEN, days_ago, facts, submitted
from tests.world import SHANGHAI, as_, make_department, register, take, tell, walk
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.operations.main import main
from xinfang.petitioner_news.actions import keep_wishes, queue_news, sending
from xinfang.petitioner_news.models import NewsConsent, NewsMessage
from xinfang.petitioner_news.wishes import Wishes
from xinfang.procedure.step_codes import StepCode

pytestmark = pytest.mark.django_db
State = NewsMessage.State


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with running_gateway(settings) as found:
        yield found


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    point_at(settings, server.port)
    settings.QUIET_HOURS = (time(0), time(0))
    yield box
    server.stop()


def letter(**wishes: Any) -> Petition:
    """A letter whose petitioner wishes for messages."""
    row = Petition.objects.get(number=register(days_ago(20)))
    keep_wishes(row, 1, Wishes(**wishes), staff=None, now=timezone.now())
    return row


def with_news(**wishes: Any) -> Petition:
    row = letter(**(wishes or {"sms": MOBILE}))
    queue_news(row, timezone.now())
    return row


def send_at(at: datetime) -> sending.NewsReport:
    return sending.send_waiting_news(now=lambda: at)


def send(after: timedelta = timedelta(0)) -> sending.NewsReport:
    return send_at(timezone.now() + after)


def test_an_sms_says_that_there_is_news_and_nothing_of_the_case(gateway: Gateway) -> None:
    row = with_news()
    assert send().handed == 1
    took = gateway.next()
    assert took["mobile"] == MOBILE and took["content"] == "【某厅】您的信访事项有新进展，请凭编号和查询码查看。"
    assert took["ref"] == {"id": NewsMessage.objects.get().key}
    assert row.number not in str(took) and WRITTEN["subject"] not in str(took)
    assert send().handed == 0 and gateway.has_none()


def test_the_number_is_named_only_where_the_petitioner_permitted_it(gateway: Gateway) -> None:
    row = with_news(sms=MOBILE, number_shown=True)
    send()
    assert f"您的信访事项（{row.number}）有新进展" in gateway.next()["content"]


def test_an_email_goes_through_the_mail_server_that_is_set(box: Box) -> None:
    row = with_news(mail="suri@example.cn")
    assert send().handed == 1
    [(to, text)] = box.sent()
    assert to == ["suri@example.cn"] and "有新进展" in text
    assert row.number not in text and "其木格" not in text


def test_what_is_sent_to_the_petitioner_is_news_and_what_the_office_says_to_itself_is_none(gateway: Gateway) -> None:
    row = letter(sms=MOBILE)
    walk(row.number, "proposed", days_ago(20))
    assert not NewsMessage.objects.exists()
    take(row.number, StepCode.INSTRUCT, "leader", days_ago(17), text="同意。")
    take(row.number, StepCode.ACCEPT, "clerk", days_ago(16), contact="0471-0000000")
    tell(row.number, days_ago(16))
    assert NewsMessage.objects.count() == 1, "the notice left the house"
    tell(row.number, days_ago(15))
    assert NewsMessage.objects.count() == 1, "one that waits is enough"


def test_nobody_who_did_not_wish_for_it_is_sent_anything(gateway: Gateway) -> None:
    row = Petition.objects.get(number=register(days_ago(20)))
    assert queue_news(row, timezone.now()) == 0 and not NewsMessage.objects.exists()


def test_without_a_gateway_nothing_is_asked_and_nothing_waits() -> None:
    assert "短信" not in Client().get(url("window-submit")).content.decode()
    assert "进展提醒" not in as_("clerk").get(url("register")).content.decode()
    assert queue_news(letter(sms=MOBILE), timezone.now()) == 0


@pytest.mark.parametrize(("hour", "goes"), [(20, True), (21, False), (3, False), (8, True)])
def test_nobody_is_disturbed_at_night(gateway: Gateway, settings: Any, hour: int, goes: bool) -> None:
    with_news()
    settings.QUIET_HOURS = (time(21), time(8))
    day = today() + timedelta(days=1)
    at = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)
    assert sending.is_anything_due(at) is goes
    assert send_at(at).handed == goes


@pytest.mark.parametrize("trouble", ["broken", "slow", "moved", "polite", "down", "wrong token"])
def test_a_message_that_was_not_taken_is_sent_again_after_growing_pauses(
    gateway: Gateway, settings: Any, trouble: str
) -> None:
    with_news()
    if trouble == "down":
        gateway.does("send", port=free_port())
    elif trouble == "wrong token":
        gateway.does("send", token="another")
    else:
        gateway.does(trouble, ok="code=OK", timeout=0.3 if trouble == "slow" else 5)
    now, pauses = timezone.now(), []
    for _ in range(sending.MAX_TRIES - 1):
        assert send_at(now).failed == 1
        row = NewsMessage.objects.get()
        pauses.append((row.next_try - now) // timedelta(minutes=1))
        assert send_at(now).failed == 0, "not before its pause is over"
        now = row.next_try
    assert pauses == [1, 2, 4, 8, 16, 32, 64]
    gateway.does("send", ok="code=OK")
    assert send_at(now).handed == 1 and gateway.next()["mobile"] == MOBILE


def test_one_whose_answer_was_lost_goes_again_with_the_same_key_and_arrives_once(gateway: Gateway) -> None:
    with_news()
    gateway.does("lost")
    assert send().failed == 1
    first = gateway.next()
    gateway.does("send")
    assert send(timedelta(minutes=2)).handed == 1
    assert gateway.has_none() and first["ref"]["id"] == NewsMessage.objects.get().key, "the gateway knew it by its key"


def test_a_gateway_that_is_down_is_not_asked_for_every_message(gateway: Gateway) -> None:
    for _ in range(8):
        with_news()
    gateway.does("broken")
    assert send().failed == 5 and NewsMessage.objects.filter(tries=0).count() == 3


def given_up(row: Petition) -> NewsMessage:
    now = timezone.now()
    for _ in range(sending.MAX_TRIES):
        send_at(now)
        now += timedelta(hours=2)
    return NewsMessage.objects.get(petition=row)


def test_an_undelivered_message_is_a_task_for_who_has_the_case_and_stops_no_clock(gateway: Gateway) -> None:
    row = with_news()
    before = facts(row.number)
    gateway.does("broken")
    message = given_up(row)
    assert message.state == State.GIVEN_UP and message.told_at is None
    assert facts(row.number) == before, "nothing counts as told"
    told = Notification.objects.filter(kind=sending.NOTIFICATION)
    assert {n.staff.username for n in told} == {"clerk", "clerk2", "office_head"}
    assert all("请改用其他方式告知" in n.text and "已告知" not in n.text for n in told)
    clerk = as_("clerk")
    assert "待改用其他方式告知" in clerk.get(url("inbox")).content.decode()
    assert "这不算告知" in clerk.get(url("petition", row.number)).content.decode()
    page = clerk.get(url("undelivered")).content.decode()
    assert row.number in page and "短信网关没有接收（500）" in page and MOBILE not in page


def test_the_task_ends_when_somebody_writes_down_how_the_petitioner_was_told(gateway: Gateway) -> None:
    row = with_news()
    gateway.does("refuse")
    assert send().given_up == 1, "another try would change nothing"
    message = NewsMessage.objects.get()
    clerk, sent = as_("clerk"), {"number": row.number, "message": message.pk}
    assert "请写明怎样告知的" in clerk.post(url("undelivered"), sent).content.decode()
    assert as_("handler2").post(url("undelivered"), {**sent, "how": "电话"}).status_code == 422, "not theirs"
    assert clerk.post(url("undelivered"), {**sent, "how": "6月3日打电话告诉本人"}).status_code == 302
    message.refresh_from_db()
    assert message.told_how == "6月3日打电话告诉本人" and message.told_by.username == "clerk"
    assert not Notification.objects.filter(kind=sending.NOTIFICATION, ended_at=None).exists()
    assert "没有需要另行告知的提醒" in clerk.get(url("undelivered")).content.decode()


def test_the_window_asks_and_a_petitioner_stops_it_as_easily(gateway: Gateway) -> None:
    browser = Client()
    assert "有新进展时给我发短信" in browser.get(url("window-submit")).content.decode()
    row = submitted(browser, news_sms="on")
    consent = NewsConsent.objects.get()
    assert consent.where == {"sms": PHONE} and consent.by is None and not consent.number_shown
    queue_news(row, timezone.now())
    assert PHONE in browser.get(url("window-news")).content.decode()
    assert PHONE in browser.get(url("window-data")).content.decode()
    browser.post(url("window-news"), {"do": "stop"})
    assert "不发提醒" in browser.get(url("window-news")).content.decode()
    assert NewsMessage.objects.get().state == State.DROPPED and send().handed == 0
    browser.post(url("window-news"), {"do": "keep", "news_sms": "150 0000 9999", "news_number": "on"})
    assert NewsConsent.objects.latest("pk").where == {"sms": "15000009999"}
    wrong = browser.post(url("window-news"), {"do": "keep", "news_sms": "0471-6280000"})
    assert wrong.status_code == 422 and "11位手机号" in wrong.content.decode()
    assert NewsConsent.objects.count() == 3


def test_a_landline_can_not_be_sent_an_sms(gateway: Gateway) -> None:
    answer = Client().post(url("window-submit"), {**WRITTEN, "phone": "0471-6280000", "news_sms": "on"})
    assert answer.status_code == 422 and "11位手机号" in answer.content.decode()


def test_of_a_report_of_wrongdoing_nothing_is_sent(gateway: Gateway) -> None:
    browser = Client()
    submitted(browser, news_sms="on", wrongdoing="on")
    assert not NewsConsent.objects.exists()
    assert "检举控告不发提醒" in browser.post(url("window-news"), {"news_sms": MOBILE}).content.decode()
    row = with_news()
    Petition.objects.filter(pk=row.pk).update(sealed=True)
    assert send().dropped == 1 and gateway.has_none(), "sealed since"


def test_the_desk_writes_down_the_wish_at_registration(gateway: Gateway) -> None:
    clerk = as_("clerk")
    page = clerk.get(url("register")).content.decode()
    assert "进展提醒发到手机" in page
    sent = {
        "key": "k" * 32, "secrecy": "no", "channel": "visit", "source": "direct", "subject": "请求说明",
        "received_on": today().isoformat(), "body": "内容", "persons-0-name": "其木格", "news_sms": "123",
    }  # fmt: skip
    assert "11位手机号" in clerk.post(url("register"), sent).content.decode() and not Petition.objects.exists()
    answer = clerk.post(url("register"), {**sent, "news_sms": MOBILE, "news_number": "on"})
    assert answer.status_code == 302
    consent = NewsConsent.objects.get()
    assert consent.where == {"sms": MOBILE} and consent.by.username == "clerk" and consent.number_shown


def test_who_calls_has_it_stopped_at_the_desk(gateway: Gateway) -> None:
    row = with_news()
    clerk, page = as_("clerk"), url("told", row.number)
    assert "停止进展提醒" in clerk.get(page).content.decode()
    assert clerk.post(page, {"do": "stop-news"}).status_code == 422, "not before it was made sure who asks"
    answer = clerk.post(page, {"do": "stop-news", "how": "phone", "proof": "called"}).content.decode()
    assert "已停止进展提醒" in answer and "停止进展提醒</button>" not in clerk.get(page).content.decode()
    assert NewsMessage.objects.get().state == State.DROPPED and NewsConsent.objects.latest("pk").where == {}


def test_who_died_or_took_it_back_is_sent_nothing(gateway: Gateway) -> None:
    row = letter(sms=MOBILE)
    assert queue_news(row, timezone.now(), gone={1}) == 0 and queue_news(row, timezone.now(), gone={2}) == 1


def test_the_notice_of_what_is_collected_names_the_gateway(gateway: Gateway) -> None:
    assert "经短信网关、邮件服务器发出" in Client().get(url("window-notice")).content.decode()


def test_the_command_sends_what_waits_and_says_how_it_went(
    gateway: Gateway, settings: Any, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = tmp_path
    with_news()
    assert sending.is_anything_due(timezone.now()) and main(["news", "send"]) == 0
    assert "已交网关 1 条" in capsys.readouterr().out and gateway.next()["mobile"] == MOBILE
    assert not sending.is_anything_due(timezone.now())
    with_news()
    gateway.does("refuse")
    assert main(["news", "send", "--json"]) == 1 and '"given_up": 1' in capsys.readouterr().out


def test_only_one_sender_works_at_a_time(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    with sending.sole_news_sender() as first, sending.sole_news_sender() as second:
        assert first and not second
