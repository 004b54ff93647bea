"""An import is undone as a whole, but for what somebody worked on: found no more, listed no more, and proven."""

from datetime import date, timedelta

import pytest

from tests.ledgers.ugly import years_in_sheets_one_hidden
from tests.urls import url
from tests.world import noon, sweep_on, take, who
from xinfang.accounts.models import Staff
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Deadline, Event, Petition, Task
from xinfang.cases.queries.petition_filter import PetitionFilter, filter_petitions
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.figures.counting import OPEN_NOW, RECEIVED, CountingMeasure, count_measures
from xinfang.figures.periods import DayRange
from xinfang.ledgers.actions.bringing_in import keys_of, run_import, undo_import
from xinfang.ledgers.actions.ledgers import take_file
from xinfang.ledgers.models import LedgerImport
from xinfang.notifications.models import Notification
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State
from xinfang.proof.derived_rows import differences
from xinfang.proof.verify import verify
from xinfang.search.finding import find_petitions, reads_answers
from xinfang.search.index import check_index
from xinfang.search.likely_repeats import find_similar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
TODAY = date(2026, 11, 20)


def brought(content: bytes) -> LedgerImport:
    clerk = Staff.objects.get(username="clerk")
    ledger = take_file(content, "2022-2024年台账.xlsx", by=clerk, now=noon(TODAY))
    run_import(ledger, dry_run=True, now=noon(TODAY))
    run_import(ledger, dry_run=False, now=noon(TODAY))
    return ledger


def numbers_found(words: str) -> list[str]:
    found = find_petitions(words, reads=reads_answers(who("clerk"))).values("pk")
    return sorted(Petition.objects.filter(pk__in=found).values_list("number", flat=True))


def differing() -> list[object]:
    return [d for d in differences() if not isinstance(d, int)]


def test_history_owes_nothing_is_found_by_its_old_number_and_by_a_word_of_the_result() -> None:
    ledger = brought(years_in_sheets_one_hidden())
    assert (ledger.state, ledger.taken, len(keys_of(ledger))) == ("done", 6, 6)
    first = Petition.objects.get(number="LX2022000001")
    assert (first.external_number, first.received_on, first.state) == ("信022", date(2022, 3, 5), State.HISTORY)
    assert numbers_found("信022") == [first.number] and numbers_found("已于当年拨付第22笔经费") == [first.number]
    (similar,) = find_similar(Petition.objects.filter(pk=first.pk), subject="经费", body=first.body, people=())
    assert similar.number == first.number
    assert not Deadline.objects.exists() and not Task.objects.exists() and not Notification.objects.exists()
    sweep_on(TODAY + timedelta(days=1))
    assert Event.objects.count() == 6 and not Notification.objects.filter(kind__in=["overdue", "escalated"]).exists()
    measures = {"received": CountingMeasure(RECEIVED), "open": CountingMeasure(OPEN_NOW)}
    assert count_measures(measures, DayRange(date(2022, 1, 1), TODAY)) == {"received": 0, "open": 0}
    event = Event.objects.get(petition=first)
    assert event.by is None and event.data["brought_by"] == "clerk" and "拨付" not in str(event.data)
    assert verify().whole and differing() == [] and check_index() == []


def test_an_undo_keeps_what_was_worked_on_says_so_and_the_chain_verifies() -> None:
    ledger = brought(years_in_sheets_one_hidden())
    take(
        "LX2022000001",
        StepCode.CORRECT,
        "clerk",
        TODAY,
        what="subject",
        new_value="改过",
        public_value="改过",
        reason="照原件",
    )
    take("LX2023000001", StepCode.REOPEN, "clerk", TODAY, reason="来电称至今未获答复")
    clerk = Staff.objects.get(username="clerk2")
    with pytest.raises(AdminChangeRefused, match="理由"):
        undo_import(ledger, by=clerk, reason=" ")
    report = undo_import(ledger, by=clerk, reason="选错了文件", now=noon(TODAY))
    assert report.undone == 4
    assert report.kept == (
        ("LX2022000001", "导入之后有人在此件上办理"),
        ("LX2023000001", "导入之后有人在此件上办理"),
    )
    assert (ledger.state, ledger.undone, ledger.kept) == ("undone", 4, 2)
    gone = Petition.objects.filter(state=State.UNDONE)
    assert gone.count() == 4, "nothing is deleted"
    listed = filter_petitions(visible_to(who("clerk")), PetitionFilter())
    assert sorted(listed.values_list("number", flat=True)) == ["LX2022000001", "LX2023000001"]
    assert numbers_found("信124") == [] and numbers_found("拨付") == ["LX2022000001", "LX2023000001"]
    line = AdminRecord.objects.get(what="撤销导入台账")
    assert line.by == clerk and (line.detail["count"], line.detail["kept"]) == (4, 2)
    assert verify().whole and differing() == [] and check_index() == []
    sweep_on(TODAY + timedelta(days=400))
    assert (
        not Event.objects.filter(petition__in=gone)
        .exclude(code__in=(StepCode.IMPORT_HISTORY, StepCode.UNDO_IMPORT))
        .exists()
    )
    with pytest.raises(AdminChangeRefused):
        undo_import(ledger, by=clerk, reason="再撤一次")


def test_after_an_undo_the_same_ledger_comes_in_again_under_new_numbers() -> None:
    content = years_in_sheets_one_hidden()
    undo_import(brought(content), by=None, reason="列选错了")
    again = brought(content)
    assert (again.taken, again.already) == (6, 0)
    third = brought(content)
    assert (third.taken, third.already) == (0, 6)
    assert Petition.objects.filter(state=State.HISTORY).count() == 6 and Petition.objects.count() == 12
    assert sorted(Petition.objects.values_list("number", flat=True))[:4] == [
        "LX2022000001", "LX2022000002", "LX2022000003", "LX2022000004",
    ]  # fmt: skip


def test_a_run_that_is_broken_off_goes_on_and_each_row_comes_once(monkeypatch) -> None:
    from xinfang.ledgers.actions import bringing_in

    monkeypatch.setattr(bringing_in, "ROWS_AT_ONCE", 2)
    ledger = take_file(years_in_sheets_one_hidden(), "台账.xlsx", by=None, now=noon(TODAY))
    run_import(ledger, dry_run=True, now=noon(TODAY))
    whole, calls = bringing_in.begin_many, []

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)

    monkeypatch.setattr(bringing_in, "begin_many", killed)
    with pytest.raises(KeyboardInterrupt):
        run_import(ledger, dry_run=False, now=noon(TODAY))
    assert Petition.objects.count() == 4
    monkeypatch.setattr(bringing_in, "begin_many", whole)
    account = run_import(LedgerImport.objects.get(), dry_run=False, now=noon(TODAY))
    assert (account.taken, account.already) == (2, 4)
    done = LedgerImport.objects.get()
    assert (done.taken, done.already, done.state) == (6, 0, "done"), "all six belong to this import"
    assert Petition.objects.count() == 6
    assert undo_import(done, by=None, reason="试一试").undone == 6


def test_a_long_undo_is_done_in_the_background_with_who_and_why(
    monkeypatch, django_capture_on_commit_callbacks
) -> None:
    from xinfang.ledgers.actions import ledgers as acts

    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(acts, "ROWS_IN_A_REQUEST", 3)
    monkeypatch.setattr(acts, "start_command", lambda *words: begun.append(words))
    ledger, clerk = brought(years_in_sheets_one_hidden()), Staff.objects.get(username="clerk")
    with django_capture_on_commit_callbacks(execute=True):
        assert acts.undo(ledger, by=clerk, reason="选错了") is None
    assert begun == [("ledgers", "go-on", str(ledger.pk))]
    waiting = LedgerImport.objects.get()
    assert waiting.state == "undoing" and Petition.objects.filter(state=State.UNDONE).count() == 0
    acts.go_on(waiting)
    done = LedgerImport.objects.get()
    assert (done.state, done.undone, done.kept, done.undone_by) == ("undone", 6, 0, clerk)
    line = AdminRecord.objects.get(what="撤销导入台账")
    assert line.by == clerk and line.detail["reason"] == "选错了"


def test_what_another_case_is_tied_to_is_kept_and_named() -> None:
    from tests.world import register
    from xinfang.cases.access import open_case
    from xinfang.matters.actions.judging import judge
    from xinfang.procedure.same_matter import PairVerdict

    ledger, clerk = brought(years_in_sheets_one_hidden()), Staff.objects.get(username="clerk")
    two = [open_case(who("clerk"), number) for number in (register(TODAY), "LX2022000001")]
    judge(*two, PairVerdict.SAME, None, staff=clerk, seen=0)
    report = undo_import(ledger, by=None, reason="选错了")
    assert report.undone == 5 and report.kept == (("LX2022000001", "已认定与其他件重复或者同事"),)


def test_an_undone_number_is_said_to_be_none_at_its_page(client) -> None:
    undo_import(brought(years_in_sheets_one_hidden()), by=None, reason="选错了")
    client.force_login(Staff.objects.get(username="clerk"))
    page = client.get(url("petition", "LX2022000001"))
    assert page.status_code == 200 and "导入已撤销" in page.content.decode()
