"""Sessions: a stolen cookie is dead after sign-out, idle and absolute limits, and the owner sees and ends their own."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from tests.urls import url
from tests.world import PASSWORD
from xinfang.accounts.actions import sign_ins
from xinfang.accounts.models import SignIn, Staff
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


def signed_in(username: str = "clerk", agent: str = FIREFOX, address: str = "10.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": agent})
    assert client.post(url("login"), {"username": username, "password": PASSWORD}).status_code == 302
    return client


def cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def thief(client: Client) -> Client:
    """Somebody who copied the cookie."""
    other = Client()
    other.cookies[settings.SESSION_COOKIE_NAME] = cookie(client)
    return other


def comes_in(client: Client) -> bool:
    return client.get(url("inbox")).status_code == 200


def test_a_stolen_cookie_is_dead_after_sign_out() -> None:
    client = signed_in()
    stolen = thief(client)
    assert comes_in(stolen)
    client.post(url("logout"))
    assert not comes_in(stolen) and not comes_in(client)
    assert SignIn.objects.get().ended_why == SignIn.Why.LEFT


def test_the_database_holds_no_cookie() -> None:
    client = signed_in()
    kept = str(list(Session.objects.values())) + str(list(SignIn.objects.values()))
    assert cookie(client) not in kept
    name = Session.objects.get().session_key
    assert name == SignIn.objects.get().key_hash
    copied = Client()
    copied.cookies[settings.SESSION_COOKIE_NAME] = name
    assert not comes_in(copied), "what stands in the table opens nothing"


def test_a_cookie_from_before_signing_in_is_worth_nothing() -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "chosenbytheattacker1234567890abc"
    client.post(url("login"), {"username": "clerk", "password": PASSWORD})
    assert cookie(client) != "chosenbytheattacker1234567890abc"
    fixed = Client()
    fixed.cookies[settings.SESSION_COOKIE_NAME] = "chosenbytheattacker1234567890abc"
    assert not comes_in(fixed)


def test_who_does_nothing_for_half_an_hour_is_out(clock) -> None:
    client = signed_in()
    for _ in range(5):
        clock.pass_(minutes=25)
        assert comes_in(client)
    clock.pass_(minutes=30, seconds=1)
    stolen = thief(client)
    answer = client.get(url("petitions"))
    assert answer["Location"] == f"{url('login')}?next={url('petitions')}"
    assert "30 分钟没有操作" in client.get(answer["Location"]).content.decode()
    assert not comes_in(stolen)
    assert SignIn.objects.get().ended_why == SignIn.Why.IDLE


def test_twelve_hours_are_the_end_however_busy(clock) -> None:
    client = signed_in()
    for _ in range(35):
        clock.pass_(minutes=20)
        assert comes_in(client)
    clock.pass_(minutes=20, seconds=1)
    assert not comes_in(client)
    assert SignIn.objects.get().ended_why == SignIn.Why.TOO_LONG


def test_the_limits_are_settings(clock, settings) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 5, 1
    client = signed_in()
    clock.pass_(minutes=6)
    assert not comes_in(client)


def test_last_seen_is_written_once_a_minute_and_costs_nothing_in_between(clock, django_assert_num_queries) -> None:
    client = signed_in()
    seen = SignIn.objects.get().last_seen_at
    with django_assert_num_queries(2):  # the session and the account, as before
        client.get(url("login"))
    clock.pass_(seconds=59)
    client.get(url("login"))
    assert SignIn.objects.get().last_seen_at == seen
    clock.pass_(seconds=2)
    client.get(url("login"))
    assert (SignIn.objects.get().last_seen_at - seen).total_seconds() == 61


def test_the_owner_sees_their_sign_ins_and_ends_them() -> None:
    here, phone, other = signed_in(), signed_in(agent=PHONE, address="10.0.0.9"), signed_in("clerk2")
    page = here.get(url("account")).content.decode()
    for words in ("Firefox · Linux", "Chrome · 安卓手机", "10.0.0.9", "正在使用"):
        assert words in page
    theirs = SignIn.objects.get(staff__username="clerk2").pk
    here.post(url("account"), {"end": str(theirs)})
    assert comes_in(other), "nobody ends another's session"
    here.post(url("account"), {"end": str(SignIn.objects.get(address="10.0.0.9").pk)})
    assert comes_in(here) and not comes_in(phone)
    phone = signed_in(agent=PHONE)
    here.post(url("account"), {"end": "others"})
    assert comes_in(here) and not comes_in(phone)
    assert AdminRecord.objects.filter(what="结束登录", by__username="clerk").count() == 2
    assert "本人在别处结束" in here.get(url("account")).content.decode()
    for nonsense in ("", "x", "9" * 30, "-1"):
        assert here.post(url("account"), {"end": nonsense}).status_code == 302


def test_a_new_password_ends_the_others_and_keeps_this_one() -> None:
    here, other = signed_in(), signed_in()
    before = cookie(here)
    here.post(url("password"), {"old": PASSWORD, "new": "Another-word-1", "again": "Another-word-1"})
    assert comes_in(here) and not comes_in(other) and cookie(here) != before
    assert SignIn.objects.filter(ended_why=SignIn.Why.PASSWORD).count() == 1
    here.post(url("logout"))
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_who_left_or_is_closed_is_out_at_once() -> None:
    left, closed = signed_in(), signed_in("clerk2")
    Staff.objects.filter(username="clerk").update(left_on=today().replace(year=2020))
    Staff.objects.filter(username="clerk2").update(is_active=False)
    assert not comes_in(left) and not comes_in(closed)
    assert set(SignIn.objects.values_list("ended_why", flat=True)) == {SignIn.Why.GONE}


def test_signing_in_again_in_the_same_browser_ends_the_earlier_one() -> None:
    client = signed_in()
    first = thief(client)
    client.post(url("login"), {"username": "clerk2", "password": PASSWORD})
    assert not comes_in(first)
    assert SignIn.objects.get(staff__username="clerk").ended_why == SignIn.Why.REPLACED


def test_a_session_that_no_sign_in_made_is_not_accepted() -> None:
    client = signed_in()
    session = client.session
    del session[sign_ins.SESSION_KEY]
    session.save()
    assert not comes_in(client)


def test_browsers_that_never_came_back_are_closed_in_the_registry(clock) -> None:
    signed_in()
    clock.pass_(hours=13)
    signed_in()
    assert sign_ins.close_abandoned() == 1
    assert SignIn.objects.filter(ended_at=None).count() == Session.objects.count() == 1


def test_every_sign_in_is_on_record() -> None:
    signed_in().post(url("logout"))
    rows = list(AdminRecord.objects.order_by("id").values_list("what", "target"))
    assert rows == [("登录", "乌兰（clerk）"), ("退出", "乌兰（clerk）")]
    assert PASSWORD not in str(list(AdminRecord.objects.values()))
