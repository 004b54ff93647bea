"""An export with personal data: asked for with a reason, agreed to by another person, made once, and all of it kept."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.urls import url
from tests.world import agree_to_export, as_, make_department, register, take, who
from xinfang.accounts.models import Staff
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord
from xinfang.cases.actions.export_approvals import answer_export, ask_to_export, use_approval
from xinfang.cases.models import ExportRequest, Petition
from xinfang.cases.queries.export_approvals import own_request, requests_for
from xinfang.notifications.models import Notification
from xinfang.procedure.exports import ExportKind
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import NotVisible

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def somebody(username: str) -> Staff:
    return Staff.objects.get(username=username)


def asked(by: str = "clerk", petition: Petition | None = None) -> ExportRequest:
    kind = ExportKind.ARCHIVE_PACKAGE if petition else ExportKind.EXCHANGE_PACKAGE
    return ask_to_export(kind, petition, "open" if petition else "", staff=somebody(by), reason="报送自治区信访局")


def test_who_asks_waits_for_another_and_asks_once() -> None:
    request = asked()
    assert asked() == request
    state = own_request(ExportKind.EXCHANGE_PACKAGE, None, "", somebody("clerk"), timezone.now())
    assert state is not None and state.state == "waiting" and not state.open
    with pytest.raises(AdminChangeRefused, match="还没有得到同意"):
        use_approval(request)
    told = Notification.objects.filter(kind="export").values_list("staff__username", flat=True)
    assert set(told) == {"office_head", "principal"}


def test_nobody_agrees_to_their_own_nor_anybody_without_that_duty() -> None:
    asked("office_head")
    assert requests_for(who("office_head")) == [] and len(requests_for(who("principal"))) == 1
    for username in ("office_head", "clerk2", "leader", "sealed", "auditor"):
        with pytest.raises(NotVisible):
            agree_to_export(username)


def test_it_is_made_once_and_the_mark_says_who_and_why() -> None:
    request = asked()
    agree_to_export("office_head")
    mark = use_approval(request)
    assert "乌兰于" in mark and "高娃同意" in mark and "用途：报送自治区信访局" in mark
    with pytest.raises(AdminChangeRefused):
        use_approval(request)
    kept = AdminRecord.objects.filter(what__contains="导出个人信息").order_by("pk")
    assert [(r.by.username, r.what) for r in kept] == [
        ("clerk", "申请导出个人信息"),
        ("office_head", "同意导出个人信息"),
        ("clerk", "导出个人信息"),
    ]
    assert all(r.detail["reason"] == "报送自治区信访局" for r in (kept[0], kept[2]))


def test_an_agreement_lapses_after_seven_days() -> None:
    request = asked()
    agree_to_export("principal")
    last = timezone.now() + timedelta(days=7)
    kind, clerk = ExportKind.EXCHANGE_PACKAGE, somebody("clerk")
    assert own_request(kind, None, "", clerk, last).open  # type: ignore[union-attr]
    assert own_request(kind, None, "", clerk, last + timedelta(days=1)).state == "lapsed"  # type: ignore[union-attr]
    with pytest.raises(AdminChangeRefused):
        use_approval(request, now=last + timedelta(days=1))


def test_a_refusal_says_why_and_may_be_asked_again() -> None:
    asked()
    with pytest.raises(AdminChangeRefused, match="必须写明理由"):
        agree_to_export("principal", agree=False)
    agree_to_export("principal", agree=False, opinion="先核对范围")
    state = own_request(ExportKind.EXCHANGE_PACKAGE, None, "", somebody("clerk"), timezone.now())
    assert state is not None and state.state == "refused" and "先核对范围" in state.words
    with pytest.raises(AdminChangeRefused, match="已由他人审批"):
        agree_to_export("office_head")
    assert asked().pk != state.request.pk


def test_of_a_case_only_those_agree_who_see_it_and_its_number_stays_in_the_compartment() -> None:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    request = asked("sealed", Petition.objects.get(number=number))
    assert requests_for(who("principal")) == [] == requests_for(who("office_head"))
    with pytest.raises(NotVisible):
        answer_export(request.pk, agree=True, opinion="", by=who("principal"), staff=somebody("principal"))
    assert number not in {r.target for r in AdminRecord.objects.all()}


def test_the_page_lists_what_waits_and_takes_the_word() -> None:
    request = asked()
    page = as_("office_head").get(url("exports"))
    assert "报送自治区信访局" in page.content.decode() and "乌兰" in page.content.decode()
    refused = as_("office_head").post(url("exports"), {"request": request.pk, "do": "refuse", "opinion": ""})
    assert refused.status_code == 422
    assert as_("office_head").post(url("exports"), {"request": request.pk, "do": "agree"}).status_code == 302
    assert as_("principal").post(url("exports"), {"request": request.pk, "do": "agree"}).status_code == 422
    assert as_("principal").post(url("exports"), {"request": "9999", "do": "agree"}).status_code == 404
    assert as_("clerk").get(url("exports")).status_code == 404
