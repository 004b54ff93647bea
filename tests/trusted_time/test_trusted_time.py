"""系统时间: the system administrator is told that the clock isn't believed.

They look, confirm who they are, and say that it is right.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.urls import url
from tests.world import make_department, register, set_up_authenticators
from xinfang.accounts.actions.sign_ins import SESSION_KEY
from xinfang.accounts.models import Staff
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today
from xinfang.trusted_time.actions import set_trusted_time
from xinfang.trusted_time.queries import clock_doubt

pytestmark = pytest.mark.django_db
URL = url("time")


@pytest.fixture
def long_ago() -> None:
    """The last sweep was 200 days ago."""
    make_department()
    set_up_authenticators()
    register(today() - timedelta(days=201))
    set_trusted_time(timezone.now() - timedelta(days=200))


def signed_in(username: str, confirmed: bool = True) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    if not confirmed:
        session = client.session
        session[SESSION_KEY] = {**session[SESSION_KEY], "confirmed": 0}
        session.save()
    return client


def form(**answers: str) -> dict[str, str]:
    return {"reason": "与授时网站一致", "shown": timezone.now().isoformat(), **answers}


@pytest.mark.usefixtures("long_ago")
def test_every_page_of_the_system_administrator_says_it_and_no_other_person_s() -> None:
    page = signed_in("admin").get(url("people")).content.decode()
    assert "服务器时间可能有误" in page and f'href="{url("time")}">核对时间' in page and "晚 200 天" in page
    for other in ("clerk", "security", "auditor"):
        assert "服务器时间可能有误" not in signed_in(other).get(url("inbox")).content.decode()
        assert signed_in(other).get(URL).status_code == 404
    set_trusted_time(timezone.now())
    admin = signed_in("admin")
    assert "服务器时间可能有误" not in admin.get(url("people")).content.decode()
    quiet = admin.get(URL).content.decode()
    assert "时间可信" in quiet and "<textarea" not in quiet and 'name="shown"' not in quiet


@pytest.mark.usefixtures("long_ago")
def test_it_is_confirmed_by_whoever_has_just_shown_who_they_are() -> None:
    away = signed_in("admin", confirmed=False)
    page = away.get(URL).content.decode()
    assert f'href="{url("confirm")}?next={url("time")}"' in page and 'name="reason"' not in page
    assert away.post(URL, form())["Location"].startswith(url("confirm")) and clock_doubt()
    here = signed_in("admin")
    assert 'name="reason"' in here.get(URL).content.decode()
    assert here.post(URL, form())["Location"] == URL and clock_doubt() is None
    kept = AdminRecord.objects.get(what="确认服务器时间")
    assert kept.by.username == "admin" and kept.detail["how"] == "网页"
    page = here.get(URL).content.decode()
    assert "历次确认" in page and "与授时网站一致" in page and "时间可信" in page
    assert here.post(URL, form()).status_code == 302, "sent twice"
    assert AdminRecord.objects.filter(what="确认服务器时间").count() == 1
    log = signed_in("auditor").get(url("admin-log")).content.decode()
    assert "确认服务器时间" in log and "说明 与授时网站一致" in log


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"reason": ""}, "请填写理由"),
        ({"reason": "长" * 201}, "超过 200 字"),
        ({"shown": "2020-01-01T00:00:00+08:00"}, "请重新核对后再确认"),
        ({"shown": ""}, "请刷新后再确认"),
        ({"shown": "2026-01-01T00:00:00"}, "请刷新后再确认"),
        ({"shown": "2026-13-41T00:00:00Z"}, "请刷新后再确认"),
    ],
)
def test_what_cannot_be_confirmed_is_said_and_loses_no_word(answers: dict[str, str], says: str) -> None:
    answer = signed_in("admin").post(URL, form(**answers))
    page = answer.content.decode()
    assert answer.status_code == 422 and says in page and clock_doubt()
    assert form(**answers)["reason"][:200] in page
