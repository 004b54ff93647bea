"""再次验证身份, 人员变更, 管理记录, and the administrators' part of a person's page."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.urls import url
from tests.world import PASSWORD
from xinfang.accounts.actions import second_factor, two_persons
from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.models import Authenticator, PendingChange, Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.models import AdminRecord
from xinfang.procedure.words import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def as_(username: str, **more) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username), **more)
    return client


def waited(client: Client) -> Client:
    """The same person six minutes later."""
    session = client.session
    session["sign_in"] = {**session["sign_in"], "confirmed": session["sign_in"]["confirmed"] - 360}
    session.save()
    return client


DUTY = {"do": "add-duty", "role": "handler", "unit": "funds", "since": "", "until": ""}


def test_from_proposal_to_duty_over_the_pages():
    admin, security = as_("admin"), as_("security")
    assert admin.post(url("staff", "support"), DUTY).status_code == 302
    page = admin.get(url("changes")).content.decode()
    assert "郑保" in page and "撤回" in page and 'value="confirm"' not in page
    change = PendingChange.objects.get()
    assert admin.post(url("changes"), {"change": change.pk, "do": "confirm"}).status_code == 422
    assert not actor_of(change.staff).has(Role.HANDLER)
    assert 'value="confirm"' in security.get(url("changes")).content.decode()
    assert "有一项人员变更" in security.get(url("notices")).content.decode()
    assert security.post(url("changes"), {"change": change.pk, "do": "confirm"}).status_code == 302
    assert actor_of(change.staff).has(Role.HANDLER)
    assert "已确认" in as_("auditor").get(url("changes")).content.decode()


def test_who_sees_the_changes_and_nonsense_is_explained():
    for username in ("clerk", "leader", "handler", "sealed", "guard"):
        assert as_(username).get(url("changes")).status_code == 404
    security = as_("security")
    for wrong in (
        {},
        {"change": "x"},
        {"change": "9" * 30},
        {"change": "1", "do": "confirm"},
        {"half": "x"},
        {"half": "9" * 30},
        {"half": "1"},
    ):
        assert security.post(url("changes"), wrong).status_code == 422
    as_("admin").post(url("staff", "support"), DUTY)
    pk = PendingChange.objects.get().pk
    assert security.post(url("changes"), {"change": pk, "do": "dance"}).status_code == 422
    assert security.post(url("changes"), {"change": pk, "do": "refuse", "reason": ""}).status_code == 422
    assert security.post(url("changes"), {"change": pk, "do": "refuse", "reason": "无文件"}).status_code == 302


def test_the_changes_page_in_few_queries(django_assert_max_num_queries):
    for who in ("support", "guard", "handler2"):
        as_("admin").post(url("staff", who), DUTY)
    client = as_("security")
    with django_assert_max_num_queries(11):
        client.get(url("changes"))


def test_a_locked_account_is_opened_on_its_page():
    for _ in range(5):
        Client().post(url("login"), {"username": "clerk", "password": "wrong-One-1"})
    security = as_("security")
    assert "暂停中" in security.get(url("staff", "clerk")).content.decode()
    assert security.post(url("staff", "clerk"), {"do": "release"}).status_code == 302
    assert Client().post(url("login"), {"username": "clerk", "password": PASSWORD}).status_code == 302
    assert "登录限制" not in as_("office_head").get(url("staff", "clerk")).content.decode()


def test_the_security_administrator_changes_nothing_alone():
    security = as_("security")
    for do in ("add-duty", "new-password", "about", "leave", "absence"):
        assert security.post(url("staff", "support"), {**DUTY, "do": do, "name": "x"}).status_code == 422
    assert security.get(url("petitions")).context["rows"] == []


def test_what_matters_is_confirmed_again_after_five_minutes():
    admin = waited(as_("admin"))
    asked = admin.post(url("staff", "support"), DUTY)
    assert asked["Location"] == f"{url('confirm')}?{urlencode({'next': url('staff', 'support')})}"
    assert not PendingChange.objects.exists()
    page = admin.get(asked["Location"]).content.decode()
    assert "再次验证身份" in page and 'type="password"' in page
    assert admin.post(url("confirm"), {"password": "wrong"}).status_code == 422
    back = admin.post(url("confirm"), {"password": PASSWORD, "next": url("staff", "support")})
    assert back["Location"] == url("staff", "support")
    assert admin.post(url("staff", "support"), DUTY)["Location"] == url("staff", "support")
    assert admin.post(url("confirm"), {"password": PASSWORD, "next": "//evil.example/"})["Location"] == url("inbox")


def test_who_has_an_authenticator_confirms_with_a_code():
    leader = Staff.objects.get(username="leader")
    second_factor.begin_setup(leader)
    Authenticator.objects.update(confirmed_at="2026-01-01T00:00:00Z")
    client = waited(as_("leader"))
    assert client.post(url("confirm"), {"password": PASSWORD}).status_code == 422, "the password is not enough"
    code = second_factor.new_recovery_codes(leader)[0]
    assert client.post(url("confirm"), {"code": code}).status_code == 302
    assert client.post(url("confirm"), {"code": code}).status_code == 422


def test_guessing_at_the_confirmation_shuts_the_door():
    client = as_("clerk")
    for _ in range(5):
        client.post(url("confirm"), {"password": "wrong"})
    answer = client.post(url("confirm"), {"password": PASSWORD})
    assert answer.status_code == 422 and "分钟后再试" in answer.content.decode()
    assert AdminRecord.objects.filter(what="登录失败", detail__stage="再次验证身份").count() == 5


def test_in_the_demo_a_click_confirms(a_demo):
    Staff.objects.filter(username="clerk").update(password="!")
    client = Client()
    client.post(url("login-demo"), {"username": "clerk"})
    assert "演示环境的人员没有密码" in waited(client).get(url("confirm")).content.decode()
    assert client.post(url("confirm"), {"next": url("boards")})["Location"] == url("boards")


def test_the_helper_for_other_pages(rf):
    client = as_("clerk")
    request = rf.get(url("inbox"), headers={"HX-Request": "true"})
    request.session = client.session
    assert recently_confirmed(request)
    request.session = waited(client).session
    assert not recently_confirmed(request)
    assert (
        confirm_first(request, url("boards"))["HX-Redirect"] == f"{url('confirm')}?{urlencode({'next': url('boards')})}"
    )


def test_the_auditor_reads_what_was_done_and_nobody_else():
    Client().post(url("login"), {"username": "clerk", "password": "wrong-One-1"})
    as_("admin").post(url("staff", "support"), DUTY)
    two_persons.confirm_change(PendingChange.objects.get(), by=Staff.objects.get(username="security"))
    auditor = as_("auditor")
    page = auditor.get(url("admin-log")).content.decode()
    for words in ("登录失败", "乌兰（clerk）", "环节 密码", "提出变更", "确认人 安全员", "职责 承办人", "127.0.0.1"):
        assert words in page, words
    assert "wrong-One-1" not in page
    kinds = {k: auditor.get(f"{url('admin-log')}?kind={k}").context["rows"] for k in ("sign-ins", "changes")}
    assert {r["what"] for r in kinds["sign-ins"]} == {"登录失败"}
    assert {r["what"] for r in kinds["changes"]} == {"提出变更", "新增职责", "确认变更"}
    assert len(auditor.get(f"{url('admin-log')}?who=clerk").context["rows"]) == 1
    assert auditor.get(f"{url('admin-log')}?kind=x&since=2026-99-99&who=nobody&after=x").status_code == 200
    for username in ("admin", "security", "office_head", "clerk"):
        assert as_(username).get(url("admin-log")).status_code == 404


def test_the_record_is_read_in_pages_with_few_queries(django_assert_max_num_queries):
    for i in range(60):
        as_("clerk").post(url("account"), {"end": "others"}) if i % 2 else Client().post(
            url("login"), {"username": f"nobody{i}", "password": "x"}
        )
    client = as_("auditor")
    with django_assert_max_num_queries(10):
        page = client.get(url("admin-log"))
    assert len(page.context["rows"]) == 50
    assert len(client.get(page.context["page"]["next_url"]).context["rows"]) >= 9
