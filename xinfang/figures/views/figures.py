"""统计分析: the nine tables of a period, their charts, the cases behind each number, and the workbook."""

from __future__ import annotations

from dataclasses import replace
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
    "8": "包案与接访", "9": "集体来访与报送",
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
    """A chart, and the same in words; the narrow one is for telephones."""

    title: str
    words: str
    svg: SafeString
    narrow: SafeString
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
    published: bool
    covered: int
    versions: list[FigureTab]
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

    With `version=published` they are shown as they may be published, before anything is made of them.

    Raises:
        Http404: there is no such table, period or version.
    """
    period = period_from(request.GET.get("period", ""))
    which = request.GET.get("table", "1")
    version = ReportVersion.get(request.GET.get("version", ReportVersion.INTERNAL.value))
    if which not in (*TABLES, "all") or version is None:
        raise Http404
    only = "" if which == "all" else which
    if version is ReportVersion.INTERNAL:
        counted_now = figure_report(period, today(), only)
    else:
        # What is covered in one table depends on all of them.
        counted_now = published_report(period, today())
        counted_now = replace(counted_now, tables=tuple(t for t in counted_now.tables if only in ("", t.code)))
    return render_page(request, "figures/figures.html", _context(counted_now, which, version), here=NAV_ROUTE)


def _context(counted_now: FigureReport, which: str, version: ReportVersion) -> FiguresContext:
    period, published = counted_now.period, version is ReportVersion.PUBLISHED
    shown = [_table(t, period, published=published) for t in counted_now.tables]
    return {
        "published": published,
        "covered": sum(
            v.veiled != "" for t in counted_now.tables for r in t.rows for f in r.figures if f for v in [f.now]
        ),
        "versions": [
            {
                "label": "全部数字（内部使用）" if v is ReportVersion.INTERNAL else "预览公开发布版",
                "url": _at(period, which, v),
                "current": v is version,
            }
            for v in ReportVersion
        ],
        "period": period,
        "counted_on": chinese_date(counted_now.day),
        "unfinished": counted_now.unfinished,
        "spans": [
            {
                "label": f"按{span.label}",
                "url": _at(_same(period, span), which, version),
                "current": span is period.span,
            }
            for span in Span
        ],
        "previous": {"label": period.previous.label, "url": _at(period.previous, which, version)},
        "next": {"label": period.next.label, "url": _at(period.next, which, version)}
        if period.next.days.first <= counted_now.day
        else None,
        "tabs": [
            {
                "label": f"表{code} {label}" if code != "all" else label,
                "url": _at(period, code, version),
                "current": code == which,
            }
            for code, label in (*TABLES.items(), ("all", "全部"))
        ],
        "tables": shown,
        "charts": [
            {
                "title": f"{c.title}（单位：{c.unit}）",
                "words": c.words,
                # The SVG is drawn here, and its text is escaped.
                "svg": mark_safe(c.drawing.svg),  # noqa: S308
                "narrow": mark_safe(c.narrow.svg),  # noqa: S308
                "code": c.code,
            }
            for c in charts(counted_now)
        ],
        "which": which,
        "exports": [{"label": v.label, "url": _workbook_at(period, v)} for v in ReportVersion],
        "report_url": reverse("figures-report", args=[period.code, version.value]),
    }


def _same(period: Period, span: Span) -> Period:
    """Return the period of another length that ends where this one does, but not in the future."""
    return period_of(span, min(period.days.last, today()))


def _at(period: Period, table: str, version: ReportVersion = ReportVersion.INTERNAL) -> str:
    shown = "" if version is ReportVersion.INTERNAL else version.value
    return list_address(reverse(NAV_ROUTE), {"period": period.code, "table": table, "version": shown})


def _table(table: FigureTable, period: Period, *, published: bool) -> TableShown:
    return {
        "title": table.title,
        "code": table.code,
        "wide": len(table.columns) > 1,
        "columns": table.columns,
        "rows": [_row(row, table, period, published=published) for row in table.rows],
        "notes": (f"统计口径：{table.counted_by}。", *table.notes),
        "empty": not any(v and (v.number or v.veiled) for r in table.rows for f in r.figures if f for v in f.values()),
    }


def _row(row: FigureRow, table: FigureTable, period: Period, *, published: bool) -> RowShown:
    return {
        "label": row.label,
        "heading": row.heading,
        "inner": bool(row.part_of),
        "cells": [
            _cell(f, f"{row.label}{name if len(table.columns) > 1 else ''}", name, None if published else period)
            for f, name in zip(row.figures, table.columns, strict=True)
        ],
    }


def _cell(figure: Figure | None, words: str, column: str, period: Period | None) -> CellShown | None:
    """Return a figure; with `period` the cases behind it can be opened, which what is published doesn't offer."""
    if figure is None:
        return None
    values: list[FigureNumber] = [
        {
            "when": STRETCHES[stretch],
            "text": value.text if value else "",
            "of": value.of if value else "",
            "url": _behind(figure, stretch, period) if period and value and value.number and figure.listed else "",
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
