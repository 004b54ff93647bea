"""Search: an exact number opens its case; anything else is looked for in names, phones and texts, newest first.

What is typed may be a name or a telephone number, so it is never in an address: it is sent, kept in the session under a
key, and the address of the answer holds the key alone.
"""

import re
import secrets
import unicodedata
from typing import TypedDict

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.list_rows import CaseLine, list_rows, with_list_columns
from xinfang.cases.queries.visible_petitions import visible_numbers, visible_to
from xinfang.core.clock import today
from xinfang.procedure.exports import EXPORTS_CASES
from xinfang.registers.selection import MAX_PICKED, keep_selection, may_export
from xinfang.search.finding import find_page
from xinfang.web.list_pages import list_address
from xinfang.web.page_frame import render_page

PAGE_SIZE = 30
MAX_QUERY_CHARACTERS = 200
NAV_ROUTE = "search"
_NUMBER = re.compile(r"[A-Z]{2}\d{10}", re.ASCII)


SEARCHES_REMEMBERED = 20
"""This many searches of one session can be gone back to."""


class SearchContext(TypedDict):
    """What was looked for, and a page of what was found."""

    text: str
    asked: bool
    looks_like_number: bool
    rows: list[CaseLine]
    count_text: str
    page: dict[str, str]
    notes: list[str]
    search_text: str
    exports: bool
    kept: list[tuple[str, str]]
    export_at: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def search(request: DeskRequest, key: str = "") -> HttpResponse:
    """Show the cases that fit, of those this person may see; where none does, say what else to try."""
    if request.method == "POST":
        return redirect("search-found", _keep(request, request.POST.get("q", "")))
    asked: dict[str, str] = request.session.get("searches", {})
    typed = asked.get(key, "")
    text = typed[:MAX_QUERY_CHARACTERS].strip()
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if _NUMBER.fullmatch(number) and visible_numbers(request.actor, {number}):
        return HttpResponseRedirect(reverse("petition", args=[number]))
    before, notes = _before(request.GET.get("before", ""))
    if key and key not in asked:
        notes.append("这次搜索已经过期，请重新输入。")
    if len(typed) > MAX_QUERY_CHARACTERS:
        notes.append(f"输入超过 {MAX_QUERY_CHARACTERS} 字，只按前 {MAX_QUERY_CHARACTERS} 字查找。")
    lines = with_list_columns(visible_to(request.actor))
    found = find_page(text, lines, PAGE_SIZE + 1, before) if text else []
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    count = f"{PAGE_SIZE}+ 件" if more or before else f"{len(found)} 件"
    page: dict[str, str] = {}
    if before:
        page["first_url"] = reverse("search-found", args=[key])
    if more:
        page["next_url"] = list_address(reverse("search-found", args=[key]), {"before": str(found[-1].pk)})
    context: SearchContext = {
        "text": text,
        "asked": bool(text),
        "looks_like_number": bool(_NUMBER.fullmatch(number)),
        "rows": list_rows(found, today(), calendar()),
        "count_text": count,
        "page": page,
        "notes": notes,
        "search_text": text,
        "exports": may_export(request.actor),
        "kept": [],
        "export_at": reverse("search-export", args=[key]) if text else "",
    }
    return render_page(request, "search/search.html", context, here=NAV_ROUTE)


@require_POST
@desk_page(*EXPORTS_CASES)
def export(request: DeskRequest, key: str) -> HttpResponse:
    """Lead to the export of all that a search found, newest first; what was typed is in no address."""
    typed = request.session.get("searches", {}).get(key, "")[:MAX_QUERY_CHARACTERS].strip()
    if not typed:
        return redirect("search-found", key)
    found = find_page(typed, visible_to(request.actor).only("pk"), MAX_PICKED)
    return redirect(keep_selection(request, "搜索结果", [petition.pk for petition in found]))


def _keep(request: DeskRequest, typed: str) -> str:
    """Keep what was typed in the session, the oldest falling out; returns its key."""
    key = secrets.token_urlsafe(9)
    asked: dict[str, str] = request.session.get("searches", {})
    request.session["searches"] = dict(
        [*asked.items(), (key, typed[: MAX_QUERY_CHARACTERS + 1])][-SEARCHES_REMEMBERED:]
    )
    return key


def _before(text: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text), []
    return None, ["地址中的翻页位置不对，已从头显示。"]
