"""The door that shuts after wrong passwords: for whom, for how long, who opens it, and what is kept of it."""

import pytest
from axes.models import AccessAttempt
from django.test import Client, RequestFactory

from tests.urls import url
from tests.world import PASSWORD
from xinfang.accounts.actions import accounts, lockout
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.models import Staff
from xinfang.audit.models import AdminRecord
from xinfang.core import env
from xinfang.core.client_address import client_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
WRONG = "wrong-One-1"


def attempt(username: str = "clerk", password: str = WRONG, address: str = "10.0.0.1"):
    return Client(REMOTE_ADDR=address).post(url("login"), {"username": username, "password": password})


def fail(times: int, **who: str) -> list[int]:
    return [attempt(**who).status_code for _ in range(times)]


def test_five_wrong_passwords_shut_the_door_for_that_name_at_that_address(clock) -> None:
    assert fail(5) == [422] * 4 + [429]
    shut = attempt(password=PASSWORD)
    assert shut.status_code == 429 and "15 分钟" in shut.content.decode() and shut["Retry-After"] == "900"
    assert attempt(password=PASSWORD, address="10.0.0.2").status_code == 302, "the owner elsewhere comes in"
    assert attempt("clerk2", PASSWORD).status_code == 302, "colleagues at that address come in"
    clock.pass_(minutes=10)
    assert "5 分钟" in attempt(password=PASSWORD).content.decode(), "knocking does not make it longer"
    clock.pass_(minutes=5, seconds=1)
    assert attempt(password=PASSWORD).status_code == 302


def test_one_noisy_address_cannot_shut_an_account_but_four_can() -> None:
    for _ in range(40):
        attempt()
    assert attempt(password=PASSWORD, address="10.9.9.9").status_code == 302
    for last in range(2, 5):
        fail(5, address=f"10.0.0.{last}")
    shut = attempt(password=PASSWORD, address="10.9.9.9")
    assert shut.status_code == 429, "guessing spread over many addresses stops for everybody"
    assert attempt("clerk2", PASSWORD, address="10.9.9.9").status_code == 302


def test_an_address_that_tries_everybody_is_stopped() -> None:
    answers = [attempt(f"nobody{i % 20}").status_code for i in range(lockout.ADDRESS)]
    assert answers[-1] == 429 and set(answers[:40]) == {422}
    assert attempt("clerk", PASSWORD).status_code == 429
    assert attempt("clerk", PASSWORD, address="10.0.0.2").status_code == 302


def test_names_that_do_not_exist_are_shut_with_the_same_words() -> None:
    known, unknown = fail(6), fail(6, username="nobody")
    assert known == unknown
    pages = [attempt(name).content.decode().replace("nobody", "clerk") for name in ("clerk", "nobody")]
    assert pages[0] == pages[1]


def test_a_good_sign_in_forgives_earlier_slips_of_this_address_only() -> None:
    fail(4)
    fail(4, address="10.0.0.2")
    assert attempt(password=PASSWORD).status_code == 302
    assert fail(4) == [422] * 4
    assert fail(1, address="10.0.0.2") == [429]


def test_behind_a_proxy_the_visitor_counts_and_cannot_invent_himself(settings) -> None:
    settings.HTTPS = True

    def through_proxy(sent: str, password: str):
        client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": sent})
        return client.post(url("login"), {"username": "clerk", "password": password})

    for i in range(5):
        through_proxy(f"8.8.8.{i}, 10.0.0.7", "wrong-One-1")
    assert through_proxy("8.8.8.9, 10.0.0.7", PASSWORD).status_code == 429
    assert through_proxy("10.0.0.8", PASSWORD).status_code == 302


def test_only_a_proxy_that_was_named_says_who_the_visitor_is(settings) -> None:
    settings.TRUSTED_PROXIES = env.networks("XINFANG_TRUSTED_PROXIES", {"XINFANG_TRUSTED_PROXIES": "10.9.0.0/24, ::1"})

    def through(beside: str) -> str | None:
        return client_address(RequestFactory(REMOTE_ADDR=beside).get("/", headers={"X-Forwarded-For": "10.0.0.7"}))

    assert through("10.9.0.4") == through("::1") == "10.0.0.7"
    assert through("10.8.0.4") == "10.8.0.4" and through("") is None
    settings.HTTPS = True
    assert through("10.8.0.4") == "10.8.0.4", "HTTPS alone makes nobody a proxy where the proxies are named"


def test_an_administrator_opens_it_but_not_for_himself() -> None:
    fail(5)
    clerk, security = (Staff.objects.get(username=n) for n in ("clerk", "security"))
    assert lockout.is_locked_out(clerk)
    with pytest.raises(AdminChangeRefused, match="没有这项职责"):
        accounts.end_lockout(clerk, by=Staff.objects.get(username="office_head"))
    with pytest.raises(AdminChangeRefused, match="自己"):
        accounts.end_lockout(security, by=security)
    accounts.end_lockout(clerk, by=security)
    assert not lockout.is_locked_out(clerk)
    assert attempt(password=PASSWORD).status_code == 302


def test_the_record_holds_neither_passwords_nor_mistyped_names(capfd) -> None:
    secrets = ("Secret-Password-9", "typed-into-the-Wrong-box-7")
    Client().post(f"{url('login')}?next={url('petitions')}", {"username": secrets[1], "password": secrets[0]})
    for _ in range(5):
        attempt(password=secrets[0])
    kept = str(list(AdminRecord.objects.values())) + str(list(AccessAttempt.objects.values()))
    out = capfd.readouterr()
    for secret in secrets:
        assert secret not in kept + out.out + out.err
    assert AdminRecord.objects.filter(what="登录失败", target="乌兰（clerk）").count() == 5
    assert AdminRecord.objects.filter(what="暂停登录", target="乌兰（clerk）").count() == 1
    assert AdminRecord.objects.filter(what="登录失败", target=accounts.NOBODY).count() == 1
    before = AdminRecord.objects.count()
    fail(50)
    assert AdminRecord.objects.count() == before, "who goes on knocking at a shut door does not fill the record"
