"""相近的已办结件: help for who proposes, assigns and drafts. Shown, by who may see it; nothing follows from it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.casework.test_repeats_linked import as_
from tests.casework.test_same_matter import person, whole
from tests.urls import url
from tests.world import FINDINGS, register, take, walk
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
OTHER = {"subject": "咨询技术合同认定登记的材料", "body": "请问办理技术合同认定登记要交哪些材料，能不能在网上提交。"}


def came() -> date:
    return timezone.localdate() - timedelta(days=90)


def closed(n: int, **changes: object) -> str:
    number = register(came(), persons=person(n), **changes)
    walk(number, "closed", came(), 1)
    return number


def test_it_says_who_handled_it_how_long_it_took_and_what_was_answered(django_assert_max_num_queries):
    done, odd = closed(1), closed(2, **OTHER)
    new = register(timezone.localdate(), persons=person(3))
    before = whole(new), whole(done)
    clerk = as_("clerk")
    clerk.get(url("closed-alike", new))
    with django_assert_max_num_queries(40):
        page = clerk.get(url("closed-alike", new)).content.decode()
    row = Petition.objects.get(number=done)
    assert done in page and odd not in page and "资源配置与经费处" in page
    assert "日（自然日）" in page and f"诉求1：解释说明。{FINDINGS[0]['finding']}" in page and "共同文字" in page
    assert "赵二" not in page and "只供参考" in page
    assert (whole(new), whole(done)) == before and row.repeat_of_id is None
    assert AccessLogEntry.objects.filter(petition=row, detail__part="alike").exists()
    part = clerk.get(url("closed-alike", new), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part and done in part


def test_it_is_offered_beside_the_steps_it_helps_and_chooses_nothing():
    new = register(timezone.localdate(), persons=person(3))
    clerk = as_("clerk")
    before = clerk.get(url("step", new, StepCode.CLASSIFY)).content.decode()
    assert url("closed-alike", new) in before
    closed(1)
    after = clerk.get(url("step", new, StepCode.CLASSIFY)).content.decode()
    assert after.count(" selected") == before.count(" selected") and after.count(" checked") == before.count(" checked")
    assert url("closed-alike", new) not in clerk.get(url("step", new, StepCode.WITHDRAW)).content.decode()
    walk(new, "heard", timezone.localdate(), 0)
    assert url("closed-alike", new) in as_("handler").get(url("step", new, StepCode.DRAFT_REPLY)).content.decode()


def test_who_does_not_see_the_other_case_does_not_see_it_here():
    done = closed(1)
    new = register(timezone.localdate(), persons=person(3))
    walk(new, "proposed", timezone.localdate(), 0)
    take(new, StepCode.INSTRUCT, "leader", text="同意。")
    take(new, StepCode.ACCEPT, "clerk", contact="0471-0000000")
    take(new, StepCode.ASSIGN, "clerk", handling_unit="results", feedback_on="2099-12-31")
    assert done in as_("clerk").get(url("closed-alike", new)).content.decode()
    page = as_("head2").get(url("closed-alike", new)).content.decode()
    assert done not in page and "没有找到您可以查看的相近的已办结件" in page
    assert as_("handler").get(url("closed-alike", new)).status_code == 404


def test_an_open_case_and_one_of_the_same_person_alone_is_no_help():
    register(came(), persons=person(1))
    closed(1, **OTHER)
    new = register(timezone.localdate(), persons=person(1))
    assert "没有找到" in as_("clerk").get(url("closed-alike", new)).content.decode()
