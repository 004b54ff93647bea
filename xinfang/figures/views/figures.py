"""统计分析: the nine tables of a period, their charts, the cases behind each number, and the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.list_rows import CaseLine, list_rows, with_list_columns
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, KeysetPage, count_up_to, paginate
from xinfang.figures.charts import charts
from xinfang.figures.periods import InvalidPeriod, Period, Span, parse_period, period_of
from xinfang.figures.queries import cases_seen
from xinfang.figures.suppression import published_report
from xinfang.figures.tables import Figure, FigureReport, FigureRow, FigureTable, NoFigure, cases_behind, figure_report
from xinfang.figures.versions import ReportVersion
from xinfang.figures.workbook import workbook_of
from xinfang.procedure.visibility import SEES_FIGURES
from xinfang.web.dates import chinese_date
from xinfang.web.list_pages import count_text, cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xinfang.cases.models import Petition

NAV_ROUTE = "figures"
PAGE_SIZE = 30
TABLES = {
    "1": "总量", "2": "类别与目的", "3": "内容分类", "4": "办理情况", "5": "结论与复查", "6": "评价", "7": "承办单位",
    "8": "包案与会见", "9": "集体来访与报送",
}  # fmt: skip
STRETCHES = {"now": "本期", "previous": "上期", "last_year": "去年同期", "to_date": "年累计"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Link(TypedDict):
    """Another period."""

    label: str
    url: str


class FigureTab(TypedDict):
    """Another length of the period, or another table."""

    label: str
    url: str
    current: bool


class FigureNumber(TypedDict):
    """A figure of one stretch, with the address of the cases behind it."""

    when: str
    text: str
    of: str
    url: str


class CellShown(TypedDict):
    """A figure beside those of earlier stretches."""

    words: str
    column: str
    now: FigureNumber
    previous: FigureNumber
    change: str
    last_year: FigureNumber
    yearly: str
    to_date: FigureNumber


class RowShown(TypedDict):
    """A row of a table; `inner` is part of the row above it."""

    label: str
    heading: str
    inner: bool
    cells: list[CellShown | None]


class TableShown(TypedDict):
    """A table with what it counts by."""

    title: str
    code: str
    wide: bool
    columns: tuple[str, ...]
    rows: list[RowShown]
    notes: tuple[str, ...]
    empty: bool


class ChartShown(TypedDict):
    """A chart, and the same in words."""

    title: str
    words: str
    svg: SafeString
    code: str


class FiguresContext(TypedDict):
    """One table of a period, or all of them."""

    period: Period
    counted_on: str
    unfinished: bool
    spans: list[FigureTab]
    previous: Link
    next: Link | None
    tabs: list[FigureTab]
    tables: list[TableShown]
    charts: list[ChartShown]
    which: str
    exports: list[Link]
    report_url: str


class CasesContext(TypedDict):
    """The cases behind a number; `hidden` are those that the reader doesn't see."""

    title: str
    when: str
    basis: str
    rows: list[CaseLine]
    page: dict[str, str]
    count_text: str
    hidden: int
    notes: list[str]
    back_url: str


def period_from(text: str) -> Period:
    """Return the period an address asks for; this month without one.

    Raises:
        Http404: it names no period.
    """
    try:
        return parse_period(text) if text else period_of(Span.MONTH, today())
    except InvalidPeriod:
        raise Http404 from None


@require_safe
@desk_page(*SEES_FIGURES)
def figures(request: DeskRequest) -> HttpResponse:
    """Show one table at a time, or all of them for printing; the address holds the period and the table.

    Raises:
        Http404: there is no such table or period.
    """
    period = period_from(request.GET.get("period", ""))
    which = request.GET.get("table", "1")
    if which not in (*TABLES, "all"):
        raise Http404
    counted_now = figure_report(period, today(), "" if which == "all" else which)
    return render_page(request, "figures/figures.html", _context(counted_now, which), here=NAV_ROUTE)


def _context(counted_now: FigureReport, which: str) -> FiguresContext:
    period = counted_now.period
    return {
        "period": period,
        "counted_on": chinese_date(counted_now.day),
        "unfinished": counted_now.unfinished,
        "spans": [
            {"label": f"按{span.label}", "url": _at(_same(period, span), which), "current": span is period.span}
            for span in Span
        ],
        "previous": {"label": period.previous.label, "url": _at(period.previous, which)},
        "next": {"label": period.next.label, "url": _at(period.next, which)}
        if period.next.days.first <= counted_now.day
        else None,
        "tabs": [
            {
                "label": f"表{code} {label}" if code != "all" else label,
                "url": _at(period, code),
                "current": code == which,
            }
            for code, label in (*TABLES.items(), ("all", "全部"))
        ],
        "tables": [_table(t, period) for t in counted_now.tables],
        "charts": [
            # The SVG is drawn here, and its text is escaped.
            {"title": c.title, "words": c.words, "svg": mark_safe(c.drawing.svg), "code": c.code}  # noqa: S308
            for c in charts(counted_now)
        ],
        "which": which,
        "exports": [{"label": v.label, "url": _workbook_at(period, v)} for v in ReportVersion],
        "report_url": reverse("figures-report", args=[period.code, ReportVersion.INTERNAL.value]),
    }


def _same(period: Period, span: Span) -> Period:
    """Return the period of another length that ends where this one does, but not in the future."""
    return period_of(span, min(period.days.last, today()))


def _at(period: Period, table: str) -> str:
    return list_address(reverse(NAV_ROUTE), {"period": period.code, "table": table})


def _table(table: FigureTable, period: Period) -> TableShown:
    return {
        "title": table.title,
        "code": table.code,
        "wide": len(table.columns) > 1,
        "columns": table.columns,
        "rows": [_row(row, table, period) for row in table.rows],
        "notes": (f"统计口径：{table.counted_by}。", *table.notes),
        "empty": not any(v and v.number for r in table.rows for f in r.figures if f for v in f.values()),
    }


def _row(row: FigureRow, table: FigureTable, period: Period) -> RowShown:
    return {
        "label": row.label,
        "heading": row.heading,
        "inner": bool(row.part_of),
        "cells": [
            _cell(f, f"{row.label}{name if len(table.columns) > 1 else ''}", name, period)
            for f, name in zip(row.figures, table.columns, strict=True)
        ],
    }


def _cell(figure: Figure | None, words: str, column: str, period: Period) -> CellShown | None:
    if figure is None:
        return None
    values: list[FigureNumber] = [
        {
            "when": STRETCHES[stretch],
            "text": value.text if value else "",
            "of": value.of if value else "",
            "url": _behind(figure, stretch, period) if value and value.number and figure.listed else "",
        }
        for stretch, value in zip(STRETCHES, figure.values(), strict=True)
    ]
    now, previous, last_year, to_date = values
    return {
        "words": words,
        "column": column,
        "now": now,
        "previous": previous,
        "change": figure.change if previous["text"] else "",
        "last_year": last_year,
        "yearly": figure.yearly if last_year["text"] else "",
        "to_date": to_date,
    }


def _behind(figure: Figure, stretch: str, period: Period) -> str:
    query = {"period": period.code, "cell": figure.code, "of": stretch if stretch != "now" else ""}
    return list_address(reverse("figures-cases"), query)


@require_safe
@desk_page(*SEES_FIGURES)
def cases(request: DeskRequest) -> HttpResponse:
    """Show the cases behind one number, of those this person may see; the rest is only counted.

    Raises:
        Http404: the address names no cell whose cases can be listed.
    """
    period = period_from(request.GET.get("period", ""))
    stretch = request.GET.get("of", "") or "now"
    days = {
        "now": period.days,
        "previous": period.previous.days,
        "last_year": period.last_year.days,
        "to_date": period.year_to_date,
    }.get(stretch)
    under = request.GET.get("under", "") == "1"
    if days is None:
        raise Http404
    cell = request.GET.get("cell", "")[:60]
    try:
        found = cases_behind(cell, days, today(), missing=under)
    except NoFigure:
        raise Http404 from None
    seen, hidden = cases_seen(found, request.actor)
    cursor, direction = cursor_from(request)
    notes = []
    try:
        page = _cut(seen, cursor, direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = _cut(seen, "", "after")
    count, more = count_up_to(seen)
    given = {
        "period": period.code, "cell": cell, "of": "" if stretch == "now" else stretch, "under": "1" if under else "",
    }  # fmt: skip
    context: CasesContext = {
        "title": found.title,
        "when": f"{STRETCHES[stretch]}：{chinese_date(days.first)}至{chinese_date(days.last)}",
        "basis": found.basis,
        "rows": list_rows(page.rows, today(), calendar()),
        "page": pager_context(reverse("figures-cases"), given, page, count_text(count, more)),
        "count_text": count_text(count, more),
        "hidden": hidden,
        "notes": notes,
        "back_url": _at(period, cell.split(".")[0]),
    }
    return render_page(request, "figures/figures_cases.html", context, here=NAV_ROUTE)


def _cut(seen: QuerySet[Petition], cursor: str, direction: str) -> KeysetPage:
    return paginate(
        with_list_columns(seen),
        ("received_on", "id"),
        limit=PAGE_SIZE,
        descending=True,
        cursor=cursor,
        direction=direction,
    )


@require_safe
@desk_page(*SEES_FIGURES)
def workbook(request: DeskRequest) -> HttpResponse:
    """Send all tables as Excel: with the real numbers for use inside, else as they may be published or sent.

    Raises:
        Http404: there is no such period or version.
    """
    period = period_from(request.GET.get("period", ""))
    version = ReportVersion.get(request.GET.get("version", ReportVersion.PUBLISHED.value))
    if version is None:
        raise Http404
    if not recently_confirmed(request):
        return confirm_first(request, _workbook_at(period, version))
    inside = version is ReportVersion.INTERNAL
    counted = figure_report(period, today()) if inside else published_report(period, today())
    response = HttpResponse(workbook_of(counted, version), content_type=XLSX)
    name = f"信访统计表_{period.label}_{version.label}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _workbook_at(period: Period, version: ReportVersion) -> str:
    return list_address(reverse("figures-workbook"), {"period": period.code, "version": version.value})
