"""What is shown when something can't be shown."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from tests.urls import url
from tests.world import make_department, register
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.web import views as errors


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (errors.bad_request, 400, "请求无法识别"),
        (errors.forbidden, 403, "不能打开这一页"),
        (errors.not_found, 404, "没有找到这一页"),
        (errors.server_error, 500, "系统出了错"),
        (errors.csrf_failure, 403, "安全标记"),
    ],
)
def test_every_error_speaks_chinese_and_asks_nothing_of_the_database(view, status, words):
    # Without the db mark any query would fail the test.
    answer = view(RequestFactory().get("/somewhere/"))
    page = answer.content.decode()
    assert (
        answer.status_code == status and words in page and 'lang="zh-CN"' in page and f'href="{url("inbox")}"' in page
    )


@pytest.mark.django_db
def test_a_page_that_was_open_too_long():
    make_department()
    client = Client(enforce_csrf_checks=True)
    client.force_login(Staff.objects.get(username="clerk"))
    client.get(url("password"))
    answer = client.post(url("password"), {"old": "x"})
    assert answer.status_code == 403 and "页面停留太久" in answer.content.decode()
    client.cookies.clear()
    assert "Cookie" in client.post(url("login"), {}).content.decode()


@pytest.mark.django_db
def test_an_error_inside_a_page_is_a_chinese_page(monkeypatch):
    make_department()
    client = Client(raise_request_exception=False)
    client.force_login(Staff.objects.get(username="clerk"))
    monkeypatch.setattr("xinfang.casework.views.boards.board_groups", lambda *_: 1 / 0)
    answer = client.get(url("boards"))
    assert answer.status_code == 500 and "操作没有生效" in answer.content.decode()


@pytest.mark.django_db
def test_a_database_that_goes_away_after_a_step_was_saved_promises_nothing(monkeypatch):
    """The step is committed, then the session can't be written.

    Neither "nothing was changed" nor "it had no effect" is true.
    """
    make_department()
    client = Client(raise_request_exception=False)
    client.force_login(Staff.objects.get(username="clerk"))
    number = register(today())

    def gone(*_, **__):
        raise OperationalError("server closed the connection unexpectedly")

    fields = {"key": "0" * 32, "seen": "1", "matter_class": "claim", "route": "six", "purpose": "claim"}
    with monkeypatch.context() as patch:
        patch.setattr("django.contrib.sessions.models.Session.save", gone)
        answer = client.post(url("step", number, StepCode.CLASSIFY), fields)
    page = answer.content.decode()
    assert Petition.objects.get(number=number).matter_class == "claim", "it was saved"
    assert answer.status_code == 503 and "可能已经保存" in page and "没有生效" not in page and "没有改动" not in page
    assert client.post(url("step", number, StepCode.CLASSIFY), fields).status_code == 302
    assert Event.objects.filter(petition__number=number).count() == 2, "sent again it is the same step"
    # Also where a page itself finds no database.
    monkeypatch.setattr("xinfang.casework.views.boards.board_groups", gone)
    assert client.get(url("boards")).status_code == 503


@pytest.mark.django_db
def test_what_does_not_exist_and_what_is_hidden_look_alike(client):
    make_department()
    client.force_login(Staff.objects.get(username="handler"))
    for address in ("/nowhere/", url("petition", "LX2026999999"), url("log")):
        answer = client.get(address)
        assert answer.status_code == 404 and "没有找到这一页" in answer.content.decode()
