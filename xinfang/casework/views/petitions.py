"""全部事项: every case this person may see, narrowed, sorted, cut into pages; all of it in the address."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, cast

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.list_rows import list_rows, with_list_columns
from xinfang.cases.queries.petition_filter import SORT_ORDERS, filter_petitions, ordered, with_order
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.casework.views.several import TITLES
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, KeysetPage, count_up_to, paginate
from xinfang.procedure.visibility import DOES_SEVERAL
from xinfang.procedure.words import Channel, Role, Source, State
from xinfang.registers.actions.saved_views import SHARES_VIEWS
from xinfang.registers.case_criteria import (
    BEST_FIT,
    CLOCKS,
    DEFAULT_SORT,
    DUE,
    FIT_WORDS,
    GROUPS,
    SORT_WORDS,
    FilterChoices,
    criteria_words,
    read_criteria,
)
from xinfang.registers.columns import BY_CODE, ON_SCREEN
from xinfang.registers.exported_lists import extra_cells
from xinfang.registers.queries.saved_views import view_query, views_for
from xinfang.registers.selection import may_export
from xinfang.search.excerpts import FoundCase, excerpts
from xinfang.search.field_filters import no_such_field, read_filters
from xinfang.search.finding import find_petitions, reads_answers, with_relevance
from xinfang.search.kept_words import kept_words, list_with
from xinfang.search.saved_searches import OwnSearch, read_saved
from xinfang.web.form_types import Field
from xinfang.web.list_pages import count_text, cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xinfang.cases.models import Petition

PAGE_SIZE = 30
NAV_ROUTE = "petitions"
HEADS = {"due": "期限", "number": "编号", "received": "收到", "state": "状态", "unit": "承办"}
"""The heads that sort the list, by the order that they ask for."""
FALLING_FIRST = ("received",)
"""What is wanted the other way round at the first click: the latest in front."""
MAX_COLUMNS = 8
"""Columns that may be added on the screen; more belongs into an export."""


class SortHead(TypedDict):
    """A head of a column: where a click on it leads, and how the list is sorted by it now."""

    label: str
    url: str
    sorted: str
    arrow: str


class QuickView(TypedDict):
    """A view of the list that is asked for every day."""

    label: str
    url: str
    current: bool


class ChosenColumn(TypedDict):
    """A column that was added to the list."""

    code: str
    label: str


class ListPage(TypedDict):
    """What the list shows."""

    rows: list[FoundCase]
    page: dict[str, str]
    count_text: str
    notes: list[str]
    fields: list[Field]
    more_fields: list[Field]
    more_open: bool
    narrowed: bool
    sort_words: str
    conditions: list[str]
    quick: list[QuickView]
    may_register: bool
    heads: dict[str, SortHead]
    added: list[ChosenColumn]
    columns_field: Field
    kept: list[tuple[str, str]]
    exports: bool
    does_several: list[tuple[str, str]]
    export_url: str
    words: str
    typed: str
    find_url: str
    shares_views: bool
    saved: list[OwnSearch]


@require_safe
@desk_page()
def petitions(request: DeskRequest) -> HttpResponse:
    """Show the list. What an address asks for and can't be is said on the page and left out."""
    day = today()
    notes: list[str] = []
    known = FilterChoices.read()
    columns = _columns(request)
    visible, words, typed = _with_words(request, notes)
    criteria = read_criteria(request.GET.dict(), known, day, notes, by_words=bool(typed))
    count, more = count_up_to(filter_petitions(visible, criteria.wanted))
    if more and criteria.sort == BEST_FIT:
        notes.append("符合的事项太多，没有按相关程度排列；请再加几个字或者条件。")
        criteria = replace(criteria, given={**criteria.given, "sort": ""})
    fitting = ordered(visible, criteria.wanted, criteria.sort, more)
    if criteria.sort == BEST_FIT:
        fitting = with_relevance(fitting, typed)
    cursor, direction = cursor_from(request)
    try:
        page = _page(fitting, criteria.sort, cursor, direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = _page(fitting, criteria.sort, "", "after")
    given = {**criteria.given, "cols": " ".join(columns), "words": words}
    if typed and not count and (note := no_such_field(typed)):
        notes.append(note)
    text = count_text(count, more)
    kept = [(k, v) for k, v in given.items() if v]
    rows = cast(list[FoundCase], list_rows(page.rows, day, calendar()))
    places = excerpts(typed, page.rows, request.actor) if typed else {}
    cells = extra_cells(request.actor, [p.pk for p in page.rows], columns, day) if columns else {}
    for row, petition in zip(rows, page.rows, strict=True):
        row["more"] = cells.get(petition.pk, [])
        if place := places.get(petition.pk):
            row["excerpt"] = place
    context: ListPage = {
        "rows": rows,
        "page": pager_context(reverse(NAV_ROUTE), given, page, text),
        "count_text": text,
        "notes": notes,
        "fields": _fields(criteria.given, known, {**SORT_WORDS, **(FIT_WORDS if typed else {})}),
        "more_fields": _more_fields(criteria.given, known),
        "more_open": any(
            criteria.given[k] for k in ("leader", "handler", "source", "clock", "since", "until", "supervised")
        ),
        "narrowed": bool(criteria.narrow) or bool(words),
        "conditions": [*([f"包含：{typed}"] if typed else []), *criteria_words(criteria, known)],
        "sort_words": {**SORT_WORDS, **FIT_WORDS}[criteria.sort],
        "quick": _quick(request, given),
        "may_register": request.actor.has(Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD),
        "heads": _heads(given, criteria.sort),
        "added": [{"code": code, "label": BY_CODE[code].label} for code in columns],
        "columns_field": {
            "name": "col",
            "id": "col",
            "label": f"加到列表中的列（最多 {MAX_COLUMNS} 列）",
            "widget": "multi",
            "choices": [(code, BY_CODE[code].label, code in columns) for code in ON_SCREEN],
        },
        "kept": kept,
        "exports": may_export(request.actor),
        "does_several": [(do, TITLES[do]) for do in TITLES] if request.actor.has(*DOES_SEVERAL) else [],
        "export_url": "" if words else list_address(reverse("list-export"), criteria.given),
        "words": words,
        "typed": typed,
        "find_url": list_address(reverse("petitions-find"), {**given, "words": ""}),
        "saved": read_saved(request.user),
        "shares_views": request.actor.has(*SHARES_VIEWS),
    }
    return render_page(request, "casework/petitions.html", context, here=NAV_ROUTE)


@require_POST
@desk_page()
def find_in_list(request: DeskRequest) -> HttpResponse:
    """Narrow the list by what was typed, which is in no address; the filters of the address stay."""
    asked = read_filters(request.POST.get("q", "").strip())
    return redirect(list_with(request, asked, request.GET.dict()))


def _with_words(request: DeskRequest, notes: list[str]) -> "tuple[QuerySet[Petition], str, str]":
    """Return the cases that hold what was typed into the list's search box, its key and itself."""
    visible, key = visible_to(request.actor), request.GET.get("words", "")
    if not key:
        return visible, "", ""
    typed = kept_words(request, key)
    if not typed:
        notes.append("这次搜索已经过期，请重新输入要找的文字；列表未按文字筛选。")
        return visible, "", ""
    return visible.filter(pk__in=find_petitions(typed, reads=reads_answers(request.actor))), key, typed


def _columns(request: DeskRequest) -> list[str]:
    """Return the columns that are added: boxes of the form, or one word of the address."""
    asked = {*request.GET.getlist("col"), *request.GET.get("cols", "").split()}
    return [code for code in ON_SCREEN if code in asked][:MAX_COLUMNS]


def _heads(given: dict[str, str], sort: str) -> dict[str, SortHead]:
    """Return the heads that sort: a click sorts by it, another one the other way round."""
    found: dict[str, SortHead] = {}
    for code, label in HEADS.items():
        now = sort.removesuffix("-desc") == code
        falls = sort.endswith("-desc") if now else code not in FALLING_FIRST
        found[code] = {
            "label": label,
            "url": list_address(reverse(NAV_ROUTE), {**given, "sort": code if falls else f"{code}-desc"}),
            "sorted": ("descending" if falls else "ascending") if now else "",
            "arrow": ("↓" if falls else "↑") if now else "",
        }
    return found


def _page(fitting: "QuerySet[Petition]", sort: str, cursor: str, direction: str) -> KeysetPage:
    base = sort.removesuffix("-desc")
    keys = SORT_ORDERS[base]
    return paginate(
        with_order(with_list_columns(fitting), base),
        keys,
        limit=PAGE_SIZE,
        descending=sort.endswith("-desc"),
        cursor=cursor,
        direction=direction,
    )


def _select(name: str, label: str, current: str, choices: Sequence[tuple[str, str]], first: str = "不限") -> Field:
    options = [("", first, not current), *((value, text, value == current) for value, text in choices)]
    return {"name": name, "label": label, "widget": "select", "choices": options}


def _fields(given: dict[str, str], known: FilterChoices, orders: dict[str, str]) -> list[Field]:
    units = [(u.code, u.name) for u in known.units if u.can_handle or u.code == given["unit"]]
    # The three levels are told apart by one ideographic blank for each level. A level is a prefix, so choosing it takes
    # all below.
    categories = [(c.code, "　" * (c.level - 1) + c.name) for c in known.categories]
    groups = [*GROUPS.items(), *((s.value, s.label) for s in State)]
    return [
        _select("state", "状态", given["state"], groups),
        _select("due", "到期", given["due"], list(DUE.items())),
        _select("unit", "承办单位", given["unit"], [*units, ("none", "（尚未确定）")]),
        _select("channel", "信访形式", given["channel"], [(c.value, c.label) for c in Channel]),
        _select("category", "内容分类", given["category"], categories),
        {
            "name": "sort",
            "label": "排序",
            "widget": "select",
            "choices": [(k, v, k == (given["sort"] or DEFAULT_SORT)) for k, v in orders.items()],
        },
    ]


def _more_fields(given: dict[str, str], known: FilterChoices) -> list[Field]:
    people = [(s.username, s.name) for s in known.staff]
    return [
        _select("source", "来源", given["source"], [(s.value, s.label) for s in Source]),
        _select("clock", "期限种类", given["clock"], list(CLOCKS.items())),
        _select("leader", "包案领导", given["leader"], people),
        _select("handler", "承办人", given["handler"], people),
        {"name": "since", "label": "收到日期起", "widget": "date", "value": given["since"]},
        {"name": "until", "label": "收到日期止", "widget": "date", "value": given["until"]},
        _select("supervised", "督办", given["supervised"], [("1", "只看已督办")]),
    ]


def _quick(request: DeskRequest, given: dict[str, str]) -> list[QuickView]:
    """Return the views asked for every day, one tap away, and those that were saved."""
    wanted: list[tuple[str, dict[str, str]]] = [
        ("全部", {}),
        ("未办结", {"state": "open", "sort": "due"}),
        ("已超期", {"due": "late", "sort": "due"}),
        ("7日内到期", {"due": "7", "sort": "due"}),
        ("已督办", {"state": "open", "supervised": "1", "sort": "due"}),
    ]
    now = {k: v for k, v in given.items() if v}
    wanted += [(view.name, view_query(view)) for view in views_for(request.user)]
    return [
        {"label": label, "url": list_address(reverse(NAV_ROUTE), query), "current": query == now}
        for label, query in wanted
    ]
