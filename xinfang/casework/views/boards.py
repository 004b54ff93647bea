"""期限看板: what is overdue and what soon will be; every number opens the cases behind it."""

from typing import TypedDict

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.staff import all_units, staff_by_keys
from xinfang.cases.queries.boards import BoardCounts, board_groups, clock_counts, counts_by, total_counts
from xinfang.core.addresses import address_of
from xinfang.core.clock import today
from xinfang.procedure.what_is_due import LISTED
from xinfang.web.home import HomePart, board_parts
from xinfang.web.list_pages import list_address
from xinfang.web.page_frame import render_page

NAV_ROUTE = "boards"
CASES = "petitions"


class BoardNumber(TypedDict):
    """A number with the address of the cases behind it."""

    label: str
    number: int
    url: str


class BoardLine(TypedDict):
    """A row of a table."""

    label: str
    cells: list[BoardNumber]


class BoardsPage(TypedDict):
    """What the page shows."""

    home: list[HomePart]
    anything: bool
    figures: list[BoardNumber]
    units: list[BoardLine]
    unit_total: BoardLine
    clocks: list[BoardLine]
    leaders: list[BoardLine]


@require_safe
@desk_page()
def boards(request: DeskRequest) -> HttpResponse:
    """Show totals, then by unit, by clock, by leader; of the cases this person may see."""
    found = board_groups(request.actor, today())
    units = {u.pk: u for u in all_units()}
    by_unit = counts_by(found, lambda g: g.unit)
    by_leader = counts_by(found, lambda g: g.leader)
    by_clock = clock_counts(request.actor, today())
    leaders = staff_by_keys(pk for pk in by_leader if pk)
    all_of = total_counts(found)
    unit_rows = [_line(u.name, by_unit[pk], {"unit": u.code}) for pk, u in units.items() if pk in by_unit]
    if 0 in by_unit:
        unit_rows.append(_line("（尚未确定承办单位）", by_unit[0], {"unit": "none"}))
    context: BoardsPage = {
        "home": board_parts(request),
        "anything": bool(found),
        "figures": [
            _figure("已超期", all_of.late, {"due": "late", "sort": "due"}),
            _figure("3日内到期", all_of.in_3, {"due": "3", "sort": "due"}),
            _figure("7日内到期", all_of.in_7, {"due": "7", "sort": "due"}),
            _figure("未办结", all_of.open, {"state": "open", "sort": "due"}),
            _figure("已督办", all_of.supervised, {"state": "open", "supervised": "1", "sort": "due"}),
        ],
        "units": unit_rows,
        "unit_total": _line("合计", all_of, {}),
        "clocks": [
            _line(clock.label, by_clock[clock.code], {"clock": clock.code})
            for clock in LISTED
            if clock.code in by_clock
        ],
        "leaders": [
            _line(leaders[pk].name, figures, {"leader": leaders[pk].username})
            for pk, figures in sorted(by_leader.items())
            if pk in leaders
        ],
    }
    return render_page(request, "casework/boards.html", context, here=NAV_ROUTE)


def _figure(label: str, number: int, query: dict[str, str]) -> BoardNumber:
    return {"label": label, "number": number, "url": list_address(address_of(CASES), query)}


def _line(label: str, of: BoardCounts, query: dict[str, str]) -> BoardLine:
    """Return one row of a table: its numbers, each with the address of just these cases."""
    cells = [
        ("未办结", of.open, {"state": "open"}),
        ("7日内", of.in_7, {"due": "7"}),
        ("已超期", of.late, {"due": "late"}),
        ("已督办", of.supervised, {"state": "open", "supervised": "1"}),
    ]
    return {
        "label": label,
        "cells": [
            {"label": words, "number": n, "url": list_address(address_of(CASES), {**query, **more, "sort": "due"})}
            for words, n, more in cells
        ],
    }
