"""领导接访: the calendar of days, the sheet of a day, a booking, the register, matters by leader."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar as working_days
from xinfang.cases.queries.list_rows import list_rows, with_list_columns
from xinfang.core.clock import SHANGHAI, today
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.procedure.reception.words import ReceptionAct
from xinfang.procedure.visibility import BOOKS_RECEPTION, PUBLISHES_RECEPTION, SEES_RECEPTION
from xinfang.procedure.words import Role
from xinfang.reception.actions import log_look
from xinfang.reception.queries.days import (
    BookingView,
    DayView,
    booking_on,
    day_view,
    days_before,
    days_from,
    may_read,
    owed,
    seen_cases,
    who_asks,
)
from xinfang.reception.queries.matters import LISTS, leaders_seen, matters_of
from xinfang.reception.queries.offered import is_offered
from xinfang.reception.queries.register import HEADS, RegisterRow, register_rows
from xinfang.reception.views.parts import (
    BookingShown,
    DayShown,
    EventShown,
    booking_shown,
    day_shown,
    event_shown,
)
from xinfang.web.list_pages import count_text, cursor_from, list_address, pager_context
from xinfang.web.page_frame import in_one_snapshot, render_page

NAV_ROUTE = "reception"
PAGE_SIZE = 50
MATTERS_ROUTE, REGISTER_ROUTE = "reception-matters", "reception-register"


class Tab(TypedDict):
    """Another view of a page."""

    label: str
    url: str
    current: bool


class ReceptionCalendar(TypedDict):
    """The days to come, or those that were."""

    days: list[DayShown]
    past: bool
    tabs: list[Tab]
    owed: list[BookingShown]
    untold: list[BookingShown]
    today: list[DaySheet]
    can_publish: bool
    own: bool


class DaySheet(TypedDict):
    """A day with who comes."""

    day: DayShown
    bookings: list[BookingShown]


def _tabs(here: str) -> list[Tab]:
    there = (
        ("接待日", reverse(NAV_ROUTE), "days"),
        ("已过的接待日", list_address(reverse(NAV_ROUTE), {"past": "1"}), "past"),
        ("接访台账", reverse(REGISTER_ROUTE), "register"),
        ("领导包案、阅办、接访、下访", reverse(MATTERS_ROUTE), "matters"),
    )
    return [{"label": label, "url": url, "current": here == code} for label, url, code in there]


def _sheet(day: DayView, request: DeskRequest, seen: set[int]) -> DaySheet:
    now = timezone.now().astimezone(SHANGHAI)
    shown = (
        [booking_shown(day, b, request.actor, seen, now) for b in day.bookings] if may_read(request.actor, day) else []
    )
    return {"day": day_shown(day, request.actor, now), "bookings": shown}


@require_safe
@desk_page(*SEES_RECEPTION)
@in_one_snapshot
def calendar(request: DeskRequest) -> HttpResponse:
    """Show the days of reception; a leader who isn't of the office sees their own first, with who comes today."""
    now = timezone.now().astimezone(SHANGHAI)
    past = request.GET.get("past", "") == "1"
    days = days_before(today(), now) if past else days_from(today(), now)
    reads = [d for d in days if may_read(request.actor, d)]
    seen = seen_cases(request.actor, [b for d in reads for b in d.bookings])
    books = request.actor.has(*BOOKS_RECEPTION)
    waiting = owed(now) if books and not past else []
    seen_owed = seen_cases(request.actor, [b for _, b in waiting])
    untold = [(d, b) for d in reads for b in d.bookings if b.facts.untold] if books and not past else []
    context: ReceptionCalendar = {
        "days": [day_shown(d, request.actor, now) for d in days],
        "past": past,
        "tabs": _tabs("past" if past else "days"),
        "owed": [booking_shown(d, b, request.actor, seen_owed, now) for d, b in waiting],
        "untold": [booking_shown(d, b, request.actor, seen, now) for d, b in untold],
        "today": [_sheet(d, request, seen) for d in reads if d.row.on == now.date() and not past and d.bookings],
        "can_publish": request.actor.has(*PUBLISHES_RECEPTION),
        "own": not books and not request.actor.has(Role.PRINCIPAL_LEADER),
    }
    return render_page(request, "reception/calendar.html", context, here=NAV_ROUTE)


class DayContext(TypedDict):
    """The sheet of a day."""

    day: DayShown
    bookings: list[BookingShown]
    book_url: str
    end_url: str


def readable_day(request: DeskRequest, pk: int) -> DayView:
    """Return a day.

    Raises:
        Http404: there is none.
    """
    day = day_view(pk, timezone.now())
    if day is None:
        raise Http404
    return day


@require_safe
@desk_page(*SEES_RECEPTION)
@in_one_snapshot
def day(request: DeskRequest, pk: int) -> HttpResponse:
    """Show a day with who comes, to be printed; who may not read that sees the day as it was published."""
    found = readable_day(request, pk)
    seen = seen_cases(request.actor, found.bookings) if may_read(request.actor, found) else set()
    sheet = _sheet(found, request, seen)
    may_end = is_offered(ReceptionAct.END_DAY, request.actor, timezone.now(), found)
    context: DayContext = {
        **sheet,
        "book_url": reverse("reception-book", args=[pk]) if sheet["day"]["can_book"] else "",
        "end_url": reverse("reception-day-end", args=[pk]) if may_end else "",
    }
    return render_page(request, "reception/day.html", context, here=NAV_ROUTE)


class BookingContext(TypedDict):
    """A booking with its history; `plain` once the reader said why they look."""

    booking: BookingShown
    day: DayShown
    plain: dict[str, str]
    can_look: bool
    reason: str
    error: str
    events: list[EventShown]


def readable_booking(request: DeskRequest, pk: int) -> tuple[DayView, BookingView, set[int]]:
    """Return a booking with its day, and its case if the reader sees it.

    Raises:
        Http404: there is none for this person.
    """
    found = booking_on(pk, timezone.now())
    if found is None or not may_read(request.actor, found[0]):
        raise Http404
    seen = seen_cases(request.actor, [found[1]])
    if found[1].petition is not None and not seen:
        raise Http404
    return (*found, seen)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*SEES_RECEPTION)
def booking(request: DeskRequest, pk: int) -> HttpResponse:
    """Show a booking, masked; POST with a reason shows name and telephone once, and is written down.

    Raises:
        Http404: there is no such booking for this person.
    """
    on, found, seen = readable_booking(request, pk)
    now = timezone.now().astimezone(SHANGHAI)
    can_look = request.actor.has(*BOOKS_RECEPTION) and found.row.sealed is not None
    plain: dict[str, str] = {}
    reason, error = request.POST.get("reason", "").strip()[:200], ""
    if request.method == "POST":
        if not can_look:
            raise Http404
        if reason:
            log_look(found.row, reason, staff=request.user)
            plain = who_asks(found.row)
        else:
            error = "请写明查看的理由，如：电话告知改期。"
    context: BookingContext = {
        "booking": booking_shown(on, found, request.actor, seen, now),
        "day": day_shown(on, request.actor, now),
        "plain": plain,
        "can_look": can_look,
        "reason": reason,
        "error": error,
        "events": [event_shown(e) for e in found.events],
    }
    return render_page(request, "reception/booking.html", context, here=NAV_ROUTE, status=422 if error else 200)


class RegisterContext(TypedDict):
    """接访台账 of a year."""

    rows: list[RegisterRow]
    heads: tuple[str, ...]
    batches: int
    people: int
    year: int
    years: list[Tab]
    tabs: list[Tab]


@require_safe
@desk_page(*SEES_RECEPTION)
@in_one_snapshot
def register(request: DeskRequest) -> HttpResponse:
    """Show the register of a year, as far as the reader may read it.

    Raises:
        Http404: the address names no year.
    """
    this = today().year
    typed = request.GET.get("year", str(this))
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and 2000 <= int(typed) <= this):
        raise Http404
    year = int(typed)
    rows = list(register_rows(request.actor, date(year, 1, 1), date(year, 12, 31), timezone.now()))
    context: RegisterContext = {
        "rows": rows,
        "heads": HEADS,
        "batches": len(rows),
        "people": sum(r.people for r in rows),
        "year": year,
        "years": [
            {"label": f"{y}年", "url": list_address(reverse(REGISTER_ROUTE), {"year": str(y)}), "current": y == year}
            for y in range(this, this - 3, -1)
        ],
        "tabs": _tabs("register"),
    }
    return render_page(request, "reception/register.html", context, here=NAV_ROUTE)


class MattersContext(TypedDict):
    """The matters of one leader, of one list."""

    tabs: list[Tab]
    leaders: list[Tab]
    lists: list[Tab]
    leader: str
    which: str
    rows: list[Any]
    page: dict[str, str]
    notes: list[str]
    count_text: str


@require_safe
@desk_page(*SEES_RECEPTION)
@in_one_snapshot
def matters(request: DeskRequest) -> HttpResponse:
    """Show what a leader leads, read and instructed, or heard: matters with their state and due date.

    Raises:
        Http404: the leader's matters aren't this person's to list, or there is no such list.
    """
    leaders = leaders_seen(request.actor, today())
    which = request.GET.get("list", "led")
    name = request.GET.get("leader", "")
    leader = next((s for s in leaders if name in ("", s.get_username())), None)
    if which not in LISTS or (leader is None and name):
        raise Http404
    cases = matters_of(leader, which, request.actor) if leader else None
    cursor, direction = cursor_from(request)
    notes: list[str] = []
    rows: list[Any] = []
    page: dict[str, str] = {}
    total = ""
    if cases is not None and leader is not None:
        columns = ("received_on", "id")
        try:
            cut = paginate(with_list_columns(cases), columns, limit=PAGE_SIZE, descending=True, cursor=cursor,
                           direction=direction)  # fmt: skip
        except InvalidCursor:
            notes.append("地址中的翻页位置不对，已从头显示。")
            cut = paginate(with_list_columns(cases), columns, limit=PAGE_SIZE, descending=True)
        total = count_text(cases.count(), more=False)
        rows = list_rows(cut.rows, today(), working_days())
        given = {"leader": leader.get_username(), "list": which}
        page = pager_context(reverse(MATTERS_ROUTE), given, cut, total)
    context: MattersContext = {
        "tabs": _tabs("matters"),
        "leaders": [
            {
                "label": s.name,
                "url": list_address(reverse(MATTERS_ROUTE), {"leader": s.get_username(), "list": which}),
                "current": s == leader,
            }
            for s in leaders
        ],
        "lists": [
            {
                "label": label,
                "url": list_address(
                    reverse(MATTERS_ROUTE), {"leader": leader.get_username() if leader else "", "list": code}
                ),
                "current": code == which,
            }
            for code, label in LISTS.items()
        ],
        "leader": leader.name if leader else "",
        "which": LISTS[which],
        "rows": rows,
        "page": page,
        "notes": notes,
        "count_text": total,
    }
    return render_page(request, "reception/matters.html", context, here=NAV_ROUTE)
