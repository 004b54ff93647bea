"""A year at a glance, which years are published, and bringing in a schedule that was published."""

import io
from calendar import Calendar as Weeks
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, TypedDict

import xlsxwriter
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar, imported_years, waiting_schedules
from xinfang.calendars.schedule_files import as_csv, doubtful_days, read_schedule, with_schedule
from xinfang.cases.queries.counts import provisional_deadlines
from xinfang.casework.actions.calendar_import import AdminChangeRefused, CalendarImportReport, ScheduleDoubtful
from xinfang.casework.actions.calendar_proposals import answer_schedule, propose_schedule
from xinfang.casework.forms import FIRST_YEAR, LAST_YEAR, CalendarForm
from xinfang.casework.queries.what_if import MovedRows, moved_rows, what_if
from xinfang.core.clock import today
from xinfang.procedure.calendar import WEEKDAYS, Calendar
from xinfang.procedure.visibility import ADMINISTERS
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Problem
from xinfang.web.forms import posted_key
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.calendars.models import CalendarYear, ScheduleProposal

NAV_ROUTE = "calendar"
COLUMNS = ("日期", "类型", "名称")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DayCell(TypedDict):
    """A day of a month."""

    day: int
    kind: str
    sign: str
    why: str
    today: bool


class Month(TypedDict):
    """A month by weeks, and how many days of it are worked."""

    month: int
    weeks: list[list[DayCell | None]]
    working: int


class Holiday(TypedDict):
    """A holiday: its days off and the days worked instead."""

    name: str
    off: str
    work: str
    begins: date


class KnownYear(TypedDict):
    """A year that can be looked at."""

    year: int
    published: bool
    imported: bool


class CalendarContext(TypedDict):
    """A year of the calendar."""

    year: int
    before: int | None
    after: int | None
    published: bool
    source: str
    imported: "CalendarYear | None"
    months: list[Month]
    arranged: list[Holiday]
    years: list[KnownYear]
    provisional: int
    may_import: bool
    weekdays: str


class Tried(MovedRows):
    """What a schedule would move, and its content to be sent again for the import."""

    words: str
    content: str
    doubts: list[str]
    """What the import will ask about."""


class WaitingSchedule(TypedDict):
    """A schedule that waits for a second person: its days to be compared with the notice."""

    pk: int
    years: str
    asked: str
    origin: str
    off: str
    work: str
    doubts: list[str]
    mine: bool


class ImportContext(TypedDict):
    """The form that brings in a year, and what came of it."""

    errors: list[Problem]
    waiting: list[WaitingSchedule]
    report: CalendarImportReport | None
    unsure: ScheduleDoubtful | None
    tried: "Tried | None"
    origin: str
    columns: tuple[str, ...]
    form: CalendarForm


@require_safe
@desk_page()
def calendar_page(request: DeskRequest) -> HttpResponse:
    """Show the twelve months of one year, and what is known of the years around it.

    Raises:
        Http404: the address names no year that the program knows.
    """
    day = today()
    wanted = request.GET.get("year", str(day.year))
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) == 4 and FIRST_YEAR <= int(wanted) <= LAST_YEAR):
        raise Http404
    year, known = int(wanted), calendar()
    imported = imported_years()
    around = sorted({*known.years, day.year, day.year + 1, year})
    schedule = known.years.get(year)
    context: CalendarContext = {
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "published": schedule is not None,
        "source": schedule.source if schedule else "",
        "imported": imported.get(year),
        "months": [_month(known, year, month, day) for month in range(1, 13)],
        "arranged": _arranged(known, year),
        "years": [{"year": y, "published": y in known.years, "imported": y in imported} for y in reversed(around)],
        "provisional": provisional_deadlines(),
        "may_import": request.actor.has(*ADMINISTERS),
        "weekdays": WEEKDAYS,
    }
    return render_page(request, "casework/calendar.html", context, here=NAV_ROUTE)


SIGNS = {"off": "休", "work": "班", "weekend": "", "day": ""}


def _month(known: Calendar, year: int, month: int, now: date) -> Month:
    weeks = []
    for week in Weeks().monthdatescalendar(year, month):
        weeks.append([_cell(known, d, now) if d.month == month else None for d in week])
    days = [date(year, month, i) for i in range(1, monthrange(year, month)[1] + 1)]
    return {"month": month, "weeks": weeks, "working": sum(map(known.is_working, days))}


def _cell(known: Calendar, day: date, now: date) -> DayCell:
    schedule = known.years.get(day.year)
    works, weekday = known.is_working(day), day.weekday() < 5
    if works and not weekday:
        kind = "work"
    elif not works and (weekday or (schedule is not None and day in schedule.off)):
        kind = "off"
    else:
        kind = "day" if works else "weekend"
    return {"day": day.day, "kind": kind, "sign": SIGNS[kind], "why": known.why(day), "today": day == now}


def _arranged(known: Calendar, year: int) -> list[Holiday]:
    """Return the schedule in words: each holiday with its days off and the days worked instead."""
    schedule = known.years.get(year)
    if schedule is None:
        return []
    names: dict[str, dict[str, list[date]]] = {}
    for kind, days in (("off", schedule.off), ("work", schedule.work)):
        for day, name in sorted(days.items()):
            names.setdefault(name, {"off": [], "work": []})[kind].append(day)
    rows: list[Holiday] = [
        {"name": name, "off": _spans(n["off"]), "work": _spans(n["work"]), "begins": min(n["off"] or n["work"])}
        for name, n in names.items()
    ]
    return sorted(rows, key=lambda r: r["begins"])


def _spans(days: list[date]) -> str:
    """Join days to spans, such as “1月1日至1月3日（3 天）、2月7日”."""
    spans: list[list[date]] = []
    for day in days:
        if spans and (day - spans[-1][-1]).days == 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    return "、".join(
        f"{s[0].month}月{s[0].day}日" + (f"至{s[-1].month}月{s[-1].day}日（{len(s)} 天）" if len(s) > 1 else "")
        for s in spans
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*ADMINISTERS)
def import_year(request: DeskRequest) -> HttpResponse:
    """Take a schedule that somebody read in, or another's word on one; say what changed or what must be looked at."""
    answers = "proposal" in request.POST
    sent = request.method == "POST" and not answers
    form = CalendarForm(request.POST, request.FILES) if sent else CalendarForm()
    report = unsure = None
    tried: Tried | None = None
    errors: list[Problem] = []
    try:
        if answers:
            report = _answer(request)
            if report is None:
                messages.success(request, "已记录，日历没有改动。")
                return redirect("calendar-import")
        elif sent and form.is_valid():
            file = form.cleaned_data["file"]
            content = file.read() if file else request.POST["content"].encode()
            named = file.name if file else ""
            if request.POST.get("do") == "try":
                tried = _tried(content, form.cleaned_data["year"], named)
            else:
                propose_schedule(
                    content,
                    by=request.user,
                    origin=form.cleaned_data["origin"],
                    year=form.cleaned_data["year"],
                    named=named,
                    agreed=request.POST.getlist("agreed"),
                )
                drafts.form_accepted(request)
                messages.success(request, "已提出，由另一人对照通知核对后生效。")
                return redirect("calendar-import")
    except AdminChangeRefused as rejected:
        if answers:
            errors = [{"reason": sentence} for sentence in rejected.sentences]
        else:
            form.refuse(rejected.sentences)
    except ScheduleDoubtful as asked:
        unsure = asked
    context: ImportContext = {
        "errors": errors or form.summary,
        "report": report,
        "waiting": [_waiting(p, request) for p in waiting_schedules()],
        "unsure": unsure,
        "tried": tried,
        "origin": form["origin"].value() or "",
        "columns": COLUMNS,
        "form": form,
    }
    status = 422 if errors or form.errors or unsure else 200
    return render_page(request, "casework/calendar_import.html", context, here=NAV_ROUTE, status=status)


def _answer(request: DeskRequest) -> CalendarImportReport | None:
    pk, agree = posted_key(request.POST.get("proposal", "")), request.POST.get("do") == "agree"
    return answer_schedule(pk, agree=agree, opinion=request.POST.get("opinion", ""), by=request.user)


def _waiting(proposal: "ScheduleProposal", request: DeskRequest) -> WaitingSchedule:
    read = read_schedule(proposal.content.encode())
    years = [y.published for y in read.years]
    return {
        "pk": proposal.pk,
        "years": "、".join(f"{y.year}年" for y in read.years),
        "asked": f"{proposal.by.name}，{chinese_date(today(proposal.at))}",
        "origin": proposal.origin,
        "off": _spans(sorted(day for y in years for day in y.off)),
        "work": _spans(sorted(day for y in years for day in y.work)),
        "doubts": doubtful_days(read, calendar().years),
        "mine": proposal.by_id == request.user.pk,
    }


def _tried(content: bytes, year: int | None, named: str) -> Tried:
    """Return what this schedule would move; it is read as for an import, and nothing is written."""
    read, known = read_schedule(content, year=year, named=named), calendar()
    found = what_if({}, today(), with_schedule(known, read))
    words = f"导入{'、'.join(f'{y.year}年' for y in read.years)}的放假安排"
    return {**moved_rows(found), "words": words, "content": as_csv(read), "doubts": doubtful_days(read, known.years)}


@require_safe
@desk_page(*ADMINISTERS)
def template(request: DeskRequest) -> HttpResponse:
    """Send a workbook with the right columns.

    Its second sheet says how to fill it in, with an example that isn't read.
    """
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        sheet = workbook.add_worksheet("放假安排")
        sheet.write_row(0, 0, COLUMNS, bold)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 2, 14)
        sheet.data_validation(1, 1, 400, 1, {"validate": "list", "source": ["放假", "上班"]})
        sheet.freeze_panes(1, 0)
        notes = workbook.add_worksheet("填写说明")
        notes.set_column(0, 0, 90)
        for row, text in enumerate(
            (
                "每行一天，或一段连续的日期；只填放假的日子，和因调休而上班的周末。平常的工作日和周末不用填。",
                "日期：2027-10-01，或 2027年10月1日至7日。",
                "类型：放假，或 上班。",
                "名称：如 国庆节。",
                "例：2027-10-01至2027-10-07 ｜ 放假 ｜ 国庆节；2027-10-09 ｜ 上班 ｜ 国庆节（仅为格式示例，以国务院办公厅通知为准）。",
            )
        ):
            notes.write_string(row, 0, text)
    response = HttpResponse(book.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E6%94%BE%E5%81%87%E5%AE%89%E6%8E%92.xlsx"
    return response
