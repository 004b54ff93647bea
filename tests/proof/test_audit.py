"""操作记录: who did what when, for the auditor alone, without content or petitioners."""

from datetime import date, timedelta

import pytest

from tests.urls import url
from tests.world import make_department, register, walk
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event, Petition

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def number(client):
    make_department()
    client.force_login(Staff.objects.get(username="auditor"))
    found = register(MONDAY)
    walk(found, "heard", MONDAY)
    return found


def test_steps_people_and_roles_but_no_content(client, number, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page = client.get(url("log")).content.decode()
    for words in (number, "登记", "批示", "白音", "分管厅领导", "接谈"):
        assert words in page
    petition = Petition.objects.get(number=number)
    for secret in (petition.subject, petition.body, "其木格", "15000000001", "属本厅职责", "同意，我包案", "核对了"):
        assert secret not in page


def test_newest_first_and_in_pages(client, number):
    for _ in range(6):
        walk(register(MONDAY), "heard", MONDAY)
    seen, address = [], url("log")
    while address:
        answer = client.get(address)
        seen += [r["number"] + r["step"] + r["when"] for r in answer.context["rows"]]
        address = answer.context["page"].get("next_url")
    assert len(seen) == Event.objects.count() == len(set(seen))
    last = client.get(f"{url('log')}?end=1")
    assert last.context["rows"][-1]["number"] == number
    assert last.context["page"]["prev_url"]


def test_by_day_and_person(client, number):
    rows = client.get(url("log"), {"who": "leader"}).context["rows"]
    assert [r["who"] for r in rows] == ["白音"]
    day = (MONDAY + timedelta(days=2)).isoformat()
    rows = client.get(url("log"), {"since": day, "until": day}).context["rows"]
    assert rows and all(r["when"].startswith(day) for r in rows)
    assert "没有符合条件的操作记录" in client.get(url("log"), {"until": "2001-01-01"}).content.decode()


@pytest.mark.parametrize("query", ["day=2026-02-30", "who=nobody", "after=abc", "day=%00", "who=%F0%9F&end=9"])
def test_what_cannot_be_is_said(client, number, query):
    answer = client.get(f"{url('log')}?{query}")
    assert answer.status_code == 200


def test_nobody_else_finds_it(client, number):
    for username in ("clerk", "principal", "admin", "handler"):
        client.force_login(Staff.objects.get(username=username))
        assert client.get(url("log")).status_code == 404
