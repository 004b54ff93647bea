"""督办: what is owed by whom, found by the system, with the way to supervise; the address holds the filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.accounts.queries.staff import all_units
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, KeysetPage, paginate
from xinfang.procedure.actor_rules import a_leader, the_office, the_principal_leader
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.people_words import SampleResult
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.supervision import GROUNDS, GroundOfSupervision, ground_sentence
from xinfang.procedure.timing import is_late
from xinfang.procedure.visibility import IS_SUPERVISED, SEES_SAMPLES, SEES_SUPERVISION, SUPERVISES
from xinfang.supervision.queries import samples
from xinfang.supervision.queries.board import (
    CURSOR_FIELDS,
    BoardFilter,
    board_rows,
    cases_with_grounds,
    count_grounds,
    filtered_board,
    last_supervised,
)
from xinfang.web.dates import Chip, chinese_date, due_chip, short_date
from xinfang.web.form_types import Field
from xinfang.web.list_pages import choice_from, count_text, cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.accounts.models import Unit
    from xinfang.cases.models import Deadline
    from xinfang.supervision.models import SupervisionGroundRow

NAV_ROUTE = "supervision"
PAGE_SIZE = 50
MAX_ROWS_ON_PAPER = 500
"""As many lines are put on one page for printing; more is read on the screen."""
OFFICE_LABEL = "办公室（等待重新交办）"
SHORT = {
    GroundOfSupervision.NO_RECORD: "过半无记录",
    GroundOfSupervision.NOT_RESUBMITTED: "退回未报送",
    GroundOfSupervision.ASSISTANT_SILENT: "协办无记录",
    GroundOfSupervision.OVERDUE: "超期",
    GroundOfSupervision.AWAITED: "督办待反馈",
}


class Cell(TypedDict):
    """A number of the table, with the address of its lines where the reader sees them."""

    number: int
    url: str
    words: str
    current: bool


class UnitCells(TypedDict):
    """What a unit owes, by ground."""

    label: str
    cells: list[Cell]


class GroundTable(TypedDict):
    """The numbers by unit and ground."""

    heads: list[str]
    rows: list[UnitCells]
    total: list[Cell]


class GroundLine(TypedDict):
    """A ground of supervision, and what is to be done about it."""

    label: str
    todo: str
    cites: list[str]


class Action(TypedDict):
    """The step that helps."""

    label: str
    url: str


class BoardGroundLine(TypedDict):
    """A ground that holds in a case."""

    number: str
    url: str
    subject: str
    unit: str
    handled_by: str
    handler: str
    ground: str
    ground_kind: str
    found: str
    cites: list[str]
    since: str
    due: str
    chip: Chip | None
    done: str
    action: Action | None


class Lines(TypedDict):
    """A page of the lines."""

    rows: list[BoardGroundLine]
    page: dict[str, str]
    count_text: str
    all_url: str
    back_url: str
    export_url: str


class SupervisionContext(TypedDict):
    """The board without its lines, as the auditor sees it."""

    notes: list[str]
    table: GroundTable
    anything: bool
    fields: list[Field]
    narrowed: bool
    shown: str
    day_text: str
    sees_cases: bool
    grounds: list[GroundLine]
    rows: list[BoardGroundLine]


class LinesContext(SupervisionContext, Lines):
    """The board with its lines."""


@require_safe
@desk_page(*SEES_SUPERVISION)
def supervision(request: DeskRequest) -> HttpResponse:
    """Show how much each unit owes, and the rows; the auditor sees the numbers only."""
    day, notes = today(), list[str]()
    units = list(all_units())
    only, given = _wanted(request, units, notes)
    counted = count_grounds(request.actor, day)
    sees_cases = request.actor.has(*SUPERVISES, *IS_SUPERVISED)
    context: SupervisionContext = {
        "notes": notes,
        "table": _table(counted, units, given, linked=sees_cases),
        "anything": bool(counted),
        "fields": _fields(given, units, counted),
        "narrowed": bool(given["ground"] or given["unit"]),
        "shown": _shown(only, units),
        "day_text": chinese_date(day),
        "sees_cases": sees_cases,
        "grounds": [{"label": g.label, "todo": r.todo, "cites": [str(a) for a in r.cites]} for g, r in GROUNDS.items()],
        "rows": [],
    }
    if not sees_cases:
        return render_page(request, "supervision/supervision.html", context, here=NAV_ROUTE)
    whole: LinesContext = {**context, **_list(request, only, given, _number(counted, only), day, notes)}
    return render_page(request, "supervision/supervision.html", whole, here=NAV_ROUTE)


def _list(
    request: DeskRequest, only: BoardFilter, given: dict[str, str], number: int, day: date, notes: list[str]
) -> Lines:
    whole = request.GET.get("all", "") == "1"
    cursor, direction = ("", "after") if whole else cursor_from(request)
    rows = board_rows(filtered_board(cases_with_grounds(request.actor, day), only))
    limit = MAX_ROWS_ON_PAPER if whole else PAGE_SIZE
    try:
        page = paginate(rows, CURSOR_FIELDS, limit=limit, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(rows, CURSOR_FIELDS, limit=limit)
    pressed = last_supervised({row.petition_id for row in page.rows})
    presses = request.actor.has(*the_office.roles, *a_leader.roles)
    assigns = request.actor.has(*the_office.roles)
    text = count_text(number, False, "条")
    return {
        "rows": [_row(row, pressed.get(row.petition_id), day, presses, assigns) for row in page.rows],
        "page": {"text": _all_text(page, text)} if whole else pager_context(reverse(NAV_ROUTE), given, page, text),
        "count_text": text,
        "all_url": "" if whole or number <= PAGE_SIZE else list_address(reverse(NAV_ROUTE), {**given, "all": "1"}),
        "back_url": list_address(reverse(NAV_ROUTE), given) if whole else "",
        "export_url": list_address(reverse("list-export"), {"list": "grounds", **given}),
    }


def _all_text(page: KeysetPage, text: str) -> str:
    return f"{text}，本页只到前 {MAX_ROWS_ON_PAPER} 条" if page.more_after else text


def _wanted(request: DeskRequest, units: Sequence[Unit], notes: list[str]) -> tuple[BoardFilter, dict[str, str]]:
    keys = {u.code: u.pk for u in units}
    ground = choice_from(
        request.GET.get("ground", "").strip()[:60], "事由", [g.value for g in GroundOfSupervision], notes
    )
    unit = choice_from(request.GET.get("unit", "").strip()[:60], "责任单位", [*keys, "none"], notes)
    return BoardFilter(ground, keys.get(unit), unit == "none"), {"ground": ground, "unit": unit}


def _shown(only: BoardFilter, units: Sequence[Unit]) -> str:
    """Return the filter in words, for a print."""
    unit = OFFICE_LABEL if only.office else next((u.name for u in units if u.pk == only.unit), "")
    ground = GroundOfSupervision.label_of(only.ground)
    return "；".join(words for words in (ground, unit) if words)


def _number(counted: Mapping[tuple[str, int], int], only: BoardFilter) -> int:
    return sum(
        n
        for (ground, unit), n in counted.items()
        if (not only.ground or ground == only.ground)
        and (unit == 0 if only.office else only.unit is None or unit == only.unit)
    )


def _table(
    counted: Mapping[tuple[str, int], int], units: Sequence[Unit], given: dict[str, str], *, linked: bool
) -> GroundTable:
    """Return the numbers by unit, in the order of the staff list.

    A number is a link to its rows where the reader sees them.
    """
    owing = {unit for _, unit in counted}
    rows = [(u.pk, u.name, u.code) for u in units if u.pk in owing]
    rows += [(0, OFFICE_LABEL, "none")] if 0 in owing else []

    def cells(of: Sequence[int], label: str, code: str) -> list[Cell]:
        found: list[Cell] = []
        for ground in (*GroundOfSupervision, None):
            number = sum(n for (g, u), n in counted.items() if u in of and (ground is None or g == ground.value))
            query = {"ground": ground.value if ground else "", "unit": code}
            found.append(
                {
                    "number": number,
                    "url": list_address(reverse(NAV_ROUTE), query) if linked and number else "",
                    "words": f"{label}，{ground.label if ground else '合计'}",
                    "current": linked and query == given,
                }
            )
        return found

    return {
        "heads": [*SHORT.values(), "合计"],
        "rows": [{"label": name, "cells": cells([pk], name, code)} for pk, name, code in rows],
        "total": cells(list(owing), "合计", ""),
    }


def _fields(given: dict[str, str], units: Sequence[Unit], counted: Mapping[tuple[str, int], int]) -> list[Field]:
    owing = {unit for _, unit in counted}
    choices = [(u.code, u.name) for u in units if u.pk in owing or u.code == given["unit"]]
    choices += [("none", OFFICE_LABEL)] if 0 in owing or given["unit"] == "none" else []
    return [
        _select("ground", "事由", given["ground"], [(g.value, g.label) for g in GroundOfSupervision]),
        _select("unit", "责任单位", given["unit"], choices),
    ]


def _select(name: str, label: str, current: str, choices: Sequence[tuple[str, str]]) -> Field:
    options = [("", "不限", not current), *((value, text, value == current) for value, text in choices)]
    return {"name": name, "label": label, "widget": "select", "choices": options}


def _row(row: SupervisionGroundRow, run: Deadline | None, day: date, presses: bool, assigns: bool) -> BoardGroundLine:
    case, rule, found = row.petition, row.rule, row.found
    handled_by = case.handling_unit.name if case.handling_unit else ""
    unit = row.unit.name if row.unit else OFFICE_LABEL
    return {
        "number": case.number,
        "url": reverse("petition", args=[case.number]),
        "subject": case.subject or "（未写事由）",
        "unit": unit,
        "handled_by": handled_by if row.unit_id != case.handling_unit_id else "",
        "handler": case.handler.name if case.handler and row.unit_id == case.handling_unit_id else "",
        "ground": rule.ground.label,
        "ground_kind": "late" if rule.ground in (GroundOfSupervision.OVERDUE, GroundOfSupervision.AWAITED) else "soon",
        "found": ground_sentence(found, day, row.unit.name if row.unit else ""),
        "cites": [str(a) for a in rule.cites],
        "since": short_date(row.since, day.year),
        "due": short_date(row.due, day.year) if row.due else "",
        "chip": due_chip(row.due, day) if row.due else None,
        "done": _done(run, day),
        "action": _action(row, presses, assigns),
    }


def _done(run: Deadline | None, day: date) -> str:
    """Return what was done about the case already."""
    if run is None:
        return "未督办"
    began = f"{short_date(run.started_on, day.year)}已督办"
    if run.stopped_on is not None:
        return f"{began}，{short_date(run.stopped_on, day.year)}已反馈"
    return f"{began}，{short_date(run.due, day.year)}前反馈" + ("，逾期未反馈" if is_late(run.due, day) else "")


def _action(row: SupervisionGroundRow, presses: bool, assigns: bool) -> Action | None:
    """Return the step that helps, for the person who may take it; None where they may take none."""
    case = row.petition.number
    if row.ground == GroundOfSupervision.AWAITED.value:
        # What presses nobody's unit presses the office.
        answers = assigns if row.unit_id is None else not presses
        return (
            None if not answers else {"label": "反馈", "url": reverse("step", args=[case, StepCode.ANSWER_SUPERVISION])}
        )
    if row.unit_id is None:
        return {"label": "重新交办", "url": reverse("step", args=[case, StepCode.ASSIGN])} if assigns else None
    if not presses or row.petition.supervised:
        return None
    found = f"?found={row.ground}&unit={row.unit.code if row.unit else ''}"
    return {"label": "督办", "url": reverse("step", args=[case, StepCode.SUPERVISE]) + found}


class SampledLine(TypedDict):
    """A decision of the sample, and what the leader said of it."""

    number: str
    url: str
    subject: str
    decision: str
    decided: str
    by: str
    result: str
    kind: str
    checked: str
    check_url: str


@require_safe
@desk_page(*SEES_SAMPLES)
def sample(request: DeskRequest) -> HttpResponse:
    """Show the sample of a month, the latest where the address names none, to be gone through and printed."""
    known = samples.months()
    asked = request.GET.get("month", "")
    month = next((m for m in known if f"{m:%Y-%m}" == asked), known[0] if known else None)
    decisions, cases, hidden = samples.sample_of(month, request.actor) if month else (0, (), 0)
    names = directory(today())
    checks = the_principal_leader.includes(request.actor, Facts())
    context = {
        "month": f"{month.year}年{month.month}月" if month else "",
        "months": [(f"{m:%Y-%m}", f"{m.year}年{m.month}月", m == month) for m in known],
        "decisions": decisions,
        "hidden": hidden,
        "waiting": sum(c.checked is None for c in cases),
        "lines": [_sampled(c, names, checks) for c in cases],
    }
    return render_page(request, "supervision/sample.html", context, here="sample")


def _sampled(case: samples.SampledCase, names: Directory, checks: bool) -> SampledLine:
    said = case.checked
    took_part = dict.fromkeys(h.by for h in case.facts.history if h.code == case.decision.code)
    url = reverse("step", args=[case.number, StepCode.SPOT_CHECK])
    return {
        "number": case.number,
        "url": reverse("petition", args=[case.number]),
        "subject": case.facts.subject or "（未写事由）",
        "decision": STEPS[case.decision.code].rule.label,
        "decided": f"{chinese_date(case.decision.happened_on)}　{case.decision.step.says(names)}",
        "by": "、".join(names.staff_name(code) for code in took_part),
        "result": said.step.result.label if said else "待抽查",
        "kind": "soon" if said is None else "ok" if said.step.result is SampleResult.APPROVED else "late",
        "checked": f"{names.staff_name(said.by)}，{chinese_date(said.happened_on)}：{said.step.reason}" if said else "",
        "check_url": f"{url}?next={reverse('sample')}" if checks and said is None else "",
    }
