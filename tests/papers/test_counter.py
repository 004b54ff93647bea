"""A visitor gets the notice there and then, from whom the head of the office has authorised."""

import re

import pytest

from tests.urls import url
from tests.world import act, as_, register, take, walk
from xinfang.accounts.models import Duty, Staff, Unit
from xinfang.cases.models import Deadline, Event
from xinfang.core.clock import today
from xinfang.papers.actions.one_act import papers_in_words
from xinfang.papers.models import Paper
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def test_signed_numbered_and_handed_over_in_three_posts():
    desk = Staff.objects.get(username="clerk")
    Duty.objects.create(staff=desk, role=Role.COUNTER.value, unit=Unit.objects.get(code="office"), since=today())
    number = register(today(), channel="visit", reception_place="一楼信访接待室")
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six", purpose="claim")
    take(number, StepCode.PROPOSE, "clerk", text="拟由经费处承办", unit="funds", leader="leader")
    take(number, StepCode.INSTRUCT, "leader", text="同意")
    client = as_("clerk")
    form = {"contact": "0471-0000000", "key": "a", "seen": "4", "agree": "on"}
    said = client.post(url("step", number, StepCode.ACCEPT), form, follow=True).content.decode()
    assert "受理告知书已拟出，送签发" in said
    paper = Paper.objects.get(petition__number=number, kind="acceptance_notice")
    page = client.get(url("paper", number, paper.place)).content.decode()
    assert "同意签发" in page, "who is authorised signs what they see"
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    sent = {"do": "sign_paper", "agree": "yes", "opinion": "", "revision": revision[1], "key": "b"}
    client.post(url("paper", number, paper.place), sent)
    paper.refresh_from_db()
    assert paper.stage == "issued" and paper.number, "numbered with the same tap"
    shown = client.get(url("paper", number, paper.place) + "?way=serve_paper").content.decode()
    assert "记录送达" in shown and "下载 PDF" in shown
    served = {"do": "serve_paper", "served_on": f"{today()}", "method": "in_person", "receipt": "signed"}
    client.post(url("paper", number, paper.place), {**served, "receiver": "其木格", "key": "c"})
    assert Deadline.objects.get(petition__number=number, clock="notice").stopped_on == today()
    signed = Event.objects.get(petition__number=number, code=StepCode.SIGN_PAPER)
    assert signed.by_role == Role.COUNTER.value, "the record says by which right"


def test_the_notice_of_an_extension_is_made_by_the_tap_that_grants_it():
    number = register(today())
    walk(number, "heard", today(), 0)
    take(number, StepCode.REQUEST_EXTENSION, "handler", days=15, reason="须外地取证")
    done = act(number, StepCode.GRANT_EXTENSION, "leader", days=15, reason="情况复杂")
    notice = Paper.objects.get(petition__number=number, kind="extension_notice")
    assert notice.stage == "signing" and papers_in_words(done).startswith("延期告知书已拟出，送签发")
