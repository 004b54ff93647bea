"""A code that is sent opens a case in place of four digits: once, for ten minutes, and never says whose case it is."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.petitioner_news.sending import MOBILE, Gateway, running_gateway
from tests.urls import url
from tests.window.standing import PHONE, code_shown, days_ago, is_open, opened, submitted
from tests.world import make_department, register
from xinfang.cases.models import Petition
from xinfang.petitioner_news.actions import keep_wishes
from xinfang.petitioner_news.actions.codes import AN_HOUR, MINUTES, use_code
from xinfang.petitioner_news.models import SentCode
from xinfang.petitioner_news.wishes import Wishes
from xinfang.window import session
from xinfang.window.attempts import PAIR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with running_gateway(settings) as found:
        yield found


def letter(phone: str = MOBILE) -> Petition:
    number = register(days_ago(5), persons=[{"name": "其木格", "phone": phone}])
    return Petition.objects.get(number=number)


def asked(number: str, code: str, browser: Client | None = None) -> str:
    """What the page says to who asks for a code, without what changes at each request."""
    page = (browser or Client()).post(url("window-follow"), {"number": number, "code": code, "do": "send"})
    assert page.status_code == 200
    return re.sub(r'value="[^"]*"', "", page.content.decode())


def came(gateway: Gateway) -> str:
    content = gateway.next()["content"]
    found = re.search(r"验证码(\d{6})，10分钟内有效", content)
    assert found and "请不要告诉任何人" in content
    return found[1]


def test_a_code_is_sent_to_the_telephone_of_the_case_and_opens_it_once(gateway: Gateway) -> None:
    row = letter()
    assert "验证码已经发出" in asked(row.number, row.inquiry_code)
    code = came(gateway)
    assert code not in str(SentCode.objects.values())
    assert is_open(opened(row.number, row.inquiry_code, code))
    assert not is_open(opened(row.number, row.inquiry_code, code)), "it is good once"


def test_it_goes_where_messages_are_wished_for(gateway: Gateway) -> None:
    row = letter()
    keep_wishes(row, 1, Wishes(sms="15000009999"), staff=None, now=timezone.now())
    asked(row.number, row.inquiry_code)
    assert gateway.next()["mobile"] == "15000009999" and gateway.has_none()


def test_it_is_good_for_ten_minutes_and_for_its_own_case(gateway: Gateway) -> None:
    row, other = letter(), letter()
    asked(row.number, row.inquiry_code)
    code = came(gateway)
    assert use_code(other, code, timezone.now()) == 0
    assert use_code(row, code, timezone.now() + timedelta(minutes=MINUTES, seconds=1)) == 0
    assert use_code(row, code, timezone.now()) == 1


def test_it_is_no_secret_of_the_petitioners_own(gateway: Gateway) -> None:
    """Who registered the case could have given their own telephone (decision 0043)."""
    row = letter()
    asked(row.number, row.inquiry_code)
    browser = opened(row.number, row.inquiry_code, came(gateway))
    kept = session.signing.loads(browser.cookies[session.COOKIE].value, salt="xinfang.window")
    assert kept[:3] == [row.number, 1, False]


def test_asking_says_the_same_to_everybody(gateway: Gateway, settings: Any, tmp_path: Any) -> None:
    settings.RATE_LIMITS, settings.DATA = True, tmp_path
    row, landline = letter(), letter("0471-6280000")
    said = {
        asked(row.number, row.inquiry_code),
        asked(row.number, "0" * 16),
        asked("LX2026999999", row.inquiry_code),
        asked(landline.number, landline.inquiry_code),
    }
    for _ in range(PAIR.times + 1):
        said.add(asked(row.number, row.inquiry_code))
    assert len(said) == 1
    assert SentCode.objects.count() == AN_HOUR, "nobody is flooded"
    asked(row.number, row.inquiry_code, Client(REMOTE_ADDR="10.9.9.9"))
    assert SentCode.objects.count() == AN_HOUR


def test_how_long_it_takes_says_nothing_of_whether_there_is_such_a_case(gateway: Gateway) -> None:
    row = letter()

    def seconds(number: str) -> float:
        taken = []
        for _ in range(15):
            began = time.process_time()
            asked(number, "0" * 16)
            taken.append(time.process_time() - began)
        return median(taken)

    seconds(row.number)
    assert 0.5 < seconds("LX2026999999") / seconds(row.number) < 2


def test_a_slow_gateway_keeps_nobody_waiting(gateway: Gateway) -> None:
    gateway.does("slow", timeout=3)
    row, began = letter(), time.monotonic()
    asked(row.number, row.inquiry_code)
    assert time.monotonic() - began < 2


def test_without_a_gateway_no_code_is_offered_and_the_other_proofs_stay() -> None:
    browser = Client()
    row = submitted(browser)
    assert "验证码" not in Client().get(url("window-follow")).content.decode()
    assert is_open(opened(row.number, code_shown(browser), PHONE[-4:]))
    page = Client().post(url("window-follow"), {"number": row.number, "code": "0" * 16, "do": "send"})
    assert page.status_code == 422 and not SentCode.objects.exists()
