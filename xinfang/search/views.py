"""Search: an exact number opens its case; anything else is looked for in names, phones and texts, newest first.

What is typed is in no address (`kept_words`). The same words narrow 全部事项, with its filters and orders.
"""

import re
import unicodedata
from typing import TypedDict, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.list_rows import list_rows, with_list_columns
from xinfang.cases.queries.visible_petitions import visible_numbers, visible_to
from xinfang.core.clock import today
from xinfang.procedure.exports import EXPORTS_CASES
from xinfang.registers.case_criteria import BEST_FIT, FilterChoices, read_criteria
from xinfang.registers.exported_lists import keys_in_order
from xinfang.registers.selection import MAX_PICKED, keep_selection, may_export
from xinfang.search.actions import delete_search, save_search
from xinfang.search.excerpts import FoundCase, excerpts
from xinfang.search.field_filters import TypedFilters, no_such_field, read_filters
from xinfang.search.finding import MOST_COUNTED, count_found, find_page, find_petitions, reads_answers, with_relevance
from xinfang.search.kept_words import MAX_QUERY_CHARACTERS, keep_words, kept_words, list_with, was_cut
from xinfang.search.offers import as_fields, with_synonyms
from xinfang.search.saved_searches import OwnSearch, read_saved
from xinfang.search.suggestions import suggestions
from xinfang.web.forms import posted_key
from xinfang.web.list_pages import list_address
from xinfang.web.page_frame import render_page

PAGE_SIZE = 30
NAV_ROUTE = "search"
_NUMBER = re.compile(r"[A-Z]{2}\d{10}", re.ASCII)


class SearchContext(TypedDict):
    """What was looked for, and a page of what was found."""

    text: str
    asked: bool
    looks_like_number: bool
    rows: list[FoundCase]
    count_text: str
    page: dict[str, str]
    notes: list[str]
    search_text: str
    exports: bool
    kept: list[tuple[str, str]]
    export_at: str
    narrow_url: str
    suggested: list[str]
    saved: list[OwnSearch]
    offered: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def search(request: DeskRequest, key: str = "") -> HttpResponse:
    """Show the cases that fit, of those this person may see; where none does, say what else to try."""
    if request.method == "POST":
        asked = read_filters(request.POST.get("q", ""))
        if not asked.narrows:
            return redirect("search-found", keep_words(request, asked.words))
        return redirect(list_with(request, asked, {}))
    kept = kept_words(request, key)
    text = kept or ""
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if _NUMBER.fullmatch(number) and visible_numbers(request.actor, {number}):
        return HttpResponseRedirect(reverse("petition", args=[number]))
    before, notes = _before(request.GET.get("before", ""))
    if key and kept is None:
        notes.append("这次搜索已经过期，请重新输入。")
    if was_cut(request, key):
        notes.append(f"输入超过 {MAX_QUERY_CHARACTERS} 字，只按前 {MAX_QUERY_CHARACTERS} 字查找。")
    lines = with_list_columns(visible_to(request.actor))
    reads = reads_answers(request.actor)
    found = find_page(text, lines, PAGE_SIZE + 1, before, reads=reads) if text else []
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    total = count_found(text, visible_to(request.actor), reads=reads) if more or before else len(found)
    count = f"{MOST_COUNTED:,}+ 件" if total > MOST_COUNTED else f"{total:,} 件"
    if text and not found and not before and (note := no_such_field(text)):
        notes.append(note)
    rows = cast(list[FoundCase], list_rows(found, today(), calendar()))
    if text:
        places = excerpts(text, found, request.actor)
        for row, petition in zip(rows, found, strict=True):
            if place := places.get(petition.pk):
                row["excerpt"] = place
    page: dict[str, str] = {}
    if before:
        page["first_url"] = reverse("search-found", args=[key])
    if more:
        page["next_url"] = list_address(reverse("search-found", args=[key]), {"before": str(found[-1].pk)})
    context: SearchContext = {
        "text": text,
        "asked": bool(text),
        "looks_like_number": bool(_NUMBER.fullmatch(number)),
        "rows": rows,
        "count_text": count,
        "page": page,
        "notes": notes,
        "search_text": text,
        "exports": may_export(request.actor),
        "kept": [],
        "export_at": reverse("search-export", args=[key]) if text else "",
        "suggested": suggestions(text, visible_to(request.actor), reads=reads)
        if text and not found and not before
        else [],
        "offered": [*with_synonyms(text), *as_fields(text)] if text and not before else [],
        "saved": [] if text else read_saved(request.user),
        "narrow_url": list_address(reverse("petitions"), {"words": key}) if text else "",
    }
    return render_page(request, "search/search.html", context, here=NAV_ROUTE)


@require_POST
@desk_page()
def saved(request: DeskRequest) -> HttpResponse:
    """Save a search for oneself, ask one again, or take one away; names and words are in no address."""
    try:
        if gone := request.POST.get("delete", ""):
            delete_search(posted_key(gone), staff=request.user)
            messages.success(request, "已删除这个常用查询。")
            return redirect("petitions")
        if wanted := request.POST.get("open", ""):
            found = next((s for s in read_saved(request.user) if s.pk == posted_key(wanted)), None)
            if found is None:
                messages.error(request, "没有这个常用查询，可能已经删除。")
                return redirect("petitions")
            return redirect(list_with(request, TypedFilters(found.words), found.given))
        words = kept_words(request, request.POST.get("words", "")) or ""
        criteria = read_criteria(request.POST.dict(), FilterChoices.read(), today(), [], by_words=bool(words))
        name = save_search(request.POST.get("name", ""), words, criteria.given, staff=request.user)
    except AdminChangeRefused as refused:
        messages.error(request, "".join(refused.sentences))
        return redirect("petitions")
    messages.success(request, f"已存为常用查询“{name}”。")
    return redirect(list_with(request, TypedFilters(words), criteria.given))


@require_POST
@desk_page(*EXPORTS_CASES)
def export(request: DeskRequest, key: str) -> HttpResponse:
    """Lead to the export of all that a search found, narrowed and ordered by the filters that are sent with it."""
    typed = kept_words(request, key)
    if not typed:
        return redirect("search-found", key)
    criteria = read_criteria(request.POST.dict(), FilterChoices.read(), today(), [], by_words=True)
    found = visible_to(request.actor).filter(pk__in=find_petitions(typed, reads=reads_answers(request.actor)))
    if criteria.sort == BEST_FIT:
        found = with_relevance(found, typed)
    keys = keys_in_order(found, criteria, MAX_PICKED)
    return redirect(keep_selection(request, "搜索结果", keys))


def _before(text: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text), []
    return None, ["地址中的翻页位置不对，已从头显示。"]
