"""The second factor: who needs it, that a code is good once, and that the database alone can't compute one."""

import base64
import re
import threading

import pytest
from django.db import connection
from django.test import Client

from tests.urls import url
from tests.world import PASSWORD
from xinfang.accounts.actions import accounts, second_factor
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.models import Authenticator, RecoveryCode, SignIn, Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.models import AdminRecord
from xinfang.procedure.step_codes import StepCode
from xinfang.vault.sm_ciphers import DecryptionFailed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
NEED = {"leader", "leader2", "principal", "sealed", "admin", "security", "auditor"}


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def password_given(username: str) -> Client:
    client = Client()
    client.post(url("login"), {"username": username, "password": PASSWORD})
    return client


@pytest.fixture
def ready(app_shows, clock) -> list[str]:
    """The leader has set up their app, half an hour ago; gives their recovery codes."""
    second_factor.begin_setup(staff("leader"))
    codes = second_factor.confirm_setup(staff("leader"), app_shows("leader"))
    clock.pass_(minutes=30)
    return codes


def test_who_needs_it() -> None:
    assert {s.username for s in Staff.objects.all() if second_factor.second_factor_is_required(actor_of(s))} == NEED


def test_the_department_may_ask_more_people_for_it(settings) -> None:
    def asked() -> set[str]:
        return {s.username for s in Staff.objects.all() if second_factor.second_factor_is_required(actor_of(s))}

    settings.SECOND_FACTOR = "deciders"
    assert asked() > NEED and {"clerk", "office_head", "head"} <= asked() and "handler" not in asked()
    settings.SECOND_FACTOR = "everyone"
    assert asked() == set(Staff.objects.values_list("username", flat=True))


@pytest.mark.parametrize("username", sorted(NEED))
def test_without_it_they_get_only_the_page_that_sets_it_up(username: str) -> None:
    client = password_given(username)
    for address in (
        url("inbox"),
        url("petitions"),
        url("account"),
        url("people"),
        url("log"),
        url("search"),
        url("drafts", StepCode.REGISTER),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, url("second-factor")), address
    page = client.get(url("second-factor")).content.decode()
    assert "<svg" in page and "我的待办" not in page and "style=" not in page
    assert client.post(url("logout")).status_code == 302


def test_from_the_picture_to_the_first_page(app_shows, clock) -> None:
    client = password_given("leader")
    page = client.get(url("second-factor")).content.decode()
    secret = re.search(r'secret">([A-Z2-7 ]+)<', page)
    assert secret and all(len(group) == 4 for group in secret[1].split())
    assert secret[1] in client.get(url("second-factor")).content.decode(), "a reload changes nothing"
    wrong = client.post(url("second-factor"), {"do": "set-up", "code": "000000"})
    assert wrong.status_code == 422 and client.get(url("inbox"))["Location"] == url("second-factor")
    done = client.post(url("second-factor"), {"do": "set-up", "code": app_shows("leader")})
    codes = re.findall(r'"number">([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})<', done.content.decode())
    assert len(set(codes)) == 10
    assert client.get(url("inbox")).status_code == 200
    kept = str(list(RecoveryCode.objects.values()))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert SignIn.objects.get().second_factor


def test_the_password_alone_does_not_let_in(ready, app_shows) -> None:
    client = password_given("leader")
    assert client.get(url("inbox"))["Location"].startswith(url("login"))
    assert not SignIn.objects.exists()
    assert client.post(url("login-code"), {"code": "000000"}).status_code == 422
    assert client.post(url("login-code"), {"code": app_shows("leader")})["Location"] == url("inbox")
    assert client.get(url("inbox")).status_code == 200


def test_a_code_used_once_is_refused_the_second_time(ready, app_shows, clock) -> None:
    code = app_shows("leader")
    assert password_given("leader").post(url("login-code"), {"code": code}).status_code == 302
    again = password_given("leader")
    answer = again.post(url("login-code"), {"code": code})
    assert answer.status_code == 422 and "已经用过" in answer.content.decode()
    assert again.get(url("inbox")).status_code == 302
    assert not second_factor.use_code(staff("leader"), app_shows("leader", -1)), "nor an earlier one"
    clock.pass_(seconds=30)
    assert again.post(url("login-code"), {"code": app_shows("leader")}).status_code == 302


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_thirty_seconds_off(ready, app_shows, steps: int, good: bool) -> None:
    assert second_factor.use_code(staff("leader"), app_shows("leader", steps)) is good


def test_wrong_codes_shut_the_same_door(ready, app_shows, clock) -> None:
    client = password_given("leader")
    answers = [client.post(url("login-code"), {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [422] * 4 + [429]
    assert client.post(url("login-code"), {"code": app_shows("leader")})["Location"] == url("login"), "begins again"
    assert client.post(url("login"), {"username": "leader", "password": PASSWORD}).status_code == 429
    clock.pass_(minutes=16)
    client = password_given("leader")
    assert client.post(url("login-code"), {"code": app_shows("leader")}).status_code == 302


def test_right_passwords_in_between_do_not_reset_the_count(ready) -> None:
    answers = [password_given("leader").post(url("login-code"), {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [422] * 4 + [429]


def test_the_half_way_state_is_over_after_five_minutes_and_with_a_new_password(ready, app_shows, clock) -> None:
    late = password_given("leader")
    clock.pass_(minutes=5, seconds=1)
    assert late.post(url("login-code"), {"code": app_shows("leader")})["Location"] == url("login")
    changed = password_given("leader")
    leader = staff("leader")
    leader.set_password("Another-word-1")
    leader.save()
    assert changed.post(url("login-code"), {"code": app_shows("leader")})["Location"] == url("login")
    assert Client().post(url("login-code"), {"code": app_shows("leader")})["Location"] == url("login")


def test_a_recovery_code_is_good_once_however_it_is_typed(ready) -> None:
    typed = ready[0].lower().replace("-", " ")
    assert password_given("leader").post(url("login-code"), {"code": typed}).status_code == 302
    assert password_given("leader").post(url("login-code"), {"code": ready[0]}).status_code == 422
    assert not second_factor.use_code(staff("leader2"), ready[1]), "it belongs to one person"
    assert second_factor.recovery_codes_left(staff("leader")) == 9


FULL_WIDTH = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-",
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－",
)


@pytest.mark.parametrize("written", ["{0}", " {0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}　"])
def test_a_code_typed_by_a_chinese_input_method_is_the_same_code(ready, app_shows, written: str) -> None:
    code = written.format(app_shows("leader").translate(FULL_WIDTH))
    assert password_given("leader").post(url("login-code"), {"code": code})["Location"] == url("inbox")


def test_a_recovery_code_in_full_width_is_the_same_code(ready) -> None:
    typed = ready[0].translate(FULL_WIDTH)
    assert typed != ready[0] and password_given("leader").post(url("login-code"), {"code": typed}).status_code == 302


def test_what_cannot_be_a_code_is_said_and_does_not_shut_the_door(ready, app_shows) -> None:
    client = password_given("leader")
    for typed in ("", "12345", "1234567", "一二三四五六", "ABCD-EFGH", "²²²²²²a"):
        answer = client.post(url("login-code"), {"code": typed})
        assert answer.status_code == 422 and "6 位数字" in answer.content.decode(), typed
    assert not AdminRecord.objects.filter(what="登录失败").exists()
    assert client.post(url("login-code"), {"code": app_shows("leader")})["Location"] == url("inbox")


def test_nor_where_it_is_set_up_or_given_again(ready, app_shows) -> None:
    clerk = password_given("clerk")
    clerk.get(url("second-factor"))
    for _ in range(6):
        answer = clerk.post(url("second-factor"), {"do": "set-up", "code": "12345"})
        assert "6 位数字" in answer.content.decode()
    full = app_shows("clerk").translate(FULL_WIDTH)
    assert clerk.post(url("second-factor"), {"do": "set-up", "code": full}).status_code == 200
    leader = password_given("leader")
    leader.post(url("login-code"), {"code": app_shows("leader")})
    for _ in range(6):
        assert "6 位数字" in leader.post(url("confirm"), {"code": "1234"}).content.decode()
    assert not AdminRecord.objects.filter(what="登录失败").exists()


def test_the_secret_is_not_in_the_database(ready) -> None:
    device = Authenticator.objects.get()
    secret = second_factor._secret(device)
    row = bytes(device.secret) + bytes(device.wrapped_key)
    assert secret not in row and base64.b32encode(secret) not in row and secret.hex().encode() not in row
    # A row copied to another person opens nothing.
    Authenticator.objects.filter(pk=device.pk).update(staff=staff("leader2"))
    with pytest.raises(DecryptionFailed):
        second_factor.use_code(staff("leader2"), "123456")


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_with_the_same_code_one_comes_in(app_shows, clock) -> None:
    second_factor.begin_setup(staff("leader"))
    second_factor.confirm_setup(staff("leader"), app_shows("leader"))
    clock.pass_(seconds=60)
    code, leader, said = app_shows("leader"), staff("leader"), []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        said.append(second_factor.use_code(leader, code))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [False, False, False, True]


def test_who_needs_it_cannot_give_it_up_and_others_can(ready, app_shows) -> None:
    with pytest.raises(AdminChangeRefused, match="必须使用"):
        accounts.disable_own_second_factor(staff("leader"))
    client = password_given("clerk")
    client.get(url("second-factor"))
    client.post(url("second-factor"), {"do": "set-up", "code": app_shows("clerk")})
    assert second_factor.has_second_factor(staff("clerk"))
    before = set(RecoveryCode.objects.filter(staff=staff("clerk")).values_list("digest", flat=True))
    assert client.post(url("second-factor"), {"do": "renew"}).status_code == 200
    assert not before & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert client.post(url("second-factor"), {"do": "give-up"}).status_code == 302
    assert not second_factor.has_second_factor(staff("clerk"))
    assert [e.what for e in AdminRecord.objects.filter(by=staff("clerk")).order_by("id")][1:] == [
        "启用验证器",
        "更换恢复码",
        "停用验证器",
    ]


def test_the_demo_asks_for_no_phone(a_demo) -> None:
    client = Client()
    client.post(url("login-demo"), {"username": "leader"})
    assert client.get(url("inbox")).status_code == 200


def test_duties_given_during_a_session_ask_for_it_at_once() -> None:
    from xinfang.accounts.models import Duty

    client = password_given("clerk2")
    assert client.get(url("inbox")).status_code == 200
    Duty.objects.create(staff=staff("clerk2"), role="sealed_officer", since="2020-01-01")
    assert client.get(url("inbox"))["Location"] == url("second-factor")
