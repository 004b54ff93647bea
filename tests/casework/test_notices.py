"""提醒: own ones only, read together, in pages."""

import pytest
from django.utils import timezone

from tests.urls import url
from tests.world import make_department, register, walk
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler(client):
    make_department()
    staff = Staff.objects.get(username="handler")
    client.force_login(staff)
    return staff


def test_list_pages_and_reading_all(client, handler, django_assert_max_num_queries):
    assert "没有提醒" in client.get(url("notices")).content.decode()
    number = register(today())
    walk(number, "signed", today(), 0)  # so that the case is the handler's to see
    Notification.objects.all().delete()
    petition = Petition.objects.get(number=number)
    for i in range(31):
        notify([handler.pk], petition, kind="task", text=f"{number}：请办理第{i:02d}步", now=timezone.now())
    notify([Staff.objects.get(username="head").pk], petition, kind="task", text="给别人的", now=timezone.now())
    with django_assert_max_num_queries(9):
        page = client.get(url("notices")).content.decode()
    assert (
        f'href="{url("petition", number)}"' in page
        and "第30步" in page
        and "第00步" not in page
        and "给别人的" not in page
    )
    assert "31 条未读" in page
    second = client.get(client.get(url("notices")).context["page"]["next_url"]).content.decode()
    assert "第00步" in second and "第30步" not in second
    answer = client.post(url("notices"), follow=True).content.decode()
    assert "已把 31 条提醒标为已读" in answer and "条未读" not in answer
    assert Notification.objects.filter(read_at=None).count() == 1


@pytest.mark.parametrize("place", ["after=x", "before=1_2", "after=-1", "after=99999999999999999999", "end=1"])
def test_a_wrong_place_is_said_not_an_error(client, handler, place):
    assert client.get(f"{url('notices')}?{place}").status_code == 200


def test_what_is_told_is_text(client, handler):
    notify([handler.pk], None, kind="calendar", text="<script>alert(1)</script>", now=timezone.now())
    assert "<script>alert(1)" not in client.get(url("notices")).content.decode()
