"""全部事项: every case this person may see, narrowed, sorted, cut into pages; all of it in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.staff import all_units, staff_names
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.list_rows import CaseLine, list_rows, with_list_columns
from xinfang.cases.queries.petition_filter import (
    OPEN_STATE_CODES,
    SORT_ORDERS,
    PetitionFilter,
    filter_petitions,
    ordered,
)
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.categories.queries import category_names
from xinfang.core.clock import today
from xinfang.core.pagination import InvalidCursor, KeysetPage, count_up_to, paginate
from xinfang.procedure.what_is_due import LISTED
from xinfang.procedure.words import TERMINAL_STATES, Channel, Role, Source, State
from xinfang.web.form_types import Field
from xinfang.web.list_pages import choice_from, count_text, cursor_from, day_from, list_address, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xinfang.accounts.models import Staff, Unit
    from xinfang.cases.models import Petition
    from xinfang.categories.models import Category

PAGE_SIZE = 30
NAV_ROUTE = "petitions"
GROUPS = {"open": "未办结（全部）", "ended": "已有结果（全部）"}
DUE = {"late": "已超期", "3": "3日内到期", "7": "7日内到期", "30": "30日内到期"}
SORT_WORDS = {
    "received-desc": "最近收到在前",
    "received": "最早收到在前",
    "due": "最先到期在前",
    "due-desc": "最晚到期在前",
    "number": "编号从小到大",
    "number-desc": "编号从大到小",
}
_KEPT = [
    "state",
    "unit",
    "leader",
    "handler",
    "channel",
    "source",
    "category",
    "clock",
    "since",
    "until",
    "due",
    "supervised",
    "sort",
]
_CLOCKS = {c.code: c.label for c in LISTED}


class QuickView(TypedDict):
    """A view of the list that is asked for every day."""

    label: str
    url: str
    current: bool


class ListPage(TypedDict):
    """What the list shows."""

    rows: list[CaseLine]
    page: dict[str, str]
    count_text: str
    notes: list[str]
    fields: list[Field]
    more_fields: list[Field]
    more_open: bool
    narrowed: bool
    sort_words: str
    quick: list[QuickView]
    may_register: bool


@dataclass(frozen=True)
class FilterChoices:
    """What the filters offer, read once (3 queries; the tables are small)."""

    units: "Sequence[Unit]"
    staff: "Sequence[Staff]"
    categories: "Sequence[Category]"

    @classmethod
    def read(cls) -> "FilterChoices":
        """Read the units, staff and categories that the filters offer."""
        return cls(list(all_units()), staff_names(), category_names())


@require_safe
@desk_page()
def petitions(request: DeskRequest) -> HttpResponse:
    """Show the list. What an address asks for and can't be is said on the page and left out."""
    day = today()
    notes: list[str] = []
    known = FilterChoices.read()
    given = {name: request.GET.get(name, "").strip()[:60] for name in _KEPT}
    wanted, given = _wanted(given, known, day, notes)
    sort = given["sort"] or "received-desc"
    visible = visible_to(request.actor)
    count, more = count_up_to(filter_petitions(visible, wanted))
    fitting = ordered(visible, wanted, sort, more)
    cursor, direction = cursor_from(request)
    try:
        page = _page(fitting, sort, cursor, direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = _page(fitting, sort, "", "after")
    narrow = {k: v for k, v in given.items() if v and k != "sort"}
    text = count_text(count, more)
    context: ListPage = {
        "rows": list_rows(page.rows, day, calendar()),
        "page": pager_context(reverse(NAV_ROUTE), given, page, text),
        "count_text": text,
        "notes": notes,
        "fields": _fields(given, known),
        "more_fields": _more_fields(given, known),
        "more_open": any(
            narrow.get(k) for k in ("leader", "handler", "source", "clock", "since", "until", "supervised")
        ),
        "narrowed": bool(narrow),
        "sort_words": SORT_WORDS[sort],
        "quick": _quick(given),
        "may_register": request.actor.has(Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD),
    }
    return render_page(request, "casework/petitions.html", context, here=NAV_ROUTE)


def _page(fitting: "QuerySet[Petition]", sort: str, cursor: str, direction: str) -> KeysetPage:
    keys = SORT_ORDERS[sort.removesuffix("-desc")]
    return paginate(
        with_list_columns(fitting),
        keys,
        limit=PAGE_SIZE,
        descending=sort.endswith("-desc"),
        cursor=cursor,
        direction=direction,
    )


def _wanted(
    given: dict[str, str], known: FilterChoices, day: date, notes: list[str]
) -> tuple[PetitionFilter, dict[str, str]]:
    units = {u.code: u.pk for u in known.units}
    people = {s.username: s.pk for s in known.staff}
    clean = {
        "state": choice_from(given["state"], "状态", [*GROUPS, *(s.value for s in State)], notes),
        "unit": choice_from(given["unit"], "承办单位", [*units, "none"], notes),
        "leader": choice_from(given["leader"], "包案领导", people, notes),
        "handler": choice_from(given["handler"], "承办人", people, notes),
        "channel": choice_from(given["channel"], "信访形式", [c.value for c in Channel], notes),
        "source": choice_from(given["source"], "来源", [s.value for s in Source], notes),
        "category": choice_from(given["category"], "内容分类", [c.code for c in known.categories], notes),
        "clock": choice_from(given["clock"], "期限种类", _CLOCKS, notes),
        "due": choice_from(given["due"], "到期", DUE, notes),
        "supervised": choice_from(given["supervised"], "督办", ["1"], notes),
        "sort": choice_from(given["sort"], "排序", SORT_WORDS, notes),
    }
    since, until = (day_from(given[k], label, notes) for k, label in (("since", "收到日期起"), ("until", "收到日期止")))
    if since and until and since > until:
        notes.append("“收到日期起”晚于“收到日期止”，没有事项能同时符合。")
    clean["since"], clean["until"] = since.isoformat() if since else "", until.isoformat() if until else ""
    state, due = clean["state"], clean["due"]
    in_group = {"open": OPEN_STATE_CODES, "ended": tuple(s.value for s in TERMINAL_STATES)}.get(
        state, (state,) if state else ()
    )
    return (
        PetitionFilter(
            states=in_group,
            unit=units.get(clean["unit"]),
            no_unit=clean["unit"] == "none",
            leader=people.get(clean["leader"]),
            handler=people.get(clean["handler"]),
            channel=clean["channel"],
            source=clean["source"],
            category=clean["category"],
            clock=clean["clock"],
            since=since,
            until=until,
            due_in=(day, int(due)) if due.isdigit() else None,
            supervised=bool(clean["supervised"]),
            overdue_on=day if due == "late" else None,
        ),
        clean,
    )


def _select(name: str, label: str, current: str, choices: Sequence[tuple[str, str]], first: str = "不限") -> Field:
    options = [("", first, not current), *((value, text, value == current) for value, text in choices)]
    return {"name": name, "label": label, "widget": "select", "choices": options}


def _fields(given: dict[str, str], known: FilterChoices) -> list[Field]:
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
            "choices": [(k, v, k == (given["sort"] or "received-desc")) for k, v in SORT_WORDS.items()],
        },
    ]


def _more_fields(given: dict[str, str], known: FilterChoices) -> list[Field]:
    people = [(s.username, s.name) for s in known.staff]
    return [
        _select("source", "来源", given["source"], [(s.value, s.label) for s in Source]),
        _select("clock", "期限种类", given["clock"], list(_CLOCKS.items())),
        _select("leader", "包案领导", given["leader"], people),
        _select("handler", "承办人", given["handler"], people),
        {"name": "since", "label": "收到日期起", "widget": "date", "value": given["since"]},
        {"name": "until", "label": "收到日期止", "widget": "date", "value": given["until"]},
        _select("supervised", "督办", given["supervised"], [("1", "只看已督办")]),
    ]


def _quick(given: dict[str, str]) -> list[QuickView]:
    """Return the views asked for every day, one tap away."""
    wanted: list[tuple[str, dict[str, str]]] = [
        ("全部", {}),
        ("未办结", {"state": "open", "sort": "due"}),
        ("已超期", {"due": "late", "sort": "due"}),
        ("7日内到期", {"due": "7", "sort": "due"}),
        ("已督办", {"state": "open", "supervised": "1", "sort": "due"}),
    ]
    now = {k: v for k, v in given.items() if v}
    return [
        {"label": label, "url": list_address(reverse(NAV_ROUTE), query), "current": query == now}
        for label, query in wanted
    ]
