"""What the petitioner does alone, as the desk sees it: consent, delivery, withdrawal, and what the region is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cases.test_visibility import petitioner_of
from tests.urls import url
from tests.world import noon, register, take, walk
from xinfang.accounts.models import Staff
from xinfang.archive.queries.overview import piece_rows
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition, Task
from xinfang.cases.queries.petitions import facts_of
from xinfang.casework.queries.case_path import case_path
from xinfang.core.clock import today
from xinfang.exchange.models import Outgoing
from xinfang.procedure.archive import missing_pieces
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.electronic import may_be_opened
from xinfang.procedure.words import State
from xinfang.web.dates import short_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def as_(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def facts(number: str) -> Any:
    return facts_of(Petition.objects.get(number=number))


def act(number: str, code: StepCode, day: date, *, certain: bool = True, agree: bool = True, **said: Any) -> StepResult:
    """The petitioner acts on the window, `certain` by what nobody of the office knows."""
    them = petitioner_of(number, own_secret=certain)
    step = SecondPerson(agree=False, opinion="不是我") if not agree else load_step(STEPS[code], said)
    return perform(step, number, by=them, code=code, now=noon(day))


def test_the_reply_is_opened_and_served_and_its_opening_is_the_receipt() -> None:
    number = register(ago(20))
    walk(number, "replied", ago(20), 0)
    act(number, StepCode.CONSENT_ELECTRONIC, ago(9))
    paper = facts(number).papers[-1].number
    take(number, StepCode.SEND_PAPER, "clerk", ago(8), paper=paper, sent_on=ago(8).isoformat(), method="electronic")
    assert may_be_opened(facts(number)) == (paper,)
    words = Task.objects.filter(petition__number=number, step=StepCode.SERVE).values_list("words", flat=True)
    assert list(words) == ["信访人还没有网上签收：再提醒，或者改用其他方式送达意见书"]
    opened = act(number, StepCode.TAKE_DELIVERY, ago(2), paper=paper)
    after = facts(number)
    assert (after.state, after.served_on) == (State.SERVED, ago(2))
    assert opened.event.by is None and opened.event.by_role == "petitioner"
    receipt = next(r for r in piece_rows(after) if r["label"] == "送达回证")
    assert receipt["kind"] == "plain" and not [m for m in missing_pieces(after) if "送达回证" in m.what]
    lines = {line["label"]: line for line in case_path(after, today())}
    assert (lines["送达"]["kind"], lines["送达"]["date"]) == ("done", short_date(ago(2), today().year))
    sent = Outgoing.objects.filter(petition__number=number, seq=opened.event.seq)
    assert [row.kind for row in sent] == ["step"]
    page = as_("clerk").get(url("petition", number)).content.decode()
    assert "网上签收" in page and "信访人在网上打开，即日送达" in page


def test_a_withdrawal_by_the_code_alone_waits_in_the_office_and_is_taken_back_by_the_petitioner() -> None:
    number = register(ago(5))
    waits = act(number, StepCode.WITHDRAW, ago(4), certain=False, reason="不办了")
    assert waits.event.stage == "proposed"
    row = Task.objects.get(petition__number=number, step=StepCode.WITHDRAW)
    assert (row.role, row.words) == ("office", "确认：撤回")
    sent = as_("clerk2").post(
        url("step", number, StepCode.WITHDRAW),
        {"key": "clerk2-0123456789", "seen": str(waits.event.seq), "agree": "yes", "opinion": ""},
    )
    assert sent.status_code == 422 and "须写明何时、怎样向信访人本人核实" in sent.content.decode()
    act(number, StepCode.WITHDRAW, ago(3), agree=False)
    assert not facts(number).pending and facts(number).state is State.REGISTERED


def test_with_their_own_secret_it_holds_and_they_take_it_up_again() -> None:
    number = register(ago(5))
    act(number, StepCode.WITHDRAW, ago(4), reason="不办了")
    assert facts(number).state is State.WITHDRAWN
    act(number, StepCode.REOPEN, ago(3), certain=False, reason="还是请办理")
    assert (facts(number).state, facts(number).received_on) == (State.REGISTERED, ago(5))
