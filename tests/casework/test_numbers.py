"""The department's own numbers: asked for by one, agreed to by another, in force from a day that is to come."""

import html
import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from tests.urls import url
from tests.world import make_department, register, take, walk
from xinfang.accounts.models import Absence, Staff
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord
from xinfang.calendars import queries
from xinfang.calendars.models import CalendarYear, NumberChange, NumberChangeAnswer
from xinfang.calendars.queries import calendar
from xinfang.calendars.schedule_files import read_schedule, with_schedule
from xinfang.cases.actions.export_approvals import ask_to_export
from xinfang.cases.models import Deadline, ExportAnswer, Petition
from xinfang.cases.queries.export_approvals import state_of
from xinfang.cases.queries.petitions import facts_of
from xinfang.casework.actions import recomputed_dates
from xinfang.casework.actions.number_changes import answer_number, ask_for_number
from xinfang.casework.queries.what_if import what_if
from xinfang.core.clock import today
from xinfang.figures.periods import Span, period_of
from xinfang.figures.tables import figure_report
from xinfang.notifications.models import Notification
from xinfang.operations.main import main
from xinfang.procedure import limits
from xinfang.procedure.calendar import YearSchedule
from xinfang.procedure.dated_rules import DAYS, LimitVersion
from xinfang.procedure.department_numbers import AT_LEAST, AT_MOST, CHANGEABLE, HIGHEST
from xinfang.procedure.exports import ExportKind
from xinfang.procedure.printed_numbers import printed_numbers
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import a_group_still_chooses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def department(monkeypatch):
    # The numbers of a process outlive the test that agreed to them: they are put back after it.
    monkeypatch.setattr(queries, "_read", None)
    make_department()


def person(username: str) -> Staff:
    return Staff.objects.get(username=username)


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


def ask(code="supervision", value=10, since=None, by="office_head", reason="督办反馈时间太短") -> NumberChange:
    return ask_for_number(code, value, since or today() + DAY, reason=reason, by=person(by))


def agree(change: NumberChange, by="principal", now: datetime | None = None) -> None:
    answer_number(change.pk, agree=True, opinion="", by=person(by), now=now)
    calendar()


class TestTwoPersons:
    def test_nothing_holds_until_a_second_person_agrees_and_then_from_its_day(self):
        change = ask()
        calendar()
        assert limits.SUPERVISION.on(change.since).value == 7
        agree(change)
        assert limits.SUPERVISION.on(change.since - DAY).value == 7
        assert limits.SUPERVISION.on(change.since).value == 10

    @pytest.mark.parametrize("by", ["clerk", "leader", "handler", "auditor", "security", "sealed"])
    def test_who_may_not_ask(self, by):
        with pytest.raises(AdminChangeRefused, match="办公室主任或系统管理员"):
            ask(by=by)

    @pytest.mark.parametrize("by", ["office_head", "clerk", "admin", "leader", "security", "auditor"])
    def test_who_may_not_agree(self, by):
        change = ask(by="office_head")
        with pytest.raises(AdminChangeRefused, match="提出人以外"):
            agree(change, by)

    def test_what_an_administrator_asks_for_the_head_of_the_office_may_agree_to(self):
        change = ask(by="admin")
        agree(change, "office_head")
        assert limits.SUPERVISION.on(change.since).value == 10

    def test_a_refusal_says_why_and_changes_nothing(self):
        change = ask()
        with pytest.raises(AdminChangeRefused, match="请填写“意见”"):
            answer_number(change.pk, agree=False, opinion=" ", by=person("principal"))
        answer_number(change.pk, agree=False, opinion="七日足够", by=person("principal"))
        calendar()
        assert limits.SUPERVISION.on(change.since).value == 7
        assert "不同意" in Notification.objects.get(staff=person("office_head")).text

    def test_who_asked_may_take_it_back_and_ask_again(self):
        change = ask()
        with pytest.raises(AdminChangeRefused, match="已有一项更改等待确认"):
            ask(value=12)
        answer_number(change.pk, agree=False, opinion="", by=person("office_head"))
        agree(ask(value=12))
        assert limits.SUPERVISION.on(today() + DAY).value == 12

    def test_one_office_does_not_answer_itself_through_who_stands_in(self):
        """The head is away; who acts in the head's place asks, and the head may not agree to it."""
        Absence.objects.create(
            staff=person("office_head"), deputy=person("clerk"), since=today(), until=today() + 5 * DAY
        )
        change = ask(by="clerk")
        assert change.acting_for == person("office_head")
        with pytest.raises(AdminChangeRefused, match="提出人以外"):
            agree(change, "office_head")
        agree(change, "principal")
        assert "（代高娃）" in client_of("principal").get(url("numbers")).content.decode()

    def test_a_request_whose_day_is_over_keeps_nobody_from_asking_again(self):
        old = ask_for_number(
            "supervision", 9, today() - DAY, reason="早先", by=person("office_head"), now=timezone.now() - 3 * DAY
        )
        agree(ask(value=12))
        assert limits.SUPERVISION.on(today() + DAY).value == 12
        assert "过期，没有确认" in client_of("office_head").get(url("numbers")).content.decode()
        assert not hasattr(old, "answer")

    def test_all_or_nothing_where_dates_on_record_move(self, monkeypatch):
        number = register(today() - 40 * DAY)
        day = walk(number, "replied", today() - 39 * DAY)
        failed = {"method": "post", "why": "returned", "tried_on": day, "next_way": "public", "text": "另行公告。"}
        posted = {**failed, "mail_number": "XA0000000115"}
        take(number, StepCode.SERVICE_FAILED, "handler", day, **posted)
        take(number, StepCode.SERVICE_FAILED, "handler", day, **{**failed, "method": "in_person"})
        take(number, StepCode.SERVE, "handler", today(), served_on=today().isoformat(), method="public", receiver="")
        change = ask("rating", 45, today() + 30 * DAY)

        def fails(*args, **kwargs):
            raise DatabaseError("the disk is full")

        monkeypatch.setattr(recomputed_dates, "perform", fails)
        with pytest.raises(AdminChangeRefused, match="没有确认"):
            agree(change)
        calendar()
        assert limits.RATING.on(change.since).value == 30 and not NumberChangeAnswer.objects.exists()

    def test_it_is_answered_once(self):
        change = ask()
        agree(change)
        with pytest.raises(AdminChangeRefused, match="已经答复"):
            agree(change)

    def test_an_answer_that_comes_on_its_day_comes_too_late(self):
        change = ask(since=today() + 2 * DAY)
        with pytest.raises(AdminChangeRefused, match="最早为明天"):
            agree(change, now=timezone.now() + 2 * DAY)

    def test_both_are_told_and_both_are_in_the_log_of_administration(self):
        change = ask()
        assert "等待您确认" in Notification.objects.get(staff=person("principal")).text
        agree(change)
        rows = AdminRecord.objects.filter(what__contains="本厅设定的数字").order_by("id")
        assert [(r.by.username, r.what) for r in rows] == [
            ("office_head", "申请更改本厅设定的数字"),
            ("principal", "同意更改本厅设定的数字"),
        ]
        said = {"change": change.pk, "value": 10, "since": change.since.isoformat()}
        assert all(said.items() <= r.detail.items() for r in rows)

    @pytest.mark.parametrize("model", [NumberChange, NumberChangeAnswer])
    def test_neither_is_changed_or_deleted(self, model):
        agree(ask())
        with pytest.raises(DatabaseError):
            model.objects.update(at=timezone.now())


class TestWhatIsPossible:
    @pytest.mark.parametrize("code", sorted(limits.BY_CODE.keys() - CHANGEABLE.keys()))
    def test_a_number_of_the_law_is_not_the_departments_to_change(self, code):
        with pytest.raises(AdminChangeRefused, match="不能在这里更改"):
            ask(code, 5)

    @pytest.mark.parametrize("value", [0, 91, 999])
    def test_no_number_that_would_be_none(self, value):
        with pytest.raises(AdminChangeRefused, match="应为 1 至 90 之间"):
            ask(value=value)

    @pytest.mark.parametrize("code", sorted(AT_LEAST))
    def test_no_time_of_a_petitioner_is_shortened(self, code):
        with pytest.raises(AdminChangeRefused, match=f"应为 {AT_LEAST[code]} 至"):
            ask(code, AT_LEAST[code] - 1)

    @pytest.mark.parametrize("code", sorted(AT_MOST))
    def test_no_wait_of_a_petitioner_is_lengthened(self, code):
        with pytest.raises(AdminChangeRefused, match=f"至 {AT_MOST[code]} 之间"):
            ask(code, AT_MOST[code] + 1)

    def test_not_so_far_ahead_that_nobody_remembers(self):
        with pytest.raises(AdminChangeRefused, match="一年以内"):
            ask(since=today() + 367 * DAY)

    def test_not_from_today_and_not_from_before(self):
        for since in (today(), today() - DAY):
            with pytest.raises(AdminChangeRefused, match="最早为明天"):
                ask(since=since)

    def test_not_what_it_is_already(self):
        with pytest.raises(AdminChangeRefused, match="已经是7日"):
            ask(value=7)

    def test_every_reason_at_once(self):
        with pytest.raises(AdminChangeRefused) as refused:
            ask(value=0, since=today(), reason="")
        assert len(refused.value.sentences) == 3


@pytest.mark.parametrize("code", sorted(CHANGEABLE))
def test_each_number_can_be_changed_and_the_print_shows_both(code):
    limit = CHANGEABLE[code]
    less = code in AT_MOST and limit.first_value - 1 >= AT_LEAST.get(code, 1)
    other = limit.first_value + (-1 if less else 1)
    assert other <= HIGHEST[limit.unit]
    change = ask(code, other)
    agree(change)
    assert [limit.on(change.since - DAY).value, limit.on(change.since).value] == [limit.first_value, other]
    printed = [n.number for n in printed_numbers() if n.code == code]
    assert printed == [f"{limit.first_value}{limit.unit}", f"{other}{limit.unit}"]


def due_of(number: str, clock: str = "regional_entry") -> date:
    return Deadline.objects.get(petition__number=number, clock=clock).due


def working_days(since: date, due: date) -> int:
    return calendar().working_days_between(since, due)


def test_a_due_date_moves_on_its_day_and_not_before():
    """The entry into the regional system: three working days from the registration."""
    before = register(today())
    agree(ask("regional_entry", 10))
    agreed = register(today())
    on_its_day = register(today() + DAY)
    assert due_of(before) == due_of(agreed) and working_days(today(), due_of(agreed)) == 3
    assert working_days(today() + DAY, due_of(on_its_day)) == 10


def test_a_limit_on_record_that_begins_only_then_is_brought_in_line_with_an_event():
    """A reply served by public notice counts as served after thirty days; the rating begins then."""
    number = register(today() - 40 * DAY)
    day = walk(number, "replied", today() - 39 * DAY)
    failed = {"method": "post", "why": "returned", "tried_on": day, "next_way": "public", "text": "另行公告。"}
    posted = {**failed, "mail_number": "XA0000000115"}
    take(number, StepCode.SERVICE_FAILED, "handler", day, **posted)
    take(number, StepCode.SERVICE_FAILED, "handler", day, **{**failed, "method": "in_person"})
    take(number, StepCode.SERVE, "handler", today(), served_on=today().isoformat(), method="public", receiver="")
    served = today() + 30 * DAY
    agree(ask("rating", 45, served))
    assert due_of(number, "rating") >= served + 45 * DAY
    last = facts_of(Petition.objects.get(number=number)).history[-1]
    assert last.code == "recompute_deadline" and "送达后请信访人评价" in last.step.why


def test_a_group_is_counted_by_the_number_of_its_day():
    """Five made a group on the day on which they came; that ten make one later changes nothing of it (H15)."""
    people = {"channel": "visit", "group_size": 6, "place": "信访接待室"}
    before = register(today(), **people)
    agree(ask("group_visit", 10))
    after = register(today() + DAY, **people)
    tasks = {n: facts_of(Petition.objects.get(number=n)) for n in (before, after)}
    assert a_group_still_chooses(tasks[before]) and not a_group_still_chooses(tasks[after])
    report = figure_report(period_of(Span.YEAR, today()), today())
    row = next(r for r in report.tables[0].rows if r.code == "group")
    assert row.label == "来访（集体，来访当日设定的人数以上）" and row.figures[0].now.number == 1


def test_an_agreement_to_export_is_good_for_as_long_as_its_day_says():
    """Seven days from the agreement, or as many as the department has set for agreements of that day."""
    now, clerk = timezone.now(), person("clerk")
    agree(ask("export_approval", 20))
    asked = ask_to_export(ExportKind.EXCHANGE_PACKAGE, None, "", staff=clerk, reason="报送", now=now)
    for answered, last in ((now, 7), (now + DAY, 20)):
        answer = ExportAnswer(request=asked, agree=True, by=person("principal"), at=answered)
        asked.answer = answer
        assert state_of(asked, answered + last * DAY).open
        assert not state_of(asked, answered + (last + 1) * DAY).open


class TestWhatIf:
    def test_it_counts_what_would_move_and_writes_nothing(self, django_assert_max_num_queries):
        numbers = [register(today() - 10 * DAY), register(today())]
        calendar()
        was = list(Deadline.objects.order_by("id").values())
        change = {"notice": (LimitVersion(today() - 20 * DAY, 5, DAYS, ()),)}
        with django_assert_max_num_queries(8):
            found = what_if(change, today())
        assert (found.cases, found.moved_cases, found.sooner, found.later) == (2, 2, 2, 0)
        assert found.by_clock == {"书面告知": 2} and found.by_unit == {"尚未交办": 2}
        assert (found.late_then - found.late_today, found.newly_late) == (1, {"尚未交办": 1})
        assert list(Deadline.objects.order_by("id").values()) == was and len(numbers) == 2

    def test_what_began_before_the_day_moves_only_by_the_transitional_rule(self):
        register(today() - 2 * DAY)
        calendar()
        for running, moved in ((False, 0), (True, 1)):
            change = {"notice": (LimitVersion(today(), 30, DAYS, (), holds_for_running=running),)}
            assert what_if(change, today()).later == moved

    def test_a_sealed_case_is_not_in_it(self):
        """By trying one day after the other somebody would learn when a report of wrongdoing came (N30)."""
        number = register(today() - 3 * DAY)
        report = {"matter_class": "report", "purpose": "report"}
        take(number, StepCode.CLASSIFY, "clerk", today() - 3 * DAY, **report)
        assert Petition.objects.get(number=number).sealed
        calendar()
        for code in ("report_hand_over", "notice"):
            change = {code: (LimitVersion(today() - 30 * DAY, 1, DAYS, ()),)}
            found = what_if(change, today())
            assert (found.cases, found.limits, found.moved) == (0, 0, 0)

    def test_a_calendar_can_be_tried_too(self):
        register(today())
        known = calendar()
        off = {today() + n * DAY: "试" for n in range(1, 6)}
        year = known.years.get(today().year) or YearSchedule(today().year, {}, {})
        other = known.with_year(replace(year, off={**year.off, **off}))
        assert what_if({}, today(), other).by_clock["录入自治区系统"] == 1


class TestCommand:
    @pytest.fixture
    def run(self, capsys):
        def call(*args: str) -> tuple[int, str, str]:
            capsys.readouterr()
            code = main(["what-if", *args])
            out, err = capsys.readouterr()
            return code, out, err

        return call

    def test_it_prints_what_would_move(self, run):
        register(today() - 10 * DAY)
        code, out, _ = run("notice=5", "--from", str(today() - 20 * DAY))
        assert code == 0 and "1 件的 1 个到期日会变动" in out and "没有写入任何内容" in out and "尚未交办" in out
        data = json.loads(run("notice=5", "--from", str(today() - 20 * DAY), "--json")[1])
        assert (data["sooner"], data["moved"], data["by_clock"]) == (1, 1, {"书面告知": 1})

    def test_a_schedule_is_tried(self, run, tmp_path):
        register(today())
        file = tmp_path / "安排.csv"
        days = [today() + n * DAY for n in range(1, 5)]
        file.write_text("日期,类型,名称\n" + "".join(f"{d},放假,试\n" for d in days if d.weekday() < 5), "utf-8")
        code, out, _ = run("--calendar", str(file))
        assert code == 0 and "录入自治区系统" in out
        assert not CalendarYear.objects.exists()

    @pytest.mark.parametrize(
        "words",
        [
            (),
            ("notice=5",),
            ("notice", "--from", "2027-01-01"),
            ("notice=０", "--from", "2027-01-01"),
            ("notice=00055", "--from", "2027-01-01"),
            ("notice=5999999999", "--from", "2027-01-01"),
            ("group_visit=3", "--from", "2027-01-01"),
            ("nothing=5", "--from", "2027-01-01"),
            ("notice=5", "--from", "改天"),
            ("incident_office=5", "--from", "2027-01-01"),
        ],
    )
    def test_what_it_does_not_understand(self, run, words):
        assert run(*words)[0] == 2

    def test_a_file_that_is_not_there(self, run):
        code, _, said = run("--calendar", "nowhere.csv")
        assert code == 3 and "nowhere.csv" in said


def test_the_page_tries_a_schedule_before_it_is_imported():
    register(today())
    client = Client()
    client.force_login(person("clerk"))
    days = [today() + n * DAY for n in range(1, 5)]
    table = "日期,类型,名称\n" + "".join(f"{d},放假,试\n" for d in days if d.weekday() < 5)
    file = SimpleUploadedFile("安排.csv", table.encode())
    page = client.post(
        url("calendar-import"), {"file": file, "do": "try", "year": "", "origin": "通知"}
    ).content.decode()
    assert "只是试算，还没有提出" in page and "录入自治区系统" in page
    assert not CalendarYear.objects.exists()
    content = re.search(r'name="content" value="([^"]*)"', page)
    assert content
    sent = {"content": html.unescape(content[1]), "origin": "通知", "year": ""}
    assert "还没有提出，请先核对" in client.post(url("calendar-import"), sent).content.decode()


def test_a_schedule_is_tried_as_it_would_be_imported():
    """Days of a December in the next year's notice move a date of this year, in the trial as in the import."""
    year = today().year
    read = read_schedule(
        f"日期,类型,名称\n{year + 1}-01-01,放假,元旦\n{year}-12-31,放假,元旦\n".encode(), year=year + 1
    )
    tried = with_schedule(calendar(), read)
    assert not tried.is_working(date(year, 12, 31)) and not tried.is_working(date(year + 1, 1, 1))


class TestPage:
    def page(self, username: str, address: str = "numbers", **asked: str) -> str:
        client = Client()
        client.force_login(person(username))
        return client.get(url(address), asked).content.decode()

    def test_who_sees_it(self):
        for username in ("clerk", "office_head", "admin", "principal", "leader", "auditor", "adviser"):
            assert "本厅设定的数字" in self.page(username), username
        client = Client()
        client.force_login(person("handler"))
        assert client.get(url("numbers")).status_code in (403, 404)

    def test_from_the_form_to_the_page_of_the_rules(self):
        client = Client()
        client.force_login(person("office_head"))
        since = (today() + DAY).isoformat()
        asked = {"code": "supervision", "value": "１０", "since": since, "reason": "太短"}
        assert client.post(url("numbers"), asked).status_code == 302
        assert "由提出人以外的办公室主任或者厅主要领导确认" in self.page("clerk")
        client.force_login(person("principal"))
        pk = NumberChange.objects.get().pk
        assert client.post(url("numbers"), {"change": str(pk), "do": "agree"}).status_code == 302
        assert "10日" in self.page("clerk") and "10日" in self.page("handler", "procedure")

    @pytest.mark.parametrize("value", ["", "十", "-3", "3.5", "1e3", "９９９９"])
    def test_what_is_no_number_is_told_and_kept(self, value):
        client = Client()
        client.force_login(person("office_head"))
        asked = {"code": "supervision", "value": value, "since": "", "reason": "太短"}
        answer = client.post(url("numbers"), asked)
        assert answer.status_code == 422 and "太短" in answer.content.decode()
        assert not NumberChange.objects.exists()

    def test_trying_one_out(self):
        register(today())
        page = self.page("leader", "numbers-what-if", code="notice", value="30", since=str(today()))
        assert "推后 1 个" in page
        assert "没有试算" in self.page("leader", "numbers-what-if", code="notice", value="x", since="昨天")
