"""A page that only refreshes itself keeps nobody signed in (docs/security.md)."""

import pytest
from django.test import Client

from tests.urls import url
from tests.world import make_department
from xinfang.accounts.actions import sign_ins
from xinfang.accounts.models import Staff

pytestmark = pytest.mark.django_db


def test_a_watched_board_does_not_count_as_work() -> None:
    make_department()
    client = Client()
    client.force_login(Staff.objects.get(username="clerk"))
    client.get(url("incidents"))
    session = client.session
    session[sign_ins.SESSION_KEY] = {
        **session[sign_ins.SESSION_KEY],
        "seen": session[sign_ins.SESSION_KEY]["seen"] - 600,
    }
    session.save()
    before = session[sign_ins.SESSION_KEY]["seen"]
    assert client.get(f"{url('incidents')}?live=x", headers={"X-Live": "1"}).status_code == 200
    assert client.session[sign_ins.SESSION_KEY]["seen"] == before
    client.get(url("incidents"))
    assert client.session[sign_ins.SESSION_KEY]["seen"] > before
