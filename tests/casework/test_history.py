"""Old messages come in as history: no sweep marks them, they are found and shown as what they are, and can be taken
up."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter

from tests.urls import url
from tests.world import noon, register, sweep_on, take, who
from xinfang.accounts.models import Staff
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Deadline, Event, Petition, Task
from xinfang.cases.queries.petitions import facts_of
from xinfang.figures.counting import OPEN_NOW, RECEIVED, CountingMeasure, count_measures
from xinfang.figures.periods import DayRange
from xinfang.ledgers.actions.message_import import MessageImportReport, import_messages
from xinfang.notifications.models import Notification
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State
from xinfang.proof.verify import verify
from xinfang.search.likely_repeats import find_similar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
HEADER = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间", "点赞数")
TODAY = date(2026, 11, 20)
TEXT = "我公司通过贵厅组织的高新技术企业培育项目评审，公示期满后一直没有收到奖补资金，请核实资金是否已经下达到园区。"


def book(*rows: tuple) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet("2019年")
        for i, row in enumerate((HEADER, *rows)):
            page.write_row(i, 0, row)
    return out.getvalue()


def message(number: int, day: date, reply: str = "已按规定答复", text: str = TEXT) -> tuple:
    return (number, "阿古拉", "奖补资金未到", f"{day} 9:32:09", text, reply, "2019/5/6" if reply else "", 3)


def bring(*rows: tuple, **more) -> MessageImportReport:
    return import_messages(book(*rows), named="2019年留言.xlsx", now=noon(TODAY), **more)


OLD = date(2019, 4, 25)


def test_the_sweep_after_an_import_of_the_past_marks_nobody_and_tells_nobody() -> None:
    done = bring(*(message(n, OLD + timedelta(days=n)) for n in range(30)))
    assert (done.registered, done.history, done.open, done.refusals) == (30, 30, 0, ())
    assert not Deadline.objects.exists() and not Task.objects.exists() and not Notification.objects.exists()
    swept = sweep_on(TODAY)
    assert (swept.overdue, swept.escalated, swept.alerts) == (0, 0, 0)
    assert not Event.objects.exclude(code=StepCode.IMPORT_HISTORY).exists() and not Notification.objects.exists()
    sweep_on(TODAY + timedelta(days=400))
    assert (
        not Event.objects.exclude(code=StepCode.IMPORT_HISTORY).exists()
        and not Notification.objects.filter(kind__in=["overdue", "escalated"]).exists()
    )


@pytest.mark.parametrize(("days", "history"), [(15, 0), (16, 1)])
def test_what_is_still_within_its_fifteen_days_is_an_open_case(days: int, history: int) -> None:
    done = bring(message(1, TODAY - timedelta(days=days)))
    assert (done.registered, done.history) == (1, history)
    assert Petition.objects.get().state == (State.HISTORY if history else State.REGISTERED)
    assert Deadline.objects.filter(clock="notice").exists() is not bool(history)
    left = [u.heading for u in done.account.unused]
    assert left == (["点赞数"] if history else ["点赞数", "答复意见（在办件的）"])


def test_a_dry_run_says_what_the_next_sweep_would_do_and_is_right() -> None:
    rows = [message(n, TODAY - timedelta(days=n)) for n in range(1, 20)]
    told = bring(*rows, dry_run=True)
    assert not Petition.objects.exists() and not Notification.objects.exists() and not AdminRecord.objects.exists()
    assert (told.registered, told.history, told.open) == (19, 4, 15)
    done = bring(*rows)
    assert (done.history, done.next_sweep) == (told.history, told.next_sweep)
    before = Notification.objects.count()
    swept = sweep_on(TODAY)
    assert (swept.alerts, swept.overdue, swept.escalated) == (
        told.next_sweep.alerts, told.next_sweep.overdue, told.next_sweep.escalated,
    )  # fmt: skip
    assert told.next_sweep.alerts and told.next_sweep.overdue, (
        "the entry in the regional system is late for some of them"
    )
    assert Notification.objects.exclude(kind="weekly").count() - before == told.next_sweep.notices


def test_history_says_who_brought_it_in_when_and_from_where_and_keeps_the_answer_secret() -> None:
    bring(message(1, OLD, reply="答复全文"))
    event = Event.objects.get()
    assert event.code == StepCode.IMPORT_HISTORY and event.by is None and event.happened_on == TODAY
    assert "2019年留言.xlsx" not in str(event.data) and len(event.data["file_digest"]) == 64
    assert "答复全文" not in str(event.data)
    (came,) = facts_of(Petition.objects.get()).history
    assert (came.step.file, came.step.replied) == ("2019年留言.xlsx", "2019-05-06")
    line = AdminRecord.objects.get(what="导入留言")
    assert line.by is None and line.target == "2019年留言.xlsx"
    assert (line.detail["registered"], line.detail["history"]) == (1, 1) and line.detail["digest"] == event.data[
        "file_digest"
    ]
    petition = Petition.objects.get()
    assert (petition.number, petition.received_on, petition.get_state_display()) == ("WX2019000001", OLD, "历史件")
    assert verify().whole


def test_the_auditor_reads_who_brought_in_what(client) -> None:
    bring(message(1, OLD))
    client.force_login(Staff.objects.get(username="auditor"))
    page = client.get(url("admin-log")).content.decode()
    assert "导入留言" in page and "2019年留言.xlsx" in page and "登记 1" in page and "历史件 1" in page


def test_what_nobody_recorded_an_answer_to_is_named() -> None:
    done = bring(
        message(1, OLD),
        message(2, OLD, reply="", text="没有答复的"),
        message(3, TODAY, reply="", text="新的"),
        message(4, OLD, reply="未答复。", text="写明没有答复的"),
        message(5, OLD, reply="—", text="只画了一横的"),
    )
    assert done.unanswered == ("2", "4", "5")


def test_history_is_found_and_proposed_as_a_repeat() -> None:
    bring(message(1, OLD))
    (found,) = find_similar(Petition.objects.all(), subject="再次反映奖补资金未到", body=TEXT, people=())
    assert found.number == "WX2019000001" and found.state == State.HISTORY


def test_figures_count_it_neither_as_received_nor_as_open() -> None:
    bring(message(1, OLD), message(2, TODAY, reply="", text="另一件事"))
    measures = {"received": CountingMeasure(RECEIVED), "open": CountingMeasure(OPEN_NOW)}
    assert count_measures(measures, DayRange(OLD, OLD)) == {"received": 0, "open": 1}
    assert count_measures(measures, DayRange(TODAY, TODAY)) == {"received": 1, "open": 1}
    take("WX2019000001", StepCode.REOPEN, "clerk", TODAY, reason="来电称至今未获答复")
    assert count_measures(measures, DayRange(OLD, OLD)) == {"received": 0, "open": 2}, "a closed year stays as it was"


def test_the_office_takes_it_up_and_it_is_asked_for_as_any_other() -> None:
    bring(message(1, OLD))
    take("WX2019000001", StepCode.REOPEN, "clerk", TODAY, reason="来电称至今未获答复")
    assert [d.clock for d in Deadline.objects.all()] == ["notice"]
    assert Deadline.objects.get().due == OLD + timedelta(days=15), "the day of receipt stays"
    assert [t.step for t in Task.objects.all()] == [StepCode.CLASSIFY]
    swept = sweep_on(TODAY)
    assert swept.overdue == 1, "it is late, and that is said"


def test_its_page_says_what_it_is_and_what_is_recorded_of_an_answer(client) -> None:
    bring(message(1, OLD, reply="答复全文"), message(2, OLD, reply="", text="没有答复的"))
    client.force_login(Staff.objects.get(username="clerk"))
    page = client.get(url("petition", "WX2019000001")).content.decode()
    assert '<span class="chip hold">历史件</span>' in page and "答复全文" in page and "2019-05-06" in page
    assert "本系统没有办理" in page and "已办结" not in page and "恢复办理" in page
    assert "没有记载" in client.get(url("petition", "WX2019000002")).content.decode()
    assert "打印回执" not in page and client.get(url("receipt", "WX2019000001")).status_code == 404
    assert "历史件" in client.get(f"{url('petitions')}?state=history").content.decode()
    assert "WX2019000001" not in client.get(url("inbox")).content.decode()
    take("WX2019000001", StepCode.REOPEN, "clerk", TODAY, reason="来电称至今未获答复")
    page = client.get(url("petition", "WX2019000001")).content.decode()
    assert '<span class="chip hold">历史件</span>' in page and "已恢复办理" in page
    assert client.get(url("receipt", "WX2019000001")).status_code == 200


def test_nobody_at_a_page_or_at_the_command_line_makes_a_petition_history(client) -> None:
    bring(message(1, TODAY))
    number = Petition.objects.get().number
    client.force_login(Staff.objects.get(username="clerk"))
    assert client.get(url("step", number, StepCode.IMPORT_HISTORY)).status_code == 404
    assert client.post(url("step", number, StepCode.IMPORT_HISTORY), {"file": "z"}).status_code == 404
    with pytest.raises(Refused, match="应由系统（办公室的导入）办理"):
        take(
            None,
            StepCode.IMPORT_HISTORY,
            "office_head",
            TODAY,
            channel="online",
            received_on=OLD,
            subject="x",
            body="y",
            file="z",
        )
    assert who("clerk") and Petition.objects.count() == 1


def test_a_late_letter_that_a_clerk_registers_is_overdue_as_before() -> None:
    """A letter found in a drawer is no history: that its days passed is recorded, once."""
    take(
        None,
        StepCode.REGISTER,
        "clerk",
        TODAY,
        secrecy="no",
        channel="letter",
        received_on=TODAY - timedelta(days=60),
        subject="旧信",
        body="旧信",
        persons=[{"name": "其木格", "address": "某旗"}],
    )
    swept = sweep_on(TODAY)
    assert swept.overdue == 2 and swept.escalated == 1
    again = sweep_on(TODAY)
    assert (again.overdue, again.escalated) == (0, 0)


def test_an_answer_that_changed_is_no_other_message() -> None:
    bring(message(1, OLD))
    done = bring(message(1, OLD, reply="后来改写的答复"))
    assert (done.already, done.registered, done.refusals) == (1, 0, ())
    assert done.next_sweep.notices == 0


def test_a_live_petition_is_not_filed_because_of_what_nobody_here_answered() -> None:
    bring(message(1, OLD))
    old = Petition.objects.get().number
    number = register(TODAY)
    concluded = {"ground": "concluded", "concluded_number": old, "reason": "已办结"}
    with pytest.raises(Refused, match="没有答复、办结的记录"):
        take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", TODAY, **concluded)
    take(number, StepCode.LINK_REPEAT, "clerk", TODAY, first=old, same_person=True, same_matter=True, reason="同人同事")
    take(number, StepCode.LINK_REPEAT, "clerk2", TODAY, agree=True)
    with pytest.raises(Refused, match="没有答复、办结的记录"):
        take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", TODAY, ground="answered_repeat", reason="已答复")
