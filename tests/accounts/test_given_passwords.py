"""A first password is made by the program in two halves.

Nobody but its owner ever has the whole, and it is good once.
"""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection
from django.test import Client

from tests.urls import url
from tests.world import PASSWORD, as_, confirm_changes, give_password
from xinfang.accounts.actions import accounts, passwords, people, second_factor, two_persons
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.models import Authenticator, Duty, GivenPassword, OldPassword, PendingChange, SignIn, Staff
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.operations.actions.sweep import run_sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
Kind = PendingChange.Kind
OWN = "Only-mine-2027"


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def signed_in(username: str, password: str) -> Client:
    client = Client()
    client.post(url("login"), {"username": username, "password": password})
    return client


def attempt(username: str, password: str) -> str:
    answer = Client().post(url("login"), {"username": username, "password": password})
    return "" if answer.status_code == 302 else answer.content.decode()


def test_from_the_new_account_to_its_owners_own_password_over_the_pages() -> None:
    admin, security = as_("admin"), as_("security")
    new = {"username": "newseal", "name": "新人", "title": "", "email": ""}
    assert admin.post(url("staff-new"), {**new, "password": "Chosen-by-admin-1"}).status_code == 302
    assert not staff("newseal").has_usable_password(), "no administrator types a password"
    assert 'name="password"' not in admin.get(url("staff-new")).content.decode()
    change = PendingChange.objects.get()
    answer = security.post(url("changes"), {"change": change.pk, "do": "confirm"})
    second = answer.context["shown"]["half"]
    assert second in answer.content.decode() and "no-store" in answer["Cache-Control"]
    assert second not in security.get(url("changes")).content.decode(), "each once"
    assert "查看前一半" not in security.get(url("changes")).content.decode()
    assert "您保管前一半" in Notification.objects.get(staff=staff("admin")).text
    waiting = re.search(r'name="half" value="(\d+)"', admin.get(url("changes")).content.decode())
    assert waiting
    answer = admin.post(url("changes"), {"half": waiting[1]})
    first = answer.context["shown"]["half"]
    assert first in answer.content.decode() and first != second
    assert admin.post(url("changes"), {"half": waiting[1]}).status_code == 422, "each once"
    for alone in (first, second, second + first, first + first):
        assert "不对" in attempt("newseal", alone)
    owner = signed_in("newseal", first + second)
    for address in (url("inbox"), url("petitions"), url("account"), url("second-factor")):
        assert owner.get(address)["Location"] == url("password")
    assert owner.post(url("register"), {"subject": "x"})["Location"] == url("password")
    assert owner.get(url("inbox"), headers={"HX-Request": "true"})["HX-Redirect"] == url("password")
    page = owner.get(url("password")).content.decode()
    assert "管理员" in page and "安全员" in page and "没有人知道全部" in page
    typed = {"old": first + second, "new": OWN, "again": OWN}
    assert owner.post(url("password"), typed)["Location"] == url("inbox")
    seen = owner.get(url("account")).content.decode()
    assert "管理员" in seen and "安全员" in seen and "用于登录" in seen
    kept = [m.objects.values() for m in (AdminRecord, PendingChange, Notification, GivenPassword, OldPassword, SignIn)]
    assert not [half for half in (first, second) if half in str([list(rows) for rows in kept])]
    assert not GivenPassword.objects.exclude(half=None).exists()


def test_the_half_that_waits_is_for_its_proposer_only_and_unreadable_in_the_database() -> None:
    two_persons.propose_change(Kind.NEW_PASSWORD, staff("clerk"), by=staff("admin"))
    (second,) = confirm_changes()
    given = GivenPassword.objects.get()
    for other in ("security", "office_head", "auditor", "clerk"):
        with pytest.raises(AdminChangeRefused, match="已经查看过"):
            accounts.reveal_password_half(given.pk, by=staff(other))
    row = bytes(given.half) + bytes(given.wrapped_key)
    _, first = accounts.reveal_password_half(given.pk, by=staff("admin"))
    assert first.encode() not in row and second.encode() not in row
    assert staff("clerk").check_password(first + second)
    assert AdminRecord.objects.filter(what="查看一半密码", by=staff("admin")).count() == 1


def test_it_is_over_after_24_hours_and_so_is_the_half(clock) -> None:
    whole = give_password("clerk")
    two_persons.propose_change(Kind.NEW_PASSWORD, staff("clerk2"), by=staff("admin"))
    confirm_changes()
    clock.pass_(hours=23, minutes=59)
    assert passwords.unopened_halves(staff("admin")).count() == 1
    clock.pass_(minutes=2)
    assert "已超过 24 小时" in attempt("clerk", whole)
    waiting = GivenPassword.objects.get(staff=staff("clerk2"))
    with pytest.raises(AdminChangeRefused, match="超过时限"):
        accounts.reveal_password_half(waiting.pk, by=staff("admin"))
    run_sweep(clock.now())
    assert not GivenPassword.objects.exclude(half=None, wrapped_key=None).exists()


def test_it_opens_the_door_once_and_who_comes_after_is_told() -> None:
    whole = give_password("clerk")
    thief = signed_in("clerk", whole)
    said = attempt("clerk", whole)
    assert "用过" in said and "安全管理员和审计员" in said
    thief.post(url("password"), {"old": whole, "new": OWN, "again": OWN})
    assert "用过" in attempt("clerk", whole), "also after another password was chosen with it"
    assert "用户名或密码不对" in attempt("clerk", "Something-else-1")
    stages = AdminRecord.objects.filter(what="登录失败").values_list("detail__stage", flat=True)
    assert list(stages).count("已用过的一次性密码") == 2
    assert "密码" in Notification.objects.filter(staff=staff("clerk")).first().text


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ins_with_it_one_comes_in() -> None:
    give_password("clerk")
    clerk, said, together = staff("clerk"), [], threading.Barrier(4)

    def come() -> None:
        together.wait()
        said.append(passwords.use_one_time_password(clerk))
        connection.close()

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [False, False, False, True]


def test_a_half_not_opened_before_the_first_sign_in_is_gone() -> None:
    two_persons.propose_change(Kind.NEW_PASSWORD, staff("clerk"), by=staff("admin"))
    confirm_changes()
    passwords.use_one_time_password(staff("clerk"))
    assert not passwords.unopened_halves(staff("admin")).exists()
    assert not GivenPassword.objects.exclude(half=None).exists()


def test_a_second_one_replaces_the_first() -> None:
    first, second = give_password("clerk"), give_password("clerk")
    assert "不对" in attempt("clerk", first) and not attempt("clerk", second)


def test_who_comes_back_does_not_come_with_their_old_password() -> None:
    people.change_staff(staff("handler"), left_on=today().replace(year=2025), by=staff("admin"))
    two_persons.propose_change(Kind.RETURN, staff("handler"), by=staff("admin"), left_on="")
    (second,) = confirm_changes()
    assert "不对" in attempt("handler", PASSWORD)
    first = accounts.reveal_password_half(GivenPassword.objects.get().pk, by=staff("admin"))[1]
    assert not attempt("handler", first + second)


def test_an_authenticator_that_somebody_set_up_before_is_shown_to_the_owner(app_shows, clock) -> None:
    second_factor.begin_setup(staff("clerk"))
    second_factor.confirm_setup(staff("clerk"), app_shows("clerk"))
    whole = give_password("clerk")
    page = signed_in("clerk", whole).get(url("login-code")).content.decode()
    assert "启用了验证器" in page and "请不要继续" in page
    assert Authenticator.objects.exists()
    # Coming only half way uses nothing up.
    clock.pass_(minutes=1)
    client = signed_in("clerk", whole)
    assert client.post(url("login-code"), {"code": app_shows("clerk")})["Location"] == url("inbox")
    assert "用过" in attempt("clerk", whole)


def test_the_office_head_proposes_the_first_password_of_a_new_account_and_no_other() -> None:
    new = {"username": "newcomer", "name": "新人", "title": "", "email": ""}
    assert as_("office_head").post(url("staff-new"), new).status_code == 302
    assert PendingChange.objects.get().proposed_by == staff("office_head")
    confirm_changes()
    with pytest.raises(AdminChangeRefused, match="由系统管理员提出"):
        two_persons.propose_change(Kind.NEW_PASSWORD, staff("newcomer"), by=staff("office_head"))


def test_without_anybody_to_confirm_no_account_is_made() -> None:
    Duty.objects.filter(role="security_administrator").delete()
    new = {"username": "newcomer", "name": "新人", "title": "", "email": ""}
    answer = as_("admin").post(url("staff-new"), new)
    assert answer.status_code == 422 and "安全管理员" in answer.content.decode()
    assert 'value="newcomer"' in answer.content.decode()
    assert not Staff.objects.filter(username="newcomer").exists()


def test_in_the_demo_a_new_account_is_entered_from_the_list_as_everybody(a_demo: None) -> None:
    give_password("clerk")
    client = Client()
    client.post(url("login-demo"), {"username": "clerk"})
    assert client.get(url("inbox")).status_code == 200


def test_the_administrators_see_that_it_was_used_and_not_replaced() -> None:
    whole = give_password("clerk")
    page = url("staff", "clerk")
    assert "前有效" in as_("admin").get(page).content.decode()
    signed_in("clerk", whole)
    assert "已用过，本人尚未改成自己的密码" in as_("admin").get(page).content.decode()
