"""At the counter and on the telephone: who asks is checked, written down, and told what the window tells."""

import pytest

from tests.urls import url
from tests.window.standing import days_ago
from tests.world import as_, make_department, register, walk
from xinfang.cases.models import AccessLogEntry, Petition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def test_who_asks_is_told_what_the_window_tells_and_the_proof_is_written_down() -> None:
    number = register(days_ago(10))
    walk(number, "signed", days_ago(10))
    clerk = as_("clerk")
    assert url("told", number) in clerk.get(url("petition", number)).content.decode()
    before = clerk.get(url("told", number)).content.decode()
    assert "现在到哪一步" not in before, "nothing before it is sure who asks"
    assert clerk.post(url("told", number), {"how": "phone"}).status_code == 422
    page = clerk.post(url("told", number), {"how": "phone", "proof": "code"}).content.decode()
    assert "已经受理" in page and "办结并书面答复您" in page and "为什么是这一天" in page
    entry = AccessLogEntry.objects.filter(petition=Petition.objects.get(number=number)).latest("seq")
    assert entry.reason == "来电答复查询，核对：编号和查询码，加电话或者证件号码的后四位"


def test_who_does_not_register_cases_tells_nobody() -> None:
    number = register(days_ago(10))
    assert as_("handler").get(url("told", number)).status_code == 404
    assert as_("clerk").get(url("told", "LX2026999999")).status_code == 404
