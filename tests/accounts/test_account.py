"""Signing in and out, and one's own password."""

import pytest
from django.test import Client

from tests.urls import url
from tests.world import PASSWORD
from xinfang.accounts.models import Staff
from xinfang.core.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def sign_in(client, username="clerk", password=PASSWORD, **more):
    return client.post(url("login"), {"username": username, "password": password, **more})


def test_a_page_asks_for_login_and_comes_back(client):
    asked = client.get(url("petitions"))
    assert asked.status_code == 302 and asked["Location"] == f"{url('login')}?next={url('petitions')}"
    assert f'name="next" value="{url("petitions")}"' in client.get(asked["Location"]).content.decode()
    assert sign_in(client, next=url("petitions"))["Location"] == url("petitions")
    assert client.get(f"{url('login')}?next={url('boards')}")["Location"] == url("boards")


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_it_never_leads_to_another_site(client, wanted):
    assert sign_in(client, next=wanted)["Location"] == url("inbox")


@pytest.mark.parametrize(
    ("username", "password"),
    [("clerk", "wrong"), ("nobody", PASSWORD), ("", ""), ("clerk", ""), ("a\x00b", "c\x00d"), ("x" * 9000, "y" * 9000)],
)
def test_what_is_wrong_is_said_in_chinese(client, username, password):
    answer = sign_in(client, username, password)
    assert answer.status_code == 422
    assert "用户名" in answer.content.decode() and 'role="alert"' in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_who_has_left_or_is_closed_does_not_get_in(client):
    Staff.objects.filter(username="clerk").update(left_on=today().replace(year=2020))
    assert "离任" in sign_in(client).content.decode()
    Staff.objects.filter(username="clerk2").update(is_active=False)
    assert sign_in(client, "clerk2").status_code == 422


def test_a_link_signs_nobody_out(client):
    sign_in(client)
    assert client.get(url("logout")).status_code == 405
    assert client.post(url("logout"))["Location"] == url("login")
    assert "您已退出" in client.get(url("login")).content.decode()
    assert client.get(url("inbox")).status_code == 302


def test_demo_sign_in_does_not_exist_outside_the_demo(client):
    assert "演示" not in client.get(url("login")).content.decode()
    assert client.post(url("login-demo"), {"username": "clerk"}).status_code == 404


def test_demo_sign_in(client, a_demo):
    page = client.get(url("login")).content.decode()
    assert page.count('class="person-button"') == 18 and "资源配置与经费处" in page
    assert client.get(url("login-demo")).status_code == 405
    assert client.post(url("login-demo"), {"username": "ghost\x00"}).status_code == 422
    assert client.post(url("login-demo"), {"username": "leader", "next": "//evil.example"})["Location"] == url("inbox")
    assert client.get(url("inbox")).context["person_text"] == "白音"


def test_the_password_is_changed_by_who_knows_it(client):
    sign_in(client)
    other = Client()
    sign_in(other)
    new = "a-New-word-2027"
    assert client.get(url("password")).status_code == 200
    for old, first, again, words in [
        ("wrong", new, new, "现在的密码不对"),
        (PASSWORD, new, "another", "不一致"),
        (PASSWORD, "short", "short", "密码"),
        (PASSWORD, "", "", "密码"),
        (PASSWORD, PASSWORD, PASSWORD, "相同"),
        ("\x00", "\x00", "\x00", "不对"),
    ]:
        answer = client.post(url("password"), {"old": old, "new": first, "again": again})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert client.post(url("password"), {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert client.get(url("inbox")).status_code == 200
    assert other.get(url("inbox")).status_code == 302, "other sessions end"
    assert sign_in(Client(), password=new).status_code == 302
