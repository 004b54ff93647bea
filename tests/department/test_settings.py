"""Settings hold from a day on; the old ones stay readable."""

from datetime import timedelta

import pytest

from tests.urls import url
from tests.world import make_department
from xinfang.accounts.models import Staff
from xinfang.core.clock import today
from xinfang.department.models import EffectiveSetting
from xinfang.department.queries import SETTINGS, effective_setting

pytestmark = pytest.mark.django_db
URL = url("settings")


@pytest.fixture
def head(client):
    make_department()
    client.force_login(Staff.objects.get(username="office_head"))
    return client


def change(client, **answers):
    given = {"name": "reception_place", "value": "一楼东侧接待室", "since": today().isoformat(), "reason": "装修"}
    return client.post(URL, {**given, **answers})


def test_a_change_is_added_and_the_old_value_stays(head):
    assert effective_setting("reception_place") == "厅机关一楼信访接待室"
    tomorrow = today() + timedelta(days=1)
    assert change(head).status_code == 302
    assert change(head, value="二楼接待室", since=tomorrow.isoformat()).status_code == 302
    assert effective_setting("reception_place") == "一楼东侧接待室"
    assert effective_setting("reception_place", tomorrow) == "二楼接待室"
    page = head.get(URL).content.decode()
    assert "一楼东侧接待室" in page and "二楼接待室" in page and "尚未生效" in page


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"since": "2020-01-01"}, "早于今天"),
        ({"since": "2026-02-30"}, "自哪一天起"),
        ({"since": ""}, "自哪一天起"),
        ({"value": ""}, "请填写"),
        ({"value": "长" * 201}, "200"),
        ({"name": "subordinate_bodies", "value": "长" * 2001}, "2000"),
        ({"value": "接待\x00室"}, "控制"),
        ({"name": "colour"}, "没有名为"),
        ({"name": "fonds_number", "value": "a-12"}, "一至六位大写字母或数字"),
        ({"name": "archive_category", "value": "文书"}, "如：WS、ZY·XF"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(head, answers, says):
    response = change(head, **answers)
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert "装修" in page, "what was typed is still there"
    assert not EffectiveSetting.objects.exclude(name__in=("subordinate_bodies", "instructed_by")).exists()


def test_a_clerk_reads_but_does_not_change(client):
    make_department()
    client.force_login(Staff.objects.get(username="clerk"))
    page = client.get(URL).content.decode()
    assert "本厅设定" in page and "保存" not in page
    assert change(client).status_code == 422
    client.force_login(Staff.objects.get(username="handler"))
    assert client.get(URL).status_code == 404


def test_every_setting_cites_an_article(head, django_assert_max_num_queries):
    assert all(s.cites for s in SETTINGS.values())
    with django_assert_max_num_queries(12):
        head.get(URL)
